"""From a shop's quote to the order that is written: copies of everything it is placed with."""

from datetime import datetime
from typing import Any

from etalase.commerce.accounts import regions
from etalase.commerce.accounts.queries import Address
from etalase.commerce.orders.placing import NewLine, NewOrder
from etalase.commerce.orders.rules import State
from etalase.commerce.shipping.rules import DeliveryOption
from etalase.foundation.ids import new_id
from etalase.foundation.policies.rules import frozen
from etalase.journeys.checkout import rules
from etalase.journeys.checkout.quoting import Surroundings
from etalase.journeys.checkout.rules import COD, Checkout, QuotedLine, ShopQuote


def order_of(
    checkout: Checkout, quote: ShopQuote, purchase_id: int, *, address: Address, around: Surroundings, at: datetime
) -> NewOrder:
    """The order of one shop: unpaid, or with cash on delivery new, and accepted at once where the shop does so by itself."""
    shop = around.shops[quote.shop_id]
    chosen = quote.chosen
    assert chosen is not None  # noqa: S101 - checked before
    is_cod = checkout.method.kind == COD
    is_accepted = is_cod and shop.confirm_mode == "automatic"
    state = State.AWAITING_SHIPMENT if is_accepted else State.NEW if is_cod else State.UNPAID
    return NewOrder(
        shop_id=quote.shop_id,
        id=new_id(),
        buyer_id=checkout.buyer_id,
        purchase_id=purchase_id,
        state=state,
        payment_method=checkout.method.code,
        is_cod=is_cod,
        currency=quote.lines[0].variant.currency,
        shipping_minor=quote.shipping_minor,
        shop_name=shop.name,
        buyer_name=checkout.buyer_name,
        address=address_copy(address),
        delivery=_delivery_copy(quote, chosen, zone=shop.zone),
        policies=frozen(
            around.book,
            shop_id=quote.shop_id,
            goods=[(line.variant.category_id, line.variant.product_id) for line in quote.lines],
        ),
        buyer_note=checkout.notes.get(quote.shop_id, "")[: rules.NOTE_CHARS_MAX],
        lines=tuple(_line_of(line) for line in quote.lines),
        confirmed_at=at if is_accepted else None,
        insurance_minor=quote.insurance_minor,
    )


def _delivery_copy(quote: ShopQuote, chosen: DeliveryOption, *, zone: str) -> dict[str, Any]:
    return {
        "carrier": chosen.carrier,
        "service": chosen.service,
        "carrier_name": chosen.carrier_name,
        "service_name": chosen.service_name,
        "kind": chosen.kind,
        "price_minor": chosen.price_minor,
        "promised_from": chosen.promised_from.isoformat(),
        "promised_until": chosen.promised_until.isoformat(),
        "zone": zone,
        "handling_days": max(line.variant.handling_days for line in quote.lines),
    }


def _line_of(line: QuotedLine) -> NewLine:
    return NewLine(
        id=new_id(),
        product_id=line.variant.product_id,
        variant_id=line.variant.variant_id,
        title=line.variant.title,
        variant_name=line.variant.variant_name,
        seller_sku=line.variant.seller_sku,
        image_key=line.variant.image_key,
        unit_price_minor=line.variant.price_minor,
        quantity=line.quantity,
        weight_grams=line.variant.weight_grams,
    )


def address_copy(address: Address) -> dict[str, str]:
    """The address as an order keeps it: names, not codes, and the codes beside them."""
    province, city = regions.province(address.province), regions.city(address.city)
    return {
        "recipient": address.recipient,
        "phone": address.phone,
        "street": address.street,
        "landmark": address.landmark,
        "district": address.district,
        "city": city.name if city else address.city,
        "province": province.name if province else address.province,
        "postal_code": address.postal_code,
        "province_code": address.province,
        "city_code": address.city,
        "zone": province.zone if province else "Asia/Jakarta",
    }
