"""What can be asked of returns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from etalase.commerce.orders.rules import Order
from etalase.foundation.sql import Tx, statements_beside
from etalase.journeys.returns.rules import ENDS, TRANSITIONS, Kind, Move, Return, ReturnState

statements = statements_beside(__file__)

PAGE_SIZE = 20
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
ORDERS_COUNTED_MAX = 10_000


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """Units of an order line in a return; `received` is what the seller counted, if anything was."""

    return_id: int
    order_line_id: int
    quantity: int
    received: int | None


@dataclass(frozen=True, slots=True)
class AskedBefore:
    """What was asked of a line before: units in open requests, and the number of requests."""

    order_line_id: int
    held: int
    requests: int


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One line of the seller's queue; `kind` is a return's, a claim's ("not_received") or "cancellation"."""

    clock_id: int
    clock_kind: str
    due_at: datetime | None
    subject_id: int
    order_id: int
    buyer_name: str
    currency: str
    kind: str
    reason: str
    amount_minor: int
    state: str
    title: str
    image_key: str | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many clocks of a kind wait for the seller."""

    kind: str
    waiting: int


@dataclass(frozen=True, slots=True)
class CameBack:
    """What went back of a product in one way for one reason; `ordered` and `kept` (not cancelled) units are of the product."""

    product_id: int
    title: str
    ordered: int
    kept: int
    kind: str
    reason: str
    cases: int
    units: int
    cost_minor: int


@dataclass(frozen=True, slots=True)
class ShopTroubles:
    """Returns, claims and a shop's own cancellations beside its orders, of which no more than ORDERS_COUNTED_MAX are counted."""

    shop_id: int
    name: str
    returns: int
    claims: int
    cancellations: int
    cost_minor: int
    orders: int

    @property
    def rate(self) -> float:
        """All of it beside the orders."""
        return (self.returns + self.claims + self.cancellations) / self.orders if self.orders else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a move writes down beside the state; what is None stays as it is."""

    offer_percent: int | None = None
    answer: str | None = None
    carrier: str | None = None
    tracking_number: str | None = None
    restock: bool | None = None
    new_carrier: str | None = None
    new_number: str | None = None
    escalated_by: str | None = None
    decision: str | None = None
    decision_percent: int | None = None
    decision_reason: str | None = None
    appealed_by: str | None = None
    outcome: str | None = None
    refund_minor: int | None = None


NOTHING = Changes()


async def insert_return(
    tx: Tx, order: Order, *, return_id: int, kind: Kind, reason: str, amount_minor: int, units: Mapping[int, int],
    at: datetime,
) -> None:  # fmt: skip
    """Write a new request and its units (line id -> quantity)."""
    await tx.run(
        statements["insert_return"], shop_id=order.shop_id, id=return_id, order_id=order.id, buyer_id=order.buyer_id,
        kind=kind, reason=reason, amount_minor=amount_minor, at=at,
    )  # fmt: skip
    await tx.run(
        statements["insert_return_lines"], shop_id=order.shop_id, return_id=return_id, line_ids=list(units),
        quantities=list(units.values()),
    )  # fmt: skip


async def lock_return(tx: Tx, *, shop_id: int, return_id: int) -> Return | None:
    """The return, locked until the transaction ends."""
    return await tx.maybe(statements["lock_return"], Return, shop_id=shop_id, return_id=return_id)


async def return_of_shop(tx: Tx, *, shop_id: int, return_id: int) -> Return | None:
    """The return, if it is this shop's."""
    return await tx.maybe(statements["return_of_shop"], Return, shop_id=shop_id, return_id=return_id)


async def return_of_buyer(tx: Tx, *, buyer_id: int, order_id: int, return_id: int) -> Return | None:
    """The return, if it is about this order of this buyer."""
    return await tx.maybe(
        statements["return_of_buyer"], Return, buyer_id=buyer_id, order_id=order_id, return_id=return_id
    )


async def returns_of_order(tx: Tx, *, shop_id: int, order_id: int) -> list[Return]:
    """Every return of the order, newest first."""
    return await tx.all(statements["returns_of_order"], Return, shop_id=shop_id, order_id=order_id)


async def lines_of_returns(tx: Tx, *, shop_id: int, return_ids: Sequence[int]) -> list[ReturnLine]:
    """Which units these returns are about."""
    return await tx.all(statements["lines_of_returns"], ReturnLine, shop_id=shop_id, return_ids=list(return_ids))


