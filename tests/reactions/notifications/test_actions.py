"""The inbox on a real database: each notice once, numbers exact on every device."""

import asyncio

from etalase.commerce.orders.facts import OrderCancelled, SellerReminded
from etalase.foundation.facts import Actor
from etalase.foundation.sql import Db
from etalase.reactions.notifications.actions import mark_all_read, mark_read, tell
from tests.builders.accounts import make_account, make_shop
from tests.builders.notices import inbox_of, paid, placed_order, recorded, unread_now


async def test_both_sides_are_told_with_what_was_bought(db: Db) -> None:
    placed = await placed_order(db)
    await tell(db, await recorded(db, paid(placed)))
    (buyers,) = await inbox_of(db, placed.buyer)
    (sellers,) = await inbox_of(db, placed.shop.owner, "seller")
    assert (buyers.kind, sellers.kind) == ("order.paid", "seller.order_paid")
    assert buyers.order_id == sellers.order_id == placed.order.id
    assert buyers.values["shop"] == placed.shop.name
    assert sellers.values["buyer"] == placed.buyer.name
    assert buyers.values["title"]


async def test_a_repeat_tells_nobody_again(db: Db) -> None:
    placed = await placed_order(db)
    fact = await recorded(db, paid(placed))
    await asyncio.gather(*(tell(db, fact) for _ in range(5)))
    await tell(db, fact)
    assert len(await inbox_of(db, placed.buyer)) == len(await inbox_of(db, placed.shop.owner, "seller")) == 1


async def test_whoever_did_it_is_not_told_of_it(db: Db) -> None:
    placed = await placed_order(db)
    by_staff = Actor.seller(placed.shop.owner.id)
    reminded = SellerReminded(shop_id=placed.shop.shop_id, subject_id=placed.order.id, order_id=placed.order.id)
    await tell(db, await recorded(db, reminded, by=by_staff))
    assert await inbox_of(db, placed.shop.owner, "seller") == []


async def test_a_stranger_sees_nothing(db: Db) -> None:
    placed = await placed_order(db)
    other = await make_shop(db)
    cancelled = OrderCancelled(
        shop_id=placed.shop.shop_id, subject_id=placed.order.id, order_id=placed.order.id, buyer_id=placed.buyer.id,
        asked_by="buyer", reason="changed_mind", refund_minor=0,
    )  # fmt: skip
    await tell(db, await recorded(db, cancelled))
    (notice,) = await inbox_of(db, placed.buyer)
    assert await inbox_of(db, other.owner, "seller") == []
    assert await mark_read(db, account_id=other.owner.id, notice_id=notice.id) is None
    assert (await unread_now(db, placed.buyer)).buyer == 1


async def test_numbers_are_exact_on_two_devices(db: Db) -> None:
    placed = await placed_order(db)
    for _ in range(3):
        await tell(db, await recorded(db, paid(placed)))
    newest, middle, _ = await inbox_of(db, placed.buyer)
    assert (await unread_now(db, placed.buyer)).buyer == 3

    async def open_on_a_device() -> None:
        await mark_read(db, account_id=placed.buyer.id, notice_id=newest.id)

    await asyncio.gather(open_on_a_device(), open_on_a_device())
    assert (await unread_now(db, placed.buyer)).buyer == 2
    await mark_all_read(db, account_id=placed.buyer.id, audience="buyer", until_id=middle.id)
    assert (await unread_now(db, placed.buyer)).buyer == 0
    await tell(db, await recorded(db, paid(placed)))
    unread = await unread_now(db, placed.buyer)
    assert (unread.buyer, unread.seller) == (1, 0)


async def test_one_who_buys_in_the_own_shop_has_two_inboxes(db: Db) -> None:
    owner = await make_account(db)
    placed = await placed_order(db, buyer=owner, shop=await make_shop(db, owner=owner))
    await tell(db, await recorded(db, paid(placed)))
    unread = await unread_now(db, owner)
    assert (unread.buyer, unread.seller) == (1, 1)
    await mark_all_read(db, account_id=owner.id, audience="seller")
    unread = await unread_now(db, owner)
    assert (unread.buyer, unread.seller) == (1, 0)
