"""Carriers' webhooks: how many are kept for good in a second, and that none is lost."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from bench.figures import Figure, Need
from bench.load import request
from bench.run import Run
from bench.twin import run_pgbench
from bench.world import statements
from etalase.integrations.carriers.sandbox.signature import HEADER, sign

CONNECTIONS = 64
PER_SECOND_MAX = 6_000
COUNT = "SELECT count(*) FROM inbound_events WHERE event_id LIKE %(like)s"
SCRIPT = """\\set n :n + 1
INSERT INTO inbound_events (vendor, event_id, received_at, body, retry_at)
VALUES ('bench', 'pgbench-' || :turn || '-' || :client_id || '-' || :n, now(), decode(:body, 'hex'), now());
"""


def webhooks(run: Run) -> Iterator[Figure]:
    """Signed reports about real parcels."""
    seconds = run.seconds(5)
    with psycopg.connect(run.house.url) as connection:
        parcels = connection.execute(statements["parcels_under_way"].text, {"limit": 5_000}).fetchall()
    turn = f"bench-{time.time_ns()}"
    secret = run.house.settings().sandbox_secret.get_secret_value()
    bodies = list(_bodies(parcels, turn, count=int(seconds * PER_SECOND_MAX)))
    stamp = int(time.time())
    requests = [
        request(
            "/hooks/carriers/sandbox", method="POST", body=body, Content_Type="application/json",
            **{HEADER: sign(secret, body=body, timestamp_s=stamp)},
        )
        for body in bodies
    ]  # fmt: skip
    with run.house.web() as web:
        found = run.measure(web, "tracking webhooks", requests, connections=CONNECTIONS, seconds=seconds).insist(200)
    with psycopg.connect(run.house.url) as connection:
        kept = connection.execute(COUNT, {"like": f"{turn}-%"}).fetchone()
        connection.execute("DELETE FROM inbound_events WHERE event_id LIKE %(like)s", {"like": f"{turn}-%"})
    if kept is None or kept[0] != found.answers:
        raise RuntimeError(f"{found.answers} webhooks were answered, {kept} are kept")
    twin = _twin(run, bodies[0])
    yield Figure(
        "webhooks", f"tracking webhooks kept for good, {CONNECTIONS} connections", found.per_second, "webhooks/s", twin=twin,
        need=Need("at least", 1500), note=f"p99 {found.quantile_ms(0.99):.1f} ms, all {kept[0]} found again",
    )  # fmt: skip


def _bodies(parcels: list[tuple[int, int, str, str]], turn: str, *, count: int) -> Iterator[bytes]:
    at = datetime.now(UTC).isoformat()
    for n in range(count):
        shop_id, parcel_id, carrier, number = parcels[n % len(parcels)]
        yield json.dumps(
            {"event_id": f"{turn}-{n}", "carrier": carrier, "tracking_number": number, "reference": f"{shop_id}-{parcel_id}",
             "code": "TRN", "place": "Cikarang", "zone": "Asia/Jakarta", "occurred_at": at}
        ).encode()  # fmt: skip


def _twin(run: Run, body: bytes) -> float:
    """The same row by pgbench, one a transaction, at its best client count."""
    path = Path(run.house.folder) / "webhooks.sql"
    path.write_text(SCRIPT)
    best = 0.0
    for turn, clients in enumerate(run.clients):
        values = {"n": "0", "turn": f"{time.time_ns()}{turn}", "body": body.hex()}
        rate, _ = run_pgbench(run.house.url, [path], clients=clients, values=values, seconds=run.seconds(1.2))
        best = max(best, rate)
    with psycopg.connect(run.house.url) as connection:
        connection.execute("DELETE FROM inbound_events WHERE vendor = 'bench'")
    return best
