"""Inboxes of the demo world: what the notifications would have said, older ones read."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from demo.loading.moments import spread
from demo.loading.orders import OrderStory
from demo.loading.telling import CURRENCY, Telling
from etalase.foundation.facts import RecordedFact
from etalase.reactions.notifications.rules import KINDS, kinds_for

UNREAD_FOR = timedelta(hours=5)


def write_notices(telling: Telling, *, members: Mapping[int, tuple[int, ...]]) -> None:
    """Tell everybody what happened; `members` are the accounts of each shop."""
    orders: dict[int, OrderStory] = {order.id: order for order in telling.orders}
    for fact in telling.facts:
        if fact.order_id is None:
            continue
        order = orders[fact.order_id]
        for kind, reader in _readers(fact, order, members):
            _write(telling, fact, reader, kind, order)


def _readers(
    fact: RecordedFact, order: OrderStory, members: Mapping[int, tuple[int, ...]]
) -> Iterator[tuple[str, int]]:
    """Who is told what; nobody of what they did themselves."""
    for kind in kinds_for(fact):
        if KINDS[kind].audience == "buyer":
            yield kind, order.buyer.id
            continue
        yield from (
            (kind, member)
            for member in members[fact.shop_id]
            if not (fact.actor_kind == "seller" and member == fact.actor_id)
        )


def _write(telling: Telling, fact: RecordedFact, reader: int, kind: str, order: OrderStory) -> None:
    is_read = telling.now - fact.at > UNREAD_FOR
    read_at = min(fact.at + spread(telling.dice, 60, 20 * 3600), telling.now) if is_read else None
    telling.rows.add(
        "notifications", account_id=reader, id=telling.ids.at(fact.at), audience=KINDS[kind].audience, shop_id=fact.shop_id,
        order_id=fact.order_id, fact_id=fact.id, kind=kind, values=_values(fact, order), created_at=fact.at, read_at=read_at,
    )  # fmt: skip


def _values(fact: RecordedFact, order: OrderStory) -> dict[str, Any]:
    """What the text is made of when it is read."""
    first = order.lines[0].good
    about = {
        "shop": order.shop.name, "buyer": order.buyer.name, "currency": CURRENCY, "title": first.title,
        "image_key": first.image_key,
    }  # fmt: skip
    return about | {key: value for key, value in fact.data.items() if value is not None}
