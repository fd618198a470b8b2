"""Audits that are kept: asked for by the operator or the night, carried out by a worker."""

import logging
import time
from typing import Final

from etalase.foundation import clock
from etalase.foundation.facts import Actor, record
from etalase.foundation.facts.model import SYSTEM
from etalase.foundation.ids import PLATFORM, new_id
from etalase.foundation.sql import Db
from etalase.journeys.auditing import queries
from etalase.journeys.auditing.facts import AuditAsked, AuditDone
from etalase.journeys.auditing.proving import Proof, prove
from etalase.journeys.auditing.rules import SILENT_MAX, Audit, AuditState, is_nightly_due

log = logging.getLogger(__name__)
PROGRESS_EVERY_S: Final = 2.0


async def ask(db: Db, *, by: Actor) -> bool:
    """Ask for an audit of everything; false if one waits or runs already."""
    return await _ask(db, cause="operator", by=by)


async def _ask(db: Db, *, cause: str, by: Actor) -> bool:
    at, audit_id = clock.now(), new_id()
    async with db.any().transaction() as tx:
        is_new = await queries.ask(tx, audit_id=audit_id, cause=cause, asked_by=by.id, at=at)
        if is_new:
            await record(tx, AuditAsked(shop_id=PLATFORM, subject_id=audit_id, cause=cause), by=by, at=at)
    return is_new


async def look_after(db: Db) -> int:
    """What a worker does every few seconds: ask for the nightly audit when it is due, carry out what is asked for.

    Returns how many audits it carried out.
    """
    at = clock.now()
    async with db.any().reading() as tx:
        last = await queries.last_nightly(tx)
    if is_nightly_due(last, now=at):
        await _ask(db, cause="nightly", by=SYSTEM)
    async with db.any().transaction() as tx:
        await queries.give_up_silent(tx, heard_before=at - SILENT_MAX, at=at)
        audit = await queries.claim(tx, at=at)
    if audit is None:
        return 0
    await _carry_out(db, audit)
    return 1


async def _carry_out(db: Db, audit: Audit) -> None:
    told_at = time.monotonic()

    async def heard(proof: Proof) -> None:
        nonlocal told_at
        if time.monotonic() - told_at < PROGRESS_EVERY_S:
            return
        told_at = time.monotonic()
        async with db.any().transaction() as tx:
            await queries.keep_progress(tx, audit_id=audit.id, counts=proof.counts, at=clock.now())

    try:
        proof = await prove(db, shop_id=audit.shop_id, heard=heard)
    except Exception as problem:
        log.exception("the audit failed")
        await _end(db, audit, Proof(), to=AuditState.FAILED, failure=f"{type(problem).__name__}: {problem}"[:500])
        return
    await _end(db, audit, proof, to=AuditState.DONE)


async def _end(db: Db, audit: Audit, proof: Proof, *, to: AuditState, failure: str = "") -> None:
    at = clock.now()
    async with db.any().transaction() as tx:
        has_ended = await queries.end(
            tx, audit_id=audit.id, to=to, counts=proof.counts, findings=proof.findings, failure=failure, at=at
        )
        if has_ended and to is AuditState.DONE:
            fact = AuditDone(
                shop_id=PLATFORM, subject_id=audit.id, orders=proof.orders, findings_count=proof.findings_count
            )
            await record(tx, fact, by=SYSTEM, at=at)
