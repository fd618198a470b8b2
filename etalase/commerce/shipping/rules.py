"""What delivery costs and when it arrives; where a parcel and its order stand after all that was reported. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from etalase.commerce.accounts import regions
from etalase.commerce.orders.rules import Move, Order
from etalase.commerce.orders.rules import State as OrderState
from etalase.commerce.shipping import rates
from etalase.commerce.shipping.errors import NotCombinable, NothingToShip, NothingToSplit, TooManyUnits
from etalase.foundation.deadlines.rules import ship_due
from etalase.foundation.i18n import N_
from etalase.foundation.policies.calendar import WorkingCalendar
from etalase.foundation.policies.rules import PolicyBook, book_of, frozen

NOT_FOR_BUYERS = frozenset({"any"})
OWN_COURIER = "own"


class ServiceOffer(Protocol):
    """A carrier's service, as the registry of carriers describes it."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def days_min(self) -> int: ...
    @property
    def days_max(self) -> int: ...


class CarrierOffer(Protocol):
    """A carrier with its services, as the registry of carriers describes it."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def services(self) -> Sequence[ServiceOffer]: ...


class Origin(Protocol):
    """The shop that sends: where it is, its IANA zone, and the codes of the carriers it works with."""

    @property
    def shop_id(self) -> int: ...
    @property
    def province(self) -> str: ...
    @property
    def city(self) -> str: ...
    @property
    def zone(self) -> str: ...
    @property
    def carriers(self) -> Sequence[str]: ...


class Destination(Protocol):
    """Where it goes: codes of province and city."""

    @property
    def province(self) -> str: ...
    @property
    def city(self) -> str: ...


@dataclass(frozen=True, slots=True)
class DeliveryOption:
    """One way to have it brought, with its price and the days (in the shop's zone) it is promised for."""

    carrier: str
    service: str
    carrier_name: str
    service_name: str
    kind: str
    price_minor: int
    currency: str
    promised_from: date
    promised_until: date


def delivery_options(
    *,
    shop: Origin,
    address: Destination,
    weight_grams: int,
    carriers: Iterable[CarrierOffer],
    now: datetime,
    calendar: WorkingCalendar,
    book: PolicyBook,
    handling_days: int = 1,
    only: tuple[str, str] | None = None,
) -> list[DeliveryOption]:
    """Every service that can bring this weight there, cheapest first; empty if none can.

    `carriers` may be the whole registry: those the shop does not work with are left out. `handling_days` is the
    largest of the products in the parcel; `only` asks for one (carrier, service). Raises KeyError for a province that does not exist.
    """
    way = rates.route(
        regions.shipping_zone(shop.province, shop.city), regions.shipping_zone(address.province, address.city)
    )
    is_same_city = shop.city == address.city
    binding = book_of(frozen(book, shop_id=shop.shop_id))
    ship_by = ship_due(now, zone=shop.zone, calendar=calendar, book=binding, handling_days=handling_days).due_at
    found = [
        _option(carrier, service, way=way, kg=rates.chargeable_kg(weight_grams), is_same_city=is_same_city,
                leaves=ship_by.astimezone(ZoneInfo(shop.zone)).date(), calendar=calendar)
        for carrier in carriers
        if carrier.code in shop.carriers and carrier.code not in NOT_FOR_BUYERS
        for service in carrier.services
        if only in (None, (carrier.code, service.code))
        and _goes(carrier, service, way=way, weight_grams=weight_grams, is_same_city=is_same_city)
    ]  # fmt: skip
    return sorted(found, key=lambda option: (option.price_minor, option.promised_until, option.carrier, option.service))


def _goes(
    carrier: CarrierOffer, service: ServiceOffer, *, way: rates.Route, weight_grams: int, is_same_city: bool
) -> bool:
    kind = rates.kind_rate(str(service.kind))
    if kind is None or weight_grams < kind.from_grams or rates.chargeable_kg(weight_grams) > kind.kg_max:
        return False
    if carrier.code == OWN_COURIER or service.kind == "same_day":
        return is_same_city
    return way.has_express or service.kind != "express"


def _option(
    carrier: CarrierOffer,
    service: ServiceOffer,
    *,
    way: rates.Route,
    kg: int,
    is_same_city: bool,
    leaves: date,
    calendar: WorkingCalendar,
) -> DeliveryOption:
    kind = rates.kind_rate(str(service.kind))
    assert kind is not None  # noqa: S101 - `_goes` let it through
    return DeliveryOption(
        carrier=carrier.code,
        service=service.code,
        carrier_name=carrier.name,
        service_name=service.name,
        kind=str(service.kind),
        price_minor=rates.price_minor(way, kind=kind, carrier=carrier.code, kg=kg, is_same_city=is_same_city),
        currency=rates.currency(),
        promised_from=leaves + timedelta(days=service.days_min + way.days),
        # couriers fall behind on holidays: the last day promised is one on which everybody works
        promised_until=calendar.first_working_day(leaves + timedelta(days=service.days_max + way.days)),
    )


class ParcelState(StrEnum):
    """Where a parcel stands; it only ever goes forward."""

    AWAITING_COLLECTION = "awaiting_collection"
    IN_TRANSIT = "in_transit"
    DELIVERED = "delivered"
    RETURNED = "returned"
    LOST = "lost"
    CANCELLED = "cancelled"


class Purpose(StrEnum):
    """What a parcel is sent for; the order follows those alone that bring what was bought."""

    ORDER = "order"
    REPLACEMENT = "replacement"
    WAY_BACK = "way_back"


P = ParcelState
PARCEL_MOVES: dict[ParcelState, tuple[ParcelState, ...]] = {
    P.AWAITING_COLLECTION: (P.IN_TRANSIT, P.DELIVERED, P.RETURNED, P.LOST, P.CANCELLED),
    P.IN_TRANSIT: (P.DELIVERED, P.RETURNED, P.LOST),
    P.DELIVERED: (),
    P.RETURNED: (),
    P.LOST: (),
    P.CANCELLED: (),
}
"""From where to where. A carrier whose first word is "delivered" skips a step; nothing ever goes back."""

STATE_OF_STATUS: dict[str, ParcelState] = {
    "booked": P.AWAITING_COLLECTION,
    "collected": P.IN_TRANSIT,
    "in_transit": P.IN_TRANSIT,
    "out_for_delivery": P.IN_TRANSIT,
    "delivery_failed": P.IN_TRANSIT,
    "delivered": P.DELIVERED,
    "returned": P.RETURNED,
    "lost": P.LOST,
}
STATUSES = tuple(STATE_OF_STATUS)
FAILED = (P.RETURNED, P.LOST)


def is_parcel_move(state: ParcelState, to: ParcelState) -> bool:
    """Whether a parcel in `state` may go to `to`."""
    return to in PARCEL_MOVES[state]


class Reported(Protocol):
    """What counts of a tracking event when asking where the parcel is."""

    @property
    def id(self) -> int: ...
    @property
    def status(self) -> str: ...
    @property
    def occurred_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Journey:
    """All that was reported about a parcel, summed up; the same whatever order the reports came in."""

    state: ParcelState
    last_status: str
    last_event_at: datetime | None
    collected_at: datetime | None
    delivered_at: datetime | None


def journey_of(events: Iterable[Reported]) -> Journey:
    """Sum up the reports; a final word (delivered, returned, lost) outweighs scans that came with a later time."""
    told = sorted(events, key=lambda event: (event.occurred_at, STATUSES.index(event.status)))
    if not told:
        return Journey(P.AWAITING_COLLECTION, "", None, None, None)
    final = next((event for event in told if not PARCEL_MOVES[STATE_OF_STATUS[event.status]]), None)
    moving = [event for event in told if STATE_OF_STATUS[event.status] is not P.AWAITING_COLLECTION]
    last = final or told[-1]
    delivered = final if final is not None and final.status == "delivered" else None
    return Journey(
        state=STATE_OF_STATUS[last.status] if final else (P.IN_TRANSIT if moving else P.AWAITING_COLLECTION),
        last_status=last.status,
        last_event_at=last.occurred_at,
        collected_at=moving[0].occurred_at if moving else None,
        delivered_at=delivered.occurred_at if delivered else None,
    )


def shifted(eta: datetime | None, *, known_from: datetime, now_from: datetime) -> datetime | None:
    """An expected arrival that was reckoned from one moment of collection, reckoned from another."""
    return None if eta is None else eta + (now_from - known_from)


@dataclass(frozen=True, slots=True)
class ParcelUnits:
    """A parcel's state and what lies in it: order line -> units."""

    state: ParcelState
    units: Mapping[int, int]


def units_left(open_units: Mapping[int, int], parcels: Iterable[ParcelUnits]) -> dict[int, int]:
    """Units of each order line that lie in no parcel yet; lines that are done are left out."""
    left = dict(open_units)
    for parcel in parcels:
        if parcel.state is P.CANCELLED:
            continue
        for line_id, quantity in parcel.units.items():
            left[line_id] = left.get(line_id, 0) - quantity
    return {line_id: quantity for line_id, quantity in left.items() if quantity > 0}


def chosen_units(left: Mapping[int, int], wanted: Mapping[int, int] | None) -> dict[int, int]:
    """What goes into a parcel: all that is left, or the units chosen of each line. Raises NothingToShip, TooManyUnits."""
    units = dict(left) if wanted is None else {line_id: n for line_id, n in wanted.items() if n}
    for line_id, quantity in units.items():
        if not 0 < quantity <= left.get(line_id, 0):
            raise TooManyUnits(line_id, left.get(line_id, 0))
    if not units:
        raise NothingToShip
    return units


def within(planned: Mapping[int, int], left: Mapping[int, int]) -> dict[int, int]:
    """What can still be packed of what was planned."""
    units = {line_id: min(quantity, left.get(line_id, 0)) for line_id, quantity in planned.items()}
    return {line_id: quantity for line_id, quantity in units.items() if quantity}


SPLIT_MAX = 20
COMBINE_MAX = 20
WHY_NOT_COMBINED: dict[str, str] = {
    "count": N_("Choose 2 to 20 orders."),
    "buyer": N_("The orders are not of the same buyer."),
    "address": N_("The orders do not go to the same address."),
    "service": N_("The buyer chose different carriers or services."),
    "payment": N_("Cash on delivery can't be combined with orders that are paid already."),
    "planned": N_("One of the orders is split or combined already."),
    "parcel": N_("Part of one of the orders is in a parcel already."),
}


def split_units(left: Mapping[int, int], groups: Sequence[Mapping[int, int]]) -> list[dict[int, int]]:
    """The parcels an order is split into: the groups chosen, and what they leave as one more.

    Raises TooManyUnits, NothingToShip (there is nothing left), NothingToSplit (it would all be in one parcel).
    """
    rest = dict(left)
    parcels = []
    for group in groups:
        if not any(group.values()):
            continue
        units = chosen_units({line_id: n for line_id, n in rest.items() if n}, group)
        rest = {line_id: n - units.get(line_id, 0) for line_id, n in rest.items()}
        parcels.append(units)
    rest = {line_id: n for line_id, n in rest.items() if n}
    if not left:
        raise NothingToShip
    parcels += [rest] if rest else []
    if not 1 < len(parcels) <= SPLIT_MAX:
        raise NothingToSplit
    return parcels


def check_combinable(orders: Sequence[Order]) -> None:
    """Raise NotCombinable unless these orders may travel in one parcel; one order always may."""
    first, *others = orders
    for other in others:
        if other.buyer_id != first.buyer_id:
            raise NotCombinable("buyer")
        if other.address != first.address:
            raise NotCombinable("address")
        if _way_of(other) != _way_of(first):
            raise NotCombinable("service")
        if (other.is_cod, other.currency) != (first.is_cod, first.currency):
            raise NotCombinable("payment")


def _way_of(order: Order) -> tuple[object, object]:
    return order.delivery.get("carrier"), order.delivery.get("service")


def order_state(open_units: Mapping[int, int], parcels: Sequence[ParcelUnits]) -> OrderState:
    """Where the order stands by its parcels (R16.d, R17.a, R18.e).

    An order waits for shipment until every open unit lies in a parcel, for collection until the last parcel is
    collected, and is delivered with the last. While a parcel that came back or was lost is among them, the order stays
    in transit: its money is dealt with first, so that nobody is paid for what did not arrive.
    """
    if units_left(open_units, parcels):
        return OrderState.AWAITING_SHIPMENT
    states = {parcel.state for parcel in parcels} - {P.CANCELLED}
    if not states:
        return OrderState.AWAITING_SHIPMENT
    if P.AWAITING_COLLECTION in states:
        return OrderState.AWAITING_COLLECTION
    return OrderState.DELIVERED if states == {P.DELIVERED} else OrderState.IN_TRANSIT


_WAY: tuple[tuple[OrderState, Move], ...] = (
    (OrderState.AWAITING_SHIPMENT, Move.ARRANGE),
    (OrderState.AWAITING_COLLECTION, Move.COLLECT),
    (OrderState.IN_TRANSIT, Move.DELIVER),
    (OrderState.DELIVERED, Move.COMPLETE),
)


def moves_to(state: OrderState, target: OrderState) -> tuple[Move, ...]:
    """The moves that take an order from where it is to where its parcels are, step by step; none if it has finished.

    The only way back is to undo what no courier has taken.
    """
    along = [step for step, _ in _WAY]
    if state not in along or target not in along:
        return ()
    start, end = along.index(state), along.index(target)
    if end < start:
        return (Move.UNARRANGE,) if state is OrderState.AWAITING_COLLECTION else ()
    return tuple(move for _, move in _WAY[start:end])
