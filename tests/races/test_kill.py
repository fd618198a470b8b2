"""kill -9 of the web process between the press of the button and the answer: nothing lost, nothing doubled."""

import asyncio
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
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

ROUNDS = 6
STOCK = 100


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
    until = time.monotonic() + 90
    while time.monotonic() < until:
        try:
            async with httpx.AsyncClient(trust_env=False) as client:
                if (await client.get(f"{url}/readyz")).is_success:
                    return
        except httpx.HTTPError:
            await asyncio.sleep(0.1)
    raise AssertionError("the web process did not start")


@asynccontextmanager
async def browser_of(url: str, buyer: Account) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=60) as client:
        await sign_in(client, buyer)
        yield client


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@pytest.mark.slow
async def test_a_killed_server_loses_and_doubles_nothing(db: Db, database_url: str, tmp_path: Path) -> None:
    buyer, shop = await make_account(db), await make_shop(db)
    await make_address(db, buyer)
    _, variant_id = await a_variant(db, shop.shop_id, stock=STOCK)
    port = free_port()
    url, chance = f"http://127.0.0.1:{port}", random.Random(11)
    for number in range(ROUNDS):
        with web_process(port, database_url, tmp_path) as process:
            await wait_ready(url)
            async with browser_of(url, buyer) as client:
                form = await _form(client, shop.shop_id, variant_id)
                sending = asyncio.create_task(post(client, "/checkout", form))
                await asyncio.sleep(chance.uniform(0.002, 0.06))
                process.send_signal(signal.SIGKILL)
                with suppress(httpx.HTTPError):
                    await sending
        with web_process(port, database_url, tmp_path):
            await wait_ready(url)
            async with browser_of(url, buyer) as client:
                again = await post(client, "/checkout", form)
                assert again.status_code == 303, again.text
        assert await _placed(db, buyer) == number + 1
        async with db.any().reading() as tx:
            stock = (await inventory.stock_of(tx, shop_ids=[shop.shop_id], variant_ids=[variant_id]))[0]
        assert (stock.committed, stock.available) == (number + 1, STOCK - number - 1)


async def _form(client: httpx.AsyncClient, shop_id: int, variant_id: int) -> dict[str, str]:
    await post(client, "/cart/lines", {"shop_id": str(shop_id), "variant_id": str(variant_id), "next": "/checkout"})
    page = (await client.get("/checkout")).text
    fields = {name: re.search(rf'name="{name}" value="([^"]*)"', page) for name in ("placement_key", "total_seen")}
    return {name: found[1] for name, found in fields.items() if found} | {"method": "qris", "action": "place"}


async def _placed(db: Db, buyer: Account) -> int:
    async with db.for_buyer(buyer.id).reading() as tx:
        by_state, _ = await orders.counts_of_buyer(tx, buyer_id=buyer.id)
    return sum(by_state.values())
