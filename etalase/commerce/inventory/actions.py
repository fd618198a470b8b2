"""Taking, giving back and adjusting stock. Rows are locked in key order, so no two callers wait for each other in a ring."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from etalase.commerce.catalog import actions as catalog
from etalase.commerce.inventory import queries, rules
from etalase.commerce.inventory.errors import BadQuantity, StockShort, UnknownStock
from etalase.commerce.inventory.facts import LowLevelChanged, StockAdjusted
from etalase.commerce.inventory.rules import AdjustmentReason, Key, Movement, Reason, Stock, StockUnits
from etalase.foundation import clock
from etalase.foundation.facts import Actor, record
from etalase.foundation.sql import Db, Tx


async def commit_units(tx: Tx, units: Sequence[StockUnits], *, at: datetime) -> None:
    """Promise units to their orders, all or none; raises StockShort saying of which variants there is too little."""
    await commit_locked(tx, await _lock(tx, rules.units_by_variant(units)), units, at=at)


async def commit_locked(tx: Tx, stock: Sequence[Stock], units: Sequence[StockUnits], *, at: datetime) -> None:
    """The same, when the caller has locked this stock already."""
    wanted = rules.units_by_variant(units)
    if short := rules.shortages(wanted, stock):
        raise StockShort(short)
    await _move(tx, units, reason="reservation", at=at, changes=lambda quantity: (0, quantity))
    await _redo_windows(tx, stock, {key: -quantity for key, quantity in wanted.items()})


async def release_units(tx: Tx, units: Sequence[StockUnits], *, at: datetime) -> None:
    """Take a promise back before shipping: the units can be sold again."""
    wanted = rules.units_by_variant(units)
    stock = await _lock(tx, wanted)
    await _move(tx, units, reason="release", at=at, changes=lambda quantity: (0, -quantity))
    await _redo_windows(tx, stock, wanted)


async def ship_units(tx: Tx, units: Sequence[StockUnits], *, at: datetime) -> None:
    """Promised units left the house: on hand and committed go down, the product counts as sold."""
    wanted = rules.units_by_variant(units)
    await _lock(tx, wanted)
    await _move(tx, units, reason="shipment", at=at, changes=lambda quantity: (-quantity, -quantity))
    await catalog.count_sold(tx, wanted)


async def restock_units(tx: Tx, units: Sequence[StockUnits], *, at: datetime) -> None:
    """Shipped units came back and can be sold again; they no longer count as sold."""
    wanted = rules.units_by_variant(units)
    stock = await _lock(tx, wanted)
    await _move(tx, units, reason="return", at=at, changes=lambda quantity: (quantity, 0))
    await _redo_windows(tx, stock, wanted)
    await catalog.count_sold(tx, {key: -quantity for key, quantity in wanted.items()})


async def write_off_units(tx: Tx, units: Sequence[StockUnits], *, at: datetime) -> None:
    """Promised units turned out not to be there or not to be fit for sale: the promise and the units both go."""
    await _lock(tx, rules.units_by_variant(units))
    await _move(tx, units, reason="damage", at=at, changes=lambda quantity: (-quantity, -quantity))


async def open_stock(tx: Tx, *, shop_id: int, quantities: Mapping[int, int], by: Actor, at: datetime) -> None:
    """Begin keeping stock of new variants with what there is of each; the fact of the product tells of it."""
    if not quantities:
        return
    if any(not 0 <= quantity <= rules.UNITS_MAX for quantity in quantities.values()):
        raise BadQuantity(max(quantities.values()))
    await queries.open_stock(tx, shop_id=shop_id, variant_ids=sorted(quantities))
    movements = [
        Movement(shop_id=shop_id, variant_id=variant_id, on_hand_change=quantity, committed_change=0)
        for variant_id, quantity in sorted(quantities.items())
        if quantity
    ]
    await queries.move_stock(tx, movements, reason="opening", at=at, actor_id=by.id)
    await catalog.refresh_listings_of(tx, shop_id=shop_id, variant_ids=list(quantities))


async def forget_stock(tx: Tx, *, shop_id: int, variant_ids: Sequence[int]) -> list[int]:
    """Stop keeping stock of variants that are about to be removed; answers those of which no order knows.

    The others keep their stock. To be called before the product is locked: stock is always locked first.
    """
    if not variant_ids:
        return []
    await queries.lock_stock(tx, shop_ids=[shop_id] * len(variant_ids), variant_ids=variant_ids)
    return await queries.forget_stock(tx, shop_id=shop_id, variant_ids=variant_ids)


async def adjust_stock(
    db: Db, *, shop_id: int, variant_id: int, reason: AdjustmentReason, quantity: int, note: str = "", by: Actor
) -> Stock:
    """Change the number on hand for a reason of the trade; returns the stock after it.

    What `quantity` means depends on the reason, see `rules.on_hand_change`. Raises BadQuantity, UnknownStock, and
    StockPromised when it would take what orders or campaigns were promised.
    """
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        stock = await _lock_one(tx, shop_id=shop_id, variant_id=variant_id)
        return await _adjust(tx, stock, reason=reason, quantity=quantity, note=note, by=by, at=at)


async def set_available(db: Db, *, shop_id: int, variant_id: int, quantity: int, by: Actor) -> Stock:
    """Let so many be available for sale, whatever is promised to orders; raises BadQuantity and UnknownStock."""
    at = clock.now()
    if quantity < 0:
        raise BadQuantity(quantity)
    async with db.for_shop(shop_id).transaction() as tx:
        stock = await _lock_one(tx, shop_id=shop_id, variant_id=variant_id)
        if stock.available == quantity:
            return stock
        counted = quantity + stock.committed + stock.held
        return await _adjust(tx, stock, reason="count", quantity=counted, note="", by=by, at=at)


async def _adjust(
    tx: Tx, stock: Stock, *, reason: AdjustmentReason, quantity: int, note: str, by: Actor, at: datetime
) -> Stock:
    key = {"shop_id": stock.shop_id, "variant_id": stock.variant_id}
    change = rules.on_hand_change(stock, reason=reason, quantity=quantity)
    movement = Movement(**key, on_hand_change=change, committed_change=0)
    text = note.strip()[: rules.NOTE_MAX]
    await queries.move_stock(tx, [movement], reason=reason, at=at, note=text, actor_id=by.id)
    fact = StockAdjusted(
        shop_id=stock.shop_id,
        subject_id=stock.variant_id,
        reason=reason,
        change=change,
        on_hand=stock.on_hand + change,
        note=text,
    )
    await record(tx, fact, by=by, at=at)
    await _redo_windows(tx, [stock], {(stock.shop_id, stock.variant_id): change})
    return await _lock_one(tx, **key)


async def receive_stock(db: Db, *, shop_id: int, variant_id: int, quantity: int, note: str = "", by: Actor) -> Stock:
    """Units were bought or made."""
    return await adjust_stock(
        db, shop_id=shop_id, variant_id=variant_id, reason="purchase", quantity=quantity, note=note, by=by
    )


async def count_stock(db: Db, *, shop_id: int, variant_id: int, quantity: int, note: str = "", by: Actor) -> Stock:
    """Somebody counted: so many are on hand."""
    return await adjust_stock(
        db, shop_id=shop_id, variant_id=variant_id, reason="count", quantity=quantity, note=note, by=by
    )


async def write_off(db: Db, *, shop_id: int, variant_id: int, quantity: int, note: str = "", by: Actor) -> Stock:
    """Units are damaged or lost."""
    return await adjust_stock(
        db, shop_id=shop_id, variant_id=variant_id, reason="damage", quantity=quantity, note=note, by=by
    )


async def set_low_level(db: Db, *, shop_id: int, variant_id: int, low_at: int, by: Actor) -> None:
    """From how few on a variant counts as running low; raises BadQuantity and UnknownStock."""
    if not 0 <= low_at <= rules.UNITS_MAX:
        raise BadQuantity(low_at)
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        if not await queries.set_low_at(tx, shop_id=shop_id, variant_id=variant_id, low_at=low_at):
            raise UnknownStock(variant_id)
        await record(tx, LowLevelChanged(shop_id=shop_id, subject_id=variant_id, low_at=low_at), by=by, at=at)


async def _lock(tx: Tx, wanted: Mapping[Key, int]) -> list[Stock]:
    return await queries.lock_stock(
        tx, shop_ids=[shop_id for shop_id, _ in wanted], variant_ids=[variant_id for _, variant_id in wanted]
    )


async def _lock_one(tx: Tx, *, shop_id: int, variant_id: int) -> Stock:
    found = await queries.lock_stock(tx, shop_ids=[shop_id], variant_ids=[variant_id])
    if not found:
        raise UnknownStock(variant_id)
    return found[0]


async def _move(
    tx: Tx, units: Sequence[StockUnits], *, reason: Reason, at: datetime, changes: Callable[[int], tuple[int, int]]
) -> None:
    if units:
        movements = [_movement(part, changes(part.quantity)) for part in units]
        await queries.move_stock(tx, movements, reason=reason, at=at)


def _movement(part: StockUnits, change: tuple[int, int]) -> Movement:
    on_hand_change, committed_change = change
    return Movement(
        shop_id=part.shop_id,
        variant_id=part.variant_id,
        on_hand_change=on_hand_change,
        committed_change=committed_change,
        order_id=part.order_id,
    )


async def _redo_windows(tx: Tx, stock: Sequence[Stock], available_change: Mapping[Key, int]) -> None:
    turned = rules.turned(stock, available_change)
    for shop_id in sorted({shop_id for shop_id, _ in turned}):
        await catalog.refresh_listings_of(
            tx, shop_id=shop_id, variant_ids=[variant_id for owner, variant_id in turned if owner == shop_id]
        )
