"""Wires: a few connections shared by all readers of a process.

What is asked while the event loop goes round once is sent in one piece (PostgreSQL's pipeline), and the answers come back
in order. A page's read costs a fraction of what a connection and a cursor of its own would.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final

import psycopg
from psycopg import errors, pq
from psycopg_pool import AsyncConnectionPool

from etalase.foundation.prepared import OK, Connection, Params, Prepared, Query, line_of

WIRES_MAX: Final = 3
ASKED_MAX: Final = 16
ONE_PLAN: Final = "SET plan_cache_mode = force_generic_plan"
"""Statements are planned once, whatever their values; `tests/architecture/test_plans.py` holds the plan of each to an index.
Planning the four tables of a list anew takes longer than reading them."""
AS_USUAL: Final = "RESET plan_cache_mode"
SLOW_S: Final = 0.005
"""Who has waited for an answer so long stands behind something slow: what is asked next takes another wire."""


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
            self.lose(problem, waiting)

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
            self.lose(problem)

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
            self.lose(problem)

    def _answer(self, asked: Asked | _Preparing | None) -> None:
        """Hand the results over to the one they belong to; who stood behind another's mistake is sent again."""
        results, self._results = self._results, []
        if asked is None:
            return
        result = results[-1]
        if isinstance(asked, _Preparing):
            self._preparing.discard(asked.prepared)
            if result.status in OK:
                asked.prepared.name = asked.name
            return
        if asked.future.done():
            return
        if result.status in OK:
            assert asked.prepared is not None  # noqa: S101 - it was sent
            asked.future.set_result((asked.prepared, result))
        elif result.status == pq.ExecStatus.PIPELINE_ABORTED and asked.tries < ASKED_MAX:
            asked.tries += 1
            self._put(asked)
        else:
            _fail(asked, errors.error_from_result(result, encoding=self.line.connection.info.encoding))

    def lose(self, problem: psycopg.Error, waiting: Sequence[Asked] = ()) -> None:
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
        """The result of one reading statement; raises psycopg's errors. Where a connection was lost it is asked once more."""
        wire = await self._wire()
        try:
            return await wire.ask(query, params)
        except psycopg.OperationalError as problem:
            if wire.is_open and not isinstance(problem, errors.AdminShutdown | errors.CrashShutdown):
                raise
            wire.lose(problem)
        return await (await self._wire()).ask(query, params)

    async def _wire(self) -> Wire:
        wire = self._free()
        while wire is None:
            if self._opening is None:
                self._open()
            assert self._opening is not None  # noqa: S101 - just begun
            await asyncio.shield(self._opening)
            wire = self._least()
        return wire

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
            try:
                await connection.execute(ONE_PLAN)
            except psycopg.Error:
                await self.pool.putconn(connection)
                raise
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
            with suppress(psycopg.Error):  # the pool throws away what is broken
                await connection.execute(AS_USUAL)
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
