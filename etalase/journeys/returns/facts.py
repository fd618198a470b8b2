"""What happens to returns. Each names what was asked for (`kind`), so that both sides and connectors can follow."""

from dataclasses import dataclass

from etalase.foundation.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ReturnRequested(Fact, name="return.requested", subject="case"):
    """A buyer wants to return goods, or money for goods; the seller answers, or the clock does."""

    kind: str
    reason_code: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class ReturnGiven(Fact, name="return.given", subject="case"):
    """The shop gives money back, or takes goods back, without being asked."""

    kind: str
    reason_code: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class ReturnOffered(Fact, name="return.offered", subject="case"):
    """The seller offers a part of the price if the buyer keeps the goods."""

    kind: str
    percent: int
    amount_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class ReturnOfferDeclined(Fact, name="return.offer_declined", subject="case"):
    """The buyer declined the offer, or did not answer it; the seller answers the request again."""

    kind: str


@dataclass(frozen=True, kw_only=True)
class ReturnRejected(Fact, name="return.rejected", subject="case"):
    """The seller rejected the request; the buyer may contest it."""

    kind: str
    reason_code: str
    answer: str


@dataclass(frozen=True, kw_only=True)
class ReturnContested(Fact, name="return.contested", subject="case"):
    """The buyer did not accept the rejection and asks again."""

    kind: str


@dataclass(frozen=True, kw_only=True)
class ReturnApproved(Fact, name="return.approved", subject="case"):
    """The goods are to be sent back."""

    kind: str


@dataclass(frozen=True, kw_only=True)
class ReturnSentBack(Fact, name="return.sent_back", subject="case"):
    """The buyer gave the goods to a carrier."""

    kind: str
    carrier: str
    tracking_number: str


@dataclass(frozen=True, kw_only=True)
class ReturnCameBack(Fact, name="return.came_back", subject="case"):
    """The carrier could not deliver what was sent back and brought it to the buyer, who sends it again."""

    kind: str


@dataclass(frozen=True, kw_only=True)
class ReturnReceived(Fact, name="return.received", subject="case"):
    """The goods are back at the shop, to be checked."""

    kind: str


@dataclass(frozen=True, kw_only=True)
class ReplacementPromised(Fact, name="return.replacement_promised", subject="case"):
    """The shop sends something again."""

    kind: str


@dataclass(frozen=True, kw_only=True)
class ReplacementSent(Fact, name="return.replacement_sent", subject="case"):
    """The replacement is with the carrier."""

    kind: str
    carrier: str
    tracking_number: str


@dataclass(frozen=True, kw_only=True)
class ReturnEscalated(Fact, name="return.escalated", subject="case"):
    """One side asks the operator to decide."""

    kind: str
    escalated_by: str
    has_goods: bool = False
    """Whether the shop has what came back, and faults it."""


@dataclass(frozen=True, kw_only=True)
class ReturnDecided(Fact, name="return.decided", subject="case"):
    """The operator decided; the losing side may appeal once."""

    kind: str
    decision: str
    words: str


@dataclass(frozen=True, kw_only=True)
class ReturnAppealed(Fact, name="return.appealed", subject="case"):
    """The losing side appealed; the operator decides for good."""

    kind: str
    appealed_by: str


@dataclass(frozen=True, kw_only=True)
class ReturnEnded(Fact, name="return.ended", subject="case"):
    """The return is over: refunded, settled, closed or withdrawn, with the reason and what goes back."""

    kind: str
    state: str
    outcome: str
    refund_minor: int
    currency: str