async def units_of(tx: Tx, found: Return) -> dict[int, int]:
    """Line id -> units that the return is about."""
    lines = await lines_of_returns(tx, shop_id=found.shop_id, return_ids=[found.id])
    return {line.order_line_id: line.quantity for line in lines}


async def asked_before(tx: Tx, *, shop_id: int, order_id: int) -> dict[int, AskedBefore]:
    """What was asked of each line before, by line id; lines nobody asked about are left out."""
    rows = await tx.all(statements["asked_before"], AskedBefore, shop_id=shop_id, order_id=order_id)
    return {row.order_line_id: row for row in rows}


async def move_return(
    tx: Tx, found: Return, move: Move, changes: Changes = NOTHING, *, at: datetime
) -> Return | None:  # fmt: skip
    """Move the return along its table; none if it does not stand where the move starts."""
    transition = TRANSITIONS[move]
    return await tx.maybe(
        statements["move_return"],
        Return,
        shop_id=found.shop_id,
        return_id=found.id,
        to=transition.to,
        sources=list(transition.sources),
        is_end=transition.to in ENDS,
        at=at,
        **{name: getattr(changes, name) for name in Changes.__slots__},
    )


async def decide_again(tx: Tx, found: Return, changes: Changes, *, at: datetime) -> Return:
    """Write down the operator's last word on an appeal; the return is locked and appealed."""
    return await tx.one(
        statements["decide_again"],
        Return,
        shop_id=found.shop_id,
        return_id=found.id,
        decision=changes.decision,
        decision_percent=changes.decision_percent,
        decision_reason=changes.decision_reason,
        at=at,
    )


async def count_received(tx: Tx, found: Return, *, received: Mapping[int, int]) -> None:
    """Write down how many of each line came back."""
    await tx.run(
        statements["count_received"], shop_id=found.shop_id, return_id=found.id, line_ids=list(received),
        received=list(received.values()),
    )  # fmt: skip


async def desk_of_shop(
    tx: Tx, *, shop_id: int, after_due: datetime = BEGINNING, after_id: int = 0, limit: int = PAGE_SIZE + 1
) -> list[DeskRow]:
    """What waits for the seller, most urgent first, after a clock: a page and one row more, unless told otherwise."""
    return await tx.all(
        statements["desk_of_shop"], DeskRow, shop_id=shop_id, after_due=after_due, after_id=after_id, limit=limit
    )  # fmt: skip


async def count_desk(tx: Tx, *, shop_id: int) -> dict[str, int]:
    """How many cancellations, returns and claims wait for the seller, by the kind of their clocks; at most a thousand in all."""
    return {row.kind: row.waiting for row in await tx.all(statements["count_desk"], Waiting, shop_id=shop_id)}


async def list_of_shop(tx: Tx, *, shop_id: int, states: Sequence[ReturnState], before: int) -> list[DeskRow]:
    """A page (and one row more) of the shop's returns in the states before an id, newest first."""
    return await tx.all(statements["list_of_shop"], DeskRow, shop_id=shop_id, states=list(states), before=before)


async def updated_since(
    tx: Tx, *, shop_id: int, after_at: datetime, after_id: int, until: datetime, limit: int = 50
) -> list[Return]:
    """The shop's returns by when they last changed, after a change and before a moment."""
    return await tx.all(
        statements["updated_since"], Return, shop_id=shop_id, after_at=after_at, after_id=after_id, until=until,
        limit=limit,
    )  # fmt: skip


async def escalated(tx: Tx, *, limit: int = 100) -> list[Return]:
    """What the operator has to decide, of all shops, the longest waiting first."""
    return await tx.all(statements["escalated"], Return, limit=limit)


async def refund_ids_of(tx: Tx, found: Return) -> list[int]:
    """The refunds that the return led to."""
    return await tx.values(
        statements["refund_ids_of"], int, buyer_id=found.buyer_id, order_id=found.order_id, return_id=found.id
    )


async def statistics_of_shop(tx: Tx, *, shop_id: int, since_id: int) -> list[CameBack]:
    """What went back of what was ordered since an id, by product, way and reason; one statement."""
    return await tx.all(statements["statistics_of_shop"], CameBack, shop_id=shop_id, since_id=since_id)


async def statistics_of_shops(tx: Tx, *, since_id: int) -> list[ShopTroubles]:
    """The shops with the most returns, claims and own cancellations since an id; one statement."""
    return await tx.all(statements["statistics_of_shops"], ShopTroubles, since_id=since_id)
