"""Group commit: together when there is company, at once when there is none, and each for itself when one is to blame."""

import asyncio
from collections.abc import Sequence

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etalase.foundation.lane import Lane, LaneFull


class Ledger:
    """Keeps what was committed, batch by batch; refuses negative numbers and breaks on zero."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def commit(self, jobs: Sequence[int]) -> Sequence[int | Exception]:
        await self.gate.wait()
        if 0 in jobs:
            raise ZeroDivisionError
        self.batches.append([job for job in jobs if job > 0])
        return [job * 2 if job > 0 else ValueError(job) for job in jobs]


async def test_an_idle_lane_commits_at_once() -> None:
    ledger = Ledger()
    lane = Lane(ledger.commit, batch_max=10, waiting_max=10)
    assert await lane.submit(4) == 8
    assert await lane.submit(5) == 10
    assert ledger.batches == [[4], [5]]


async def test_what_gathers_during_a_commit_is_committed_together() -> None:
    ledger = Ledger()
    ledger.gate.clear()
    lane = Lane(ledger.commit, batch_max=10, waiting_max=100)
    first = asyncio.create_task(lane.submit(1))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    rest = [asyncio.create_task(lane.submit(number)) for number in range(2, 15)]
    await asyncio.sleep(0)
    ledger.gate.set()
    assert await asyncio.gather(first, *rest) == [number * 2 for number in range(1, 15)]
    assert ledger.batches == [[1], list(range(2, 12)), list(range(12, 15))]


async def test_a_full_lane_refuses_and_goes_on() -> None:
    ledger = Ledger()
    ledger.gate.clear()
    lane = Lane(ledger.commit, batch_max=1, waiting_max=2)
    waiting = [asyncio.create_task(lane.submit(1))]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting += [asyncio.create_task(lane.submit(number)) for number in (2, 3)]
    await asyncio.sleep(0)
    with pytest.raises(LaneFull):
        await lane.submit(4)
    ledger.gate.set()
    assert await asyncio.gather(*waiting) == [2, 4, 6]
    assert await lane.submit(4) == 8


@given(jobs=st.lists(st.integers(-3, 5), min_size=1, max_size=40))
async def test_each_gets_its_own_answer_whoever_is_to_blame(jobs: list[int]) -> None:
    ledger = Ledger()
    lane = Lane(ledger.commit, batch_max=7, waiting_max=100)
    answers = await asyncio.gather(*(lane.submit(job) for job in jobs), return_exceptions=True)
    for job, answer in zip(jobs, answers, strict=True):
        if job > 0:
            assert answer == job * 2
        else:
            assert isinstance(answer, ZeroDivisionError if job == 0 else ValueError)
    assert [job for batch in ledger.batches for job in batch] == [job for job in jobs if job > 0]


async def test_an_outage_is_told_to_all_at_once() -> None:
    attempts: list[int] = []

    async def commit(jobs: Sequence[int]) -> Sequence[int | Exception]:
        attempts.append(len(jobs))
        raise psycopg.OperationalError("the connection is lost")

    lane = Lane(commit, batch_max=10, waiting_max=10)
    answers = await asyncio.gather(*(lane.submit(number) for number in range(8)), return_exceptions=True)
    assert all(isinstance(answer, psycopg.OperationalError) for answer in answers)
    assert attempts == [8]


async def test_somebody_who_goes_away_takes_nobody_along() -> None:
    ledger = Ledger()
    ledger.gate.clear()
    lane = Lane(ledger.commit, batch_max=10, waiting_max=10)
    gone, stays = asyncio.create_task(lane.submit(1)), asyncio.create_task(lane.submit(2))
    await asyncio.sleep(0)
    gone.cancel()
    ledger.gate.set()
    assert await stays == 4
    assert ledger.batches == [[1, 2]]
