"""Parcels that are planned and not yet arranged: one typed function per statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from etalase.commerce.shipping.queries import statements
from etalase.foundation.sql import Tx

COMBINABLE_AMONG = 1000
"""How many of the orders that wait longest are looked through for some that can travel together."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a parcel is to hold, order -> line -> units; arranged, it becomes a parcel of the same id."""

    shop_id: int
    id: int
    units: Mapping[int, Mapping[int, int]]
    planned_at: datetime

    @property
    def order_ids(self) -> tuple[int, ...]:
        """Its orders, in key order."""
        return tuple(sorted(self.units))

    @property
    def is_combined(self) -> bool:
        """Whether it holds several orders."""
        return len(self.units) > 1


@dataclass(frozen=True, slots=True)
class _Unit:
    plan_id: int
    order_id: int
    order_line_id: int
    quantity: int
    planned_at: datetime


@dataclass(frozen=True, slots=True)
class CombinableGroup:
    """Orders of one buyer that could travel in one parcel, in key order."""

    buyer_id: int
    buyer_name: str
    order_ids: tuple[int, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "order_ids", tuple(self.order_ids))


async def plans_of_orders(tx: Tx, *, shop_id: int, order_ids: Sequence[int]) -> list[Plan]:
    """The parcels planned for some orders, with what other orders have in them, first planned first."""
    rows = await tx.all(statements["plans_of_orders"], _Unit, shop_id=shop_id, order_ids=list(order_ids))
    return _plans(shop_id, rows)


async def plan_of_shop(tx: Tx, *, shop_id: int, plan_id: int) -> Plan | None:
    """The planned parcel, if it is this shop's and not arranged yet."""
    rows = await tx.all(statements["plan_of_shop"], _Unit, shop_id=shop_id, plan_id=plan_id)
    return next(iter(_plans(shop_id, rows)), None)


def _plans(shop_id: int, rows: Sequence[_Unit]) -> list[Plan]:
    plans = []
    for plan_id, units in groupby(rows, key=lambda row: row.plan_id):
        of_plan = list(units)
        held: dict[int, dict[int, int]] = {}
        for unit in of_plan:
            held.setdefault(unit.order_id, {})[unit.order_line_id] = unit.quantity
        plans.append(Plan(shop_id, plan_id, held, of_plan[0].planned_at))
    return plans


async def insert_plans(tx: Tx, plans: Sequence[Plan]) -> None:
    """Write planned parcels of one shop."""
    rows = [
        (plan.id, order_id, line_id, quantity)
        for plan in plans
        for order_id, lines in plan.units.items()
        for line_id, quantity in lines.items()
    ]
    await tx.run(
        statements["insert_planned"],
        shop_id=plans[0].shop_id,
        plan_ids=[row[0] for row in rows],
        order_ids=[row[1] for row in rows],
        line_ids=[row[2] for row in rows],
        quantities=[row[3] for row in rows],
        at=plans[0].planned_at,
    )


async def forget_plan(tx: Tx, plan: Plan) -> None:
    """The planned parcel is arranged, or planned no longer."""
    await tx.run(statements["forget_plan"], shop_id=plan.shop_id, plan_id=plan.id)


async def forget_plans_of_order(tx: Tx, *, shop_id: int, order_id: int) -> int:
    """Nothing is planned for the order any more; returns how many rows there were."""
    return await tx.run(statements["forget_plans_of_order"], shop_id=shop_id, order_id=order_id)


async def combinable_groups(
    tx: Tx, *, shop_id: int, limit: int, buyer_id: int | None = None, among: int = COMBINABLE_AMONG
) -> list[CombinableGroup]:
    """Orders that could travel together, found among those that have waited longest for shipment; oldest first."""
    return await tx.all(
        statements["combinable_orders"],
        CombinableGroup,
        shop_id=shop_id,
        buyer_id=buyer_id,
        among=among,
        limit=limit,
    )
