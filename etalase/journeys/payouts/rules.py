"""In which steps a seller is paid, and where to. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final


class BankAccountState(StrEnum):
    """Where a seller's bank account stands."""

    ENTERED = "entered"
    VERIFIED = "verified"
    REFUSED = "refused"
    REPLACED = "replaced"


class BatchState(StrEnum):
    """Where a batch of payouts stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DROPPED = "dropped"
    CLOSED = "closed"


class PayoutState(StrEnum):
    """Where a transfer to a seller stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    PAID = "paid"
    RETURNED = "returned"
    DROPPED = "dropped"


P, A, B = PayoutState, BankAccountState, BatchState
ACCOUNT_MOVES: Final[Mapping[BankAccountState, tuple[BankAccountState, ...]]] = {
    A.ENTERED: (A.VERIFIED, A.REFUSED, A.REPLACED),
    A.VERIFIED: (A.REPLACED,),
    A.REFUSED: (),
    A.REPLACED: (),
}
BATCH_MOVES: Final[Mapping[BatchState, tuple[BatchState, ...]]] = {
    B.PROPOSED: (B.APPROVED, B.DROPPED),
    B.APPROVED: (B.CLOSED,),
    B.DROPPED: (),
    B.CLOSED: (),
}
PAYOUT_MOVES: Final[Mapping[PayoutState, tuple[PayoutState, ...]]] = {
    P.PROPOSED: (P.APPROVED, P.DROPPED),
    P.APPROVED: (P.PAID, P.RETURNED),
    P.PAID: (P.RETURNED,),  # banks send money back days later
    P.RETURNED: (),
    P.DROPPED: (),
}


def sources_of(moves: Mapping[Any, tuple[Any, ...]], to: Any) -> list[Any]:
    """The states from which a table of moves leads to `to`."""
    return [state for state, reached in moves.items() if to in reached]


def usable_from(*, verified_at: datetime, is_first: bool, cooling_hours: int) -> datetime:
    """From when payouts go to a verified account: a change cools off, so that a stolen log-in finds the money still there."""
    return verified_at if is_first else verified_at + timedelta(hours=cooling_hours)
