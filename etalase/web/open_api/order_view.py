"""Orders as they are answered: read together, told in TikTok Shop's words."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from etalase.commerce.orders import queries as orders
from etalase.commerce.orders.polling import queries as polling
from etalase.commerce.orders.rules import Order, OrderLine, State
from etalase.commerce.payments.methods import MethodNotKnown, payment_method
from etalase.commerce.shipping import plans as planning
from etalase.commerce.shipping import queries as shipping
from etalase.commerce.shipping.plans import Plan
from etalase.commerce.shipping.queries import Parcel
from etalase.commerce.shipping.rules import OWN_COURIER, ParcelState
from etalase.commerce.shipping.waiting import queries as waiting
from etalase.foundation.sql import Tx
from etalase.integrations.carriers import registry
from etalase.integrations.carriers.registry import CarrierNotKnown, ServiceKind
from etalase.integrations.storage.folder import media_url
from etalase.journeys.cancellations import queries as cancellations
from etalase.journeys.cancellations.queries import Cancellation
from etalase.settings import Settings
from etalase.web.open_api import order_shapes as shapes
from etalase.web.open_api.call import Call
from etalase.web.open_api.logistics_ids import (
    REGION,
    SEND_BY_SELLER,
    TYPE_OF_KIND,
    delivery_option_id,
    provider_id,
    warehouse_id,
)
from etalase.web.open_api.refusals import NOT_THIS_SELLERS, Refused
from etalase.web.open_api.units import Unit, units_of
from etalase.web.open_api.values import amount, seconds
from etalase.web.open_api.words import PACKAGE_STATUS, TO_FULFILL, order_status, reason_key, role

HIDDEN = (State.UNPAID, State.NEW)
"""While the order is not the shop's to ship, nobody needs to know where it goes."""
OPTION_NAMES = {
    "STANDARD": "Standard Shipping", "ECONOMY": "Economy Shipping", "EXPRESS": "Express Shipping",
    "SAMEDAY": "Same-day Shipping", "CARGO": "Cargo", SEND_BY_SELLER: "Shipped by Seller",
}  # fmt: skip
ENDS_ITSELF = {
    State.UNPAID: "payment.deadline",
    State.NEW: "confirm.deadline",
    State.AWAITING_SHIPMENT: "ship.autocancel",
    State.AWAITING_COLLECTION: "collect.autocancel",
}
"""Which clock cancels an order in which state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """An order with all that belongs to it."""

    order: Order
    lines: Sequence[OrderLine]
    parcels: Sequence[Parcel]
    plans: Sequence[Plan]
    rest_id: int | None
    clocks: Mapping[str, datetime]
    cancellations: Sequence[Cancellation]

    @property
    def live(self) -> list[Parcel]:
        """Its parcels that are not undone."""
        return [parcel for parcel in self.parcels if parcel.state is not ParcelState.CANCELLED]

    @property
    def request(self) -> Cancellation | None:
        """What the buyer asks and nobody has answered."""
        return next((one for one in self.cancellations if one.state == "requested"), None)

    @property
    def units(self) -> list[Unit]:
        return units_of(self.lines, self.parcels, self.plans, rest_id=self.rest_id)


async def order_of_call(call: Call, order_id: int) -> Whole:
    """The order that a call names; refused if it is no order of its shop."""
    async with call.reading() as tx:
        found = await load_orders(tx, shop_id=call.shop_id, order_ids=[order_id])
    if not found:
        raise Refused(NOT_THIS_SELLERS, "order_id is no order of this shop")
    return found[0]


async def load_orders(tx: Tx, *, shop_id: int, order_ids: Sequence[int]) -> list[Whole]:
    """Those of the orders that are this shop's, in the order asked for; what is asked for at once goes in one piece."""
    ids = list(order_ids)
    (found, lines, parcels), (planned, names, clocks, cancelled) = await asyncio.gather(
        asyncio.gather(
            orders.some_orders(tx, shop_id=shop_id, order_ids=ids),
            orders.lines_of_orders(tx, [(shop_id, order_id) for order_id in ids]),
            shipping.parcels_of_orders(tx, shop_id=shop_id, order_ids=ids),
        ),
        asyncio.gather(
            planning.plans_of_orders(tx, shop_id=shop_id, order_ids=ids),
            waiting.next_parcels(tx, shop_id=shop_id, order_ids=ids),
            polling.clocks_of_orders(tx, shop_id=shop_id, order_ids=ids),
            cancellations.cancellations_of_orders(tx, shop_id=shop_id, order_ids=ids),
        ),
    )
    by_order: dict[int, list[OrderLine]] = {}
    for line in lines:
        by_order.setdefault(line.order_id, []).append(line)
    return [
        Whole(
            order=found[order_id],
            lines=by_order.get(order_id, []),
            parcels=parcels.get(order_id, []),
            plans=[plan for plan in planned if order_id in plan.units],
            rest_id=_rest_id(found[order_id], names.get(order_id), is_packed=order_id in parcels),
            clocks=clocks.get(order_id, {}),
            cancellations=cancelled.get(order_id, []),
        )
        for order_id in order_ids
        if order_id in found
    ]


