"""What the operator decides, and what the clocks decide when nobody does."""

from dataclasses import dataclass
from datetime import datetime

from etalase.commerce.evidence import actions as evidence
from etalase.commerce.orders.rules import Order
from etalase.foundation import clock
from etalase.foundation.deadlines.errors import Obsolete
from etalase.foundation.deadlines.rules import Deadline
from etalase.foundation.facts import Actor, record
from etalase.foundation.facts.model import SYSTEM
from etalase.foundation.sql import Db, Tx
from etalase.journeys.claims import answering, effects, queries, rules
from etalase.journeys.claims.errors import ClaimMoved, ClaimNotFound, ReasonUnknown, TextTooShort
from etalase.journeys.claims.facts import ClaimDecided, ClaimInReview
from etalase.journeys.claims.opening import lock, start_clock
from etalase.journeys.claims.rules import Claim, ClaimState, Decision, Step


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision with its reason (a code that goes with it) and its words for both sides."""

    decision: Decision
    reason: str
    text: str


async def decide(db: Db, *, shop_id: int, claim_id: int, ruling: Ruling, by: Actor) -> Claim:
    """The operator decides, or after an appeal decides finally.

    Raises ClaimNotFound, ClaimMoved (evidence is still being given, or it is over), ReasonUnknown, TextTooShort.
    """
    if ruling.reason not in rules.DECISION_REASONS.get(ruling.decision, {}):
        raise ReasonUnknown(ruling.reason)
    if len(ruling.text.strip()) < rules.TEXT_MIN:
        raise TextTooShort
    async with db.for_shop(shop_id).transaction() as tx:
        order, claim = await lock(tx, shop_id=shop_id, claim_id=claim_id)
        return await _rule(tx, order, claim, ruling, by=by, at=clock.now())


async def _rule(tx: Tx, order: Order, claim: Claim, ruling: Ruling, *, by: Actor, at: datetime) -> Claim:
    """Keep the ruling and tell of it; it takes effect at once where nobody is left to appeal."""
    if claim.state not in (ClaimState.REVIEW, ClaimState.APPEALED):
        raise ClaimMoved(claim.state)
    is_final = claim.state is ClaimState.APPEALED
    decided = await queries.set_decision(
        tx, claim, decision=ruling.decision, reason=ruling.reason, text=ruling.text.strip()[: rules.DECISION_TEXT_MAX],
        decided_by=by.id, at=at,
    )  # fmt: skip
    if ruling.text.strip():
        case = await evidence.lock(tx, shop_id=claim.shop_id, case_id=claim.id)
        await evidence.put_down(tx, case, by=by, text=ruling.text, at=at)
    until = ""
    if not is_final:
        decided = await queries.move(tx, decided, Step.DECIDE, at=at)
        if decided.loser is not None:
            until = await start_clock(tx, order, claim_id=claim.id, state=decided.state, at=at)
    fact = ClaimDecided(
        shop_id=claim.shop_id, subject_id=claim.id, order_id=claim.order_id, buyer_id=claim.buyer_id, kind=claim.kind,
        opened_by=claim.opened_by, decision=ruling.decision, decision_reason=ruling.reason,
        decision_text=rules.REASON_TEXTS[ruling.reason], by_clock=by.kind == "system", until=until,
    )  # fmt: skip
    await record(tx, fact, by=by, at=at)
    if until:
        return decided
    step = Step.DECIDE_FINALLY if is_final else Step.TAKE_EFFECT
    return await effects.end(tx, order, decided, step, outcome=answering.outcome_of(decided), by=by, at=at)


async def at_zero(db: Db, deadline: Deadline) -> None:
    """A claim's clock has run out: its state's default happens."""
    try:
        async with db.for_shop(deadline.shop_id).transaction() as tx:
            order, claim = await lock(tx, shop_id=deadline.shop_id, claim_id=deadline.subject_id)
            wait = rules.WAITS.get(claim.state)
            if wait is None or wait.clock != deadline.kind:
                raise Obsolete(deadline.kind)
            await _default(tx, order, claim, wait.step, at=clock.now())
    except (ClaimMoved, ClaimNotFound) as error:
        raise Obsolete from error


async def _default(tx: Tx, order: Order, claim: Claim, step: Step, *, at: datetime) -> None:
    match step:
        case Step.FALL_SILENT:
            await answering.escalate_by_clock(tx, shop_id=claim.shop_id, claim_id=claim.id, by=SYSTEM)
        case Step.END_EVIDENCE:
            await _begin_review(tx, order, claim, at=at)
        case Step.DECIDE:
            reason = rules.NO_DECISION if claim.has_answer or claim.kind == "insurance" else "seller_silent"
            await _rule(tx, order, claim, Ruling("grant", reason, ""), by=SYSTEM, at=at)
        case _:
            outcome = answering.outcome_of(claim)
            await effects.end(tx, order, claim, step, outcome=outcome, by=SYSTEM, at=at)


async def _begin_review(tx: Tx, order: Order, claim: Claim, *, at: datetime) -> None:
    moved = await queries.move(tx, claim, Step.END_EVIDENCE, at=at)
    until = await start_clock(tx, order, claim_id=claim.id, state=moved.state, at=at)
    fact = ClaimInReview(
        shop_id=claim.shop_id, subject_id=claim.id, order_id=claim.order_id, buyer_id=claim.buyer_id, until=until
    )
    await record(tx, fact, by=SYSTEM, at=at)
