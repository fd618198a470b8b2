"""What can be asked of parcels: one typed function per statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from etalase.commerce.shipping.rules import ParcelState, Purpose
from etalase.foundation.sql import Tx, statements_beside

statements = statements_beside(__file__)

ASK_BATCH_MAX = 50
LIST_ORDERS_MAX = 200


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel as it stands in its rows; `units` is order line -> quantity.

    Seen from an order (`parcels_of_order`) `order_id`, `units` and `units_ended` are that order's; seen by itself
    (`parcel_of_shop`) `order_id` is the first of its orders and `units` are all that lie in it.
    """

    shop_id: int
    id: int
    order_id: int
    state: ParcelState
    method: str
    carrier: str
    service: str
    tracking_number: str | None
    booking: str
    booking_note: str
    insured: bool
    delay_note: str
    delayed_at: datetime | None
    asked_at: datetime | None
    last_event_at: datetime | None
    last_status: str
    arranged_at: datetime
    collected_at: datetime | None
    delivered_at: datetime | None
    received_by: str
    eta_from: datetime | None
    eta_until: datetime | None
    units: Mapping[int, int]
    units_ended: bool = False
    """It came back or was lost, and its units were taken off the order."""
    order_ids: tuple[int, ...] = ()
    """Every order that has units in it, in key order."""
    pickup_from: datetime | None = None
    pickup_until: datetime | None = None
    label_printed_at: datetime | None = None
    slip_printed_at: datetime | None = None
    created_at: datetime | None = None
    """When its order was placed or it was planned; none: when it was arranged."""
    updated_at: datetime | None = None
    purpose: Purpose = Purpose.ORDER
    case_id: int | None = None
    """The return it belongs to, unless it brings what was bought."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", ParcelState(self.state))
        object.__setattr__(self, "purpose", Purpose(self.purpose))
        object.__setattr__(self, "units", {int(line_id): n for line_id, n in (self.units or {}).items()})
        object.__setattr__(self, "order_ids", tuple(self.order_ids or ()) or (self.order_id,))

    @property
    def pickup(self) -> tuple[datetime, datetime] | None:
        """When the courier comes, if the seller chose."""
        if self.pickup_from is None or self.pickup_until is None:
            return None
        return self.pickup_from.astimezone(UTC), self.pickup_until.astimezone(UTC)

    @property
    def is_combined(self) -> bool:
        """Whether several orders travel in it."""
        return len(self.order_ids) > 1

    @property
    def is_open(self) -> bool:
        """Whether anything can still happen to it."""
        return self.state in (ParcelState.AWAITING_COLLECTION, ParcelState.IN_TRANSIT)

    @property
    def units_count(self) -> int:
        return sum(self.units.values())

    @property
    def is_printable(self) -> bool:
        """Whether there is a label to print: it is not undone, and its carrier has numbered it."""
        is_numbered = self.tracking_number is not None or self.booking == "none"
        return is_numbered and self.state is not ParcelState.CANCELLED

    @property
    def is_told_by_hand(self) -> bool:
        """Whether no carrier reports about it, so that the seller says what happens."""
        return self.booking in ("none", "refused") and self.method == "own_number"


@dataclass(frozen=True, slots=True)
class TrackingEvent:
    """One report about a parcel; `zone` is that of the place."""

    id: int
    parcel_id: int
    status: str
    raw_code: str
    description: str
    place: str
    zone: str
    occurred_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class KeptNumber:
    """A tracking number a parcel has or had."""

    parcel_id: int
    carrier: str
    number: str
    is_current: bool
    entered_at: datetime
    replaced_at: datetime | None


@dataclass(frozen=True, slots=True)
class OrderTracking:
    """What a list shows of an order under way."""

    order_id: int
    parcel_id: int
    state: ParcelState
    carrier: str
    tracking_number: str | None
    booking: str
    last_status: str
    last_event_at: datetime | None
    arranged_at: datetime
    collected_at: datetime | None
    eta_until: datetime | None
    is_delayed: bool
    parcels: int
    delivered: int
    place: str | None
    zone: str | None
    description: str | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", ParcelState(self.state))


@dataclass(frozen=True, slots=True)
class SilentParcel:
    """A parcel under way whose carrier may be asked."""

    shop_id: int
    id: int
    carrier: str
    tracking_number: str
    asked_at: datetime | None
    last_event_at: datetime | None
    arranged_at: datetime


@dataclass(frozen=True, slots=True)
class ParcelKey:
    """Which parcel."""

    shop_id: int
    parcel_id: int


@dataclass(frozen=True, slots=True)
class ShopPlace:
    """Where a shop is: codes of province and city, and its IANA zone."""

    shop_id: int
    name: str
    province: str
    city: str
    zone: str


async def insert_parcel(tx: Tx, parcel: Parcel) -> None:
    """Write a new parcel with its orders and lines."""
    await tx.run(
        statements["insert_parcel"],
        shop_id=parcel.shop_id,
        parcel_id=parcel.id,
        method=parcel.method,
        carrier=parcel.carrier,
        service=parcel.service,
        tracking_number=parcel.tracking_number,
        booking=parcel.booking,
        insured=parcel.insured,
        created_at=parcel.created_at,
        at=parcel.arranged_at,
        eta_from=parcel.eta_from,
        eta_until=parcel.eta_until,
        pickup_from=parcel.pickup_from,
        pickup_until=parcel.pickup_until,
        purpose=parcel.purpose,
        case_id=parcel.case_id,
    )
    await tx.run(
        statements["insert_parcel_orders"],
        shop_id=parcel.shop_id,
        parcel_id=parcel.id,
        order_ids=list(parcel.order_ids),
    )
    await tx.run(
        statements["insert_parcel_lines"],
        shop_id=parcel.shop_id,
        parcel_id=parcel.id,
        line_ids=list(parcel.units),
        quantities=list(parcel.units.values()),
    )


async def parcels_of_order(tx: Tx, *, shop_id: int, order_id: int) -> list[Parcel]:
    """The parcels that bring what was bought, as the order sees them, cancelled ones too, first arranged first."""
    return await tx.all(statements["parcels_of_order"], Parcel, shop_id=shop_id, order_id=order_id)


async def parcels_of_returns(tx: Tx, *, shop_id: int, order_id: int) -> list[Parcel]:
    """What was sent because of returns of the order, back or again, cancelled ones too, first arranged first."""
    return await tx.all(statements["parcels_of_returns"], Parcel, shop_id=shop_id, order_id=order_id)


async def parcels_of_orders(tx: Tx, *, shop_id: int, order_ids: Sequence[int]) -> dict[int, list[Parcel]]:
    """The parcels of some orders as each order sees them, cancelled ones too, first arranged first."""
    found: dict[int, list[Parcel]] = {}
    for row in await tx.all(statements["parcels_of_orders"], Parcel, shop_id=shop_id, order_ids=list(order_ids)):
        found.setdefault(row.order_id, []).append(row)
    return found


async def parcel_of_shop(tx: Tx, *, shop_id: int, parcel_id: int) -> Parcel | None:
    """The parcel, if it is this shop's."""
    return await tx.maybe(statements["parcel_of_shop"], Parcel, shop_id=shop_id, parcel_id=parcel_id)