def _rest_id(order: Order, name: waiting.NextParcel | None, *, is_packed: bool) -> int | None:
    """The number of the parcel that holds what is in none yet: the order's own, or the one that was said."""
    if order.state is not State.AWAITING_SHIPMENT:
        return None
    return name.parcel_id if name else None if is_packed else order.id


def order_of(whole: Whole, settings: Settings) -> shapes.Order:
    """The order as it is answered."""
    order = whole.order
    units = whole.units
    return {
        "id": str(order.id),
        "status": order_status(order.state, is_packed=bool(whole.live)),
        "order_type": "NORMAL",
        "user_id": str(order.buyer_id),
        "buyer_nickname": order.buyer_name,
        "buyer_message": order.buyer_note,
        "seller_note": order.seller_note,
        "payment": payment_of(order),
        "payment_method_name": method_name(order.payment_method),
        "payment_method_code": order.payment_method.upper(),
        "recipient_address": address_of(order),
        "packages": [{"id": str(one)} for one in package_ids(units)],
        "line_items": [_line_item(unit, whole, settings) for unit in units],
        "fulfillment_type": "FULFILLMENT_BY_SELLER",
        "delivery_type": "HOME_DELIVERY",
        "warehouse_id": warehouse_id(order.shop_id),
        "split_or_combine_tag": _split_tag(whole, units),
        "handling_duration": {"days": str(order.delivery.get("handling_days", 1)), "type": "BUSINESS_DAY"},
        "cancel_reason": _cancel_reason(whole),
        "cancellation_initiator": _initiator(order),
        "is_cod": order.is_cod,
        "is_on_hold_order": order.state is State.NEW,
        "is_sample_order": False,
        "is_replacement_order": False,
        "is_exchange_order": False,
        "is_buyer_request_cancel": whole.request is not None,
        "has_updated_recipient_address": order.address_changed_at is not None,
        **_shipping_of(whole, settings),
        **_times_of(whole),
    }


def package_ids(units: Sequence[Unit]) -> list[int]:
    """The parcels of an order: arranged, planned, and that of the rest."""
    return list(dict.fromkeys(unit.package_id for unit in units if unit.package_id is not None))


def payment_of(order: Order) -> shapes.Payment:
    """What the buyer pays, as the order was placed."""
    currency = order.currency
    nothing = amount(0, currency)
    return {
        "currency": currency,
        "sub_total": amount(order.items_minor - order.discount_minor, currency),
        "shipping_fee": amount(order.shipping_minor, currency),
        "seller_discount": amount(order.discount_minor, currency),
        "platform_discount": nothing,
        "total_amount": amount(order.total_minor, currency),
        "original_total_product_price": amount(order.items_minor, currency),
        "original_shipping_fee": amount(order.shipping_minor, currency),
        "shipping_fee_seller_discount": nothing,
        "shipping_fee_platform_discount": nothing,
        "shipping_fee_cofunded_discount": nothing,
        "tax": nothing,
        "product_tax": nothing,
        "shipping_fee_tax": nothing,
        "small_order_fee": nothing,
        "buyer_service_fee": nothing,
        "handling_fee": nothing,
        "shipping_insurance_fee": amount(order.insurance_minor, currency),
        "item_insurance_fee": nothing,
    }


