"""Packages: pages that stay put, and one in detail."""

from datetime import timedelta
from typing import Any, Final, Literal

from typing_extensions import TypedDict

from etalase.commerce.accounts import regions
from etalase.commerce.shipping import queries as shipping
from etalase.commerce.shipping.queries import ShopPlace
from etalase.commerce.shipping.rules import ParcelState
from etalase.commerce.shipping.waiting import queries as waiting
from etalase.commerce.shipping.waiting.queries import LONG_AGO, Named, WantedParcels
from etalase.web.open_api import examples
from etalase.web.open_api.call import Call
from etalase.web.open_api.logistics_ids import REGION, delivery_option_id, provider_id, warehouse_id
from etalase.web.open_api.order_shapes import RecipientAddress
from etalase.web.open_api.order_view import OPTION_NAMES, address_of, carrier_name, delivery_type, is_platforms
from etalase.web.open_api.packages import Package, find, load
from etalase.web.open_api.paging import Page
from etalase.web.open_api.registry import PAGING, Param, api_call
from etalase.web.open_api.values import Body, Seconds, moment_of, seconds
from etalase.web.open_api.words import HANDOVER, PACKAGE_STATUS, PACKAGE_SUB_STATUS, SHIP_EXCEPTION, TO_FULFILL

COUNTED_MAX: Final = 200


class PackageSearch(Body):
    """Which packages; times are unix seconds, from `_ge` on and before `_lt`."""

    package_status: Literal["TO_FULFILL", "PROCESSING", "FULFILLING", "COMPLETED", "CANCELLED"] | None = None
    create_time_ge: Seconds | None = None
    create_time_lt: Seconds | None = None
    update_time_ge: Seconds | None = None
    update_time_lt: Seconds | None = None


class SkuOfPackage(TypedDict):
    """Units of a variant."""

    id: str
    name: str
    image_url: str
    quantity: int


class OrderOfPackage(TypedDict):
    """An order that lies in the package."""

    id: str
    skus: list[SkuOfPackage]


class PackageFound(TypedDict, total=False):
    """A package of a page."""

    id: str
    status: str
    orders: list[OrderOfPackage]
    order_line_item_ids: list[str]
    tracking_number: str | None
    shipping_provider_id: str
    shipping_provider_name: str
    create_time: int | None
    update_time: int | None


class PackagesFound(TypedDict, total=False):
    """A page of packages."""

    packages: list[PackageFound]
    next_page_token: str
    total_count: int


class Slot(TypedDict):
    """When the courier comes."""

    start_time: int | None
    end_time: int | None


class Weight(TypedDict):
    """What the package weighs."""

    value: str
    unit: str


class Insurance(TypedDict):
    """Whether it is insured."""

    is_purchased: bool


class PackageDetail(TypedDict, total=False):
    """A package with everything that is told of it."""

    package_id: str
    package_status: str
    package_sub_status: str
    ship_exception_reason: str | None
    split_and_combine_tag: str
    orders: list[OrderOfPackage]
    order_line_item_ids: list[str]
    has_multi_skus: bool
    note_tag: str
    shipping_type: str
    shipping_provider_id: str
    shipping_provider_name: str
    delivery_option_id: str
    delivery_option_name: str
    tracking_number: str | None
    handover_method: str | None
    pickup_slot: Slot | None
    recipient_address: RecipientAddress
    sender_address: RecipientAddress
    weight: Weight
    insurance: Insurance
    warehouse_id: str
    create_time: int | None
    update_time: int | None


@api_call(
    "POST",
    "/fulfillment/202309/packages/search",
    "Search packages",
    scope="seller.fulfillment.basic",
    query=(
        *PAGING,
        Param("sort_field", "create_time, update_time or order_pay_time (as create_time)"),
        Param("sort_order", "ASC or DESC"),
    ),
    body=PackageSearch,
    body_example={"package_status": "TO_FULFILL", "update_time_ge": 1763900000},
    answer=PackagesFound,
    example={"packages": [examples.PACKAGE], "next_page_token": "", "total_count": 1},
)
async def search_packages(call: Call) -> PackagesFound:
    """Packages by when they were made, or changed: arranged ones, and with TO_FULFILL what waits to be shipped; `total_count` is exact up
    to 200."""
    told, sort = call.read(PackageSearch), call.sorting("create_time", "update_time", "order_pay_time")
    by_update, page = sort.field == "update_time", call.page(order=sort.text)
    after = (LONG_AGO + timedelta(microseconds=int(page.after[0])), int(page.after[1])) if page.after else None
    async with call.reading() as tx:
        found = await waiting.parcels(
            tx, _wanted(told), shop_id=call.shop_id, by_update=by_update, is_descending=sort.is_descending, after=after,
            limit=page.limit if page.after else max(page.limit, COUNTED_MAX),
        )  # fmt: skip
        packages = await load(tx, found[: page.size], shop_id=call.shop_id)
    seen, total = _counted(page, len(found))
    _, token = page.cut(found, lambda one: [*_keys(one), seen + page.size, total])
    return {"packages": [_found(one) for one in packages], "next_page_token": token, "total_count": total}


