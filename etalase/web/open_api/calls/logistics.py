"""Where a shop sends from, and how: its warehouse, kinds of delivery, carriers."""

from typing import Any

from typing_extensions import TypedDict

from etalase.commerce.accounts import regions
from etalase.commerce.catalog import queries as catalog
from etalase.commerce.catalog.queries import Shop
from etalase.commerce.orders import queries as orders
from etalase.integrations.carriers import registry
from etalase.integrations.carriers.registry import Carrier, ServiceKind, ShippingMethod
from etalase.web.open_api.call import Call
from etalase.web.open_api.logistics_ids import (
    REGION,
    SEND_BY_SELLER,
    TYPE_OF_KIND,
    delivery_option_id,
    delivery_type_of,
    provider_id,
    warehouse_id,
)
from etalase.web.open_api.refusals import NOT_THIS_SELLERS, PARAMETER_NOT_VALID, Refused
from etalase.web.open_api.registry import Fills, Param, api_call


class WarehouseAddress(TypedDict, total=False):
    """Where a warehouse is; `distict` is spelled as the interface does."""

    region: str
    region_code: str
    state: str
    city: str
    distict: str
    contact_person: str
    full_address: str


class Warehouse(TypedDict, total=False):
    """Where goods lie."""

    id: str
    entity_id: str
    name: str
    effect_status: str
    type: str
    sub_type: str
    is_default: bool
    address: WarehouseAddress


class Warehouses(TypedDict):
    """The shop's warehouses: one."""

    warehouses: list[Warehouse]


class DeliveryOption(TypedDict, total=False):
    """A kind of delivery that buyers can choose."""

    id: str
    name: str
    type: str
    description: str
    platform: list[str]


class DeliveryOptions(TypedDict):
    """The kinds of delivery from a warehouse."""

    delivery_options: list[DeliveryOption]


class ShippingProvider(TypedDict):
    """A carrier."""

    id: str
    name: str


class ShippingProviders(TypedDict):
    """Who carries parcels of a kind of delivery."""

    shipping_providers: list[ShippingProvider]


class GlobalWarehouses(TypedDict):
    """Warehouses of sellers across borders; there are none here."""

    global_warehouses: list[dict[str, Any]]


NAMES = {
    "STANDARD": "Standard shipping",
    "ECONOMY": "Economy shipping",
    "EXPRESS": "Express shipping",
    "SAMEDAY": "Same-day shipping",
    "CARGO": "Cargo",
    SEND_BY_SELLER: "Shipped by seller",
}


async def _shop(call: Call) -> Shop:
    async with call.reading() as tx:
        [shop] = await catalog.shops_by_id(tx, [call.shop_id])
    return shop


@api_call(
    "GET",
    "/logistics/202309/warehouses",
    "Get warehouse list",
    scope="seller.logistics",
    answer=Warehouses,
    example={
        "warehouses": [
            {
                "id": "7495540735365777507",
                "entity_id": "7495540735365777507",
                "name": "Sekar Laras",
                "effect_status": "ENABLED",
                "type": "SALES_WAREHOUSE",
                "sub_type": "DOMESTIC_WAREHOUSE",
                "is_default": True,
                "address": {
                    "region": "Indonesia",
                    "region_code": "ID",
                    "state": "DI Yogyakarta",
                    "city": "Kabupaten Bantul",
                    "contact_person": "Sekar Laras",
                    "full_address": "Kabupaten Bantul, DI Yogyakarta, Indonesia",
                },
            }
        ]
    },
)
async def warehouses(call: Call) -> Warehouses:
    """The shop's one warehouse; RESTRICTED while the shop is closed."""
    return {"warehouses": [warehouse_of(await _shop(call))]}


def warehouse_of(shop: Shop) -> Warehouse:
    """A shop as the warehouse it sends from."""
    province, city = regions.province(shop.province), regions.city(shop.city)
    state, town = (province.name if province else shop.province), (city.name if city else shop.city)
    return {
        "id": warehouse_id(shop.shop_id),
        "entity_id": warehouse_id(shop.shop_id),
        "name": shop.name,
        "effect_status": "ENABLED" if shop.is_open else "RESTRICTED",
        "type": "SALES_WAREHOUSE",
        "sub_type": "DOMESTIC_WAREHOUSE",
        "is_default": True,
        "address": {
            "region": "Indonesia",
            "region_code": REGION,
            "state": state,
            "city": town,
            "contact_person": shop.name,
            "full_address": f"{town}, {state}, Indonesia",
        },
    }


