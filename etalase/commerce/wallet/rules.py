"""In which steps money leaves a wallet, and what is asked before. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from etalase.commerce.wallet.errors import AmountNotAllowed
from etalase.foundation.i18n import N_
from etalase.foundation.policies.rules import PolicyBook

CURRENCY: Final = "IDR"
CODE_VALID: Final = timedelta(minutes=15)
CODE_TRIES_MAX: Final = 5


class AccountState(StrEnum):
    """Where a person's bank account stands."""

    ENTERED = "entered"
    VERIFIED = "verified"
    REPLACED = "replaced"


class WithdrawalState(StrEnum):
    """Where a withdrawal stands."""

    REQUESTED = "requested"
    APPROVED = "approved"
    PAID = "paid"
    FAILED = "failed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


A, W = AccountState, WithdrawalState
ACCOUNT_MOVES: Final[Mapping[AccountState, tuple[AccountState, ...]]] = {
    A.ENTERED: (A.VERIFIED, A.REPLACED),
    A.VERIFIED: (A.REPLACED,),
    A.REPLACED: (),
}
WITHDRAWAL_MOVES: Final[Mapping[WithdrawalState, tuple[WithdrawalState, ...]]] = {
    W.REQUESTED: (W.APPROVED, W.REFUSED, W.WITHDRAWN),
    W.APPROVED: (W.PAID, W.FAILED),
    W.PAID: (W.FAILED,),  # banks send money back days later
    W.FAILED: (),
    W.REFUSED: (),
    W.WITHDRAWN: (),
}
DEFAULTS: Final[Mapping[WithdrawalState, WithdrawalState]] = {W.REQUESTED: W.REFUSED, W.APPROVED: W.PAID}
"""What a waiting state becomes when its time is over: unapproved money is back in the wallet; what no bank sent back was paid."""
CLOCKS: Final[Mapping[WithdrawalState, str]] = {W.REQUESTED: "withdrawal.approval", W.APPROVED: "withdrawal.transfer"}
"""The policy that says how long a state waits."""
NOT_APPROVED: Final = N_("not approved in time")


def sources_of(moves: Mapping[Any, tuple[Any, ...]], to: Any) -> list[Any]:
    """The states from which a table of moves leads to `to`."""
    return [state for state, reached in moves.items() if to in reached]


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Money on its way from a wallet to a bank; the bank gets the amount less the fee."""

    buyer_id: int
    id: int
    request_key: str
    state: WithdrawalState
    currency: str
    amount_minor: int
    fee_minor: int
    bank: str
    number: str
    holder: str
    batch_id: int | None
    requested_at: datetime
    due_at: datetime | None
    approved_at: datetime | None
    ended_at: datetime | None
    failure: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", WithdrawalState(self.state))

    @property
    def goes_minor(self) -> int:
        """What the bank gets."""
        return self.amount_minor - self.fee_minor


def due_of(state: WithdrawalState, at: datetime, book: PolicyBook) -> datetime | None:
    """Until when a withdrawal waits in this state; none where nothing is waited for."""
    key = CLOCKS.get(state)
    return at + timedelta(hours=int(book.find(key).value)) if key else None


def limit_of(book: PolicyBook, *, is_verified: bool) -> int:
    """How much a wallet may hold."""
    return int(book.find("wallet.limit").value["verified" if is_verified else "unverified"])


def check_bounds(amount_minor: int, bounds: Mapping[str, int]) -> None:
    """Raises AmountNotAllowed for less than the least and more than the most."""
    if amount_minor < bounds["minimum_minor"]:
        raise AmountNotAllowed("minimum", bounds["minimum_minor"])
    if amount_minor > bounds["maximum_minor"]:
        raise AmountNotAllowed("maximum", bounds["maximum_minor"])


def cool_from(*, usable_from: datetime, password_changed_at: datetime | None, hours: int) -> datetime:
    """From when money may leave: the account has cooled off, and so has a new password."""
    if password_changed_at is None:
        return usable_from
    return max(usable_from, password_changed_at + timedelta(hours=hours))
