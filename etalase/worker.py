"""The worker: one asyncio process that carries out what follows from facts, clocks and vendors' messages.

Any number of workers may run: the relay's position is locked, jobs, clocks and messages are claimed with SKIP LOCKED.
"""

import asyncio
import logging
import resource
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any, Final

import procrastinate
import psycopg
import psycopg_pool
from procrastinate.connector import Notify
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from procrastinate.types import JSONDict
from psycopg import sql

from etalase import subscriptions
from etalase.foundation import clock
from etalase.foundation.deadlines.sweep import sweep_once, warn_once
from etalase.foundation.facts.relay import FactKey, facts_by_id, oldest_waiting, relay_once
from etalase.foundation.inbound.actions import apply_waiting
from etalase.foundation.nodes import leased
from etalase.foundation.sql import Db, Tx, is_outage, open_db
from etalase.foundation.time_machine import actions as time_machine
from etalase.settings import Settings

log = logging.getLogger(__name__)

QUEUE: Final = "facts"
CONCURRENCY: Final = 4
BUSY_S, IDLE_S = 0.05, 0.1
LOOK_THROUGH_EVERY_S: Final = 5.0
SWEEP_IDLE_S: Final = 0.5
WARN_IDLE_S: Final = 5.0
INBOUND_IDLE_S: Final = 0.25
FAILED_WAIT_MAX_S: Final = 30.0
STALLED_EVERY_S: Final = 30.0
METRICS_EVERY_S: Final = 60.0
GRACE_S: Final = 4.0
ATTEMPTS_MAX: Final = 30
RETRY_WAIT_MAX: Final = timedelta(minutes=10)
JOB_FACTS_MAX: Final = 100
OUTAGES = (psycopg.OperationalError, psycopg.InterfaceError, psycopg_pool.PoolTimeout)


def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT."""
    asyncio.run(_run(settings))


async def _run(settings: Settings) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    url = str(settings.database_url)
    async with open_db(url, connections_max=settings.connections_max) as db:
        await time_machine.load(db)
        async with leased(db):
            await Worker(db, url).work(stopping)


class Listener(procrastinate.PsycopgConnector):
    """Uses the pool of this process; hears of new jobs on a connection of its own."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url

    async def listen_notify(self, on_notification: Notify, channels: Iterable[str]) -> None:
        """Hear of new jobs until cancelled; while it cannot, the worker looks for them itself."""
        while True:
            with suppress(*OUTAGES):
                async with await psycopg.AsyncConnection.connect(self.url, autocommit=True) as connection:
                    for channel in channels:
                        await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
                    async for heard in connection.notifies():
                        await on_notification(channel=heard.channel, payload=heard.payload)
            await asyncio.sleep(1)


