"""By which numbers other programs of the seller know orders."""

from typing import Final, Literal, get_args

from typing_extensions import TypedDict

from etalase.commerce.orders import queries as orders
from etalase.commerce.orders.polling import actions, queries
from etalase.commerce.orders.polling.actions import EXTERNAL_ID_CHARS_MAX
from etalase.commerce.orders.polling.queries import ExternalOrder
from etalase.foundation.ids import parse_id
from etalase.web.open_api.call import Call
from etalase.web.open_api.refusals import ORDER_ID_NOT_VALID, Refused, missing, not_valid
from etalase.web.open_api.registry import Param, api_call
from etalase.web.open_api.values import Body

ORDERS_MAX: Final = 100
Platform = Literal[
    "SHOPIFY", "WOOCOMMERCE", "BIGCOMMERCE", "MAGENTO", "SALESFORCE_COMMERCE_CLOUD", "CHANNEL_ADVISOR", "AMAZON",
    "ORDER_MANAGEMENT_SYSTEM", "WAREHOUSE_MANAGEMENT_SYSTEM", "ERP_SYSTEM",
]  # fmt: skip
PLATFORMS: Final[tuple[str, ...]] = get_args(Platform)
PLATFORM: Final = Param("platform", f"The kind of program: {', '.join(PLATFORMS)}", is_required=True)


class LineReference(Body):
    """A line there, and here."""

    id: str
    origin_id: str


class OrderThere(Body):
    """An order as another program knows it."""

    id: str
    platform: Platform
    line_items: tuple[LineReference, ...] = ()


class OrderReference(Body):
    """An order here, and there."""

    id: str
    external_order: OrderThere


class ReferencesToAdd(Body):
    """Which orders are known there by which numbers."""

    orders: tuple[OrderReference, ...]


class ExternalLine(TypedDict):
    """A line there (`id`), and here (`origin_id`)."""

    id: str
    origin_id: str


class ExternalOrderShown(TypedDict, total=False):
    """An order as another program knows it."""

    id: str
    platform: str
    line_items: list[ExternalLine]


class ReferenceDetail(TypedDict, total=False):
    """Which order was not found."""

    order_id: str
    external_order: ExternalOrderShown


class ReferenceFailure(TypedDict):
    """A reference that was not kept."""

    code: str
    message: str
    detail: ReferenceDetail


class ReferencesAdded(TypedDict, total=False):
    """What was not kept; without errors all was."""

    errors: list[ReferenceFailure]


class References(TypedDict):
    """How a program knows an order."""

    external_orders: list[ExternalOrderShown]


class ReferencedOrder(TypedDict):
    """An order that a program knows by the number."""

    id: str
    external_order: ExternalOrderShown


class ReferencedOrders(TypedDict):
    """The orders that a program knows by the number."""

    orders: list[ReferencedOrder]


EXAMPLE: Final[ExternalOrderShown] = {
    "id": "SO-2025-0017", "platform": "ERP_SYSTEM", "line_items": [{"id": "1", "origin_id": "576461413038785753"}],
}  # fmt: skip


@api_call(
    "POST",
    "/order/202406/orders/external_orders",
    "Add external order references",
    scope="seller.order.info",
    body=ReferencesToAdd,
    body_example={"orders": [{"id": "576461413038785752", "external_order": dict(EXAMPLE)}]},
    answer=ReferencesAdded,
    example={
        "errors": [
            {"code": "36020001", "message": "no order of this shop", "detail": {"order_id": "1", "external_order": {"id": "7", "platform": "ERP_SYSTEM"}}}
        ]
    },
)  # fmt: skip
async def add_references(call: Call) -> ReferencesAdded:
    """Keep by which numbers another program knows orders; a new number of the same kind of program replaces its former one."""
    told = call.read(ReferencesToAdd).orders
    if not 1 <= len(told) <= ORDERS_MAX:
        raise not_valid("body.orders", f"hold 1 to {ORDERS_MAX} orders")
    if any(not 0 < len(one.external_order.id) <= EXTERNAL_ID_CHARS_MAX for one in told):
        raise not_valid("body.orders[].external_order.id", f"have 1 to {EXTERNAL_ID_CHARS_MAX} characters")
    last = {(_number(one.id), one.external_order.platform): one for one in told if _number(one.id)}
    references = [
        ExternalOrder(
            number, platform, one.external_order.id, [[line.id, line.origin_id] for line in one.external_order.line_items]
        )
        for (number, platform), one in last.items()
    ]  # fmt: skip
    known = await actions.add_external_orders(call.db, shop_id=call.shop_id, references=references, by=call.by)
    return {"errors": [_failure(one) for one in told if _number(one.id) not in known]}


def _number(text: str) -> int:
    return parse_id(text) or 0


def _failure(one: OrderReference) -> ReferenceFailure:
    there: ExternalOrderShown = {"id": one.external_order.id, "platform": one.external_order.platform}
    return {
        "code": str(ORDER_ID_NOT_VALID),
        "message": "no order of this shop",
        "detail": {"order_id": one.id, "external_order": there},
    }


@api_call(
    "GET",
    "/order/202406/orders/{order_id}/external_orders",
    "Get external order references",
    scope="seller.order.info",
    query=(PLATFORM,),
    answer=References,
    example={"external_orders": [EXAMPLE]},
)
async def references_of(call: Call) -> References:
    """By which number a kind of program knows the order."""
    platform = _platform(call)
    order_id = call.path_id("order_id")
    async with call.reading() as tx:
        if not await orders.some_orders(tx, shop_id=call.shop_id, order_ids=[order_id]):
            raise Refused(ORDER_ID_NOT_VALID, "order_id in the path is no order of this shop")
        found = await queries.external_orders_of(tx, shop_id=call.shop_id, order_id=order_id, platform=platform)
    return {"external_orders": [_shown(one) for one in found]}


@api_call(
    "POST",
    "/order/202406/orders/external_order_search",
    "Search orders by external order reference",
    scope="seller.order.info",
    query=(PLATFORM, Param("external_order_id", "The number there", is_required=True)),
    answer=ReferencedOrders,
    example={"orders": [{"id": "576461413038785752", "external_order": EXAMPLE}]},
)
async def search_references(call: Call) -> ReferencedOrders:
    """The orders that a kind of program knows by a number."""
    platform, number = _platform(call), call.query.needed("external_order_id")
    async with call.reading() as tx:
        found = await queries.orders_by_external(tx, shop_id=call.shop_id, platform=platform, external_id=number)
    return {"orders": [{"id": str(one.order_id), "external_order": _shown(one)} for one in found]}


def _platform(call: Call) -> str:
    platform = call.query.choice("platform", PLATFORMS)
    if not platform:
        raise missing("platform")
    return platform


def _shown(one: ExternalOrder) -> ExternalOrderShown:
    lines: list[ExternalLine] = [{"id": theirs, "origin_id": ours} for theirs, ours in one.lines]
    return {"id": one.external_id, "platform": one.platform, "line_items": lines}
