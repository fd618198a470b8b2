"""An app that wants to be told, and the worker's part of telling it."""

import asyncio
from collections.abc import Sequence

from etalase.commerce.apps import actions as apps
from etalase.foundation import clock
from etalase.foundation.facts import Actor
from etalase.foundation.facts.relay import FactKey, facts_by_id, relay_once
from etalase.foundation.sql import Db, Tx
from etalase.integrations.webhooks.delivering import deliver_due
from etalase.reactions.webhooks import queries
from etalase.reactions.webhooks.actions import tell_apps, tell_apps_all
from etalase.reactions.webhooks.queries import Message
from etalase.reactions.webhooks.rules import SENT
from etalase.settings import Settings
from etalase.subscriptions import LINES, name_of
from tests.builders.accounts import MadeShop
from tests.builders.open_api import MadeApp, make_app, make_tokens


async def listening_app(
    db: Db, settings: Settings, shop: MadeShop, address: str, *, types: Sequence[str] = SENT
) -> MadeApp:
    """An app with all scopes that the shop let in, and that is told of everything at the address."""
    made = await make_app(db, settings)
    await make_tokens(db, made, shop)
    for one in types:
        await apps.set_webhook(
            db, shop_id=shop.shop_id, app_id=made.app.id, event_type=one, address=address,
            by=Actor.seller(shop.owner.id),
        )  # fmt: skip
    return made


async def relay(db: Db) -> None:
    """Write the messages that follow from all facts so far; other reactions are left out."""
    line = name_of(tell_apps)
    lines = {fact: [line] for fact, reactions in LINES.items() if line in reactions}

    async def hand_over(tx: Tx, _line: str, keys: Sequence[FactKey]) -> None:
        await tell_apps_all(tx, await facts_by_id(tx, keys))

    async with asyncio.timeout(60):
        while True:
            async with db.any().transaction() as tx:
                read = await relay_once(tx, lines, hand_over)
            async with db.any().transaction() as tx:
                cursor = await tx.connection.execute(
                    "SELECT count(*) FROM facts f, relay_positions p"
                    " WHERE (f.recorded_xid, f.id) > (p.recorded_xid, p.fact_id) AND f.id > p.floor_id"
                )
                row = await cursor.fetchone()
            if not read and (row is None or not row[0]):
                return


async def deliver(db: Db, settings: Settings) -> int:
    """Relay, then send what is due until nothing is; how many messages were sent."""
    await relay(db)
    sent = 0
    while found := await deliver_due(db, settings):
        sent += found
    return sent


async def messages_of(db: Db, made: MadeApp) -> list[Message]:
    """The log of an app, oldest first."""
    async with db.any().reading() as tx:
        return (await queries.messages(tx, app_id=made.app.id))[::-1]


def later(**passed: float) -> None:
    """Move this process's clock."""
    from datetime import timedelta

    clock.set_offset(clock.offset() + timedelta(**passed))
