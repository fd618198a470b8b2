"""The operator's desk: what is disputed, the next clock first; both sides' evidence, the decision, the audit trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.commerce.evidence import queries as evidence
from etalase.commerce.orders import queries as orders
from etalase.foundation.facts import Actor, RecordedFact
from etalase.foundation.i18n import N_, Translator
from etalase.foundation.ids import PLATFORM, parse_id
from etalase.foundation.sql import Tx
from etalase.journeys.claims import deciding, queries, rules
from etalase.journeys.claims.deciding import Ruling
from etalase.journeys.claims.rules import Claim, ClaimState, Decision
from etalase.web import case_files, claim_view, saved_answers
from etalase.web.back_office import answers
from etalase.web.claim_verbs import REFUSALS_OF_VERBS, code_of
from etalase.web.request import NotFound, Visit, VisitDep, operator, read_form, render, see_other

router = APIRouter()

QUEUES: dict[str, tuple[str, tuple[ClaimState, ...]]] = {
    "decide": (N_("To decide"), (ClaimState.REVIEW, ClaimState.APPEALED)),
    "wait": (N_("Waiting for the two sides"), (ClaimState.ASKED, ClaimState.EVIDENCE, ClaimState.DECIDED)),
}
KINDS = {"not_received": N_("Not received"), "insurance": N_("Insurance")}
TRAIL_WORDS = {
    "claim.opened": N_("Claim opened"),
    "claim.escalated": N_("Customer service took over"),
    "claim.in_review": N_("Evidence is complete"),
    "claim.decided": N_("Decided"),
    "claim.appealed": N_("Appealed"),
    "claim.closed": N_("Closed"),
    "case.message_added": N_("Message added"),
}
ACTORS = {
    "buyer": N_("Buyer"),
    "seller": N_("Seller"),
    "operator": N_("Operator"),
    "system": N_("Clock"),
}


@dataclass(frozen=True, slots=True)
class Trace:
    """A line of the audit trail."""

    at: datetime
    what: str
    who: str


@router.get("/operator/disputes")
async def show_disputes(request: Request, visit: VisitDep) -> Response:
    """Claims of all shops that wait for a decision, or for the two sides, the next clock first."""
    operator(visit)
    asked = request.query_params.get("queue", "decide")
    queue = asked if asked in QUEUES else "decide"
    after, after_id = _position(request.query_params.get("after", ""))
    async with visit.db.any().reading() as tx:
        found = await queries.disputes(tx, states=QUEUES[queue][1], after=after, after_id=after_id)
    last = found[-1] if len(found) == queries.PAGE_SIZE else None
    return render(
        visit,
        "back_office/disputes/list.html",
        disputes=found,
        queues=[
            {"label": visit.page.translator.gettext(label), "href": f"?queue={name}", "is_active": name == queue}
            for name, (label, _) in QUEUES.items()
        ],
        kinds=KINDS,
        labels=rules.STATE_LABELS,
        more=f"?queue={queue}&after={last.due_at.timestamp()}:{last.deadline_id}" if last else "",
    )


def _position(text: str) -> tuple[datetime, int]:
    """Where the list goes on, out of an address; from the beginning if it can't be read."""
    moment, _, number = text.partition(":")
    try:
        return datetime.fromtimestamp(float(moment), tz=queries.BEGINNING.tzinfo), parse_id(number) or 0
    except (ValueError, OverflowError, OSError):
        return queries.BEGINNING, 0


async def _claim_or_404(tx: Tx, shop_id: str, claim_id: str) -> Claim:
    found = await queries.claim_of_shop(tx, shop_id=parse_id(shop_id) or 0, claim_id=parse_id(claim_id) or 0)
    if found is None:
        raise NotFound
    return found


@router.get("/operator/disputes/{shop_id}/{claim_id}")
async def show_dispute(visit: VisitDep, shop_id: str, claim_id: str) -> Response:
    """One claim with everything both sides said and showed, the courier's word, and what happened when."""
    operator(visit)
    return await _page(visit, shop_id, claim_id)


