"""The carriers a shop can send with, their services, and how their tracking numbers look (data: carriers.toml)."""

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import quote

NUMBER_LENGTH_MAX = 40
_LENIENT = frozenset({"own", "any"})


class ServiceKind(StrEnum):
    """How fast and how large: what a buyer compares between carriers."""

    STANDARD = "standard"
    ECONOMY = "economy"
    EXPRESS = "express"
    SAME_DAY = "same_day"
    CARGO = "cargo"


class ShippingMethod(StrEnum):
    """How a parcel gets into the carrier's hands."""

    PICKUP = "pickup"
    DROP_OFF = "drop_off"
    OWN_NUMBER = "own_number"


@dataclass(frozen=True, slots=True)
class Service:
    """One service of a carrier; days are counted from collection, `days_max` 0 is the same day."""

    code: str
    name: str
    kind: ServiceKind
    days_min: int
    days_max: int


@dataclass(frozen=True, slots=True)
class NumberRule:
    """How a carrier's tracking numbers look; `description` is an English msgid."""

    pattern: re.Pattern[str]
    description: str
    example: str


@dataclass(frozen=True, slots=True)
class Carrier:
    """One carrier; `tracking_page` holds `{number}` or is None; `color` is a CSS hex color of its brand."""

    code: str
    name: str
    services: tuple[Service, ...]
    number: NumberRule
    tracking_page: str | None
    color: str
    phone: str | None
    methods: frozenset[ShippingMethod]

    def service(self, code: str) -> Service:
        """The service of that code, or CarrierNotKnown."""
        for service in self.services:
            if service.code == code:
                return service
        raise CarrierNotKnown(f"{self.code}/{code}")


class CarrierNotKnown(LookupError):
    """No carrier (or service of it) has this code."""


class NumberNotValid(ValueError):
    """The number does not look like one of the carrier's; `description` (a msgid) and `example` say how it should look."""

    def __init__(self, carrier: Carrier, number: str) -> None:
        super().__init__(f"{carrier.code}: {number!r} is not {carrier.number.description}")
        self.carrier = carrier
        self.number = number
        self.description = carrier.number.description
        self.example = carrier.number.example


def all_carriers() -> tuple[Carrier, ...]:
    """Every carrier, in the order a seller sees them."""
    return tuple(_registry().values())


def carrier(code: str) -> Carrier:
    """The carrier of that code, or CarrierNotKnown."""
    try:
        return _registry()[code]
    except KeyError:
        raise CarrierNotKnown(code) from None


def check_number(code: str, number: str) -> str:
    """The number as the carrier writes it (upper case, without spaces and dots), or NumberNotValid."""
    known = carrier(code)
    normalized = _normalized(number)
    if len(normalized) > NUMBER_LENGTH_MAX or not known.number.pattern.fullmatch(normalized):
        raise NumberNotValid(known, number[: NUMBER_LENGTH_MAX + 1])
    return normalized


def suggest_carriers(number: str) -> tuple[Carrier, ...]:
    """Carriers whose numbers look like this one, most telling pattern first; never own or any."""
    normalized = _normalized(number)
    if len(normalized) > NUMBER_LENGTH_MAX:
        return ()
    fitting = (known for known in all_carriers() if known.code not in _LENIENT)
    return tuple(known for known in fitting if known.number.pattern.fullmatch(normalized))


def tracking_page(code: str, number: str) -> str | None:
    """The carrier's own public page for this number, or None where it has none."""
    template = carrier(code).tracking_page
    return None if template is None else template.format(number=quote(number, safe=""))


def _normalized(number: str) -> str:
    return re.sub(r"[\s.\u200b\ufeff]+", "", number).upper()


@cache
def _registry() -> dict[str, Carrier]:
    text = resources.files(__package__).joinpath("carriers.toml").read_text(encoding="utf-8")
    return {row["code"]: _carrier_of(row) for row in tomllib.loads(text)["carrier"]}


def _carrier_of(row: dict[str, Any]) -> Carrier:
    rule = row["number"]
    return Carrier(
        code=row["code"],
        name=row["name"],
        services=tuple(Service(**{**service, "kind": ServiceKind(service["kind"])}) for service in row["services"]),
        # ASCII: a carrier's label never shows digits of another script, but `\d` alone would take them
        number=NumberRule(re.compile(rule["pattern"], re.ASCII), rule["description"], rule["example"]),
        tracking_page=row.get("tracking_page"),
        color=row["color"],
        phone=row.get("phone"),
        methods=frozenset(ShippingMethod(method) for method in row["methods"]),
    )
