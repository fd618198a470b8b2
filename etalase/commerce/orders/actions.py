"""The verbs of an order that concern it alone; placing, paying and cancelling are journeys."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from etalase.commerce.evidence import queries as evidence
from etalase.commerce.ledger import actions as ledger
from etalase.commerce.orders import queries, rules
from etalase.commerce.orders.errors import (
    AddressNotChangeable,
    CaseOpen,
    MoveNotAllowed,
    NotExtendable,
    OrderNotFound,
    TooSoon,
)
from etalase.commerce.orders.facts import (
    AddressChanged,
    OrderCompleted,
    OrderConfirmed,
    OrderHidden,
    ReceiptExtended,
    SellerNoteChanged,
    SellerReminded,
)
from etalase.commerce.orders.rules import Move, Order, State
from etalase.foundation import clock
from etalase.foundation.deadlines import actions as deadlines
from etalase.foundation.deadlines import rules as due
from etalase.foundation.facts import Actor, record
from etalase.foundation.policies.calendar import WorkingCalendar
from etalase.foundation.policies.rules import book_of
from etalase.foundation.sql import Db, Tx

SLOTS = 16
CountKey = tuple[int, str, int]
SELLER_NOTE_CHARS_MAX = 1000


async def move(
    tx: Tx, order: Order, by: Move, *, at: datetime, cancelled_by: str | None = None, cancel_reason: str | None = None
) -> Order:
    """Move the order along its table and keep the counters exact; raises MoveNotAllowed if it has moved on."""
    (moved,) = await move_all(tx, [order], by, at=at, cancelled_by=cancelled_by, cancel_reason=cancel_reason)
    return moved


async def move_all(
    tx: Tx,
    locked: Sequence[Order],
    by: Move,
    *,
    at: datetime,
    cancelled_by: str | None = None,
    cancel_reason: str | None = None,
) -> list[Order]:
    """Move different orders along their table and keep the counters exact; raises MoveNotAllowed if one has moved on."""
    moved = await queries.compare_and_set(tx, locked, by, at=at, cancelled_by=cancelled_by, cancel_reason=cancel_reason)
    arrived = {(order.shop_id, order.id) for order in moved}
    for order in locked:
        if (order.shop_id, order.id) not in arrived:
            raise MoveNotAllowed(order.state, by)
    left = [(order.shop_id, order.id, order.state, -1) for order in locked]
    await count(tx, left + [(order.shop_id, order.id, order.state, 1) for order in moved])
    return moved


async def count(tx: Tx, changes: list[tuple[int, int, State, int]]) -> None:
    """Change the counters of states: (shop_id, order_id, state, change); written together at the end of the transaction."""
    sums: Counter[CountKey] = Counter()
    for shop_id, order_id, state, change in changes:
        sums[shop_id, state.value, (order_id >> 22) % SLOTS] += change
    tx.at_the_end("orders.counts", sums, _added, _write_counts)


def _added(before: Counter[CountKey], more: Counter[CountKey]) -> Counter[CountKey]:
    before.update(more)
    return before


async def _write_counts(tx: Tx, sums: Counter[CountKey]) -> None:
    left = [(shop_id, state, slot, change) for (shop_id, state, slot), change in sorted(sums.items()) if change]
    if left:
        await queries.add_to_counts(tx, left)


async def lock(tx: Tx, *, shop_id: int, order_id: int) -> Order:
    """The order, locked; raises OrderNotFound."""
    order = await queries.lock_order(tx, shop_id=shop_id, order_id=order_id)
    if order is None:
        raise OrderNotFound(order_id)
    return order


async def lock_all(tx: Tx, keys: Sequence[tuple[int, int]]) -> list[Order]:
    """The orders of these (shop_id, order_id) that exist, locked in key order."""
    return await queries.lock_orders(tx, keys)


async def lock_of_buyer(tx: Tx, *, buyer_id: int, order_id: int) -> Order:
    """The buyer's order, locked; raises OrderNotFound for anybody else's."""
    seen = await queries.order_of_buyer(tx, buyer_id=buyer_id, order_id=order_id)
    if seen is None:
        raise OrderNotFound(order_id)
    return await lock(tx, shop_id=seen.shop_id, order_id=order_id)


async def touch(tx: Tx, locked: Sequence[Order], *, at: datetime) -> None:
    """Count what happened to the parcels or requests of locked orders as a change of the orders, for who asks what changed."""
    if locked:
        await queries.touch_orders(tx, [(order.shop_id, order.id) for order in locked], at=at)


async def confirm(db: Db, *, shop_id: int, order_id: int, by: Actor, calendar: WorkingCalendar, zone: str) -> Order:
    """Accept the order for shipping, or refuse because it has moved on."""
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        order = await lock(tx, shop_id=shop_id, order_id=order_id)
        return await confirm_locked(tx, order, by=by, calendar=calendar, zone=zone, at=at)


async def confirm_locked(
    tx: Tx, order: Order, *, by: Actor, calendar: WorkingCalendar, zone: str, at: datetime
) -> Order:
    """Confirm inside the caller's transaction: stops the clock of confirming, starts those of shipping."""
    await deadlines.stop(
        tx, shop_id=order.shop_id, subject_kind="order", subject_id=order.id, kinds=["confirm.deadline"], at=at
    )
    fact = OrderConfirmed(
        shop_id=order.shop_id,
        subject_id=order.id,
        order_id=order.id,
        buyer_id=order.buyer_id,
        automatic=by.kind == "system",
    )
    await record(tx, fact, by=by, at=at)
    paid_at = order.paid_at or order.placed_at
    clocks = due.shipping_clocks(
        shop_id=order.shop_id,
        order_id=order.id,
        paid_at=paid_at,
        zone=zone,
        calendar=calendar,
        book=book_of(order.policies),
        handling_days=int(order.delivery.get("handling_days", 1)),
    )
    await deadlines.start(tx, *clocks, at=at)
    return await move(tx, order, Move.CONFIRM, at=at)


