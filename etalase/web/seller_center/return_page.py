"""One return of the shop: what the buyer asks for and shows, what it would cost, and the answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.commerce.evidence import queries as evidence_queries
from etalase.commerce.evidence.rules import TEXT_MAX
from etalase.commerce.orders import queries as order_queries
from etalase.commerce.orders.rules import Order, OrderLine
from etalase.foundation.deadlines import queries as deadline_queries
from etalase.foundation.deadlines import rules as deadlines
from etalase.foundation.facts import Actor
from etalase.foundation.ids import parse_id
from etalase.foundation.policies.rules import book_of
from etalase.foundation.sql import Tx
from etalase.integrations.carriers import registry
from etalase.journeys.returns import queries, rules
from etalase.journeys.returns.actions import Key
from etalase.journeys.returns.rules import OFFERS_MAX, Move, Return
from etalase.web import case_files, evidence, return_parcels, return_verbs, return_words, saved_answers
from etalase.web.case_files import Line
from etalase.web.request import Member, NotFound, Visit, VisitDep, member_of_shop, render, see_other
from etalase.web.return_parcels import ReturnParcel
from etalase.web.return_verbs import Tried
from etalase.web.seller_center import answers
from etalase.web.seller_center.arranging import METHOD_LABELS, methods_of
from etalase.web.seller_center.orders import at_shop_time
from etalase.web.units import chosen_lines

router = APIRouter()

NOT_TRIED = Tried()


@dataclass(frozen=True, slots=True)
class ReturnView:
    """Everything the page shows."""

    order: Order
    found: Return
    lines: Sequence[tuple[OrderLine, int]]
    said: Sequence[Line]
    clocks: Sequence[Any]
    parcels: Sequence[ReturnParcel]
    percents: tuple[int, int]

    @property
    def can_answer(self) -> bool:
        return rules.is_allowed(self.found.state, Move.REJECT)

    @property
    def can_offer(self) -> bool:
        return self.can_answer and self.found.offers < OFFERS_MAX

    @property
    def can_escalate(self) -> bool:
        return rules.can_escalate(self.found, "seller")

    @property
    def replacement(self) -> ReturnParcel | None:
        """The replacement that is arranged or travels."""
        return next((sent for sent in self.parcels if not sent.is_back and sent.parcel.is_open), None)

    @property
    def can_appeal(self) -> bool:
        return rules.can_appeal(self.found, "seller")


async def return_or_404(tx: Tx, member: Member, return_id: str) -> Return:
    """The shop's own return; for any other shop it does not exist."""
    found = await queries.return_of_shop(tx, shop_id=member.shop_id, return_id=parse_id(return_id) or 0)
    if found is None:
        raise NotFound
    return found


async def view_of(tx: Tx, visit: Visit, found: Return) -> ReturnView:
    """Read what the page shows."""
    keys = {"shop_id": found.shop_id, "order_id": found.order_id}
    order = await order_queries.order_of_shop(tx, **keys)
    if order is None:
        raise NotFound
    units = await queries.units_of(tx, found)
    clocks = [clock for clock in await deadline_queries.of_order(tx, **keys) if clock.subject_id == found.id]
    least, most = book_of(order.policies).find("partial_refund").value
    return ReturnView(
        order=order,
        found=found,
        lines=chosen_lines(await order_queries.lines_of(tx, **keys), units),
        said=case_files.conversation(
            await evidence_queries.thread_of_case(tx, shop_id=order.shop_id, case_id=found.id),
            files_at=f"/seller/cases/{found.id}/files",
            translator=visit.page.translator,
        ),
        clocks=deadlines.strip(clocks, now=visit.page.now, audience="seller", translator=visit.page.translator),
        parcels=await return_parcels.parcels_of(tx, order, found),
        percents=(int(least), int(most)),
    )


def _services(visit: Visit) -> list[tuple[str, str]]:
    """Every carrier with each of its services, for a list."""
    _ = visit.page.translator.gettext
    return [
        (f"{carrier.code}:{service.code}", f"{_(carrier.name)} · {_(service.name)}")
        for carrier in registry.all_carriers()
        for service in carrier.services
    ]


@router.get("/seller/returns/{return_id}")
async def show_return(visit: VisitDep, return_id: str) -> Response:
    """The page of one return."""
    return await _show(visit, return_id, "seller_center/returns/return.html")


@router.get("/seller/returns/{return_id}/details")
async def show_details(visit: VisitDep, return_id: str) -> Response:
    """The changing part of the page alone, for pages that follow the order live."""
    return await _show(visit, return_id, "seller_center/returns/_return.html")


async def _show(visit: Visit, return_id: str, template: str, *, tried: Tried = NOT_TRIED) -> Response:
    member = at_shop_time(visit)
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        found = await return_or_404(tx, member, return_id)
        view = await view_of(tx, visit, found)
        here = f"/seller/returns/{found.id}"
        picked = await saved_answers.picked(tx, visit, shop_id=member.shop_id, here=here, kept_at=answers.HERE)
    return render(
        visit,
        template,
        status=422 if tried.problem else 200,
        tried=tried,
        view=view,
        order=view.order,
        found=found,
        here=here,
        picked=picked,
        words=return_words,
        reasons=rules.REASONS,
        reject_reasons=rules.REJECT_REASONS,
        outcomes=rules.OUTCOMES,
        methods=[(method, *METHOD_LABELS[method]) for method in methods_of(visit)],
        services=_services(visit),
        evidence_hint=evidence.HINT,
        evidence_accept=evidence.ACCEPT,
        words_max=TEXT_MAX,
    )


@router.post("/seller/returns/{return_id}")
async def act(request: Request, visit: VisitDep, return_id: str) -> Response:
    """Do what the form says; what was refused is said on the page, with what was typed."""
    member = member_of_shop(visit)
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        found = await return_or_404(tx, member, return_id)
    key = Key.of_shop(member.shop_id, return_id=found.id, by=Actor.seller(member.account_id))
    tried = await return_verbs.attempt(request, visit, key, return_verbs.SELLER)
    if tried.done:
        return see_other(visit, f"/seller/returns/{found.id}", flash=tried.done)
    return await _show(visit, return_id, "seller_center/returns/return.html", tried=tried)
