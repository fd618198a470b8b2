"""Parcels of the story: what is in them, their numbers, and what carriers report."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from demo.loading.telling import Telling
from demo.peers.journey import Pace as JourneyPace
from demo.peers.journey import Place, Step, plan, second_attempt
from etalase.commerce.accounts import regions
from etalase.commerce.shipping import rules
from etalase.commerce.shipping.rules import ParcelState
from etalase.integrations.carriers import registry
from etalase.integrations.carriers.sandbox.mapping import ATTEMPT_REASONS, CODES

BY_CARRIER = "carriers.sandbox"
PICKUP_HOURS = 2.0


@dataclass(frozen=True, slots=True)
class Scan:
    """Something a carrier will report: what, where, when, and why if in vain."""

    code: str
    place: Place
    at: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What was reported, as the rules of shipping read it."""

    id: int
    status: str
    occurred_at: datetime


@dataclass(slots=True)
class ParcelStory:
    """One parcel as it stands at this moment of the story."""

    shop_id: int
    id: int
    order_id: int
    method: str
    carrier: str
    service: str
    number: str | None
    booking: str
    units: Mapping[int, int]
    arranged_at: datetime
    eta_from: datetime
    eta_until: datetime
    insured: bool = False
    state: ParcelState = ParcelState.AWAITING_COLLECTION
    told: list[Told] = field(default_factory=list)
    events: list[tuple[str, Scan]] = field(default_factory=list)
    numbers: list[dict[str, Any]] = field(default_factory=list)
    delay_note: str = ""
    delayed_at: datetime | None = None
    received_by: str = ""
    purpose: str = "order"
    case_id: int | None = None
    receiver: str = ""
    """To whom it goes, if not to the order's buyer."""

    def number_it(self, number: str, *, entered_by: int | None, at: datetime) -> None:
        """Give it a number; the one it had is kept as replaced."""
        self.drop_numbers(at=at)
        self.number = number
        self.numbers.append({"number": number, "entered_by": entered_by, "entered_at": at, "replaced_at": None})

    def drop_numbers(self, *, at: datetime) -> None:
        """Its numbers name it no longer."""
        for kept in self.numbers:
            kept["replaced_at"] = kept["replaced_at"] or at

    def write(self, telling: Telling) -> None:
        """Write its rows."""
        journey = rules.journey_of(self.told)
        shift = (journey.collected_at - self.arranged_at) if journey.collected_at else timedelta(0)
        telling.rows.add(
            "parcels", shop_id=self.shop_id, id=self.id, state=self.state, method=self.method,
            carrier=self.carrier, service=self.service, tracking_number=self.number, booking=self.booking,
            insured=self.insured, delay_note=self.delay_note, delayed_at=self.delayed_at, last_event_at=journey.last_event_at,
            last_status=journey.last_status, arranged_at=self.arranged_at, collected_at=journey.collected_at,
            delivered_at=journey.delivered_at, received_by=self.received_by, eta_from=self.eta_from + shift,
            eta_until=self.eta_until + shift, purpose=self.purpose, case_id=self.case_id,
        )  # fmt: skip
        telling.rows.add("parcel_orders", shop_id=self.shop_id, parcel_id=self.id, order_id=self.order_id)
        for line_id, quantity in sorted(self.units.items()):
            telling.rows.add(
                "parcel_lines", shop_id=self.shop_id, parcel_id=self.id, order_line_id=line_id, quantity=quantity
            )
        for kept in self.numbers:
            telling.rows.add(
                "parcel_numbers", carrier=self.carrier, shop_id=self.shop_id, parcel_id=self.id,
                is_current=kept["replaced_at"] is None, **kept,
            )  # fmt: skip

    def report(self, telling: Telling, scan: Scan, *, vendor: str, recorded_at: datetime) -> None:
        """Keep one report of its way."""
        status, description = CODES[scan.code]
        event_row_id, event_id = telling.ids.at(recorded_at), new_event_id(telling.dice)
        self.events.append((event_id, scan))
        self.told.append(Told(event_row_id, str(status), scan.at))
        telling.rows.add(
            "tracking_events", shop_id=self.shop_id, id=event_row_id, parcel_id=self.id, vendor=vendor,
            event_id=event_id, status=str(status), raw_code=scan.code,
            description=ATTEMPT_REASONS[scan.reason] if scan.reason else description, place=scan.place.name,
            zone=scan.place.zone, occurred_at=scan.at, recorded_at=recorded_at,
        )  # fmt: skip


def new_event_id(dice: Random) -> str:
    """An event's id as the sandbox carrier makes them."""
    return f"cev_{dice.getrandbits(72):018x}"


def new_number(carrier: str, *, dice: Random, taken: set[tuple[str, str]]) -> str:
    """A number nobody has, shaped like the carrier's example."""
    example = registry.carrier(carrier).number.example
    while True:
        tail = f"{dice.randrange(10**9):09d}"
        number = re.sub(r"\d{9}$", tail, example) if re.search(r"\d{9}$", example) else f"KRR{tail[:6]}"
        if (carrier, number) not in taken:
            taken.add((carrier, number))
            return registry.check_number(carrier, number)


def place_of(city: str, province: str) -> Place:
    """A city as carriers name it."""
    known = regions.city(city)
    return Place(known.name if known else city, regions.zone_of(province))


def way(origin: Place, destination: Place, *, collected_at: datetime, days: int) -> list[Scan]:
    """What a carrier reports from collection to delivery."""
    hours = days * 24 or 8
    start = collected_at - timedelta(hours=min(PICKUP_HOURS, 0.15 * hours))
    pace = JourneyPace(real_start=0, clock_start=start.timestamp(), event_s=1, days=days)
    return [_scan(step, start) for step in plan(origin, destination, pace=pace, is_booked_here=False)]


def failed_first(scans: list[Scan], *, reason: str) -> list[Scan]:
    """The same way, but the first courier comes in vain and another brings it the next day."""
    *before, last = scans
    at = last.at - timedelta(minutes=25)
    again = second_attempt(last.place, real_now=0, clock_now=at.timestamp(), event_s=1)
    return [*before, Scan("FLD", last.place, at, reason), *(_scan(step, at) for step in again)]


def _scan(step: Step, like: datetime) -> Scan:
    return Scan(step.code, step.place, datetime.fromtimestamp(round(step.planned_at, 3), like.tzinfo))
