"""The schema keeps the data rules: kinds of tables, keys that begin with their owner, money in minor units."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.architecture.exceptions import WITHOUT_SHOP
from tests.architecture.statements import all_statements

KINDS = {"shop", "buyer", "reference", "local"}
FOREIGN = ("procrastinate_", "_yoyo", "yoyo_")
"""Tables of tools; their shape is not ours."""
BUYER_KEYS = {"buyer_id", "account_id"}
MONEY = ("price", "amount", "total", "shipping_", "discount", "refund_", "refunded", "fee", "balance")
NOT_MONEY = {
    ("refunds", "refund_id"): "an id",
}


@pytest.fixture(scope="module")
def connection(server_url: str, template_name: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(server_url, dbname=template_name) as opened:
        yield opened


def rows(connection: psycopg.Connection[Any], text: str) -> list[tuple[Any, ...]]:
    return [row for row in connection.execute(text) if not str(row[0]).startswith(FOREIGN)]


def kinds(connection: psycopg.Connection[Any]) -> dict[str, str]:
    """Table -> kind, the word before the colon of its comment."""
    found = rows(
        connection,
        "SELECT c.relname, COALESCE(obj_description(c.oid, 'pg_class'), '') FROM pg_class c"
        " WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace",
    )
    return {str(name): str(comment).partition(":")[0] for name, comment in found}


def test_every_table_says_its_kind(connection: psycopg.Connection[Any]) -> None:
    found = kinds(connection)
    assert len(found) > 25
    assert {name: kind for name, kind in found.items() if kind not in KINDS} == {}


def test_keys_begin_with_their_owner(connection: psycopg.Connection[Any]) -> None:
    """Unique keys of shop tables lead with shop_id, of buyer tables with the buyer."""
    kind_of = kinds(connection)
    keys = rows(
        connection,
        "SELECT t.relname, i.relname, a.attname FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid"
        " JOIN pg_class i ON i.oid = x.indexrelid"
        " JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0]"
        " WHERE x.indisunique AND t.relnamespace = 'public'::regnamespace",
    )
    allowed = {"shop": {"shop_id"}, "buyer": BUYER_KEYS}
    wrong = [key for key in keys if kind_of[key[0]] in allowed and key[2] not in allowed[kind_of[key[0]]]]
    assert wrong == []


def test_foreign_keys_stay_within_the_shop(connection: psycopg.Connection[Any]) -> None:
    """A shop's row points at rows of the same shop or at reference tables."""
    kind_of = kinds(connection)
    keys = rows(
        connection,
        "SELECT t.relname, f.relname, k.conname, a.attname, b.attname FROM pg_constraint k"
        " JOIN pg_class t ON t.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid"
        " JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.conkey[1]"
        " JOIN pg_attribute b ON b.attrelid = f.oid AND b.attnum = k.confkey[1]"
        " WHERE k.contype = 'f' AND t.relnamespace = 'public'::regnamespace",
    )
    assert len(keys) > 10
    wrong = [key for key in keys if not _stays(kind_of[key[0]], kind_of[key[1]], own=key[3], other=key[4])]
    assert wrong == []


def _stays(kind: str, other_kind: str, *, own: str, other: str) -> bool:
    if other_kind == "reference":
        return True
    leads = {"shop": {"shop_id"}, "buyer": BUYER_KEYS}.get(kind, set())
    return kind == other_kind and own in leads and other in leads


def test_money_is_counted_in_minor_units(connection: psycopg.Connection[Any]) -> None:
    columns = rows(
        connection,
        "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'",
    )
    unnamed = [
        (table, column)
        for table, column, kind in columns
        if kind == "bigint" and column.startswith(MONEY) and not column.endswith("_minor")
        if (table, column) not in NOT_MONEY and not column.endswith("_id")
    ]
    assert unnamed == []
    assert [row for row in columns if row[1].endswith("_minor") and row[2] != "bigint"] == []
    assert [row for row in columns if row[2] in ("money", "real", "double precision", "numeric")] == []


def test_times_know_their_zone(connection: psycopg.Connection[Any]) -> None:
    columns = rows(
        connection,
        "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'",
    )
    assert [row for row in columns if row[2] == "timestamp without time zone"] == []


def test_statements_on_shop_tables_are_given_the_shop(connection: psycopg.Connection[Any]) -> None:
    """A shop's rows are reached by their shop; a buyer's lists, which go over shops, by the buyer."""
    shop_tables = {name for name, kind in kinds(connection).items() if kind == "shop"}
    without = {
        found.name
        for found in all_statements()
        if found.tables & shop_tables and not found.given & {"shop_id", "buyer_id"}
    }
    assert sorted(without - set(WITHOUT_SHOP)) == []
    assert sorted(set(WITHOUT_SHOP) - without) == [], "these need no exception any more"
