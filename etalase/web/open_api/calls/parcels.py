"""What follows shipping: labels, tracking, corrected numbers, delivery by the shop's own courier."""

from typing import Any, Final, Literal

from typing_extensions import TypedDict

from etalase.commerce.catalog import queries as catalog
from etalase.commerce.shipping import actions, papers, queries, tracking
from etalase.commerce.shipping.queries import Parcel
from etalase.commerce.shipping.rules import STATUSES
from etalase.web.open_api.call import Call
from etalase.web.open_api.calls.shipping import SelfShipment, own_number_plan
from etalase.web.open_api.documents import address_of_document
from etalase.web.open_api.order_view import load_orders
from etalase.web.open_api.packages import find, refusing
from etalase.web.open_api.refusals import (
    NOT_OFFERED_HERE,
    NOT_THIS_SELLERS,
    PACKAGE_NOT_POSSIBLE,
    PARAMETER_NOT_VALID,
    Refused,
    not_valid,
)
from etalase.web.open_api.registry import Param, api_call, not_yet
from etalase.web.open_api.shapes import Failure, Nothing
from etalase.web.open_api.values import ApiId, Body, millis
from etalase.web.printing.sheet import Papers

DOCUMENTS: Final = {
    "SHIPPING_LABEL": Papers.LABELS,
    "SHIPPING_LABEL_PICTURE": Papers.LABELS,
    "PACKING_SLIP": Papers.SLIPS,
    "SHIPPING_LABEL_AND_PACKING_SLIP": Papers.BOTH,
    "SHIPPING_LABEL_PDF": Papers.LABELS,
}
DELIVERED_MAX: Final = 100


class ShippingDocument(TypedDict, total=False):
    """Where the PDF is for a day."""

    doc_url: str
    tracking_number: str | None


class TrackingEvent(TypedDict):
    """One thing that happened on the way."""

    description: str
    update_time_millis: int | None
    action_code: int


class Tracking(TypedDict):
    """What happened on the way, the newest first."""

    tracking: list[TrackingEvent]


class ShippingInfo(Body):
    """The corrected number; versions of this call differ in the body, all are taken."""

    tracking_number: str = ""
    shipping_provider_id: str = ""
    shipping_info_list: tuple[SelfShipment, ...] = ()


class PackageDelivered(Body):
    """What became of a package that the shop's own courier brings."""

    id: ApiId
    delivery_type: Literal["DELIVERY_SUCCESS", "DELIVERY_FAILED", "UPDATE_POD"]
    fail_delivery_reason: str = ""
    file_url: str = ""


class PackagesDelivered(Body):
    """What became of packages."""

    packages: tuple[PackageDelivered, ...]


class DeliveryFailures(TypedDict, total=False):
    """What was not taken in; without errors all was."""

    errors: list[Failure]


@api_call(
    "GET",
    "/fulfillment/202309/packages/{package_id}/shipping_documents",
    "Get a package's shipping document",
    scope="seller.fulfillment.basic",
    query=(
        Param("document_type", ", ".join(DOCUMENTS), is_required=True),
        Param("document_size", "A6 (A5 gets A6, too)"),
        Param("document_format", "PDF"),
    ),
    answer=ShippingDocument,
    example={"doc_url": "https://shop.example/documents/WzU3NjQ2.pdf", "tracking_number": "011540032186220"},
)
async def shipping_document(call: Call) -> ShippingDocument:
    """The label, the packing slip, or both, as a PDF; the address works for a day, and a new one is made at each call."""
    which = DOCUMENTS[call.query.choice("document_type", list(DOCUMENTS), "SHIPPING_LABEL")]
    if call.query.choice("document_format", ("PDF", "ZPL"), "PDF") != "PDF":
        raise Refused(NOT_OFFERED_HERE, "documents are PDF: ask for document_format=PDF")
    async with call.reading() as tx:
        package = await find(tx, shop_id=call.shop_id, package_id=call.path_id("package_id"))
    parcel = package.parcel
    if parcel is None:
        raise Refused(PACKAGE_NOT_POSSIBLE, "there is no label yet: ship the package first")
    if not parcel.is_printable:
        raise Refused(PACKAGE_NOT_POSSIBLE, _why_no_label(parcel))
    await papers.mark_printed(
        call.db, shop_id=call.shop_id, parcel_ids=[parcel.id], labels=which is not Papers.SLIPS,
        slips=which is not Papers.LABELS, by=call.by,
    )  # fmt: skip
    return {
        "doc_url": address_of_document(call.settings, shop_id=call.shop_id, parcel_id=parcel.id, which=which, at=call.at),
        "tracking_number": parcel.tracking_number,
    }  # fmt: skip


