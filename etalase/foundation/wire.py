"""Statements on a connection with little around them: prepared once, parameters as psycopg writes them, rows made in place.

Two ways on. `Line` has a connection to itself, as a transaction needs it. `Wires` are a few connections shared by all readers
of a process: what is asked while the event loop goes round once is sent in one piece (PostgreSQL's pipeline), and the
answers come back in order. A page's read then costs a fraction of what a connection and a cursor of its own would.
"""

import asyncio
import re
import time
from collections import deque
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final, TypeVar
from weakref import WeakKeyDictionary

import psycopg
from psycopg import abc, errors, generators, pq
from psycopg.adapt import PyFormat, Transformer
from psycopg_pool import AsyncConnectionPool

Row = TypeVar("Row")
Connection = psycopg.AsyncConnection[Any]
Params = Mapping[str, object]
PREPARED_MAX: Final = 250
"""Statements a connection keeps prepared, counted with each combination of parameters' types."""
PREPARE_AFTER: Final = 1
WIRES_MAX: Final = 3
ASKED_MAX: Final = 16
SLOW_S: Final = 0.005
"""Who has waited for an answer so long stands behind something slow: what is asked next takes another wire."""
_NAMED: Final = re.compile(r"%%|%\((\w+)\)s")
_READS: Final = re.compile(r"\s*(SELECT|WITH)\b", re.IGNORECASE)
_WRITES: Final = re.compile(r"\b(INSERT|UPDATE|DELETE|MERGE|FOR\s+SHARE|FOR\s+KEY\s+SHARE)\b", re.IGNORECASE)
_OK: Final = (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK)


class Query:
    """A statement's text as PostgreSQL takes it: `%(name)s` has become `$1`."""

    __slots__ = ("formats", "is_reading", "order", "text")

    def __init__(self, text: str) -> None:
        order: list[str] = []

        def numbered(match: re.Match[str]) -> str:
            name = match[1]
            if name is None:
                return "%"
            if name not in order:
                order.append(name)
            return f"${order.index(name) + 1}"

        self.text = _NAMED.sub(numbered, text).encode()
        self.order = tuple(order)
        self.formats = [PyFormat.AUTO] * len(order)
        self.is_reading = bool(_READS.match(text)) and not _WRITES.search(text)


@lru_cache(maxsize=4096)
def query_of(text: str) -> Query:
    """The query of a statement's text, made once."""
    return Query(text)


class Prepared:
    """A statement on one connection with parameters of certain types; `name` is empty until it is worth preparing."""

    __slots__ = ("has_loaders", "key", "makers", "name", "times", "transformer")

    def __init__(self, key: tuple[bytes, tuple[int, ...]], transformer: abc.Transformer) -> None:
        self.key = key
        self.name = b""
        self.times = 0
        self.transformer = transformer
        self.has_loaders = False
        self.makers: dict[Any, Callable[[Sequence[Any]], Any]] = {}

    def rows(self, result: pq.abc.PGresult, kind: type[Row] | None) -> list[Row]:
        """The result's rows as `kind`; without a kind, the first column of each."""
        self.transformer.set_pgresult(result, set_loaders=not self.has_loaders)
        self.has_loaders = True
        maker = self.makers.get(kind)
        if maker is None:
            names = [(result.fname(number) or b"").decode() for number in range(result.nfields)]
            maker = self.makers[kind] = _maker(kind, names)
        return self.transformer.load_rows(0, result.ntuples, maker)


def _maker(kind: Any, names: Sequence[str]) -> Callable[[Sequence[Any]], Any]:
    """What makes a row of the columns: by position where the fields allow it, else by name."""
    if kind is None:
        return itemgetter(0)
    wanted = [field.name for field in fields(kind) if field.init and not field.kw_only] if is_dataclass(kind) else []
    first = wanted[: len(names)]
    if list(names) == first:
        return lambda values: kind(*values)
    if len(names) > 1 and sorted(names) == sorted(first):
        pick = itemgetter(*map(names.index, first))
        return lambda values: kind(*pick(values))
    return lambda values: kind(**dict(zip(names, values, strict=True)))


