"""What can be asked of orders: one typed function per statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from etalase.commerce.orders.rules import TRANSITIONS, Move, Order, OrderLine, State
from etalase.foundation.facts import RecordedFact
from etalase.foundation.ids import ID_MAX
from etalase.foundation.sql import Tx, json_value, statements_beside

statements = statements_beside(__file__)

PURCHASE_ORDERS_MAX = 100
PAGE_SIZE = 20
"""Orders on a page of a list; statements read one more, and have the number written in them."""


@dataclass(frozen=True, slots=True)
class OrderCard:
    """What a list shows of an order."""

    shop_id: int
    id: int
    state: State
    is_cod: bool
    purchase_id: int
    shop_name: str
    buyer_name: str
    currency: str
    total_minor: int
    refunded_minor: int
    units: int
    placed_at: datetime
    payment_method: str
    carrier: str | None
    buyer_note: str
    reminded_at: datetime | None
    title: str
    variant_name: str
    image_key: str | None
    quantity: int
    unit_price_minor: int
    product_id: int
    lines: int
    clock_kind: str | None
    clock_due_at: datetime | None
    clock_subject_id: int | None = None
    """What the clock is about, where the list is about clocks."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", State(self.state))


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many orders stand in a state."""

    state: str
    orders: int
    refunded: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """How an order stands, in short."""

    id: int
    state: State
    buyer_name: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", State(self.state))


@dataclass(frozen=True, slots=True)
class ShopFilter:
    """What a seller's list is narrowed to; ids bound the time an order was placed."""

    words: str | None = None
    is_cod: bool | None = None
    carrier: str | None = None
    from_id: int = 0
    until_id: int = ID_MAX

    @property
    def params(self) -> dict[str, object]:
        """The parameters that every list takes; words are for those that search."""
        return {
            "is_cod": self.is_cod,
            "carrier": self.carrier,
            "from_id": self.from_id,
            "until_id": self.until_id,
        }


async def lock_order(tx: Tx, *, shop_id: int, order_id: int) -> Order | None:
    """The order, locked until the transaction ends, or none."""
    return await tx.maybe(statements["lock_order"], Order, shop_id=shop_id, order_id=order_id)


async def lock_orders(tx: Tx, keys: Sequence[tuple[int, int]]) -> list[Order]:
    """Orders, given as (shop_id, order_id), locked in key order until the transaction ends."""
    shop_ids, order_ids = [key[0] for key in keys], [key[1] for key in keys]
    return await tx.all(statements["lock_orders"], Order, shop_ids=shop_ids, order_ids=order_ids)


async def order_of_shop(tx: Tx, *, shop_id: int, order_id: int) -> Order | None:
    """The order, if it is this shop's."""
    return await tx.maybe(statements["order_of_shop"], Order, shop_id=shop_id, order_id=order_id)


async def order_of_buyer(tx: Tx, *, buyer_id: int, order_id: int) -> Order | None:
    """The order, if it is this buyer's."""
    return await tx.maybe(statements["order_of_buyer"], Order, buyer_id=buyer_id, order_id=order_id)


async def some_orders(tx: Tx, *, shop_id: int, order_ids: Sequence[int]) -> dict[int, Order]:
    """Those of the orders that are this shop's, by id; their policies are not read."""
    found = await tx.all(statements["some_orders"], Order, shop_id=shop_id, order_ids=list(order_ids))
    return {order.id: order for order in found}


async def standings(tx: Tx, *, shop_id: int, order_ids: Sequence[int]) -> dict[int, Standing]:
    """How these orders stand, by id; those that are not the shop's are left out."""
    rows = await tx.all(statements["standings"], Standing, shop_id=shop_id, order_ids=list(order_ids))
    return {row.id: row for row in rows}


async def orders_of_purchase(tx: Tx, *, buyer_id: int, purchase_id: int) -> list[Order]:
    """The orders of a purchase in the order in which they are locked."""
    return await tx.all(
        statements["orders_of_purchase"],
        Order,
        buyer_id=buyer_id,
        purchase_id=purchase_id,
        after=0,
        limit=PURCHASE_ORDERS_MAX,
    )


async def lines_of(tx: Tx, *, shop_id: int, order_id: int) -> list[OrderLine]:
    """The lines of one order."""
    return await lines_of_orders(tx, [(shop_id, order_id)])


