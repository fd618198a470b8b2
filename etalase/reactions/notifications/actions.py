"""Telling people what happened, and taking note that they have read it."""

from collections.abc import Sequence
from typing import Any

from etalase.foundation import clock
from etalase.foundation.facts import RecordedFact
from etalase.foundation.ids import ID_MAX, new_id
from etalase.foundation.sql import Db, Tx
from etalase.reactions.notifications import queries
from etalase.reactions.notifications.queries import NewNotice, Notice, OrderForNotice
from etalase.reactions.notifications.rules import KINDS, Audience, kinds_for


async def tell(db: Db, fact: RecordedFact) -> None:
    """Write the notices that follow from a fact, for the buyer and for each who works in the shop; a repeat writes nothing."""
    kinds = kinds_for(fact)
    if not kinds:
        return
    async with db.for_shop(fact.shop_id).reading() as tx:
        order = await _order_of(tx, fact)
        members = await _members_of(tx, fact, kinds)
    buyer_id = fact.buyer_id or (order.buyer_id if order else None)
    notices = _notices(kinds, buyers=[buyer_id] if buyer_id else [], sellers=members)
    if not notices:
        return
    async with db.for_buyer(notices[0].account_id).transaction() as tx:
        await queries.insert_notices(
            tx,
            notices,
            shop_id=fact.shop_id,
            order_id=fact.order_id,
            fact_id=fact.id,
            values=_values(fact, order),
            created_at=fact.at,
        )


async def _order_of(tx: Tx, fact: RecordedFact) -> OrderForNotice | None:
    if fact.order_id is None:
        return None
    return await queries.order_for_notice(tx, shop_id=fact.shop_id, order_id=fact.order_id)


async def _members_of(tx: Tx, fact: RecordedFact, kinds: Sequence[str]) -> list[int]:
    """Who works in the shop, but for the one who did it."""
    if not any(KINDS[kind].audience == "seller" for kind in kinds):
        return []
    members = await queries.members_to_tell(tx, shop_id=fact.shop_id)
    return [member for member in members if not (fact.actor_kind == "seller" and member == fact.actor_id)]


def _notices(kinds: Sequence[str], *, buyers: Sequence[int], sellers: Sequence[int]) -> list[NewNotice]:
    """In the order of their keys, so that two that are written at once never wait for each other."""
    readers = {"buyer": buyers, "seller": sellers}
    wanted = [(reader, kind) for kind in kinds for reader in readers[KINDS[kind].audience]]
    return [NewNotice(reader, new_id(), KINDS[kind].audience, kind) for reader, kind in sorted(wanted)]


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
