"""Telling people what happened, and taking note that they have read it."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import orjson

from etalase.foundation import clock
from etalase.foundation.facts import RecordedFact
from etalase.foundation.ids import ID_MAX, new_id
from etalase.foundation.sql import Db, Tx
from etalase.reactions.notifications import queries
from etalase.reactions.notifications.kinds import Audience
from etalase.reactions.notifications.queries import NewNotice, Notice, OrderForNotice
from etalase.reactions.notifications.rules import KINDS, kinds_for

INSERTED_AT_ONCE: Final = 5_000


async def tell(db: Db, fact: RecordedFact) -> None:
    """Write the notices that follow from a fact, for the buyer and for each who works in the shop; a repeat writes nothing."""
    async with db.for_shop(fact.shop_id).transaction() as tx:
        await tell_all(tx, [fact])


async def tell_all(tx: Tx, facts: Sequence[RecordedFact]) -> None:
    """Write the notices that follow from facts, however many there are with three statements; a repeat writes nothing."""
    chosen = [(fact, kinds) for fact in facts if (kinds := kinds_for(fact))]
    keys = sorted({(fact.shop_id, fact.order_id) for fact, _ in chosen if fact.order_id is not None})
    shops = sorted({fact.shop_id for fact, kinds in chosen if _concerns_sellers(kinds)})
    orders = await queries.orders_for_notices(tx, keys) if keys else {}
    members = await queries.members_to_tell(tx, shops) if shops else {}
    notices = [
        notice
        for fact, kinds in chosen
        for notice in _notices(
            fact, kinds, orders.get((fact.shop_id, fact.order_id)), members=members.get(fact.shop_id, ())
        )
    ]
    for start in range(0, len(notices), INSERTED_AT_ONCE):
        await queries.insert_notices(tx, notices[start : start + INSERTED_AT_ONCE])


def _concerns_sellers(kinds: Sequence[str]) -> bool:
    return any(KINDS[kind].audience == "seller" for kind in kinds)


def _notices(
    fact: RecordedFact, kinds: Sequence[str], order: OrderForNotice | None, *, members: Sequence[int]
) -> Iterator[NewNotice]:
    """What follows from one fact: for the buyer, and for who works in the shop but for the one who did it."""
    buyer_id = fact.buyer_id or (order.buyer_id if order else None)
    readers: dict[Audience, Sequence[int]] = {
        "buyer": [buyer_id] if buyer_id else [],
        "seller": [m for m in members if not (fact.actor_kind == "seller" and m == fact.actor_id)],
    }
    values = orjson.dumps(_values(fact, order)).decode()
    for kind in kinds:
        audience = KINDS[kind].audience
        for reader in readers[audience]:
            yield NewNotice(
                account_id=reader, id=new_id(), audience=audience, kind=kind, shop_id=fact.shop_id,
                order_id=fact.order_id, fact_id=fact.id, values=values, created_at=fact.at,
            )  # fmt: skip


def _values(fact: RecordedFact, order: OrderForNotice | None) -> dict[str, Any]:
    """What the text is made of when it is read: the fact's own data, and the order as it was then."""
    if order is None:
        return fact.data
    about = {
        "shop": order.shop_name,
        "buyer": order.buyer_name,
        "currency": order.currency,
        "title": order.title or "",
        "image_key": order.image_key,
    }
    return about | {key: value for key, value in fact.data.items() if value is not None}


async def mark_read(db: Db, *, account_id: int, notice_id: int) -> Notice | None:
    """Take note that the account has read the notice; none if it has no such notice. A repeat changes nothing."""
    async with db.for_buyer(account_id).transaction() as tx:
        return await queries.read_notice(tx, account_id=account_id, notice_id=notice_id, at=clock.now())


async def mark_all_read(db: Db, *, account_id: int, audience: Audience, until_id: int = ID_MAX) -> int:
    """Take note that the account has read everything up to `until_id`; returns how much of it was unread."""
    async with db.for_buyer(account_id).transaction() as tx:
        return await queries.read_all(tx, account_id=account_id, audience=audience, until_id=until_id, at=clock.now())
