"""What follows a move of the demo's clock: the sandbox peers hear of it, and everything due happens."""

import asyncio
import logging
from datetime import datetime
from typing import Final

from etalase.foundation import clock
from etalase.foundation.deadlines import queries as deadlines
from etalase.foundation.sql import Db
from etalase.foundation.time_machine import actions
from etalase.integrations.carriers.protocol import CarrierUnavailable
from etalase.integrations.carriers.sandbox.client import SandboxCarrier
from etalase.settings import Settings

log = logging.getLogger(__name__)

FIRING_SECONDS_MAX: Final = 8.0
PEER_SECONDS_MAX: Final = 5.0
LOOK_EVERY_SECONDS: Final = 0.15

_telling = asyncio.Lock()
"""One message to the peer at a time, so that of two moves the later offset is told last."""


async def tell_peers(db: Db, settings: Settings) -> bool:
    """Tell the sandbox peers how far the clock has gone in all; whether they heard (true if there are none)."""
    if settings.carrier_url is None:
        return True
    secret = settings.sandbox_secret.get_secret_value()
    peer = SandboxCarrier(settings.carrier_url, key=secret, secret=secret, wait_s=PEER_SECONDS_MAX)
    try:
        async with _telling:
            await peer.set_clock(round((await actions.load(db)).total_seconds()))
    except CarrierUnavailable:
        log.warning("the sandbox peers did not hear of the moved clock")
        return False
    finally:
        await peer.aclose()
    return True


async def until_fired(db: Db, *, since: datetime) -> tuple[int, int]:
    """How many clocks still wait, and how many were fired since; returns as soon as none waits, or after FIRING_SECONDS_MAX."""
    ends = asyncio.get_running_loop().time() + FIRING_SECONDS_MAX
    while True:
        async with db.any().reading() as tx:
            waiting = await deadlines.count_waiting(tx, at=clock.now())
            if not waiting or asyncio.get_running_loop().time() > ends:
                return waiting, await deadlines.count_fired_since(tx, since=since)
        await asyncio.sleep(LOOK_EVERY_SECONDS)