class Line:
    """One connection's prepared statements."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.pgconn = connection.pgconn
        self.dumper: abc.Transformer = Transformer(connection)
        self.prepared: dict[tuple[bytes, tuple[int, ...]], Prepared] = {}
        self.named = 0

    def written(self, query: Query, params: Params) -> tuple[Prepared, Sequence[Any], Any]:
        """The statement for parameters of these types, the parameters, and their formats."""
        if not query.order:
            values: Sequence[Any] = ()
            types: tuple[int, ...] = ()
            formats: Any = None
        else:
            values = self.dumper.dump_sequence([params[name] for name in query.order], query.formats)
            types, formats = self.dumper.types or (), self.dumper.formats
        key = (query.text, types)
        prepared = self.prepared.get(key)
        if prepared is None:
            prepared = Prepared(key, Transformer(self.connection))
            if len(self.prepared) < 4 * PREPARED_MAX:
                self.prepared[key] = prepared
        prepared.times += 1
        return prepared, values, formats

    def is_worth_preparing(self, prepared: Prepared) -> bool:
        return not prepared.name and prepared.times > PREPARE_AFTER and self.named < PREPARED_MAX

    def new_name(self) -> bytes:
        self.named += 1
        return f"etalase_{self.named}".encode()

    async def execute(self, query: Query, params: Params) -> tuple[Prepared, Any]:
        """Send one statement and wait for its result; raises psycopg's errors."""
        async with self.connection.lock:
            return await self.connection.wait(self._executed(query, params))

    def _executed(self, query: Query, params: Params) -> Generator[Any, Any, tuple[Prepared, Any]]:
        if self.pgconn.status != pq.ConnStatus.OK:
            raise errors.OperationalError("the connection is closed")
        prepared, values, formats = self.written(query, params)
        if self.is_worth_preparing(prepared):
            name = self.new_name()
            self.pgconn.send_prepare(name, query.text, prepared.key[1])
            self._checked((yield from generators.execute(self.pgconn)))
            prepared.name = name
        if prepared.name:
            self.pgconn.send_query_prepared(prepared.name, values, formats)
        else:
            self.pgconn.send_query_params(query.text, values, prepared.key[1], formats)
        return prepared, self._checked((yield from generators.execute(self.pgconn)))

    def _checked(self, results: Sequence[Any]) -> Any:
        result = results[-1]
        if result.status not in _OK:
            raise errors.error_from_result(result, encoding=self.connection.info.encoding)
        return result


_lines: "WeakKeyDictionary[Connection, Line]" = WeakKeyDictionary()


def line_of(connection: Connection) -> Line:
    """The line of a connection, made once."""
    line = _lines.get(connection)
    if line is None:
        line = _lines[connection] = Line(connection)
    return line


class Asked:
    """A statement that waits for its answer."""

    __slots__ = ("future", "params", "prepared", "query", "sent_at", "tries")

    def __init__(self, query: Query, params: Params, future: "asyncio.Future[tuple[Prepared, Any]]") -> None:
        self.query, self.params, self.future = query, params, future
        self.prepared: Prepared | None = None
        self.sent_at = 0.0
        self.tries = 0


class _Preparing:
    """Stands in the queue for the answer to a PREPARE."""

    __slots__ = ("name", "prepared")

    def __init__(self, prepared: Prepared, name: bytes) -> None:
        self.prepared, self.name = prepared, name


class Wire:
    """One connection in pipeline mode, shared by everybody who reads."""

    def __init__(self, connection: Connection, gone: Callable[["Wire"], None]) -> None:
        self.line = line_of(connection)
        self.pgconn = connection.pgconn
        self.loop = asyncio.get_running_loop()
        self.is_open = True
        self._gone = gone
        self._waiting: list[Asked] = []
        self._sent: deque[Asked | _Preparing | None] = deque()
        self._results: list[Any] = []
        self._preparing: set[Prepared] = set()
        self._is_writing = False
        self.pgconn.enter_pipeline_mode()
        self._fd = self.pgconn.socket
        self.loop.add_reader(self._fd, self._read)

    @property
    def size(self) -> int:
        """How many wait for an answer."""
        return len(self._sent) + len(self._waiting)

    def is_slow(self) -> bool:
        """Whether the one in front has waited for long."""
        first = next((asked for asked in self._sent if isinstance(asked, Asked)), None)
        return first is not None and time.monotonic() - first.sent_at > SLOW_S

    def ask(self, query: Query, params: Params) -> "asyncio.Future[tuple[Prepared, Any]]":
        """Send a statement when the event loop has gone round; the future has its result or psycopg's error."""
        asked = Asked(query, params, self.loop.create_future())
        self._put(asked)
        return asked.future

    def _put(self, asked: Asked) -> None:
        if not self._waiting:
            self.loop.call_soon(self._send)
        self._waiting.append(asked)

    def _send(self) -> None:
        waiting, self._waiting = self._waiting, []
        if not self.is_open:
            self._refuse(waiting)
            return
        now = time.monotonic()
        try:
            for asked in waiting:
                asked.sent_at = now
                self._send_one(asked)
            self.pgconn.pipeline_sync()
            self._sent.append(None)
            self._flush()
        except psycopg.OperationalError as problem:
            self._break(problem, waiting)

    def _send_one(self, asked: Asked) -> None:
        try:
            prepared, values, formats = self.line.written(asked.query, asked.params)
        except (psycopg.Error, KeyError, TypeError, ValueError) as problem:  # a parameter that can't be written
            _fail(asked, problem)
            return
        asked.prepared = prepared
        if self.line.is_worth_preparing(prepared) and prepared not in self._preparing:
            preparing = _Preparing(prepared, self.line.new_name())
            self.pgconn.send_prepare(preparing.name, asked.query.text, prepared.key[1])
            self._sent.append(preparing)
            self._preparing.add(prepared)
        if prepared.name:
            self.pgconn.send_query_prepared(prepared.name, values, formats)
        else:
            self.pgconn.send_query_params(asked.query.text, values, prepared.key[1], formats)
        self._sent.append(asked)

    def _flush(self) -> None:
        is_writing = self.pgconn.flush() != 0
        if is_writing != self._is_writing:
            self._is_writing = is_writing
            if is_writing:
                self.loop.add_writer(self._fd, self._write)
            else:
                self.loop.remove_writer(self._fd)

    def _write(self) -> None:
        try:
            self._flush()
        except psycopg.OperationalError as problem:
            self._break(problem)

    def _read(self) -> None:
        try:
            self.pgconn.consume_input()
            while not self.pgconn.is_busy():
                result = self.pgconn.get_result()
                if result is not None and result.status != pq.ExecStatus.PIPELINE_SYNC:
                    self._results.append(result)
                    continue
                if result is None and not self._results:
                    break
                self._answer(self._sent.popleft())
            if self._is_writing:
                self._flush()
        except psycopg.OperationalError as problem:
            self._break(problem)

    def _answer(self, asked: Asked | _Preparing | None) -> None:
        """Hand the results over to the one they belong to; who stood behind another's mistake is sent again."""
        results, self._results = self._results, []
        if asked is None:
            return
        result = results[-1]
        if isinstance(asked, _Preparing):
            self._preparing.discard(asked.prepared)
            if result.status in _OK:
                asked.prepared.name = asked.name
            return
        if asked.future.done():
            return
        if result.status in _OK:
            assert asked.prepared is not None  # noqa: S101 - it was sent
            asked.future.set_result((asked.prepared, result))
        elif result.status == pq.ExecStatus.PIPELINE_ABORTED and asked.tries < ASKED_MAX:
            asked.tries += 1
            self._put(asked)
        else:
            _fail(asked, errors.error_from_result(result, encoding=self.line.connection.info.encoding))

    def _break(self, problem: psycopg.Error, waiting: Sequence[Asked] = ()) -> None:
        """The connection is lost: everybody who waits is told, and asks anew elsewhere if they want to."""
        if not self.is_open:
            return
        self.close()
        sent = [asked for asked in self._sent if isinstance(asked, Asked)]
        self._refuse([*sent, *waiting, *self._waiting], problem)
        self._gone(self)

    def _refuse(self, asked: Sequence[Asked], problem: psycopg.Error | None = None) -> None:
        for one in asked:
            _fail(one, problem or errors.OperationalError("the connection is closed"))

    def close(self) -> None:
        """Take part in the event loop no more."""
        self.is_open = False
        self.loop.remove_reader(self._fd)
        if self._is_writing:
            self.loop.remove_writer(self._fd)


