"""Group commit: jobs that arrive together are committed together, and each is answered only after that.

While one batch is being committed the next one gathers; an idle lane commits a single job at once. So the cost of a
commit, and the wait for rows that everybody wants, are shared by all who wait, and nobody waits for company.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from typing import Generic, TypeVar

from etalase.foundation.sql import is_outage

Job = TypeVar("Job")
Result = TypeVar("Result")

Commit = Callable[[Sequence[Job]], Awaitable[Sequence[Result | Exception]]]
"""Commits a batch and returns for each job, in order, its result or the refusal that is raised for it.

Raising means that nothing of the batch was committed, or that nobody knows: it is then tried again in parts, so a job
must bear to be committed twice (by a key of its own).
"""


class LaneFull(Exception):
    """So much waits already that one more would wait too long; nothing was done."""


class Lane(Generic[Job, Result]):
    """One queue of jobs in this process; other processes and hosts may run lanes of the same kind side by side."""

    def __init__(self, commit: Commit[Job, Result], *, batch_max: int, waiting_max: int) -> None:
        self.commit = commit
        self._batch_max = batch_max
        self._waiting_max = waiting_max
        self._waiting: deque[tuple[Job, asyncio.Future[Result]]] = deque()
        self._running: asyncio.Task[None] | None = None

    async def submit(self, job: Job) -> Result:
        """The job's result, durable; raises what its commit refused it with, or LaneFull."""
        if len(self._waiting) >= self._waiting_max:
            raise LaneFull
        answer: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((job, answer))
        if self._running is None or self._running.done():
            # A context of its own: what the first caller's request carries must not go on into other people's batches.
            self._running = asyncio.get_running_loop().create_task(self._work(), context=Context())
        return await answer

    async def _work(self) -> None:
        await asyncio.sleep(0)  # those who arrived in the same moment come along
        while self._waiting:
            size = min(len(self._waiting), self._batch_max)
            await self._commit_all([self._waiting.popleft() for _ in range(size)])

    async def _commit_all(self, batch: Sequence[tuple[Job, asyncio.Future[Result]]]) -> None:
        """Commit the batch; while it fails as a whole, half by half, until what is to blame stands alone.

        A database that does not answer is nobody's fault: all of the batch hear of it at once.
        """
        try:
            outcomes = await self.commit([job for job, _ in batch])
        except Exception as problem:  # noqa: BLE001 - whatever it is, the one to blame must hear it and nobody else
            if len(batch) == 1 or is_outage(problem):
                for _, answer in batch:
                    _answer(answer, problem)
                return
            half = len(batch) // 2
            await self._commit_all(batch[:half])
            await self._commit_all(batch[half:])
            return
        for (_, answer), outcome in zip(batch, outcomes, strict=True):
            _answer(answer, outcome)


def _answer(answer: "asyncio.Future[Result]", outcome: Result | Exception) -> None:
    if answer.done():
        return  # whoever asked has gone
    if isinstance(outcome, Exception):
        answer.set_exception(outcome)
    else:
        answer.set_result(outcome)
