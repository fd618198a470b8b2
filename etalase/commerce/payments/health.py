"""Verbs about ways to pay: they fail and come back, and the operator switches them off and on."""

from datetime import datetime

from etalase.commerce.payments import queries
from etalase.commerce.payments.facts import MethodFailed, MethodRecovered, MethodSwitched
from etalase.commerce.payments.rules import hidden_for
from etalase.foundation import clock
from etalase.foundation.facts import Actor, record
from etalase.foundation.facts.model import SYSTEM
from etalase.foundation.ids import PLATFORM
from etalase.foundation.sql import Db

ERROR_CHARS_MAX = 200


async def failed(db: Db, *, provider: str, method: str, error: str) -> datetime:
    """Hide the method at once, for longer with each failure in a row; returns until when."""
    at, said = clock.now(), error[:ERROR_CHARS_MAX]
    async with db.any().transaction() as tx:
        failures = await queries.note_failure(tx, provider=provider, method=method, error=said, at=at)
        until = at + hidden_for(failures)
        await queries.hide_method(tx, provider=provider, method=method, until=until)
        fact = MethodFailed(
            shop_id=PLATFORM,
            subject_id=PLATFORM,
            provider=provider,
            method=method,
            failures=failures,
            hidden_until=until.isoformat(),
            error=said,
        )
        await record(tx, fact, by=SYSTEM, at=at)
    return until


async def works(db: Db, *, provider: str, method: str) -> None:
    """Forget the failures of a method that worked."""
    async with db.any().transaction() as tx:
        if await queries.note_success(tx, provider=provider, method=method):
            fact = MethodRecovered(shop_id=PLATFORM, subject_id=PLATFORM, provider=provider, method=method)
            await record(tx, fact, by=SYSTEM, at=clock.now())


async def switch_off(db: Db, *, method: str, reason: str, by: Actor) -> bool:
    """Take a method away from everybody; false if it was off. Payments that have begun go on."""
    at = clock.now()
    async with db.any().transaction() as tx:
        has_changed = await queries.switch_off(tx, method=method, reason=reason, account_id=by.id or 0, at=at)
        if has_changed:
            fact = MethodSwitched(shop_id=PLATFORM, subject_id=PLATFORM, method=method, is_on=False, reason=reason)
            await record(tx, fact, by=by, at=at)
    return has_changed


async def switch_on(db: Db, *, method: str, by: Actor) -> bool:
    """Give a method back; false if it was on."""
    async with db.any().transaction() as tx:
        has_changed = await queries.switch_on(tx, method=method)
        if has_changed:
            fact = MethodSwitched(shop_id=PLATFORM, subject_id=PLATFORM, method=method, is_on=True, reason="")
            await record(tx, fact, by=by, at=clock.now())
    return has_changed
