"""How long the lists take at the server: `python tools/measure_lists.py [orders]` (100,000 unless told).

Makes a database of its own with the demo world and that many orders more, half of them in one shop, then asks the running
app for each page 60 times and prints median, 95th percentile and number of statements, from the app's Server-Timing header.
"""

import asyncio
import json
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path

import httpx

from demo.load import load_orders, load_world
from etalase.foundation import database
from etalase.settings import Settings
from etalase.web.app import create_app

TIMES = 60
PAGES = {
    "buyer@etalase.test": ["/orders", "/orders?tab=in_transit", "/orders?q=kopi", "/inbox", "/profile", "/cart"],
    "seller@etalase.test": [
        "/seller/orders", "/seller/orders?tab=action", "/seller/orders?tab=new", "/seller/orders?tab=ready",
        "/seller/orders?tab=shipping", "/seller/orders?tab=completed", "/seller/orders?tab=cancelled", "/seller",
    ],
}  # fmt: skip
TIMING = re.compile(r'app;dur=([\d.]+), sql;desc="(\d+)"')


async def sign_in(client: httpx.AsyncClient, login: str) -> None:
    page = (await client.get("/login")).text
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert token  # noqa: S101
    answer = await client.post("/login", data={"csrf_token": token[1], "demo": login})
    if answer.status_code != 303:
        raise SystemExit(f"could not log in as {login}")


async def choose_shop(client: httpx.AsyncClient) -> None:
    """The seller works in two shops: half of the orders are in Sekar Laras."""
    page = (await client.get("/seller")).text
    link = re.search(r'href="(/seller/shops/\d+)"[^>]*>(?:(?!</a>).)*Sekar Laras', page, re.DOTALL)
    if link:
        token = re.search(r'name="csrf-token" content="([^"]+)"', page)
        await client.get(link[1])
        await client.post(link[1], data={"csrf_token": token[1] if token else ""})


async def measure(settings: Settings) -> list[tuple[str, float, float, int, int]]:
    """Page, median ms, 95th percentile ms, statements, characters."""
    app = create_app(settings)
    rows: list[tuple[str, float, float, int, int]] = []
    async with app.router.lifespan_context(app):
        for login, paths in PAGES.items():
            transport = httpx.ASGITransport(app=app)
            async with httpx.AsyncClient(transport=transport, base_url=settings.base_url) as client:
                await sign_in(client, login)
                if login.startswith("seller"):
                    await choose_shop(client)
                rows += [(path, *await _page(client, path)) for path in paths]
    return rows


async def _page(client: httpx.AsyncClient, path: str) -> tuple[float, float, int, int]:
    took, statements, size = [], 0, 0
    for turn in range(TIMES + 10):
        answer = await client.get(path)
        found = TIMING.search(answer.headers.get("server-timing", ""))
        if answer.status_code != 200 or found is None:
            raise SystemExit(f"{path} answered {answer.status_code}")
        if turn >= 10:  # the first ones prepare statements and compile templates
            took.append(float(found[1]))
        statements, size = int(found[2]), len(answer.text)
    return statistics.median(took), statistics.quantiles(took, n=20)[-1], statements, size


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(prefix="etalase-measure-") as folder:
        var = Path(folder)
        var.chmod(0o755)
        server, url = database.start_embedded(var)
        try:
            database.migrate(url)
            load_world(url, var=var)
            began = time.monotonic()
            load_orders(url, count)
            loaded_s = time.monotonic() - began
            rows = asyncio.run(measure(Settings(DATABASE_URL=url, var=var, mode="demo", port=8000)))
        finally:
            database.stop_embedded(server)
    sys.stdout.write(f"{count} orders loaded in {loaded_s:.0f} s ({count / loaded_s:.0f}/s)\n\n")
    sys.stdout.write("| page | median ms | p95 ms | statements | characters |\n|---|---:|---:|---:|---:|\n")
    for path, median, p95, statements, size in rows:
        sys.stdout.write(f"| `{path}` | {median:.1f} | {p95:.1f} | {statements} | {size} |\n")
    sys.stdout.write("\n" + json.dumps({"orders": count, "worst_median_ms": max(row[1] for row in rows)}) + "\n")


if __name__ == "__main__":
    main()
