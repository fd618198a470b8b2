"""Loading without indexes and keys: making them afterwards, sorted, costs a fraction of keeping them up row by row."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import psycopg

from etalase.foundation.sql import Statements

DROPPED: Final = "CREATE TABLE IF NOT EXISTS bench.dropped (name text, kind text, remake text, on_table text)"
"""What has to be made again: indexes ('i'), primary and unique keys ('p'), then foreign keys ('r')."""
statements = Statements(Path(__file__).with_name("multiply.sql"))
Connection = psycopg.Connection[Any]


@contextmanager
def without_indexes(connection: Connection, url: str, tables: Sequence[str]) -> Iterator[None]:
    """Indexes and keys of the tables are dropped meanwhile; how to make them is kept should this be interrupted."""
    connection.execute(DROPPED)
    found = connection.execute(statements["indexes_and_keys"].text, {"tables": list(tables)}).fetchall()
    with connection.transaction():
        for drop, *kept in found:
            connection.execute("INSERT INTO bench.dropped VALUES (%s, %s, %s, %s)", kept)
            connection.execute(drop)
    yield
    restore_indexes(connection, url)


def restore_indexes(connection: Connection, url: str) -> None:
    """Make again what was dropped, two at a time, foreign keys last (rows that are there already are not looked at)."""
    connection.execute(DROPPED)
    waiting = connection.execute(statements["dropped"].text).fetchall()
    keys = [one for one in waiting if one[1] == "r"]
    waiting = [one for one in waiting if one[1] != "r"]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda one: _build(url, one), waiting))
    for one in keys:
        _remake(connection, one)


def _build(url: str, one: tuple[str, str, str]) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET maintenance_work_mem = '512MB'")
        connection.execute("SET max_parallel_maintenance_workers = 0")
        _remake(connection, one)


def _remake(connection: Connection, one: tuple[str, str, str]) -> None:
    name, _kind, remake = one
    for statement in remake.split(";\n"):  # one after the other: together they would hold two locks
        connection.execute(statement)
    connection.execute("DELETE FROM bench.dropped WHERE name = %s", [name])