async def confirm_receipt(db: Db, *, buyer_id: int, order_id: int) -> Order:
    """The buyer says that all is well: the order completes and the seller's money is released.

    Raises OrderNotFound, MoveNotAllowed, and CaseOpen while a case about the order is open.
    """
    at = clock.now()
    async with db.for_buyer(buyer_id).transaction() as tx:
        order = await lock_of_buyer(tx, buyer_id=buyer_id, order_id=order_id)
        if await evidence.has_open_case(tx, shop_id=order.shop_id, order_id=order.id):
            raise CaseOpen(order.id)
        return await complete_locked(tx, order, by=Actor.buyer(buyer_id), at=at)


async def complete_by_clock(db: Db, *, shop_id: int, order_id: int) -> Order:
    """The clock of receipt has run out: the order completes by itself."""
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        order = await lock(tx, shop_id=shop_id, order_id=order_id)
        return await complete_locked(tx, order, by=Actor("system"), at=at)


async def complete_locked(tx: Tx, order: Order, *, by: Actor, at: datetime) -> Order:
    """Complete the locked order: what is held of its money is released, the premium of its insurance to the insurer.

    Raises MoveNotAllowed.
    """
    if not rules.is_allowed(order.state, Move.COMPLETE):
        raise MoveNotAllowed(order.state, Move.COMPLETE)
    await deadlines.stop_order(tx, shop_id=order.shop_id, order_id=order.id, at=at)
    if premium := min(order.insurance_minor, order.kept_minor):
        await ledger.charge_insurance(
            tx, shop_id=order.shop_id, order_id=order.id, currency=order.currency, amount_minor=premium, at=at
        )
    released = await ledger.release(tx, shop_id=order.shop_id, order_id=order.id, currency=order.currency, at=at)
    fact = OrderCompleted(
        shop_id=order.shop_id,
        subject_id=order.id,
        order_id=order.id,
        buyer_id=order.buyer_id,
        automatic=by.kind == "system",
        released_minor=released,
    )
    await record(tx, fact, by=by, at=at)
    return await move(tx, order, Move.COMPLETE, at=at)


