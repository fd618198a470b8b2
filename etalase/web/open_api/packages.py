"""Packages: parcels that are arranged, and those that can be named before: planned ones, and what is left of an order."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from etalase.commerce.orders import queries as orders
from etalase.commerce.orders.errors import MoveNotAllowed, OrderNotFound
from etalase.commerce.orders.rules import Order
from etalase.commerce.shipping import papers, plans, queries, rules
from etalase.commerce.shipping.errors import (
    DuplicateNumber,
    NotByHand,
    NotCombinable,
    NothingToShip,
    NothingToSplit,
    NumberMissing,
    ParcelMovedOn,
    ParcelNotFound,
    PlannedOtherwise,
    PlanNotFound,
    SlotPassed,
    TooManyUnits,
)
from etalase.commerce.shipping.plans import Plan
from etalase.commerce.shipping.queries import Parcel
from etalase.commerce.shipping.rules import Purpose
from etalase.commerce.shipping.waiting import queries as waiting
from etalase.commerce.shipping.waiting.queries import Named
from etalase.foundation.sql import Tx
from etalase.web.open_api.order_view import Whole, load_orders
from etalase.web.open_api.refusals import NOT_THIS_SELLERS, PACKAGE_NOT_POSSIBLE, PARAMETER_NOT_VALID, Refused
from etalase.web.open_api.units import NotAUnit, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package with its orders. Without parcel and plan it is what is left of its order."""

    id: int
    created_at: datetime
    updated_at: datetime
    orders: Sequence[Whole]
    parcel: Parcel | None = None
    plan: Plan | None = None

    @property
    def order(self) -> Order:
        """The first of its orders."""
        return self.orders[0].order

    @property
    def units(self) -> list[Unit]:
        """What lies in it, or is to."""
        return [unit for whole in self.orders for unit in whole.units if unit.package_id == self.id]


async def find(tx: Tx, *, shop_id: int, package_id: int) -> Package:
    """The package, or Refused for one that is not this shop's."""
    parcel, plan, next_of, order = await asyncio.gather(
        queries.parcel_of_shop(tx, shop_id=shop_id, parcel_id=package_id),
        plans.plan_of_shop(tx, shop_id=shop_id, plan_id=package_id),
        waiting.order_of_next_parcel(tx, shop_id=shop_id, parcel_id=package_id),
        orders.order_of_shop(tx, shop_id=shop_id, order_id=package_id),
    )
    if parcel is not None and parcel.purpose is Purpose.ORDER:
        return await _of_parcel(tx, parcel)
    if plan is not None:
        whole = await load_orders(tx, shop_id=shop_id, order_ids=plan.order_ids)
        return Package(id=plan.id, created_at=plan.planned_at, updated_at=plan.planned_at, orders=whole, plan=plan)
    order_id = next_of or (order.id if order else None)
    whole = await load_orders(tx, shop_id=shop_id, order_ids=[order_id]) if order_id else []
    if not whole or whole[0].plans or whole[0].rest_id != package_id:
        raise Refused(NOT_THIS_SELLERS, f"{package_id} is no package of this shop: GET /order/202309/orders tells them")
    rest = whole[0].order
    return Package(id=package_id, created_at=rest.placed_at, updated_at=rest.updated_at, orders=whole)


async def _of_parcel(tx: Tx, parcel: Parcel) -> Package:
    whole = await load_orders(tx, shop_id=parcel.shop_id, order_ids=parcel.order_ids)
    return Package(
        id=parcel.id,
        created_at=parcel.created_at or parcel.arranged_at,
        updated_at=parcel.updated_at or parcel.arranged_at,
        orders=whole,
        parcel=parcel,
    )


async def load(tx: Tx, named: Sequence[Named], *, shop_id: int) -> list[Package]:
    """The packages of a page; one that is arranged or undone this very moment is left out and comes again."""
    arranged = [one.id for one in named if one.kind == "parcel"]
    waiting_orders = [one.order_id for one in named if one.kind != "parcel"]
    found, planned = await asyncio.gather(
        papers.parcels_of_shop(tx, shop_id=shop_id, parcel_ids=arranged),
        plans.plans_of_orders(tx, shop_id=shop_id, order_ids=waiting_orders),
    )
    parcels, by_plan = {parcel.id: parcel for parcel in found}, {plan.id: plan for plan in planned}
    order_ids = [
        *waiting_orders, *(one for parcel in found for one in parcel.order_ids), *(one for plan in planned for one in plan.order_ids),
    ]  # fmt: skip
    whole = {
        one.order.id: one for one in await load_orders(tx, shop_id=shop_id, order_ids=list(dict.fromkeys(order_ids)))
    }
    made = []
    for one in named:
        parcel, plan = parcels.get(one.id), by_plan.get(one.id)
        of = parcel.order_ids if parcel else plan.order_ids if plan else (one.order_id,)
        inside = [whole[order_id] for order_id in of if order_id in whole]
        if inside and (parcel or plan or one.kind == "order"):
            made.append(
                Package(
                    id=one.id, created_at=one.created_at, updated_at=one.updated_at, orders=inside, parcel=parcel, plan=plan
                )
            )  # fmt: skip
    return made


@contextmanager
def refusing() -> Iterator[None]:
    """What shipping refuses, in the interface's codes."""
    try:
        yield
    except (OrderNotFound, ParcelNotFound, PlanNotFound) as error:
        words = "no such order or package of this shop, or it is not planned any more"
        raise Refused(NOT_THIS_SELLERS, words) from error
    except TooManyUnits as error:
        raise Refused(PARAMETER_NOT_VALID, f"of line item {error.order_line_id} only {error.left} are left") from error
    except NotAUnit as error:
        raise Refused(PARAMETER_NOT_VALID, f"{error.number} is no line item of this order") from error
    except NumberMissing as error:
        raise Refused(PARAMETER_NOT_VALID, "a tracking_number is needed to ship with a number of your own") from error
    except NotCombinable as error:
        raise Refused(PACKAGE_NOT_POSSIBLE, rules.WHY_NOT_COMBINED[error.why]) from error
    except tuple(_WORDS) as error:
        raise Refused(PACKAGE_NOT_POSSIBLE, _WORDS[type(error)]) from error


_WORDS: dict[type[Exception], str] = {
    MoveNotAllowed: "the order's status does not allow it: it is not (or no longer) waiting for shipment",
    PlannedOtherwise: "the order is split or combined: ship its packages one by one",
    NothingToShip: "nothing is left to ship",
    NothingToSplit: "all line items would be in one package",
    ParcelMovedOn: "the package has moved on: it is collected, delivered or cancelled",
    NotByHand: "the carrier reports about this package, so it can't be reported here",
    SlotPassed: "the pickup_slot has passed: ask for the handover_time_slots again",
    DuplicateNumber: "another package has this tracking_number",
}
