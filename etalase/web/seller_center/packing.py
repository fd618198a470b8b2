"""Before arranging: split an order over parcels, combine orders of one buyer in one, and undo either."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.commerce.orders import queries as orders
from etalase.commerce.orders.errors import MoveNotAllowed, OrderNotFound
from etalase.commerce.orders.rules import Order, OrderLine, State
from etalase.commerce.shipping import packing, papers, plans, queries, rules
from etalase.commerce.shipping.errors import (
    NotCombinable,
    NothingToShip,
    NothingToSplit,
    PlanNotFound,
    TooManyUnits,
)
from etalase.commerce.shipping.plans import CombinableGroup
from etalase.commerce.shipping.progress import packed
from etalase.foundation.facts import Actor
from etalase.foundation.i18n import N_
from etalase.foundation.ids import parse_id
from etalase.web.request import Member, NotFound, Visit, VisitDep, member_of_shop, read_form, render, see_other
from etalase.web.seller_center.arranging_many import ids_in
from etalase.web.seller_center.orders import at_shop_time

router = APIRouter()

GROUPS_MAX = 50
PARCELS_OFFERED = (2, 3, 4, 5)
PLAN_GONE = N_("The plan has changed in the meantime. This is how the order stands now.")
MOVED_ON = N_("This order can't be shipped any more. Open it to see how it stands.")


@dataclass(frozen=True, slots=True)
class SplitLine:
    """A line of the order with the units that can be split."""

    line: OrderLine
    left: int


@router.get("/seller/orders/{order_id}/splitting")
async def show_splitting(request: Request, visit: VisitDep, order_id: str) -> Response:
    """What goes into which parcel; the last one takes what the others leave."""
    member = at_shop_time(visit)
    order, lines = await _to_split(visit, member, order_id)
    if order.state is not State.AWAITING_SHIPMENT:
        return see_other(visit, f"/seller/orders/{order.id}")
    return _split_page(visit, order, lines, parcels=_parcels_in(request.query_params.get("parcels", "")), sent={})


@router.post("/seller/orders/{order_id}/splitting")
async def split_order(request: Request, visit: VisitDep, order_id: str) -> Response:
    """Split the order as chosen, or show the form again with what has to be changed."""
    member = at_shop_time(visit)
    order, lines = await _to_split(visit, member, order_id)
    sent = {name: str(value) for name, value in (await read_form(request)).items()}
    parcels = _parcels_in(sent.get("parcels", ""))
    problem = await _try_split(visit, member, order, groups=_groups_in(sent, parcels))
    if problem:
        return _split_page(visit, order, lines, parcels=parcels, sent=sent, problem=problem)
    return see_other(visit, f"/seller/orders/{order.id}#plans", flash=N_("The order is split over several parcels."))


async def _try_split(visit: Visit, member: Member, order: Order, *, groups: Sequence[Mapping[int, int]]) -> str:
    try:
        await packing.split(
            visit.db, shop_id=member.shop_id, order_id=order.id, groups=groups, by=Actor.seller(member.account_id)
        )
    except (MoveNotAllowed, OrderNotFound, NothingToShip):
        return MOVED_ON
    except TooManyUnits:
        return N_("There are fewer units than you have put into the parcels.")
    except NothingToSplit:
        return N_("Everything would be in one parcel. Put some units into another.")
    except NotCombinable:
        return N_("The order is combined with others. Take it out of the shared parcel first.")
    return ""


async def _to_split(visit: Visit, member: Member, order_id: str) -> tuple[Order, list[SplitLine]]:
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        order = await orders.order_of_shop(tx, shop_id=member.shop_id, order_id=parse_id(order_id) or 0)
        if order is None:
            raise NotFound
        lines = await orders.lines_of(tx, shop_id=order.shop_id, order_id=order.id)
        parcels = await queries.parcels_of_order(tx, shop_id=order.shop_id, order_id=order.id)
    left = rules.units_left({line.id: line.open_quantity for line in lines}, packed(parcels))
    return order, [SplitLine(line, left[line.id]) for line in lines if line.id in left]


def _split_page(
    visit: Visit, order: Order, lines: Sequence[SplitLine], *, parcels: int, sent: Mapping[str, str], problem: str = ""
) -> Response:
    return render(
        visit,
        "seller_center/parcels/split.html",
        status=422 if problem else 200,
        order=order,
        lines=lines,
        parcels=parcels,
        offered=PARCELS_OFFERED,
        sent=sent,
        problem=problem,
    )


def _parcels_in(text: str) -> int:
    number = parse_id(text) or 0
    return number if number in PARCELS_OFFERED else PARCELS_OFFERED[0]


def _groups_in(sent: Mapping[str, str], parcels: int) -> list[dict[int, int]]:
    """Fields are called units-<parcel>-<line>; what can't be read is refused as too many."""
    groups: list[dict[int, int]] = [{} for _ in range(parcels - 1)]
    for name, value in sent.items():
        kind, _, rest = name.partition("-")
        parcel, _, line = rest.partition("-")
        number, line_id = parse_id(parcel), parse_id(line)
        if kind == "units" and number is not None and line_id is not None and 1 <= number < parcels:
            groups[number - 1][line_id] = int(value) if value.isascii() and value.isdigit() and len(value) < 7 else -1
    return groups