def _wanted(told: PackageSearch) -> WantedParcels:
    times = {
        "created_from": moment_of(told.create_time_ge), "created_until": moment_of(told.create_time_lt),
        "updated_from": moment_of(told.update_time_ge), "updated_until": moment_of(told.update_time_lt),
    }  # fmt: skip
    status = told.package_status
    return WantedParcels(
        states=[state for state in ParcelState if status in (None, PACKAGE_STATUS[state])],
        with_waiting=status in (None, TO_FULFILL),
        **{name: moment for name, moment in times.items() if moment is not None},
    )


def _keys(one: Named) -> list[int]:
    return [(one.updated_at - LONG_AGO) // timedelta(microseconds=1), one.id]


def _counted(page: Page, found: int) -> tuple[int, int]:
    """How many came before this page, and how many there are as far as they were counted."""
    seen = int(page.after[2]) if page.after else 0
    return seen, max(int(page.after[3]), seen + found) if page.after else found


def _found(package: Package) -> PackageFound:
    return {
        "id": str(package.id),
        "status": status_of(package),
        "orders": _orders(package),
        "order_line_item_ids": [unit.id for unit in package.units],
        "tracking_number": package.parcel.tracking_number if package.parcel else None,
        **_provider(package),  # type: ignore[typeddict-item]
        "create_time": seconds(package.created_at),
        "update_time": seconds(package.updated_at),
    }


def status_of(package: Package) -> str:
    """TO_FULFILL until it is arranged, then as its parcel stands."""
    return PACKAGE_STATUS[package.parcel.state] if package.parcel else TO_FULFILL


def _provider(package: Package) -> dict[str, str]:
    carrier = package.parcel.carrier if package.parcel else str(package.order.delivery.get("carrier", ""))
    return {"shipping_provider_id": provider_id(carrier), "shipping_provider_name": carrier_name(carrier)}


def _orders(package: Package) -> list[OrderOfPackage]:
    found: list[OrderOfPackage] = []
    for whole in package.orders:
        skus: dict[int, SkuOfPackage] = {}
        for unit in whole.units:
            if unit.package_id == package.id:
                line = unit.line
                sku = skus.setdefault(
                    line.variant_id, {"id": str(line.variant_id), "name": line.variant_name, "image_url": "", "quantity": 0}
                )  # fmt: skip
                sku["quantity"] += 1
        found.append({"id": str(whole.order.id), "skus": list(skus.values())})
    return found


@api_call(
    "GET",
    "/fulfillment/202309/packages/{package_id}",
    "Get package detail",
    scope="seller.fulfillment.basic",
    answer=PackageDetail,
    example=examples.PACKAGE_DETAIL,
)
async def package_detail(call: Call) -> PackageDetail:
    """A package, also one that waits to be shipped: what lies in it, who brings it where, how it stands."""
    async with call.reading() as tx:
        package = await find(tx, shop_id=call.shop_id, package_id=call.path_id("package_id"))
        place = await shipping.place_of_shop(tx, shop_id=call.shop_id)
    order, parcel = package.order, package.parcel
    units, chosen = package.units, delivery_type(order)
    is_own = parcel.method == "own_number" if parcel else not is_platforms(order, call.settings)
    return {
        "package_id": str(package.id),
        "package_status": status_of(package),
        "package_sub_status": PACKAGE_SUB_STATUS[parcel.state] if parcel else "CREATED",
        "ship_exception_reason": SHIP_EXCEPTION.get(parcel.state) if parcel else None,
        "split_and_combine_tag": _tag(package),
        "orders": _orders(package),
        "order_line_item_ids": [unit.id for unit in units],
        "has_multi_skus": len({unit.line.variant_id for unit in units}) > 1,
        "note_tag": "BUYER_NOTED" if any(whole.order.buyer_note for whole in package.orders) else "BUYER_UNNOTED",
        "shipping_type": "SELLER" if is_own else "TIKTOK",
        **_provider(package),  # type: ignore[typeddict-item]
        "delivery_option_id": delivery_option_id(chosen),
        "delivery_option_name": OPTION_NAMES[chosen],
        "tracking_number": parcel.tracking_number if parcel else None,
        "handover_method": HANDOVER.get(parcel.method) if parcel else None,
        "pickup_slot": _slot(package),
        "recipient_address": address_of(order),
        "sender_address": _sender(place),
        "weight": {"value": str(sum(unit.line.weight_grams for unit in units)), "unit": "GRAM"},
        "insurance": {"is_purchased": bool(parcel and parcel.insured)},
        "warehouse_id": warehouse_id(call.shop_id),
        "create_time": seconds(package.created_at),
        "update_time": seconds(package.updated_at),
    }


def _tag(package: Package) -> str:
    if len(package.orders) > 1:
        return "COMBINE"
    others = {unit.package_id for unit in package.orders[0].units if unit.package_id} - {package.id}
    return "SPLIT" if others else "DEFAULT"


def _slot(package: Package) -> Slot | None:
    pickup = package.parcel.pickup if package.parcel else None
    return {"start_time": seconds(pickup[0]), "end_time": seconds(pickup[1])} if pickup else None


def _sender(place: ShopPlace) -> RecipientAddress:
    province, city = regions.province(place.province), regions.city(place.city)
    where: list[Any] = [city.name if city else place.city, province.name if province else place.province]
    return {
        "name": place.name,
        "full_address": ", ".join([*where, "Indonesia"]),
        "region_code": REGION,
        "address_line1": ", ".join(where),
    }
