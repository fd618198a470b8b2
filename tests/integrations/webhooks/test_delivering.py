"""Apps are told: signed as documented, at least once, in order for each object, and never where it would do harm."""

import asyncio
from datetime import timedelta

import pytest
from tiktok_shop_api import Webhooks

from etalase.commerce.apps import actions as apps
from etalase.commerce.shipping import packing
from etalase.foundation import clock
from etalase.foundation.facts import Actor
from etalase.foundation.sql import Db
from etalase.integrations.webhooks.delivering import LEASE, claim, deliver_due
from etalase.reactions.notifications.actions import tell
from etalase.reactions.webhooks import actions, queries, rules
from etalase.settings import Settings
from tests.builders.accounts import make_shop
from tests.builders.notices import inbox_of
from tests.builders.receiver import receiver
from tests.builders.stall import make_stall
from tests.builders.telling import deliver, later, listening_app, messages_of, relay


async def test_an_orders_way_is_told_and_the_public_client_takes_every_word(db: Db, settings: Settings) -> None:
    stall = await make_stall(db)
    async with receiver() as hook:
        made = await listening_app(db, settings, stall.shop, hook.url)
        order = await stall.completed()
        gone = await stall.cancelled()
        await deliver(db, settings)
        assert hook.of_order(order.id) == [
            "UNPAID", "ON_HOLD", "AWAITING_SHIPMENT", "AWAITING_COLLECTION", "IN_TRANSIT", "DELIVERED", "COMPLETED",
        ]  # fmt: skip
        assert hook.of_order(gone.id) == ["UNPAID", "ON_HOLD", "CANCEL", "CANCELLATION_REQUEST_COMPLETE"]
        for one in hook.got:
            event = Webhooks.verify_and_parse(
                app_key=made.key, app_secret=made.secret, raw_body=one.body, signature=one.headers["authorization"]
            )
            assert event.shop_id == str(stall.shop.shop_id)  # type: ignore[union-attr]
        assert len({one.told["tts_notification_id"] for one in hook.got}) == len(hook.got)
    assert {message.state for message in await messages_of(db, made)} == {"sent"}


async def test_packing_products_and_addresses_are_told_too(db: Db, settings: Settings) -> None:
    stall = await make_stall(db)
    by = Actor.seller(stall.seller.id)
    async with receiver() as hook:
        await listening_app(db, settings, stall.shop, hook.url)
        order = await stall.ready(units=3)
        await deliver(db, settings)
        hook.got.clear()
        async with db.any().reading() as tx:
            from etalase.commerce.orders import queries as orders

            [line] = await orders.lines_of(tx, shop_id=stall.shop.shop_id, order_id=order.id)
        plans = await packing.split(db, shop_id=stall.shop.shop_id, order_id=order.id, groups=[{line.id: 1}], by=by)
        await deliver(db, settings)
        [told] = [one.told for one in hook.got]
        assert told["type"] == 4
        assert told["data"]["role_type"] == "ROLE_SELLER"
        assert {one["package_id"] for one in told["data"]["package_list"]} == {str(plan.id) for plan in plans}
        await apps.deauthorize(db, app_id=(await _only_app(db)), shop_id=stall.shop.shop_id, account_id=stall.seller.id)
        await deliver(db, settings)
        assert hook.got[-1].told["type"] == 6
        await stall.new()
        await deliver(db, settings)
        assert hook.got[-1].told["type"] == 6


async def _only_app(db: Db) -> int:
    async with db.any().transaction() as tx:
        row = await (await tx.connection.execute("SELECT id FROM apps")).fetchone()
    assert row
    return int(row[0])


async def test_history_is_not_told_and_who_lacks_the_scope_hears_nothing(db: Db, settings: Settings) -> None:
    stall = await make_stall(db)
    await stall.completed()
    async with receiver() as hook:
        made = await listening_app(db, settings, stall.shop, hook.url)
        await stall.unpaid()
        async with db.any().transaction() as tx:
            await tx.connection.execute("UPDATE authorizations SET scopes = '{seller.product.basic}'")
        await deliver(db, settings)
        assert hook.got == []
        assert await messages_of(db, made) == []


