"""Returns that were escalated: what both sides say and show, and the operator's decision."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.commerce.evidence import queries as evidence
from etalase.commerce.orders import queries as order_queries
from etalase.foundation.deadlines import queries as deadline_queries
from etalase.foundation.deadlines import rules as deadlines
from etalase.foundation.facts import Actor
from etalase.foundation.i18n import N_
from etalase.foundation.ids import PLATFORM, parse_id
from etalase.foundation.sql import Tx
from etalase.journeys.returns import actions, queries, rules
from etalase.journeys.returns.actions import WORDS_MAX, Decision
from etalase.journeys.returns.rules import Return
from etalase.web import case_files, return_words, saved_answers
from etalase.web.back_office import answers
from etalase.web.request import NotFound, Visit, VisitDep, operator, read_form, render, see_other
from etalase.web.units import chosen_lines

router = APIRouter()

DECISIONS: tuple[Decision, ...] = ("refund", "part", "none")
DIGITS_MAX = 2


@router.get("/operator/returns")
async def list_returns(visit: VisitDep) -> Response:
    """What waits for a decision, the longest waiting first."""
    operator(visit)
    async with visit.db.any().reading() as tx:
        found = await queries.escalated(tx)
    return render(visit, "back_office/returns/list.html", found=found, words=return_words, reasons=rules.REASONS)


@router.get("/operator/returns/{shop_id}/{return_id}")
async def show_return(visit: VisitDep, shop_id: str, return_id: str) -> Response:
    """One return with everything both sides said and showed."""
    operator(visit)
    return await _page(visit, shop_id, return_id)


async def _return_or_404(tx: Tx, shop_id: str, return_id: str) -> Return:
    found = await queries.return_of_shop(tx, shop_id=parse_id(shop_id) or 0, return_id=parse_id(return_id) or 0)
    if found is None:
        raise NotFound
    return found


async def _page(
    visit: Visit, shop_id: str, return_id: str, *, error: str = "", typed: str = "", status: int = 200
) -> Response:
    async with visit.db.any().reading() as tx:
        found = await _return_or_404(tx, shop_id, return_id)
        keys = {"shop_id": found.shop_id, "order_id": found.order_id}
        order = await order_queries.order_of_shop(tx, **keys)
        lines = await order_queries.lines_of(tx, **keys)
        units = await queries.units_of(tx, found)
        clocks = [clock for clock in await deadline_queries.of_order(tx, **keys) if clock.subject_id == found.id]
        said = await evidence.thread_of_case(tx, shop_id=found.shop_id, case_id=found.id)
        here = f"/operator/returns/{found.shop_id}/{found.id}"
        picked = await saved_answers.picked(tx, visit, shop_id=PLATFORM, here=here, kept_at=answers.HERE)
    files_at = f"/operator/cases/{found.shop_id}/{found.id}/files"
    return render(
        visit,
        "back_office/returns/return.html",
        status=status,
        found=found,
        order=order,
        lines=chosen_lines(lines, units),
        said=case_files.conversation(said, files_at=files_at, translator=visit.page.translator),
        clocks=deadlines.strip(clocks, now=visit.page.now, audience="seller", translator=visit.page.translator),
        can_decide=found.state in rules.WITH_OPERATOR,
        decisions=DECISIONS,
        words=return_words,
        reasons=rules.REASONS,
        error=error,
        typed=typed or picked.words,
        picked=picked,
        words_max=WORDS_MAX,
    )


@router.post("/operator/returns/{shop_id}/{return_id}")
async def decide(request: Request, visit: VisitDep, shop_id: str, return_id: str) -> Response:
    """Decide with words that both sides read."""
    account = operator(visit)
    async with visit.db.any().reading() as tx:
        found = await _return_or_404(tx, shop_id, return_id)
    form = await read_form(request)
    asked, typed, digits = (str(form.get(name, "")).strip() for name in ("decision", "words", "percent"))
    decision = next((one for one in DECISIONS if one == asked), None)
    if decision is None:
        return await _page(visit, shop_id, return_id, error=N_("Choose a decision."), typed=typed, status=422)
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= DIGITS_MAX
    try:
        await actions.decide(
            visit.db, shop_id=found.shop_id, return_id=found.id, decision=decision, reason=typed,
            percent=(int(digits) if is_number else 0) if decision == "part" else None, by=Actor.operator(account.id),
        )  # fmt: skip
    except return_words.REFUSED as refused:
        return await _page(visit, shop_id, return_id, error=return_words.refusal(refused), typed=typed, status=422)
    back = f"/operator/returns/{found.shop_id}/{found.id}"
    return see_other(visit, back, flash=N_("Decided. Both sides are told."))
