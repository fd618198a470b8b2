"""A shop's lists: whatever is asked for is found, all of it, in order; and never is more than a bounded number of rows read."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from etalase.commerce.orders import queries as orders
from etalase.commerce.orders.lists import queries
from etalase.commerce.orders.queries import ShopFilter
from etalase.commerce.orders.rules import SELLER_TABS, SellerTab, State, search_words
from etalase.commerce.orders.search import finding, gathering
from etalase.commerce.orders.search.rules import LARGE, SMALL
from etalase.foundation.ids import ID_MAX
from etalase.foundation.sql import Db, Tx, open_db
from tests.builders.accounts import make_shop
from tests.builders.many_orders import Made, order, write_orders
from tests.conftest import _drop, _on

GATHERED = LARGE + 2 * SMALL
NEW = 300
READ_MAX = 200 + sum(2 * with_words + 4 * in_states for with_words, in_states in finding.STEPS) + 2 * SMALL
"""Rows that a page may read: its cards, the steps of a search, and what is not gathered yet."""
SEARCHES = (
    "", "kopi", "k", "kopi gayo", "kopi santoso rina", "kopi batik", "sku07", "sku07 teh", "sekar toko", "tidakada", "kopiansyah ko",
    "batik sku0", "kopiansyahbinkopi", "jx000000050", "jx00000", "7",
)  # fmt: skip


@dataclass(frozen=True)
class Shop:
    """A shop with many orders, on a database of its own."""

    url: str
    shop_id: int
    made: list[Made]


@pytest.fixture(scope="module")
def url(server_url: str, template_name: str) -> Iterator[str]:
    """A database for all tests of this module, for filling it takes its time."""
    name = f"lists_{uuid4().hex}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template_name))
        )
    yield _on(server_url, name)
    _drop(server_url, name)


@pytest.fixture(scope="module")
def shop(url: str) -> Shop:
    """Most of its orders are gathered, the last few are not; the planner knows none of them."""
    return asyncio.run(_make_shop(url))


async def _make_shop(url: str) -> Shop:
    dice = random.Random(7)
    async with open_db(url, connections_max=4) as db:
        made_shop = await make_shop(db)
        made = [order(number, dice) for number in range(GATHERED + NEW)]
        with psycopg.connect(url, autocommit=True) as connection:
            for table in ("orders", "order_lines", "deadlines"):
                connection.execute(
                    sql.SQL("ALTER TABLE {} SET (autovacuum_enabled = false)").format(sql.Identifier(table))
                )
                connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(table)))
            write_orders(connection, made_shop.shop_id, made)
        assert await gathering.gather(db, shop_id=made_shop.shop_id, until_id=ID_MAX) == GATHERED
    return Shop(url, made_shop.shop_id, made)


@pytest.fixture
async def shop_db(shop: Shop) -> AsyncIterator[Db]:
    """Connections to the shop's database."""
    async with open_db(shop.url, connections_max=4) as opened:
        yield opened


async def all_of(db: Db, shop_id: int, *, states: Sequence[State], narrowed: ShopFilter, most: int) -> list[int]:
    """The list, page after page, as far as `most` orders; every page on its own account."""
    found: list[int] = []
    before: int | None = ID_MAX
    while before and len(found) < most:
        async with db.for_shop(shop_id).transaction() as tx:
            read_before = await rows_read(tx)
            page = await queries.page_of_shop(tx, shop_id=shop_id, states=states, narrowed=narrowed, before=before)
            assert await rows_read(tx) - read_before <= READ_MAX, (states, narrowed, before)
        assert page.before is None or page.before < before
        found += [card.id for card in page.cards]
        before = page.before
    return found


async def rows_read(tx: Tx) -> int:
    """How many rows this connection has fetched so far, by whatever plan."""
    cursor = await tx.connection.execute(
        "SELECT sum(seq_tup_read + idx_tup_fetch)::bigint FROM pg_stat_xact_user_tables"
    )
    row = await cursor.fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize("text", SEARCHES)