def _why_no_label(parcel: Parcel) -> str:
    if parcel.booking == "refused":
        return (
            f"there is no label: the carrier refused the package ({parcel.booking_note}); undo it in the Seller Center"
        )
    if parcel.booking == "waiting" and parcel.is_open:
        return "there is no label yet: the carrier has not given its number; ask again in some seconds"
    return "there is no label: the package is cancelled"


@api_call(
    "GET",
    "/fulfillment/202309/orders/{order_id}/tracking",
    "Get tracking of an order",
    scope="seller.fulfillment.basic",
    answer=Tracking,
    example={
        "tracking": [{"description": "Collected by the courier", "update_time_millis": 1763953200000, "action_code": 2}]
    },
)
async def order_tracking(call: Call) -> Tracking:
    """What carriers reported about the order's parcels, the newest first; action_code 1 is booked, 2 collected, 3 in transit, 4 out for
    delivery, 5 a failed attempt, 6 delivered, 7 returned, 8 lost."""
    order_id = call.path_id("order_id")
    async with call.reading() as tx:
        whole = await load_orders(tx, shop_id=call.shop_id, order_ids=[order_id])
        if not whole:
            raise Refused(NOT_THIS_SELLERS, "order_id in the path is no order of this shop")
        events = await queries.events_of_order(tx, shop_id=call.shop_id, order_id=order_id)
    own = {parcel.id for parcel in whole[0].parcels}  # not those of its returns
    return {
        "tracking": [
            {
                "description": ", ".join(filter(None, (event.description or event.status, event.place))),
                "update_time_millis": millis(event.occurred_at),
                "action_code": STATUSES.index(event.status) + 1,
            }
            for event in events
            if event.parcel_id in own
        ]
    }


@api_call(
    "POST",
    "/fulfillment/202309/orders/{order_id}/shipping_info/update",
    "Update shipping info of an order",
    scope="seller.fulfillment.package.write",
    body=ShippingInfo,
    body_example={"tracking_number": "011540032186220", "shipping_provider_id": "412345678901234567"},
    answer=Nothing,
)
async def update_order_shipping(call: Call) -> Nothing:
    """Correct the number of the order's package, as in the Seller Center; the former one is kept."""
    order_id = call.path_id("order_id")
    async with call.reading() as tx:
        whole = await load_orders(tx, shop_id=call.shop_id, order_ids=[order_id])
    if not whole:
        raise Refused(NOT_THIS_SELLERS, "order_id in the path is no order of this shop")
    parcels = [parcel for parcel in whole[0].live if parcel.is_open]
    if len(parcels) != 1:
        words = "the order has no package under way" if not parcels else "the order has several packages: update each"
        raise Refused(PACKAGE_NOT_POSSIBLE, words)
    await _correct(call, parcels[0], whole[0].order.delivery)
    return {}


