"""What happened to a parcel on its way, told by carriers, or by the seller where no carrier tells."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol

from etalase.commerce.orders import actions as orders
from etalase.commerce.orders.rules import Order
from etalase.commerce.shipping import many, queries, rules
from etalase.commerce.shipping.actions import lock_parcel
from etalase.commerce.shipping.errors import NotByHand, ParcelMovedOn, ParcelNotFound
from etalase.commerce.shipping.facts import (
    DeliveryFailed,
    ParcelCollected,
    ParcelDelivered,
    ParcelLost,
    ParcelReturned,
    ReturnParcelMoved,
)
from etalase.commerce.shipping.many import NewEvent, NewJourney, OrderKey, ParcelKey, Travelling
from etalase.commerce.shipping.progress import follow_all
from etalase.commerce.shipping.queries import TrackingEvent
from etalase.commerce.shipping.rules import ParcelState, Purpose
from etalase.commerce.shipping.steps import Step, steps_of
from etalase.foundation import clock
from etalase.foundation.facts import Actor, Fact, record
from etalase.foundation.facts.model import CARRIER
from etalase.foundation.i18n import N_
from etalase.foundation.ids import ID_MAX, new_id
from etalase.foundation.sql import Db, Tx

BY_HAND = "seller"
"""The vendor of what sellers tell about parcels that no carrier reports about."""
RECEIVER_CHARS_MAX = 80
TEXT_CHARS_MAX = 300


class Report(Protocol):
    """One thing that a carrier reports, as the integrations translate it."""

    @property
    def vendor_event_id(self) -> str: ...
    @property
    def carrier_code(self) -> str: ...
    @property
    def tracking_number(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def zone(self) -> str: ...
    @property
    def occurred_at(self) -> datetime: ...
    @property
    def receiver_name(self) -> str | None: ...
    @property
    def attempt_reason(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Told:
    """A report and whom it is about: (shop_id, parcel_id) where it names our reference; else its number finds the parcels."""

    report: Report
    parcel: ParcelKey | None = None


@dataclass(frozen=True, slots=True)
class _News:
    """A report about one parcel that nobody told us before."""

    report: Report
    event: TrackingEvent


async def record_tracking(
    db: Db, report: Report, *, vendor: str, parcel: ParcelKey | None = None, by: Actor = CARRIER
) -> int:
    """Take in a report, whatever was reported before or after; returns for how many parcels it was news.

    `parcel` is (shop_id, parcel_id) where the report names our reference; otherwise the carrier's number finds it.
    The same report again changes nothing; states only move forward; an order that has finished stays as it is.
    Raises ParcelNotFound.
    """
    async with db.any().transaction() as tx:
        (news,) = await record_reports(tx, [Told(report, parcel)], vendor=vendor, by=by)
    if news is None:
        raise ParcelNotFound(report.tracking_number)
    return news


async def record_reports(tx: Tx, told: Sequence[Told], *, vendor: str, by: Actor = CARRIER) -> list[int | None]:
    """Take in reports as `record_tracking` does each of them in this order, with few statements however many there are.

    Returns for each for how many parcels it was news; none if no parcel was found.
    """
    at = clock.now()
    owners = [await _owners(tx, one) for one in told]
    locked, parcels = await _lock(tx, sorted({key for keys in owners for key in keys}))
    events = [
        (index, parcel, _News(one.report, _event_of(parcel, one.report, at=at)))
        for index, (one, keys) in enumerate(zip(told, owners, strict=True))
        for parcel in map(parcels.get, keys)
        if parcel is not None and not _is_of_replaced_number(parcel, one.report)
    ]
    new = await _write(tx, [(parcel, news) for _, parcel, news in events], vendor=vendor, at=at)
    await _move_on(tx, [(parcel, news) for _, parcel, news in events if news.event.id in new], locked, by=by, at=at)
    counts = Counter(index for index, _, news in events if news.event.id in new)
    return [counts[index] if any(key in parcels for key in keys) else None for index, keys in enumerate(owners)]


async def _owners(tx: Tx, told: Told) -> list[ParcelKey]:
    if told.parcel is not None:
        return [told.parcel] if all(0 < part <= ID_MAX for part in told.parcel) else []
    report = told.report
    found = await queries.owners_of_number(tx, carrier=report.carrier_code, number=report.tracking_number)
    return [(owner.shop_id, owner.parcel_id) for owner in found]


async def _lock(tx: Tx, keys: Sequence[ParcelKey]) -> tuple[dict[OrderKey, Order], dict[ParcelKey, Travelling]]:
    """The parcels, and their orders locked in key order: these locks guard the parcels."""
    if not keys:
        return {}, {}
    found = await orders.lock_all(tx, await many.orders_of_parcels(tx, keys))
    return {(order.shop_id, order.id): order for order in found}, await many.travelling(tx, keys)


async def _write(tx: Tx, events: Sequence[tuple[Travelling, _News]], *, vendor: str, at: datetime) -> set[int]:
    """Write the reports down; returns the ids of those that are new."""
    rows = [NewEvent(parcel.shop_id, news.report.vendor_event_id, news.event) for parcel, news in events]
    return await many.insert_events(tx, rows, vendor=vendor, at=at) if rows else set()


async def _move_on(
    tx: Tx, events: Sequence[tuple[Travelling, _News]], locked: Mapping[OrderKey, Order], *, by: Actor, at: datetime
) -> None:
    """Let parcels, and the orders of those that moved, go where the new reports say they are."""
    fresh: dict[ParcelKey, list[_News]] = {}
    parcels = {parcel.key: parcel for parcel, _ in events if parcel.state is not ParcelState.CANCELLED}
    for parcel, news in events:
        fresh.setdefault(parcel.key, []).append(news)
    if not parcels:
        return
    known = await many.reports_of_parcels(tx, list(parcels))
    journeys, facts, moved = [], [], []
    for key, parcel in parcels.items():
        ids = {news.event.id for news in fresh[key]}
        before = [report for report in known.get(key, ()) if report.id not in ids]
        steps = steps_of(parcel.state, before, [news.event for news in fresh[key]])
        travellers = [locked[k] for k in ((parcel.shop_id, order_id) for order_id in parcel.order_ids) if k in locked]
        journeys.append(_journey(parcel, steps[-1], fresh[key]))
        for news, step in zip(fresh[key], steps, strict=True):
            facts += [fact for order in travellers for fact in _facts_of(parcel, order, step, news.report)]
        moved += travellers if steps[-1].state is not parcel.state else []
    if await many.set_journeys(tx, journeys, at=at) != len(journeys):
        raise RuntimeError("a parcel moved although its orders are locked")
    if facts:
        await record(tx, *facts, by=by, at=at)
    followed = list({(order.shop_id, order.id): order for order in moved}.values())
    stayed = [
        order
        for order, now in zip(followed, await follow_all(tx, followed, by=by, at=at), strict=True)
        if order.state is now.state
    ]
    await orders.touch(tx, stayed, at=at)


def _is_of_replaced_number(parcel: Travelling, report: Report) -> bool:
    """A number the seller has corrected belongs to somebody else's parcel; its reports are not this one's."""
    return (
        parcel.method == "own_number"
        and parcel.tracking_number is not None
        and report.tracking_number != parcel.tracking_number
    )


def _event_of(parcel: Travelling, report: Report, *, at: datetime) -> TrackingEvent:
    description = report.attempt_reason if report.status == "delivery_failed" else None
    return TrackingEvent(
        id=new_id(),
        parcel_id=parcel.id,
        status=str(report.status),
        raw_code=report.code[:TEXT_CHARS_MAX],
        description=(description or report.description)[:TEXT_CHARS_MAX],
        place=report.place[:TEXT_CHARS_MAX],
        zone=report.zone,
        occurred_at=report.occurred_at,
        recorded_at=at,
    )


def _journey(parcel: Travelling, last: Step, fresh: Sequence[_News]) -> NewJourney:
    """What is kept of the parcel: when it should arrive moves with when it was collected."""
    eta = parcel.eta_from, parcel.eta_until
    if last.journey.collected_at is not None:
        known = parcel.collected_at or parcel.pickup_from or parcel.arranged_at
        eta = tuple(  # type: ignore[assignment]
            rules.shifted(moment, known_from=known, now_from=last.journey.collected_at) for moment in eta
        )
    receivers = [news.report.receiver_name for news in fresh if news.report.receiver_name]
    received_by = (receivers[-1] if receivers else "")[:RECEIVER_CHARS_MAX]
    return NewJourney(parcel, last.state, last.journey, received_by, eta)


def _facts_of(parcel: Travelling, order: Order, step: Step, report: Report) -> Iterator[Fact]:
    """What the report means for one of the parcel's orders."""
    about = {"shop_id": parcel.shop_id, "subject_id": parcel.id, "order_id": order.id, "buyer_id": order.buyer_id}
    if parcel.case_id is not None:
        if step.left:
            number = parcel.tracking_number or report.tracking_number
            yield ReturnParcelMoved(
                **about, case_id=parcel.case_id, purpose=parcel.purpose.value, state=step.state.value,
                carrier=parcel.carrier, tracking_number=number,
            )  # fmt: skip
        return
    if step.left is ParcelState.AWAITING_COLLECTION:
        number = parcel.tracking_number or report.tracking_number
        yield ParcelCollected(**about, carrier=parcel.carrier, tracking_number=number)
    if step.left and step.state is ParcelState.DELIVERED:
        received_by = (report.receiver_name or "")[:RECEIVER_CHARS_MAX]
        yield ParcelDelivered(**about, received_by=received_by, is_paid_to_courier=order.is_cod)
    elif step.left and step.state is ParcelState.RETURNED:
        yield ParcelReturned(**about)
    elif step.left and step.state is ParcelState.LOST:
        yield ParcelLost(**about)
    if report.status == "delivery_failed" and step.journey.state is ParcelState.IN_TRANSIT:
        yield DeliveryFailed(**about, reason=report.attempt_reason or "")


