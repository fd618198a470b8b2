"""Shipping in the story: parcels are arranged, corrected, scanned and delivered, and the order follows them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from demo.loading.orders import OrderStory
from demo.loading.parcels import BY_CARRIER, ParcelStory, Scan, new_number, place_of
from etalase.commerce.accounts import regions
from etalase.commerce.orders.facts import OrderArranged, OrderDelivered, OrderInTransit
from etalase.commerce.orders.rules import Move
from etalase.commerce.shipping import facts, rates, rules
from etalase.commerce.shipping.rules import OWN_COURIER, ParcelState, ParcelUnits
from etalase.commerce.shipping.tracking import BY_HAND
from etalase.foundation.deadlines import rules as due
from etalase.foundation.facts import Actor
from etalase.foundation.facts.model import CARRIER
from etalase.integrations.carriers import registry
from etalase.integrations.carriers.sandbox.mapping import ATTEMPT_REASONS

BOOKED_AFTER = timedelta(seconds=40)
HEARD_AFTER = timedelta(seconds=25)


def arrange(
    order: OrderStory, at: datetime, *, units: Mapping[int, int] | None = None, number: str | None = None,
    is_insured: bool = False,
) -> ParcelStory:  # fmt: skip
    """Put units (none: all that are left) into a parcel; with a number if the shop has one of its own."""
    telling, by = order.telling, order.seller
    carrier, service = order.copy.delivery["carrier"], order.copy.delivery["service"]
    is_own = carrier == OWN_COURIER
    parcel = ParcelStory(
        shop_id=order.shop.shop_id, id=telling.ids.at(at), order_id=order.id,
        method="own_number" if number or is_own else telling.dice.choice(("pickup", "pickup", "drop_off")),
        carrier=carrier, service=service, number=None, booking="none" if is_own else "booked",
        units=dict(units or units_left(order)), arranged_at=at, insured=is_insured,
        **eta(order, carrier, service, at),
    )  # fmt: skip
    order.parcels.append(parcel)
    if number:
        _number(order, parcel, number, entered_by=by.id, at=at)
    order.tell(
        facts.ParcelArranged, by=by, at=at, subject_id=parcel.id, carrier=carrier, service=service, method=parcel.method,
        tracking_number=number, units=sum(parcel.units.values()),
    )  # fmt: skip
    order.stock("shipment", parcel.units, at=at)
    follow(order, at, by=by)
    if not number and not is_own:
        _book(order, parcel, at=at + BOOKED_AFTER)
    return parcel


def _book(order: OrderStory, parcel: ParcelStory, *, at: datetime) -> None:
    """The carrier takes the booking and gives a number."""
    if at > order.telling.now:
        parcel.booking = "waiting"
        return
    number = new_number(parcel.carrier, dice=order.telling.dice, taken=order.telling.numbers)
    _number(order, parcel, number, entered_by=None, at=at)
    parcel.report(
        order.telling,
        Scan("BKD", place_of(order.shop.city, order.shop.province), at),
        vendor=BY_CARRIER,
        recorded_at=at,
    )
    order.tell(
        facts.ParcelBooked, by=CARRIER, at=at, subject_id=parcel.id, carrier=parcel.carrier, tracking_number=number
    )


def _number(order: OrderStory, parcel: ParcelStory, number: str, *, entered_by: int | None, at: datetime) -> None:
    parcel.number_it(number, entered_by=entered_by, at=at)
    order.more_words.append(number)


def eta(order: OrderStory, carrier: str, service: str, at: datetime) -> dict[str, Any]:
    """When a parcel should arrive that is handed over now."""
    known = registry.carrier(carrier).service(service)
    extra = route_days(order)
    return {
        "eta_from": at + timedelta(days=known.days_min + extra), "eta_until": at + timedelta(days=known.days_max + extra)
    }  # fmt: skip


def route_days(order: OrderStory) -> int:
    """How many days the way takes on top of the service's own."""
    address = order.address
    return rates.route(
        regions.shipping_zone(order.shop.province, order.shop.city),
        regions.shipping_zone(address["province_code"], address["city_code"]),
    ).days


def units_left(order: OrderStory) -> dict[int, int]:
    """Units that lie in no parcel."""
    return rules.units_left({line.id: line.open for line in order.lines}, _packed(order))


def _packed(order: OrderStory) -> list[ParcelUnits]:
    return [ParcelUnits(parcel.state, parcel.units) for parcel in order.parcels]


def follow(order: OrderStory, at: datetime, *, by: Actor) -> None:
    """The order goes where its parcels and open units say it is."""
    open_units = {line.id: line.open for line in order.lines}
    if not any(open_units.values()):
        return
    for move in rules.moves_to(order.state, rules.order_state(open_units, _packed(order))):
        _follow_one(order, move, at, by=by)
        order.move(move, at=at)


