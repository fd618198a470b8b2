"""The shop's orders: pages that stay put while orders change, whole orders, what they cost."""

from datetime import datetime, timedelta
from typing import Final, Literal

from typing_extensions import TypedDict

from etalase.commerce.orders import queries as order_queries
from etalase.commerce.orders.polling import queries as polling
from etalase.commerce.orders.polling.queries import LONG_AGO, Place, Seen, Wanted
from etalase.foundation import clock
from etalase.foundation.ids import ID_MAX, id_at
from etalase.web.open_api import examples
from etalase.web.open_api.call import Call
from etalase.web.open_api.order_shapes import OrderDetails, OrdersFound
from etalase.web.open_api.order_view import load_orders, order_of
from etalase.web.open_api.paging import Page
from etalase.web.open_api.refusals import NOT_THIS_SELLERS, Refused, missing
from etalase.web.open_api.registry import PAGING, SORTING, Param, api_call
from etalase.web.open_api.units import units_of
from etalase.web.open_api.values import ApiId, Body, Seconds, amount, moment_of
from etalase.web.open_api.words import PARTLY, STATE_OF_STATUS

DETAILS_MAX: Final = 50
COUNTED_MAX: Final = 500
"""So many orders are counted for `total_count`; where there are more, it says that there are at least so many."""
SLACK: Final = timedelta(hours=1)
"""An order's number is made a moment before the order is written down; nobody takes longer."""

Status = Literal[
    "UNPAID", "ON_HOLD", "AWAITING_SHIPMENT", "PARTIALLY_SHIPPING", "AWAITING_COLLECTION", "IN_TRANSIT", "DELIVERED",
    "COMPLETED", "CANCELLED",
]  # fmt: skip


class OrderSearch(Body):
    """Which orders; times are unix seconds, from `_ge` on and before `_lt`."""

    order_status: Status | None = None
    create_time_ge: Seconds | None = None
    create_time_lt: Seconds | None = None
    update_time_ge: Seconds | None = None
    update_time_lt: Seconds | None = None
    shipping_type: Literal["TIKTOK", "SELLER"] | None = None
    buyer_user_id: ApiId | None = None
    is_buyer_request_cancel: bool | None = None
    warehouse_ids: tuple[ApiId, ...] = ()


@api_call(
    "POST",
    "/order/202309/orders/search",
    "List orders",
    scope="seller.order.info",
    query=(*PAGING, *SORTING),
    body=OrderSearch,
    body_example={"order_status": "AWAITING_SHIPMENT", "update_time_ge": 1763900000},
    answer=OrdersFound,
    example={"orders": [examples.ORDER], "next_page_token": "", "total_count": 1},
)
async def search_orders(call: Call) -> OrdersFound:
    """Orders by when they were placed, or changed. An order that changes while pages are read comes again on a later one, none is
    left out; `total_count` is exact up to 500, and says "at least" above."""
    filters, sort = call.read(OrderSearch), call.sorting("create_time", "update_time")
    page = call.page(order=sort.text)
    if filters.warehouse_ids and call.shop_id not in filters.warehouse_ids:
        return {"orders": [], "next_page_token": "", "total_count": 0}
    wanted = wanted_of(call, filters)
    count = page.limit if page.after else max(page.limit, COUNTED_MAX)
    async with call.reading() as tx:
        if sort.field == "update_time":
            after = Place(_moment(page), int(page.after[1])) if page.after else None
            found = await polling.by_update(
                tx, wanted, shop_id=call.shop_id, after=after, is_descending=sort.is_descending, limit=page.limit, count=count
            )  # fmt: skip
        else:
            last = int(page.after[1]) if page.after else None
            found = await polling.by_number(
                tx, wanted, shop_id=call.shop_id, after_id=last, is_descending=sort.is_descending, limit=page.limit, count=count
            )  # fmt: skip
        whole = await load_orders(tx, shop_id=call.shop_id, order_ids=[one.id for one in found[: page.size]])
    total = _total(page, found[0].counted if found else 0)
    shown, token = page.cut(found, lambda one: [*_keys(one), _seen(page) + page.size, total])
    orders = [order_of(one, call.settings) for one in whole]
    return {"orders": orders[: len(shown)], "next_page_token": token, "total_count": total}


def wanted_of(call: Call, filters: OrderSearch) -> Wanted:
    """The filters in our words."""
    status = filters.order_status
    told = {
        "created_from": moment_of(filters.create_time_ge), "created_until": moment_of(filters.create_time_lt),
        "updated_from": moment_of(filters.update_time_ge), "updated_until": moment_of(filters.update_time_lt),
    }  # fmt: skip
    is_packed = {PARTLY: True, "AWAITING_SHIPMENT": False}.get(status or "")
    is_own = None
    if filters.shipping_type and call.settings.carrier_url:
        is_own = filters.shipping_type == "SELLER"
    since, until = told["created_from"], told["created_until"]
    return Wanted(
        state=STATE_OF_STATUS[status] if status else None,
        **{name: moment for name, moment in told.items() if moment is not None},
        # Numbers carry the machine's time, which the demo's clock may run ahead of: they bound what is looked through.
        from_id=id_at(since - SLACK - clock.offset(), node=0) if since else 0,
        until_id=id_at(until + SLACK) if until else ID_MAX,
        buyer_id=filters.buyer_user_id,
        is_own=is_own,
        is_packed=is_packed,
        is_asked=filters.is_buyer_request_cancel,
    )


