"""Which node number this process makes its ids with: leased from the database, so that no two processes share one."""

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

import psycopg
import psycopg_pool

from etalase.foundation import clock, ids
from etalase.foundation.sql import Db, statements_beside

log = logging.getLogger(__name__)
statements = statements_beside(__file__)
LEASE: Final = timedelta(minutes=10)
RENEW_SECONDS: Final = 60.0


class NoNodeFree(Exception):
    """As many processes as there are node numbers run on this database."""


@asynccontextmanager
async def leased(db: Db) -> AsyncIterator[None]:
    """Make this process's ids with a node of its own until the end of the block. Every web and worker process needs it."""
    holder = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex}"
    node = await lease(db, holder)
    renewing = asyncio.create_task(_keep(db, holder, node))
    try:
        yield
    finally:
        renewing.cancel()
        with suppress(asyncio.CancelledError, psycopg.Error, psycopg_pool.PoolTimeout):
            await renewing


async def lease(db: Db, holder: str) -> int:
    """Take a node nobody holds and make ids with it. Raises NoNodeFree."""
    now = _real_now()
    async with db.any().transaction() as tx:
        node = await tx.value(statements["lease_node"], int, holder=holder, now=now, until=now + LEASE)
    if node is None:
        raise NoNodeFree
    ids.use_node(node)
    return node


async def renew(db: Db, holder: str, node: int) -> int:
    """Hold the node for longer; if it was lost meanwhile, take another. Returns the node held from now on."""
    async with db.any().transaction() as tx:
        held = await tx.value(statements["renew_node"], int, node=node, holder=holder, until=_real_now() + LEASE)
    if held is None:
        log.warning("node %s was lost to another process; taking a new one", node)
        return await lease(db, holder)
    return held


async def _keep(db: Db, holder: str, node: int) -> None:
    while True:
        await asyncio.sleep(RENEW_SECONDS)
        try:
            node = await renew(db, holder, node)
        except (psycopg.OperationalError, psycopg_pool.PoolTimeout):
            log.warning("the lease of node %s could not be renewed; trying again", node)


async def is_answering(db: Db) -> bool:
    """Whether the database answers."""
    try:
        async with db.any().reading() as tx:
            return await tx.value(statements["is_answering"], int) == 1
    except (psycopg.OperationalError, psycopg_pool.PoolTimeout):
        return False


def _real_now() -> datetime:
    """A lease is between machines: the demo's time machine must not end it."""
    return clock.now() - clock.offset()
