"""The hub: what each open page is told, and what it is spared."""

import asyncio
from collections.abc import AsyncIterator

import orjson
import pytest

from etalase.commerce.orders.facts import OrderPaid
from etalase.foundation.ids import new_id
from etalase.foundation.sql import Db
from etalase.reactions.notifications.actions import mark_all_read, tell
from etalase.reactions.notifications.queries import NewNotice, insert_notices
from etalase.web.realtime.hub import PAGES_OF_ACCOUNT_MAX, QUEUE_MAX, Hub, OpenPage, TooManyPages, event_of
from tests.builders.notices import Placed, placed_order, recorded

Event = tuple[str, dict[str, object]]


@pytest.fixture
async def hub(db: Db) -> AsyncIterator[Hub]:
    """A hub that polls when told to."""
    opened = Hub(db)
    opened._poller = asyncio.create_task(asyncio.sleep(3600))
    yield opened
    opened.close()
    await asyncio.sleep(0)


def a_page(account_id: int, *, shop_ids: tuple[int, ...] = (), since_id: int = 0) -> OpenPage:
    return OpenPage(
        account_id=account_id, shop_ids=frozenset(shop_ids), locale="en", zone="Asia/Jakarta", since_id=since_id
    )


def heard(page: OpenPage) -> list[Event]:
    """What the page was told since this was last asked."""
    events: list[Event] = []
    while not page.queue.empty():
        event = page.queue.get_nowait()
        if event is None:
            events.append(("ended", {}))
            continue
        lines = dict(line.split(": ", 1) for line in event.decode().strip().splitlines())
        events.append((lines["event"], orjson.loads(lines["data"])))
    return events


def of(events: list[Event], name: str) -> list[dict[str, object]]:
    return [data for event, data in events if event == name]


async def pay(db: Db, placed: Placed) -> None:
    about = {"shop_id": placed.order.shop_id, "subject_id": placed.order.id, "order_id": placed.order.id}
    fact = OrderPaid(**about, buyer_id=placed.buyer.id, amount_minor=1000, currency="IDR", method="qris")
    await tell(db, await recorded(db, fact))


async def test_a_page_begins_with_the_numbers_and_hears_each_thing_once(db: Db, hub: Hub) -> None:
    placed = await placed_order(db)
    page = a_page(placed.buyer.id)
    await hub.join(page)
    ((name, numbers),) = heard(page)
    assert name == "unread"
    assert 0 < placed.order.id - int(str(numbers.pop("mark"))) < 60_000 << 22
    assert numbers == {"count": 0, "seller": 0}
    await hub.poll_once()
    heard(page)
    await pay(db, placed)
    await hub.poll_once()
    events = heard(page)
    assert of(events, "unread") == [{"count": 1, "seller": 0}]
    (notice,) = of(events, "notice")
    assert notice["title"] == "Payment received"
    assert str(notice["href"]).startswith("/inbox/")
    assert of(events, "changed") == [{"subject": "order", "id": str(placed.order.id)}]
    await hub.poll_once()
    assert heard(page) == []


async def test_the_seller_hears_of_the_shops_orders_and_a_stranger_of_nothing(db: Db, hub: Hub) -> None:
    placed, elsewhere = await placed_order(db), await placed_order(db)
    seller = a_page(placed.shop.owner.id, shop_ids=(placed.shop.shop_id,))
    stranger = a_page(elsewhere.buyer.id, shop_ids=(elsewhere.shop.shop_id,))
    for page in (seller, stranger):
        await hub.join(page)
    await hub.poll_once()
    heard(seller), heard(stranger)
    await pay(db, placed)
    await hub.poll_once()
    events = heard(seller)
    assert {"subject": "order", "id": str(placed.order.id)} in of(events, "changed")
    assert {"subject": "orders", "id": str(placed.shop.shop_id)} in of(events, "changed")
    assert [notice["title"] for notice in of(events, "notice")] == ["Order paid"]
    assert heard(stranger) == []


async def test_reading_on_one_device_is_seen_on_the_other(db: Db, hub: Hub) -> None:
    placed = await placed_order(db)
    await pay(db, placed)
    phone, desk = a_page(placed.buyer.id), a_page(placed.buyer.id)
    for page in (phone, desk):
        await hub.join(page)
    await hub.poll_once()
    heard(phone), heard(desk)
    await mark_all_read(db, account_id=placed.buyer.id, audience="buyer")
    hub._counted_at = 0
    await hub.poll_once()
    assert heard(phone) == heard(desk) == [("unread", {"count": 0, "seller": 0})]


async def test_a_notice_that_commits_late_is_not_missed(db: Db, hub: Hub) -> None:
    placed = await placed_order(db)
    page = a_page(placed.buyer.id)
    await hub.join(page)
    about = {"shop_id": placed.order.shop_id, "subject_id": placed.order.id, "order_id": placed.order.id}
    fact = await recorded(
        db, OrderPaid(**about, buyer_id=placed.buyer.id, amount_minor=1, currency="IDR", method="qris")
    )
    async with db.any().transaction() as slow:
        # Another transaction holds the order of commits up: a later notice is seen before an earlier one.
        early = new_id()
        await pay(db, placed)
        await hub.poll_once()
        assert len(of(heard(page), "notice")) == 1
        notice = NewNotice(
            account_id=placed.buyer.id, id=early, audience="buyer", kind="order.delivered", shop_id=fact.shop_id,
            order_id=fact.order_id, fact_id=fact.id, values="{}", created_at=fact.at,
        )  # fmt: skip
        await insert_notices(slow, [notice])
    await hub.poll_once()
    assert [notice["title"] for notice in of(heard(page), "notice")] == ["Your order has arrived"]


async def test_who_connects_again_gets_what_came_meanwhile(db: Db, hub: Hub) -> None:
    placed = await placed_order(db)
    last_seen = new_id()
    await pay(db, placed)
    page = a_page(placed.buyer.id, since_id=last_seen)
    await hub.join(page)
    assert [name for name, _ in heard(page)] == ["unread", "notice"]
    await hub.poll_once()
    assert of(heard(page), "notice") == []


async def test_a_page_that_does_not_keep_up_is_let_go(db: Db, hub: Hub) -> None:
    placed = await placed_order(db)
    page = a_page(placed.buyer.id)
    await hub.join(page)
    for number in range(QUEUE_MAX + 1):
        page.send(event_of("changed", {"subject": "order", "id": str(number)}))
    assert heard(page)[0] == ("ended", {})


async def test_an_account_has_a_bounded_number_of_pages(db: Db, hub: Hub) -> None:
    placed = await placed_order(db)
    pages = [a_page(placed.buyer.id) for _ in range(PAGES_OF_ACCOUNT_MAX)]
    for page in pages:
        await hub.join(page)
    with pytest.raises(TooManyPages):
        await hub.join(a_page(placed.buyer.id))
    hub.leave(pages[0])
    await hub.join(a_page(placed.buyer.id))
    assert hub.size == PAGES_OF_ACCOUNT_MAX


async def test_closing_ends_every_page(db: Db, hub: Hub) -> None:
    placed = await placed_order(db)
    page = a_page(placed.buyer.id)
    await hub.join(page)
    hub.close()
    await asyncio.sleep(0.01)
    assert heard(page) == [("ended", {})]
    with pytest.raises(TooManyPages):
        await hub.join(a_page(placed.buyer.id))
