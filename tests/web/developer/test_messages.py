"""The logs of messages to apps: the maker's and the seller's, and what is done on them."""

import httpx
from fastapi import FastAPI

from etalase.commerce.accounts import queries as accounts
from etalase.foundation.sql import Db
from etalase.settings import Settings
from tests.builders.open_api import MadeApp
from tests.builders.receiver import receiver
from tests.builders.stall import make_stall
from tests.builders.telling import deliver, listening_app, messages_of
from tests.builders.web import post, sign_in
from tests.conftest import new_client


async def sign_maker_in(client: httpx.AsyncClient, db: Db, made: MadeApp) -> None:
    async with db.any().reading() as tx:
        maker = await accounts.account(tx, made.app.owner_id)
    assert maker is not None
    await sign_in(client, maker)


async def test_maker_and_seller_read_what_was_told_and_send_it_again(
    app: FastAPI, client: httpx.AsyncClient, db: Db, settings: Settings
) -> None:
    stall = await make_stall(db)
    async with receiver() as hook:
        made = await listening_app(db, settings, stall.shop, hook.url, types=["ORDER_STATUS_CHANGE"])
        order = await stall.new()
        hook.decide = lambda told: 200 if told["data"]["order_status"] == "UNPAID" else 500
        await deliver(db, settings)
        await sign_maker_in(client, db, made)
        log = f"/developer/apps/{made.app.id}/messages"
        page = (await client.get(log)).text
        assert "Failing since" in page
        assert str(order.id) in page
        assert ": UNPAID" in page
        first, second = await messages_of(db, made)
        detail = (await client.get(f"{log}/{second.shop_id}/{second.id}")).text
        assert "It is tried again" in detail
        assert "&#34;order_status&#34;:&#34;ON_HOLD&#34;" in detail or "ON_HOLD" in detail
        hook.decide = lambda _: 200
        hook.got.clear()
        assert (await post(client, f"{log}/{first.shop_id}/{first.id}/repeat")).status_code == 303
        async with new_client(app) as other:
            await sign_in(other, stall.seller)
            own = f"/seller/settings/apps/{made.app.id}/messages"
            assert str(first.id) in (await other.get(own)).text
            assert "200" in (await other.get(f"{own}/{first.id}")).text
            assert (await post(other, f"{own}/{first.id}/repeat")).status_code == 303
            assert (await other.get(f"{log}/{first.shop_id}/{first.id}")).status_code == 404
        await deliver(db, settings)
        assert hook.of_order(order.id).count("UNPAID") == 1, "the other one's turn may have come by itself"


async def test_a_stretch_of_time_is_sent_again(client: httpx.AsyncClient, db: Db, settings: Settings) -> None:
    stall = await make_stall(db)
    async with receiver() as hook:
        made = await listening_app(db, settings, stall.shop, hook.url, types=["ORDER_STATUS_CHANGE"])
        await stall.new()
        await deliver(db, settings)
        await sign_maker_in(client, db, made)
        log = f"/developer/apps/{made.app.id}/messages"
        hook.got.clear()
        stretch = {"since": "2024-01-01T00:00", "until": "2087-01-01T00:00"}
        answer = await post(client, f"{log}/repeat", stretch)
        assert "sent once more: 2." in (await client.get(answer.headers["location"])).text
        await deliver(db, settings)
        assert len(hook.got) == 2
        for wrong in ({"since": "soon", "until": "x"}, {"since": "2026-01-01T00:00", "until": "2025-01-01T00:00"}):
            answer = await post(client, f"{log}/repeat", wrong)
            assert "Choose from when" in (await client.get(answer.headers["location"])).text


async def test_the_maker_chooses_the_spelling(client: httpx.AsyncClient, db: Db, settings: Settings) -> None:
    stall = await make_stall(db)
    async with receiver() as hook:
        made = await listening_app(db, settings, stall.shop, hook.url, types=["ORDER_STATUS_CHANGE"])
        await sign_maker_in(client, db, made)
        await post(client, f"/developer/apps/{made.app.id}/spelling", {"spelling": "CANCELLED"})
        await stall.cancelled()
        await deliver(db, settings)
        assert hook.words[-1] == "CANCELLED"
