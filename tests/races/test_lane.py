"""The checkout lane: whatever arrives together ends as if it had come one by one, in order."""

import asyncio
from dataclasses import dataclass, replace

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etalase.commerce.accounts.queries import Account, Address
from etalase.commerce.inventory import queries as inventory
from etalase.commerce.orders import queries as orders
from etalase.foundation.lane import LaneFull
from etalase.foundation.sql import Db, open_db
from etalase.integrations.carriers.registry import all_carriers
from etalase.journeys.cart import actions as cart
from etalase.journeys.checkout import actions
from etalase.journeys.checkout.actions import Placed, place_all
from etalase.journeys.checkout.errors import CartEmpty, QuoteChanged
from etalase.journeys.checkout.rules import Checkout
from tests.builders.accounts import MadeShop, make_account, make_address, make_shop
from tests.builders.orders import make_basket
from tests.builders.shipping import a_variant
from tests.builders.web import post, sign_in

BUYERS = 3
KINDS = 3
LIMIT = 2
"""The last kind of goods may be bought so often by one buyer."""


@dataclass(frozen=True)
class Wish:
    """One press of the button: whose, of what how many, and with which key."""

    buyer: int
    units: tuple[int, ...]
    key: int


wishes = st.builds(
    Wish,
    buyer=st.integers(0, BUYERS - 1),
    units=st.tuples(*[st.integers(0, 2)] * KINDS).filter(any),
    key=st.integers(0, 5),
)


class Market:
    """Two shops and some buyers; each market day has fresh goods."""

    def __init__(self, db: Db, shops: list[MadeShop], people: list[tuple[Account, Address]]) -> None:
        self.db, self.shops, self.people = db, shops, people
        self.day = 0

    @classmethod
    async def opened(cls, db: Db) -> "Market":
        people = [(buyer, await make_address(db, buyer)) for buyer in [await make_account(db) for _ in range(BUYERS)]]
        return cls(db, [await make_shop(db), await make_shop(db)], people)

    async def fresh_goods(self, stock: tuple[int, ...]) -> list[tuple[int, int]]:
        """New variants with so many pieces, by turns in one shop and the other; the last one is limited."""
        self.day += 1
        keys = [
            (shop.shop_id, (await a_variant(self.db, shop.shop_id, stock=units))[1])
            for units, shop in zip(stock, [*self.shops, *self.shops], strict=False)
        ]
        async with self.db.any().transaction() as tx:
            limit = "UPDATE variants SET purchase_limit = %s WHERE shop_id = %s AND id = %s"
            await tx.connection.execute(limit, (LIMIT, *keys[-1]))
        return keys

    async def checkouts(self, wanted: list[Wish], keys: list[tuple[int, int]]) -> list[Checkout]:
        """The wishes as the buyers' forms say them, with the total of a day on which everything is there."""
        return [await self._checkout(wish, keys) for wish in wanted]

    async def _checkout(self, wish: Wish, keys: list[tuple[int, int]]) -> Checkout:
        buyer, address = self.people[wish.buyer]
        lines = {key: units for key, units in zip(keys, wish.units, strict=True) if units}
        basket = await make_basket(self.db, buyer, address, lines, method="cod")
        return replace(basket.checkout, placement_key=f"day-{self.day}-key-{wish.key}")

    async def left(self, keys: list[tuple[int, int]]) -> list[int]:
        async with self.db.any().reading() as tx:
            found = await inventory.stock_of(tx, shop_ids=[k[0] for k in keys], variant_ids=[k[1] for k in keys])
        by_key = {(stock.shop_id, stock.variant_id): stock.available for stock in found}
        return [by_key[key] for key in keys]

    async def orders_of_buyers(self) -> list[int]:
        async with self.db.any().reading() as tx:
            counted = [(await orders.counts_of_buyer(tx, buyer_id=buyer.id))[0] for buyer, _ in self.people]
        return [sum(by_state.values()) for by_state in counted]


def what_came_of(answers: list[Placed | Exception]) -> list[object]:
    """Answers without what differs from day to day: who is first with a key, who repeats whom, who is refused and why."""
    numbers: dict[int, int] = {}
    told: list[object] = []
    for answer in answers:
        if isinstance(answer, Placed):
            told.append((numbers.setdefault(answer.purchase_id, len(numbers)), answer.is_new))
        elif isinstance(answer, QuoteChanged):
            told.append([(trouble.trouble, trouble.left) for trouble in answer.quote.troubles])
        else:
            told.append(repr(answer))
    return told


@pytest.fixture
async def market(db: Db) -> Market:
    """The market of this test; hypothesis plays many days on it."""
    return await Market.opened(db)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(wanted=st.lists(wishes, min_size=1, max_size=7), stock=st.tuples(*[st.integers(0, 5)] * KINDS))
async def test_a_batch_ends_like_one_by_one(market: Market, wanted: list[Wish], stock: tuple[int, ...]) -> None:
    keys = await market.fresh_goods(stock)
    before = await market.orders_of_buyers()
    together = await place_all(market.db, await market.checkouts(wanted, keys), carriers=all_carriers())
    left_together, between = await market.left(keys), await market.orders_of_buyers()

    keys = await market.fresh_goods(stock)
    alone: list[Placed | Exception] = []
    for checkout in await market.checkouts(wanted, keys):
        alone += await place_all(market.db, [checkout], carriers=all_carriers())
    left_alone, after = await market.left(keys), await market.orders_of_buyers()

    assert what_came_of(together) == what_came_of(alone)
    assert left_together == left_alone
    assert [b - a for a, b in zip(before, between, strict=True)] == [b - a for a, b in zip(between, after, strict=True)]


