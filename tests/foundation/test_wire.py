import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from etalase.foundation.prepared import query_of
from etalase.foundation.sql import Db, Statement

MOMENT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def statement(text: str) -> Statement:
    return Statement("asked", "for this test", text)


ECHO = statement("SELECT %(number)s::bigint AS number, %(word)s::text AS word")
DIVIDE = statement("SELECT 10 / %(number)s::int AS quotient")
PID = statement("SELECT pg_backend_pid() AS pid")
SLEEP = statement("SELECT pg_sleep(%(seconds)s) AS nothing")


@dataclass(frozen=True, slots=True)
class Pair:
    number: int
    word: str | None
    extra: str = "default"


@dataclass(frozen=True, slots=True)
class Everything:
    flag: bool
    at: datetime
    numbers: list[int]
    document: dict[str, Any]
    nothing: str | None


def test_queries_are_numbered_once_for_each_name() -> None:
    query = query_of("SELECT %(a)s, %(b)s, %(a)s, 7 %% 2")
    assert query.text == b"SELECT $1, $2, $1, 7 % 2"
    assert query.order == ("a", "b")


SWITCHES = (
    "SELECT number FROM generate_series(1, 9) AS number WHERE (%(least)s::int IS NULL OR number >= %(least)s::int)"
    " AND (%(odd)s::boolean IS NULL OR number %% 2 = 1) AND (%(most)s::int IS NOT NULL AND number <= %(most)s::int OR number < 9)"
)


def test_what_asks_for_filters_is_answered_in_the_text() -> None:
    query = query_of(SWITCHES)
    assert query.decided({"least": 3, "odd": None, "most": None}).text == (
        b"SELECT number FROM generate_series(1, 9) AS number WHERE (false OR number >= $1::int)"
        b" AND (true OR number % 2 = 1) AND (false AND number <= NULL::int OR number < 9)"
    )
    assert query.decided({"least": None, "odd": None, "most": 1}) is query.decided(
        {"least": None, "odd": None, "most": 2}
    )
    plain = query_of("SELECT %(a)s")
    assert plain.decided({"a": None}) is plain


@pytest.mark.parametrize("least", [None, 4])
@pytest.mark.parametrize("odd", [None, True])
@pytest.mark.parametrize("most", [None, 7])
async def test_filters_do_what_they_did(db: Db, least: int | None, odd: bool | None, most: int | None) -> None:
    filters = {"least": least, "odd": odd, "most": most}
    async with db.any().transaction() as tx:
        asked = await tx.values(statement(SWITCHES), int, **filters)
    async with db.any().reading() as tx:
        assert await tx.values(statement(SWITCHES), int, **filters) == asked


async def test_what_is_only_read_is_planned_once(db: Db) -> None:
    mode = statement("SELECT current_setting('plan_cache_mode')")
    async with db.any().reading() as tx:
        assert await tx.value(mode, str) == "force_generic_plan"
    async with db.any().transaction() as tx:
        assert await tx.value(mode, str) == "auto"


@pytest.mark.parametrize(
    ("text", "is_reading"),
    [
        ("SELECT updated_at FROM orders", True),
        ("\n  with a as (select 1) select * from a", True),
        ("WITH gone AS (DELETE FROM orders RETURNING id) SELECT id FROM gone", False),
        ("SELECT 1 FROM orders FOR UPDATE", False),
        ("SELECT 1 FROM orders FOR NO KEY UPDATE SKIP LOCKED", False),
        ("SELECT 1 FROM orders FOR KEY SHARE", False),
        ("UPDATE orders SET state = 'x'", False),
    ],
)
def test_what_locks_or_writes_is_no_reading(text: str, is_reading: bool) -> None:
    assert query_of(text).is_reading is is_reading


async def test_values_of_every_kind_come_back(db: Db) -> None:
    everything = statement(
        "SELECT NULL::text AS nothing, %(flag)s::boolean AS flag, %(at)s::timestamptz AS at,"
        " %(numbers)s::bigint[] AS numbers, '{\"a\": [1, null]}'::jsonb AS document"
    )
    for _ in range(4):  # plain, then prepared
        async with db.any().reading() as tx:
            row = await tx.one(everything, Everything, flag=True, at=MOMENT, numbers=[1, 2**40])
        assert row == Everything(True, MOMENT, [1, 2**40], {"a": [1, None]}, None)
        async with db.any().transaction() as tx:
            assert await tx.one(everything, Everything, flag=True, at=MOMENT, numbers=[1, 2**40]) == row


