"""Clocks on a real database: fired once, whatever happens beside them."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

import pytest

from etalase.foundation import clock
from etalase.foundation.deadlines import actions, queries, sweep
from etalase.foundation.deadlines.errors import Obsolete
from etalase.foundation.deadlines.rules import Clock, Deadline
from etalase.foundation.deadlines.sweep import Handler, sweep_once, warn_once
from etalase.foundation.sql import Db

SHOP = 5
KIND = "deliver.autocomplete"


async def start(db: Db, *order_ids: int, kind: str = KIND, due_in: timedelta = timedelta(hours=1)) -> None:
    at = clock.now()
    clocks = [Clock(kind, "order", order_id, order_id, SHOP, at + due_in, kind, 0) for order_id in order_ids]
    async with db.for_shop(SHOP).transaction() as tx:
        await actions.start(tx, *clocks, at=at)


async def of_order(db: Db, order_id: int) -> list[Deadline]:
    async with db.for_shop(SHOP).reading() as tx:
        return await queries.of_order(tx, shop_id=SHOP, order_id=order_id)


async def state_of(db: Db, order_id: int) -> str:
    return (await of_order(db, order_id))[0].state


async def facts(db: Db, name: str) -> list[int]:
    async with db.any().transaction() as tx:
        rows = await (await tx.connection.execute("SELECT order_id FROM facts WHERE name = %s", (name,))).fetchall()
    return sorted(row[0] for row in rows)


def pass_time(by: timedelta) -> None:
    clock.set_offset(clock.offset() + by)


async def stop_like_a_verb(db: Db, deadline: Deadline) -> None:
    """What a handler's verb does to clocks: it ends those of its order, in its own transaction."""
    async with db.for_shop(deadline.shop_id).transaction() as tx:
        await actions.stop_order(tx, shop_id=deadline.shop_id, order_id=deadline.order_id, at=clock.now())


class Bookkeeper:
    """A handler that counts how often it ran for each order, and ends clocks as verbs do."""

    def __init__(self, *, ends_clocks: bool = True) -> None:
        self.runs: Counter[int] = Counter()
        self.ends_clocks = ends_clocks

    async def __call__(self, db: Db, deadline: Deadline) -> None:
        self.runs[deadline.order_id] += 1
        await asyncio.sleep(0.002)
        if self.ends_clocks:
            await stop_like_a_verb(db, deadline)

    @property
    def handlers(self) -> Mapping[str, Handler]:
        return {KIND: self}


@pytest.mark.parametrize("ends_clocks", [True, False])
async def test_a_clock_fires_at_zero_and_not_before(db: Db, ends_clocks: bool) -> None:
    handler = Bookkeeper(ends_clocks=ends_clocks)
    await start(db, 1)
    assert await sweep_once(db, handler.handlers) == 0
    pass_time(timedelta(hours=1))
    assert await sweep_once(db, handler.handlers) == 1
    assert await sweep_once(db, handler.handlers) == 0
    assert handler.runs == {1: 1}
    assert (await state_of(db, 1), await facts(db, "deadline.fired")) == ("fired", [1])


@pytest.mark.parametrize("ends_clocks", [True, False])
async def test_sweepers_side_by_side_fire_each_clock_once(db: Db, ends_clocks: bool) -> None:
    orders = list(range(1, 61))
    handler = Bookkeeper(ends_clocks=ends_clocks)
    await start(db, *orders)
    pass_time(timedelta(hours=2))
    ended = await asyncio.gather(*(sweep_once(db, handler.handlers) for _ in range(4)))
    assert sum(ended) == len(orders)
    assert handler.runs == dict.fromkeys(orders, 1)
    assert await facts(db, "deadline.fired") == orders


