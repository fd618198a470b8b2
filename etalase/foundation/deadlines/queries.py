"""Reading and writing clocks, one typed function a statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from etalase.foundation.deadlines.rules import Clock, Deadline, next_warning
from etalase.foundation.ids import new_id
from etalase.foundation.sql import Tx, json_rows, statements_beside

statements = statements_beside(__file__)

CLOCKS_OF_ORDERS_MAX: Final = 5_000
WAITING_COUNT_MAX: Final = 1_000
FIRED_COUNT_MAX: Final = 10_000
RUNNING_COUNT_MAX: Final = 100_000


@dataclass(frozen=True, slots=True)
class EndedClock:
    """A clock that a statement has just ended."""

    shop_id: int
    id: int
    kind: str
    order_id: int
    state: str


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many clocks of a kind run."""

    kind: str
    clocks: int


async def start_clocks(tx: Tx, clocks: Sequence[Clock], *, at: datetime) -> int:
    """Write clocks with one statement; returns how many did not run already."""
    ordered = sorted(clocks, key=lambda c: (c.shop_id, c.subject_kind, c.subject_id, c.kind))
    return await tx.run(statements["start_clocks"], clocks=json_rows(_row(clock, at) for clock in ordered), at=at)


def _row(clock: Clock, at: datetime) -> dict[str, object]:
    return {
        "shop_id": clock.shop_id,
        "id": new_id(),
        "kind": clock.kind,
        "subject_kind": clock.subject_kind,
        "subject_id": clock.subject_id,
        "order_id": clock.order_id,
        "due_at": clock.due_at,
        "policy_key": clock.policy_key,
        "policy_version": clock.policy_version,
        "warn_at": next_warning(clock.kind, started_at=at, due_at=clock.due_at, after=at),
    }


async def stop_clocks(
    tx: Tx,
    *,
    subject_kind: str,
    subjects: Sequence[tuple[int, int]],
    kinds: Sequence[str] | None,
    firing_id: int | None,
    at: datetime,
) -> list[EndedClock]:
    """End the clocks of subjects, given as (shop_id, subject_id); returns those that had not ended."""
    return await tx.all(
        statements["stop_clocks"],
        EndedClock,
        subject_kind=subject_kind,
        shop_ids=[shop_id for shop_id, _ in subjects],
        subject_ids=[subject_id for _, subject_id in subjects],
        kinds=None if kinds is None else list(kinds),
        firing_id=firing_id,
        at=at,
    )


async def stop_clocks_of_order(
    tx: Tx, *, shop_id: int, order_id: int, kinds: Sequence[str] | None, firing_id: int | None, at: datetime
) -> list[EndedClock]:
    """End an order's clocks; returns those that had not ended."""
    return await tx.all(
        statements["stop_clocks_of_order"],
        EndedClock,
        shop_id=shop_id,
        order_id=order_id,
        kinds=None if kinds is None else list(kinds),
        firing_id=firing_id,
        at=at,
    )


async def lock_due(tx: Tx, *, shop_id: int, deadline_id: int, at: datetime) -> bool:
    """Whether the clock still runs and has reached zero; if so nobody changes it until this transaction ends."""
    return await tx.value(statements["lock_due"], int, shop_id=shop_id, id=deadline_id, at=at) is not None


async def running_of_subject(tx: Tx, *, shop_id: int, subject_kind: str, subject_id: int, kind: str) -> Deadline | None:
    """The subject's clock of this kind, locked, if it runs or stands still."""
    return await tx.maybe(
        statements["running_of_subject"],
        Deadline,
        shop_id=shop_id,
        subject_kind=subject_kind,
        subject_id=subject_id,
        kind=kind,
    )


async def extend_clock(tx: Tx, deadline: Deadline, *, due_at: datetime, at: datetime) -> None:
    """Move the clock's zero, and with it the warnings to come."""
    warn_at = next_warning(deadline.kind, started_at=deadline.started_at, due_at=due_at, after=at)
    await tx.run(statements["extend_clock"], shop_id=deadline.shop_id, id=deadline.id, due_at=due_at, warn_at=warn_at)


async def pause_clocks(tx: Tx, *, shop_id: int, order_id: int, kinds: Sequence[str] | None, at: datetime) -> int:
    """Let clocks stand still; returns how many ran."""
    wanted = None if kinds is None else list(kinds)
    return await tx.run(statements["pause_clocks"], shop_id=shop_id, order_id=order_id, kinds=wanted, at=at)


