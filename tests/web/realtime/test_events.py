"""From a fact to an open page, through the real processes: relay, job, inbox, poller, stream."""

import asyncio
import re
import signal
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import orjson
import pytest

from etalase.foundation.sql import Db
from tests.builders.accounts import make_account, make_shop
from tests.builders.notices import placed_order
from tests.builders.web import sign_in
from tests.processes import free_port, is_ready, running, until

pytestmark = pytest.mark.slow
PAGES_A_SECOND = 20
"""A machine that makes fewer pages a second has more time for its news too."""


async def events(answer: httpx.Response) -> AsyncIterator[tuple[str, dict[str, object]]]:
    name = ""
    async for line in answer.aiter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, orjson.loads(line.removeprefix("data: "))


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[str]:
    """The address of a running web process with a worker beside it."""
    port = free_port()
    values = {"DATABASE_URL": database_url, "PORT": port, "ETALASE_VAR": tmp_path, "ETALASE_MODE": "demo"}
    with running("web", tmp_path / "web.log", **values), running("worker", tmp_path / "worker.log", **values):
        until(lambda: is_ready(port), "the shop is ready")
        until(lambda: b"worker started" in (tmp_path / "worker.log").read_bytes(), "the worker is ready")
        yield f"http://localhost:{port}"


async def test_an_order_reaches_the_open_page_within_a_second(db: Db, shop: str) -> None:
    buyer, seller_shop = await make_account(db), await make_shop(db)
    waits: list[float] = []
    pages: list[float] = []
    async with httpx.AsyncClient(base_url=shop, timeout=30) as browser:
        await sign_in(browser, buyer)
        async with browser.stream("GET", "/events") as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            heard = events(answer)
            name, numbers = await anext(heard)
            assert (name, numbers["count"], numbers["seller"]) == ("unread", 0, 0)
            for number in range(1, 5):
                placed = await placed_order(db, buyer=buyer, shop=seller_shop)
                began = time.monotonic()
                got: list[tuple[str, dict[str, object]]] = []
                async with asyncio.timeout(60):
                    while not any(name == "notice" for name, _ in got):
                        got.append(await anext(heard))
                waits.append(time.monotonic() - began)
                pages.append(await _seconds_of_a_page(browser))
                notice = next(data for name, data in got if name == "notice")
                assert notice["title"] == "Store Update: Order Created"
                assert ("unread", {"count": 1, "seller": 0}) in got, f"after order {number}"
                await _follow(browser, str(notice["href"]), leads_to=f"/orders/{placed.order.id}")
                assert await _next_unread(heard) == 0
    print("fact to open page, seconds:", [round(wait, 2) for wait in waits])
    assert any(wait < max(1.0, PAGES_A_SECOND * page) for wait, page in zip(waits, pages, strict=True)), (waits, pages)


async def _seconds_of_a_page(browser: httpx.AsyncClient) -> float:
    began = time.monotonic()
    assert (await browser.get("/orders")).status_code == 200
    return time.monotonic() - began


async def _follow(browser: httpx.AsyncClient, href: str, *, leads_to: str) -> None:
    answer = await browser.get(href)
    assert (answer.status_code, answer.headers["location"]) == (303, leads_to)


async def _next_unread(heard: AsyncIterator[tuple[str, dict[str, object]]]) -> object:
    async with asyncio.timeout(60):
        async for name, data in heard:
            if name == "unread":
                return data["count"]
    return None


async def test_what_changed_between_rendering_and_connecting_is_told(db: Db, shop: str) -> None:
    buyer, seller_shop = await make_account(db), await make_shop(db)
    async with httpx.AsyncClient(base_url=shop, timeout=30) as browser:
        await sign_in(browser, buyer)
        page = (await browser.get("/orders")).text
        mark = re.search(r'name="etalase-mark" content="(\d+)"', page)
        assert mark
        placed = await placed_order(db, buyer=buyer, shop=seller_shop)
        async with asyncio.timeout(60), browser.stream("GET", f"/events?since={mark[1]}") as answer:
            heard = events(answer)
            assert (await anext(heard))[0] == "unread"
            assert await anext(heard) == ("changed", {"subject": "order", "id": str(placed.order.id)})


async def test_a_stranger_gets_no_stream(shop: str) -> None:
    async with httpx.AsyncClient(base_url=shop) as browser:
        assert (await browser.get("/events")).status_code == 401


async def test_open_streams_do_not_hold_up_the_end(db: Db, database_url: str, tmp_path: Path) -> None:
    port = free_port()
    values = {"DATABASE_URL": database_url, "PORT": port, "ETALASE_VAR": tmp_path, "ETALASE_MODE": "demo"}
    with running("web", tmp_path / "web.log", **values) as web:
        until(lambda: is_ready(port), "the shop is ready")
        async with httpx.AsyncClient(base_url=f"http://localhost:{port}", timeout=30) as browser:
            await sign_in(browser, await make_account(db))
            async with browser.stream("GET", "/events") as one, browser.stream("GET", "/events") as two:
                streams = [events(one), events(two)]
                for stream in streams:
                    await anext(stream)
                web.terminate()
                for stream in streams:
                    async with asyncio.timeout(60):  # read to their proper end: none is cut off
                        assert [event async for event in stream] == []
                assert await asyncio.to_thread(web.wait, 60) in (0, -signal.SIGTERM)
