"""In which steps a seller is paid, and where to. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from etalase.foundation.i18n import N_


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


BANKS: Final[Mapping[str, str]] = {
    "bca": "BCA",
    "mandiri": "Bank Mandiri",
    "bni": "BNI",
    "bri": "BRI",
    "bsi": "BSI",
    "cimb": "CIMB Niaga",
    "permata": "Permata",
    "danamon": "Danamon",
    "btn": "BTN",
    "jago": "Bank Jago",
    "seabank": "SeaBank",
}


def usable_from(*, verified_at: datetime, is_first: bool, cooling_hours: int) -> datetime:
    """From when payouts go to a verified account: a change cools off, so that a stolen log-in finds the money still there."""
    return verified_at if is_first else verified_at + timedelta(hours=cooling_hours)


@dataclass(frozen=True, slots=True)
class BankDetails:
    """What a seller enters: a bank of BANKS, an account number and whose it is."""

    bank: str
    number: str
    holder: str


_NUMBER: Final = re.compile(r"[0-9]{6,20}")
HOLDER_CHARS: Final = (2, 80)


def cleaned(details: BankDetails) -> BankDetails:
    """The details without the blanks and dashes that people put into numbers."""
    return BankDetails(details.bank, re.sub(r"[\s.-]", "", details.number), " ".join(details.holder.split()).upper())


def problems(details: BankDetails) -> dict[str, str]:
    """What is wrong with cleaned details, by field, as msgids."""
    found = {}
    if details.bank not in BANKS:
        found["bank"] = N_("Choose your bank.")
    if not _NUMBER.fullmatch(details.number):
        found["number"] = N_("An account number has 6 to 20 digits.")
    if not HOLDER_CHARS[0] <= len(details.holder) <= HOLDER_CHARS[1]:
        found["holder"] = N_("Enter the name as the bank has it.")
    return found


def hidden(number: str) -> str:
    """An account number of which only the end is shown."""
    return "•" * max(0, len(number) - 4) + number[-4:]