@api_call(
    "POST",
    "/fulfillment/202610/packages/{package_id}/shipping_info/update",
    "Update shipping info of a package",
    scope="seller.fulfillment.package.write",
    body=ShippingInfo,
    body_example={
        "shipping_info_list": [{"tracking_number": "011540032186220", "shipping_provider_id": "412345678901234567"}]
    },
    answer=Nothing,
)
async def update_package_shipping(call: Call) -> Nothing:
    """Correct the number of a package, and who carries it; the former number is kept."""
    async with call.reading() as tx:
        package = await find(tx, shop_id=call.shop_id, package_id=call.path_id("package_id"))
    if package.parcel is None:
        raise Refused(PACKAGE_NOT_POSSIBLE, "the package is not shipped yet")
    await _correct(call, package.parcel, package.order.delivery)
    return {}


async def _correct(call: Call, parcel: Parcel, delivery: dict[str, Any]) -> None:
    told = call.read(ShippingInfo)
    shipment = next(iter(told.shipping_info_list), None) or SelfShipment(
        tracking_number=told.tracking_number, shipping_provider_id=told.shipping_provider_id
    )
    if parcel.method != "own_number":
        raise Refused(PACKAGE_NOT_POSSIBLE, "the carrier issues this package's number itself")
    if not shipment.tracking_number:
        raise Refused(PARAMETER_NOT_VALID, "param body.tracking_number is missing")
    async with call.reading() as tx:
        (shop,) = await catalog.shops_by_id(tx, [call.shop_id])
    now = {**delivery, "carrier": parcel.carrier, "service": parcel.service}
    plan = own_number_plan(shipment, now, carriers=shop.carriers)
    with refusing():
        await actions.correct_number(
            call.db, shop_id=call.shop_id, parcel_id=parcel.id, number=plan.tracking_number or "",
            carrier=(plan.carrier, plan.service), by=call.by,
        )  # fmt: skip


@api_call(
    "POST",
    "/fulfillment/202309/packages/deliver",
    "Update package delivery status",
    scope="seller.delivery.status.write",
    body=PackagesDelivered,
    body_example={"packages": [{"id": "576461413038785752", "delivery_type": "DELIVERY_SUCCESS"}]},
    answer=DeliveryFailures,
    example={
        "errors": [
            {"code": 10007014, "message": "the carrier reports about this package", "detail": {"package_id": "5764"}}
        ]
    },
)
async def deliver(call: Call) -> DeliveryFailures:
    """Report packages of the shop's own courier, or of carriers that don't report, as delivered. Failed attempts and proofs of delivery
    are not kept."""
    told = call.read(PackagesDelivered).packages
    if not 1 <= len(told) <= DELIVERED_MAX:
        raise not_valid("body.packages", f"hold 1 to {DELIVERED_MAX} packages")
    errors: list[Failure] = []
    for one in told:
        try:
            await _deliver(call, one)
        except Refused as refused:
            errors.append({"code": refused.code, "message": refused.message, "detail": {"package_id": str(one.id)}})
    return {"errors": errors}


async def _deliver(call: Call, one: PackageDelivered) -> None:
    if one.delivery_type != "DELIVERY_SUCCESS":
        raise Refused(NOT_OFFERED_HERE, "only DELIVERY_SUCCESS is taken: failed attempts and proofs are not kept")
    async with call.reading() as tx:
        await find(tx, shop_id=call.shop_id, package_id=one.id)
    with refusing():
        await tracking.deliver_by_hand(call.db, shop_id=call.shop_id, parcel_id=one.id, by=call.by, received_by="")


for path, summary in (
    ("/fulfillment/202309/files/upload", "Upload a proof of delivery (file)"),
    ("/fulfillment/202309/images/upload", "Upload a proof of delivery (picture)"),
):
    not_yet(
        "POST", path, summary, scope="seller.delivery.status.write", because="Proofs of delivery are not kept here."
    )
for path, summary in (
    ("/fulfillment/202512/packages", "Create packages"),
    ("/fulfillment/202309/orders/{order_id}/shipping_services/query", "Get eligible shipping services"),
):
    not_yet(
        "POST", path, summary, scope="seller.fulfillment.package.write",
        because="Labels are not bought one by one here: the buyer has chosen the carrier, so ship the order's package.",
    )  # fmt: skip
