"""How long the lists take at the server: `python tools/measure_lists.py --orders 100000`.

Makes a database of its own with the demo world and that many orders more, half of them in one shop (or takes the one in
`--var`, as it is), asks the running app for each page of `bench/cases.py`, and prints median, 99th percentile and number of
statements, from the app's Server-Timing header. `--at-once 8` asks for eight pages at a time.
"""

import asyncio
import json
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click
import httpx
import psycopg

from bench.cases import Case, cases
from demo.load import load_orders, load_world
from etalase.foundation import database
from etalase.settings import Settings
from etalase.web.app import create_app

LOGINS = {"buyer": "buyer@etalase.test", "seller": "seller@etalase.test"}
HOT_SHOP = "sekar-laras"
WARM_UP = 8  # the first ones prepare statements and compile templates
TIMING = re.compile(r'app;dur=([\d.]+), sql;desc="(\d+)"')


@dataclass(frozen=True, slots=True)
class Timed:
    """What a page took, in milliseconds at the server."""

    name: str
    median_ms: float
    p99_ms: float
    statements: int
    characters: int


async def sign_in(client: httpx.AsyncClient, login: str) -> None:
    page = (await client.get("/login")).text
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert token  # noqa: S101
    answer = await client.post("/login", data={"csrf_token": token[1], "demo": login})
    if answer.status_code != 303:
        raise SystemExit(f"could not log in as {login}")


async def choose_shop(client: httpx.AsyncClient) -> None:
    """The seller works in two shops: most of the orders are in Sekar Laras."""
    page = (await client.get("/seller")).text
    link = re.search(r'href="(/seller/shops/\d+)"[^>]*>(?:(?!</a>).)*Sekar Laras', page, re.DOTALL)
    if link:
        answer = await client.get(link[1], headers={"Sec-Fetch-Site": "same-origin"})
        if answer.status_code != 303:
            raise SystemExit("could not turn to the shop with most orders")


async def measure(settings: Settings, wanted: Sequence[Case], *, times: int, at_once: int) -> list[Timed]:
    """Each page so many times."""
    app = create_app(settings)
    timed: list[Timed] = []
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app)
        for who in ("visitor", "buyer", "seller"):
            async with httpx.AsyncClient(transport=transport, base_url=settings.base_url) as client:
                if who in LOGINS:
                    await sign_in(client, LOGINS[who])
                if who == "seller":
                    await choose_shop(client)
                timed += [await _time(client, case, times=times, at_once=at_once) for case in wanted if case.who == who]
    return timed


async def _time(client: httpx.AsyncClient, case: Case, *, times: int, at_once: int) -> Timed:
    took, statements, size = [], 0, 0
    for turn in range(0, times + WARM_UP, at_once):
        for answer in await asyncio.gather(*(client.get(case.url) for _ in range(at_once))):
            found = TIMING.search(answer.headers.get("server-timing", ""))
            if answer.status_code != 200 or found is None:
                raise SystemExit(f"{case.url} answered {answer.status_code}")
            if turn >= WARM_UP:
                took.append(float(found[1]))
            statements, size = int(found[2]), len(answer.text)
    return Timed(case.name, statistics.median(took), statistics.quantiles(took, n=100)[-1], statements, size)


def _settings(var: Path, url: str) -> Settings:
    return Settings(DATABASE_URL=url, var=var, mode="demo", port=8000)


def _cases(url: str) -> list[Case]:
    with psycopg.connect(url) as connection:
        shop = connection.execute("SELECT shop_id FROM shops WHERE slug = %(slug)s", {"slug": HOT_SHOP}).fetchone()
        buyer = connection.execute(
            "SELECT id FROM accounts WHERE email = %(email)s", {"email": LOGINS["buyer"]}
        ).fetchone()
        if shop is None or buyer is None:
            raise SystemExit("the demo world is not there")
        return cases(connection, shop_id=shop[0], buyer_id=buyer[0])


def _measured(var: Path, *, orders: int, times: int, at_once: int) -> list[Timed]:
    server, url = database.start_embedded(var)
    try:
        database.migrate(url)
        load_world(url, var=var)
        began = time.monotonic()
        if orders:
            load_orders(url, orders)
            sys.stdout.write(f"{orders} orders loaded in {time.monotonic() - began:.0f} s\n\n")
        return asyncio.run(measure(_settings(var, url), _cases(url), times=times, at_once=at_once))
    finally:
        if orders:
            database.stop_embedded(server)


@click.command()
@click.option("--orders", type=click.IntRange(0), default=100_000, show_default=True)
@click.option("--var", type=click.Path(file_okay=False, path_type=Path), help="Measure what is there, load nothing.")
@click.option("--times", type=click.IntRange(16), default=104, show_default=True)
@click.option("--at-once", type=click.IntRange(1, 64), default=1, show_default=True)
@click.option("--json", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write the figures there, too.")
def main(orders: int, var: Path | None, times: int, at_once: int, file: Path | None) -> None:
    """Measure every list."""
    if var is not None:
        timed = _measured(var, orders=0, times=times, at_once=at_once)
    else:
        with tempfile.TemporaryDirectory(prefix="etalase-measure-") as folder:
            Path(folder).chmod(0o755)
            timed = _measured(Path(folder), orders=orders, times=times, at_once=at_once)
    sys.stdout.write("| page | median ms | p99 ms | statements | characters |\n|---|---:|---:|---:|---:|\n")
    for row in timed:
        sys.stdout.write(
            f"| {row.name} | {row.median_ms:.1f} | {row.p99_ms:.1f} | {row.statements} | {row.characters} |\n"
        )
    if file:
        file.write_text(json.dumps([asdict(row) for row in timed], indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
