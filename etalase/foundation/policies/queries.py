"""Reading policies and calendars: whole, and kept in the process for some seconds, for every checkout asks for them."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from etalase.foundation import clock
from etalase.foundation.policies.calendar import WorkingCalendar
from etalase.foundation.policies.rules import Index, PolicyBook, PolicyRow, index_of, set_id
from etalase.foundation.sql import Tx, json_rows, json_value, statements_beside

statements = statements_beside(__file__)

KEPT_SECONDS: Final = 5.0
POLICIES_MAX: Final = 20_000
"""Versions an installation may hold; `actions.set_policy` refuses more, so that a book is always complete."""
CALENDAR_DAYS_MAX: Final = 20_000
CALENDAR_PAST: Final = timedelta(days=60)
CALENDAR_AHEAD: Final = timedelta(days=500)
CALENDARS_KEPT_MAX: Final = 5_000
SETS_KNOWN_MAX: Final = 100_000
VERSION_MAX: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day that differs from the national calendar."""

    shop_id: int
    day: date
    is_working: bool


_books: dict[str, tuple[float, Index]] = {}
_calendars: dict[tuple[str, int], tuple[float, date, WorkingCalendar]] = {}
_sets: set[tuple[str, UUID]] = set()
"""Sets that are committed, by database."""


async def load_book(tx: Tx) -> PolicyBook:
    """The policies of every scope as they hold now; a change made by another process is seen within KEPT_SECONDS."""
    at = clock.now()
    place = tx.place
    kept = _books.get(place)
    if kept is None or kept[0] < time.monotonic():
        rows = await tx.all(statements["policies_in_force"], PolicyRow, at=at, limit=POLICIES_MAX)
        kept = (time.monotonic() + KEPT_SECONDS, index_of(rows))
        _books[place] = kept
    return PolicyBook(kept[1], at)


async def load_calendar(tx: Tx, *, shop_id: int) -> WorkingCalendar:
    """The working days of one shop, from two months back to more than a year ahead."""
    return (await load_calendars(tx, [shop_id]))[shop_id]


async def load_calendars(tx: Tx, shop_ids: Sequence[int]) -> dict[int, WorkingCalendar]:
    """The working days of several shops; a shop's own days win over those set for all shops."""
    place, today = tx.place, clock.now().date()
    kept = {shop_id: _kept_calendar(place, shop_id, today) for shop_id in shop_ids}
    missing = sorted(shop_id for shop_id, calendar in kept.items() if calendar is None)
    fresh = await _read_calendars(tx, missing, today) if missing else {}
    if len(_calendars) > CALENDARS_KEPT_MAX:
        _calendars.clear()
    until = time.monotonic() + KEPT_SECONDS
    _calendars.update({(place, shop_id): (until, today, calendar) for shop_id, calendar in fresh.items()})
    return {shop_id: calendar or fresh[shop_id] for shop_id, calendar in kept.items()}


def _kept_calendar(place: str, shop_id: int, today: date) -> WorkingCalendar | None:
    kept = _calendars.get((place, shop_id))
    if kept is None or kept[0] < time.monotonic() or kept[1] != today:
        return None
    return kept[2]


async def _read_calendars(tx: Tx, shop_ids: list[int], today: date) -> dict[int, WorkingCalendar]:
    rows = await tx.all(
        statements["calendar_days_of"],
        CalendarDay,
        shop_ids=[0, *shop_ids],
        from_day=today - CALENDAR_PAST,
        until_day=today + CALENDAR_AHEAD,
        limit=CALENDAR_DAYS_MAX,
    )
    everywhere = {row.day: row.is_working for row in rows if row.shop_id == 0}
    own: dict[int, dict[date, bool]] = {shop_id: {} for shop_id in shop_ids}
    for row in rows:
        if row.shop_id in own:
            own[row.shop_id][row.day] = row.is_working
    return {shop_id: WorkingCalendar({**everywhere, **days}) for shop_id, days in own.items()}


async def keep_sets(tx: Tx, copies: Sequence[Mapping[str, Any]]) -> list[UUID]:
    """The ids of sets of policies, each of which is written down where it is not yet; asks nothing for sets seen before."""
    ids = [set_id(copy) for copy in copies]
    unknown = {one: copy for one, copy in zip(ids, copies, strict=True) if (tx.place, one) not in _sets}
    if unknown:
        await _keep(tx, unknown)
    return ids


async def _keep(tx: Tx, sets: Mapping[UUID, Mapping[str, Any]]) -> None:
    # What this transaction writes may be taken back: known is what was found, not what was written.
    found = await tx.values(statements["known_sets"], UUID, ids=list(sets))
    if len(_sets) > SETS_KNOWN_MAX:
        _sets.clear()
    _sets.update((tx.place, one) for one in found)
    new = [{"id": one, "policies": sets[one]} for one in sorted(sets.keys() - set(found))]
    if new:
        await tx.run(statements["keep_sets"], sets=json_rows(new))


def forget() -> None:
    """Read policies and calendars anew from here on: called after the commit of a change."""
    _books.clear()
    _calendars.clear()


async def history(tx: Tx, *, key: str, before: int = VERSION_MAX, limit: int = 50) -> list[PolicyRow]:
    """The versions of one policy over all scopes, latest first."""
    return await tx.all(statements["policy_history"], PolicyRow, key=key, before=before, limit=limit)


async def count_policies(tx: Tx) -> int:
    """How many versions there are, at most POLICIES_MAX + 1."""
    return await tx.value(statements["count_policies"], int, limit=POLICIES_MAX + 1) or 0


async def last_version(tx: Tx, *, key: str) -> int:
    """The highest version of a policy; 0 if it was never set."""
    return await tx.value(statements["last_version"], int, key=key) or 0


async def add_policy(tx: Tx, row: PolicyRow) -> None:
    """Write one further version; a version that exists raises psycopg's UniqueViolation of `policies_one_version`."""
    params: dict[str, Any] = {
        "scope": row.scope,
        "scope_id": row.scope_id,
        "key": row.key,
        "version": row.version,
        "value": json_value(row.value),
        "valid_from": row.valid_from,
        "set_by": row.set_by,
    }
    await tx.run(statements["add_policy"], **params)


async def set_calendar_day(tx: Tx, *, shop_id: int, day: date, is_working: bool, name: str) -> None:
    """Let a day differ from the national calendar."""
    await tx.run(statements["set_calendar_day"], shop_id=shop_id, day=day, is_working=is_working, name=name)
