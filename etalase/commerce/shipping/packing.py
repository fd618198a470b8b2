"""What a seller decides before arranging: an order goes in several parcels, or several orders go in one."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from etalase.commerce.orders import actions as orders
from etalase.commerce.orders.errors import MoveNotAllowed
from etalase.commerce.orders.rules import Move, Order, State
from etalase.commerce.shipping import plans, queries, rules
from etalase.commerce.shipping.actions import lock_plan, units_left
from etalase.commerce.shipping.errors import NotCombinable, PlanNotFound
from etalase.commerce.shipping.facts import OrderCombined, OrderSplit, OrderSplitUndone, OrderUncombined
from etalase.commerce.shipping.plans import Plan
from etalase.commerce.shipping.rules import ParcelState
from etalase.commerce.shipping.waiting import queries as waiting
from etalase.foundation import clock
from etalase.foundation.facts import Actor, RecordedFact, record
from etalase.foundation.facts.model import SYSTEM
from etalase.foundation.ids import new_id
from etalase.foundation.sql import Db, Tx


async def split(db: Db, *, shop_id: int, order_id: int, groups: Sequence[Mapping[int, int]], by: Actor) -> list[Plan]:
    """Plan several parcels for what is left of an order: the groups (line -> units), and the rest as one more.

    Splitting again replaces the former plan. Raises OrderNotFound, MoveNotAllowed, TooManyUnits, NothingToShip,
    NothingToSplit (all would be in one parcel), NotCombinable("planned") while the order is combined with others.
    """
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        order = await _lock_waiting(tx, shop_id=shop_id, order_id=order_id)
        former = await plans.plans_of_orders(tx, shop_id=shop_id, order_ids=[order_id])
        if any(plan.is_combined for plan in former):
            raise NotCombinable("planned")
        parts = rules.split_units(await units_left(tx, order), groups)
        await plans.forget_plans_of_order(tx, shop_id=shop_id, order_id=order_id)
        planned = [Plan(shop_id, new_id(), {order_id: part}, at) for part in parts]
        await plans.insert_plans(tx, planned)
        await waiting.take_next_parcel(tx, shop_id=shop_id, order_id=order_id)
        await orders.touch(tx, [order], at=at)
        await record(tx, OrderSplit(**_about(order), parcels=len(planned)), by=by, at=at)
        return planned


async def undo_split(db: Db, *, shop_id: int, order_id: int, by: Actor) -> bool:
    """Forget how the order was split; whether it was. Raises OrderNotFound."""
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        order = await orders.lock(tx, shop_id=shop_id, order_id=order_id)
        planned = await plans.plans_of_orders(tx, shop_id=shop_id, order_ids=[order_id])
        if not planned or any(plan.is_combined for plan in planned):
            return False
        await plans.forget_plans_of_order(tx, shop_id=shop_id, order_id=order_id)
        await _name_rest(tx, [order], at=at)
        await record(tx, OrderSplitUndone(**_about(order)), by=by, at=at)
        return True


async def combine(db: Db, *, shop_id: int, order_ids: Collection[int], by: Actor) -> Plan:
    """Plan one parcel for 2 to 20 orders of one buyer that wait for shipment, go to one address in one way.

    Raises OrderNotFound, MoveNotAllowed, NotCombinable with the reason.
    """
    at = clock.now()
    wanted = sorted(set(order_ids))
    if not 1 < len(wanted) <= rules.COMBINE_MAX:
        raise NotCombinable("count")
    async with db.for_shop(shop_id).transaction() as tx:
        locked = [await _lock_waiting(tx, shop_id=shop_id, order_id=order_id) for order_id in wanted]
        rules.check_combinable(locked)
        if await plans.plans_of_orders(tx, shop_id=shop_id, order_ids=wanted):
            raise NotCombinable("planned")
        units = {order.id: await _untouched_units(tx, order) for order in locked}
        plan = Plan(shop_id, new_id(), units, at)
        await plans.insert_plans(tx, [plan])
        for order in locked:
            await waiting.take_next_parcel(tx, shop_id=shop_id, order_id=order.id)
        await orders.touch(tx, locked, at=at)
        await record(tx, *(OrderCombined(**_about(order), orders=len(locked)) for order in locked), by=by, at=at)
        return plan


async def uncombine(
    db: Db, *, shop_id: int, plan_id: int, by: Actor, order_ids: Collection[int] | None = None
) -> Plan | None:
    """Take orders (all, if none are named) out of a combined parcel that is not arranged yet; what is left of it.

    A parcel with one order left is planned no longer. Raises PlanNotFound, also when a named order is not in it or
    the plan is a part of a split order.
    """
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        locked, plan = await lock_plan(tx, shop_id=shop_id, plan_id=plan_id)
        leaving = set(plan.units) if order_ids is None else set(order_ids)
        if not leaving or not leaving <= set(plan.units) or await _is_split(tx, plan):
            raise PlanNotFound(plan_id)
        staying = {order_id: units for order_id, units in plan.units.items() if order_id not in leaving}
        if len(staying) < 2:
            leaving, staying = set(plan.units), {}
        for order_id in sorted(leaving):
            await plans.forget_plans_of_order(tx, shop_id=shop_id, order_id=order_id)
        await _name_rest(tx, [order for order in locked if order.id in leaving], at=at)
        facts = [OrderUncombined(**_about(order)) for order in locked if order.id in leaving]
        await record(tx, *facts, by=by, at=at)
        return Plan(shop_id, plan_id, staying, plan.planned_at) if staying else None


async def _name_rest(tx: Tx, locked: Sequence[Order], *, at: datetime) -> None:
    """What is left of these orders is no longer planned: say which number its parcel will have."""
    for order in locked:
        if await queries.parcels_of_order(tx, shop_id=order.shop_id, order_id=order.id):
            await waiting.name_next_parcel(tx, shop_id=order.shop_id, order_id=order.id, parcel_id=new_id(), at=at)
    await orders.touch(tx, locked, at=at)


async def leave_shared_parcel(db: Db, fact: RecordedFact) -> None:
    """Reaction to a changed address: the order no longer travels with those that go to the former one."""
    order_id = fact.order_id or 0
    async with db.for_shop(fact.shop_id).reading() as tx:
        planned = await plans.plans_of_orders(tx, shop_id=fact.shop_id, order_ids=[order_id])
    for plan in planned:
        if plan.is_combined:
            with suppress(PlanNotFound):  # arranged or taken apart meanwhile
                await uncombine(db, shop_id=fact.shop_id, plan_id=plan.id, by=SYSTEM, order_ids=[order_id])


async def _is_split(tx: Tx, plan: Plan) -> bool:
    planned = await plans.plans_of_orders(tx, shop_id=plan.shop_id, order_ids=plan.order_ids)
    return len(planned) > 1


async def _lock_waiting(tx: Tx, *, shop_id: int, order_id: int) -> Order:
    order = await orders.lock(tx, shop_id=shop_id, order_id=order_id)
    if order.state is not State.AWAITING_SHIPMENT:
        raise MoveNotAllowed(order.state, Move.ARRANGE)
    return order


async def _untouched_units(tx: Tx, order: Order) -> dict[int, int]:
    parcels = await queries.parcels_of_order(tx, shop_id=order.shop_id, order_id=order.id)
    if any(parcel.state is not ParcelState.CANCELLED for parcel in parcels):
        raise NotCombinable("parcel")
    return await units_left(tx, order)


def _about(order: Order) -> dict[str, int]:
    return {"shop_id": order.shop_id, "subject_id": order.id, "order_id": order.id, "buyer_id": order.buyer_id}