async def test_a_sweeper_that_dies_before_its_handler_ran_loses_nothing(db: Db) -> None:
    handler = Bookkeeper()
    await start(db, 1)
    pass_time(timedelta(hours=1))
    at = clock.now()
    async with db.any().transaction() as tx:  # the claim of a process that is killed right after
        assert len(await queries.claim_due(tx, at=at, leased_until=at + sweep.LEASE, limit=8)) == 1
    assert await sweep_once(db, handler.handlers) == 0
    pass_time(sweep.LEASE)
    assert await sweep_once(db, handler.handlers) == 1
    assert (handler.runs, await state_of(db, 1)) == ({1: 1}, "fired")


async def test_a_sweeper_killed_after_the_consequence_leaves_the_clock_fired(db: Db) -> None:
    """The verb's own commit marked it; nothing is left for the sweeper that comes after."""
    handler = Bookkeeper()

    async def killed_after(db: Db, deadline: Deadline) -> None:
        await handler(db, deadline)
        raise asyncio.CancelledError

    await start(db, 1)
    pass_time(timedelta(hours=1))
    with pytest.raises(asyncio.CancelledError):
        await sweep_once(db, {KIND: killed_after})
    pass_time(sweep.LEASE)
    assert await sweep_once(db, handler.handlers) == 0
    assert (handler.runs, await state_of(db, 1), await facts(db, "deadline.fired")) == ({1: 1}, "fired", [1])


async def test_a_failing_clock_is_tried_again_later_and_holds_up_nobody(db: Db) -> None:
    handler = Bookkeeper()

    async def poison(db: Db, deadline: Deadline) -> None:
        if deadline.order_id == 1 and deadline.attempts < 3:
            raise RuntimeError("not today")
        await handler(db, deadline)

    await start(db, 1)
    await start(db, 2, 3, due_in=timedelta(hours=1, seconds=1))
    pass_time(timedelta(hours=2))
    assert await sweep_once(db, {KIND: poison}) == 2
    broken = (await of_order(db, 1))[0]
    assert (broken.state, broken.attempts, broken.last_error) == ("running", 1, "RuntimeError: not today")
    assert await sweep_once(db, {KIND: poison}) == 0, "it is not tried again at once"
    for _ in range(2):
        pass_time(timedelta(minutes=1))
        await sweep_once(db, {KIND: poison})
    assert (await state_of(db, 1), handler.runs) == ("fired", {1: 1, 2: 1, 3: 1})


async def test_waits_between_tries_grow_to_an_hour(db: Db) -> None:
    async def poison(_db: Db, _deadline: Deadline) -> None:
        raise RuntimeError("never")

    await start(db, 1)
    pass_time(timedelta(hours=1))
    waits = []
    for _ in range(12):
        await sweep_once(db, {KIND: poison})
        retry_at = (await of_order(db, 1))[0].retry_at
        assert retry_at is not None
        waits.append(round((retry_at - clock.now()).total_seconds()))
        pass_time(timedelta(hours=1, seconds=1))
    assert waits[:4] == [5, 10, 20, 40]
    assert waits == sorted(waits)
    assert waits[-1] == 3600


async def test_a_kind_nobody_handles_is_kept_and_named(db: Db) -> None:
    await start(db, 1, kind="ship.own_courier_max")
    pass_time(timedelta(hours=1))
    assert await sweep_once(db, Bookkeeper().handlers) == 0
    kept = (await of_order(db, 1))[0]
    assert (kept.state, kept.last_error) == ("running", "KeyError: 'ship.own_courier_max'")


