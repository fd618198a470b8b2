"""Setting policies and days."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import psycopg.errors

from etalase.foundation import clock
from etalase.foundation.facts import Actor, record
from etalase.foundation.i18n import N_
from etalase.foundation.ids import PLATFORM
from etalase.foundation.policies import queries
from etalase.foundation.policies.defaults import DEFAULTS
from etalase.foundation.policies.errors import PolicyChanged, PolicyNotValid
from etalase.foundation.policies.facts import CalendarDaySet, PolicySet
from etalase.foundation.policies.rules import Policy, PolicyRow, Scope
from etalase.foundation.policies.values import Problem
from etalase.foundation.sql import Db, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPolicy:
    """What to set. `seen_version` is the latest version the setter knew of; `valid_from` none means at once."""

    key: str
    value: Any
    scope: Scope = "operator"
    scope_id: int = 0
    valid_from: datetime | None = None
    seen_version: int | None = None


def check_policy(wanted: SetPolicy) -> None:
    """Raises PolicyNotValid, KeyError for an unknown key."""
    problems = DEFAULTS[wanted.key].problems(wanted.value)
    if (wanted.scope == "operator") != (wanted.scope_id == 0):
        problems.append(Problem("scope_id", N_("Name what the rule is for.")))
    if problems:
        raise PolicyNotValid(problems)


async def set_policy(db: Db, wanted: SetPolicy, *, by: Actor) -> Policy:
    """Let a new version hold; orders placed before keep theirs. Raises PolicyNotValid and PolicyChanged."""
    check_policy(wanted)
    try:
        async with db.any().transaction() as tx:
            policy = await _add_version(tx, wanted, by)
    except psycopg.errors.UniqueViolation as error:
        raise PolicyChanged(wanted.key) from error
    queries.forget()
    return policy


async def _add_version(tx: Tx, wanted: SetPolicy, by: Actor) -> Policy:
    at = clock.now()
    last = await queries.last_version(tx, key=wanted.key)
    if wanted.seen_version is not None and wanted.seen_version != last:
        raise PolicyChanged(wanted.key)
    if await queries.count_policies(tx) >= queries.POLICIES_MAX:
        raise PolicyNotValid([Problem("", N_("There are too many rules; remove some first."))])
    row = PolicyRow(wanted.scope, wanted.scope_id, wanted.key, last + 1, wanted.value, wanted.valid_from or at, by.id)
    await queries.add_policy(tx, row)
    fact = PolicySet(
        shop_id=PLATFORM,
        subject_id=row.version,
        key=row.key,
        scope=row.scope,
        scope_id=row.scope_id,
        version=row.version,
        value=row.value,
        valid_from=row.valid_from.isoformat(),
    )
    await record(tx, fact, by=by, at=at)
    return Policy(row.key, row.version, row.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDay:
    """A day that is (or is not) a working day, whatever the national calendar says; `shop_id` 0 means for every shop."""

    day: date
    is_working: bool
    name: str
    shop_id: int = PLATFORM


async def set_calendar_day(db: Db, wanted: SetDay, *, by: Actor) -> None:
    """Let a day differ from the national calendar; clocks that run already keep their time."""
    at = clock.now()
    async with db.any().transaction() as tx:
        await queries.set_calendar_day(
            tx, shop_id=wanted.shop_id, day=wanted.day, is_working=wanted.is_working, name=wanted.name
        )
        fact = CalendarDaySet(
            shop_id=wanted.shop_id,
            subject_id=wanted.day.toordinal(),
            day=wanted.day.isoformat(),
            is_working=wanted.is_working,
            day_name=wanted.name,
        )
        await record(tx, fact, by=by, at=at)
    queries.forget()
