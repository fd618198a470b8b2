"""A few thousand orders as the loader writes them, multiplied inside the database: a million in minutes.

Each copy of the pattern is the same rows with other ids, other buyers and other times. What is finished is spread evenly over
the months, so that tables lie on disk as if orders had come one after the other; what is open stays a few hours old.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import psycopg

from bench.indexes import without_indexes
from demo.loading.bulk_rows import COLUMNS
from etalase.commerce.orders.actions import SLOTS
from etalase.foundation import clock
from etalase.foundation.ids import EPOCH_MS
from etalase.foundation.sql import Statements

PATTERN_MAX: Final = 2_000
"""Their number within the pattern has twelve bits of an id."""
COPIES_MAX: Final = 1_000
"""A copy is an id's node."""
REGULARS: Final = 40
REGULAR_COPIES: Final = 4
"""So many copies give one order in five to the regular buyers, who thus have some forty at every size of the world."""
OLDEST, YOUNGEST = timedelta(days=140), timedelta(days=17)
DAY_MS: Final = 86_400_000
TOGETHER: Final = 10
"""Copies of a transaction."""
statements = Statements(Path(__file__).with_name("multiply.sql"))
Connection = psycopg.Connection[Any]
Progress = Callable[[str, float], None]

LOADING: Final = {
    "fsync": "off", "full_page_writes": "off", "autovacuum": "off", "max_wal_size": "16GB", "checkpoint_timeout": "30min",
}  # fmt: skip
LINKS: Final = ("order_id", "purchase_id", "payment_id", "parcel_id", "cancellation_id", "id")
"""The columns that say to which order a row belongs; the first that a table has."""
COPIED: Final = """
    SELECT n, order_id, purchase_id, payment_id, first_sequence, number,
           CASE WHEN is_open THEN %(copy)s %% 240 * 30000
                ELSE placed_ms - %(oldest_ms)s - ((%(copy)s - %(first)s + n::float8 / %(orders)s) / %(copies)s * %(range_ms)s)::bigint
           END AS earlier_ms,
           (120000000000 + CASE WHEN n %% 5 = 0 AND %(copy)s <= %(regular_copies)s THEN %(buyers)s - 1 - n / 5 %% %(regulars)s
                                ELSE 100 + (buyer_number - 100 + %(copy)s * 7919) %% (%(buyers)s - 100 - %(regulars)s) END
           ) << 22 | (1010 << 12) AS buyer
    FROM bench.pattern WHERE is_open = %(is_open)s OFFSET 0"""
"""The orders as one copy has them: how much earlier, and whose."""
FACTS: Final = "coalesce(t.order_id, t.subject_id)"  # those about payments belong to no order
NUMBER: Final = "left({0}, -9) || lpad(((right({0}, 9)::bigint + %(copy)s::bigint * 7919) %% 1000000000)::text, 9, '0')"
WORDS: Final = (
    "replace(replace(s.search::text, p.order_id::text, new.order_id::text), coalesce(p.number, '-'), coalesce(new.number, '-'))"
    "::tsvector"
)
DELIVERY: Final = (
    "s.delivery || jsonb_build_object('promised_from', ((s.delivery ->> 'promised_from')::date - new.days)::text,"
    " 'promised_until', ((s.delivery ->> 'promised_until')::date - new.days)::text)"
)
PARCEL_DATA: Final = (
    "CASE WHEN s.data ? 'tracking_number' THEN jsonb_set(s.data, '{tracking_number}', to_jsonb("
    + NUMBER.format("(s.data ->> 'tracking_number')")
    + ")) ELSE s.data END"
)
OTHERWISE: Final = {
    ("purchases", "placement_key"): "'bulk-' || new.purchase_id",
    ("captures", "attempt"): "'att_' || new.payment_id",
    ("orders", "search"): WORDS,
    ("orders", "delivery"): DELIVERY,
    ("parcels", "tracking_number"): NUMBER.format("s.tracking_number"),
    ("parcel_numbers", "number"): NUMBER.format("s.number"),
    ("facts", "data"): PARCEL_DATA,
}
"""Columns whose value follows from ids or numbers of the order."""


def is_set_up(connection: Connection) -> bool:
    """Whether there is a pattern."""
    row = connection.execute("SELECT to_regclass('bench.state') IS NOT NULL").fetchone()
    return bool(row and row[0])


def pattern_size(connection: Connection) -> int:
    """How many orders one copy has."""
    row = connection.execute("SELECT count(*) FROM bench.pattern").fetchone()
    return int(row[0]) if row else 0


def set_up(connection: Connection) -> None:
    """Take the orders that the loader has made in bulk as the pattern."""
    steps = (
        "make_room",
        "make_moved",
        "make_pattern",
        "make_owned",
        "index_owned",
        "make_bought",
        "put_off_deadlines",
        "make_state",
    )
    for name in steps:
        connection.execute(statements[name].text)
    for table in COLUMNS:
        _stage(connection, table)
    connection.execute("ANALYZE bench.pattern")


def _stage(connection: Connection, table: str) -> None:
    """The pattern's rows of a table, those of an order together."""
    link = link_of(table, [name for name, _ in columns_of(connection, table)])
    connection.execute(
        f"CREATE TABLE bench.{table} AS SELECT o.n, t.* FROM public.{table} t JOIN bench.owned o ON o.id = {link}"  # noqa: S608
        f" ORDER BY o.n, t.ctid"
    )
    connection.execute(f"ANALYZE bench.{table}")


def link_of(table: str, columns: Sequence[str]) -> str:
    """What says to which order of the pattern a row `t` of the table belongs."""
    if table == "facts":
        return FACTS
    return "t.id" if table == "orders" else f"t.{next(name for name in LINKS if name in columns)}"


