"""Fulfilment by the Open API, driven by a client that others wrote, with the sandbox carrier really running."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from pydantic import SecretStr
from tiktok_shop_api import AsyncTikTokShop, TikTokShopError
from tiktok_shop_api.generated import models as m

from etalase.commerce.orders import queries as orders
from etalase.commerce.shipping import queries as parcels
from etalase.commerce.shipping import tracking
from etalase.foundation import clock
from etalase.foundation.facts import RecordedFact
from etalase.foundation.sql import Db
from etalase.integrations.carriers import booking
from etalase.integrations.carriers.gateway import carrier_gateway
from etalase.settings import Settings
from etalase.web.open_api.logistics_ids import provider_id
from tests.builders.accounts import MadeShop
from tests.builders.open_api import Connector, data_of
from tests.builders.shipping import Ready, a_number, a_report, arranged, ready_order
from tests.demo.peers_process import KEY, Peers

PACKAGES = "/fulfillment/202309/packages"


@pytest.fixture(scope="module")
def peers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peers]:
    """The sandbox carrier; nobody takes its webhooks."""
    running = Peers(tmp_path_factory.mktemp("peers") / "state.db", shop_url="http://127.0.0.1:9")
    yield running
    running.stop()


@pytest.fixture
def settings(settings: Settings, peers: Peers) -> Settings:
    """An installation with a connection to carriers."""
    return settings.model_copy(update={"carrier_url": peers.carrier_url, "sandbox_secret": SecretStr(KEY)})


@pytest.fixture
async def program(connector: Connector, origin: str):  # type: ignore[no-untyped-def]
    """A client that others wrote, for the shop."""
    async with AsyncTikTokShop(connector.key, connector.secret, access_token=connector.token, base_url=origin) as bare:
        yield bare.with_shop(shop_cipher=connector.cipher)


async def ready_in(db: Db, shop: MadeShop, **how: Any) -> Ready:
    """An order of the shop that waits for shipment."""
    return await ready_order(db, shop=(shop.shop_id, shop.owner.id), **how)


async def book(db: Db, settings: Settings, shop: MadeShop, parcel_id: int) -> None:
    """What the worker does after a parcel is arranged."""
    async with db.for_shop(shop.shop_id).reading() as tx:
        parcel = await parcels.parcel_of_shop(tx, shop_id=shop.shop_id, parcel_id=parcel_id)
        assert parcel is not None
        facts = await orders.timeline_of(tx, shop_id=shop.shop_id, order_id=parcel.order_id)
    fact: RecordedFact = next(one for one in facts if one.name == "parcel.arranged" and one.subject_id == parcel_id)
    async with carrier_gateway(settings) as gateway:
        await booking.book(db, fact, gateway=gateway)


def refused(error: pytest.ExceptionInfo[TikTokShopError], code: int, words: str) -> None:
    assert error.value.code == code
    assert words in str(error.value)


async def test_the_sandbox_carrier_picks_up_and_the_label_is_a_pdf(
    db: Db, settings: Settings, shop: MadeShop, program: AsyncTikTokShop, client: httpx.AsyncClient
) -> None:
    ready = await ready_in(db, shop)
    number = str(ready.order_id)
    (waiting,) = data_of(
        await program.fulfillment.search_package(
            page_size=10, body=m.SearchPackageRequest(package_status=m.SearchPackageRequestPackageStatus.TO_FULFILL)
        )
    ).packages
    assert (waiting.id, len(waiting.order_line_item_ids)) == (number, 3)
    slots = data_of(await program.fulfillment.get_package_handover_time_slots(number))
    assert (slots.can_pickup, slots.can_drop_off) == (True, True)
    slot = slots.pickup_slots[0]
    label = "SHIPPING_LABEL"
    with pytest.raises(TikTokShopError) as early:
        await program.fulfillment.get_package_shipping_document(number, document_type=label)
    refused(early, 10007014, "ship the package first")
    how = m.ShipPackageRequest(
        handover_method=m.ShipPackageRequestHandoverMethod.PICKUP,
        pickup_slot=m.PickupSlot(start_time=slot.start_time, end_time=slot.end_time),
    )
    for _ in range(2):
        await program.fulfillment.ship_package(number, body=how)
    with pytest.raises(TikTokShopError) as soon:
        await program.fulfillment.get_package_shipping_document(number, document_type=label)
    refused(soon, 10007014, "ask again")
    await book(db, settings, shop, ready.order_id)
    detail = data_of(await program.fulfillment.get_package_detail(number))
    assert (detail.package_status, detail.handover_method, detail.shipping_type) == ("PROCESSING", "PICKUP", "TIKTOK")
    assert detail.pickup_slot.start_time == slot.start_time
    document = data_of(await program.fulfillment.get_package_shipping_document(number, document_type=label))
    assert document.tracking_number == detail.tracking_number
    path = urlsplit(document.doc_url).path
    page = await client.get(path)
    assert page.headers["content-type"] == "application/pdf"
    assert page.content.startswith(b"%PDF-")
    assert (await client.get(path.replace("documents/", "documents/A"))).status_code == 404
    clock.set_offset(timedelta(hours=25))
    assert (await client.get(path)).status_code == 404


async def test_a_number_of_the_sellers_own_and_its_way(
    db: Db, settings: Settings, shop: MadeShop, program: AsyncTikTokShop
) -> None:
    ready = await ready_in(db, shop)
    number, wrong, right = str(ready.order_id), a_number(), a_number()
    jne = provider_id("jne")
    mine = m.SelfShipment(tracking_number="no number of JNE", shipping_provider_id=jne)
    with pytest.raises(TikTokShopError) as odd:
        await program.fulfillment.ship_package(number, body=m.ShipPackageRequest(self_shipment=mine))
    refused(odd, 98001004, "for example")
    mine = m.SelfShipment(tracking_number=wrong, shipping_provider_id=jne)
    await program.fulfillment.ship_package(number, body=m.ShipPackageRequest(self_shipment=mine))
    found = data_of(await program.orders.get_order_detail(ids=[number])).orders[0]
    assert (found.status, found.tracking_number, found.shipping_type) == ("AWAITING_COLLECTION", wrong, "SELLER")
    body = m.UpdateOrderShippingInfoRequest(tracking_number=right, shipping_provider_id=jne)
    await program.fulfillment.update_order_shipping_info(number, body=body)
    sicepat = m.ShippingInfoList(tracking_number="000123456789", shipping_provider_id=provider_id("sicepat"))
    await program.fulfillment.update_package_shipping_info(
        number, body=m.UpdatePackageShippingInfoRequest(shipping_info_list=[sicepat])
    )
    detail = data_of(await program.fulfillment.get_package_detail(number))
    assert (detail.tracking_number, detail.shipping_provider_name) == ("000123456789", "SiCepat")
    tracking = data_of(await program.fulfillment.get_order_tracking(number))
    assert not tracking.tracking


async def test_tracking_is_told_and_packages_are_found_by_when_they_changed(
    db: Db, shop: MadeShop, connector: Connector, program: AsyncTikTokShop
) -> None:
    first, second = await ready_in(db, shop), await ready_in(db, shop)
    parcel = await arranged(db, first)
    await tracking.record_tracking(db, a_report(parcel, "collected"), vendor="x", parcel=(shop.shop_id, parcel.id))
    (event,) = data_of(await program.fulfillment.get_order_tracking(str(first.order_id))).tracking
    assert (event.action_code, event.description) == (2, "Collected by the courier, Bandung")
    seen: list[str] = []
    for way in ("ASC", "DESC"):
        token = ""
        for _ in range(2):
            query = {"page_size": "1", "sort_field": "update_time", "sort_order": way}
            page = await connector.call("POST", f"{PACKAGES}/search", query | ({"page_token": token} if token else {}))
            assert page["total_count"] == 2
            seen += [one["id"] for one in page["packages"]]
            token = page["next_page_token"]
        assert token == ""
    assert seen == [str(one) for one in (second.order_id, first.order_id, first.order_id, second.order_id)]
    moving = await connector.call("POST", f"{PACKAGES}/search", body={"package_status": "FULFILLING"})
    assert [one["id"] for one in moving["packages"]] == [str(parcel.id)]
    none = await connector.call("POST", f"{PACKAGES}/search", body={"create_time_lt": 1690000000})
    assert none["packages"] == []


async def test_split_and_ship_one_of_many(db: Db, shop: MadeShop, program: AsyncTikTokShop) -> None:
    ready = await ready_in(db, shop, quantities=(2, 1))
    number = str(ready.order_id)
    (attribute,) = data_of(await program.fulfillment.get_order_split_attributes(order_ids=[number])).split_attributes
    assert attribute.can_split
    items = data_of(await program.orders.get_order_detail(ids=[number])).orders[0].line_items
    group = m.ConfirmOrderSplitRequestSplittableGroup(id="7", order_line_item_ids=[items[0].id])
    made = data_of(
        await program.fulfillment.confirm_order_split(
            number, body=m.ConfirmOrderSplitRequest(splittable_groups=[group])
        )
    ).packages
    assert made[0].splittable_group_id == "7"
    assert len(made) == 2
    mine = m.BatchShipPackagesRequestPackage(
        id=made[0].id, self_shipment=m.SelfShipment(tracking_number=a_number(), shipping_provider_id=provider_id("jne"))
    )
    gone = m.BatchShipPackagesRequestPackage(
        id="12345", handover_method=m.BatchShipPackagesRequestPackageHandoverMethod.DROP_OFF
    )
    told = data_of(
        await program.fulfillment.batch_ship_packages(body=m.BatchShipPackagesRequest(packages=[mine, gone]))
    )
    assert [(one.code, one.detail.package_id) for one in told.errors] == [(21008111, "12345")]
    order = data_of(await program.orders.get_order_detail(ids=[number])).orders[0]
    assert (order.status, order.split_or_combine_tag) == ("PARTIALLY_SHIPPING", "SPLIT")


async def test_mark_as_shipped(db: Db, shop: MadeShop, program: AsyncTikTokShop) -> None:
    whole = await ready_in(db, shop, quantities=(2,))
    units = data_of(await program.orders.get_order_detail(ids=[str(whole.order_id)])).orders[0].line_items
    body = m.MarkPackageAsShippedRequest(
        order_line_list=[m.ConfirmOrderSplitRequestSplittableGroupsV2OrderLineList(order_line_id=units[1].id)],
        shipping_info_list=[m.ShippingInfoList(tracking_number=a_number(), shipping_provider_id=provider_id("jne"))],
    )
    marked = data_of(await program.fulfillment.mark_package_as_shipped(str(whole.order_id), body=body))
    assert (marked.package_id, marked.order_line_item_ids) == (str(whole.order_id), [units[1].id])


async def test_combine_and_take_apart(db: Db, shop: MadeShop, program: AsyncTikTokShop) -> None:
    first = await ready_in(db, shop, quantities=(1,))
    pair = [first, *[await ready_in(db, shop, buyer_id=first.buyer_id, quantities=(1,)) for _ in range(2)]]
    (can,) = data_of(await program.fulfillment.search_combinable_packages(page_size=10)).combinable_packages
    assert can.order_ids == [str(one.order_id) for one in pair]
    combination = m.CombinePackageRequestCombinablePackage(id=can.id, order_ids=can.order_ids)
    (one,) = data_of(
        await program.fulfillment.combine_package(body=m.CombinePackageRequest(combinable_packages=[combination]))
    ).packages
    assert one.order_ids == can.order_ids
    out = m.UncombinePackagesRequest(order_ids=[can.order_ids[0]])
    left = data_of(await program.fulfillment.uncombine_packages(one.id, body=out)).packages
    assert sorted(part.order_ids for part in left) == sorted([[can.order_ids[0]], can.order_ids[1:]])
    detail = data_of(await program.fulfillment.get_package_detail(one.id))
    assert detail.split_and_combine_tag == "COMBINE"


async def test_the_shops_own_courier_reports(db: Db, shop: MadeShop, program: AsyncTikTokShop) -> None:
    ready = await ready_in(db, shop)
    mine = m.SelfShipment(tracking_number="", shipping_provider_id=provider_id("own"))
    await program.fulfillment.ship_package(str(ready.order_id), body=m.ShipPackageRequest(self_shipment=mine))
    package = m.UpdatePackageDeliveryStatusRequestPackage(
        id=str(ready.order_id), delivery_type=m.UpdatePackageDeliveryStatusRequestPackageDeliveryType.DELIVERY_SUCCESS
    )
    told = await program.fulfillment.update_package_delivery_status(
        body=m.UpdatePackageDeliveryStatusRequest(packages=[package])
    )
    assert not getattr(data_of(told), "errors", None)
    assert data_of(await program.orders.get_order_detail(ids=[str(ready.order_id)])).orders[0].status == "DELIVERED"