async def test_everybody_gets_their_own_answer(db: Db) -> None:
    async with db.any().reading() as tx:
        asked = [tx.one(ECHO, Pair, number=n * 10 ** (n % 15), word=None if n % 3 else str(n)) for n in range(300)]
        answers = await asyncio.gather(*asked)
    assert answers == [Pair(n * 10 ** (n % 15), None if n % 3 else str(n)) for n in range(300)]


async def test_a_mistake_is_its_makers_alone(db: Db) -> None:
    async with db.any().reading() as tx:
        for _ in range(3):
            divided = [tx.value(DIVIDE, int, number=n) for n in (5, 0, 2, 0, 1)]
            written = tx.value(DIVIDE, int, number=object())
            answers = await asyncio.gather(*divided, written, return_exceptions=True)
            assert [answer for answer in answers if isinstance(answer, int)] == [2, 5, 10]
            assert [type(answers[1]), type(answers[3])] == [psycopg.errors.DivisionByZero] * 2
            assert isinstance(answers[5], psycopg.ProgrammingError)


async def test_a_missing_parameter_is_an_error(db: Db) -> None:
    async with db.any().reading() as tx:
        with pytest.raises(KeyError):
            await tx.value(DIVIDE, int)


async def test_who_no_longer_waits_disturbs_nobody(db: Db) -> None:
    async with db.any().reading() as tx:
        await tx.value(PID, int)
        leaving = asyncio.ensure_future(tx.one(ECHO, Pair, number=1, word="gone"))
        staying = asyncio.ensure_future(tx.one(ECHO, Pair, number=2, word="here"))
        await asyncio.sleep(0)
        leaving.cancel()
        assert (await staying).word == "here"
        assert leaving.cancelled()


async def test_nobody_stands_behind_something_slow(db: Db) -> None:
    async with db.any().reading() as tx:
        await tx.value(PID, int)
        slow = asyncio.ensure_future(tx.value(SLEEP, str, seconds=20.0))
        for _ in range(40):
            await asyncio.sleep(0.01)
            if len(db.wires) > 1:
                break
            await asyncio.wait({asyncio.ensure_future(tx.value(PID, int))}, timeout=0.01)
        await tx.value(PID, int)
        assert not slow.done()
        slow.cancel()


async def test_a_lost_connection_is_replaced_and_asked_once_more(db: Db) -> None:
    async with db.any().reading() as tx:
        for _ in range(3):
            pid = await tx.value(PID, int)
            waiting = [asyncio.ensure_future(tx.value(SLEEP, str, seconds=0.3)) for _ in range(3)]
            await asyncio.sleep(0)
            async with db.any().transaction() as other:
                await other.connection.execute("SELECT pg_terminate_backend(%s)", (pid,))
            assert await tx.value(PID, int) != pid
            await asyncio.gather(*waiting)


async def test_writes_have_a_connection_of_their_own(db: Db) -> None:
    write = statement("UPDATE clock_offset SET offset_seconds = offset_seconds")
    async with db.any().reading() as tx:
        readers = {await tx.value(PID, int) for _ in range(3)}
        assert len(readers) == 1
        assert await tx.run(write) == await tx.value(statement("SELECT count(*) AS n FROM clock_offset"), int)


class ChangedMind(Exception):
    """Ends a transaction without a commit."""


async def leave_undone(db: Db) -> None:
    async with db.any().transaction() as tx:
        for number in range(8):
            assert await tx.one(ECHO, Pair, number=number, word="w") == Pair(number, "w")
            await tx.connection.execute("SELECT %s::int", (number,))
        raise ChangedMind


async def test_what_is_prepared_outlives_a_rollback(db: Db) -> None:
    for _ in range(3):
        with pytest.raises(ChangedMind):
            await leave_undone(db)


async def test_after_the_end_there_is_no_answer(db: Db) -> None:
    async with db.any().reading() as tx:
        await tx.value(PID, int)
        await db.close()
        with pytest.raises(psycopg.OperationalError):
            await tx.value(PID, int)
