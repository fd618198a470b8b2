"""Before packages are shipped: an order in several, several orders in one."""

from typing import Final

from typing_extensions import TypedDict

from etalase.commerce.orders import queries as order_queries
from etalase.commerce.orders.rules import State
from etalase.commerce.shipping import packing, plans
from etalase.commerce.shipping.rules import SPLIT_MAX
from etalase.web.open_api.call import Call
from etalase.web.open_api.order_view import Whole, load_orders
from etalase.web.open_api.packages import find, refusing
from etalase.web.open_api.refusals import NOT_THIS_SELLERS, PACKAGE_NOT_POSSIBLE, Refused, missing, not_valid
from etalase.web.open_api.registry import PAGING, Param, api_call
from etalase.web.open_api.shapes import Failure
from etalase.web.open_api.units import lines_of_units
from etalase.web.open_api.values import ApiId, Body

ORDERS_MAX: Final = 50
COMBINE_AT_ONCE_MAX: Final = 50


class SplitAttribute(TypedDict, total=False):
    """Whether an order can be split, and why not."""

    order_id: str
    can_split: bool
    reason: str
    must_split: bool


class SplitAttributes(TypedDict):
    """Whether orders can be split."""

    split_attributes: list[SplitAttribute]


class SplitLine(Body):
    """A line item."""

    order_line_id: str


class SplitGroup(Body):
    """Line items that go in one package; `id` is any word, told again in the answer."""

    id: str = ""
    order_line_item_ids: tuple[str, ...] = ()
    order_line_list: tuple[SplitLine, ...] = ()

    @property
    def units(self) -> list[str]:
        return [*self.order_line_item_ids, *(line.order_line_id for line in self.order_line_list)]


class HowToSplit(Body):
    """The packages; what they leave is one more."""

    splittable_groups: tuple[SplitGroup, ...] = ()
    splittable_groups_v2: tuple[SplitGroup, ...] = ()


class SplitPackage(TypedDict, total=False):
    """A package that a group became."""

    splittable_group_id: str | None
    id: str


class SplitPackages(TypedDict):
    """The order's packages now."""

    packages: list[SplitPackage]


class CombinedPackage(TypedDict):
    """A package of orders."""

    id: str
    order_ids: list[str]


class CombinablePackages(TypedDict):
    """Orders that could travel together."""

    combinable_packages: list[CombinedPackage]
    next_page_token: str
    total_count: int


class Combination(Body):
    """Orders for one package."""

    id: str = ""
    order_ids: tuple[ApiId, ...] = ()


class HowToCombine(Body):
    """Packages to be made of several orders each."""

    combinable_packages: tuple[Combination, ...]


class CombinedPackages(TypedDict, total=False):
    """What was made, and what could not be."""

    packages: list[CombinedPackage]
    errors: list[Failure]


class OrdersToTakeOut(Body):
    """Orders that leave a combined package; all, if none are named."""

    order_ids: tuple[ApiId, ...] = ()


class UncombinedPackages(TypedDict):
    """The packages that there are instead."""

    packages: list[CombinedPackage]


@api_call(
    "GET",
    "/fulfillment/202309/orders/split_attributes",
    "Get split attributes of orders",
    scope="seller.fulfillment.basic",
    query=(Param("order_ids", "Order ids, 50 at most", is_required=True),),
    answer=SplitAttributes,
    example={"split_attributes": [{"order_id": "576461413038785752", "can_split": True, "must_split": False}]},
)
async def split_attributes(call: Call) -> SplitAttributes:
    """Whether orders can be split, and if not, why. None has to be."""
    ids = call.query.ids("order_ids", most=ORDERS_MAX)
    if not ids:
        raise missing("order_ids")
    async with call.reading() as tx:
        found = await load_orders(tx, shop_id=call.shop_id, order_ids=ids)
    if not found:
        raise Refused(NOT_THIS_SELLERS, "none of these ids is an order of this shop")
    return {"split_attributes": [_attribute(whole) for whole in found]}


def _attribute(whole: Whole) -> SplitAttribute:
    left = [unit for unit in whole.units if unit.parcel is None and not unit.is_cancelled]
    reason = ""
    if whole.order.state is not State.AWAITING_SHIPMENT:
        reason = "the order is not waiting for shipment"
    elif any(plan.is_combined for plan in whole.plans):
        reason = "the order is combined with others"
    elif len(left) < 2:
        reason = "only one line item is left to ship"
    told: SplitAttribute = {"order_id": str(whole.order.id), "can_split": not reason, "must_split": False}
    return {**told, "reason": reason} if reason else told


