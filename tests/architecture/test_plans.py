"""No statement has to read a whole table that grows with what happens, or a whole index of one."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from demo.load import load_orders, load_world
from tests.architecture.exceptions import READ_WHOLE
from tests.architecture.statements import Found, all_statements
from tests.conftest import _drop, _on

BOUNDED = {
    "_yoyo_migration", "accounts", "addresses", "app_authorizations", "app_calls", "app_tokens", "apps", "authorizations",
    "audits", "authorized_shops", "calendar_days", "cart_lines", "categories", "clock_offset", "id_nodes", "ledger_totals", "listings", "password_resets",
    "payment_method_health", "payment_method_switches", "payout_batches", "payouts",
    "policies", "product_media", "products", "relay_positions", "search_progress", "seller_bank_accounts", "seller_debts", "sessions", "shop_members",
    "shop_order_counts", "shops", "statements", "stock", "variants", "webhook_addresses", "app_webhooks", "withdrawals",
}  # fmt: skip
"""Tables that grow with people, shops, goods, weeks and nights, not with orders."""
QUEUES = {"inbound_events", "mails"}
"""Tables of which only what waits is read, along an index that has nothing else."""


TOLD = """
WITH addresses AS (
    INSERT INTO webhook_addresses (id, app_id, address) SELECT id, id, 'https://erp.example/' FROM apps RETURNING id
), messages AS (
    INSERT INTO webhook_messages (shop_id, id, app_id, address_id, event_type, subject_id, fact_id, body, state, due_at, created_at)
    SELECT o.shop_id, o.id, a.id, a.id, 'ORDER_STATUS_CHANGE', o.id, o.id, '{}',
           CASE WHEN o.id % 50 = 0 THEN 'waiting' ELSE 'sent' END, o.placed_at, o.placed_at
    FROM orders AS o CROSS JOIN addresses AS a
)
INSERT INTO webhook_attempts (shop_id, message_id, number, at, address, status, took_ms)
SELECT shop_id, id, 1, placed_at, 'https://erp.example/', 200, 5 FROM orders
"""
"""An app that was told of every order; the demo world has none that listens."""


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every node of a plan."""
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


def endless(plan: dict[str, Any]) -> set[str]:
    """Tables of which the plan reads everything, or everything that an index has."""
    found = set()
    for node in nodes(plan):
        is_whole = node["Node Type"] == "Seq Scan" or (
            node["Node Type"] in ("Index Scan", "Index Only Scan", "Bitmap Index Scan") and "Index Cond" not in node
        )
        if is_whole and node.get("Relation Name", "") not in BOUNDED | QUEUES:
            found.add(node.get("Relation Name") or node["Index Name"])
    return found


@pytest.fixture(scope="module")
def url(server_url: str, template_name: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database in which enough has happened for the planner to tell indexes apart."""
    name = f"plans_{uuid4().hex}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template_name))
        )
    made = _on(server_url, name)
    load_world(made, var=tmp_path_factory.mktemp("plans"))
    load_orders(made, 1_000)
    with psycopg.connect(made, autocommit=True) as connection:
        connection.execute(TOLD)
    yield made
    _drop(server_url, name)


@pytest.fixture(scope="module")
def plans(url: str) -> dict[str, dict[str, Any]]:
    """The plan of each statement, whatever its parameters are, where a sequential scan is the last resort."""
    made = {}
    with psycopg.connect(url, autocommit=True) as connection:
        if connection.info.server_version < 160000:
            pytest.skip("plans without parameters need PostgreSQL 16")
        connection.execute("VACUUM ANALYZE")
        connection.execute("SET enable_seqscan = off")
        connection.execute("SET enable_bitmapscan = off")  # in a small table they may read an index whole
        for found in all_statements():
            row = connection.execute(f"EXPLAIN (GENERIC_PLAN, FORMAT JSON) {found.prepared()}").fetchone()
            assert row is not None
            made[found.name] = row[0][0]["Plan"]
    return made


@pytest.mark.parametrize("found", all_statements(), ids=lambda found: found.name)
def test_an_index_serves_the_statement(found: Found, plans: dict[str, dict[str, Any]]) -> None:
    assert endless(plans[found.name]) == READ_WHOLE.get(found.name, (set(), ""))[0]


def test_exceptions_are_still_there() -> None:
    assert sorted(set(READ_WHOLE) - {found.name for found in all_statements()}) == []
