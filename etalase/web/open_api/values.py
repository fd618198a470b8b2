"""How values look on the wire: ids and money as decimal strings, times as seconds; nothing is ever null."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Final, TypeAlias, get_args

import orjson
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from etalase.foundation.ids import parse_id
from etalase.foundation.money import exponent

EMPTY: Final[tuple[object, ...]] = (None, [], {})
NESTED: Final = (dict, list)
SECONDS_MAX: Final = 253_402_300_799
"""The end of the year 9999."""
AMOUNT: Final = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,6})?")


def seconds(moment: datetime | None) -> int | None:
    """Unix seconds; none stays none and is left out."""
    return None if moment is None else int(moment.timestamp())


def millis(moment: datetime | None) -> int | None:
    """Unix milliseconds, where the interface wants them."""
    return None if moment is None else int(moment.timestamp() * 1000)


def moment_of(unix_s: int | None) -> datetime | None:
    """The moment of unix seconds; what lies beyond all calendars is their end."""
    return None if unix_s is None else datetime.fromtimestamp(min(max(unix_s, 0), SECONDS_MAX), UTC)


def amount(minor: int, currency: str = "IDR") -> str:
    """Money as a decimal string: 25000 rupiah are "25000", 1050 US cents "10.50"."""
    digits = exponent(currency)
    return str(minor) if digits == 0 else str(Decimal(minor).scaleb(-digits))


def read_amount(text: str, currency: str = "IDR") -> int | None:
    """Minor units of a decimal string ("25000", "25000.00"); none if it is no sum or finer than the currency."""
    if not AMOUNT.fullmatch(text):
        return None
    minor = Decimal(text).scaleb(exponent(currency))
    return int(minor) if minor == minor.to_integral_value() else None


def without_empty(value: Any) -> Any:
    """The value without what is empty, at any depth: clients are told nothing rather than null, [] or {}. "" and 0 stay."""
    if type(value) is dict:
        kept = {}
        for name, one in value.items():
            told = without_empty(one) if type(one) in NESTED else one  # most are plain: not asking costs a third
            if told is not None:
                kept[name] = told
        return kept or None
    if type(value) is list:
        return [kept for one in value if (kept := without_empty(one)) is not None] or None
    return value


def answered(data: Mapping[str, Any]) -> dict[str, Any]:
    """The data of an answer: without what is empty, but for its own lists, on which clients loop. No errors are no list."""
    kept = {name: without_empty(value) for name, value in data.items()}
    return {
        name: [] if value is None else value
        for name, value in kept.items()
        if value is not None or (isinstance(data[name], list) and name != "errors")
    }


def _id_of(value: object) -> object:
    found = parse_id(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else None
    if found is None:
        raise ValueError("must be an id: a decimal number as a string")
    return found


def _list_of(value: object) -> object:
    """A list, told as one, as a comma list, or as the text of a JSON list."""
    if not isinstance(value, str):
        return value
    return split_list([value])


def split_list(texts: list[str]) -> list[str]:
    """The values of a list parameter: repeated, separated by commas, or one JSON list; empty ones are left out."""
    found: list[str] = []
    for text in texts:
        told = _json_list(text)
        found += [str(value) for value in told] if told is not None else text.split(",")
    return [value.strip() for value in found if value.strip()]


def _json_list(text: str) -> list[Any] | None:
    if not text.lstrip().startswith("["):
        return None
    try:
        found = orjson.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, list) else None


ApiId: TypeAlias = Annotated[
    int, BeforeValidator(_id_of), WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,19}$", "examples": ["5768"]})
]
"""An id in a body."""
Seconds: TypeAlias = Annotated[int, Field(ge=0, le=SECONDS_MAX)]
"""A moment in a body; read it with `moment_of`."""


def _is_text(kind: object) -> bool:
    """Whether a field takes texts, for which "" is one."""
    return kind is str or str in get_args(kind)


class Body(BaseModel):
    """Base of request bodies, as lenient as the clients are different.

    Unknown fields are passed over; null and a list or object in place of the other kind count as absent; numbers may come as
    strings and strings as numbers; a list (a tuple here: `ids: tuple[ApiId, ...] = ()`) may come as a comma list.
    """

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _tolerate(cls, told: object) -> object:
        if not isinstance(told, Mapping):
            return {} if told in EMPTY else told
        kept: dict[str, object] = {}
        for name, field in cls.model_fields.items():
            key = field.alias or name
            value = told.get(key)
            if value is None:
                continue
            is_list = "tuple[" in str(field.annotation)
            if value in ([], {}) and not (is_list and value == []):
                continue
            if value == "" and not field.is_required() and not _is_text(field.annotation):
                continue
            kept[key] = _list_of(value) if is_list else value
        return kept
