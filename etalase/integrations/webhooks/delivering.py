"""Sending what waits: claimed with a lease, so that of several workers one sends a message; kept as sent only after the answer."""

import asyncio
import hashlib
import hmac
import logging
import secrets
from datetime import timedelta
from typing import Final

import psycopg
import psycopg_pool

from etalase.commerce.apps import credentials
from etalase.foundation import clock
from etalase.foundation.sql import Db
from etalase.integrations.webhooks.calling import Caller
from etalase.reactions.webhooks import actions, queries
from etalase.reactions.webhooks.queries import Claimed
from etalase.settings import Settings, settings

log = logging.getLogger(__name__)

LEASE: Final = timedelta(seconds=60)
"""Longer than a call may take: a message whose sender has died is free again after it."""
UNDER_WAY_MAX: Final = 100
AT_ONCE_MAX: Final = 20
"""What one address gets at the same time: one that is slow leaves room for the others."""
IDLE_S: Final = 0.4
TROUBLE_S: Final = 5.0
OUTAGES = (psycopg.OperationalError, psycopg.InterfaceError, psycopg_pool.PoolTimeout)


async def keep_delivering(db: Db) -> None:
    """Send what waits, for as long as the worker runs. Cut short, it leaves claims that end by themselves."""
    async with asyncio.TaskGroup() as group:
        post = Post(db, settings())
        try:
            await post.work(group)
        finally:
            await post.caller.aclose()


class Post:
    """What is under way in this process."""

    def __init__(self, db: Db, configured: Settings) -> None:
        self.db = db
        self.key = configured.key()
        self.caller = Caller(is_sandbox=configured.is_demo)
        self._under_way: set[asyncio.Task[None]] = set()

    async def work(self, group: asyncio.TaskGroup) -> None:
        """Claim as much as there is room for, and send it, again and again."""
        while True:
            try:
                claimed = await self._claim()
            except OUTAGES as problem:
                log.warning("messages to apps: the database does not answer (%s)", problem)
                await asyncio.sleep(TROUBLE_S)
                continue
            except Exception:
                log.exception("messages to apps could not be claimed")
                await asyncio.sleep(TROUBLE_S)
                continue
            for message, lease in claimed:
                task = group.create_task(self._send_quietly(message, lease))
                self._under_way.add(task)
                task.add_done_callback(self._under_way.discard)
            if not claimed:
                await self._rest()

    async def _rest(self) -> None:
        """Until there is room again, or something may have come."""
        if len(self._under_way) >= UNDER_WAY_MAX:
            await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
        else:
            await asyncio.sleep(IDLE_S)

    async def _claim(self) -> list[tuple[Claimed, int]]:
        room = UNDER_WAY_MAX - len(self._under_way)
        return await claim(self.db, limit=room) if room > 0 else []

    async def _send_quietly(self, message: Claimed, lease: int) -> None:
        try:
            await self.send(message, lease)
        except Exception:
            log.exception("message %s to an app could not be handled; it comes again", message.id)

    async def send(self, message: Claimed, lease: int) -> None:
        """Send one claimed message and keep how it went."""
        if not message.is_wanted:
            await actions.drop(self.db, message, lease=lease)
            return
        secret = credentials.secret_of(self.key, app_key=message.app_key, salt=message.secret_salt)
        body = message.body.encode()
        signed = signature(secret, app_key=message.app_key, body=body)
        outcome = await self.caller.post(message.address, body, signature=signed)
        await actions.take_note(self.db, message, outcome, lease=lease)


async def claim(db: Db, *, limit: int) -> list[tuple[Claimed, int]]:
    """Messages to send now, each with the lease that marks it as the caller's."""
    at = clock.now()
    async with db.any().reading() as tx:
        if not await queries.has_due(tx, at=at):
            return []
    lease = secrets.randbits(62)
    async with db.any().transaction() as tx:
        found = await queries.claim_messages(tx, at=at, lease=lease, lease_time=LEASE, at_once=AT_ONCE_MAX, limit=limit)
    return [(message, lease) for message in found]


async def deliver_due(db: Db, configured: Settings) -> int:
    """Send what is due now, once, and wait until it is answered; how many messages. For tools and tests."""
    post = Post(db, configured)
    try:
        claimed = await claim(db, limit=UNDER_WAY_MAX)
        await asyncio.gather(*(post.send(message, lease) for message, lease in claimed))
    finally:
        await post.caller.aclose()
    return len(claimed)


def signature(secret: str, *, app_key: str, body: bytes) -> str:
    """What the receiver checks: HMAC-SHA256 with the app's secret over key and body, in lower-case hex."""
    return hmac.new(secret.encode(), app_key.encode() + body, hashlib.sha256).hexdigest()