@router.post("/seller/orders/{order_id}/rejoining")
async def undo_split(visit: VisitDep, order_id: str) -> Response:
    """Forget how the order was split."""
    member = member_of_shop(visit)
    number = parse_id(order_id) or 0
    try:
        is_done = await packing.undo_split(
            visit.db, shop_id=member.shop_id, order_id=number, by=Actor.seller(member.account_id)
        )
    except OrderNotFound:
        raise NotFound from None
    text = N_("The rest of the order goes in one parcel again.") if is_done else PLAN_GONE
    return see_other(visit, f"/seller/orders/{number}", flash=text, kind="success" if is_done else "warning")


@router.get("/seller/combining")
async def show_combining(visit: VisitDep) -> Response:
    """Orders of one buyer to one address that could travel together."""
    member = at_shop_time(visit)
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        groups = await plans.combinable_groups(tx, shop_id=member.shop_id, limit=GROUPS_MAX)
        order_ids = [order_id for group in groups for order_id in group.order_ids]
        people = await papers.recipients(tx, shop_id=member.shop_id, order_ids=order_ids)
    return render(visit, "seller_center/parcels/combine.html", groups=_whole(groups), people=people)


def _whole(groups: Sequence[CombinableGroup]) -> list[CombinableGroup]:
    """Groups as large as one parcel may be."""
    return [CombinableGroup(group.buyer_id, group.buyer_name, group.order_ids[: rules.COMBINE_MAX]) for group in groups]


@router.post("/seller/combining")
async def combine_orders(request: Request, visit: VisitDep) -> Response:
    """Combine the ticked orders, and go on to arranging their parcel."""
    member = member_of_shop(visit)
    chosen = ids_in([str(value) for value in (await read_form(request)).getlist("order")])
    try:
        plan = await packing.combine(
            visit.db, shop_id=member.shop_id, order_ids=chosen, by=Actor.seller(member.account_id)
        )
    except OrderNotFound:
        raise NotFound from None
    except MoveNotAllowed:
        return see_other(visit, "/seller/combining", flash=MOVED_ON, kind="warning")
    except NotCombinable as refused:
        return see_other(visit, "/seller/combining", flash=rules.WHY_NOT_COMBINED[refused.why], kind="warning")
    text = N_("The orders are combined. Arrange their parcel now or later.")
    return see_other(visit, f"/seller/plans/{plan.id}/shipping", flash=text)


@router.post("/seller/plans/{plan_id}/uncombining")
async def uncombine_orders(request: Request, visit: VisitDep, plan_id: str) -> Response:
    """Take an order, or all of them, out of a combined parcel."""
    member = member_of_shop(visit)
    named = ids_in([str(value) for value in (await read_form(request)).getlist("order")])
    number = parse_id(plan_id) or 0
    back = await _first_order(visit, member, number, named=named)
    try:
        await packing.uncombine(
            visit.db,
            shop_id=member.shop_id,
            plan_id=number,
            by=Actor.seller(member.account_id),
            order_ids=named or None,
        )
    except PlanNotFound:
        return see_other(visit, back, flash=PLAN_GONE, kind="warning")
    back = f"/seller/orders/{named[0]}" if named else back
    return see_other(visit, back, flash=N_("The orders are sent by themselves again."))


async def _first_order(visit: Visit, member: Member, plan_id: int, *, named: Sequence[int]) -> str:
    """Where to go on: an order of the plan, or of a plan that is gone the order that was named."""
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        plan = await plans.plan_of_shop(tx, shop_id=member.shop_id, plan_id=plan_id)
        known = await orders.standings(tx, shop_id=member.shop_id, order_ids=named) if plan is None else {}
    if plan is None and not known:
        raise NotFound
    return f"/seller/orders/{plan.order_ids[0] if plan else next(iter(known))}"
