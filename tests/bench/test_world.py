"""The multiplied world keeps every invariant that the loaded one keeps."""

import asyncio
from collections.abc import Sequence

import psycopg
from psycopg import sql

from bench import multiply, world
from bench.processes import House
from demo.loading.bulk_rows import COLUMNS
from etalase.foundation.facts.relay import FactKey, relay_once
from etalase.foundation.ids import EPOCH_MS, id_ago
from etalase.foundation.sql import Tx, open_db
from etalase.subscriptions import LINES
from tests.builders.worlds import broken


def test_every_invariant_holds(grown_house: House) -> None:
    assert broken(grown_house.url) == {}
    assert world.count_orders(grown_house.url) >= 1_200


def test_no_row_points_nowhere(grown_house: House) -> None:
    """Foreign keys were off while copies were made: made anew, they look at every row."""
    with psycopg.connect(grown_house.url) as connection:
        keys = connection.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f'"
            " AND connamespace = 'public'::regnamespace"
        ).fetchall()
        assert len(keys) > 10
        for table, name, definition in keys:
            add = sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}, ADD CONSTRAINT {} {}")
            parts = [sql.SQL(table), sql.Identifier(name), sql.Identifier(name), sql.SQL(definition)]
            connection.execute(add.format(*parts))
        connection.rollback()


def test_ids_say_when_an_order_was_placed(grown_house: House) -> None:
    with psycopg.connect(grown_house.url) as connection:
        apart = connection.execute(
            "SELECT max(abs((o.id >> 22) + %(epoch)s - extract(epoch FROM o.placed_at) * 1000)), count(DISTINCT o.id),"
            " count(*), count(DISTINCT (o.id >> 12) & 1023) FROM orders o"
            " JOIN purchases p ON p.buyer_id = o.buyer_id AND p.id = o.purchase_id AND p.placement_key LIKE 'bulk-%%'",
            {"epoch": EPOCH_MS},
        ).fetchone()
    assert apart is not None
    assert apart[0] < 64
    assert apart[1] == apart[2] >= 900
    assert apart[3] > 3


def test_all_that_the_loader_writes_is_multiplied(grown_house: House) -> None:
    """Per order as many rows in every table as before; a table that the loader begins to write is copied by itself."""
    with psycopg.connect(grown_house.url) as connection:
        row = connection.execute("SELECT copies FROM bench.state").fetchone()
        assert row is not None
        copies = row[0]
        assert copies * multiply.pattern_size(connection) >= 600
        for table in COLUMNS:
            link = multiply.link_of(table, [name for name, _ in multiply.columns_of(connection, table)])
            pattern = connection.execute(f"SELECT count(*) FROM bench.{table}").fetchone()
            copied = connection.execute(
                f"SELECT count(*) FROM {table} t WHERE ({link} >> 12) & 1023 BETWEEN 1 AND %s AND {link} < %s",
                [copies, id_ago(1_200_000)],  # what other tests place is younger
            ).fetchone()
            assert pattern is not None
            assert copied == (pattern[0] * copies,), table


def test_nothing_follows_from_copies(grown_house: House) -> None:
    handed: list[FactKey] = []

    async def relayed() -> None:
        async def hand_over(_tx: Tx, _line: str, keys: Sequence[FactKey]) -> None:
            handed.extend(keys)

        async with open_db(grown_house.url) as db, db.any().transaction() as tx:
            while await relay_once(tx, LINES, hand_over):
                pass

    asyncio.run(relayed())
    assert all(fact_id > id_ago(1_200_000) for _, fact_id in handed)  # what other tests place is younger
