"""One return of the buyer: how it stands, until when, what both sides said, and what can be done now."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.commerce.evidence import queries as evidence_queries
from etalase.commerce.evidence.rules import TEXT_MAX
from etalase.commerce.orders import queries as order_queries
from etalase.commerce.orders.rules import Order, OrderLine
from etalase.commerce.payments import queries as payments
from etalase.commerce.payments.by_hand.queries import accounts_of_refunds
from etalase.commerce.payments.by_hand.rules import GivenAccount
from etalase.commerce.payments.methods import payment_method
from etalase.commerce.payments.rules import Refund
from etalase.foundation.deadlines import queries as deadline_queries
from etalase.foundation.deadlines import rules as deadlines
from etalase.foundation.ids import parse_id
from etalase.foundation.sql import Tx
from etalase.integrations.carriers import registry
from etalase.integrations.carriers.registry import Carrier
from etalase.journeys.returns import actions, queries, rules
from etalase.journeys.returns.actions import Key
from etalase.journeys.returns.rules import Move, Return
from etalase.web import case_files, evidence, return_parcels, return_verbs, return_words
from etalase.web.case_files import Line
from etalase.web.printing.papers import load_papers
from etalase.web.printing.sheet import Papers, Size, pdf_of
from etalase.web.request import NotFound, Visit, VisitDep, render, see_other, signed_in
from etalase.web.return_parcels import ReturnParcel
from etalase.web.return_verbs import Tried
from etalase.web.storefront.order_page import REFUND_LABELS, order_or_404
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
    carriers: Sequence[Carrier]
    """Whom a carrier's label can be had of."""
    refunds: Sequence[Refund]
    accounts: Mapping[int, GivenAccount]
    """Refund id -> the bank account that the buyer named for it."""
    can_contest: bool

    @property
    def can_escalate(self) -> bool:
        return rules.can_escalate(self.found, "buyer")

    @property
    def can_appeal(self) -> bool:
        return rules.can_appeal(self.found, "buyer")

    @property
    def waits(self) -> bool:
        """Whether a label waits to be used, so that there is no other to choose."""
        return any(sent.is_back and sent.can_undo for sent in self.parcels)

    @property
    def can_withdraw(self) -> bool:
        return rules.is_allowed(self.found.state, Move.WITHDRAW)

    @property
    def offer_minor(self) -> int:
        """What the offer brings."""
        return self.found.amount_minor * (self.found.offer_percent or 0) // 100


async def return_or_404(tx: Tx, visit: Visit, order_id: str, return_id: str) -> tuple[Order, Return]:
    """The buyer's own return and its order."""
    account = signed_in(visit)
    order = await order_or_404(tx, account=account, order_id=order_id)
    number = parse_id(return_id) or 0
    found = await queries.return_of_buyer(tx, buyer_id=account.id, order_id=order.id, return_id=number)
    if found is None:
        raise NotFound
    return order, found


async def view_of(tx: Tx, visit: Visit, order: Order, found: Return) -> ReturnView:
    """Read what the page shows."""
    keys = {"shop_id": order.shop_id, "order_id": order.id}
    units = await queries.units_of(tx, found)
    clocks = [clock for clock in await deadline_queries.of_order(tx, **keys) if clock.subject_id == found.id]
    paid_back = await queries.refund_ids_of(tx, found)
    refunds = await payments.refunds_of_order(tx, buyer_id=order.buyer_id, order_id=order.id) if paid_back else []
    refunds = [refund for refund in refunds if refund.id in paid_back]
    return ReturnView(
        order=order,
        found=found,
        lines=chosen_lines(await order_queries.lines_of(tx, **keys), units),
        said=case_files.conversation(
            await evidence_queries.thread_of_case(tx, shop_id=order.shop_id, case_id=found.id),
            files_at=f"/orders/{order.id}/cases/{found.id}/files",
            translator=visit.page.translator,
        ),
        clocks=deadlines.strip(clocks, now=visit.page.now, audience="buyer", translator=visit.page.translator),
        parcels=await return_parcels.parcels_of(tx, order, found),
        carriers=await return_parcels.carriers_of_shop(tx, order.shop_id),
        refunds=refunds,
        accounts=await accounts_of_refunds(tx, refunds) if refunds else {},
        can_contest=found.state is rules.S.REJECTED and found.disputes < actions.disputes_max(order),
    )


