"""kill -9 of the web process in the middle of a rush: what was acknowledged is there, nothing is doubled, nothing is oversold."""

import asyncio
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path

import httpx
import pytest

from etalase.commerce.accounts.queries import Account
from etalase.commerce.inventory import queries as inventory
from etalase.commerce.orders import queries as orders
from etalase.foundation.sql import Db
from tests.builders.accounts import make_account, make_address, make_shop
from tests.builders.shipping import a_variant
from tests.builders.web import post, sign_in
from tests.processes import free_port

ROUNDS = 2
CROWD = 12
STOCK = 30
"""Fewer pieces than the crowd asks for over all rounds: the last round sells out."""


@contextmanager
def web_process(port: int, database_url: str, var: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`etalase web` as production runs it."""
    env = os.environ | {
        "DATABASE_URL": database_url,
        "PORT": str(port),
        "ETALASE_VAR": str(var),
        "ETALASE_MODE": "production",
        "ETALASE_PAYMENT_URL": "http://127.0.0.1:9",
    }
    log = (var / "web.log").open("ab")
    process = subprocess.Popen([sys.executable, "-m", "etalase.cli", "web"], env=env, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        log.close()


async def wait_ready(url: str) -> None:
    until = time.monotonic() + 240
    while time.monotonic() < until:
        try:
            async with httpx.AsyncClient(trust_env=False) as client:
                if (await client.get(f"{url}/readyz")).is_success:
                    return
        except httpx.HTTPError:
            await asyncio.sleep(0.1)
    raise AssertionError("the web process did not start")


@asynccontextmanager
async def browser_of(url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=60) as client:
        yield client


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_a_killed_server_keeps_what_it_acknowledged(db: Db, database_url: str, tmp_path: Path) -> None:
    crowd, shop = [await make_account(db) for _ in range(CROWD)], await make_shop(db)
    for buyer in crowd:
        await make_address(db, buyer)
    _, variant_id = await a_variant(db, shop.shop_id, stock=STOCK)
    port = free_port()
    url, chance = f"http://127.0.0.1:{port}", random.Random(11)
    forms: list[dict[str, str]] = []
    acknowledged: dict[int, str] = {}
    async with AsyncExitStack() as stack:
        browsers = [await stack.enter_async_context(browser_of(url)) for _ in crowd]
        for number in range(ROUNDS + 1):
            with web_process(port, database_url, tmp_path) as process:
                await wait_ready(url)
                if number == 0:
                    await asyncio.gather(*map(sign_in, browsers, crowd))
                else:  # everybody presses again what may or may not have been placed before the crash
                    await _press_again(browsers, forms, acknowledged)
                    await _check(db, crowd, (shop.shop_id, variant_id), placed=min(number * CROWD, STOCK))
                if number < ROUNDS:
                    forms = [await _form(browser, shop.shop_id, variant_id) for browser in browsers]
                    sending = [asyncio.create_task(_press(*pair)) for pair in zip(browsers, forms, strict=True)]
                    await asyncio.sleep(chance.uniform(0.005, 0.15))
                    process.send_signal(signal.SIGKILL)
                    told = await asyncio.gather(*sending)
                    acknowledged = {who: where for who, where in enumerate(told) if where}


async def _press(browser: httpx.AsyncClient, form: dict[str, str]) -> str:
    """Where the purchase is, or '' when no answer came or it was refused."""
    try:
        answer = await post(browser, "/checkout", form)
    except httpx.HTTPError:
        return ""
    where = answer.headers.get("location", "")
    return where if where.startswith("/purchases/") else ""


async def _press_again(
    browsers: list[httpx.AsyncClient], forms: list[dict[str, str]], acknowledged: dict[int, str]
) -> None:
    told = await asyncio.gather(*(_press(*pair) for pair in zip(browsers, forms, strict=True)))
    for who, where in acknowledged.items():
        assert told[who] == where


async def _check(db: Db, crowd: list[Account], variant: tuple[int, int], *, placed: int) -> None:
    async with db.any().reading() as tx:
        counted = [(await orders.counts_of_buyer(tx, buyer_id=buyer.id))[0] for buyer in crowd]
        (stock,) = await inventory.stock_of(tx, shop_ids=[variant[0]], variant_ids=[variant[1]])
    assert sum(sum(by_state.values()) for by_state in counted) == placed
    assert (stock.committed, stock.available) == (placed, STOCK - placed)


async def _form(browser: httpx.AsyncClient, shop_id: int, variant_id: int) -> dict[str, str]:
    await post(browser, "/cart/lines", {"shop_id": str(shop_id), "variant_id": str(variant_id), "next": "/checkout"})
    page = (await browser.get("/checkout")).text
    fields = {name: re.search(rf'name="{name}" value="([^"]*)"', page) for name in ("placement_key", "total_seen")}
    return {name: found[1] for name, found in fields.items() if found} | {"method": "cod", "action": "place"}
