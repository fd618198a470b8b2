"""Banks, and what an account at one of them has to look like. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from etalase.foundation.i18n import N_

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


def is_name_of(holder: str, name: str) -> bool:
    """Whether the holder's name, as the bank has it, has every word of a person's name in it, whatever the case."""
    words = re.findall(r"\w+", name.casefold())
    return bool(words) and set(words) <= set(re.findall(r"\w+", holder.casefold()))
