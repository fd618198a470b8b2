"""Calls that come twice: with an idempotency key the second one gets the answer of the first, and changes nothing."""

import hashlib
from dataclasses import dataclass
from typing import Any

from etalase.commerce.apps import queries, rules
from etalase.commerce.apps.errors import KeyUsedOtherwise
from etalase.commerce.apps.queries import RepeatKey
from etalase.foundation.clock import now
from etalase.foundation.sql import Db


@dataclass(frozen=True, slots=True)
class Claim:
    """Who carries the call out: this caller (`is_ours`), nobody any more (`answer` is there), or another one just now."""

    is_ours: bool
    answer: dict[str, Any] | None = None


async def claim(db: Db, repeat: RepeatKey, *, request: bytes) -> Claim:
    """Claim a call for this caller, or learn its answer. Raises KeyUsedOtherwise when the key came with another request.

    Whoever claims ends with `keep` or `release`. A claim that did neither within a minute has died, and is given again.
    """
    at, body_hash = now(), hashlib.sha256(request).digest()
    async with db.for_shop(repeat.shop_id).transaction() as tx:
        dead_before = at - rules.CLAIM_LIFETIME
        if await queries.claim_repeat(tx, repeat, body_hash=body_hash, at=at, dead_before=dead_before):
            return Claim(is_ours=True)
        known = await queries.repeat(tx, repeat)
    if known is not None and known.body_hash != body_hash:
        raise KeyUsedOtherwise
    return Claim(is_ours=False, answer=known.answer if known else None)


async def keep(db: Db, repeat: RepeatKey, answer: dict[str, Any]) -> None:
    """The call is done: the same answer for everybody who asks again."""
    async with db.for_shop(repeat.shop_id).transaction() as tx:
        await queries.keep_answer(tx, repeat, answer)


async def release(db: Db, repeat: RepeatKey) -> None:
    """The call was refused and has changed nothing: it may be made again with the same key."""
    async with db.for_shop(repeat.shop_id).transaction() as tx:
        await queries.release_repeat(tx, repeat)
