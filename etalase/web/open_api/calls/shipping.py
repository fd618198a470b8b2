"""Shipping packages: one or many, by the platform's carriers or with a number of the seller's own; pick-up times."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, Literal

from typing_extensions import TypedDict

from etalase.commerce.catalog import queries as catalog
from etalase.commerce.orders import queries as order_queries
from etalase.commerce.shipping import actions
from etalase.commerce.shipping.actions import ParcelPlan
from etalase.commerce.shipping.queries import Parcel
from etalase.commerce.shipping.rules import ParcelState
from etalase.integrations.carriers import registry
from etalase.integrations.carriers.handover import pickup_slots
from etalase.integrations.carriers.registry import Carrier, CarrierNotKnown, NumberNotValid, Service, ShippingMethod
from etalase.web.open_api.call import Call
from etalase.web.open_api.logistics_ids import carrier_of_provider
from etalase.web.open_api.order_view import is_platforms
from etalase.web.open_api.packages import Package, find, refusing
from etalase.web.open_api.refusals import (
    NOT_THIS_SELLERS,
    PACKAGE_NOT_POSSIBLE,
    PARAMETER_NOT_VALID,
    Refused,
    missing,
    not_valid,
)
from etalase.web.open_api.registry import api_call
from etalase.web.open_api.shapes import Failure, Nothing
from etalase.web.open_api.units import lines_of_units
from etalase.web.open_api.values import ApiId, Body, Seconds, moment_of, seconds

BATCH_MAX: Final = 100
EVERY_SHOP: Final = ("own", "any")
"""Every shop may send by its own courier or by a carrier we do not know."""


class SlotChosen(Body):
    """One of the handover_time_slots."""

    start_time: Seconds
    end_time: Seconds


class SelfShipment(Body):
    """A number the seller has from a carrier."""

    tracking_number: str = ""
    shipping_provider_id: str = ""


class HowToShip(Body):
    """With the platform's carrier: handover_method (and pickup_slot); with a number of the seller's own: self_shipment."""

    handover_method: Literal["PICKUP", "DROP_OFF"] | None = None
    pickup_slot: SlotChosen | None = None
    self_shipment: SelfShipment | None = None


class PackageToShip(HowToShip):
    """One package of many."""

    id: ApiId


class PackagesToShip(Body):
    """Up to 100 packages."""

    packages: tuple[PackageToShip, ...]


class ShipFailures(TypedDict, total=False):
    """What was not shipped; without errors all was."""

    errors: list[Failure]


class TimeSlot(TypedDict):
    """When a courier can come; `avaliable` is spelled as the interface does."""

    start_time: int | None
    end_time: int | None
    avaliable: bool


class TimeSlots(TypedDict, total=False):
    """How the package can be handed over."""

    can_pickup: bool
    can_drop_off: bool
    can_van_collection: bool
    drop_off_point_url: str
    pickup_slots: list[TimeSlot]


class LineToMark(Body):
    """A line item."""

    order_line_id: str


class MarkShipped(Body):
    """Which line items travel with which number; all that are left, if none are named."""

    order_line_item_ids: tuple[str, ...] = ()
    tracking_number: str = ""
    shipping_provider_id: str = ""
    order_line_list: tuple[LineToMark, ...] = ()
    shipping_info_list: tuple[SelfShipment, ...] = ()


class MarkedShipped(TypedDict, total=False):
    """The package that was made."""

    order_id: str
    order_line_item_ids: list[str]
    package_id: str


@api_call(
    "POST",
    "/fulfillment/202309/packages/{package_id}/ship",
    "Ship a package",
    scope="seller.fulfillment.package.write",
    body=HowToShip,
    body_example={"handover_method": "PICKUP", "pickup_slot": {"start_time": 1763949600, "end_time": 1763960400}},
    answer=Nothing,
)
async def ship(call: Call) -> Nothing:
    """Arrange shipping, as in the Seller Center. Shipping by the platform books the carrier that the buyer chose; self_shipment alone ships
    with a number of the seller's own. A repeat of what is done already does nothing."""
    await _ship(call, call.path_id("package_id"), call.read(HowToShip))
    return {}


