"""Replaying a change of a policy over the last ninety days."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from etalase.foundation import clock
from etalase.foundation.ids import id_at
from etalase.foundation.policies import queries as policies
from etalase.foundation.policies.actions import SetPolicy
from etalase.foundation.policies.rules import PolicyBook
from etalase.foundation.sql import Db, Tx
from etalase.journeys.replay import clocks, queries, rules
from etalase.journeys.replay.clocks import ClockReplay
from etalase.journeys.replay.rules import Replay


@dataclass(frozen=True, slots=True)
class Preview:
    """A replay, over how many shops it went, and whether it left anything out."""

    replay: Replay | ClockReplay
    shops: int
    per_shop: int
    is_sample: bool


def can_preview(key: str) -> bool:
    """Whether what really happened says what a change of this policy would have made of it."""
    return key in rules.REPLAYED or key in clocks.CLOCKS


async def preview(db: Db, wanted: SetPolicy) -> Preview | None:
    """What the last ninety days would have looked like under a new version; none for a policy no moments depend on.

    Shops with a rule of their own are left out where it would go on to hold. Nothing is written.
    """
    if not can_preview(wanted.key):
        return None
    now = clock.now()
    async with db.any().reading() as tx:
        book = await policies.load_book(tx)
        known = [wanted.scope_id] if wanted.scope == "shop" else await queries.shops_to_sample(tx)
        shops = [shop_id for shop_id in known if not _has_own_rule(book, wanted, shop_id)]
        values = (_value_now(book, wanted), wanted.value)
        if wanted.key in clocks.CLOCKS:
            return await _clocks_again(tx, wanted, shops, values=values, now=now)
        per_shop = rules.per_shop(shops)
        orders = await queries.past_orders(tx, shop_ids=shops, per_shop=per_shop, **_where(wanted, now))
        calendars = await policies.load_calendars(tx, shops)
    made = await asyncio.to_thread(
        rules.replay, orders, key=wanted.key, values=values, calendars=calendars, now=now
    )  # fmt: skip
    counts = [sum(1 for order in orders if order.shop_id == shop_id) for shop_id in shops]
    return Preview(made, len(shops), per_shop, is_sample=any(count >= per_shop for count in counts))


async def _clocks_again(
    tx: Tx, wanted: SetPolicy, shops: Sequence[int], *, values: tuple[int, int], now: datetime
) -> Preview:
    per_shop = rules.per_shop(shops)
    ended = await queries.past_clocks(tx, key=wanted.key, shop_ids=shops, per_shop=per_shop, **_where(wanted, now))
    spans = (clocks.span_of(wanted.key, values[0]), clocks.span_of(wanted.key, values[1]))
    made = clocks.replay_clocks(ended, spans=spans, now=now)
    return Preview(made, len(shops), per_shop, is_sample=len(ended) >= per_shop)


def _where(wanted: SetPolicy, now: datetime) -> dict[str, Any]:
    return {
        "from_id": id_at(now - rules.SPAN, node=0),
        "product_id": wanted.scope_id if wanted.scope == "product" else None,
        "category_id": wanted.scope_id if wanted.scope == "category" else None,
    }


def _has_own_rule(book: PolicyBook, wanted: SetPolicy, shop_id: int) -> bool:
    return wanted.scope == "operator" and (wanted.key, "shop", shop_id) in book.index


def _value_now(book: PolicyBook, wanted: SetPolicy) -> Any:
    place = {"shop": "shop_id", "category": "category_id", "product": "product_id"}.get(wanted.scope)
    return book.find(wanted.key, **({place: wanted.scope_id} if place else {})).value