async def _page(
    visit: Visit, shop_id: str, claim_id: str, *, error: str = "", typed: str = "", status: int = 200
) -> Response:
    async with visit.db.any().reading() as tx:
        claim = await _claim_or_404(tx, shop_id, claim_id)
        files_at = f"/operator/cases/{claim.shop_id}/{claim.id}/files"
        view = await claim_view.view_of(tx, visit, claim, audience=None, files_at=files_at)
        here = f"/operator/disputes/{claim.shop_id}/{claim.id}"
        picked = await saved_answers.picked(tx, visit, shop_id=PLATFORM, here=here, kept_at=answers.HERE)
        facts = await orders.timeline_of(tx, shop_id=claim.shop_id, order_id=claim.order_id)
    return render(
        visit,
        "back_office/disputes/claim.html",
        status=status,
        view=view,
        claim=claim,
        order=view.order,
        trail=_trail(facts, claim, visit.page.translator),
        reasons=_reason_options(visit.page.translator),
        can_decide=claim.state in (ClaimState.REVIEW, ClaimState.APPEALED),
        kinds=KINDS,
        error=claim_view.REFUSALS.get(error, ""),
        typed=typed or picked.words,
        picked=picked,
        text_max=rules.DECISION_TEXT_MAX,
    )


def _reason_options(translator: Translator) -> list[tuple[str, str]]:
    """Every ruling that can be made, as the form says it."""
    labels: dict[Decision, str] = {"grant": N_("For the claim"), "reject": N_("Against the claim")}
    return [
        (f"{decision}:{code}", f"{translator.gettext(labels[decision])}: {translator.gettext(text)}")
        for decision, reasons in rules.DECISION_REASONS.items()
        for code, text in reasons.items()
    ]


def _trail(facts: Sequence[RecordedFact], claim: Claim, translator: Translator) -> list[Trace]:
    mine = [fact for fact in facts if fact.subject_id == claim.id and fact.name in TRAIL_WORDS]
    return [
        Trace(
            at=fact.at,
            what=translator.gettext(TRAIL_WORDS[fact.name]),
            who=translator.gettext(ACTORS.get(fact.actor_kind, fact.actor_kind))
            + (f" {fact.actor_id}" if fact.actor_kind == "operator" else ""),
        )
        for fact in mine
    ]


@router.post("/operator/disputes/{shop_id}/{claim_id}")
async def decide(request: Request, visit: VisitDep, shop_id: str, claim_id: str) -> Response:
    """Decide with a reason and words that both sides read."""
    account = operator(visit)
    async with visit.db.any().reading() as tx:
        claim = await _claim_or_404(tx, shop_id, claim_id)
    form = await read_form(request)
    verdict, _, reason = str(form.get("ruling", "")).partition(":")
    decision: Decision = "grant" if verdict == "grant" else "reject"
    text = str(form.get("text", ""))
    try:
        await deciding.decide(
            visit.db, shop_id=claim.shop_id, claim_id=claim.id, ruling=Ruling(decision, reason, text),
            by=Actor.operator(account.id),
        )  # fmt: skip
    except REFUSALS_OF_VERBS as refusal:
        status = 409 if code_of(refusal) == "moved" else 422
        return await _page(visit, shop_id, claim_id, error=code_of(refusal), typed=text, status=status)
    back = f"/operator/disputes/{claim.shop_id}/{claim.id}"
    return see_other(visit, back, flash=N_("Decided. Both sides are told."))


@router.get("/operator/cases/{shop_id}/{case_id}/files/{file_id}")
async def show_file(visit: VisitDep, shop_id: str, case_id: str, file_id: str) -> Response:
    """A file of any case."""
    operator(visit)
    async with visit.db.any().reading() as tx:
        case = await evidence.case_of_shop(tx, shop_id=parse_id(shop_id) or 0, case_id=parse_id(case_id) or 0)
        return await case_files.send_file(tx, visit, case, parse_id(file_id))
