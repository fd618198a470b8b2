"""A shop's lists of orders: each page a pinned few statements, whatever was asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from etalase.commerce.orders.queries import PAGE_SIZE, OrderCard, ShopFilter
from etalase.commerce.orders.rules import State
from etalase.commerce.orders.search import finding
from etalase.commerce.orders.search.queries import Wanted
from etalase.foundation.ids import ID_MAX
from etalase.foundation.sql import Tx, statements_beside

statements = statements_beside(__file__)

CLOCKS_MAX = 512
"""How many clocks one page of "Action needed" looks at, for orders that fit (as the statements have it)."""


@dataclass(frozen=True, slots=True)
class ShopPage:
    """A page of a shop's list, and where the next one begins; none after the last.

    A page may be short, even empty, with a next one: then there was more to look through than one request looks at.
    """

    cards: list[OrderCard]
    before: int | None = None


@dataclass(frozen=True, slots=True)
class ClockMark:
    """A place in the list of what waits for the seller: after this clock, of this order."""

    due_at: datetime
    order_id: int


@dataclass(frozen=True, slots=True)
class ActionPage:
    """A page of what waits for the seller, and where the next one begins."""

    cards: list[OrderCard]
    after: ClockMark | None = None


async def page_of_shop(
    tx: Tx,
    *,
    shop_id: int,
    states: Sequence[State],
    narrowed: ShopFilter,
    before: int = ID_MAX,
    size: int = PAGE_SIZE,
) -> ShopPage:
    """A page of the seller's list: orders before an id, newest first."""
    before = min(before, narrowed.until_id)
    looked_until = 0
    if narrowed.words is not None:
        wanted = Wanted(
            shop_id, narrowed.words, states, narrowed.is_cod, narrowed.carrier, from_id=narrowed.from_id, before=before
        )
        found = await finding.find(tx, wanted, limit=size + 1)
        looked_until = found.looked_until
        cards = await _cards_by_id(tx, shop_id=shop_id, order_ids=found.ids)
    elif narrowed.is_cod is None and narrowed.carrier is None and size == PAGE_SIZE:
        cards = await tx.all(
            statements["cards_of_shop"],
            OrderCard,
            shop_id=shop_id,
            states=list(states),
            before=before,
            from_id=narrowed.from_id,
        )
    else:
        ids = await _ids(tx, shop_id=shop_id, states=states, narrowed=narrowed, before=before, limit=size + 1)
        cards = await _cards_by_id(tx, shop_id=shop_id, order_ids=ids)
    return ShopPage(cards[:size], cards[size - 1].id if len(cards) > size else looked_until or None)


async def _ids(
    tx: Tx, *, shop_id: int, states: Sequence[State], narrowed: ShopFilter, before: int, limit: int
) -> list[int]:
    place = {"shop_id": shop_id, "states": list(states), "before": before, "from_id": narrowed.from_id, "limit": limit}
    if narrowed.is_cod is None and narrowed.carrier is None:
        return await tx.values(statements["ids_of_shop"], int, **place)
    are_cod = [False, True] if narrowed.is_cod is None else [narrowed.is_cod]
    return await tx.values(statements["ids_narrowed"], int, **place, are_cod=are_cod, carrier=narrowed.carrier)


async def _cards_by_id(tx: Tx, *, shop_id: int, order_ids: Sequence[int]) -> list[OrderCard]:
    if not order_ids:
        return []
    return await tx.all(statements["cards_by_id"], OrderCard, shop_id=shop_id, order_ids=list(order_ids))


async def card_of_shop(tx: Tx, *, shop_id: int, order_id: int) -> OrderCard | None:
    """The shop's order as a card, or none if it is not this shop's."""
    cards = await _cards_by_id(tx, shop_id=shop_id, order_ids=[order_id])
    return cards[0] if cards else None


async def page_to_act_on(
    tx: Tx, *, shop_id: int, narrowed: ShopFilter, after_due: datetime, after_id: int, size: int = PAGE_SIZE
) -> ActionPage:
    """A page of "Action needed": most urgent clock first, after the clock and order id that the last page ended with."""
    place = {"shop_id": shop_id, "after_due": after_due, "after_id": after_id, "window": CLOCKS_MAX}
    cards = await tx.all(
        statements["cards_to_act_on"],
        OrderCard,
        words=narrowed.words,
        limit=size + 1,
        **place,
        **narrowed.params,
    )
    if len(cards) > size:
        last = cards[size - 1]
        return ActionPage(cards[:size], ClockMark(last.clock_due_at, last.id) if last.clock_due_at else None)
    if narrowed != ShopFilter():
        return ActionPage(cards, await tx.maybe(statements["end_of_window"], ClockMark, **place))
    return ActionPage(cards)


async def count_to_act_on(tx: Tx, *, shop_id: int) -> int:
    """How many orders wait for the seller, at most a thousand."""
    return await tx.value(statements["count_to_act_on"], int, shop_id=shop_id) or 0