async def lines_of_orders(tx: Tx, keys: Sequence[tuple[int, int]]) -> list[OrderLine]:
    """The lines of several orders, given as (shop_id, order_id)."""
    shop_ids, order_ids = [key[0] for key in keys], [key[1] for key in keys]
    return await tx.all(statements["lines_of_orders"], OrderLine, shop_ids=shop_ids, order_ids=order_ids)


async def compare_and_set(
    tx: Tx,
    orders: Sequence[Order],
    move: Move,
    *,
    at: datetime,
    cancelled_by: str | None = None,
    cancel_reason: str | None = None,
) -> list[Order]:
    """Move the orders that still stand where the move starts; returns these."""
    transition = TRANSITIONS[move]
    return await tx.all(
        statements["move_orders"],
        Order,
        shop_ids=[order.shop_id for order in orders],
        order_ids=[order.id for order in orders],
        sources=list(transition.sources),
        to=transition.to,
        stamp=transition.stamp,
        at=at,
        cancelled_by=cancelled_by,
        cancel_reason=cancel_reason,
    )


async def add_to_counts(tx: Tx, changes: Sequence[tuple[int, str, int, int]]) -> None:
    """Change counters: (shop_id, state, slot, change), each key once."""
    columns = list(zip(*changes, strict=True))
    await tx.run(
        statements["add_to_counts"],
        shop_ids=list(columns[0]),
        states=list(columns[1]),
        slots=list(columns[2]),
        changes=list(columns[3]),
    )


async def counts_of_shop(tx: Tx, *, shop_id: int) -> dict[State, int]:
    """How many of the shop's orders stand in each state, exactly."""
    rows = await tx.all(statements["counts_of_shop"], StateCount, shop_id=shop_id)
    return {State(row.state): row.orders for row in rows}


async def counts_of_buyer(tx: Tx, *, buyer_id: int) -> tuple[dict[State, int], int]:
    """How many of the buyer's orders stand in each state, and how many have money going back or a case."""
    rows = await tx.all(statements["counts_of_buyer"], StateCount, buyer_id=buyer_id)
    return {State(row.state): row.orders for row in rows}, sum(row.refunded for row in rows)


async def cancel_units(tx: Tx, *, shop_id: int, order_id: int, units: dict[int, int]) -> int:
    """Take units off lines (line id -> quantity); returns how many lines it found."""
    return await tx.run(
        statements["cancel_units"],
        shop_id=shop_id,
        order_id=order_id,
        line_ids=list(units),
        quantities=list(units.values()),
    )


async def give_up_units(
    tx: Tx, *, shop_id: int, order_id: int, units: Mapping[int, int], parts: Mapping[int, int]
) -> int:
    """Units (line id -> quantity, which may be 0) whose money goes back after delivery; `parts` as in refunding.Worth."""
    return await tx.run(
        statements["give_up_units"],
        shop_id=shop_id,
        order_id=order_id,
        line_ids=list(parts),
        quantities=[units.get(line_id, 0) for line_id in parts],
        parts_minor=list(parts.values()),
    )


async def restore_units(tx: Tx, *, shop_id: int, order_id: int) -> None:
    """Take back that units were cancelled: the order lives again."""
    await tx.run(statements["restore_units"], shop_id=shop_id, order_id=order_id)


async def set_payment_method(tx: Tx, *, shop_id: int, order_id: int, method: str) -> None:
    """Keep by which method the order was paid in the end: refunds go back that way."""
    await tx.run(statements["set_payment_method"], shop_id=shop_id, order_id=order_id, method=method)


async def count_off_units(tx: Tx, order: Order, *, units: int, refund_minor: int, at: datetime) -> None:
    """Keep the order's units and refunded amount in step."""
    await tx.run(
        statements["count_off_units"],
        shop_id=order.shop_id,
        order_id=order.id,
        units=units,
        refund_minor=refund_minor,
        at=at,
    )


async def touch_orders(tx: Tx, keys: Sequence[tuple[int, int]], *, at: datetime) -> None:
    """Keep that something about these orders, given as (shop_id, order_id), changed."""
    shop_ids, order_ids = [key[0] for key in keys], [key[1] for key in keys]
    await tx.run(statements["touch_orders"], shop_ids=shop_ids, order_ids=order_ids, at=at)


async def change_address(tx: Tx, order: Order, *, address: dict[str, Any], at: datetime) -> bool:
    """Set the new address if it was not changed before; whether it was set."""
    params = {"shop_id": order.shop_id, "order_id": order.id, "address": json_value(address), "at": at}
    return await tx.run(statements["change_address"], **params) == 1