async def test_several_lanes_sell_exactly_what_there_is(db: Db, database_url: str, market: Market) -> None:
    """As several processes do: each has connections of its own."""
    shop_id = market.shops[0].shop_id
    _, variant_id = await a_variant(db, shop_id, stock=37)
    buyer, address = market.people[0]
    template = (await make_basket(db, buyer, address, {(shop_id, variant_id): 1}, method="cod")).checkout
    async with open_db(database_url) as second, open_db(database_url) as third:
        lanes = [actions.open_lane(each, carriers=all_carriers()) for each in (db, second, third)]
        answers = await asyncio.gather(
            *(
                actions.place(lanes[number % 3], replace(template, placement_key=f"crowd-{number:04}"))
                for number in range(120)
            ),
            return_exceptions=True,
        )
    assert sum(isinstance(answer, Placed) for answer in answers) == 37
    assert sum(isinstance(answer, QuoteChanged) for answer in answers) == 83
    assert await market.left([(shop_id, variant_id)]) == [0]


async def test_a_checkout_that_cannot_be_written_stops_nobody_else(db: Db, market: Market) -> None:
    keys = await market.fresh_goods((9, 9, 9))
    good = await market.checkouts([Wish(0, (1, 0, 0), 0), Wish(1, (1, 1, 0), 1), Wish(2, (1, 0, 0), 2)], keys)
    poisoned = replace(good[1], placement_key="poisoned", notes={keys[0][0]: "no text \0 of any database"})
    lane = actions.open_lane(db, carriers=all_carriers())
    first, second, bad, third = await asyncio.gather(
        *(actions.place(lane, checkout) for checkout in (good[0], good[1], poisoned, good[2])), return_exceptions=True
    )
    assert [isinstance(answer, Placed) for answer in (first, second, third)] == [True, True, True]
    assert isinstance(bad, Exception)
    assert await market.left(keys) == [6, 8, 9]


async def test_the_cart_is_bought_once(db: Db, market: Market) -> None:
    """Two forms of one cart at once: what the first bought is not there for the second."""
    keys = await market.fresh_goods((9, 9, 9))
    checkout = (await market.checkouts([Wish(0, (1, 0, 0), 0)], keys))[0]
    buyer_id = checkout.buyer_id
    await cart.put(db, buyer_id=buyer_id, shop_id=keys[0][0], variant_id=keys[0][1], quantity=1)
    forms = [replace(checkout, lines=None, placement_key=f"form-no-{number}") for number in range(2)]
    placed, refused = await place_all(db, forms, carriers=all_carriers())
    assert isinstance(placed, Placed)
    assert isinstance(refused, CartEmpty)
    assert await market.left(keys) == [8, 9, 9]


async def test_a_key_that_made_nothing_can_be_used_again(db: Db, market: Market) -> None:
    """Too many at first, then fewer with the same form, then the same once more, all in one batch."""
    keys = await market.fresh_goods((1, 9, 9))
    presses = [Wish(0, (2, 0, 0), 0), Wish(0, (1, 0, 0), 0), Wish(0, (1, 0, 0), 0)]
    answers = await place_all(db, await market.checkouts(presses, keys), carriers=all_carriers())
    assert [answer.is_new if isinstance(answer, Placed) else type(answer) for answer in answers] == [
        QuoteChanged,
        True,
        False,
    ]
    assert await market.left(keys) == [0, 9, 9]


async def test_limits_hold_within_a_batch(db: Db, market: Market) -> None:
    keys = await market.fresh_goods((9, 9, 9))
    greedy = await market.checkouts([Wish(0, (0, 0, 1), number) for number in range(5)], keys)
    answers = await place_all(db, greedy, carriers=all_carriers())
    assert [isinstance(answer, Placed) for answer in answers] == [True, True, False, False, False]
    assert await market.left(keys) == [9, 9, 7]


@pytest.mark.parametrize("is_full", [True, False])
async def test_a_full_lane_asks_to_come_again(app: FastAPI, client: httpx.AsyncClient, db: Db, is_full: bool) -> None:
    buyer, shop = await make_account(db), await make_shop(db)
    address = await make_address(db, buyer)
    _, variant_id = await a_variant(db, shop.shop_id, stock=3)
    basket = await make_basket(db, buyer, address, {(shop.shop_id, variant_id): 1})
    await sign_in(client, buyer)
    await post(client, "/cart/lines", {"shop_id": str(shop.shop_id), "variant_id": str(variant_id)})
    if is_full:
        app.state.checkout_lane = actions.CheckoutLane(app.state.checkout_lane.commit, batch_max=1, waiting_max=0)
        with pytest.raises(LaneFull):
            await actions.place(app.state.checkout_lane, basket.checkout)
    form = {
        "placement_key": "pressed-once",
        "address": str(address.id),
        "total_seen": str(basket.checkout.total_seen_minor),
        "method": "cod",
        "action": "place",
    }
    answer = await post(client, "/checkout", form)
    assert answer.status_code == (503 if is_full else 303), answer.text
    assert ("retry-after" in answer.headers) == is_full
