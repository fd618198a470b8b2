"""Arrange Shipping: the seller chooses how, by whom and what goes into the parcel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.commerce.catalog import queries as catalog
from etalase.commerce.orders import queries as orders
from etalase.commerce.orders.errors import MoveNotAllowed, OrderNotFound
from etalase.commerce.orders.rules import Order, OrderLine, State
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
    TooManyUnits,
)
from etalase.commerce.shipping.plans import Plan
from etalase.commerce.shipping.progress import packed
from etalase.foundation.facts import Actor
from etalase.foundation.i18n import N_
from etalase.foundation.ids import parse_id
from etalase.integrations.carriers import registry
from etalase.integrations.carriers.handover import pickup_slots
from etalase.integrations.carriers.protocol import PickupSlot
from etalase.integrations.carriers.registry import Carrier, CarrierNotKnown, NumberNotValid, Service, ShippingMethod
from etalase.web.parcel_view import known_carrier
from etalase.web.request import Member, NotFound, Visit, VisitDep, read_form, render, see_other
from etalase.web.seller_center.orders import at_shop_time
from etalase.web.seller_center.slots import options_of, slot_in, value_of

router = APIRouter()

EVERY_SHOP = ("own", "any")
"""Every shop may send by its own courier or by a carrier we do not know."""
NUMBER_CHARS_MAX = 60

METHOD_LABELS = {
    ShippingMethod.PICKUP: (
        N_("Pick-up"),
        N_("The courier comes to you; the tracking number is issued by the carrier."),
        "truck",
    ),
    ShippingMethod.DROP_OFF: (
        N_("Drop-off"),
        N_("You bring the parcel to the carrier's counter; the tracking number is issued by the carrier."),
        "map-pin",
    ),
    ShippingMethod.OWN_NUMBER: (
        N_("I have a tracking number"),
        N_("You have already booked with the carrier, or your own courier delivers."),
        "barcode",
    ),
}


@dataclass(frozen=True, slots=True)
class LineLeft:
    """A line of the order with the units that lie in no parcel yet."""

    line: OrderLine
    left: int
    chosen: int


@dataclass(frozen=True, slots=True)
class Desk:
    """An order on the packing desk: what was bought, what is packed, who may carry it."""

    order: Order
    lines: tuple[OrderLine, ...]
    parcels: tuple[queries.Parcel, ...]
    carriers: tuple[Carrier, ...]
    plan: Plan | None = None
    plans: tuple[Plan, ...] = ()
    neighbors: tuple[int, ...] = ()
    """Orders that could travel with this one, itself among them."""
    is_sent: bool = False
    """The planned parcel is arranged already."""

    @property
    def url(self) -> str:
        """Where the form is sent."""
        return f"/seller/plans/{self.plan.id}/shipping" if self.plan else f"/seller/orders/{self.order.id}/shipping"

    @property
    def left(self) -> dict[int, int]:
        """Units of each line that go into the parcel, or can."""
        left = rules.units_left({line.id: line.open_quantity for line in self.lines}, packed(self.parcels))
        if self.plan is None:
            return left
        return rules.within({line_id: n for units in self.plan.units.values() for line_id, n in units.items()}, left)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the form says; kept over refusals."""

    method: str
    carrier: str
    service: str
    number: str = ""
    units: Mapping[int, int] | None = None
    accept_duplicate: bool = False
    slot: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the form comes back: the field it is about, a text in the reader's language, and what would help."""

    field: str
    text: str
    suggestions: tuple[Carrier, ...] = ()
    is_duplicate: bool = False


@router.get("/seller/orders/{order_id}/shipping")
async def show_shipping(visit: VisitDep, order_id: str) -> Response:
    """The Arrange Shipping page, as the buyer has chosen; an order past it, or split or combined, shows its own page."""
    member = at_shop_time(visit)
    desk = await _desk(visit, member, parse_id(order_id) or 0)
    if desk.order.state is not State.AWAITING_SHIPMENT or desk.plans:
        return see_other(visit, f"/seller/orders/{desk.order.id}")
    return await _page(visit, desk, _first_choice(visit, desk))


@router.get("/seller/plans/{plan_id}/shipping")
async def show_planned_shipping(visit: VisitDep, plan_id: str) -> Response:
    """The same page for a parcel that was planned by splitting or combining."""
    desk = await _desk_of_plan(visit, at_shop_time(visit), parse_id(plan_id) or 0)
    if desk.is_sent:
        return see_other(visit, f"/seller/orders/{desk.order.id}")
    return await _page(visit, desk, _first_choice(visit, desk))


@router.post("/seller/orders/{order_id}/shipping")
async def arrange_shipping(request: Request, visit: VisitDep, order_id: str) -> Response:
    """Arrange shipping as chosen, or show the form again with what has to be changed."""
    member = at_shop_time(visit)
    return await _arrange(request, visit, member, await _desk(visit, member, parse_id(order_id) or 0))


