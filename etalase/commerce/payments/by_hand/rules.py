"""What a bank account has to look like. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

BANK_CHARS_MAX: Final = 60
HOLDER_CHARS_MAX: Final = 80
REFERENCE_CHARS_MAX: Final = 80
END_DIGITS: Final = 4
_NUMBER: Final = re.compile(r"[0-9]{6,20}")

Field = Literal["bank", "number", "holder"]


@dataclass(frozen=True, slots=True)
class BankAccount:
    """Where money is to go; `number` is digits alone."""

    bank: str
    number: str
    holder: str

    @property
    def number_end(self) -> str:
        """What may be shown of the number."""
        return self.number[-END_DIGITS:]


@dataclass(frozen=True, slots=True)
class GivenAccount:
    """A bank account as it is kept."""

    buyer_id: int
    refund_id: int
    bank: str
    holder: str
    number_sealed: str
    number_end: str
    given_at: datetime


def account_from(*, bank: str, number: str, holder: str) -> BankAccount:
    """The account as typed, without spaces, dots and hyphens in its number."""
    return BankAccount(" ".join(bank.split()), re.sub(r"[ .-]", "", number), " ".join(holder.split()))


def problems(account: BankAccount) -> list[Field]:
    """The parts that can't be right."""
    wrong: list[Field] = []
    if not 2 <= len(account.bank) <= BANK_CHARS_MAX:
        wrong.append("bank")
    if not _NUMBER.fullmatch(account.number):
        wrong.append("number")
    if not 2 <= len(account.holder) <= HOLDER_CHARS_MAX:
        wrong.append("holder")
    return wrong
