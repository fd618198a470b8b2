"""What happens to claims."""

from dataclasses import dataclass

from etalase.foundation.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ClaimOpened(Fact, name="claim.opened", subject="claim"):
    """Somebody said that a parcel was not received, or claimed an insured loss; the seller or the operator is to answer."""

    kind: str
    opened_by: str
    claimed_minor: int


@dataclass(frozen=True, kw_only=True)
class ClaimEscalated(Fact, name="claim.escalated", subject="claim"):
    """Customer service took over: the seller refused or fell silent; both sides may give evidence until a moment."""

    by_clock: bool
    until: str


@dataclass(frozen=True, kw_only=True)
class ClaimInReview(Fact, name="claim.in_review", subject="claim"):
    """The time for evidence is over; the operator decides."""

    until: str


@dataclass(frozen=True, kw_only=True)
class ClaimDecided(Fact, name="claim.decided", subject="claim"):
    """The operator, or the clock, decided; who lost may appeal until a moment."""

    kind: str
    opened_by: str
    decision: str
    decision_reason: str
    decision_text: str
    by_clock: bool
    until: str


@dataclass(frozen=True, kw_only=True)
class ClaimAppealed(Fact, name="claim.appealed", subject="claim"):
    """Who lost asks the operator to look again, once."""

    appealed_by: str


@dataclass(frozen=True, kw_only=True)
class ClaimClosed(Fact, name="claim.closed", subject="claim"):
    """The claim is over; what it paid is on its way."""

    kind: str
    outcome: str
    opened_by: str
    paid_minor: int
