"""The page that moves the demo's clock."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from etalase.foundation import clock
from etalase.foundation.deadlines import actions as deadlines
from etalase.foundation.deadlines.rules import Clock, Deadline
from etalase.foundation.deadlines.sweep import sweep_once
from etalase.foundation.sql import Db
from etalase.foundation.time_machine import queries
from etalase.settings import Settings
from etalase.web import clockwork
from etalase.web.app import create_app
from etalase.web.back_office import time_machine
from tests.builders.accounts import make_shop
from tests.builders.web import post
from tests.conftest import new_client
from tests.demo.peers_process import KEY, Peers

KIND = "deliver.autocomplete"


async def start(db: Db, shop_id: int, **orders: timedelta) -> None:
    at = clock.now()
    clocks = [
        Clock(KIND, "order", int(name[1:]), int(name[1:]), shop_id, at + due_in, KIND, 0)
        for name, due_in in orders.items()
    ]
    async with db.for_shop(shop_id).transaction() as tx:
        await deadlines.start(tx, *clocks, at=at)


async def finish(_db: Db, _deadline: Deadline) -> None:
    """A consequence that needs no order."""


@asynccontextmanager
async def worker(db: Db) -> AsyncIterator[None]:
    async def sweep_for_ever() -> None:
        while True:
            await sweep_once(db, {KIND: finish})
            await asyncio.sleep(0.05)

    task = asyncio.create_task(sweep_for_ever())
    try:
        yield
    finally:
        task.cancel()


async def stored(db: Db) -> timedelta:
    async with db.any().reading() as tx:
        return timedelta(seconds=await queries.offset_seconds(tx))


async def test_it_shows_the_time_and_what_is_due_next(db: Db, client: httpx.AsyncClient) -> None:
    shop = await make_shop(db)
    await start(db, shop.shop_id, o11=timedelta(hours=5), o12=timedelta(days=2))
    page = await client.get("/demo/time")
    assert page.status_code == 200
    assert "Order 11, " + shop.name in page.text
    assert page.text.index("Order 11") < page.text.index("Order 12")
    assert "To the next deadline" in page.text


async def test_a_press_moves_the_clock_and_answers_when_everything_due_has_fired(
    db: Db, client: httpx.AsyncClient
) -> None:
    shop = await make_shop(db)
    await start(db, shop.shop_id, o11=timedelta(hours=5), o12=timedelta(days=2))
    async with worker(db):
        answer = await post(client, "/demo/time", {"move": "day"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/demo/time")
    assert await stored(db) == timedelta(days=1)
    page = await client.get("/demo/time")
    assert "The clock was moved. 1 deadline fired." in page.text
    assert "The order completed by itself." in page.text
    after, before = page.text.index("After the last move"), page.text.index("Next deadlines")
    assert after < page.text.index("Order 11") < before < page.text.index("Order 12")


async def test_more_deadlines_than_the_page_lists_are_counted(db: Db, client: httpx.AsyncClient) -> None:
    shop = await make_shop(db)
    many = time_machine.FIRED_SHOWN + 5
    await start(db, shop.shop_id, **{f"o{number}": timedelta(minutes=5) for number in range(1, many + 1)})
    async with worker(db):
        await post(client, "/demo/time", {"move": "hour"})
    assert f"The clock was moved. {many} deadlines fired." in (await client.get("/demo/time")).text


async def test_to_the_next_deadline_goes_exactly_there(db: Db, client: httpx.AsyncClient) -> None:
    shop = await make_shop(db)
    await start(db, shop.shop_id, o11=timedelta(hours=5), o12=timedelta(hours=6))
    async with worker(db):
        await post(client, "/demo/time", {"move": "next"})
    assert timedelta(hours=5) - timedelta(minutes=1) < await stored(db) <= timedelta(hours=5, seconds=2)
    page = await client.get("/demo/time")
    assert "1 deadline fired" in page.text


async def test_two_presses_at_once_add_up(db: Db, client: httpx.AsyncClient, app: FastAPI) -> None:
    await make_shop(db)
    async with new_client(app) as other, worker(db):
        await client.get("/demo/time")
        await other.get("/demo/time")
        await asyncio.gather(*(post(one, "/demo/time", {"move": "hour"}) for one in (client, other, client, other)))
    assert await stored(db) == timedelta(hours=4)


async def test_without_a_worker_it_answers_after_a_while_and_says_so(
    db: Db, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clockwork, "FIRING_SECONDS_MAX", 0.3)
    shop = await make_shop(db)
    await start(db, shop.shop_id, o11=timedelta(minutes=5))
    await post(client, "/demo/time", {"move": "hour"})
    page = await client.get("/demo/time")
    assert "still being carried out" in page.text


@pytest.mark.parametrize("move", ["", "back", "-1", "year"])
async def test_it_only_goes_forward_by_what_the_buttons_say(db: Db, client: httpx.AsyncClient, move: str) -> None:
    answer = await post(client, "/demo/time", {"move": move})
    assert answer.status_code == 303
    assert await stored(db) == timedelta(0)
    assert "Choose how far to move the clock." in (await client.get("/demo/time")).text


async def test_with_no_clock_running_there_is_no_next_deadline(db: Db, client: httpx.AsyncClient) -> None:
    await post(client, "/demo/time", {"move": "next"})
    assert await stored(db) == timedelta(0)
    assert "No deadline is running." in (await client.get("/demo/time")).text


async def test_a_form_without_its_token_moves_nothing(db: Db, client: httpx.AsyncClient) -> None:
    answer = await client.post("/demo/time", data={"move": "day"})
    assert answer.status_code == 403
    assert await stored(db) == timedelta(0)


async def test_outside_the_demo_there_is_no_such_page(db: Db, settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"mode": "production"}))
    async with app.router.lifespan_context(app), new_client(app) as client:
        assert (await client.get("/demo/time")).status_code == 404
        assert (await post(client, "/demo/time", {"move": "day"})).status_code == 404
    assert await stored(db) == timedelta(0)


async def test_a_peer_that_does_not_answer_is_named_and_the_clock_moves(db: Db, settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"carrier_url": "http://127.0.0.1:9"}))
    async with app.router.lifespan_context(app), new_client(app) as client:
        await post(client, "/demo/time", {"move": "hour"})
        assert "The carrier does not answer" in (await client.get("/demo/time")).text
    assert await stored(db) == timedelta(hours=1)


async def test_the_peers_clock_moves_along(db: Db, settings: Settings, tmp_path: Path) -> None:
    peers = await asyncio.to_thread(Peers, tmp_path / "peers", shop_url="http://127.0.0.1:9")
    try:
        known = {"carrier_url": peers.carrier_url, "sandbox_secret": SecretStr(KEY)}
        app = create_app(settings.model_copy(update=known))
        async with app.router.lifespan_context(app), new_client(app) as client:
            await post(client, "/demo/time", {"move": "hour"})
            await post(client, "/demo/time", {"move": "day"})
            assert "The carrier does not answer" not in (await client.get("/demo/time")).text
        assert offset_of_peers(tmp_path / "peers") == timedelta(days=1, hours=1)
    finally:
        await asyncio.to_thread(peers.stop)
    assert await stored(db) == timedelta(days=1, hours=1)


def offset_of_peers(state: Path) -> timedelta:
    """How far the peers' clock has gone, from the file that keeps it."""
    with closing(sqlite3.connect(state)) as kept:
        row = kept.execute("SELECT value FROM settings WHERE name = 'offset_s'").fetchone()
    return timedelta(seconds=float(row[0]) if row else 0)
