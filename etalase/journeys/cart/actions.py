"""The verbs of a cart."""

from collections.abc import Sequence

from etalase.commerce.catalog import queries as catalog
from etalase.commerce.inventory import queries as inventory
from etalase.foundation import clock
from etalase.foundation.facts import Actor, record
from etalase.foundation.sql import Db, Tx
from etalase.journeys.cart import queries
from etalase.journeys.cart.errors import CartFull, NotEnough, VariantGone
from etalase.journeys.cart.facts import CartChanged


async def put(db: Db, *, buyer_id: int, shop_id: int, variant_id: int, quantity: int) -> None:
    """Put units of a variant into the cart; raises VariantGone, NotEnough or CartFull."""
    at = clock.now()
    async with db.for_buyer(buyer_id).transaction() as tx:
        found = await catalog.variants_for_sale(tx, shop_ids=[shop_id], variant_ids=[variant_id])
        if not found or not found[0].is_for_sale:
            raise VariantGone
        there = {
            (line.shop_id, line.variant_id): line.quantity
            for line in await queries.cart_of_buyer(tx, buyer_id=buyer_id)
        }
        before = there.get((shop_id, variant_id), 0)
        await _check_left(tx, shop_id=shop_id, variant_id=variant_id, wanted=before + quantity)
        if not before and len(there) >= queries.CART_LINES_MAX:
            raise CartFull
        await queries.add_line(
            tx,
            buyer_id=buyer_id,
            shop_id=shop_id,
            variant_id=variant_id,
            quantity=quantity,
            price_minor=found[0].price_minor,
            at=at,
        )
        await _tell(tx, buyer_id=buyer_id, shop_id=shop_id, variant_id=variant_id, quantity=before + quantity)


async def change(db: Db, *, buyer_id: int, shop_id: int, variant_id: int, quantity: int) -> None:
    """Change the number of units of a line; 0 takes it out. Raises NotEnough."""
    async with db.for_buyer(buyer_id).transaction() as tx:
        if quantity <= 0:
            changed = await queries.remove_lines(tx, buyer_id=buyer_id, keys=[(shop_id, variant_id)]) == 1
        else:
            await _check_left(tx, shop_id=shop_id, variant_id=variant_id, wanted=quantity)
            changed = await queries.set_line(
                tx,
                buyer_id=buyer_id,
                shop_id=shop_id,
                variant_id=variant_id,
                quantity=min(quantity, queries.LINE_UNITS_MAX),
            )
        if changed:
            await _tell(tx, buyer_id=buyer_id, shop_id=shop_id, variant_id=variant_id, quantity=max(quantity, 0))


async def select(db: Db, *, buyer_id: int, keys: Sequence[tuple[int, int]]) -> None:
    """Choose which lines (shop_id, variant_id) the checkout takes."""
    async with db.for_buyer(buyer_id).transaction() as tx:
        await queries.select_lines(tx, buyer_id=buyer_id, keys=keys)


async def see_prices(db: Db, *, buyer_id: int, prices: Sequence[tuple[int, int, int]]) -> None:
    """Remember prices the buyer has now been shown, so that the notice of a change is given once."""
    async with db.for_buyer(buyer_id).transaction() as tx:
        await queries.see_prices(tx, buyer_id=buyer_id, prices=prices)


async def _check_left(tx: Tx, *, shop_id: int, variant_id: int, wanted: int) -> None:
    left = {
        (s.shop_id, s.variant_id): s.available
        for s in await inventory.stock_of(tx, shop_ids=[shop_id], variant_ids=[variant_id])
    }
    available = left.get((shop_id, variant_id), 0)
    if available < wanted:
        raise NotEnough(max(available, 0))


async def _tell(tx: Tx, *, buyer_id: int, shop_id: int, variant_id: int, quantity: int) -> None:
    fact = CartChanged(shop_id=shop_id, subject_id=variant_id, buyer_id=buyer_id, quantity=quantity)
    await record(tx, fact, by=Actor.buyer(buyer_id), at=clock.now())
