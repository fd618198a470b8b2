"""Entries and the rule that they balance. Pure. Positive: the account holds more; negative: it owes or gave."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Account = Literal["provider_clearing", "escrow", "cod_receivable", "surplus", "seller_pending"]


class Unbalanced(ValueError):
    """The entries of a posting don't sum to zero."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One side of a posting."""

    account: Account
    amount_minor: int


def check_balanced(entries: Sequence[Entry]) -> None:
    """Raises Unbalanced unless the entries sum to zero."""
    if sum(entry.amount_minor for entry in entries) != 0:
        raise Unbalanced(entries)


def moved(*, taken_from: Account, put_to: Account, amount_minor: int) -> tuple[Entry, ...]:
    """The two entries of money that goes from one account to another; none for nothing."""
    if amount_minor == 0:
        return ()
    return Entry(put_to, amount_minor), Entry(taken_from, -amount_minor)