async def resume_clocks(tx: Tx, *, shop_id: int, order_id: int, kinds: Sequence[str] | None, at: datetime) -> int:
    """Let clocks run on; returns how many stood still."""
    wanted = None if kinds is None else list(kinds)
    return await tx.run(statements["resume_clocks"], shop_id=shop_id, order_id=order_id, kinds=wanted, at=at)


async def claim_due(tx: Tx, *, at: datetime, leased_until: datetime, limit: int) -> list[Deadline]:
    """Take clocks that have reached zero for this sweeper, the longest overdue first."""
    claimed = await tx.all(statements["claim_due"], Deadline, at=at, leased_until=leased_until, limit=limit)
    return sorted(claimed, key=lambda deadline: (deadline.due_at, deadline.id))


async def end_claimed(
    tx: Tx, deadline: Deadline, *, state: Literal["fired", "stopped"], at: datetime
) -> EndedClock | None:
    """End a claimed clock that still runs; none if it has ended or was moved."""
    return await tx.maybe(
        statements["end_claimed"], EndedClock, shop_id=deadline.shop_id, id=deadline.id, state=state, at=at
    )


async def put_off(tx: Tx, deadline: Deadline, *, retry_at: datetime, last_error: str, at: datetime) -> None:
    """Try it again later."""
    await tx.run(
        statements["put_off"],
        shop_id=deadline.shop_id,
        id=deadline.id,
        retry_at=retry_at,
        last_error=last_error,
        at=at,
    )


async def lock_near(tx: Tx, *, at: datetime, limit: int) -> list[Deadline]:
    """Clocks whose next warning is due, locked."""
    return await tx.all(statements["lock_near"], Deadline, at=at, limit=limit)


async def set_warnings(tx: Tx, moments: Sequence[tuple[Deadline, datetime | None]]) -> None:
    """When these clocks are next told to be near; none for never again."""
    await tx.run(
        statements["set_warnings"],
        shop_ids=[deadline.shop_id for deadline, _ in moments],
        ids=[deadline.id for deadline, _ in moments],
        warn_ats=[moment for _, moment in moments],
    )


async def of_order(tx: Tx, *, shop_id: int, order_id: int) -> list[Deadline]:
    """The clocks of one order, ended ones too, the next to reach zero first."""
    return await of_orders(tx, [(shop_id, order_id)])


async def of_orders(tx: Tx, keys: Sequence[tuple[int, int]]) -> list[Deadline]:
    """The clocks of several orders, given as (shop_id, order_id)."""
    return await tx.all(
        statements["deadlines_of_orders"],
        Deadline,
        shop_ids=[key[0] for key in keys],
        order_ids=[key[1] for key in keys],
        limit=CLOCKS_OF_ORDERS_MAX,
    )


async def next_due(tx: Tx, *, after: datetime, limit: int = 20) -> list[Deadline]:
    """The clocks that reach zero next, of all shops."""
    return await tx.all(statements["next_due"], Deadline, after=after, limit=limit)


async def overdue(tx: Tx, *, at: datetime, limit: int = 50) -> list[Deadline]:
    """The clocks that should have been fired by now, of all shops."""
    return await tx.all(statements["overdue"], Deadline, at=at, limit=limit)


async def late_orders(tx: Tx, *, limit: int = 50) -> list[Deadline]:
    """The clocks that will cancel orders whose ship-by time has passed, of all shops."""
    return await tx.all(statements["late_orders"], Deadline, limit=limit)


async def fired_since(tx: Tx, *, since: datetime, limit: int = 50) -> list[Deadline]:
    """The clocks that were fired since then, of all shops, latest first."""
    return await tx.all(statements["fired_since"], Deadline, since=since, limit=limit)


async def count_fired_since(tx: Tx, *, since: datetime) -> int:
    """How many clocks were fired since then, at most FIRED_COUNT_MAX."""
    return await tx.value(statements["count_fired_since"], int, since=since, limit=FIRED_COUNT_MAX) or 0


async def count_waiting(tx: Tx, *, at: datetime) -> int:
    """How many clocks have reached zero and were not yet tried in vain, at most WAITING_COUNT_MAX."""
    return await tx.value(statements["count_waiting"], int, at=at, limit=WAITING_COUNT_MAX) or 0


async def running_by_kind(tx: Tx) -> list[KindCount]:
    """How many clocks of each kind run, among the RUNNING_COUNT_MAX next to reach zero."""
    return await tx.all(statements["running_by_kind"], KindCount, limit=RUNNING_COUNT_MAX)
