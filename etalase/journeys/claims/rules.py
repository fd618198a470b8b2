"""What a claim is, where it may go, what happens at zero, and what it is worth. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, Literal

from etalase.commerce.orders.insurance import KEY as INSURANCE_TERMS
from etalase.commerce.orders.insurance import Terms
from etalase.commerce.orders.refunding import Worth, refund_of_units
from etalase.commerce.orders.rules import Order, OrderLine, State
from etalase.commerce.shipping.queries import Parcel
from etalase.commerce.shipping.rules import ParcelState
from etalase.foundation.deadlines.rules import Clock, Due
from etalase.foundation.i18n import N_
from etalase.foundation.policies.rules import PolicyBook, book_of

Kind = Literal["not_received", "insurance"]
Party = Literal["buyer", "seller"]
Decision = Literal["grant", "reject"]
TEXT_MIN: Final = 10
DECISION_TEXT_MAX: Final = 1000


class ClaimState(StrEnum):
    """Where a claim stands."""

    ASKED = "asked"
    EVIDENCE = "evidence"
    REVIEW = "review"
    DECIDED = "decided"
    APPEALED = "appealed"
    CLOSED = "closed"


class Step(StrEnum):
    """The ways a claim goes from state to state."""

    AGREE = "agree"
    REFUSE = "refuse"
    FALL_SILENT = "fall_silent"
    END_EVIDENCE = "end_evidence"
    DECIDE = "decide"
    APPEAL = "appeal"
    ACCEPT = "accept"
    TAKE_EFFECT = "take_effect"
    DECIDE_FINALLY = "decide_finally"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Change:
    """From which states a step leads where, and who takes it."""

    sources: tuple[ClaimState, ...]
    to: ClaimState
    by: str


C = ClaimState
STEPS: Final[Mapping[Step, Change]] = {
    Step.AGREE: Change((C.ASKED, C.EVIDENCE), C.CLOSED, "the seller agrees: the money goes back"),
    Step.REFUSE: Change((C.ASKED,), C.EVIDENCE, "the seller refuses: customer service takes over"),
    Step.FALL_SILENT: Change((C.ASKED,), C.EVIDENCE, "the clock: the seller did not answer"),
    Step.END_EVIDENCE: Change((C.EVIDENCE,), C.REVIEW, "the clock: both sides had their time"),
    Step.DECIDE: Change((C.REVIEW,), C.DECIDED, "the operator, or the clock in favor of who claims"),
    Step.APPEAL: Change((C.DECIDED,), C.APPEALED, "who lost, once"),
    Step.ACCEPT: Change((C.DECIDED,), C.CLOSED, "who lost accepts the decision"),
    Step.TAKE_EFFECT: Change((C.DECIDED,), C.CLOSED, "the clock: nobody appealed"),
    Step.DECIDE_FINALLY: Change((C.APPEALED,), C.CLOSED, "the operator, or the clock: the first decision stands"),
    Step.WITHDRAW: Change((C.ASKED, C.EVIDENCE, C.REVIEW, C.DECIDED, C.APPEALED), C.CLOSED, "who claims takes it back"),
}


@dataclass(frozen=True, slots=True)
class Wait:
    """The clock of a state: its kind, the policy that says how many hours, and the step at zero."""

    clock: str
    policy: str
    step: Step
    default: str
    """What happens at zero, in words of neither side."""


WAITS: Final[Mapping[ClaimState, Wait]] = {
    C.ASKED: Wait(
        "claim.seller_response", "claim.seller_response", Step.FALL_SILENT, N_("At zero customer service takes over.")
    ),
    C.EVIDENCE: Wait("claim.evidence", "claim.evidence", Step.END_EVIDENCE, N_("At zero it is to be decided.")),
    C.REVIEW: Wait("claim.decision", "claim.decision", Step.DECIDE, N_("At zero the claim is granted.")),
    C.DECIDED: Wait("claim.appeal", "claim.appeal", Step.TAKE_EFFECT, N_("At zero the decision takes effect.")),
    C.APPEALED: Wait("claim.final", "claim.decision", Step.DECIDE_FINALLY, N_("At zero the first decision stands.")),
}
"""Every state but the last has a clock and a default."""

STATE_LABELS: Final[Mapping[ClaimState, str]] = {
    C.ASKED: N_("Seller asked"),
    C.EVIDENCE: N_("Collecting evidence"),
    C.REVIEW: N_("Being decided"),
    C.DECIDED: N_("Decided"),
    C.APPEALED: N_("Appealed"),
    C.CLOSED: N_("Closed"),
}
REASONS: Final[Mapping[str, str]] = {
    "not_received": N_("Marked as delivered, but not received"),
    "lost": N_("Lost on the way"),
    "damaged": N_("Damaged on the way"),
}
DECISION_REASONS: Final[Mapping[Decision, Mapping[str, str]]] = {
    "grant": {
        "no_proof": N_("There is no proof that the parcel was handed over"),
        "wrong_receiver": N_("It was handed to somebody the buyer does not know"),
        "carrier_at_fault": N_("The carrier lost or damaged it"),
        "seller_silent": N_("The seller did not answer"),
    },
    "reject": {
        "handed_over": N_("It was handed to the buyer or the household"),
        "wrong_address": N_("The address that the buyer gave was wrong"),
        "not_covered": N_("The loss is not covered"),
        "no_evidence": N_("There is no evidence for the loss"),
    },
}
"""What the operator may give as the reason; the clock's own is `NO_DECISION`."""
NO_DECISION: Final = "no_decision"
REASON_TEXTS: Final[Mapping[str, str]] = {
    **DECISION_REASONS["grant"],
    **DECISION_REASONS["reject"],
    NO_DECISION: N_("No decision was made in time"),
}
OUTCOMES: Final[Mapping[str, str]] = {
    "granted": N_("Paid back"),
    "agreed": N_("The seller agreed to pay back"),
    "rejected": N_("Refused"),
    "withdrawn": N_("Taken back"),
}


