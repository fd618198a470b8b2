"""Arranging many parcels at once: each by itself, so that one that can't be arranged does not hold up the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from etalase.commerce.orders import queries as orders
from etalase.commerce.orders.errors import MoveNotAllowed, OrderNotFound
from etalase.commerce.orders.rules import State
from etalase.commerce.shipping import actions, plans, queries, rules
from etalase.commerce.shipping.actions import ParcelPlan
from etalase.commerce.shipping.errors import (
    DuplicateNumber,
    NotCombinable,
    NothingToShip,
    NumberMissing,
    PlannedOtherwise,
    PlanNotFound,
    SlotPassed,
    TooManyParcels,
    TooManyUnits,
)
from etalase.commerce.shipping.queries import Parcel
from etalase.commerce.shipping.rules import ParcelState
from etalase.foundation.facts import Actor
from etalase.foundation.i18n import N_
from etalase.foundation.sql import Db, Tx

BATCH_MAX: Final = 100

PROBLEMS: Final[dict[str, str]] = {
    "not_found": N_("It is not an order of this shop."),
    "moved_on": N_("The order has moved on in the meantime."),
    "planned": N_("The order is split or combined; arrange its parcels one by one."),
    "nothing_left": N_("Nothing is left to ship."),
    "too_many": N_("Fewer units are left than were chosen."),
    "number_missing": N_("The tracking number is missing."),
    "duplicate_number": N_("Another parcel has this tracking number."),
    "slot_passed": N_("The pick-up time has passed."),
    "not_carried": N_("The carrier the buyer chose does not offer this way of handing over."),
    **{f"combined_{why}": text for why, text in rules.WHY_NOT_COMBINED.items()},
}
"""Why a parcel of a batch was not arranged."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One parcel of a batch: all that is left of an order, or, with `plan_id`, a planned parcel of it."""

    order_id: int
    plan: ParcelPlan
    plan_id: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it: a parcel, or a code of PROBLEMS; `is_repeat` when it was arranged before."""

    wanted: Wanted
    parcel: Parcel | None
    problem: str = ""
    is_repeat: bool = False


async def arrange_many(db: Db, *, shop_id: int, wanted: Sequence[Wanted], by: Actor) -> list[Outcome]:
    """Arrange up to 100 parcels, each in a transaction of its own, and say what became of each.

    Doing the same again arranges nothing twice: what was arranged before is an outcome with its parcel.
    Raises TooManyParcels.
    """
    if len(wanted) > BATCH_MAX:
        raise TooManyParcels
    return [await _arrange(db, shop_id=shop_id, one=one, by=by) for one in wanted]


async def _arrange(db: Db, *, shop_id: int, one: Wanted, by: Actor) -> Outcome:
    try:
        if one.plan_id is None:
            parcel = await actions.arrange(db, shop_id=shop_id, order_id=one.order_id, by=by, plan=one.plan)
        else:
            parcel = await actions.arrange_planned(db, shop_id=shop_id, plan_id=one.plan_id, by=by, plan=one.plan)
    except NotCombinable as refused:
        return Outcome(one, None, f"combined_{refused.why}")
    except tuple(_CODES) as refused:
        before = await _arranged_before(db, shop_id=shop_id, one=one)
        return Outcome(one, before, "" if before else _CODES[type(refused)], is_repeat=before is not None)
    return Outcome(one, parcel)


_CODES: Final[dict[type[Exception], str]] = {
    OrderNotFound: "not_found",
    MoveNotAllowed: "moved_on",
    PlannedOtherwise: "planned",
    PlanNotFound: "moved_on",
    NothingToShip: "nothing_left",
    TooManyUnits: "too_many",
    NumberMissing: "number_missing",
    DuplicateNumber: "duplicate_number",
    SlotPassed: "slot_passed",
}


async def _arranged_before(db: Db, *, shop_id: int, one: Wanted) -> Parcel | None:
    """The parcel that waits for its carrier because somebody asked for the same before."""
    async with db.for_shop(shop_id).reading() as tx:
        if one.plan_id is not None:
            found = await queries.parcel_of_shop(tx, shop_id=shop_id, parcel_id=one.plan_id)
            return found if found is not None and found.state is ParcelState.AWAITING_COLLECTION else None
        order = await orders.order_of_shop(tx, shop_id=shop_id, order_id=one.order_id)
        if order is None or order.state is not State.AWAITING_COLLECTION:
            return None
        parcels = await queries.parcels_of_order(tx, shop_id=shop_id, order_id=one.order_id)
        return next((parcel for parcel in parcels if parcel.state is ParcelState.AWAITING_COLLECTION), None)


async def parcels_to_arrange(tx: Tx, *, shop_id: int, order_ids: Sequence[int]) -> list[tuple[int, int | None]]:
    """The parcels that orders make, as (order, plan): a split order makes several, combined orders make one."""
    planned = await plans.plans_of_orders(tx, shop_id=shop_id, order_ids=order_ids)
    of_order: dict[int, list[int]] = {}
    for plan in planned:
        # combined orders make one parcel, named with the first of them that was asked for
        first = next(order_id for order_id in order_ids if order_id in plan.units)
        for order_id in plan.units:
            of_order.setdefault(order_id, []).extend([plan.id] if order_id == first else [])
    return [
        key
        for order_id in order_ids
        for key in (
            [(order_id, plan_id) for plan_id in of_order[order_id]] if order_id in of_order else [(order_id, None)]
        )
    ]
