"""Which payment a line of a bank statement is for. Pure.

A line names its payment by the code in its text, else by an amount that exactly one waiting payment has. Everything else
is left to the operator: money is never given to whom it might belong.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final, Literal

CODE: Final = "bank_transfer"
LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LETTERS: Final = 6
PREFIX: Final = "ETL"
_CODE: Final = re.compile(rf"{PREFIX}[ -]?([{LETTERS}]{{{CODE_LETTERS}}})", re.IGNORECASE)

Found = Literal["code", "amount", "confirmed", "several", "none"]
"""`confirmed`: the operator saw this money before, and said so by hand."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """A payment that a transfer may be for; `missing_minor` is what has not come yet."""

    buyer_id: int
    payment_id: int
    missing_minor: int
    currency: str
    is_open: bool
    confirmed_minor: tuple[int, ...] = ()
    """Amounts confirmed by hand that no line has told of yet."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a line says."""

    description: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Match:
    """What a line is for, and how that is known."""

    found: Found
    payment: Awaited | None = None


def code_of(payment_id: int) -> str:
    """The code a transfer carries: always the same for the same payment, without letters that are mistaken for others."""
    number = int.from_bytes(sha256(f"transfer {payment_id}".encode()).digest()[:8], "big")
    letters = []
    for _ in range(CODE_LETTERS):
        number, index = divmod(number, len(LETTERS))
        letters.append(LETTERS[index])
    return f"{PREFIX}-{''.join(letters)}"


def code_in(text: str) -> str:
    """The code in a line's text as we write it; "" if there is none. Banks shout, and drop hyphens."""
    found = _CODE.search(text)
    return f"{PREFIX}-{found[1].upper()}" if found else ""


def plan(lines: Sequence[Incoming], awaited: Sequence[Awaited]) -> list[Match]:
    """What each line is for, in order: what one of them pays is no longer missing for the next."""
    left = list(awaited)
    found = []
    for line in lines:
        one = match(line, left)
        found.append(one)
        if one.payment is not None:
            left = [_after(payment, one.found, line) if payment is one.payment else payment for payment in left]
    return found


def _after(payment: Awaited, found: Found, line: Incoming) -> Awaited:
    if found == "confirmed":
        rest = list(payment.confirmed_minor)
        rest.remove(line.amount_minor)
        return replace(payment, confirmed_minor=tuple(rest))
    missing = payment.missing_minor - line.amount_minor
    return replace(payment, missing_minor=missing, is_open=payment.is_open and missing > 0)


def match(line: Incoming, awaited: Sequence[Awaited]) -> Match:
    """The one payment the line is for, or why that is not known."""
    code = code_in(line.description)
    named = [p for p in awaited if code and code_of(p.payment_id) == code and p.currency == line.currency]
    if len(named) == 1:
        return Match("confirmed" if line.amount_minor in named[0].confirmed_minor else "code", named[0])
    if named:
        return Match("several")
    fitting = [p for p in awaited if p.is_open and (p.missing_minor, p.currency) == (line.amount_minor, line.currency)]
    if len(fitting) == 1:
        return Match("amount", fitting[0])
    return Match("several" if fitting else "none")