class Check(StrEnum):
    """The questions of the guided check."""

    ADDRESS = "address"
    NEIGHBORS = "neighbors"
    RECEIVER = "receiver"


CHECK_ANSWERS: Final[Mapping[Check, tuple[str, ...]]] = {
    Check.ADDRESS: ("right", "wrong"),
    Check.NEIGHBORS: ("asked",),
    Check.RECEIVER: ("unknown", "known_not_given", "no_name"),
}
"""What may be answered; who has not asked the neighbors is asked to do so first."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim as it stands in its row."""

    shop_id: int
    id: int
    order_id: int
    buyer_id: int
    parcel_id: int
    kind: Kind
    opened_by: Party
    state: ClaimState
    reason: str
    checks: dict[str, Any]
    amount_minor: int
    has_answer: bool
    decision: Decision | None
    decision_reason: str
    decision_text: str
    decided_by: int | None
    decided_at: datetime | None
    appealed_by: Party | None
    outcome: str
    paid_minor: int
    opened_at: datetime
    updated_at: datetime
    ended_at: datetime | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", ClaimState(self.state))

    @property
    def is_open(self) -> bool:
        return self.state is not ClaimState.CLOSED

    @property
    def loser(self) -> Party | None:
        """Who the decision goes against, and who alone may appeal; nobody loses what insurance pays."""
        if self.decision == "reject":
            return self.opened_by
        return "seller" if self.decision == "grant" and self.kind == "not_received" else None

    @property
    def can_appeal(self) -> bool:
        """Once, and only who lost."""
        return self.state is ClaimState.DECIDED and self.appealed_by is None


def is_allowed(state: ClaimState, step: Step) -> bool:
    """Whether a claim in `state` may take `step`."""
    return state in STEPS[step].sources


