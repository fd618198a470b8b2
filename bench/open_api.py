"""Programs that poll the Open API: signed searches for what changed, 300 a second, beside the same statements by pgbench."""

import asyncio
import json
import time
from collections.abc import Iterator
from itertools import cycle
from typing import Final
from urllib.parse import urlencode

import psycopg

from bench.figures import Figure, Need
from bench.load import measure, request
from bench.page_twin import best_rate
from bench.run import Run
from bench.world import hot_shop_id, statements
from etalase.commerce.apps import actions, credentials, queries, rules
from etalase.commerce.apps.rules import AppDraft
from etalase.foundation.sql import open_db
from etalase.settings import Settings
from etalase.web.open_api.signing import signature, signed_text

PER_SECOND: Final = 300
CONNECTIONS: Final = 16
APPS: Final = 24
"""Each may ask fifty times a second, and polls as several programs do."""
PATH: Final = "/order/202309/orders/search"
CHANGED: Final = "SELECT extract(epoch FROM updated_at)::bigint FROM orders WHERE shop_id = %s ORDER BY updated_at DESC OFFSET %s LIMIT 1"
DEPTHS: Final = (200, 1_000, 5_000, 20_000)
"""How many orders have changed since the moments that are asked from."""


def open_api(run: Run) -> Iterator[Figure]:
    """Order searches of the shop with half of the orders, 20 orders a page, by when they changed."""
    with run.house.web() as web:
        requests = _requests(run)
        measure(web.port, cycle(requests), connections=CONNECTIONS, seconds=run.seconds(1), per_second=50).insist(200)
        found = run.measure(
            web, "open api: orders that changed", cycle(requests), connections=CONNECTIONS, seconds=run.seconds(8),
            per_second=PER_SECOND, check=lambda _head, body: b'"code":0' in body and b'"line_items"' in body,
        ).insist(200)  # fmt: skip
        best = run.measure(
            web, "open api: as many as it can", cycle(requests), connections=CONNECTIONS, seconds=run.seconds(3),
            check=lambda _head, body: b'"request_id"' in body,
        )  # fmt: skip
        twin = None
        if run.house.server is not None:
            twin, each = best_rate(run.house, web, requests, seconds=run.seconds(1))
            run.say(f"pgbench with its {each} statements: {twin:.0f}/s")
    p50, p99 = found.quantile_ms(0.5), found.quantile_ms(0.99)
    note = f"{found.per_second:.0f}/s, CPU ms web {found.web_ms:.1f}, database {found.database_ms:.1f}"
    yield Figure("api-orders-p50", f"open api order search, {PER_SECOND} requests/s, p50", p50, "ms", note=note)
    yield Figure(
        "api-orders-p99", f"open api order search, {PER_SECOND} requests/s, p99", p99, "ms", need=Need("at most", 60), note=note
    )  # fmt: skip
    yield Figure("api-orders", "open api order search, as many as it can", best.per_second, "requests/s", twin=twin)


def _requests(run: Run) -> list[bytes]:
    """Signed requests of each app from each moment; they hold for five minutes."""
    with psycopg.connect(run.house.url) as connection:
        shop_id = hot_shop_id(connection)
        seller = connection.execute(statements["seller_of"].text, {"shop_id": shop_id}).fetchone()
        rows = [connection.execute(CHANGED, (shop_id, depth)).fetchone() for depth in DEPTHS]
    moments = [int(row[0]) for row in rows if row] or [0]
    apps = asyncio.run(_apps(run.house.settings(), run.house.url, shop_id=shop_id, owner_id=seller[0] if seller else 0))
    return [_signed(*app, since=moment) for moment in moments for app in apps]


async def _apps(settings: Settings, url: str, *, shop_id: int, owner_id: int) -> list[tuple[str, str, str]]:
    """(key, secret, access token) of apps that the shop has let in."""
    made = []
    async with open_db(url, connections_max=2) as db:
        for number in range(APPS):
            draft = AppDraft(f"Bench {number}", (rules.OWN_PAGE,), ("seller.order.info",))
            app = await actions.register_app(db, draft, owner_id=owner_id)
            code = await actions.authorize(db, app, account_id=owner_id, shop_ids=[shop_id])
            tokens = await actions.exchange_code(db, app, code=code)
            async with db.any().reading() as tx:
                kept = await queries.app_by_key(tx, app.key)
            if kept is None:
                raise LookupError(app.key)
            secret = credentials.secret_of(settings.key(), app_key=kept.key, salt=kept.secret_salt)
            made.append((app.key, secret, tokens.access_token))
    return made


def _signed(key: str, secret: str, token: str, *, since: int) -> bytes:
    body = json.dumps({"update_time_ge": since}).encode()
    pairs = [
        ("page_size", "20"), ("sort_field", "update_time"), ("sort_order", "ASC"), ("app_key", key),
        ("timestamp", str(int(time.time()))),
    ]  # fmt: skip
    pairs.append(("sign", signature(secret, signed_text(PATH, pairs, body))))
    headers = {"Content-Type": "application/json", "x-tts-access-token": token}
    return request(f"{PATH}?{urlencode(pairs)}", method="POST", body=body, **headers)