async def lock_parcel_orders(tx: Tx, parcel: Parcel) -> list[int]:
    """The orders that have units in the parcel now, in key order; until the end nobody takes one out."""
    return await tx.values(statements["lock_parcel_orders"], int, shop_id=parcel.shop_id, parcel_id=parcel.id)


async def take_out(tx: Tx, parcel: Parcel) -> None:
    """Take an order out of a parcel that goes on with others; `parcel` is as that order sees it."""
    keys = {"shop_id": parcel.shop_id, "parcel_id": parcel.id}
    await tx.run(statements["take_lines_out"], **keys, line_ids=list(parcel.units))
    await tx.run(statements["take_order_out"], **keys, order_id=parcel.order_id)


async def compare_and_set(
    tx: Tx, parcel: Parcel, to: ParcelState, *, sources: Sequence[ParcelState], at: datetime
) -> bool:
    """Move the parcel if it still stands in one of the sources; whether it did."""
    params = {"shop_id": parcel.shop_id, "parcel_id": parcel.id, "to": to, "sources": list(sources), "at": at}
    return await tx.run(statements["set_parcel_state"], **params) == 1


async def end_units(tx: Tx, parcel: Parcel) -> None:
    """Keep that the parcel's units were taken off the order that sees it."""
    await tx.run(statements["end_units"], shop_id=parcel.shop_id, parcel_id=parcel.id, order_id=parcel.order_id)


