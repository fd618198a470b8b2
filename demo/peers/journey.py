"""A parcel's way from city to city: what happens, where and when (pure, but for reading places.toml once)."""

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

HOUR_S: Final = 3_600.0
DAY_S: Final = 24 * HOUR_S
SAME_DAY_HOURS: Final = 8.0
_ISLAND_OF_ZONE: Final = {"Asia/Makassar": "sulawesi", "Asia/Jayapura": "maluku_papua"}


@dataclass(frozen=True, slots=True)
class Place:
    """A place a report names, and the zone its clocks show."""

    name: str
    zone: str


@dataclass(frozen=True, slots=True)
class Step:
    """One report to come: `real_due` at the demo's speed, `planned_at` on the demo's clock."""

    code: str
    place: Place
    real_due: float
    planned_at: float


@dataclass(frozen=True, slots=True)
class Pace:
    """When a journey starts on both time axes, and how fast it goes on each."""

    real_start: float
    clock_start: float
    event_s: float
    days: int


def plan(origin: Place, destination: Place, *, pace: Pace, is_booked_here: bool) -> list[Step]:
    """The whole journey in order; a parcel booked elsewhere starts with its collection."""
    stops = _stops(origin, destination, hours=pace.days * 24 or SAME_DAY_HOURS)
    if not is_booked_here:
        stops = stops[1:]
    first = 0 if is_booked_here else 1
    return [
        Step(code, place, pace.real_start + (first + index) * pace.event_s, pace.clock_start + after_hours * HOUR_S)
        for index, (code, place, after_hours) in enumerate(stops)
    ]


def collected_from(steps: list[Step], moment: float) -> list[Step]:
    """The same journey with its courier coming no earlier than `moment` of the demo's clock."""
    later = max((moment - step.planned_at for step in steps if step.code == "PUP"), default=0.0)
    return [replace(step, planned_at=step.planned_at + (0 if step.code == "BKD" else max(later, 0))) for step in steps]


def second_attempt(destination: Place, *, real_now: float, clock_now: float, event_s: float) -> list[Step]:
    """What follows a courier who came in vain: another try the next day."""
    return [
        Step("OFD", destination, real_now + event_s, clock_now + DAY_S - 4 * HOUR_S),
        Step("DLV", destination, real_now + 2 * event_s, clock_now + DAY_S),
    ]


def hub_of(city: Place) -> Place:
    """The hub that serves a city."""
    return Place(f"Hub {city.name.removeprefix('Kota ').removeprefix('Kabupaten ')}", city.zone)


def gateway_between(origin: Place, destination: Place) -> Place | None:
    """Where the parcel lands when it crosses the sea; None within one island group."""
    arriving = _island(destination)
    if arriving == _island(origin):
        return None
    return Place(_places()[arriving]["gateway"], _places()[arriving]["zone"])


def _stops(origin: Place, destination: Place, *, hours: float) -> list[tuple[str, Place, float]]:
    """Code, place, hours after booking; the first hours are a courier's day, the rest scales with the service's days."""
    gateway = gateway_between(origin, destination)
    return [
        ("BKD", origin, 0.0),
        ("PUP", origin, min(2.0, 0.15 * hours)),
        ("SRT", hub_of(origin), min(5.0, 0.3 * hours)),
        ("DEP", hub_of(origin), min(9.0, 0.45 * hours)),
        *([("TRN", gateway, 0.55 * hours)] if gateway else []),
        ("ARR", hub_of(destination), 0.75 * hours),
        ("OFD", destination, hours - min(4.0, 0.15 * hours)),
        ("DLV", destination, hours),
    ]


def _island(place: Place) -> str:
    name = place.name.lower()
    for island, known in _places().items():
        if any(city in name for city in known["cities"]):
            return island
    return _ISLAND_OF_ZONE.get(place.zone, "java")


@cache
def _places() -> dict[str, dict[str, str]]:
    return tomllib.loads((Path(__file__).parent / "places.toml").read_text(encoding="utf-8"))