async def test_later_events_of_an_order_wait_and_others_do_not(db: Db, settings: Settings) -> None:
    stall = await make_stall(db)
    async with receiver() as hook:
        await listening_app(db, settings, stall.shop, hook.url, types=["ORDER_STATUS_CHANGE"])
        one, two = await stall.ready(), await stall.ready()
        failing = {"times": 2}

        def decide(told: dict[str, object]) -> int:
            about = told["data"]
            assert isinstance(about, dict)
            if about["order_id"] == str(one.id) and about["order_status"] == "ON_HOLD" and failing["times"]:
                failing["times"] -= 1
                return 500
            return 200

        hook.decide = decide
        await deliver(db, settings)
        assert hook.of_order(two.id) == ["UNPAID", "ON_HOLD", "AWAITING_SHIPMENT"]
        assert hook.of_order(one.id) == ["UNPAID", "ON_HOLD"]
        later(minutes=1)
        await deliver(db, settings)
        later(minutes=2)
        await deliver(db, settings)
        assert hook.of_order(one.id) == ["UNPAID", "ON_HOLD", "ON_HOLD", "ON_HOLD", "AWAITING_SHIPMENT"]
        bodies = [one.body for one in hook.got if b"ON_HOLD" in one.body]
        assert len(set(bodies)) == 2


async def test_two_workers_send_a_message_once_and_a_dead_one_loses_nothing(db: Db, settings: Settings) -> None:
    stall = await make_stall(db)
    async with receiver() as hook:
        made = await listening_app(db, settings, stall.shop, hook.url, types=["ORDER_STATUS_CHANGE"])
        for _ in range(6):
            await stall.unpaid()
        await relay(db)
        sent = await asyncio.gather(*(deliver_due(db, settings) for _ in range(4)))
        assert sum(sent) == len(hook.got) == 6
        await stall.unpaid()
        await relay(db)
        assert len(await claim(db, limit=10)) == 1  # and then the worker dies before it has sent or kept anything
        assert await deliver_due(db, settings) == 0
        later(seconds=LEASE.total_seconds() + 1)
        assert await deliver_due(db, settings) == 1
    assert {message.state for message in await messages_of(db, made)} == {"sent"}


async def test_a_sender_whose_lease_has_ended_decides_nothing(db: Db, settings: Settings) -> None:
    stall = await make_stall(db)
    async with receiver() as hook:
        made = await listening_app(db, settings, stall.shop, hook.url, types=["ORDER_STATUS_CHANGE"])
        await stall.unpaid()
        await relay(db)
        [(message, lease)] = await claim(db, limit=10)
        later(seconds=LEASE.total_seconds() + 1)
        [(_, newer)] = await claim(db, limit=10)
        late = actions.Outcome(500, "", "", 1)
        await actions.take_note(db, message, late, lease=lease)
        assert (await messages_of(db, made))[0].tried == 0
        await actions.take_note(db, message, actions.Outcome(200, "", "", 1), lease=newer)
    assert (await messages_of(db, made))[0].state == "sent"


async def test_a_dead_address_is_paused_its_maker_told_and_nothing_lost(db: Db, settings: Settings) -> None:
    stall = await make_stall(db)
    async with receiver() as hook:
        made = await listening_app(db, settings, stall.shop, hook.url, types=["ORDER_STATUS_CHANGE"])
        hook.decide = lambda _: 503
        order = await stall.new()
        for _ in range(14):
            await deliver(db, settings)
            later(hours=13)
        async with db.any().reading() as tx:
            [address] = await queries.addresses_of_app(tx, made.app.id)
        assert address.paused_at is not None
        assert address.failures >= rules.PAUSE_FAILURES_MIN
        before = len(hook.got)
        await stall.new()
        await deliver(db, settings)
        assert len(hook.got) == before
        owner = made.app.owner_id
        await _tell_notices(db)
        async with db.any().reading() as tx:
            from etalase.commerce.accounts import queries as accounts

            account = await accounts.account(tx, owner)
        assert account is not None
        assert [notice.kind for notice in await inbox_of(db, account)] == ["app.address_paused"]
        hook.decide = lambda _: 200
        hook.got.clear()
        assert await actions.resume(db, app_id=made.app.id, address_id=address.id, by=Actor.seller(owner))
        await deliver(db, settings)
        assert hook.of_order(order.id) == ["UNPAID", "ON_HOLD"]
        assert len(hook.got) == 4


