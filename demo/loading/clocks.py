"""The clocks of one order while its story is told."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from demo.loading.telling import Telling
from etalase.foundation.deadlines.facts import DeadlineFired, DeadlineNear
from etalase.foundation.deadlines.kinds import KINDS
from etalase.foundation.deadlines.rules import Clock, next_warning
from etalase.foundation.facts.model import SYSTEM

SWEPT_AFTER = timedelta(seconds=2)


class StoryBroken(Exception):
    """The story goes on where a clock would have ended it."""


@dataclass(slots=True)
class _Running:
    clock: Clock
    id: int
    started_at: datetime
    due_at: datetime
    extended: int = 0
    paused_since: datetime | None = None


class Clocks:
    """Starts, stops and fires clocks as the deadlines' own verbs do."""

    def __init__(self, telling: Telling) -> None:
        self._telling = telling
        self._running: dict[tuple[int, str], _Running] = {}

    def start(self, *clocks: Clock, at: datetime) -> None:
        """Start clocks; one that runs stays as it is."""
        for clock in clocks:
            key = (clock.subject_id, clock.kind)
            if key not in self._running:
                self._running[key] = _Running(clock, self._telling.ids.at(at), at, clock.due_at)

    def pause(self, kind: str, *, at: datetime) -> None:
        """Let the clock of a kind stand still."""
        running = next(running for (_, name), running in self._running.items() if name == kind)
        self._warn(running, until=at)
        running.paused_since = at

    def resume(self, kind: str, *, at: datetime) -> None:
        """Let it run again; it has lost no time."""
        running = next(running for (_, name), running in self._running.items() if name == kind)
        if running.paused_since is not None:
            running.due_at += at - running.paused_since
            running.paused_since = None

    def due_at(self, kind: str) -> datetime:
        """When the clock of a kind is due."""
        return next(running.due_at for (_, name), running in self._running.items() if name == kind)

    def extend(self, kind: str, by: timedelta) -> datetime:
        """Give a clock more time."""
        running = next(running for (_, name), running in self._running.items() if name == kind)
        running.due_at += by
        running.extended += 1
        return running.due_at

    def stop(self, *kinds: str, at: datetime) -> None:
        """End the clocks of these kinds (none: all); what had reached zero before fired then."""
        for key in [key for key in self._running if not kinds or key[1] in kinds]:
            running = self._running.pop(key)
            if at > running.due_at:
                self._fire_late(running)
            else:
                self._warn(running, until=at)
                self._write(running, state="stopped", ended_at=at, warn_at=None)

    def fire(self, kind: str, *, at: datetime) -> None:
        """End the clock of a kind at zero, the others before it."""
        key = next(key for key in self._running if key[1] == kind)
        running = self._running.pop(key)
        self._warn(running, until=running.due_at)
        self._write(running, state="fired", ended_at=at, warn_at=None)
        self._tell_fired(running, at=at)

    def close(self) -> None:
        """The story has come to the present: what runs goes on running."""
        now = self._telling.now
        for running in self._running.values():
            if running.paused_since is not None:
                self._write(running, state="paused", ended_at=None, warn_at=None)
                continue
            if running.due_at <= now:
                self._fire_late(running)
                continue
            self._warn(running, until=now)
            warn_at = next_warning(running.clock.kind, started_at=running.started_at, due_at=running.due_at, after=now)
            self._write(running, state="running", ended_at=None, warn_at=warn_at)

    def _fire_late(self, running: _Running) -> None:
        """A clock whose zero changes nothing but what the order is called."""
        if running.clock.kind != "ship.sla":
            raise StoryBroken(running.clock.kind)
        at = running.due_at + SWEPT_AFTER
        self._warn(running, until=running.due_at)
        self._write(running, state="fired", ended_at=at, warn_at=None)
        self._tell_fired(running, at=at)

    def _tell_fired(self, running: _Running, *, at: datetime) -> None:
        clock = running.clock
        fact = DeadlineFired(shop_id=clock.shop_id, subject_id=running.id, order_id=clock.order_id, kind=clock.kind)
        self._telling.record(fact, by=SYSTEM, at=at)

    def _warn(self, running: _Running, *, until: datetime) -> None:
        clock, whole = running.clock, running.due_at - running.started_at
        for part in KINDS[clock.kind].near:
            at = running.started_at + whole * part
            if at < until:
                fact = DeadlineNear(
                    shop_id=clock.shop_id, subject_id=running.id, order_id=clock.order_id, kind=clock.kind,
                    due_at=running.due_at.isoformat(),
                )  # fmt: skip
                self._telling.record(fact, by=SYSTEM, at=at)

    def _write(self, running: _Running, *, state: str, ended_at: datetime | None, warn_at: datetime | None) -> None:
        clock = running.clock
        self._telling.rows.add(
            "deadlines", shop_id=clock.shop_id, id=running.id, kind=clock.kind, subject_kind=clock.subject_kind,
            subject_id=clock.subject_id, order_id=clock.order_id, started_at=running.started_at, due_at=running.due_at,
            policy_key=clock.policy_key, policy_version=clock.policy_version, state=state,
            paused_since=running.paused_since if state == "paused" else None, extended_times=running.extended,
            ended_at=ended_at, warn_at=warn_at,
        )  # fmt: skip