def _fail(asked: Asked, problem: BaseException) -> None:
    if not asked.future.done():
        asked.future.set_exception(problem)


class Wires:
    """The wires of a process, opened as they are needed."""

    def __init__(self, pool: AsyncConnectionPool[Connection], *, wires_max: int = WIRES_MAX) -> None:
        self.pool = pool
        self.wires_max = wires_max
        self._wires: list[Wire] = []
        self._opening: asyncio.Task[None] | None = None
        self._returning: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._wires)

    async def ask(self, query: Query, params: Params) -> tuple[Prepared, Any]:
        """The result of one reading statement; raises psycopg's errors."""
        wire = self._free()
        while wire is None:
            if self._opening is None:
                self._open()
            assert self._opening is not None  # noqa: S101 - just begun
            await asyncio.shield(self._opening)
            wire = self._least()
        return await wire.ask(query, params)

    def _free(self) -> Wire | None:
        """The first wire that is neither full nor behind something slow; if there is none, any, and one more is opened."""
        for wire in self._wires:
            if wire.size < ASKED_MAX and not wire.is_slow():
                return wire
        if len(self._wires) < self.wires_max and self._opening is None and self._wires:
            self._open()
        return self._least()

    def _least(self) -> Wire | None:
        return min(self._wires, key=lambda wire: wire.size, default=None)

    def _open(self) -> None:
        self._opening = asyncio.create_task(self._opened())
        self._opening.add_done_callback(lambda task: task.cancelled() or task.exception())  # told to who waits for it

    async def _opened(self) -> None:
        try:
            connection = await self.pool.getconn()
            self._wires.append(Wire(connection, self._gone))
        finally:
            self._opening = None

    def _gone(self, wire: Wire) -> None:
        if wire in self._wires:
            self._wires.remove(wire)
            task = asyncio.get_running_loop().create_task(self._give_back(wire))
            self._returning.add(task)
            task.add_done_callback(self._returning.discard)

    async def _give_back(self, wire: Wire) -> None:
        connection = wire.line.connection
        if wire.size or connection.broken:
            await connection.close()
        else:
            wire.pgconn.exit_pipeline_mode()
        await self.pool.putconn(connection)

    async def close(self) -> None:
        """Give all connections back, closed."""
        if self._opening is not None:
            await asyncio.wait([self._opening])
        for wire in list(self._wires):
            wire.close()
            self._gone(wire)
        if self._returning:
            await asyncio.wait(list(self._returning))