async def _tell_notices(db: Db) -> None:
    from etalase.foundation.facts.relay import facts_by_id

    async with db.any().transaction() as tx:
        rows = await (
            await tx.connection.execute("SELECT shop_id, id FROM facts WHERE name = 'app.address_paused'")
        ).fetchall()
        found = await facts_by_id(tx, [(row[0], row[1]) for row in rows])
    for fact in found:
        await tell(db, fact)


async def test_messages_are_sent_again_one_by_one_and_by_the_range(db: Db, settings: Settings) -> None:
    stall = await make_stall(db)
    async with receiver() as hook:
        made = await listening_app(db, settings, stall.shop, hook.url, types=["ORDER_STATUS_CHANGE"])
        by = Actor.seller(stall.seller.id)
        began = clock.now() - timedelta(seconds=5)
        order = await stall.ready()
        await deliver(db, settings)
        first = (await messages_of(db, made))[0]
        hook.got.clear()
        assert await actions.send_again(db, app_id=made.app.id, shop_id=first.shop_id, message_id=first.id, by=by) == 1
        await deliver(db, settings)
        assert hook.of_order(order.id) == ["UNPAID"]
        hook.got.clear()
        now = clock.now() + timedelta(seconds=5)

        async def again(shop_id: int, *, only_failed: bool = False) -> int:
            return await actions.send_range_again(
                db, app_id=made.app.id, shop_id=shop_id, since=began, until=now, only_failed=only_failed, by=by
            )

        assert await again(stall.shop.shop_id, only_failed=True) == 0
        assert await again((await make_shop(db)).shop_id) == 0
        assert await again(stall.shop.shop_id) == 3
        await deliver(db, settings)
        assert hook.of_order(order.id) == ["UNPAID", "ON_HOLD", "AWAITING_SHIPMENT"]
        async with db.any().reading() as tx:
            attempts = await queries.attempts_of(tx, shop_id=first.shop_id, message_id=first.id)
        assert [attempt.number for attempt in attempts] == [3, 2, 1]
        assert {attempt.status for attempt in attempts} == {200}


async def test_a_new_address_gets_what_waited(db: Db, settings: Settings) -> None:
    stall = await make_stall(db)
    async with receiver() as dead, receiver() as hook:
        made = await listening_app(db, settings, stall.shop, dead.url, types=["ORDER_STATUS_CHANGE"])
        dead.decide = lambda _: 404
        await stall.unpaid()
        await deliver(db, settings)
        told = {
            "shop_id": stall.shop.shop_id,
            "app_id": made.app.id,
            "event_type": "ORDER_STATUS_CHANGE",
            "address": hook.url,
            "by": Actor.seller(stall.seller.id),
        }
        await apps.set_webhook(db, **told)  # type: ignore[arg-type]
        await actions.set_anew(db, **told)  # type: ignore[arg-type]
        await deliver(db, settings)
        assert hook.words == ["UNPAID"]


async def test_who_no_longer_asks_is_not_told(db: Db, settings: Settings) -> None:
    stall = await make_stall(db)
    async with receiver() as hook:
        made = await listening_app(db, settings, stall.shop, hook.url, types=["ORDER_STATUS_CHANGE"])
        await stall.unpaid()
        await relay(db)
        await apps.remove_webhook(
            db, shop_id=stall.shop.shop_id, app_id=made.app.id, event_type="ORDER_STATUS_CHANGE", by=Actor.seller(1)
        )
        await deliver(db, settings)
        assert hook.got == []
    assert [message.state for message in await messages_of(db, made)] == ["dropped"]


@pytest.mark.parametrize("is_spelled_as_in_calls", [False, True])
async def test_cancelled_is_spelled_as_the_maker_chose(
    db: Db,
    settings: Settings,
    is_spelled_as_in_calls: bool,
) -> None:
    stall = await make_stall(db)
    async with receiver() as hook:
        made = await listening_app(db, settings, stall.shop, hook.url, types=["ORDER_STATUS_CHANGE"])
        if is_spelled_as_in_calls:
            await actions.choose_spelling(db, app_id=made.app.id, owner_id=made.app.owner_id, says_cancelled=True)
        await stall.cancelled()
        await deliver(db, settings)
        assert hook.words[-1] == ("CANCELLED" if is_spelled_as_in_calls else "CANCEL")
