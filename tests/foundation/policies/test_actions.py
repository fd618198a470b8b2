"""Setting policies on a real database."""

import asyncio
from datetime import timedelta

import pytest

from etalase.foundation import clock
from etalase.foundation.facts import Actor
from etalase.foundation.policies import actions, queries
from etalase.foundation.policies.actions import SetDay, SetPolicy
from etalase.foundation.policies.errors import PolicyChanged, PolicyNotValid
from etalase.foundation.policies.rules import Policy, PolicyBook
from etalase.foundation.sql import Db

OPERATOR = Actor.operator(7)


async def book(db: Db) -> PolicyBook:
    async with db.any().reading() as tx:
        return await queries.load_book(tx)


async def test_a_new_version_holds_at_once_in_this_process(db: Db) -> None:
    assert (await book(db)).find("ship.sla") == Policy("ship.sla", 0, 1)
    await actions.set_policy(db, SetPolicy(key="ship.sla", value=2), by=OPERATOR)
    assert (await book(db)).find("ship.sla") == Policy("ship.sla", 1, 2)


async def test_a_version_number_is_never_used_twice_for_a_policy(db: Db) -> None:
    first = await actions.set_policy(db, SetPolicy(key="ship.sla", value=2), by=OPERATOR)
    second = await actions.set_policy(db, SetPolicy(key="ship.sla", value=3, scope="shop", scope_id=5), by=OPERATOR)
    assert (first.version, second.version) == (1, 2)
    found = await book(db)
    assert (found.find("ship.sla").value, found.find("ship.sla", 5).value) == (2, 3)


async def test_the_setting_is_recorded_with_who_and_what(db: Db) -> None:
    await actions.set_policy(db, SetPolicy(key="ship.cutoff", value="14:00"), by=OPERATOR)
    async with db.any().transaction() as tx:
        row = await (
            await tx.connection.execute("SELECT actor_kind, actor_id, data FROM facts WHERE name = 'policy.set'")
        ).fetchone()
        kept = await queries.history(tx, key="ship.cutoff")
    assert row is not None
    assert (row[0], row[1], row[2]["value"], row[2]["version"]) == ("operator", 7, "14:00", 1)
    assert [(version.value, version.set_by) for version in kept] == [("14:00", 7)]


async def test_what_may_not_hold_is_refused_and_nothing_is_written(db: Db) -> None:
    with pytest.raises(PolicyNotValid) as refused:
        await actions.set_policy(db, SetPolicy(key="ship.autocancel", value={"arrange": 0, "collect": 3}), by=OPERATOR)
    assert [problem.field for problem in refused.value.problems] == ["arrange"]
    with pytest.raises(PolicyNotValid):
        await actions.set_policy(db, SetPolicy(key="ship.sla", value=2, scope="shop"), by=OPERATOR)
    async with db.any().reading() as tx:
        assert await queries.count_policies(tx) == 0


async def test_two_operators_at_once_do_not_overwrite_each_other(db: Db) -> None:
    wanted = [SetPolicy(key="ship.sla", value=days, seen_version=0) for days in (2, 3, 4, 5)]
    answers = await asyncio.gather(
        *(actions.set_policy(db, one, by=OPERATOR) for one in wanted), return_exceptions=True
    )
    assert sum(isinstance(answer, Policy) for answer in answers) == 1
    assert sum(isinstance(answer, PolicyChanged) for answer in answers) == 3


async def test_a_version_for_later_holds_when_its_time_has_come(db: Db) -> None:
    later = clock.now() + timedelta(days=1)
    await actions.set_policy(db, SetPolicy(key="ship.sla", value=2), by=OPERATOR)
    await actions.set_policy(db, SetPolicy(key="ship.sla", value=4, valid_from=later), by=OPERATOR)
    assert (await book(db)).find("ship.sla").value == 2
    clock.set_offset(timedelta(days=1, seconds=1))
    assert (await book(db)).find("ship.sla").value == 4


async def test_a_shops_own_day_wins_over_the_one_for_all(db: Db) -> None:
    day = clock.now().date() + timedelta(days=10)
    while day.weekday() != 1:
        day += timedelta(days=1)
    for shop_id, is_working in ((0, False), (5, True)):
        wanted = SetDay(day=day, is_working=is_working, name="Hari khusus", shop_id=shop_id)
        await actions.set_calendar_day(db, wanted, by=OPERATOR)
    async with db.any().reading() as tx:
        calendars = await queries.load_calendars(tx, [5, 6])
        everywhere = await queries.load_calendar(tx, shop_id=0)
    assert (calendars[5].is_working(day), calendars[6].is_working(day), everywhere.is_working(day)) == (
        True,
        False,
        False,
    )
