"""What can be asked of cancellations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from etalase.commerce.orders.rules import Order
from etalase.foundation.facts import Actor
from etalase.foundation.ids import new_id
from etalase.foundation.sql import Tx, statements_beside

statements = statements_beside(__file__)


@dataclass(frozen=True, slots=True)
class Cancellation:
    """Who cancelled what, or asked to, and what came of it."""

    shop_id: int
    id: int
    order_id: int
    state: str
    asked_by: str
    actor_id: int | None
    reason: str
    note: str
    restock: bool
    refund_minor: int
    requested_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    answer: str


@dataclass(frozen=True, slots=True)
class CancelledUnits:
    """How many units of a line a cancellation is about."""

    cancellation_id: int
    order_line_id: int
    quantity: int


async def insert_cancellation(
    tx: Tx,
    order: Order,
    *,
    state: str,
    by: Actor,
    reason: str,
    note: str,
    restock: bool,
    refund_minor: int,
    at: datetime,
    cancellation_id: int | None = None,
) -> int:
    """Write the cancellation; returns its id. The database refuses a second open request."""
    cancellation_id = cancellation_id or new_id()
    await tx.run(
        statements["insert_cancellation"],
        shop_id=order.shop_id,
        id=cancellation_id,
        order_id=order.id,
        state=state,
        asked_by=by.kind,
        actor_id=by.id,
        reason=reason,
        note=note,
        restock=restock,
        refund_minor=refund_minor,
        at=at,
    )
    return cancellation_id


async def insert_cancellation_lines(tx: Tx, *, shop_id: int, cancellation_id: int, units: Mapping[int, int]) -> None:
    """Write which units (line id -> quantity) it is about."""
    await tx.run(
        statements["insert_cancellation_lines"],
        shop_id=shop_id,
        cancellation_id=cancellation_id,
        line_ids=list(units),
        quantities=list(units.values()),
    )


async def lock_request(tx: Tx, *, shop_id: int, order_id: int) -> Cancellation | None:
    """The order's request that waits for an answer, locked."""
    return await tx.maybe(statements["lock_request"], Cancellation, shop_id=shop_id, order_id=order_id)


async def cancellations_of_order(tx: Tx, *, shop_id: int, order_id: int) -> list[Cancellation]:
    """Everything that was cancelled or asked to be, newest first."""
    return await tx.all(statements["cancellations_of_order"], Cancellation, shop_id=shop_id, order_id=order_id)


async def units_of(tx: Tx, *, shop_id: int, cancellation_ids: Sequence[int]) -> list[CancelledUnits]:
    """Which units these cancellations are about."""
    return await tx.all(
        statements["units_of_cancellations"], CancelledUnits, shop_id=shop_id, cancellation_ids=list(cancellation_ids)
    )


async def units_of_request(tx: Tx, cancellations: Sequence[Cancellation]) -> dict[int, int]:
    """Line id -> units of the request among these that waits for an answer; nothing when none does."""
    waiting = [cancellation for cancellation in cancellations if cancellation.state == "requested"]
    if not waiting:
        return {}
    found = await units_of(tx, shop_id=waiting[0].shop_id, cancellation_ids=[one.id for one in waiting])
    return {unit.order_line_id: unit.quantity for unit in found}


async def decide_request(
    tx: Tx, request: Cancellation, *, state: str, decided_by: str, answer: str, refund_minor: int, at: datetime
) -> bool:
    """Answer the request; false if it was answered meanwhile."""
    return (
        await tx.run(
            statements["decide_request"],
            shop_id=request.shop_id,
            cancellation_id=request.id,
            state=state,
            decided_by=decided_by,
            answer=answer,
            refund_minor=refund_minor,
            at=at,
        )
        == 1
    )


async def cancellations_of_orders(tx: Tx, *, shop_id: int, order_ids: Sequence[int]) -> dict[int, list[Cancellation]]:
    """What was cancelled of some orders or asked to be, by order, newest first."""
    found: dict[int, list[Cancellation]] = {}
    for row in await tx.all(
        statements["cancellations_of_orders"], Cancellation, shop_id=shop_id, order_ids=list(order_ids)
    ):
        found.setdefault(row.order_id, []).append(row)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedCancellations:
    """Which cancellations another program asks for; times are half open, none narrows nothing."""

    ids: Sequence[int] | None = None
    order_ids: Sequence[int] | None = None
    buyer_ids: Sequence[int] | None = None
    states: Sequence[str] | None = None
    by_buyer: bool | None = None
    created_from: datetime
    created_until: datetime
    updated_from: datetime
    updated_until: datetime


async def cancellations_for_programs(
    tx: Tx, wanted: WantedCancellations, *, shop_id: int, before_id: int, limit: int
) -> list[Cancellation]:
    """A shop's cancellations before an id, the newest first."""
    params = {name: getattr(wanted, name) for name in WantedCancellations.__dataclass_fields__}
    return await tx.all(
        statements["cancellations_for_programs"],
        Cancellation,
        shop_id=shop_id,
        before_id=before_id,
        limit=limit,
        **params,
    )