def columns_of(connection: Connection, table: str) -> list[tuple[str, str]]:
    """Name and type of the columns that can be written."""
    return connection.execute(statements["columns_of"].text, {"table": table}).fetchall()


def _copying(connection: Connection, table: str) -> str:
    """The statement that writes one copy of a table's rows, of those orders that are open or of those that are not."""
    columns = columns_of(connection, table)
    values = [OTHERWISE.get((table, name)) or _value(name, kind) for name, kind in columns]
    return (
        f"INSERT INTO public.{table} ({', '.join(f'{chr(34)}{name}{chr(34)}' for name, _ in columns)})"  # noqa: S608
        f" SELECT {', '.join(values)} FROM bench.{table} s JOIN ({COPIED}) p USING (n)"
        f" CROSS JOIN LATERAL (SELECT {_new('p.order_id')} AS order_id, {_new('p.purchase_id')} AS purchase_id,"
        f" {_new('p.payment_id')} AS payment_id, (p.earlier_ms / {DAY_MS})::integer AS days,"
        f" {NUMBER.format('p.number')} AS number) AS new"
    )


def _new(column: str) -> str:
    return f"bench.moved({column}, p.n, p.first_sequence, %(copy)s, p.earlier_ms, p.buyer)"


def _value(name: str, kind: str) -> str:
    column = f's."{name}"'
    if kind == "bigint" and (name == "id" or name.endswith("_id")):
        return _new(column)
    if kind == "timestamp with time zone":
        return f"{column} - p.earlier_ms * interval '1 ms'"
    return f"{column} - (p.earlier_ms / {DAY_MS})::integer" if kind == "date" else column


def multiply(url: str, *, copies: int, buyers: int, progress: Progress) -> None:
    """Add so many copies of the pattern; counters, stock and shop windows agree afterwards."""
    with psycopg.connect(url, autocommit=True) as connection:
        begun = connection.execute("SELECT copies FROM bench.state").fetchone()
        orders = connection.execute("SELECT count(*) FROM bench.pattern").fetchone()
        first = (begun[0] if begun else 0) + 1
        if not orders or first + copies > COPIES_MAX:
            raise ValueError(f"{copies} copies after {first - 1} are too many")
        values = _given(first=first, copies=copies, orders=orders[0], buyers=buyers)
        with _fast(connection):
            with without_indexes(connection, url, list(COLUMNS)):
                _side_by_side(lambda tables: _copy_tables(url, tables, values, progress))
                _settle(connection, copies=copies)
                connection.execute("UPDATE bench.state SET copies = copies + %(copies)s", {"copies": copies})
            progress("vacuum", 0.9)
            _side_by_side(lambda tables: _vacuum(url, tables))


def _given(*, first: int, copies: int, orders: int, buyers: int) -> dict[str, Any]:
    oldest = int((clock.now() - OLDEST).timestamp() * 1000) - EPOCH_MS
    return {
        "first": first,
        "copies": copies,
        "orders": orders,
        "buyers": buyers,
        "oldest_ms": oldest,
        "range_ms": (OLDEST - YOUNGEST) / timedelta(milliseconds=1),
        "regulars": REGULARS,
        "regular_copies": REGULAR_COPIES,
    }


def _side_by_side(do: Callable[[Sequence[str]], None]) -> None:
    """Facts are a third of the work: they go over a connection of their own, the rest over two, so that no core waits for another."""
    rest = [table for table in COLUMNS if table != "facts"]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(do, (["facts"], rest[::2], rest[1::2])))


def _copy_tables(url: str, tables: Sequence[str], values: dict[str, Any], progress: Progress) -> None:
    """What is finished first, copy by copy and thus in the order of time; then what is open."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")  # foreign keys: the pattern's hold
        connection.execute("SET synchronous_commit = off")
        texts = [_copying(connection, table) for table in tables]
        last = values["first"] + values["copies"]
        steps = [(is_open, copy) for is_open in (False, True) for copy in range(values["first"], last)]
        for start in range(0, len(steps), TOGETHER):
            with connection.transaction():
                for is_open, copy in steps[start : start + TOGETHER]:
                    for text in texts:
                        connection.execute(text, values | {"copy": copy, "is_open": is_open})
            if "orders" in tables:
                progress("orders", 0.7 * start / len(steps))


def _settle(connection: Connection, *, copies: int) -> None:
    """Stock, sold units, counters."""
    at = clock.now() - OLDEST - timedelta(days=4)
    from_ms = int(at.timestamp() * 1000) - EPOCH_MS + copies * 1000  # another moment for each multiplication
    connection.execute(statements["stock_up"].text, {"copies": copies, "at": at, "from_ms": from_ms})
    connection.execute(statements["count_sold"].text, {"copies": copies})
    connection.execute("DELETE FROM shop_order_counts")
    connection.execute(statements["count_orders"].text, {"slots": SLOTS})
    connection.execute(statements["forget_totals"].text)
    connection.execute(statements["count_totals"].text, {"slots": SLOTS})


@contextmanager
def _fast(connection: Connection) -> Iterator[None]:
    """Loading need not survive a power cut; measuring is durable again."""
    for name, value in LOADING.items():
        connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
    connection.execute("SELECT pg_reload_conf()")
    try:
        yield
    finally:
        for name in LOADING:
            connection.execute(f"ALTER SYSTEM RESET {name}")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("CHECKPOINT")


def _vacuum(url: str, tables: Sequence[str]) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for table in tables:
            connection.execute(f"VACUUM (ANALYZE) {table}")