async def test_every_order_that_fits_is_shown_in_order(shop_db: Db, shop: Shop, text: str) -> None:
    dice = random.Random(text)
    ways = list(product((None, True, False), (None, "jne", "nobody")))
    for tab, (is_cod, carrier) in zip(SELLER_TABS, dice.sample(ways, len(SELLER_TABS)), strict=True):
        first, last = sorted(dice.choices(shop.made, k=2), key=lambda made: made.id)
        from_id, until_id = (first.id, last.id) if dice.random() < 0.4 else (0, ID_MAX)
        fitting = [
            made.id
            for made in reversed(shop.made)
            if from_id <= made.id < until_id
            and made.fits(states=SELLER_TABS[tab], beginnings=text.split(), is_cod=is_cod, carrier=carrier)
        ]
        narrowed = ShopFilter(search_words(text) or None, is_cod, carrier, from_id, until_id)
        found = await all_of(shop_db, shop.shop_id, states=SELLER_TABS[tab], narrowed=narrowed, most=150)
        assert found == fitting[: len(found)], (tab, is_cod, carrier)
        assert len(found) >= min(150, len(fitting)), (tab, is_cod, carrier)


async def test_words_that_never_meet_the_state_end(shop_db: Db, shop: Shop) -> None:
    """New orders never are of batik: many have the word, many are new, none is both. Going on comes to an end."""
    narrowed = ShopFilter(search_words("batik"))
    assert await all_of(shop_db, shop.shop_id, states=[State.NEW], narrowed=narrowed, most=1) == []


async def test_a_page_may_be_larger(shop_db: Db, shop: Shop) -> None:
    completed = [made.id for made in reversed(shop.made) if made.state is State.COMPLETED]
    async with shop_db.for_shop(shop.shop_id).reading() as tx:
        page = await queries.page_of_shop(
            tx, shop_id=shop.shop_id, states=[State.COMPLETED], narrowed=ShopFilter(), size=100
        )
    assert [card.id for card in page.cards] == completed[:100]
    assert page.before == completed[99]


async def test_an_order_number_is_looked_up(shop_db: Db, shop: Shop) -> None:
    made = shop.made[1234]
    for number in (str(made.id), str(made.id)[:-5]):
        narrowed = ShopFilter(search_words(number))
        found = await all_of(shop_db, shop.shop_id, states=list(State), narrowed=narrowed, most=10)
        assert found == [made.id]


async def test_words_added_later_are_found(shop_db: Db, shop: Shop) -> None:
    made = shop.made[4321]
    async with shop_db.for_shop(shop.shop_id).transaction() as tx:
        await orders.add_search_words(tx, shop_id=shop.shop_id, order_id=made.id, words="JP 9988776655")
    for text in ("9988776655", "998877"):
        narrowed = ShopFilter(search_words(text))
        assert await all_of(shop_db, shop.shop_id, states=list(State), narrowed=narrowed, most=10) == [made.id]


async def test_what_waits_for_the_seller_is_read_in_windows(shop_db: Db, shop: Shop) -> None:
    new = {made.id for made in shop.made if made.state is State.NEW}
    for text in ("", "kopi", "batik", "rina kopi"):
        narrowed = ShopFilter(search_words(text) or None)
        found: list[int] = []
        mark: queries.ClockMark | None = queries.ClockMark(datetime(2000, 1, 1, tzinfo=UTC), 0)
        while mark:
            async with shop_db.for_shop(shop.shop_id).transaction() as tx:
                read_before = await rows_read(tx)
                page = await queries.page_to_act_on(
                    tx, shop_id=shop.shop_id, narrowed=narrowed, after_due=mark.due_at, after_id=mark.order_id
                )
                assert await rows_read(tx) - read_before <= 4 * queries.CLOCKS_MAX + 100
            found += [card.id for card in page.cards]
            mark = page.after
        fitting = [
            made.id
            for made in shop.made
            if made.id in new and made.fits(states=[State.NEW], beginnings=text.split(), is_cod=None, carrier=None)
        ]
        assert sorted(found) == fitting, text
    assert SellerTab.ACTION in SELLER_TABS


async def test_orders_committed_late_are_gathered_after_all(shop_db: Db, shop: Shop) -> None:
    late = order(5_000_000, random.Random(1))
    between = Made(shop.made[2000].id + 1, late.state, late.is_cod, late.carrier, ("terlambat",))
    with psycopg.connect(shop.url, autocommit=True) as connection:
        write_orders(connection, shop.shop_id, [between])
    narrowed = ShopFilter(search_words("terlambat"))
    assert await all_of(shop_db, shop.shop_id, states=list(State), narrowed=narrowed, most=5) == []
    assert await gathering.check(shop_db) == 1
    await gathering.gather(shop_db, shop_id=shop.shop_id, until_id=ID_MAX)
    assert await all_of(shop_db, shop.shop_id, states=list(State), narrowed=narrowed, most=5) == [between.id]
    assert await gathering.check(shop_db) == 0