async def extend_receipt(db: Db, *, buyer_id: int, order_id: int) -> datetime:
    """Put off automatic completion once; returns the new moment. Raises NotExtendable."""
    at = clock.now()
    async with db.for_buyer(buyer_id).transaction() as tx:
        order = await lock_of_buyer(tx, buyer_id=buyer_id, order_id=order_id)
        if not rules.can_extend(order) or not await queries.stamp_extension(tx, order, at=at):
            raise NotExtendable
        days = int(book_of(order.policies).find("deliver.extension").value)
        until = await deadlines.extend(
            tx,
            shop_id=order.shop_id,
            subject_kind="order",
            subject_id=order.id,
            kind="deliver.autocomplete",
            by=timedelta(days=days),
            at=at,
        )
        if until is None:
            raise NotExtendable
        fact = ReceiptExtended(
            shop_id=order.shop_id, subject_id=order.id, order_id=order.id, buyer_id=buyer_id, until=until.isoformat()
        )
        await record(tx, fact, by=Actor.buyer(buyer_id), at=at)
        return until


async def remind_seller(db: Db, *, buyer_id: int, order_id: int) -> None:
    """Remind the seller to ship; raises TooSoon within the interval of the last reminder."""
    at = clock.now()
    async with db.for_buyer(buyer_id).transaction() as tx:
        order = await lock_of_buyer(tx, buyer_id=buyer_id, order_id=order_id)
        hours = int(book_of(order.policies).find("remind.interval").value)
        if not rules.can_remind(order, now=at, interval_hours=hours):
            raise TooSoon
        await queries.stamp_reminder(tx, order, at=at)
        fact = SellerReminded(shop_id=order.shop_id, subject_id=order.id, order_id=order.id, buyer_id=buyer_id)
        await record(tx, fact, by=Actor.buyer(buyer_id), at=at)


async def change_address(db: Db, *, buyer_id: int, order_id: int, address: dict[str, str]) -> Order:
    """Send the order elsewhere, once, before shipping is arranged; raises AddressNotChangeable."""
    at = clock.now()
    async with db.for_buyer(buyer_id).transaction() as tx:
        order = await lock_of_buyer(tx, buyer_id=buyer_id, order_id=order_id)
        if not rules.can_change_address(order) or not await queries.change_address(tx, order, address=address, at=at):
            raise AddressNotChangeable
        fact = AddressChanged(shop_id=order.shop_id, subject_id=order.id, order_id=order.id, buyer_id=buyer_id)
        await record(tx, fact, by=Actor.buyer(buyer_id), at=at)
        return order


async def hide(db: Db, *, buyer_id: int, order_id: int) -> None:
    """Take a finished order off the buyer's list; the seller's stays."""
    at = clock.now()
    async with db.for_buyer(buyer_id).transaction() as tx:
        order = await lock_of_buyer(tx, buyer_id=buyer_id, order_id=order_id)
        if not await queries.stamp_hiding(tx, order, at=at):
            raise MoveNotAllowed(order.state, Move.COMPLETE)
        fact = OrderHidden(shop_id=order.shop_id, subject_id=order.id, order_id=order.id, buyer_id=buyer_id)
        await record(tx, fact, by=Actor.buyer(buyer_id), at=at)


async def write_seller_note(db: Db, *, shop_id: int, order_id: int, note: str, by: Actor) -> None:
    """Keep the shop's own note, which the buyer never sees; longer ones are cut at SELLER_NOTE_CHARS_MAX."""
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        order = await lock(tx, shop_id=shop_id, order_id=order_id)
        await queries.set_seller_note(tx, order, note=note[:SELLER_NOTE_CHARS_MAX], at=at)
        fact = SellerNoteChanged(shop_id=shop_id, subject_id=order_id, order_id=order_id)
        await record(tx, fact, by=by, at=at)
