"""Open pages: how long until a thousand of them have heard of one order."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final, cast

import psycopg
import uvloop

from bench import shoppers
from bench.figures import Figure
from bench.load import drive, request
from bench.run import Run
from bench.world import buyer_id
from etalase.foundation import clock

PAGES_OF_ACCOUNT: Final = 12
ROUNDS: Final = 5
MARK: Final = b"event: changed"
PATIENCE_S: Final = 60.0


class _Page(asyncio.Protocol):
    """An open page that waits for the shop's orders to change."""

    def __init__(self, wanted: bytes, opened: asyncio.Queue[None], heard: "list[float]") -> None:
        self.wanted, self.opened, self.heard = wanted, opened, heard
        self.is_open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.transport.write(self.wanted)

    def data_received(self, data: bytes) -> None:
        if not self.is_open:
            if b" 200 " not in data[:20]:
                raise RuntimeError(f"a page cannot be opened: {data[:200]!r}")
            self.is_open = True
            self.opened.put_nowait(None)
        if MARK in data:
            self.heard.append(time.perf_counter())


def streams(run: Run) -> Iterator[Figure]:
    """A thousand pages of a shop's people; orders of that shop, one after the other."""
    good = run.quiet_good()
    staff = [buyer_id(run.buyers - 150 - n) for n in range(-(-run.open_pages // PAGES_OF_ACCOUNT))]
    with psycopg.connect(run.house.url) as connection:
        connection.cursor().executemany(
            "INSERT INTO shop_members VALUES (%s, %s, 'staff', %s) ON CONFLICT DO NOTHING",
            [(good.shop_id, member, clock.now()) for member in staff],
        )
    try:
        members = shoppers.sign_in(run.house.url, run.house.settings(), staff, shop_id=good.shop_id)
        cookies = [member.cookie for member in members for _ in range(PAGES_OF_ACCOUNT)][: run.open_pages]
        buyers = run.shoppers()[:ROUNDS]
        shoppers.fill_carts(run.house.url, buyers, [good])
        with run.house.web() as web, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            presses = list(shoppers.placements(buyers, [good]))
            rounds = runner.run(_listen(web.port, cookies, presses))
    finally:
        with psycopg.connect(run.house.url) as connection:
            gone = {"shop_id": good.shop_id, "ids": staff}
            connection.execute(
                "DELETE FROM shop_members WHERE shop_id = %(shop_id)s AND account_id = ANY(%(ids)s)", gone
            )
    first, last = sorted(a for a, _ in rounds)[len(rounds) // 2], sorted(b for _, b in rounds)[len(rounds) // 2]
    run.say(f"{len(cookies)} open pages: {rounds}")
    yield Figure(
        "streams",
        f"{len(cookies)} open pages: all have heard after",
        last * 1000,
        "ms",
        note=f"the first after {first * 1000:.0f} ms",
    )


async def _listen(port: int, cookies: Sequence[str], presses: Sequence[bytes]) -> list[tuple[float, float]]:
    """Seconds from each order's answer until the first and the last page knew."""
    loop, opened, heard = asyncio.get_running_loop(), asyncio.Queue[None](), list[float]()
    pages = []
    for cookie in cookies:
        wanted = request("/events", cookie=cookie)
        make = partial(_Page, wanted, opened, heard)
        pages.append((await loop.create_connection(make, "127.0.0.1", port))[0])
    for _ in cookies:
        await asyncio.wait_for(opened.get(), PATIENCE_S)
    rounds = []
    await asyncio.sleep(1.5)
    for press in presses:
        heard.clear()
        (await drive(port, [press], connections=1, seconds=30)).insist(303)
        placed = time.perf_counter()
        until = placed + PATIENCE_S
        while len(heard) < len(cookies) and time.perf_counter() < until:  # noqa: ASYNC110 - an event for each costs more
            await asyncio.sleep(0.005)
        if len(heard) < len(cookies):
            raise TimeoutError(f"{len(heard)} of {len(cookies)} pages have heard of the order")
        rounds.append((max(0.0, min(heard) - placed), max(heard) - placed))
        await asyncio.sleep(0.5)
    for page in pages:
        page.close()
    return rounds
