"""Vendors' messages: kept together, applied together, and the one to blame set aside alone."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import psycopg
import pytest

from etalase.foundation import clock
from etalase.foundation.facts import Actor
from etalase.foundation.inbound.actions import ATTEMPTS_MAX, TOGETHER_MAX, Applier, Together, apply_waiting, try_again
from etalase.foundation.inbound.intake import Intake
from etalase.foundation.inbound.queries import InboundEvent, Message
from etalase.foundation.sql import Db, Tx
from tests.builders.inbound import keep, kept

VENDOR = "tested.vendor"


class Effects:
    """What messages did: a row each in a table, so that what is rolled back is undone."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.poison: set[str] = set()
        self.batches: list[list[str]] = []

    async def open(self) -> None:
        async with self.db.any().transaction() as tx:
            await tx.connection.execute("CREATE TABLE effects (number bigserial, event_id text)")

    async def apply(self, tx: Tx, events: Sequence[InboundEvent]) -> Sequence[str]:
        self.batches.append([event.event_id for event in events])
        for event in events:
            await tx.connection.execute("INSERT INTO effects (event_id) VALUES (%s)", (event.event_id,))
            if event.event_id in self.poison:
                await tx.connection.execute("SELECT 1 / 0")
        return ["done"] * len(events)

    async def apply_alone(self, db: Db, event: InboundEvent) -> str:
        async with db.any().transaction() as tx:
            return (await self.apply(tx, [event]))[0]

    async def all(self) -> list[str]:
        async with self.db.any().transaction() as tx:
            cursor = await tx.connection.execute("SELECT event_id FROM effects ORDER BY number")
            return [row[0] for row in await cursor.fetchall()]


@pytest.fixture
async def effects(db: Db) -> Effects:
    """Nothing has happened yet."""
    made = Effects(db)
    await made.open()
    return made


async def keep_all(db: Db, ids: Sequence[str]) -> None:
    for event_id in ids:
        await keep(db, VENDOR, event_id)


async def test_what_waits_has_its_effect_once_in_the_order_in_which_it_came(db: Db, effects: Effects) -> None:
    ids = [f"{number * 7 % 10}" for number in range(10)]
    await keep_all(db, ids)
    assert await apply_waiting(db, {VENDOR: Together(effects.apply)}) == 10
    assert await apply_waiting(db, {VENDOR: Together(effects.apply)}) == 0
    assert await effects.all() == ids
    assert effects.batches == [ids]
    assert {(row.outcome, row.attempts, row.is_applied) for row in await kept(db)} == {("done", 1, True)}


async def test_the_one_to_blame_waits_alone_and_the_others_go_on(db: Db, effects: Effects) -> None:
    ids = [f"{number:02}" for number in range(11)]
    effects.poison = {"03", "10"}
    await keep_all(db, ids)
    assert await apply_waiting(db, {VENDOR: Together(effects.apply)}) == 11
    assert await effects.all() == [event_id for event_id in ids if event_id not in effects.poison]
    failed = [row for row in await kept(db) if not row.is_applied]
    assert [(row.event_id, row.attempts, row.is_set_aside) for row in failed] == [("03", 1, False), ("10", 1, False)]
    assert all("DivisionByZero" in (row.outcome or "") for row in failed)
    assert await apply_waiting(db, {VENDOR: Together(effects.apply)}) == 0, "they wait for a while"


@pytest.mark.parametrize("is_together", [True, False])
async def test_after_some_attempts_it_is_set_aside_until_somebody_says_so(
    db: Db, effects: Effects, is_together: bool
) -> None:
    appliers: dict[str, Applier] = {VENDOR: Together(effects.apply) if is_together else effects.apply_alone}
    effects.poison = {"bad"}
    await keep_all(db, ["bad"])
    for _ in range(ATTEMPTS_MAX):
        assert await apply_waiting(db, appliers) == 1
        clock.set_offset(clock.offset() + timedelta(hours=1))
    assert await apply_waiting(db, appliers) == 0
    (row,) = await kept(db)
    assert (row.attempts, row.is_set_aside, row.is_applied) == (ATTEMPTS_MAX, True, False)
    effects.poison = set()
    assert await try_again(db, vendor=VENDOR, event_id="bad", by=Actor.operator(1))
    assert not await try_again(db, vendor=VENDOR, event_id="bad", by=Actor.operator(1))
    assert await apply_waiting(db, appliers) == 1
    assert await effects.all() == ["bad"]
    (row,) = await kept(db)
    assert (row.attempts, row.is_set_aside, row.is_applied) == (1, False, True)


async def test_a_database_that_does_not_answer_is_no_ones_fault(db: Db) -> None:
    async def broken(_tx: Tx, _events: Sequence[InboundEvent]) -> Sequence[str]:
        raise psycopg.OperationalError("the connection is lost")

    await keep_all(db, ["1", "2"])
    with pytest.raises(psycopg.OperationalError):
        await apply_waiting(db, {VENDOR: Together(broken)})
    assert [(row.attempts, row.outcome) for row in await kept(db)] == [(0, None), (0, None)]


async def test_several_workers_apply_each_message_once(db: Db, effects: Effects) -> None:
    count = TOGETHER_MAX + 50
    intake = Intake(db)
    await asyncio.gather(*(intake.keep(Message(VENDOR, str(number), clock.now(), b"{}")) for number in range(count)))
    taken = await asyncio.gather(*(apply_waiting(db, {VENDOR: Together(effects.apply)}) for _ in range(4)))
    assert sum(taken) == count
    assert sorted(await effects.all()) == sorted(map(str, range(count)))


async def test_messages_sent_twice_to_two_processes_at_once_are_kept_once(db: Db) -> None:
    messages = [Message(VENDOR, str(number), clock.now(), b"{}") for number in range(300)]
    one, two = Intake(db), Intake(db)
    await asyncio.gather(
        *(one.keep(message) for message in messages), *(two.keep(message) for message in reversed(messages))
    )
    assert len(await kept(db)) == 300