async def hand_over(db: Db, *, shop_id: int, parcel_id: int, by: Actor) -> None:
    """The seller says: the courier has it. Raises ParcelNotFound, NotByHand, ParcelMovedOn."""
    await _tell(db, shop_id=shop_id, parcel_id=parcel_id, by=by, status="collected", received_by=None)


async def deliver_by_hand(db: Db, *, shop_id: int, parcel_id: int, by: Actor, received_by: str) -> None:
    """The seller says: it is at the door, and who took it. Raises ParcelNotFound, NotByHand, ParcelMovedOn."""
    await _tell(db, shop_id=shop_id, parcel_id=parcel_id, by=by, status="delivered", received_by=received_by.strip())


async def _tell(db: Db, *, shop_id: int, parcel_id: int, by: Actor, status: str, received_by: str | None) -> None:
    async with db.for_shop(shop_id).transaction() as tx:
        _, parcel = await lock_parcel(tx, shop_id=shop_id, parcel_id=parcel_id)
        if not parcel.is_told_by_hand or parcel.purpose is Purpose.WAY_BACK:
            raise NotByHand
        if not rules.is_parcel_move(parcel.state, rules.STATE_OF_STATUS[status]):
            raise ParcelMovedOn(parcel.state)
        place = await queries.place_of_shop(tx, shop_id=shop_id)
        report = _ByHand(
            status=status,
            tracking_number=parcel.tracking_number or "",
            zone=place.zone,
            receiver_name=received_by or None,
        )
        await record_reports(tx, [Told(report, (shop_id, parcel_id))], vendor=BY_HAND, by=by)


class _ByHand:
    """What a seller says, in the shape of a carrier's report; each can be said once."""

    carrier_code = rules.OWN_COURIER
    place = ""
    attempt_reason = None
    texts: ClassVar = {
        "collected": N_("Handed to the courier by the shop"),
        "delivered": N_("Delivered, says the shop"),
    }

    def __init__(self, *, status: str, tracking_number: str, zone: str, receiver_name: str | None) -> None:
        self.vendor_event_id = self.code = self.status = status
        self.description = self.texts[status]
        self.tracking_number = tracking_number
        self.zone = zone
        self.receiver_name = receiver_name
        self.occurred_at = clock.now()