async def stamp_reminder(tx: Tx, order: Order, *, at: datetime) -> None:
    """Keep when the seller was reminded."""
    await tx.run(statements["stamp_reminder"], shop_id=order.shop_id, order_id=order.id, at=at)


async def stamp_extension(tx: Tx, order: Order, *, at: datetime) -> bool:
    """Keep that receipt was extended; whether it had not been before."""
    return await tx.run(statements["stamp_extension"], shop_id=order.shop_id, order_id=order.id, at=at) == 1


async def stamp_hiding(tx: Tx, order: Order, *, at: datetime) -> bool:
    """Take the order off the buyer's list; whether it was finished."""
    return await tx.run(statements["stamp_hiding"], shop_id=order.shop_id, order_id=order.id, at=at) == 1


async def set_seller_note(tx: Tx, order: Order, *, note: str, at: datetime) -> None:
    """Replace the shop's own note."""
    await tx.run(statements["set_seller_note"], shop_id=order.shop_id, order_id=order.id, note=note, at=at)


async def add_search_words(tx: Tx, *, shop_id: int, order_id: int, words: str) -> None:
    """Let the order be found by these words too."""
    await tx.run(statements["add_search_words"], shop_id=shop_id, order_id=order_id, words=words)


async def timeline_of(tx: Tx, *, shop_id: int, order_id: int) -> list[RecordedFact]:
    """What happened to the order, newest first."""
    return await tx.all(statements["timeline_of_order"], RecordedFact, shop_id=shop_id, order_id=order_id)


async def cards_of_buyer(
    tx: Tx,
    *,
    buyer_id: int,
    states: Sequence[State],
    before: int = ID_MAX,
    from_id: int = 0,
    words: str | None = None,
    refunded_only: bool = False,
) -> list[OrderCard]:
    """A page of the Order Center and one card more: orders before an id, newest first."""
    return await tx.all(
        statements["cards_of_buyer"],
        OrderCard,
        buyer_id=buyer_id,
        states=list(states),
        before=before,
        from_id=from_id,
        words=words,
        refunded_only=refunded_only,
    )


async def cards_of_orders(tx: Tx, *, buyer_id: int, order_ids: Sequence[int]) -> list[OrderCard]:
    """Some of the buyer's orders as cards, newest first; anybody else's are left out."""
    return await tx.all(statements["cards_of_orders"], OrderCard, buyer_id=buyer_id, order_ids=list(order_ids))


@dataclass(frozen=True, slots=True)
class UnitsBought:
    """How many units of a variant a buyer bought and kept."""

    buyer_id: int
    shop_id: int
    variant_id: int
    units: int


async def units_bought(tx: Tx, keys: Sequence[tuple[int, int, int]]) -> dict[tuple[int, int, int], int]:
    """Units that buyers ever bought of variants and kept, by (buyer_id, shop_id, variant_id); never bought: left out."""
    rows = await tx.all(
        statements["units_bought"],
        UnitsBought,
        buyer_ids=[key[0] for key in keys],
        shop_ids=[key[1] for key in keys],
        variant_ids=[key[2] for key in keys],
    )
    return {(row.buyer_id, row.shop_id, row.variant_id): row.units for row in rows}


@dataclass(frozen=True, slots=True)
class RefusedAtTheDoor:
    """How many orders paid on delivery a buyer did not take."""

    buyer_id: int
    refused: int


async def refused_at_the_door(tx: Tx, buyer_ids: Sequence[int], *, since: datetime) -> dict[int, int]:
    """How many orders paid on delivery came back untaken since then, by buyer; none: left out."""
    rows = await tx.all(statements["refused_at_the_door"], RefusedAtTheDoor, buyer_ids=list(buyer_ids), since=since)
    return {row.buyer_id: row.refused for row in rows}


@dataclass(frozen=True, slots=True)
class ChangedOrder:
    """An order about which something was recorded."""

    shop_id: int
    order_id: int


async def changed_after(tx: Tx, *, buyer_id: int, shop_ids: Sequence[int], after_id: int) -> list[ChangedOrder]:
    """Orders of the buyer, or of the shops, with facts made after an id; at most 200."""
    return await tx.all(
        statements["changed_after"], ChangedOrder, buyer_id=buyer_id, shop_ids=list(shop_ids), after_id=after_id
    )