def _follow_one(order: OrderStory, move: Move, at: datetime, *, by: Actor) -> None:
    if move is Move.ARRANGE:
        order.clocks.stop("ship.autocancel", at=at)
        order.clocks.start(*due.collection_clocks(arranged_at=at, **order.keys, **order.promise), at=at)
        order.tell(OrderArranged, by=by, at=at)
    elif move is Move.COLLECT:
        order.clocks.stop("ship.sla", "collect.autocancel", at=at)
        if any(p.carrier == OWN_COURIER and p.state is ParcelState.IN_TRANSIT for p in order.parcels):
            order.clocks.start(due.own_courier_due(at, order.book).clock("ship.own_courier_max", **order.keys), at=at)
        order.tell(OrderInTransit, by=by, at=at)
    else:
        order.clocks.stop("ship.own_courier_max", at=at)
        order.clocks.start(due.autocomplete_due(at, order.book).clock("deliver.autocomplete", **order.keys), at=at)
        if order.is_cod:
            order.telling.post(
                **order.keys, taken_from="escrow", put_to="cod_receivable", amount_minor=order.kept_minor, cause="capture", at=at
            )  # fmt: skip
        order.tell(OrderDelivered, by=by, at=at)
        order.money.collect_cash(order, at)


def correct_number(order: OrderStory, parcel: ParcelStory, at: datetime) -> None:
    """The shop had typed another parcel's number."""
    old, by = parcel.number or "", order.seller
    number = new_number(parcel.carrier, dice=order.telling.dice, taken=order.telling.numbers)
    _number(order, parcel, number, entered_by=by.id, at=at)
    order.tell(
        facts.TrackingNumberCorrected, by=by, at=at, subject_id=parcel.id, carrier=parcel.carrier, old_number=old,
        new_number=number,
    )  # fmt: skip


def note_delay(order: OrderStory, parcel: ParcelStory, at: datetime, note: str) -> None:
    """The shop tells of a delay."""
    parcel.delay_note, parcel.delayed_at = note, at
    order.tell(facts.DelayNoted, by=order.seller, at=at, subject_id=parcel.id, note=note)


def scan(order: OrderStory, parcel: ParcelStory, report: Scan) -> bool:
    """Take in a report of the carrier, or of the shop for its own courier; false if it lies in the future."""
    by_hand = parcel.carrier == OWN_COURIER
    at = report.at if by_hand else report.at + HEARD_AFTER
    if at > order.telling.now:
        return False
    by = order.seller if by_hand else CARRIER
    parcel.report(order.telling, report, vendor=BY_HAND if by_hand else BY_CARRIER, recorded_at=at)
    if parcel.state is ParcelState.CANCELLED:
        return True
    state = rules.journey_of(parcel.told).state
    if rules.is_parcel_move(parcel.state, state):
        _tell_move(order, parcel, state, by=by, at=at)
        parcel.state = state
    if report.code == "FLD":
        order.tell(
            facts.DeliveryFailed,
            by=by,
            at=at,
            subject_id=parcel.id,
            reason=ATTEMPT_REASONS[report.reason or "nobody_home"],
        )
    follow(order, at, by=by)
    return True


def _tell_move(order: OrderStory, parcel: ParcelStory, state: ParcelState, *, by: Actor, at: datetime) -> None:
    about: dict[str, Any] = {"by": by, "at": at, "subject_id": parcel.id}
    if parcel.state is ParcelState.AWAITING_COLLECTION:
        number = parcel.number or ""
        order.tell(facts.ParcelCollected, **about, carrier=parcel.carrier, tracking_number=number)
    if state is ParcelState.DELIVERED:
        parcel.received_by = order.address["recipient"][:80]
        order.tell(facts.ParcelDelivered, **about, received_by=parcel.received_by, is_paid_to_courier=order.is_cod)
    elif state is ParcelState.RETURNED:
        order.tell(facts.ParcelReturned, **about)
    elif state is ParcelState.LOST:
        order.tell(facts.ParcelLost, **about)


def cancel_parcels(order: OrderStory, at: datetime, *, by: Actor, reason: str) -> None:
    """Undo the parcels that no courier has taken; their units are promised to the order again."""
    for parcel in order.parcels:
        if parcel.state is not ParcelState.AWAITING_COLLECTION:
            continue
        parcel.state = ParcelState.CANCELLED
        parcel.drop_numbers(at=at)
        order.tell(facts.ParcelCancelled, by=by, at=at, subject_id=parcel.id, reason=reason)
        order.stock("return", parcel.units, at=at)
        order.stock("reservation", parcel.units, at=at)