def method_name(code: str) -> str:
    """What the payment method is called, or its code if it is offered no more."""
    try:
        return payment_method(code).name
    except MethodNotKnown:
        return code


def address_of(order: Order) -> shapes.RecipientAddress:
    """Where the order goes, as its address was copied; hidden until the shop may ship it."""
    if order.state in HIDDEN:
        return {"region_code": REGION}
    told = order.address
    street, landmark = told.get("street", ""), told.get("landmark", "")
    district, city, province = told.get("district", ""), told.get("city", ""), told.get("province", "")
    detail = ", ".join(filter(None, (street, landmark)))
    levels = (
        ("L0", "country", "Indonesia"),
        ("L1", "province", province),
        ("L2", "city", city),
        ("L3", "district", district),
    )
    return {
        "name": told.get("recipient", order.buyer_name),
        "first_name": told.get("recipient", order.buyer_name),
        "last_name": "",
        "phone_number": told.get("phone", ""),
        "full_address": ", ".join(filter(None, (detail, district, city, province, told.get("postal_code", ""), "Indonesia"))),
        "address_detail": detail,
        "address_line1": street,
        "address_line2": landmark,
        "address_line3": "",
        "address_line4": "",
        "postal_code": told.get("postal_code", ""),
        "region_code": REGION,
        "district_info": [
            {"address_level": level, "address_level_name": word, "address_name": name, "iso_code": REGION if level == "L0" else ""}
            for level, word, name in levels
            if name
        ],
    }  # fmt: skip


def _line_item(unit: Unit, whole: Whole, settings: Settings) -> shapes.LineItem:
    line, parcel, order = unit.line, unit.parcel, whole.order
    price = amount(line.unit_price_minor, order.currency)
    ended = _end_of(unit, whole) if unit.is_cancelled else None
    return {
        "id": unit.id,
        "sku_id": str(line.variant_id),
        "product_id": str(line.product_id),
        "product_name": line.title,
        "sku_name": line.variant_name or "Default",
        "sku_image": f"{settings.base_url}{media_url(line.image_key)}" if line.image_key else "",
        "seller_sku": line.seller_sku,
        "original_price": price,
        "sale_price": price,
        "seller_discount": amount(0, order.currency),
        "platform_discount": amount(0, order.currency),
        "currency": order.currency,
        "display_status": _display_status(unit, order),
        "package_id": str(unit.package_id) if unit.package_id else None,
        "package_status": PACKAGE_STATUS[parcel.state] if parcel else TO_FULFILL if unit.package_id else None,
        "tracking_number": parcel.tracking_number if parcel else None,
        "shipping_provider_id": provider_id(parcel.carrier) if parcel else None,
        "shipping_provider_name": carrier_name(parcel.carrier) if parcel else None,
        "rts_time": seconds(parcel.arranged_at) if parcel else None,
        "is_gift": False,
        "is_dangerous_good": False,
        "cancel_reason": reason_key(ended[0]) if ended else None,
        "cancel_user": role(ended[1]) if ended else None,
        "room_id": "",
    }


def _display_status(unit: Unit, order: Order) -> str:
    if unit.is_cancelled or order.state is State.CANCELLED:
        return "CANCELLED"
    if order.state in (State.UNPAID, State.COMPLETED):
        return order.state.upper()
    if unit.parcel is None:
        return "AWAITING_SHIPMENT"
    shown = {ParcelState.AWAITING_COLLECTION: "AWAITING_COLLECTION", ParcelState.DELIVERED: "DELIVERED"}
    return shown.get(unit.parcel.state, "IN_TRANSIT")


def _end_of(unit: Unit, whole: Whole) -> tuple[str, str] | None:
    """Why and by whom a unit was cancelled: with the order, or by the last cancellation of a part of it."""
    order = whole.order
    if order.cancel_reason and order.cancelled_by:
        return order.cancel_reason, order.cancelled_by
    done = [one for one in whole.cancellations if one.state == "done"]
    failed = [one for one in done if one.reason in ("lost", "returned")] if unit.parcel else []
    found = next(iter(failed or done), None)
    return (found.reason, found.asked_by) if found else None


