"""Starting, stopping and moving clocks: always a part of the verb that gives the reason, in its transaction."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta

from etalase.foundation.deadlines import queries
from etalase.foundation.deadlines.errors import Obsolete
from etalase.foundation.deadlines.facts import DeadlineFired
from etalase.foundation.deadlines.queries import EndedClock
from etalase.foundation.deadlines.rules import Clock, Deadline
from etalase.foundation.facts import Actor, record
from etalase.foundation.sql import Tx


@dataclass(slots=True)
class _Firing:
    deadline: Deadline
    is_marked: bool = False


# A handler ends the order's clocks by the same verbs as everybody else, and among them is the clock that made it run. That one
# has to become 'fired' in the very transaction that carries out its consequence: marked before, a crash would lose the
# consequence; marked after, a crash would hide that it happened. So the sweeper says here which clock it is firing.
_firing: ContextVar[_Firing | None] = ContextVar("firing", default=None)


@contextmanager
def firing(deadline: Deadline) -> Iterator[None]:
    """Within the block, ending this clock fires it."""
    token = _firing.set(_Firing(deadline))
    try:
        yield
    finally:
        _firing.reset(token)


async def start(tx: Tx, *clocks: Clock, at: datetime) -> None:
    """Start clocks. One that runs already for its subject and kind stays as it is, so a repeated start is harmless."""
    if clocks:
        await queries.start_clocks(tx, clocks, at=at)


async def stop(
    tx: Tx, *, shop_id: int, subject_kind: str, subject_id: int, kinds: Sequence[str] | None = None, at: datetime
) -> None:
    """End a subject's clocks of these kinds (none: of all). Inside a handler whose clock no longer is due: raises Obsolete."""
    await stop_all(tx, subject_kind=subject_kind, subjects=[(shop_id, subject_id)], kinds=kinds, at=at)


async def stop_all(
    tx: Tx,
    *,
    subject_kind: str,
    subjects: Sequence[tuple[int, int]],
    kinds: Sequence[str] | None = None,
    at: datetime,
) -> None:
    """As `stop`, for several subjects, given as (shop_id, subject_id)."""
    current = _firing.get()
    if current is not None:
        fired = current.deadline
        is_among = fired.subject_kind == subject_kind and (fired.shop_id, fired.subject_id) in subjects
        current = await _still_due(tx, current, shop_id=fired.shop_id, kinds=kinds, at=at) if is_among else None
    ended = await queries.stop_clocks(
        tx,
        subject_kind=subject_kind,
        subjects=subjects,
        kinds=kinds,
        firing_id=current.deadline.id if current else None,
        at=at,
    )
    await record_fired(tx, ended, at=at)


async def stop_order(tx: Tx, *, shop_id: int, order_id: int, kinds: Sequence[str] | None = None, at: datetime) -> None:
    """End an order's clocks of these kinds (none: of all). Inside a handler whose clock no longer is due: raises Obsolete."""
    current = _firing.get()
    if current is not None and current.deadline.order_id != order_id:
        current = None
    current = await _still_due(tx, current, shop_id=shop_id, kinds=kinds, at=at)
    ended = await queries.stop_clocks_of_order(
        tx,
        shop_id=shop_id,
        order_id=order_id,
        kinds=kinds,
        firing_id=current.deadline.id if current else None,
        at=at,
    )
    await record_fired(tx, ended, at=at)


async def _still_due(
    tx: Tx, current: _Firing | None, *, shop_id: int, kinds: Sequence[str] | None, at: datetime
) -> _Firing | None:
    """The clock being fired if this verb ends it. It was claimed a moment ago; a payment or an extension may have come between."""
    if current is None or current.deadline.shop_id != shop_id:
        return None
    if kinds is not None and current.deadline.kind not in kinds:
        return None
    if current.is_marked:
        return current
    if not await queries.lock_due(tx, shop_id=shop_id, deadline_id=current.deadline.id, at=at):
        raise Obsolete(current.deadline.kind)
    current.is_marked = True
    return current


async def record_fired(tx: Tx, ended: Sequence[EndedClock], *, at: datetime) -> None:
    """Record that those of the ended clocks that reached zero did so."""
    facts = [
        DeadlineFired(shop_id=clock.shop_id, subject_id=clock.id, order_id=clock.order_id, kind=clock.kind)
        for clock in ended
        if clock.state == "fired"
    ]
    if facts:
        await record(tx, *facts, by=Actor("system"), at=at)


async def extend(
    tx: Tx, *, shop_id: int, subject_kind: str, subject_id: int, kind: str, by: timedelta, at: datetime
) -> datetime | None:
    """Give a clock more time; returns when it is due now, or none if it does not run. How often is the caller's rule."""
    deadline = await queries.running_of_subject(
        tx, shop_id=shop_id, subject_kind=subject_kind, subject_id=subject_id, kind=kind
    )
    if deadline is None:
        return None
    due_at = deadline.due_at + by
    await queries.extend_clock(tx, deadline, due_at=due_at, at=at)
    return due_at


async def pause(tx: Tx, *, shop_id: int, order_id: int, kinds: Sequence[str] | None = None, at: datetime) -> int:
    """Let an order's clocks stand still, for instance while a claim is open; returns how many did run."""
    return await queries.pause_clocks(tx, shop_id=shop_id, order_id=order_id, kinds=kinds, at=at)


async def resume(tx: Tx, *, shop_id: int, order_id: int, kinds: Sequence[str] | None = None, at: datetime) -> int:
    """Let an order's clocks run on, later by as long as they stood still; returns how many stood."""
    return await queries.resume_clocks(tx, shop_id=shop_id, order_id=order_id, kinds=kinds, at=at)