@api_call(
    "POST",
    "/fulfillment/202309/orders/{order_id}/split",
    "Split an order",
    scope="seller.fulfillment.package.write",
    body=HowToSplit,
    body_example={"splittable_groups": [{"id": "1", "order_line_item_ids": ["576461413038785753"]}]},
    answer=SplitPackages,
    example={"packages": [{"splittable_group_id": "1", "id": "576461413038785760"}, {"id": "576461413038785761"}]},
)
async def split(call: Call) -> SplitPackages:
    """Plan several packages for an order; what the groups leave is one more, without a group's id. Splitting again replaces the former
    split."""
    told, order_id = call.read(HowToSplit), call.path_id("order_id")
    groups = [group for group in (*told.splittable_groups, *told.splittable_groups_v2) if group.units]
    if not 1 <= len(groups) <= SPLIT_MAX:
        raise not_valid("body.splittable_groups", f"hold 1 to {SPLIT_MAX} groups with line items")
    async with call.reading() as tx:
        lines = await order_queries.lines_of(tx, shop_id=call.shop_id, order_id=order_id)
    with refusing():
        if not lines:
            raise Refused(NOT_THIS_SELLERS, "order_id in the path is no order of this shop")
        units = [lines_of_units(lines, group.units) for group in groups]
        made = await packing.split(call.db, shop_id=call.shop_id, order_id=order_id, groups=units, by=call.by)
    names = [group.id or None for group in groups]
    return {
        "packages": [
            {"splittable_group_id": names[at] if at < len(names) else None, "id": str(plan.id)}
            for at, plan in enumerate(made)
        ]
    }


@api_call(
    "GET",
    "/fulfillment/202309/combinable_packages/search",
    "Search combinable packages",
    scope="seller.fulfillment.basic",
    query=PAGING,
    answer=CombinablePackages,
    example={
        "combinable_packages": [
            {"id": "576461413038785752", "order_ids": ["576461413038785752", "576461413038785799"]}
        ],
        "next_page_token": "",
        "total_count": 1,
    },
)
async def combinable(call: Call) -> CombinablePackages:
    """Orders of one buyer that wait for shipment and go to one address in one way, among those that have waited longest: one page, the
    next ones show when these are dealt with."""
    page = call.page(order="oldest")
    async with call.reading() as tx:
        groups = await plans.combinable_groups(tx, shop_id=call.shop_id, limit=page.size)
    found: list[CombinedPackage] = [
        {"id": str(group.order_ids[0]), "order_ids": [str(one) for one in group.order_ids]} for group in groups
    ]
    return {"combinable_packages": found, "next_page_token": "", "total_count": len(found)}


@api_call(
    "POST",
    "/fulfillment/202309/packages/combine",
    "Combine packages",
    scope="seller.fulfillment.package.write",
    body=HowToCombine,
    body_example={
        "combinable_packages": [{"id": "576461413038785752", "order_ids": ["576461413038785752", "576461413038785799"]}]
    },
    answer=CombinedPackages,
    example={
        "packages": [{"id": "576461413038785770", "order_ids": ["576461413038785752", "576461413038785799"]}],
    },
)
async def combine(call: Call) -> CombinedPackages:
    """Plan one package for several orders of one buyer; each package by itself, so that one that can't be does not hold up the others."""
    told = call.read(HowToCombine).combinable_packages
    if not 1 <= len(told) <= COMBINE_AT_ONCE_MAX:
        raise not_valid("body.combinable_packages", f"hold 1 to {COMBINE_AT_ONCE_MAX} packages")
    made: list[CombinedPackage] = []
    errors: list[Failure] = []
    for one in told:
        try:
            with refusing():
                plan = await packing.combine(call.db, shop_id=call.shop_id, order_ids=one.order_ids, by=call.by)
            made.append({"id": str(plan.id), "order_ids": [str(order_id) for order_id in plan.order_ids]})
        except Refused as refused:
            errors.append({"code": refused.code, "message": refused.message, "detail": {"package_id": one.id}})
    return {"packages": made, "errors": errors}


@api_call(
    "POST",
    "/fulfillment/202309/packages/{package_id}/uncombine",
    "Uncombine a package",
    scope="seller.fulfillment.package.write",
    body=OrdersToTakeOut,
    body_example={"order_ids": ["576461413038785799"]},
    answer=UncombinedPackages,
    example={
        "packages": [
            {"id": "576461413038785752", "order_ids": ["576461413038785752"]},
            {"id": "576461413038785799", "order_ids": ["576461413038785799"]},
        ]
    },
)
async def uncombine(call: Call) -> UncombinedPackages:
    """Take orders out of a combined package that is not shipped yet; one with a single order left is no combined package any more."""
    wanted = call.read(OrdersToTakeOut).order_ids
    async with call.reading() as tx:
        package = await find(tx, shop_id=call.shop_id, package_id=call.path_id("package_id"))
    if package.plan is None or not package.plan.is_combined:
        raise Refused(PACKAGE_NOT_POSSIBLE, "the package is not combined, or it is shipped already")
    before = package.plan.order_ids
    with refusing():
        left = await packing.uncombine(
            call.db, shop_id=call.shop_id, plan_id=package.id, order_ids=wanted or None, by=call.by
        )
    gone = [order_id for order_id in before if left is None or order_id not in left.units]
    async with call.reading() as tx:
        whole = await load_orders(tx, shop_id=call.shop_id, order_ids=gone)
    packages: list[CombinedPackage] = [
        {"id": str(one.rest_id or one.order.id), "order_ids": [str(one.order.id)]} for one in whole
    ]
    if left is not None:
        packages.append({"id": str(left.id), "order_ids": [str(order_id) for order_id in left.order_ids]})
    return {"packages": packages}