@router.post("/seller/plans/{plan_id}/shipping")
async def arrange_planned(request: Request, visit: VisitDep, plan_id: str) -> Response:
    """Arrange shipping of a planned parcel."""
    member = at_shop_time(visit)
    desk = await _desk_of_plan(visit, member, parse_id(plan_id) or 0)
    if desk.is_sent:
        return see_other(visit, f"/seller/orders/{desk.order.id}")
    return await _arrange(request, visit, member, desk)


async def _arrange(request: Request, visit: Visit, member: Member, desk: Desk) -> Response:
    form = await read_form(request)
    chosen = _chosen_in({name: str(value) for name, value in form.items()})
    plan = _plan(visit, desk, chosen)
    refusal = plan if isinstance(plan, Refusal) else await _try(visit, member, desk, plan)
    if refusal is not None:
        return await _page(visit, desk, chosen, refusal=refusal)
    return see_other(visit, f"/seller/orders/{desk.order.id}", flash=N_("Shipping is arranged."))


async def _try(visit: Visit, member: Member, desk: Desk, plan: ParcelPlan) -> Refusal | None:
    _ = visit.page.translator.gettext
    shop_id, by = member.shop_id, Actor.seller(member.account_id)
    try:
        if desk.plan is None:
            await actions.arrange(visit.db, shop_id=shop_id, order_id=desk.order.id, by=by, plan=plan)
        else:
            await actions.arrange_planned(visit.db, shop_id=shop_id, plan_id=desk.plan.id, by=by, plan=plan)
    except (MoveNotAllowed, OrderNotFound, PlanNotFound, PlannedOtherwise):
        return Refusal("", _("This order can't be shipped any more. Open it to see how it stands."))
    except NotCombinable as refused:
        return Refusal("", _(rules.WHY_NOT_COMBINED[refused.why]))
    except SlotPassed:
        return Refusal("field-slot", _("The pick-up time has passed."))
    except NothingToShip:
        return Refusal("", _("Choose at least one unit for the parcel."))
    except TooManyUnits as refused:
        field = f"field-units-{refused.order_line_id}"
        return Refusal(field, _("Only %(left)s units of this line are left to ship.", left=refused.left))
    except NumberMissing:
        return Refusal("field-number", _("Enter the tracking number, or choose pick-up or drop-off."))
    except DuplicateNumber as refused:
        whose = (
            N_("Another parcel of your shop has this tracking number.")
            if refused.is_own
            else N_("A parcel of another shop has this tracking number.")
        )
        return Refusal("field-number", _(whose), is_duplicate=True)
    return None


async def _desk(visit: Visit, member: Member, order_id: int) -> Desk:
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        order = await orders.order_of_shop(tx, shop_id=member.shop_id, order_id=order_id)
        if order is None:
            raise NotFound
        shop = (await catalog.shops_by_id(tx, [member.shop_id]))[0]
        lines = await orders.lines_of(tx, shop_id=order.shop_id, order_id=order.id)
        parcels = await queries.parcels_of_order(tx, shop_id=order.shop_id, order_id=order.id)
        planned = await plans.plans_of_orders(tx, shop_id=order.shop_id, order_ids=[order.id])
        groups = await plans.combinable_groups(tx, shop_id=order.shop_id, buyer_id=order.buyer_id, limit=20)
    return Desk(
        order,
        tuple(lines),
        tuple(parcels),
        tuple(_carriers_of(shop.carriers)),
        plans=tuple(planned),
        neighbors=next((group.order_ids for group in groups if order.id in group.order_ids), ()),
    )


async def _desk_of_plan(visit: Visit, member: Member, plan_id: int) -> Desk:
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        plan = await plans.plan_of_shop(tx, shop_id=member.shop_id, plan_id=plan_id)
        sent = await queries.parcel_of_shop(tx, shop_id=member.shop_id, parcel_id=plan_id) if plan is None else None
        order_ids = plan.order_ids if plan else sent.order_ids if sent else (0,)
        order = await orders.order_of_shop(tx, shop_id=member.shop_id, order_id=order_ids[0])
        if order is None:
            raise NotFound
        shop = (await catalog.shops_by_id(tx, [member.shop_id]))[0]
        lines = await orders.lines_of_orders(tx, [(member.shop_id, number) for number in order_ids])
        parcels: list[queries.Parcel] = []
        for number in order_ids:
            parcels += await queries.parcels_of_order(tx, shop_id=member.shop_id, order_id=number)
    carriers = tuple(_carriers_of(shop.carriers))
    return Desk(order, tuple(lines), tuple(parcels), carriers, plan=plan, is_sent=plan is None)


def _carriers_of(codes: Sequence[str]) -> list[Carrier]:
    """The carriers a shop may send with: its own choice, its own courier, any other."""
    return [carrier for carrier in registry.all_carriers() if carrier.code in {*codes, *EVERY_SHOP}]