class Worker:
    """The loops of one process and what they count."""

    def __init__(self, db: Db, url: str) -> None:
        self.db = db
        self.counts: Counter[str] = Counter()
        self._looked_through_at = 0.0
        self.jobs = procrastinate.App(connector=Listener(url))
        self.jobs.task(name="react", queue=QUEUE, retry=Patience())(self._react)

    async def work(self, stopping: asyncio.Event) -> None:
        """Run every loop until `stopping` is set; what is under way then gets a moment to finish."""
        async with self.jobs.open_async(self.db.pool):
            tasks = [asyncio.create_task(loop, name=name) for name, loop in self._loops().items()]
            ended = asyncio.create_task(stopping.wait())
            log.info("worker started")
            done, _ = await asyncio.wait([ended, *tasks], return_when=asyncio.FIRST_COMPLETED)
            await _end([ended, *tasks])
        for task in done - {ended}:
            task.result()  # a loop that ended by itself has failed: the process ends with its error and is restarted

    def _loops(self) -> dict[str, Any]:
        db = self.db
        loops = {
            "jobs": self._work_on_jobs(),
            "relay": self._repeat("relayed", self.relay, busy_s=BUSY_S, idle_s=IDLE_S),
            "deadlines": self._repeat("deadlines", self.sweep, busy_s=0, idle_s=SWEEP_IDLE_S),
            "warnings": self._repeat("warnings", partial(warn_once, db), busy_s=0, idle_s=WARN_IDLE_S),
            "inbound": self._repeat("inbound", self.apply_inbound, busy_s=0, idle_s=INBOUND_IDLE_S),
            "stalled": self._repeat("stalled", self._free_stalled, busy_s=STALLED_EVERY_S, idle_s=STALLED_EVERY_S),
            "metrics": self._tell_metrics(),
            "clock": time_machine.follow(db),
        }
        for name, go_on in subscriptions.STANDING.items():
            loops[name] = go_on(db)
        for name, (every_s, look) in subscriptions.REPEATED.items():
            loops[name] = self._repeat(name, partial(look, db), busy_s=every_s, idle_s=every_s)
        return loops

    async def relay(self) -> int:
        """Carry out what follows from the next facts, or turn it into jobs; returns how many facts were read.

        Most of the time nothing waits: one statement finds that out and writes nothing. It knows nothing of a position
        that was restored from elsewhere, so now and then we look through without it.
        """
        if time.monotonic() - self._looked_through_at < LOOK_THROUGH_EVERY_S:
            async with self.db.any().reading() as tx:
                if await oldest_waiting(tx) is None:
                    return 0
        self._looked_through_at = time.monotonic()
        async with self.db.any().transaction() as tx:
            return await relay_once(tx, subscriptions.LINES, self._hand_over)

    async def sweep(self) -> int:
        """Fire what is due."""
        return await sweep_once(self.db, subscriptions.DEADLINES) if subscriptions.DEADLINES else 0

    async def apply_inbound(self) -> int:
        """Apply what vendors told us."""
        return await apply_waiting(self.db, subscriptions.INBOUND) if subscriptions.INBOUND else 0

    async def _hand_over(self, tx: Tx, line: str, keys: Sequence[FactKey]) -> None:
        """Do what one line asks for, or write jobs for it, in the relay's transaction."""
        if line in subscriptions.CONCERNED:
            shops = await subscriptions.CONCERNED[line](tx, sorted({shop_id for shop_id, _ in keys}))
            keys = [key for key in keys if key[0] in shops]
            if not keys:
                return
        if line in subscriptions.TOGETHER and await self._is_done_together(tx, line, keys):
            return
        react = self.jobs.configure_task("react", connection=tx.connection)
        parts = [keys[start : start + JOB_FACTS_MAX] for start in range(0, len(keys), JOB_FACTS_MAX)]
        jobs: list[JSONDict] = [{"reaction": line, "facts": [list(key) for key in part]} for part in parts]
        await react.batch_defer_async(*jobs)

    async def _is_done_together(self, tx: Tx, line: str, keys: Sequence[FactKey]) -> bool:
        """Whether it went well; if not, nothing of it has happened and the facts are still to be handed over."""
        try:
            async with tx.connection.transaction():
                await subscriptions.TOGETHER[line](tx, await facts_by_id(tx, keys))
        except Exception as problem:
            if is_outage(problem):
                raise
            log.exception("%s failed for %s facts together; they come again as jobs", line, len(keys))
            return False
        self.counts["reactions"] += len(keys)
        return True

    async def _react(self, reaction: str, facts: list[list[int]]) -> None:
        """The job: call one reaction for each fact; those that fail come again alone."""
        call = subscriptions.REACTIONS[reaction]
        async with self.db.any().reading() as tx:
            recorded = await facts_by_id(tx, [(shop_id, fact_id) for shop_id, fact_id in facts])
        for fact in recorded:
            try:
                await call(self.db, fact)
                self.counts["reactions"] += 1
            except Exception:
                if len(facts) == 1:
                    raise  # the queue tries it again, later each time, and keeps it when it gives up
                log.exception("%s failed for fact %s; it comes again alone", reaction, fact.id)
                await self.jobs.configure_task("react").defer_async(reaction=reaction, facts=[[fact.shop_id, fact.id]])

    async def _work_on_jobs(self) -> None:
        await self.jobs.run_worker_async(
            queues=[QUEUE],
            concurrency=CONCURRENCY,
            install_signal_handlers=False,
            fetch_job_polling_interval=2.0,
            shutdown_graceful_timeout=GRACE_S / 2,
            delete_jobs="successful",
        )

    async def _free_stalled(self) -> int:
        """Give jobs of workers that died to those that live."""
        stalled = list(await self.jobs.job_manager.get_stalled_jobs(queue=QUEUE))
        for job in stalled:
            await self.jobs.job_manager.retry_job(job)
        return len(stalled)

    async def _repeat(self, name: str, do: Callable[[], Awaitable[object]], *, busy_s: float, idle_s: float) -> None:
        """Do it again and again: soon after there was something to do, later after there was not, ever later on failure."""
        wait_s = idle_s
        while True:
            try:
                done = await do()
                self.counts[name] += done if isinstance(done, int) else 0
                wait_s = busy_s if done else idle_s
            except OUTAGES as problem:
                wait_s = min(max(wait_s, 0.5) * 2, FAILED_WAIT_MAX_S)
                log.warning("%s: the database does not answer (%s); again in %.1f s", name, problem, wait_s)
            except Exception:
                wait_s = min(max(wait_s, 0.5) * 2, FAILED_WAIT_MAX_S)
                log.exception("%s failed; again in %.1f s", name, wait_s)
            await asyncio.sleep(wait_s)

    async def _tell_metrics(self) -> None:
        """One line a minute: what was done, how far the relay is behind, how much memory this takes."""
        before, cpu = time.monotonic(), time.process_time()
        while True:
            await asyncio.sleep(METRICS_EVERY_S)
            passed, used = time.monotonic() - before, time.process_time() - cpu
            before, cpu = time.monotonic(), time.process_time()
            done = " ".join(f"{name}={count}" for name, count in sorted(self.counts.items()) if count)
            self.counts.clear()
            peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            with suppress(*OUTAGES):
                log.info("cpu=%.0f%% peak_mb=%s lag_s=%.1f %s", 100 * used / passed, peak_mb, await self._lag_s(), done)

    async def _lag_s(self) -> float:
        async with self.db.any().reading() as tx:
            oldest = await oldest_waiting(tx)
        return max(0.0, (clock.now() - oldest).total_seconds()) if oldest else 0.0


class Patience(BaseRetryStrategy):
    """Twice the wait each time, ten minutes at most; after the last attempt the job stays, marked failed."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:  # noqa: ARG002
        if job.attempts >= ATTEMPTS_MAX:
            return None
        wait = min(timedelta(seconds=2 ** min(job.attempts, 12)), RETRY_WAIT_MAX)
        return RetryDecision(retry_in={"seconds": int(wait.total_seconds())})


async def _end(tasks: Sequence[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    with suppress(asyncio.CancelledError):
        await asyncio.wait(tasks, timeout=GRACE_S)
