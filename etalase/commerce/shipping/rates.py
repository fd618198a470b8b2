"""What a carrier's way from zone to zone costs and how long it takes on top (data: rates.toml, read once)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Route:
    """One pair of zones: price of the first and of each further kilogram, days on top, whether next-day services go there."""

    first_minor: int
    further_minor: int
    days: int
    has_express: bool


@dataclass(frozen=True, slots=True)
class KindRate:
    """How a kind of service is charged; below `from_grams` and above `kg_max` it is not offered."""

    percent: int
    kg_min: int
    kg_max: int
    from_grams: int


@cache
def route(origin_zone: str, destination_zone: str) -> Route:
    """The route between two shipping zones, the same in both directions; raises KeyError for an unknown zone."""
    routes = _data()["routes"]
    row = routes.get(origin_zone, {}).get(destination_zone) or routes[destination_zone][origin_zone]
    return Route(row["first"], row["further"], row["days"], row["express"])


@cache
def kind_rate(kind: str) -> KindRate | None:
    """How this kind of service is charged, or none if we have no rates for it."""
    row = _data()["kinds"].get(kind)
    return None if row is None else KindRate(**row)


@cache
def carrier_percent(code: str) -> int:
    """The carrier's share of the route's price, in percent."""
    return int(_data()["carriers"].get(code, 100))


def chargeable_kg(weight_grams: int) -> int:
    """Whole kilograms that are paid for: at least one, a small excess is forgiven."""
    return max(1, -(-(weight_grams - int(_data()["tolerance_grams"])) // 1000))


def price_minor(way: Route, *, kind: KindRate, carrier: str, kg: int, is_same_city: bool) -> int:
    """The price of a parcel in whole rupiah, rounded up as carriers do."""
    base = way.first_minor + (max(kg, kind.kg_min) - 1) * way.further_minor
    percents = (kind.percent, carrier_percent(carrier), _data()["same_city_percent"] if is_same_city else 100)
    scaled: int = base * percents[0] * percents[1] * percents[2]
    step = int(_data()["round_up_to"])
    return -(-scaled // (1_000_000 * step)) * step


def currency() -> str:
    """The currency of all these prices."""
    return str(_data()["currency"])


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("etalase.commerce.shipping").joinpath("rates.toml").read_text(encoding="utf-8"))
