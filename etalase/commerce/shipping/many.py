"""Reading and writing many parcels at once, as taking in reports needs it: one typed function per statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from etalase.commerce.shipping.queries import TrackingEvent, statements
from etalase.commerce.shipping.rules import Journey, ParcelState, Purpose
from etalase.foundation.sql import Tx

ParcelKey = tuple[int, int]
"""(shop_id, parcel_id)."""
OrderKey = tuple[int, int]
"""(shop_id, order_id)."""


@dataclass(frozen=True, slots=True)
class Travelling:
    """A parcel as far as its reports concern it."""

    shop_id: int
    id: int
    state: ParcelState
    method: str
    carrier: str
    tracking_number: str | None
    arranged_at: datetime
    pickup_from: datetime | None
    collected_at: datetime | None
    eta_from: datetime | None
    eta_until: datetime | None
    order_ids: tuple[int, ...]
    purpose: Purpose
    case_id: int | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", ParcelState(self.state))
        object.__setattr__(self, "order_ids", tuple(self.order_ids))
        object.__setattr__(self, "purpose", Purpose(self.purpose))

    @property
    def key(self) -> ParcelKey:
        return self.shop_id, self.id


@dataclass(frozen=True, slots=True)
class Reported:
    """What counts of a tracking event when asking where its parcel is."""

    shop_id: int
    parcel_id: int
    id: int
    status: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class NewEvent:
    """A report to be written down, under the vendor's own id of it."""

    shop_id: int
    event_id: str
    event: TrackingEvent


@dataclass(frozen=True, slots=True)
class NewJourney:
    """What all reports of a parcel say now."""

    parcel: Travelling
    state: ParcelState
    journey: Journey
    received_by: str
    eta: tuple[datetime | None, datetime | None]


@dataclass(frozen=True, slots=True)
class Packed:
    """A parcel as one of its orders sees it: where it stands, and what lies in it of that order."""

    shop_id: int
    order_id: int
    parcel_id: int
    state: ParcelState
    carrier: str
    units_ended: bool
    units: Mapping[int, int]

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", ParcelState(self.state))
        object.__setattr__(self, "units", {int(line_id): n for line_id, n in (self.units or {}).items()})


@dataclass(frozen=True, slots=True)
class _OrderOfParcel:
    shop_id: int
    order_id: int


async def orders_of_parcels(tx: Tx, keys: Sequence[ParcelKey]) -> list[OrderKey]:
    """The orders that have units in these parcels, in the order in which they are locked."""
    rows = await tx.all(statements["orders_of_parcels"], _OrderOfParcel, **_columns(keys))
    return [(row.shop_id, row.order_id) for row in rows]


async def travelling(tx: Tx, keys: Sequence[ParcelKey]) -> dict[ParcelKey, Travelling]:
    """These parcels; those that don't exist are left out."""
    return {row.key: row for row in await tx.all(statements["travelling"], Travelling, **_columns(keys))}


async def insert_events(tx: Tx, events: Sequence[NewEvent], *, vendor: str, at: datetime) -> set[int]:
    """Write reports down; returns the ids of those that were new."""
    rows = [(new, new.event) for new in events]
    added = await tx.values(
        statements["insert_events"],
        int,
        vendor=vendor,
        at=at,
        shop_ids=[new.shop_id for new in events],
        event_ids=[new.event_id for new in events],
        ids=[event.id for _, event in rows],
        parcel_ids=[event.parcel_id for _, event in rows],
        statuses=[event.status for _, event in rows],
        raw_codes=[event.raw_code for _, event in rows],
        descriptions=[event.description for _, event in rows],
        places=[event.place for _, event in rows],
        zones=[event.zone for _, event in rows],
        occurred_ats=[event.occurred_at for _, event in rows],
    )
    return set(added)


async def reports_of_parcels(tx: Tx, keys: Sequence[ParcelKey]) -> dict[ParcelKey, list[Reported]]:
    """What was reported about each of these parcels."""
    found: dict[ParcelKey, list[Reported]] = {}
    for row in await tx.all(statements["reports_of_parcels"], Reported, **_columns(keys)):
        found.setdefault((row.shop_id, row.parcel_id), []).append(row)
    return found


async def set_journeys(tx: Tx, found: Sequence[NewJourney], *, at: datetime) -> int:
    """Keep what all reports together say; returns how many parcels still stood where they were seen."""
    return await tx.run(
        statements["set_journeys"],
        **_columns([new.parcel.key for new in found]),
        seen_states=[new.parcel.state for new in found],
        states=[new.state for new in found],
        last_statuses=[new.journey.last_status for new in found],
        last_event_ats=[new.journey.last_event_at for new in found],
        collected_ats=[new.journey.collected_at for new in found],
        delivered_ats=[new.journey.delivered_at for new in found],
        received_bys=[new.received_by for new in found],
        eta_froms=[new.eta[0] for new in found],
        eta_untils=[new.eta[1] for new in found],
        at=at,
    )


async def packed_of_orders(tx: Tx, keys: Sequence[OrderKey]) -> dict[OrderKey, list[Packed]]:
    """The parcels of each of these orders, first arranged first."""
    shop_ids, order_ids = [key[0] for key in keys], [key[1] for key in keys]
    found: dict[OrderKey, list[Packed]] = {}
    for row in await tx.all(statements["packed_of_orders"], Packed, shop_ids=shop_ids, order_ids=order_ids):
        found.setdefault((row.shop_id, row.order_id), []).append(row)
    return found


def _columns(keys: Sequence[ParcelKey]) -> dict[str, list[int]]:
    return {"shop_ids": [key[0] for key in keys], "parcel_ids": [key[1] for key in keys]}