async def set_booking(
    tx: Tx, parcel: Parcel, *, booking: str, at: datetime, tracking_number: str | None = None, note: str = ""
) -> None:
    """Keep what became of the booking; a number the parcel has already stays."""
    await tx.run(
        statements["set_booking"], shop_id=parcel.shop_id, parcel_id=parcel.id, booking=booking,
        tracking_number=tracking_number, note=note, at=at,
    )  # fmt: skip


async def set_number(
    tx: Tx, parcel: Parcel, *, carrier: str, service: str, number: str, booking: str, at: datetime
) -> None:
    """Replace the tracking number, and who carries the parcel."""
    await tx.run(
        statements["set_number"], shop_id=parcel.shop_id, parcel_id=parcel.id, carrier=carrier, service=service,
        tracking_number=number, booking=booking, at=at,
    )  # fmt: skip


async def set_delay_note(tx: Tx, parcel: Parcel, *, note: str, at: datetime) -> None:
    """Keep what the seller says about a delay."""
    await tx.run(statements["set_delay_note"], shop_id=parcel.shop_id, parcel_id=parcel.id, note=note, at=at)


async def set_asked_at(tx: Tx, *, shop_id: int, parcel_id: int, at: datetime) -> None:
    """Keep when the carrier was asked."""
    await tx.run(statements["set_asked_at"], shop_id=shop_id, parcel_id=parcel_id, at=at)


async def parcels_to_ask(tx: Tx) -> list[SilentParcel]:
    """Parcels under way, those not asked about for the longest time first."""
    return await tx.all(statements["parcels_to_ask"], SilentParcel, limit=ASK_BATCH_MAX)


async def keep_number(tx: Tx, parcel: Parcel, *, number: str, entered_by: int | None, at: datetime) -> None:
    """Remember that this number of the parcel's carrier names the parcel."""
    await tx.run(
        statements["keep_number"], carrier=parcel.carrier, number=number, shop_id=parcel.shop_id, parcel_id=parcel.id,
        entered_by=entered_by, at=at,
    )  # fmt: skip


async def replace_numbers(tx: Tx, parcel: Parcel, *, at: datetime) -> None:
    """The parcel's numbers so far are history."""
    await tx.run(statements["replace_numbers"], shop_id=parcel.shop_id, parcel_id=parcel.id, at=at)


async def owners_of_number(tx: Tx, *, carrier: str, number: str) -> list[ParcelKey]:
    """The parcels that this number names now; more than one if sellers insisted."""
    return await tx.all(statements["owners_of_number"], ParcelKey, carrier=carrier, number=number)


async def numbers_of_order(tx: Tx, *, shop_id: int, order_id: int) -> list[KeptNumber]:
    """Every number the order's parcels ever had, newest first."""
    return await tx.all(statements["numbers_of_order"], KeptNumber, shop_id=shop_id, order_id=order_id)


async def events_of_order(tx: Tx, *, shop_id: int, order_id: int) -> list[TrackingEvent]:
    """What was reported about the order's parcels, newest first."""
    return await tx.all(statements["events_of_order"], TrackingEvent, shop_id=shop_id, order_id=order_id)


async def tracking_of_orders(tx: Tx, *, shop_id: int, order_ids: Sequence[int]) -> dict[int, OrderTracking]:
    """The latest tracking of each of a list's orders, by order id; orders without parcels are left out."""
    found = await tx.all(
        statements["tracking_of_orders"], OrderTracking, shop_id=shop_id, order_ids=list(order_ids)[:LIST_ORDERS_MAX]
    )
    return {row.order_id: row for row in found}


async def place_of_shop(tx: Tx, *, shop_id: int) -> ShopPlace:
    """Where the shop is; raises LookupError for a shop that does not exist."""
    return await tx.one(statements["place_of_shop"], ShopPlace, shop_id=shop_id)


async def weight_of_parcel(tx: Tx, *, shop_id: int, parcel_id: int) -> int:
    """Grams of what lies in the parcel."""
    return await tx.value(statements["weight_of_parcel"], int, shop_id=shop_id, parcel_id=parcel_id) or 0