async def test_a_handler_that_hangs_is_given_up(db: Db, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hangs(_db: Db, _deadline: Deadline) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(sweep, "HANDLER_SECONDS_MAX", 0.05)
    await start(db, 1)
    pass_time(timedelta(hours=1))
    assert await sweep_once(db, {KIND: hangs}) == 0
    assert (await of_order(db, 1))[0].state == "running"


async def test_a_subject_that_moved_on_stops_its_clock(db: Db) -> None:
    async def moved_on(_db: Db, deadline: Deadline) -> None:
        raise Obsolete(deadline.kind)

    await start(db, 1)
    pass_time(timedelta(hours=1))
    assert await sweep_once(db, {KIND: moved_on}) == 1
    assert (await state_of(db, 1), await facts(db, "deadline.fired")) == ("stopped", [])


async def test_an_extension_between_claim_and_consequence_wins(db: Db) -> None:
    """The buyer's extension commits after the claim; the verb then finds its clock no longer due and does nothing."""
    effects: list[int] = []

    async def late_verb(db: Db, deadline: Deadline) -> None:
        async with db.for_shop(SHOP).transaction() as tx:
            await actions.extend(
                tx, shop_id=SHOP, subject_kind="order", subject_id=1, kind=KIND, by=timedelta(days=3), at=clock.now()
            )
        async with db.for_shop(SHOP).transaction() as tx:
            await actions.stop_order(tx, shop_id=SHOP, order_id=deadline.order_id, at=clock.now())
            effects.append(deadline.order_id)

    await start(db, 1)
    pass_time(timedelta(hours=1))
    await sweep_once(db, {KIND: late_verb})
    after = (await of_order(db, 1))[0]
    assert (effects, after.state, after.extended_times, after.retry_at) == ([], "running", 1, None)
    pass_time(timedelta(days=3))
    handler = Bookkeeper()
    assert await sweep_once(db, handler.handlers) == 1
    assert handler.runs == {1: 1}


async def test_a_payment_between_claim_and_consequence_wins(db: Db) -> None:
    effects: list[int] = []

    async def late_verb(db: Db, deadline: Deadline) -> None:
        async with db.for_shop(SHOP).transaction() as tx:
            await tx.connection.execute("UPDATE deadlines SET state = 'stopped', ended_at = now()")
        async with db.for_shop(SHOP).transaction() as tx:
            await actions.stop(tx, shop_id=SHOP, subject_kind="order", subject_id=1, kinds=[KIND], at=clock.now())
            effects.append(deadline.order_id)

    await start(db, 1)
    pass_time(timedelta(hours=1))
    await sweep_once(db, {KIND: late_verb})
    assert (effects, await state_of(db, 1), await facts(db, "deadline.fired")) == ([], "stopped", [])


async def test_firing_one_clock_stops_the_others_of_its_order(db: Db) -> None:
    await start(db, 1)
    await start(db, 1, kind="ship.autocancel", due_in=timedelta(days=2))
    pass_time(timedelta(hours=1))
    await sweep_once(db, Bookkeeper().handlers)
    assert {d.kind: d.state for d in await of_order(db, 1)} == {KIND: "fired", "ship.autocancel": "stopped"}


async def test_starting_twice_keeps_the_first_clock(db: Db) -> None:
    await start(db, 1)
    first = await of_order(db, 1)
    await start(db, 1, due_in=timedelta(hours=9))
    assert await of_order(db, 1) == first


async def test_a_clock_may_start_anew_after_it_ended(db: Db) -> None:
    await start(db, 1)
    async with db.for_shop(SHOP).transaction() as tx:
        await actions.stop(tx, shop_id=SHOP, subject_kind="order", subject_id=1, kinds=[KIND], at=clock.now())
    await start(db, 1, due_in=timedelta(hours=9))
    assert sorted(d.state for d in await of_order(db, 1)) == ["running", "stopped"]


async def test_another_shops_clocks_stay(db: Db) -> None:
    await start(db, 1)
    async with db.for_shop(6).transaction() as tx:
        await actions.stop_order(tx, shop_id=6, order_id=1, at=clock.now())
    assert await state_of(db, 1) == "running"


async def test_a_paused_clock_does_not_fire_and_runs_on_for_what_was_left(db: Db) -> None:
    handler = Bookkeeper()
    await start(db, 1)
    pass_time(timedelta(minutes=30))
    async with db.for_shop(SHOP).transaction() as tx:
        assert await actions.pause(tx, shop_id=SHOP, order_id=1, at=clock.now()) == 1
    pass_time(timedelta(days=2))
    assert await sweep_once(db, handler.handlers) == 0
    async with db.for_shop(SHOP).transaction() as tx:
        assert await actions.resume(tx, shop_id=SHOP, order_id=1, at=clock.now()) == 1
    pass_time(timedelta(minutes=29))
    assert await sweep_once(db, handler.handlers) == 0
    pass_time(timedelta(minutes=2))
    assert await sweep_once(db, handler.handlers) == 1


async def test_each_warning_is_told_once_by_however_many_sweepers(db: Db) -> None:
    await start(db, *range(1, 21), kind="payment.deadline")
    pass_time(timedelta(minutes=31))
    near = await asyncio.gather(*(warn_once(db) for _ in range(4)))
    assert sum(near) == 20
    assert await facts(db, "deadline.near") == list(range(1, 21))
    pass_time(timedelta(minutes=24))
    assert [await warn_once(db), await warn_once(db)] == [20, 0]
    assert Counter(await facts(db, "deadline.near")) == dict.fromkeys(range(1, 21), 2)


async def test_a_leap_over_all_warnings_and_zero_tells_nothing(db: Db) -> None:
    await start(db, 1, kind="payment.deadline")
    pass_time(timedelta(hours=2))
    assert [await warn_once(db), await warn_once(db)] == [1, 0]
    assert await facts(db, "deadline.near") == []


async def test_a_stopped_clock_is_not_near(db: Db) -> None:
    await start(db, 1, kind="payment.deadline")
    async with db.for_shop(SHOP).transaction() as tx:
        await actions.stop_order(tx, shop_id=SHOP, order_id=1, at=clock.now())
    pass_time(timedelta(minutes=31))
    assert await warn_once(db) == 0


async def test_an_extended_clock_is_near_again_towards_its_new_zero(db: Db) -> None:
    await start(db, 1, due_in=timedelta(days=7))
    pass_time(timedelta(days=6, hours=20))
    assert await warn_once(db) == 1
    async with db.for_shop(SHOP).transaction() as tx:
        until = await actions.extend(
            tx, shop_id=SHOP, subject_kind="order", subject_id=1, kind=KIND, by=timedelta(days=3), at=clock.now()
        )
    assert until == (await of_order(db, 1))[0].due_at
    assert await warn_once(db) == 0
    pass_time(timedelta(days=2, hours=12))
    assert await warn_once(db) == 1


async def test_extending_what_does_not_run_answers_none(db: Db) -> None:
    async with db.for_shop(SHOP).transaction() as tx:
        assert (
            await actions.extend(
                tx, shop_id=SHOP, subject_kind="order", subject_id=1, kind=KIND, by=timedelta(days=3), at=clock.now()
            )
            is None
        )


async def test_the_operators_lists(db: Db) -> None:
    await start(db, 1, kind="ship.sla")
    await start(db, 1, kind="ship.autocancel", due_in=timedelta(days=2))
    await start(db, 2, due_in=timedelta(days=3))

    async def nothing_more(_db: Db, _deadline: Deadline) -> None:
        """Missing the ship-by time marks the order late and does nothing else."""

    since = clock.now()
    pass_time(timedelta(hours=1))
    assert await sweep_once(db, {"ship.sla": nothing_more}) == 1
    async with db.any().reading() as tx:
        assert [(count.kind, count.clocks) for count in await queries.running_by_kind(tx)] == [
            (KIND, 1),
            ("ship.autocancel", 1),
        ]
        assert [late.order_id for late in await queries.late_orders(tx)] == [1]
        assert [fired.kind for fired in await queries.fired_since(tx, since=since)] == ["ship.sla"]
        assert [d.kind for d in await queries.next_due(tx, after=clock.now())] == ["ship.autocancel", KIND]
        assert await queries.count_waiting(tx, at=clock.now()) == 0
        assert await queries.count_waiting(tx, at=clock.now() + timedelta(days=2)) == 1
        assert [d.order_id for d in await queries.overdue(tx, at=clock.now() + timedelta(days=2))] == [1]