@api_call(
    "POST",
    "/fulfillment/202309/packages/ship",
    "Ship packages",
    scope="seller.fulfillment.package.write",
    body=PackagesToShip,
    body_example={"packages": [{"id": "576461413038785752", "handover_method": "DROP_OFF"}]},
    answer=ShipFailures,
    example={
        "errors": [
            {"code": 10007014, "message": "nothing is left to ship", "detail": {"package_id": "576461413038785752"}}
        ]
    },
)
async def ship_many(call: Call) -> ShipFailures:
    """Arrange shipping of up to 100 packages, each by itself: one that can't be shipped does not hold up the others."""
    told = call.read(PackagesToShip).packages
    if not 1 <= len(told) <= BATCH_MAX:
        raise not_valid("body.packages", f"hold 1 to {BATCH_MAX} packages")
    errors: list[Failure] = []
    for one in told:
        try:
            await _ship(call, one.id, one)
        except Refused as refused:
            errors.append({"code": refused.code, "message": refused.message, "detail": {"package_id": str(one.id)}})
    return {"errors": errors}


async def _ship(call: Call, package_id: int, how: HowToShip) -> None:
    async with call.reading() as tx:
        package = await find(tx, shop_id=call.shop_id, package_id=package_id)
        (shop,) = await catalog.shops_by_id(tx, [call.shop_id])
    wanted = plan_of(call, package, how, carriers=shop.carriers)
    if package.parcel is not None:
        if _is_repeat(package.parcel, wanted):
            return
        raise Refused(PACKAGE_NOT_POSSIBLE, "the package is shipped already, or cancelled")
    with refusing():
        if package.plan is not None:
            await actions.arrange_planned(call.db, shop_id=call.shop_id, plan_id=package.id, by=call.by, plan=wanted)
        else:
            await actions.arrange(call.db, shop_id=call.shop_id, order_id=package.order.id, by=call.by, plan=wanted)


def _is_repeat(before: Parcel, wanted: ParcelPlan) -> bool:
    is_waiting = before.state is ParcelState.AWAITING_COLLECTION and before.method == wanted.method
    return is_waiting and wanted.tracking_number in (None, before.tracking_number)


def plan_of(call: Call, package: Package, how: HowToShip, *, carriers: Sequence[str]) -> ParcelPlan:
    """What the seller wants. The package's delivery option decides, as programs may send every member at once."""
    order = package.order
    if how.self_shipment is not None and not (how.handover_method and is_platforms(order, call.settings)):
        return own_number_plan(how.self_shipment, order.delivery, carriers=carriers)
    if not is_platforms(order, call.settings):
        raise missing("body.self_shipment")
    carrier, service = _chosen(order.delivery)
    method = ShippingMethod((how.handover_method or "PICKUP").lower())
    if method not in carrier.methods:
        raise Refused(
            PARAMETER_NOT_VALID, f"{carrier.name} does not offer {method.upper()}: GET .../handover_time_slots"
        )
    return ParcelPlan(
        method=method, carrier=carrier.code, service=service.code, days=(service.days_min, service.days_max),
        slot=_slot(how) if method is ShippingMethod.PICKUP else None,
    )  # fmt: skip


def own_number_plan(told: SelfShipment, delivery: object, *, carriers: Sequence[str]) -> ParcelPlan:
    """With a number of the seller's own, by a carrier the shop works with, its own courier, or another."""
    chosen, service = _chosen(delivery)
    carrier = carrier_of_provider(told.shipping_provider_id) if told.shipping_provider_id else chosen
    if carrier is None or carrier.code not in {*carriers, *EVERY_SHOP, chosen.code}:
        raise Refused(
            PARAMETER_NOT_VALID, "shipping_provider_id is no carrier of this shop: GET .../shipping_providers"
        )
    if ShippingMethod.OWN_NUMBER not in carrier.methods:
        raise Refused(PARAMETER_NOT_VALID, f"{carrier.name} takes no numbers of the seller's own")
    service = service if carrier.code == chosen.code else carrier.services[0]
    return ParcelPlan(
        method=ShippingMethod.OWN_NUMBER, carrier=carrier.code, service=service.code, days=(service.days_min, service.days_max),
        tracking_number=number_of(carrier, told.tracking_number),
    )  # fmt: skip


def number_of(carrier: Carrier, told: str) -> str | None:
    """The number as the carrier writes it; none if there is none. Raises Refused with how it should look."""
    try:
        return registry.check_number(carrier.code, told) if told else None
    except NumberNotValid as problem:
        words = f"tracking_number is not {carrier.name}'s: {problem.description}, for example {problem.example}"
        raise Refused(PARAMETER_NOT_VALID, words) from problem


