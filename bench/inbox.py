"""From fact to inbox: how long after an order is placed its notices lie in the inboxes, under a steady load."""

import time
from collections.abc import Iterator
from typing import Final

import psycopg

from bench import shoppers
from bench.figures import Figure, Need
from bench.processes import Web
from bench.run import Run
from bench.starting import MB, in_mb, memory
from bench.world import gather_waiting_words
from etalase.foundation.facts.relay import RELAY
from etalase.foundation.facts.relay import statements as relay
from etalase.foundation.ids import EPOCH_MS, id_ago
from etalase.up import Part

PER_SECOND: Final = 200
CONNECTIONS: Final = 32
PATIENCE_S: Final = 120.0
AUDITED: Final = """
    INSERT INTO audits (id, state, cause, asked_at, started_at, ended_at)
    VALUES (%(id)s, 'done', 'nightly', now(), now(), now())"""
NOTICED: Final = """
    SELECT extract(epoch FROM f.at)::float8 * 1000,
           (SELECT max(n.id >> 22) FROM notifications n WHERE n.fact_id = f.id AND n.id >= %(since)s)
    FROM facts f WHERE f.recorded_xid >= %(xid)s::xid8 AND f.name = 'order.placed'"""


def inbox(run: Run) -> Iterator[Figure]:
    """200 orders a second with the worker running; an id says when the notice was written."""
    spread, _hot = run.goods()
    seconds = run.seconds(8)
    wanted = int(PER_SECOND * seconds)
    buyers = run.shoppers()[:wanted]
    _clear(run.house.url)
    with run.house.web() as web, run.house.worker() as worker:
        shoppers.fill_carts(run.house.url, buyers, spread)
        requests = shoppers.placements(buyers, spread)
        with psycopg.connect(run.house.url) as connection:
            _wait_for_worker(connection)
            row = connection.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text").fetchone()
        since = id_ago(1000)
        found = run.measure(
            web, "orders for the inbox", requests, connections=CONNECTIONS, seconds=seconds * 3, per_second=PER_SECOND
        ).insist(303)
        loaded = _loaded(run, web, worker)
        waits = sorted(_waits(run.house.url, since=since, xid=str(row[0]) if row else "0", orders=found.answers))
    p50, p99 = waits[len(waits) // 2], waits[int(0.99 * len(waits))]
    note = f"{found.answers} orders, {found.per_second:.0f}/s"
    yield Figure("inbox-p50", "fact to inbox, p50", p50, "ms", note=note)
    yield Figure("inbox-p99", "fact to inbox, p99", p99, "ms", need=Need("at most", 1000), note=note)
    if loaded:
        yield Figure(
            "memory-loaded", "memory after that load, PostgreSQL included", sum(loaded.values()) / MB, "MB", note=in_mb(loaded)
        )  # fmt: skip


def _loaded(run: Run, web: Web, worker: Part) -> dict[str, float]:
    """Memory by part; nothing where the database is not ours."""
    if run.house.server is None or worker.process is None:
        return {}
    return memory([*web.pids, worker.process.pid], run.house.folder)


def _clear(url: str) -> None:
    """Leave nothing over for the worker from loads during which it did not run; the night's audit has been."""
    with psycopg.connect(url) as connection:
        connection.execute("DELETE FROM procrastinate_jobs")
        connection.execute("DELETE FROM inbound_events WHERE applied_at IS NULL")  # the webhooks that were counted
        connection.execute(relay["pass_over_recorded"].text, {"relay": RELAY})
        connection.execute(
            "UPDATE audits SET state = 'done' WHERE state IN ('asked', 'running')"
        )  # of a run that was cut short
        connection.execute(AUDITED, {"id": id_ago(0)})
    gather_waiting_words(url)


def _wait_for_worker(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Until nothing waits to be relayed or done."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        connection.rollback()
        waits = connection.execute(relay["oldest_waiting"].text, {"relay": RELAY}).fetchone()
        row = connection.execute(
            "SELECT NOT EXISTS (SELECT FROM procrastinate_jobs WHERE status IN ('todo', 'doing'))"
        ).fetchone()
        if waits is None and row and row[0]:
            return
        time.sleep(0.2)
    raise TimeoutError("the worker does not catch up")


def _waits(url: str, *, since: int, xid: str, orders: int) -> list[float]:
    """Milliseconds from each fact to its last notice, once every one has its notices."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        with psycopg.connect(url) as connection:
            rows = connection.execute(NOTICED, {"since": since, "xid": xid}).fetchall()
        if len(rows) >= orders and all(noticed is not None for _, noticed in rows):
            return [noticed + EPOCH_MS - at for at, noticed in rows]
        time.sleep(0.5)
    raise TimeoutError(f"of {orders} orders {sum(noticed is not None for _, noticed in rows)} have come to the inboxes")
