"""Parcels of returns: the way back and replacements; the order does not follow them, its return does."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from etalase.commerce.orders import actions as orders
from etalase.commerce.orders.rules import Order
from etalase.commerce.shipping import queries
from etalase.commerce.shipping.actions import ParcelPlan, about, keep_number, parcel_of
from etalase.commerce.shipping.errors import ParcelMovedOn
from etalase.commerce.shipping.facts import ReturnParcelArranged, ReturnParcelCancelled
from etalase.commerce.shipping.queries import Parcel
from etalase.commerce.shipping.rules import ParcelState, Purpose
from etalase.foundation.facts import Actor, record
from etalase.foundation.ids import new_id
from etalase.foundation.sql import Tx


async def arrange(
    tx: Tx,
    order: Order,
    plan: ParcelPlan,
    *,
    case_id: int,
    purpose: Purpose,
    units: Mapping[int, int],
    by: Actor,
    at: datetime,
) -> Parcel:
    """A parcel of a locked order's return that waits for its carrier; stock is the caller's.

    Raises NumberMissing, SlotPassed, and DuplicateNumber unless the plan accepts it.
    """
    made = await parcel_of(tx, [order], {order.id: units}, plan, name=(new_id(), at), at=at)
    parcel = replace(made, purpose=purpose, case_id=case_id, insured=False)
    await queries.insert_parcel(tx, parcel)
    if parcel.tracking_number:
        await keep_number(tx, parcel, number=parcel.tracking_number, entered_by=by.id, at=at)
    fact = ReturnParcelArranged(
        **of_return(parcel, order), carrier=plan.carrier, service=plan.service, method=plan.method,
        tracking_number=parcel.tracking_number,
    )  # fmt: skip
    await record(tx, fact, by=by, at=at)
    await orders.touch(tx, [order], at=at)
    return parcel


async def undo(tx: Tx, order: Order, parcel: Parcel, *, by: Actor, reason: str, at: datetime) -> None:
    """Take back a parcel of a locked order's return that nobody collected; raises ParcelMovedOn. Stock is the caller's."""
    waiting = [ParcelState.AWAITING_COLLECTION]
    if not await queries.compare_and_set(tx, parcel, ParcelState.CANCELLED, sources=waiting, at=at):
        raise ParcelMovedOn(parcel.state)
    await queries.replace_numbers(tx, parcel, at=at)
    await record(tx, ReturnParcelCancelled(**of_return(parcel, order), reason=reason), by=by, at=at)
    await orders.touch(tx, [order], at=at)


async def of_case(tx: Tx, order: Order, case_id: int) -> list[Parcel]:
    """The parcels of one return, first arranged first; undone ones are left out."""
    found = await queries.parcels_of_returns(tx, shop_id=order.shop_id, order_id=order.id)
    return [parcel for parcel in found if parcel.case_id == case_id and parcel.state is not ParcelState.CANCELLED]


def of_return(parcel: Parcel, order: Order) -> dict[str, Any]:
    """What facts about a parcel of a return begin with."""
    return {**about(parcel, order), "case_id": parcel.case_id, "purpose": parcel.purpose.value}