@router.get("/orders/{order_id}/returns/{return_id}")
async def show_return(visit: VisitDep, order_id: str, return_id: str) -> Response:
    """The page of one return."""
    return await _show(visit, order_id, return_id, "storefront/returns/return.html")


@router.get("/orders/{order_id}/returns/{return_id}/details")
async def show_details(visit: VisitDep, order_id: str, return_id: str) -> Response:
    """The changing part of the page alone, for pages that follow the order live."""
    return await _show(visit, order_id, return_id, "storefront/returns/_return.html")


async def _show(visit: Visit, order_id: str, return_id: str, template: str, *, tried: Tried = NOT_TRIED) -> Response:
    account = signed_in(visit)
    async with visit.db.for_buyer(account.id).reading() as tx:
        order, found = await return_or_404(tx, visit, order_id, return_id)
        view = await view_of(tx, visit, order, found)
    return render(
        visit,
        template,
        status=422 if tried.problem else 200,
        tried=tried,
        view=view,
        order=order,
        found=found,
        here=f"/orders/{order.id}/returns/{found.id}",
        words=return_words,
        reasons=rules.REASONS,
        outcomes=rules.OUTCOMES,
        carriers=[(one.code, visit.page.translator.gettext(one.name)) for one in registry.all_carriers()],
        method=payment_method(order.payment_method),
        refund_labels=REFUND_LABELS,
        accounts=view.accounts,
        can_book=return_parcels.can_book(visit.settings),
        label_methods=return_parcels.LABEL_METHODS,
        evidence_hint=evidence.HINT,
        evidence_accept=evidence.ACCEPT,
        words_max=TEXT_MAX,
    )


@router.post("/orders/{order_id}/returns/{return_id}")
async def act(request: Request, visit: VisitDep, order_id: str, return_id: str) -> Response:
    """Do what the form says; what was refused is said on the page, with what was typed."""
    here = f"/orders/{order_id}/returns/{return_id}"
    account = signed_in(visit, back_to=here)
    async with visit.db.for_buyer(account.id).reading() as tx:
        order, found = await return_or_404(tx, visit, order_id, return_id)
    key = Key.of_buyer(account.id, order_id=order.id, return_id=found.id)
    tried = await return_verbs.attempt(request, visit, key, return_verbs.BUYER)
    if tried.done:
        return see_other(visit, here, flash=tried.done)
    return await _show(visit, order_id, return_id, "storefront/returns/return.html", tried=tried)


@router.get("/orders/{order_id}/returns/{return_id}/label")
async def print_label(visit: VisitDep, order_id: str, return_id: str) -> Response:
    """The label of the way back, as a PDF of one A6 page."""
    account = signed_in(visit)
    async with visit.db.for_buyer(account.id).reading() as tx:
        order, found = await return_or_404(tx, visit, order_id, return_id)
        parcels = await return_parcels.parcels_of(tx, order, found)
        labels = [one.parcel.id for one in parcels if one.has_label]
        papers = await load_papers(tx, shop_id=order.shop_id, parcel_ids=labels[:1])
    if not papers:
        raise NotFound
    pdf = await asyncio.to_thread(pdf_of, papers, which=Papers.LABELS, size=Size.A6, translator=visit.page.translator)
    headers = {
        "Content-Disposition": f'attachment; filename="return-{papers[0].number}.pdf"',
        "Cache-Control": "private, no-store",
    }
    return Response(pdf, media_type="application/pdf", headers=headers)