def _chosen(delivery: object) -> tuple[Carrier, Service]:
    """The carrier and the service that the buyer chose."""
    told = delivery if isinstance(delivery, dict) else {}
    try:
        carrier = registry.carrier(str(told.get("carrier", "")))
        return carrier, carrier.service(str(told.get("service", "")))
    except CarrierNotKnown:
        any_carrier = registry.carrier("any")
        return any_carrier, any_carrier.services[0]


def _slot(how: HowToShip) -> tuple[datetime, datetime] | None:
    if how.pickup_slot is None:
        return None
    start, end = moment_of(how.pickup_slot.start_time), moment_of(how.pickup_slot.end_time)
    if start is None or end is None or not start < end:
        raise not_valid("body.pickup_slot", "end after it starts")
    return start, end


@api_call(
    "GET",
    "/fulfillment/202309/packages/{package_id}/handover_time_slots",
    "Get handover time slots",
    scope="seller.fulfillment.basic",
    answer=TimeSlots,
    example={
        "can_pickup": True,
        "can_drop_off": True,
        "can_van_collection": False,
        "pickup_slots": [{"start_time": 1763949600, "end_time": 1763960400, "avaliable": True}],
    },
)
async def time_slots(call: Call) -> TimeSlots:
    """How the package can be handed over, and when a courier can come, as its carrier says now."""
    async with call.reading() as tx:
        package = await find(tx, shop_id=call.shop_id, package_id=call.path_id("package_id"))
    if not is_platforms(package.order, call.settings):
        return {"can_pickup": False, "can_drop_off": False, "can_van_collection": False, "pickup_slots": []}
    carrier, service = _chosen(package.order.delivery)
    can_pickup = ShippingMethod.PICKUP in carrier.methods
    keys = {"carrier": carrier.code, "service": service.code}
    slots = await pickup_slots(call.db, call.settings, shop_id=call.shop_id, **keys) if can_pickup else ()
    return {
        "can_pickup": can_pickup,
        "can_drop_off": ShippingMethod.DROP_OFF in carrier.methods,
        "can_van_collection": False,
        "pickup_slots": [
            {"start_time": seconds(slot.start), "end_time": seconds(slot.end), "avaliable": slot.end > call.at}
            for slot in slots or ()
        ],
    }


@api_call(
    "POST",
    "/fulfillment/202610/orders/{order_id}/packages",
    "Mark as shipped",
    scope="seller.fulfillment.package.write",
    body=MarkShipped,
    body_example={
        "order_line_list": [{"order_line_id": "576461413038785753"}],
        "shipping_info_list": [{"tracking_number": "011540032186220", "shipping_provider_id": "412345678901234567"}],
    },
    answer=MarkedShipped,
    example={
        "order_id": "576461413038785752",
        "order_line_item_ids": ["576461413038785753"],
        "package_id": "576461413038785752",
    },
)
async def mark_as_shipped(call: Call) -> MarkedShipped:
    """Ship line items of an order with a number of the seller's own; either of the bodies that versions of this call have is taken."""
    told, order_id = call.read(MarkShipped), call.path_id("order_id")
    shipment = next(iter(told.shipping_info_list), None) or SelfShipment(
        tracking_number=told.tracking_number, shipping_provider_id=told.shipping_provider_id
    )
    ids = [*told.order_line_item_ids, *(one.order_line_id for one in told.order_line_list)]
    async with call.reading() as tx:
        order = await order_queries.order_of_shop(tx, shop_id=call.shop_id, order_id=order_id)
        if order is None:
            raise Refused(NOT_THIS_SELLERS, "order_id in the path is no order of this shop")
        lines = await order_queries.lines_of(tx, shop_id=call.shop_id, order_id=order_id)
        (shop,) = await catalog.shops_by_id(tx, [call.shop_id])
    wanted = own_number_plan(shipment, order.delivery, carriers=shop.carriers)
    with refusing():
        chosen = lines_of_units(lines, ids) if ids else None
        parcel = await actions.arrange(
            call.db, shop_id=call.shop_id, order_id=order_id, by=call.by, plan=replace(wanted, lines=chosen)
        )
    return {"order_id": str(order_id), "order_line_item_ids": ids, "package_id": str(parcel.id)}