@api_call(
    "GET",
    "/logistics/202309/warehouses/{warehouse_id}/delivery_options",
    "Get delivery options of a warehouse",
    scope="seller.logistics",
    query=(Param("scope", "Accepted and without effect"),),
    answer=DeliveryOptions,
    example={
        "delivery_options": [
            {
                "id": "512345678901234567",
                "name": "Standard shipping",
                "type": "STANDARD",
                "description": "JNE, J&T Express, SiCepat",
                "platform": ["TOKOPEDIA", "TIKTOK_SHOP"],
            }
        ]
    },
)
async def delivery_options(call: Call) -> DeliveryOptions:
    """The kinds of delivery that the shop's carriers offer, and sending with a number of the seller's own."""
    if call.path["warehouse_id"] != warehouse_id(call.shop_id):
        raise Refused(
            PARAMETER_NOT_VALID, "warehouse_id in the path is not this shop's: GET /logistics/202309/warehouses"
        )
    shop = await _shop(call)
    types = [TYPE_OF_KIND[kind] for kind in ServiceKind if carriers_of(shop, TYPE_OF_KIND[kind])]
    return {"delivery_options": [_option(shop, one) for one in (*types, SEND_BY_SELLER)]}


def _option(shop: Shop, delivery_type: str) -> DeliveryOption:
    return {
        "id": delivery_option_id(delivery_type),
        "name": NAMES[delivery_type],
        "type": delivery_type,
        "description": ", ".join(carrier.name for carrier in carriers_of(shop, delivery_type)),
        "platform": ["TOKOPEDIA", "TIKTOK_SHOP"],
    }


def carriers_of(shop: Shop, delivery_type: str) -> list[Carrier]:
    """Who carries the shop's parcels of this kind of delivery."""
    if delivery_type == SEND_BY_SELLER:
        return [one for one in registry.all_carriers() if ShippingMethod.OWN_NUMBER in one.methods]
    return [
        carrier
        for carrier in registry.all_carriers()
        if carrier.code in shop.carriers
        and any(TYPE_OF_KIND[service.kind] == delivery_type for service in carrier.services)
    ]


@api_call(
    "GET",
    "/logistics/202309/delivery_options/{delivery_option_id}/shipping_providers",
    "Get shipping providers of a delivery option",
    scope="seller.logistics",
    answer=ShippingProviders,
    example={"shipping_providers": [{"id": "412345678901234567", "name": "JNE"}]},
)
async def shipping_providers(call: Call) -> ShippingProviders:
    """The carriers of a kind of delivery; their ids go into shipping_provider_id."""
    delivery_type = delivery_type_of(call.path["delivery_option_id"])
    if delivery_type is None:
        raise Refused(
            PARAMETER_NOT_VALID, "delivery_option_id in the path is not known: GET .../warehouses/{id}/delivery_options"
        )
    found = carriers_of(await _shop(call), delivery_type)
    return {"shipping_providers": [{"id": provider_id(one.code), "name": one.name} for one in found]}


class LogisticsTracking(TypedDict):
    """How an order crosses borders."""

    logistics_details: list[dict[str, Any]]


@api_call(
    "GET",
    "/logistics/202604/orders/{order_id}/tracking",
    "Get logistics tracking",
    scope="seller.logistics",
    answer=LogisticsTracking,
    fills=Fills.EMPTY,
    note="No shop here sells across borders: parcels stand in GET /fulfillment/202309/orders/{order_id}/tracking.",
    example={"logistics_details": []},
)
async def cross_border_tracking(call: Call) -> LogisticsTracking:
    """Nothing."""
    order_id = call.path_id("order_id")
    async with call.reading() as tx:
        if await orders.order_of_shop(tx, shop_id=call.shop_id, order_id=order_id) is None:
            raise Refused(NOT_THIS_SELLERS, "order_id in the path is no order of this shop")
    return {"logistics_details": []}


@api_call(
    "GET",
    "/logistics/202309/global_warehouses",
    "Get global seller warehouses",
    scope="seller.logistics",
    needs_shop=False,
    answer=GlobalWarehouses,
    fills=Fills.EMPTY,
    note="No shop here sells across borders.",
    example={"global_warehouses": []},
)
async def global_warehouses(_call: Call) -> GlobalWarehouses:
    """None."""
    return {"global_warehouses": []}