def clock_of(
    state: ClaimState, book: PolicyBook, *, shop_id: int, order_id: int, claim_id: int, at: datetime
) -> Clock | None:
    """The clock that runs in a state that begins at `at`; none for the last."""
    wait = WAITS.get(state)
    if wait is None:
        return None
    policy = book.find(wait.policy)
    limit = Due.by(policy, at + timedelta(hours=int(policy.value)))
    return limit.clock(wait.clock, shop_id=shop_id, order_id=order_id, subject_kind="case", subject_id=claim_id)


def wrong_checks(checks: Mapping[str, str]) -> list[Check]:
    """Questions of the guided check that are not answered, or not with an answer there is."""
    return [check for check, answers in CHECK_ANSWERS.items() if checks.get(check) not in answers]


def claimable_parcels(order: Order, parcels: Sequence[Parcel]) -> list[Parcel]:
    """Parcels said to be delivered of an order whose money is still held."""
    if order.state is not State.DELIVERED:
        return []
    return [parcel for parcel in parcels if parcel.state is ParcelState.DELIVERED]


def can_claim(order: Order, parcels: Sequence[Parcel], before: Sequence[Claim]) -> bool:
    """Whether the buyer may say that a delivered order was not received: one claim at a time, and none after a decision."""
    told = [claim for claim in before if claim.kind == "not_received"]
    settled = any(claim.is_open or claim.decision is not None or claim.outcome == "agreed" for claim in told)
    return bool(claimable_parcels(order, parcels)) and not settled


def units_of(lines: Sequence[OrderLine], parcel: Parcel) -> dict[int, int]:
    """Line id -> units of the parcel that the buyer would still have, had it come."""
    units = {line.id: min(parcel.units.get(line.id, 0), line.kept_quantity) for line in lines}
    return {line_id: quantity for line_id, quantity in units.items() if quantity > 0}


def worth_of(order: Order, lines: Sequence[OrderLine], parcel: Parcel) -> Worth:
    """What goes back for a parcel that never came, by the one rule of refunds; with the last units shipping too."""
    return refund_of_units(order, lines, units_of(lines, parcel), with_shipping=True)


def insured_until(order: Order, before: Sequence[Claim]) -> datetime | None:
    """Until when a loss of an insured shipment can be claimed; none while it is under way.

    Who had to pay after a claim learns of the loss when that claim ends.
    """
    ended = order.delivered_at or (order.cancelled_at if order.collected_at else None)
    if ended:
        ended = max([ended, *(claim.ended_at for claim in before if claim.ended_at and claim.kind == "not_received")])
    days = Terms.of(book_of(order.policies).find(INSURANCE_TERMS).value).claim_days
    return ended + timedelta(days=days) if ended else None


def can_claim_insurance(order: Order, before: Sequence[Claim], *, by: Party, now: datetime) -> bool:
    """Insured, collected, in time, once, and only by who bore the loss: the seller if the buyer has the money back."""
    until = insured_until(order, before)
    if not order.is_insured or until is None or now > until or order.collected_at is None:
        return False
    if any(claim.kind == "insurance" and claim.outcome != "withdrawn" for claim in before):
        return False
    return insured_loss(order, by=by) > 0 and not any(claim.is_open for claim in before)


def insured_loss(order: Order, *, by: Party) -> int:
    """What insurance pays at most: the buyer's goods that were not refunded, or what the seller had to give back."""
    cover = Terms.of(book_of(order.policies).find(INSURANCE_TERMS).value).cover_minor(order.items_minor)
    goods_kept = max(0, order.items_minor - order.refunded_minor)
    return min(cover, goods_kept if by == "buyer" else min(order.refunded_minor, order.items_minor))


def courier_claim_until(parcel: Parcel, days: int) -> datetime | None:
    """Until when the carrier takes the seller's claim: so many days after its last scan (claim.logistics)."""
    last = parcel.last_event_at or parcel.delivered_at or parcel.collected_at
    return last + timedelta(days=days) if last else None