def _first_choice(visit: Visit, desk: Desk) -> Chosen:
    """As the buyer chose it, picked up by the carrier where that can be booked."""
    delivery = desk.order.delivery
    known = next((found for found in desk.carriers if found.code == delivery.get("carrier")), desk.carriers[0])
    service = _service(known, str(delivery.get("service", "")))
    method = next(method for method in methods_of(visit) if method in known.methods)
    return Chosen(method=method, carrier=known.code, service=service.code)


def methods_of(visit: Visit) -> list[ShippingMethod]:
    """How parcels can be handed over: without a connection to carriers only with a number of one's own."""
    return list(ShippingMethod) if visit.settings.carrier_url else [ShippingMethod.OWN_NUMBER]


def _chosen_in(form: Mapping[str, str]) -> Chosen:
    carrier, _, service = form.get("carrier_service", "").partition(":")
    if form.get("use"):  # a suggested carrier
        carrier, service = form["use"][:20], ""
    units = {
        line_id: int(value) if value.isascii() and value.isdigit() and len(value) <= 6 else -1
        for name, value in form.items()
        if name.startswith("units-") and (line_id := parse_id(name.removeprefix("units-"))) is not None
    }
    return Chosen(
        method=form.get("method", ""),
        carrier=carrier,
        service=service,
        number=form.get("number", "").strip()[:NUMBER_CHARS_MAX],
        units=units or None,
        accept_duplicate=form.get("accept_duplicate") == "1",
        slot=slot_in(form.get("slot", "")),
    )


def _plan(visit: Visit, desk: Desk, chosen: Chosen) -> ParcelPlan | Refusal:
    _ = visit.page.translator.gettext
    carrier = next((found for found in desk.carriers if found.code == chosen.carrier), None)
    if carrier is None or chosen.method not in methods_of(visit):
        return Refusal("field-carrier_service", _("Choose a carrier and a way of handing over."))
    method = ShippingMethod(chosen.method)
    if method not in carrier.methods:
        return Refusal("field-method", _("This carrier is used with a tracking number of your own."))
    if chosen.number and method is not ShippingMethod.OWN_NUMBER:
        text = _("The carrier issues the number itself. Clear the field, or choose “I have a tracking number”.")
        return Refusal("field-number", text)
    service = _service(carrier, chosen.service)
    try:
        number = registry.check_number(carrier.code, chosen.number) if chosen.number else None
    except NumberNotValid as problem:
        return number_refused(visit, problem, offered=desk.carriers)
    return ParcelPlan(
        method=method, carrier=carrier.code, service=service.code, tracking_number=number,
        lines=None if desk.plan else chosen.units, days=(service.days_min, service.days_max),
        accept_duplicate=chosen.accept_duplicate, slot=chosen.slot if method is ShippingMethod.PICKUP else None,
    )  # fmt: skip


def _service(carrier: Carrier, code: str) -> Service:
    try:
        return carrier.service(code)
    except CarrierNotKnown:
        return carrier.services[0]


def number_refused(visit: Visit, problem: NumberNotValid, *, offered: Sequence[Carrier]) -> Refusal:
    """How the number should look, and whose it looks like."""
    _ = visit.page.translator.gettext
    text = _(
        "%(carrier)s numbers: %(rule)s, for example %(example)s.",
        carrier=_(problem.carrier.name), rule=_(problem.description), example=problem.example,
    )  # fmt: skip
    codes = {carrier.code for carrier in offered}
    fitting = tuple(found for found in registry.suggest_carriers(problem.number) if found.code in codes)
    return Refusal("field-number", text, suggestions=fitting[:3])


async def _page(visit: Visit, desk: Desk, chosen: Chosen, *, refusal: Refusal | None = None) -> Response:
    left, carrier = desk.left, known_carrier(chosen.carrier)
    service = _service(carrier, chosen.service)
    slots: Sequence[PickupSlot] | None = ()
    if ShippingMethod.PICKUP in carrier.methods and ShippingMethod.PICKUP in methods_of(visit):
        keys = {"carrier": carrier.code, "service": service.code}
        slots = await pickup_slots(visit.db, visit.settings, shop_id=desk.order.shop_id, **keys)
    wanted = chosen.units if chosen.units is not None else left
    return render(
        visit,
        "seller_center/parcels/arrange.html",
        status=422 if refusal else 200,
        order=desk.order,
        desk=desk,
        slots=options_of(slots or (), visit=visit),
        slot=value_of(*chosen.slot) if chosen.slot else "",
        lines_left=[LineLeft(line, left[line.id], wanted.get(line.id, 0)) for line in desk.lines if line.id in left],
        is_split=any(parcel.state is not rules.ParcelState.CANCELLED for parcel in desk.parcels),
        carriers=desk.carriers,
        shown_carrier=carrier,
        shown_service=service,
        methods=[(method, *METHOD_LABELS[method]) for method in methods_of(visit)],
        chosen=chosen,
        refusal=refusal,
    )
