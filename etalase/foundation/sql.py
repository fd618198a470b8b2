"""SQL first: statements live in `queries.sql` files, rows come back as frozen dataclasses.

A statement is named by a header line and described below it:

    -- order_of_buyer --
    -- The order, if it is this buyer's.
    SELECT ... WHERE id = %(order_id)s AND buyer_id = %(buyer_id)s
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Generic, Self, TypeVar

import orjson
import psycopg
from psycopg.types.json import Jsonb, set_json_dumps, set_json_loads
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from etalase.foundation.prepared import Params, Prepared, line_of, query_of
from etalase.foundation.wire import WIRES_MAX, Wires

Row = TypeVar("Row")
HEADER = re.compile(r"^-- (?P<name>(?:part )?[a-z][a-z0-9_]*) --$", re.MULTILINE)
PART = re.compile(r"\{\{([a-z][a-z0-9_]*)\}\}")

set_json_dumps(orjson.dumps)
set_json_loads(orjson.loads)

statement_log: ContextVar[list[str] | None] = ContextVar("statement_log", default=None)
"""Set it to a list to see the names of the statements run since (tests pin their number per page)."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One named SQL text with psycopg's named parameters."""

    name: str
    description: str
    text: str


class Statements(Mapping[str, Statement]):
    """The statements of one `queries.sql`, by name; a missing name says which file lacks it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._by_name = {statement.name: statement for statement in parse(path.read_text(encoding="utf-8"))}

    def __getitem__(self, name: str) -> Statement:
        try:
            return self._by_name[name]
        except KeyError:
            raise KeyError(f"{self.path} has no statement '{name}'") from None

    def __iter__(self) -> Any:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)


def parse(text: str) -> list[Statement]:
    """Split the text of a `queries.sql` into its statements; names must not repeat.

    What stands under `-- part name --` is no statement: it takes the place of {{name}} in those of the same file.
    """
    pieces = HEADER.split(text)[1:]
    found = [_statement(name, body) for name, body in zip(pieces[::2], pieces[1::2], strict=True)]
    if len({statement.name for statement in found}) != len(found):
        raise ValueError("a statement name is used twice")
    parts = {one.name.removeprefix("part "): one.text for one in found if one.name.startswith("part ")}
    return [
        replace(one, text=PART.sub(lambda named: parts[named[1]], one.text))
        for one in found
        if not one.name.startswith("part ")
    ]


def _statement(name: str, body: str) -> Statement:
    lines = body.strip().splitlines()
    description = " ".join(line.removeprefix("--").strip() for line in lines if line.startswith("--"))
    text = "\n".join(line for line in lines if not line.startswith("--")).strip().rstrip(";")
    return Statement(name, description, text)


def statements_beside(module_file: str) -> Statements:
    """The statements in the `queries.sql` of the package that `module_file` belongs to."""
    return Statements(Path(module_file).with_name("queries.sql"))


def json_value(value: Any) -> Jsonb:
    """Wrap a value for a jsonb parameter."""
    return Jsonb(value)


def json_rows(rows: Iterable[object]) -> str:
    """Rows (mappings or dataclasses) as one parameter for `json_to_recordset`: it costs a fraction of arrays of texts."""
    return orjson.dumps(list(rows)).decode()


@dataclass(frozen=True, slots=True)
class Ending(Generic[Row]):
    """A write that was put off to the end of a transaction."""

    value: Row
    write: Callable[[Any, Row], Awaitable[None]]


class Tx:
    """Statements on one connection; in `Db.transaction()` they commit together or not at all."""

    def __init__(self, connection: psycopg.AsyncConnection[Any], *, place: str = "") -> None:
        self.connection = connection
        self.place = place
        """Which database this is, for what is kept in the process."""
        self._endings: dict[str, Ending[Any]] = {}

    def at_the_end(
        self, name: str, add: Row, merge: Callable[[Row, Row], Row], write: Callable[[Self, Row], Awaitable[None]]
    ) -> None:
        """Put off a write to the end of the transaction; what is put off under one name is merged and written once.

        For rows that many transactions share: locked last, once and in one order, they never close a circle of waiting.
        """
        before = self._endings.get(name)
        self._endings[name] = Ending(add if before is None else merge(before.value, add), write)

    async def end(self) -> None:
        """Write what was put off; `Db.transaction` does it before the commit."""
        for name in sorted(self._endings):
            ending = self._endings.pop(name)
            await ending.write(self, ending.value)

    async def all(self, statement: Statement, row: type[Row], /, **params: object) -> list[Row]:
        """Every row."""
        prepared, result = await self._execute(statement, params)
        return prepared.rows(result, row)

    async def maybe(self, statement: Statement, row: type[Row], /, **params: object) -> Row | None:
        """The one row, or none."""
        found = await self.all(statement, row, **params)
        return found[0] if found else None

    async def one(self, statement: Statement, row: type[Row], /, **params: object) -> Row:
        """The one row; raises LookupError when there is none."""
        found = await self.all(statement, row, **params)
        if not found:
            raise LookupError(statement.name)
        return found[0]

    async def values(self, statement: Statement, kind: type[Row], /, **params: object) -> list[Row]:  # noqa: ARG002
        """The first column of every row; `kind` says its type."""
        prepared, result = await self._execute(statement, params)
        return prepared.rows(result, None)

    async def value(self, statement: Statement, kind: type[Row], /, **params: object) -> Row | None:
        """The first column of the first row, or none."""
        found = await self.values(statement, kind, **params)
        return found[0] if found else None

    async def run(self, statement: Statement, /, **params: object) -> int:
        """Execute; returns the number of rows it changed."""
        _, result = await self._execute(statement, params)
        return result.command_tuples or 0

    async def _execute(self, statement: Statement, params: Params) -> tuple[Prepared, Any]:
        _note(statement)
        return await line_of(self.connection).execute(query_of(statement.text), params)


class Reading(Tx):
    """Single statements: what reads goes over connections shared with others, what writes takes one for itself."""

    def __init__(self, db: "Db") -> None:
        self._db = db
        self.place = db.place

    async def _execute(self, statement: Statement, params: Params) -> tuple[Prepared, Any]:
        _note(statement)
        query = query_of(statement.text)
        if query.is_reading:
            return await self._db.wires.ask(query.decided(params), params)
        async with self._db.pool.connection() as connection:
            return await line_of(connection).execute(query, params)


def _note(statement: Statement) -> None:
    log = statement_log.get()
    if log is not None:
        log.append(statement.name)


class Db:
    """Where connections come from, asked for by owner so that a sharded database can tell them apart."""

    def __init__(self, pool: AsyncConnectionPool[psycopg.AsyncConnection[Any]]) -> None:
        self.pool = pool
        self.place = str(pool.conninfo)
        self.wires = Wires(pool, wires_max=min(WIRES_MAX, max(1, pool.max_size // 3)))

    def for_shop(self, shop_id: int) -> Self:  # noqa: ARG002
        """Connections for what leads its keys with this shop."""
        return self

    def for_buyer(self, buyer_id: int) -> Self:  # noqa: ARG002
        """Connections for what leads its keys with this buyer."""
        return self

    def any(self) -> Self:
        """Connections for reference tables and this installation's own bookkeeping."""
        return self

    async def close(self) -> None:
        """Close every connection; what still asks gets psycopg's error."""
        await self.wires.close()
        await self.pool.close()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        """All statements commit together when the block ends, none if it raises."""
        async with self.pool.connection() as connection, connection.transaction():
            tx = Tx(connection, place=self.place)
            yield tx
            await tx.end()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Tx]:
        """Single statements, each seeing what is committed when it starts."""
        yield Reading(self)


@asynccontextmanager
async def open_db(url: str, *, connections_max: int = 10) -> AsyncIterator[Db]:
    """A pool on `url`, closed at the end of the block; waits at most 10 s for the first connection."""
    pool: AsyncConnectionPool[psycopg.AsyncConnection[Any]] = AsyncConnectionPool(
        url,
        min_size=1,
        max_size=connections_max,
        open=False,
        timeout=10,
        # psycopg prepares nothing itself: with each rollback it would have all prepared statements forgotten, ours too
        kwargs={"autocommit": True, "application_name": "etalase", "prepare_threshold": None},
    )
    await pool.open(wait=True, timeout=10)
    db = Db(pool)
    try:
        yield db
    finally:
        await db.close()


def constraint_of(error: psycopg.Error) -> str:
    """The name of the constraint an error is about, or ''."""
    return error.diag.constraint_name or ""


def is_outage(error: BaseException) -> bool:
    """Whether the database did not answer or went away, which says nothing about what was asked of it."""
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return False
    return error.sqlstate is None or error.sqlstate.startswith(("57P", "08"))
