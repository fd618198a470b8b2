"""What the carrier answers when a parcel is booked or its number is to be followed."""

from etalase.commerce.orders import actions as orders
from etalase.commerce.orders.rules import Order
from etalase.commerce.shipping import queries
from etalase.commerce.shipping.actions import about, keep_number, lock_parcel
from etalase.commerce.shipping.facts import BookingRefused, ParcelBooked, ReturnParcelBooked, ReturnParcelRefused
from etalase.commerce.shipping.of_returns import of_return
from etalase.commerce.shipping.queries import Parcel
from etalase.commerce.shipping.rules import ParcelState
from etalase.foundation import clock
from etalase.foundation.facts import Actor, Fact, record
from etalase.foundation.sql import Db

BOOKING_NOTE_CHARS_MAX = 200


async def booked(db: Db, *, shop_id: int, parcel_id: int, tracking_number: str, by: Actor) -> bool:
    """The carrier took the booking (or follows the number); whether the parcel is still to be carried.

    A parcel that was undone meanwhile stays undone: the caller has to call it back.
    """
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        locked, parcel = await lock_parcel(tx, shop_id=shop_id, parcel_id=parcel_id)
        if parcel.booking == "booked" or parcel.state is ParcelState.CANCELLED:
            return parcel.state is not ParcelState.CANCELLED
        if parcel.tracking_number not in (None, tracking_number):
            return True  # corrected while the carrier was asked: the answer is about the former number
        await queries.set_booking(tx, parcel, booking="booked", tracking_number=tracking_number, at=at)
        if parcel.tracking_number is None:
            await orders.touch(tx, locked, at=at)
            await keep_number(tx, parcel, number=tracking_number, entered_by=None, at=at)
            facts = [
                _booked(parcel, order, carrier=parcel.carrier, tracking_number=tracking_number) for order in locked
            ]
            await record(tx, *facts, by=by, at=at)
        return True


async def booking_refused(db: Db, *, shop_id: int, parcel_id: int, note: str, by: Actor) -> None:
    """The carrier will not take the parcel (or not follow the number); the seller sees why and chooses another way."""
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        locked, parcel = await lock_parcel(tx, shop_id=shop_id, parcel_id=parcel_id)
        if parcel.booking != "waiting" or parcel.state is ParcelState.CANCELLED:
            return
        text = note[:BOOKING_NOTE_CHARS_MAX]
        await queries.set_booking(tx, parcel, booking="refused", note=text, at=at)
        facts = [_refused(parcel, order, carrier=parcel.carrier, note=text) for order in locked]
        await record(tx, *facts, by=by, at=at)


def _booked(parcel: Parcel, order: Order, *, carrier: str, tracking_number: str) -> Fact:
    if parcel.case_id is not None:
        return ReturnParcelBooked(**of_return(parcel, order), carrier=carrier, tracking_number=tracking_number)
    return ParcelBooked(**about(parcel, order), carrier=carrier, tracking_number=tracking_number)


def _refused(parcel: Parcel, order: Order, *, carrier: str, note: str) -> Fact:
    if parcel.case_id is not None:
        return ReturnParcelRefused(**of_return(parcel, order), carrier=carrier, note=note)
    return BookingRefused(**about(parcel, order), carrier=carrier, note=note)


async def not_followed(db: Db, *, shop_id: int, parcel_id: int) -> None:
    """No carrier reports about this parcel: the seller tells what happens to it."""
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        _, parcel = await lock_parcel(tx, shop_id=shop_id, parcel_id=parcel_id)
        if parcel.booking == "waiting":
            await queries.set_booking(tx, parcel, booking="none", at=at)
