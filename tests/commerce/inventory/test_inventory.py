"""Stock as orders and sellers move it."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etalase.commerce.catalog.window import queries as window
from etalase.commerce.inventory import actions, queries, rules
from etalase.commerce.inventory.errors import BadQuantity, StockPromised, StockShort, UnknownStock
from etalase.commerce.inventory.rules import Stock, StockUnits
from etalase.foundation import clock
from etalase.foundation.facts import Actor
from etalase.foundation.sql import Db, Tx, constraint_of
from tests.builders.catalog import MadeProduct, make_product

SELLER = Actor.seller(1)
Verb = Callable[..., Awaitable[None]]


async def stock_of(db: Db, product: MadeProduct, *, variant: int = 0) -> Stock:
    async with db.any().reading() as tx:
        [found] = await queries.stock_of(tx, shop_ids=[product.shop_id], variant_ids=[product.variant_ids[variant]])
    return found


async def move(db: Db, verb: Verb, *units: StockUnits) -> None:
    async with db.any().transaction() as tx:
        await verb(tx, units, at=clock.now())


def units(product: MadeProduct, quantity: int, *, order_id: int = 1) -> StockUnits:
    return StockUnits(product.shop_id, product.variant_id, quantity, order_id)


async def test_an_order_promises_ships_and_gives_back(db: Db) -> None:
    product = await make_product(db, stock=10)
    await move(db, actions.commit_units, units(product, 4))
    assert (await stock_of(db, product)).available == 6
    await move(db, actions.release_units, units(product, 1))
    await move(db, actions.ship_units, units(product, 3))
    assert await stock_of(db, product) == Stock(product.shop_id, product.variant_id, 7, 0, 0, 5)
    await move(db, actions.restock_units, units(product, 3))
    assert (await stock_of(db, product)).on_hand == 10


async def test_short_stock_is_refused_as_a_whole_and_says_what_is_left(db: Db) -> None:
    much, little = await make_product(db, stock=10), await make_product(db, stock=2)
    with pytest.raises(StockShort) as refusal:
        await move(db, actions.commit_units, units(much, 5), units(little, 3))
    [short] = refusal.value.shortages
    assert (short.variant_id, short.wanted, short.available) == (little.variant_id, 3, 2)
    assert refusal.value.available_of(shop_id=little.shop_id, variant_id=little.variant_id) == 2
    assert (await stock_of(db, much)).committed == 0


async def test_two_orders_of_one_batch_share_what_is_left(db: Db) -> None:
    product = await make_product(db, stock=5)
    with pytest.raises(StockShort):
        await move(db, actions.commit_units, units(product, 3, order_id=1), units(product, 3, order_id=2))
    await move(db, actions.commit_units, units(product, 3, order_id=1), units(product, 2, order_id=2))
    async with db.any().reading() as tx:
        found = await queries.movements_of_variant(
            tx, shop_id=product.shop_id, variant_id=product.variant_id, before_id=None, limit=10
        )
    assert [(row.reason, row.committed_change, row.order_id) for row in found] == [
        ("reservation", 2, 2), ("reservation", 3, 1), ("opening", 0, None),
    ]  # fmt: skip


async def test_a_variant_without_stock_has_none(db: Db) -> None:
    with pytest.raises(StockShort) as refusal:
        await move(db, actions.commit_units, StockUnits(1, 2, 1, 3))
    assert refusal.value.shortages[0].available == 0


async def test_the_constraint_stands_behind_the_rule(db: Db) -> None:
    product = await make_product(db, stock=1)
    with pytest.raises(psycopg.errors.CheckViolation) as refusal:
        await move(db, actions.write_off_units, units(product, 1))
    assert constraint_of(refusal.value) == "stock_committed_not_negative"


async def test_selling_out_and_coming_back_show_in_the_window(db: Db) -> None:
    product = await make_product(db, stock=2)

    async def is_available() -> bool:
        async with db.any().reading() as tx:
            [card] = await window.browse(tx, sort="newest", limit=5)
        return card.is_available

    await move(db, actions.commit_units, units(product, 1))
    assert await is_available()
    await move(db, actions.commit_units, units(product, 1))
    assert not await is_available()
    await move(db, actions.release_units, units(product, 2))
    assert await is_available()


async def test_what_is_shipped_counts_as_sold(db: Db) -> None:
    product = await make_product(db, stock=5)
    await move(db, actions.commit_units, units(product, 3))
    await move(db, actions.ship_units, units(product, 3))
    await move(db, actions.restock_units, units(product, 1))
    async with db.any().reading() as tx:
        [card] = await window.browse(tx, sort="popular", limit=5)
    assert card.sold_units == 2


async def test_the_seller_adjusts_for_a_reason(db: Db) -> None:
    product = await make_product(db, stock=10)
    where: dict[str, Any] = {"shop_id": product.shop_id, "variant_id": product.variant_id, "by": SELLER}
    assert (await actions.receive_stock(db, quantity=5, note=" Faktur 12 ", **where)).on_hand == 15
    assert (await actions.count_stock(db, quantity=12, **where)).on_hand == 12
    assert (await actions.write_off(db, quantity=2, **where)).on_hand == 10
    assert (await actions.adjust_stock(db, reason="transfer", quantity=-4, **where)).on_hand == 6
    await move(db, actions.commit_units, units(product, 5))
    with pytest.raises(StockPromised) as refusal:
        await actions.count_stock(db, quantity=4, **where)
    assert (refusal.value.available, refusal.value.promised) == (1, 5)
    for quantity in (0, -1):
        with pytest.raises(BadQuantity):
            await actions.receive_stock(db, quantity=quantity, **where)
    with pytest.raises(UnknownStock):
        await actions.receive_stock(
            db, shop_id=product.shop_id + 1, variant_id=product.variant_id, quantity=1, by=SELLER
        )


async def test_buyers_of_the_last_pieces_get_exactly_these(db: Db) -> None:
    product = await make_product(db, stock=3)

    async def buy(order_id: int) -> bool:
        try:
            await move(db, actions.commit_units, units(product, 1, order_id=order_id))
        except StockShort:
            return False
        return True

    won = await asyncio.gather(*(buy(order_id) for order_id in range(1, 21)))
    assert sum(won) == 3
    assert (await stock_of(db, product)).available == 0


async def test_carts_in_opposite_order_never_wait_in_a_ring(db: Db) -> None:
    first, second = await make_product(db, stock=500), await make_product(db, stock=500)

    async def buy(order_id: int) -> None:
        cart = [units(first, 1, order_id=order_id), units(second, 1, order_id=order_id)]
        await move(db, actions.commit_units, *(cart if order_id % 2 else reversed(cart)))
        await move(db, actions.ship_units, *(reversed(cart) if order_id % 2 else cart))

    await asyncio.gather(*(buy(order_id) for order_id in range(1, 101)))
    assert (await stock_of(db, first)).on_hand == 400
    assert (await stock_of(db, second)).on_hand == 400


@dataclass
class Model:
    """What the stock should be, kept in plain numbers."""

    on_hand: int
    committed: int = 0
    shipped: int = 0


@pytest.mark.parametrize("seed", range(6))
async def test_the_sums_of_movements_are_the_stock(db: Db, seed: int) -> None:
    """Random orders and adjustments: the stock is always the sum of its movements, and never promised twice."""
    chance = random.Random(seed)
    product = await make_product(db, stock=20)
    model = Model(on_hand=20)
    for step in range(60):
        await _random_step(db, product, model, chance, order_id=step + 1)
        stock = await stock_of(db, product)
        assert (stock.on_hand, stock.committed) == (model.on_hand, model.committed)
        assert stock.available >= 0
    async with db.any().reading() as tx:
        balance = await queries.moved_until(tx, shop_id=product.shop_id, variant_id=product.variant_id, before_id=None)
    assert (balance.on_hand, balance.committed) == (model.on_hand, model.committed)


async def _random_step(db: Db, product: MadeProduct, model: Model, chance: random.Random, *, order_id: int) -> None:
    quantity = chance.randint(1, 8)
    verb = chance.choice(["commit", "release", "ship", "restock", "receive", "damage", "count"])
    if verb == "commit":
        if quantity > model.on_hand - model.committed:
            with pytest.raises(StockShort):
                await move(db, actions.commit_units, units(product, quantity, order_id=order_id))
            return
        await move(db, actions.commit_units, units(product, quantity, order_id=order_id))
        model.committed += quantity
    elif verb in ("release", "ship") and quantity <= model.committed:
        await move(db, actions.release_units if verb == "release" else actions.ship_units, units(product, quantity))
        model.committed -= quantity
        if verb == "ship":
            model.on_hand -= quantity
            model.shipped += quantity
    elif verb == "restock" and quantity <= model.shipped:
        await move(db, actions.restock_units, units(product, quantity))
        model.on_hand += quantity
        model.shipped -= quantity
    elif verb in ("receive", "damage", "count"):
        await _random_adjustment(db, product, model, verb, quantity)


async def _random_adjustment(db: Db, product: MadeProduct, model: Model, verb: str, quantity: int) -> None:
    where: dict[str, Any] = {
        "shop_id": product.shop_id,
        "variant_id": product.variant_id,
        "by": SELLER,
        "quantity": quantity,
    }
    adjust = {"receive": actions.receive_stock, "damage": actions.write_off, "count": actions.count_stock}[verb]
    after = {"receive": model.on_hand + quantity, "damage": model.on_hand - quantity, "count": quantity}[verb]
    if after < model.committed:
        with pytest.raises(StockPromised):
            await adjust(db, **where)
        return
    await adjust(db, **where)
    model.on_hand = after


@given(on_hand=st.integers(0, 50), committed=st.integers(0, 50), change=st.integers(-60, 60))
def test_turned_tells_exactly_when_a_variant_sells_out_or_comes_back(on_hand: int, committed: int, change: int) -> None:
    stock = Stock(1, 2, on_hand, committed, 0, 5)
    before, after = stock.available > 0, stock.available + change > 0
    assert bool(rules.turned([stock], {(1, 2): change})) == (before != after)


@given(
    wanted=st.dictionaries(st.tuples(st.integers(1, 3), st.integers(1, 3)), st.integers(1, 9)),
    there=st.dictionaries(st.tuples(st.integers(1, 3), st.integers(1, 3)), st.integers(0, 9)),
)
def test_shortages_are_those_and_only_those(
    wanted: dict[tuple[int, int], int], there: dict[tuple[int, int], int]
) -> None:
    stock = [Stock(shop, variant, units, 0, 0, 5) for (shop, variant), units in there.items()]
    short = {(one.shop_id, one.variant_id) for one in rules.shortages(wanted, stock)}
    assert short == {key for key, quantity in wanted.items() if quantity > there.get(key, 0)}


async def test_stock_is_listed_the_scarcest_first(db: Db) -> None:
    many = await make_product(db, stock=50, title="Banyak stok")
    few = await make_product(db, many.shop, stock=1, title="Sedikit 100% stok")

    async def listed(
        tx: Tx, *, search: str = "", only_low: bool = False, after: tuple[int, int] | None = None
    ) -> list[str]:
        rows = await queries.stock_list(
            tx, shop_id=many.shop_id, search=search, only_low=only_low, after=after, limit=10
        )
        return [row.title for row in rows]

    async with db.for_shop(many.shop_id).reading() as tx:
        assert await listed(tx) == [few.title, many.title]
        assert await listed(tx, only_low=True) == [few.title]
        assert await listed(tx, search="100%") == [few.title]
        assert await listed(tx, after=(1, few.variant_id)) == [many.title]
        assert await queries.low_count(tx, shop_id=many.shop_id) == 1
