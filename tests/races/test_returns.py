"""Two answers at once, clock against answer, refund twice: one wins, and the money goes back once."""

import asyncio
from datetime import timedelta

from etalase.foundation import clock
from etalase.foundation.deadlines import sweep
from etalase.foundation.sql import Db
from etalase.journeys.returns import actions
from etalase.journeys.returns.rules import ReturnState
from etalase.subscriptions import DEADLINES
from tests.auditor import audit
from tests.builders.returns import ask, asked, delivered
from tests.builders.stall import make_stall


async def test_two_answers_at_once(db: Db, database_url: str) -> None:
    made = await asked(db)
    answers = await asyncio.gather(
        actions.approve(db, made.seller), made.reject(), actions.offer(db, made.seller, percent=50),
        actions.withdraw(db, made.buyer), actions.approve(db, made.seller), return_exceptions=True,
    )  # fmt: skip
    assert sum(not isinstance(answer, BaseException) for answer in answers) in (1, 2)  # an offer may still be withdrawn
    assert audit(database_url) == {}


async def test_the_clock_against_an_answer(db: Db, database_url: str) -> None:
    stall = await make_stall(db)
    made = [await ask(stall, await delivered(stall)) for _ in range(4)]
    clock.set_offset(timedelta(hours=49))
    await asyncio.gather(
        *(one.reject() for one in made), *(sweep.sweep_once(db, DEADLINES) for _ in range(3)), return_exceptions=True
    )
    await sweep.sweep_once(db, DEADLINES)
    assert {(await one.now()).state for one in made} <= {ReturnState.REJECTED, ReturnState.REFUNDED}
    assert audit(database_url) == {}


async def test_asking_twice_for_the_same_piece(db: Db, database_url: str) -> None:
    stall = await make_stall(db)
    order = await delivered(stall, units=2)
    tries = await asyncio.gather(*(ask(stall, order, units=2) for _ in range(3)), return_exceptions=True)
    made = [one for one in tries if not isinstance(one, BaseException)]
    assert len(made) == 1
    approved = await asyncio.gather(*(actions.approve(db, made[0].seller) for _ in range(4)), return_exceptions=True)
    assert sum(not isinstance(one, BaseException) for one in approved) == 1
    assert (await stall.now(order)).refunded_minor == order.total_minor
    assert audit(database_url) == {}