def _moment(page: Page) -> datetime:
    return LONG_AGO + timedelta(microseconds=int((page.after or [0])[0]))


def _keys(one: Seen) -> list[int]:
    return [(one.updated_at - LONG_AGO) // timedelta(microseconds=1), one.id]


def _seen(page: Page) -> int:
    return int(page.after[2]) if page.after else 0


def _total(page: Page, found: int) -> int:
    """How many orders there are, as far as they were counted."""
    return max(int(page.after[3]), _seen(page) + found) if page.after else found


@api_call(
    "GET",
    "/order/202507/orders",
    "Get order detail",
    scope="seller.order.info",
    query=(Param("ids", "Order ids, 50 at most", is_required=True),),
    answer=OrderDetails,
    example={"orders": [examples.ORDER]},
)
async def order_details(call: Call) -> OrderDetails:
    """Whole orders; ids that are no orders of the shop are left out, unless none is one."""
    ids = call.query.ids("ids", most=DETAILS_MAX)
    if not ids:
        raise missing("ids")
    async with call.reading() as tx:
        whole = await load_orders(tx, shop_id=call.shop_id, order_ids=ids)
    if not whole:
        raise Refused(NOT_THIS_SELLERS, "none of these ids is an order of this shop")
    return {"orders": [order_of(one, call.settings) for one in whole]}


class PriceOfLine(TypedDict, total=False):
    """What one unit costs."""

    id: str
    currency: str
    total: str
    payment: str
    sku_list_price: str
    sku_sale_price: str
    subtotal: str
    subtotal_deduction_seller: str
    subtotal_deduction_platform: str
    subtotal_tax_amount: str
    voucher_deduction_platform: str
    voucher_deduction_seller: str
    tax_amount: str
    tax_rate: str
    net_price_amount: str


class PriceDetail(PriceOfLine, total=False):
    """What an order costs, and each of its units."""

    shipping_list_price: str
    shipping_sale_price: str
    shipping_fee_deduction_seller: str
    shipping_fee_deduction_platform: str
    shipping_fee_deduction_platform_voucher: str
    cod_fee: str
    line_items: list[PriceOfLine]


@api_call(
    "GET",
    "/order/202407/orders/{order_id}/price_detail",
    "Get order price detail",
    scope="seller.order.info",
    answer=PriceDetail,
    example=examples.PRICE_DETAIL,
)
async def price_detail(call: Call) -> PriceDetail:
    """What the order cost when it was placed: products, discounts, shipping; prices here are without tax."""
    async with call.reading() as tx:
        order = await order_queries.order_of_shop(tx, shop_id=call.shop_id, order_id=call.path_id("order_id"))
        if order is None:
            raise Refused(NOT_THIS_SELLERS, "order_id in the path is no order of this shop")
        lines = await order_queries.lines_of(tx, shop_id=call.shop_id, order_id=order.id)
    nothing, currency = amount(0, order.currency), order.currency
    shipping = amount(order.shipping_minor, currency)
    return {
        **_price("", currency, order.items_minor, discount_minor=order.discount_minor),
        "total": amount(order.items_minor + order.shipping_minor, currency),
        "payment": amount(order.total_minor, currency),
        "net_price_amount": amount(order.total_minor, currency),
        "shipping_list_price": shipping,
        "shipping_sale_price": shipping,
        "shipping_fee_deduction_seller": nothing,
        "shipping_fee_deduction_platform": nothing,
        "shipping_fee_deduction_platform_voucher": nothing,
        "cod_fee": nothing,
        "line_items": [
            _price(unit.id, currency, unit.line.unit_price_minor) for unit in units_of(lines, [], [], rest_id=None)
        ],
    }


def _price(number: str, currency: str, list_minor: int, *, discount_minor: int = 0) -> PriceDetail:
    listed, paid, nothing = (
        amount(list_minor, currency),
        amount(list_minor - discount_minor, currency),
        amount(0, currency),
    )
    told: PriceDetail = {
        "currency": currency, "total": listed, "payment": paid, "sku_list_price": listed, "sku_sale_price": paid,
        "subtotal": paid, "subtotal_deduction_seller": nothing, "subtotal_deduction_platform": nothing,
        "subtotal_tax_amount": nothing, "voucher_deduction_platform": nothing,
        "voucher_deduction_seller": amount(discount_minor, currency), "tax_amount": nothing, "tax_rate": "0",
        "net_price_amount": paid,
    }  # fmt: skip
    return {"id": number, **told} if number else told
