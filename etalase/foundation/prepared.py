"""Statements prepared on a connection: parameters and values as psycopg writes and reads them, rows made in place, no cursor."""

import re
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final, TypeVar
from weakref import WeakKeyDictionary

import psycopg
from psycopg import abc, errors, generators, pq
from psycopg.adapt import PyFormat, Transformer

Row = TypeVar("Row")
Connection = psycopg.AsyncConnection[Any]
Params = Mapping[str, object]
PREPARED_MAX: Final = 250
"""Statements a connection keeps prepared, counted with each combination of parameters' types."""
PREPARE_AFTER: Final = 1
_NAMED: Final = re.compile(r"%%|%\((\w+)\)s")
_SWITCH: Final = re.compile(r"%\((\w+)\)s(?:::\w+(?:\[\])?)?\s+IS\s+(NOT\s+)?NULL\b", re.IGNORECASE)
_READS: Final = re.compile(r"\s*(SELECT|WITH)\b", re.IGNORECASE)
_WRITES: Final = re.compile(r"\b(INSERT|UPDATE|DELETE|MERGE|FOR\s+SHARE|FOR\s+KEY\s+SHARE)\b", re.IGNORECASE)
OK: Final = (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK)


class Query:
    """A statement's text as PostgreSQL takes it: `%(name)s` has become `$1`."""

    __slots__ = ("formats", "is_reading", "order", "source", "switches", "text")

    def __init__(self, text: str) -> None:
        self.source = text
        self.switches = tuple({match[1]: None for match in _SWITCH.finditer(text)})
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

    def decided(self, params: Params) -> "Query":
        """The query as it is for filters that are given and filters that are not: what asks whether a parameter is NULL is
        answered in the text, so that one plan for all values is as good as one for each."""
        if not self.switches:
            return self
        return _decided(self.source, tuple(name for name in self.switches if params.get(name) is None))


@lru_cache(maxsize=4096)
def query_of(text: str) -> Query:
    """The query of a statement's text, made once."""
    return Query(text)


@lru_cache(maxsize=4096)
def _decided(text: str, absent: tuple[str, ...]) -> Query:
    text = _SWITCH.sub(lambda match: "true" if (match[1] in absent) is (match[2] is None) else "false", text)
    for name in absent:
        text = text.replace(f"%({name})s", "NULL")
    return Query(text)


def plain(value: object) -> object:
    """The value, or the text of an array for a list of whole numbers: psycopg looks at each number four times."""
    if type(value) is list and set(map(type, value)) == {int}:
        return f"{{{','.join(map(str, value))}}}"
    return value


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
            values = self.dumper.dump_sequence([plain(params[name]) for name in query.order], query.formats)
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
        if result.status not in OK:
            raise errors.error_from_result(result, encoding=self.connection.info.encoding)
        return result


_lines: "WeakKeyDictionary[Connection, Line]" = WeakKeyDictionary()


def line_of(connection: Connection) -> Line:
    """The line of a connection, made once."""
    line = _lines.get(connection)
    if line is None:
        line = _lines[connection] = Line(connection)
    return line