def _cancel_reason(whole: Whole) -> str | None:
    request = whole.request
    return reason_key(whole.order.cancel_reason or (request.reason if request else None))


def _initiator(order: Order) -> str | None:
    party = role(order.cancelled_by)
    return "SYSTEM" if party == "OPERATOR" else party


def _split_tag(whole: Whole, units: Sequence[Unit]) -> str | None:
    if any(parcel.is_combined for parcel in whole.live) or any(plan.is_combined for plan in whole.plans):
        return "COMBINED"
    return "SPLIT" if len(package_ids(units)) > 1 else None


def carrier_name(code: str) -> str:
    """What a carrier is called, or its code."""
    try:
        return registry.carrier(code).name
    except CarrierNotKnown:
        return code


def delivery_type(order: Order) -> str:
    """STANDARD, EXPRESS ... as the buyer chose, or SEND_BY_SELLER for the shop's own courier."""
    code, service = str(order.delivery.get("carrier", "")), str(order.delivery.get("service", ""))
    if code == OWN_COURIER:
        return SEND_BY_SELLER
    try:
        return TYPE_OF_KIND[registry.carrier(code).service(service).kind]
    except CarrierNotKnown:
        return TYPE_OF_KIND[ServiceKind.STANDARD]


def is_platforms(order: Order, settings: Settings) -> bool:
    """Whether the platform books the carrier, unless the seller brings a number along."""
    return bool(settings.carrier_url) and order.delivery.get("carrier") != OWN_COURIER


def _shipping_of(whole: Whole, settings: Settings) -> shapes.Order:
    order, first = whole.order, next(iter(whole.live), None)
    is_own_number = first is not None and first.method == "own_number"
    chosen = delivery_type(order)
    carrier = first.carrier if first else str(order.delivery.get("carrier", ""))
    return {
        "shipping_type": "TIKTOK" if is_platforms(order, settings) and not is_own_number else "SELLER",
        "delivery_option_id": delivery_option_id(chosen),
        "delivery_option_name": OPTION_NAMES[chosen],
        "tracking_number": first.tracking_number if first else None,
        "shipping_provider": carrier_name(carrier) if carrier else None,
        "shipping_provider_id": provider_id(carrier) if carrier else None,
    }


def _times_of(whole: Whole) -> shapes.Order:
    order, clocks = whole.order, whole.clocks
    promised = _end_of_day(
        str(order.delivery.get("promised_until", "")), str(order.delivery.get("zone", "Asia/Jakarta"))
    )
    return {
        "create_time": int(order.placed_at.timestamp()),
        "update_time": int(order.updated_at.timestamp()),
        "paid_time": seconds(order.paid_at),
        "rts_time": seconds(whole.live[0].arranged_at) if whole.live else None,
        "rts_sla_time": seconds(clocks.get("ship.sla")),
        "tts_sla_time": seconds(clocks.get("ship.sla")),
        "delivery_sla_time": promised,
        "cancel_order_sla_time": seconds(clocks.get(ENDS_ITSELF.get(order.state, ""))),
        "shipping_due_time": seconds(clocks.get("ship.autocancel")),
        "collection_due_time": seconds(clocks.get("collect.autocancel")),
        "delivery_option_required_delivery_time": promised,
        "collection_time": seconds(order.collected_at),
        "delivery_time": seconds(order.delivered_at),
        "cancel_time": seconds(order.cancelled_at),
        "request_cancel_time": seconds(whole.request.requested_at) if whole.request else None,
    }


@lru_cache(maxsize=1_000)
def _end_of_day(promised_until: str, zone: str) -> int | None:
    """The end of the last day that was promised, where the shop is."""
    if not promised_until:
        return None
    following = date.fromisoformat(promised_until) + timedelta(days=1)
    return int(datetime.combine(following, time(), ZoneInfo(zone)).timestamp()) - 1
