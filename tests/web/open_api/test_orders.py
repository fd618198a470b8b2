"""Orders by the Open API: whole, in pages that stay put, by the numbers of other programs; a client that others wrote reads them."""

import httpx
import pytest
from fastapi import FastAPI
from tiktok_shop_api import AsyncTikTokShop
from tiktok_shop_api.generated.models import (
    AddExternalOrderReferencesRequest,
    AddExternalOrderReferencesRequestOrder,
    AddExternalOrderReferencesRequestOrderExternalOrder,
    AddExternalOrderReferencesRequestOrderExternalOrderPlatform,
    GetExternalOrderReferencesPlatform,
    GetOrderListRequest,
    GetOrderListRequestOrderStatus,
    GetOrderListSortField,
    GetOrderListSortOrder,
    SearchOrdersByExternalOrderReferencePlatform,
)

from etalase.commerce.orders import actions as orders
from etalase.commerce.shipping import actions as shipping
from etalase.commerce.shipping import packing
from etalase.foundation.facts import Actor
from etalase.foundation.sql import Db
from tests.builders.accounts import MadeShop, make_shop
from tests.builders.open_api import Connector, data_of, make_connector
from tests.builders.orders import pay, place_order
from tests.builders.shipping import Ready, arranged, ready_order
from tests.builders.stall import make_stall

SEARCH = "/order/202309/orders/search"
ORDERS = "/order/202507/orders"


@pytest.fixture
async def program(connector: Connector, origin: str):  # type: ignore[no-untyped-def]
    """A client that others wrote, for the shop."""
    async with AsyncTikTokShop(connector.key, connector.secret, access_token=connector.token, base_url=origin) as bare:
        yield bare.with_shop(shop_cipher=connector.cipher)


async def ready_in(db: Db, shop: MadeShop, **how: object) -> Ready:
    """An order of the shop that waits for shipment."""
    return await ready_order(db, shop=(shop.shop_id, shop.owner.id), **how)  # type: ignore[arg-type]


async def order_of(connector: Connector, ready: Ready) -> dict:  # type: ignore[type-arg]
    (order,) = (await connector.call("GET", ORDERS, {"ids": str(ready.order_id)}))["orders"]
    return order  # type: ignore[no-any-return]


async def test_a_client_reads_orders(db: Db, shop: MadeShop, program: AsyncTikTokShop) -> None:
    ready = await ready_in(db, shop)
    status = GetOrderListRequestOrderStatus.AWAITING_SHIPMENT
    found = data_of(
        await program.orders.get_order_list(
            page_size=20, sort_field=GetOrderListSortField.UPDATE_TIME, sort_order=GetOrderListSortOrder.ASC,
            body=GetOrderListRequest(order_status=status, create_time_ge=1690000000, update_time_ge=1690000000),
        )
    )  # fmt: skip
    assert (found.total_count, found.next_page_token) == (1, "")
    (order,) = found.orders
    assert order.id == str(ready.order_id)
    assert len(order.line_items) == 3, "one for each unit"
    assert len({item.id for item in order.line_items}) == 3
    assert {item.package_id for item in order.line_items} == {order.packages[0].id}
    assert (order.payment.sub_total, order.payment.shipping_fee, order.payment.total_amount) == (
        "150000",
        "12000",
        "162000",
    )
    assert order.recipient_address.name == "Rina Wijaya"
    assert [one.address_level for one in order.recipient_address.district_info] == ["L0", "L1", "L2", "L3"]
    assert order.rts_sla_time > order.create_time
    whole = data_of(await program.orders.get_order_detail(ids=[str(ready.order_id), "2"])).orders
    assert [one.status for one in whole] == ["AWAITING_SHIPMENT"]
    price = data_of(await program.orders.get_order_price_details(str(ready.order_id)))
    assert (price.payment, price.shipping_list_price, len(price.line_items)) == ("162000", "12000", 3)
    assert sum(int(item.subtotal) for item in price.line_items) == int(price.subtotal)


async def test_a_client_keeps_its_own_numbers(db: Db, shop: MadeShop, program: AsyncTikTokShop) -> None:
    ready = await ready_in(db, shop)
    erp = AddExternalOrderReferencesRequestOrderExternalOrderPlatform.ERP_SYSTEM

    async def add(order_id: str, number: str) -> list[object]:
        there = AddExternalOrderReferencesRequestOrderExternalOrder(id=number, platform=erp, line_items=[])
        one = AddExternalOrderReferencesRequestOrder(id=order_id, external_order=there)
        told = await program.orders.add_external_order_references(body=AddExternalOrderReferencesRequest(orders=[one]))
        return list(getattr(data_of(told), "errors", None) or [])

    assert not await add(str(ready.order_id), "SO-1")
    assert not await add(str(ready.order_id), "SO-2")
    (error,) = await add("77", "SO-3")
    assert error.code == "36020001"  # type: ignore[attr-defined]
    kept = await program.orders.get_external_order_references(
        str(ready.order_id), platform=GetExternalOrderReferencesPlatform.ERP_SYSTEM
    )
    assert [one.id for one in data_of(kept).external_orders] == ["SO-2"]
    found = await program.orders.search_orders_by_external_order_reference(
        platform=SearchOrdersByExternalOrderReferencePlatform.ERP_SYSTEM, external_order_id="SO-2"
    )
    assert [one.id for one in data_of(found).orders] == [str(ready.order_id)]


async def test_what_happens_to_parcels_is_told_by_the_order(db: Db, shop: MadeShop, connector: Connector) -> None:
    ready = await ready_in(db, shop, quantities=(2, 1))
    by = Actor.seller(shop.owner.id)
    before = await order_of(connector, ready)
    assert before["packages"] == [{"id": str(ready.order_id)}]
    parcel = await arranged(db, ready, lines={ready.lines[0]: 1})
    partly = await order_of(connector, ready)
    assert partly["status"] == "PARTIALLY_SHIPPING"
    assert partly["tracking_number"] == parcel.tracking_number
    assert [item["package_status"] for item in partly["line_items"]] == ["PROCESSING", "TO_FULFILL", "TO_FULFILL"]
    rest = partly["packages"][1]["id"]
    assert partly["split_or_combine_tag"] == "SPLIT"
    await shipping.undo(db, shop_id=shop.shop_id, parcel_id=parcel.id, by=by)
    assert (await order_of(connector, ready))["packages"] == [{"id": rest}], "the number that was said stays"
    plans = await packing.split(db, shop_id=shop.shop_id, order_id=ready.order_id, groups=[{ready.lines[0]: 2}], by=by)
    split = await order_of(connector, ready)
    assert split["packages"] == [{"id": str(plan.id)} for plan in plans]
    assert split["status"] == "AWAITING_SHIPMENT"
    for status, ids in (("PARTIALLY_SHIPPING", []), ("AWAITING_SHIPMENT", [str(ready.order_id)])):
        found = await connector.call("POST", SEARCH, body={"order_status": status})
        assert [one["id"] for one in found["orders"]] == ids


@pytest.mark.parametrize("field", ["create_time", "update_time"])
@pytest.mark.parametrize("way", ["ASC", "DESC"])
async def test_pages_join(db: Db, shop: MadeShop, connector: Connector, field: str, way: str) -> None:
    made = [await ready_in(db, shop, quantities=(1,)) for _ in range(5)]
    await orders.write_seller_note(
        db, shop_id=shop.shop_id, order_id=made[0].order_id, note="changed last", by=Actor.seller(shop.owner.id)
    )
    ids = [one.order_id for one in made]
    wanted = ids if field == "create_time" else [*ids[1:], ids[0]]
    seen, token = [], ""
    for _ in range(3):
        query = {"page_size": "2", "sort_field": field, "sort_order": way} | ({"page_token": token} if token else {})
        page = await connector.call("POST", SEARCH, query)
        assert page["total_count"] == 5
        seen += [int(one["id"]) for one in page["orders"]]
        token = page["next_page_token"]
    assert token == ""
    assert seen == (wanted if way == "ASC" else wanted[::-1])


async def test_an_order_that_nobody_may_ship_yet_says_not_where_it_goes(
    db: Db, app: FastAPI, client: httpx.AsyncClient
) -> None:
    stall = await make_stall(db)
    connector = await make_connector(db, app, client, stall.shop)
    placed = await place_order(db, stall.buyer, stall.address, {(stall.shop.shop_id, stall.product.variant_id): 1})
    (unpaid,) = (await connector.call("POST", SEARCH, body={"order_status": "UNPAID"}))["orders"]
    assert unpaid["recipient_address"] == {"region_code": "ID"}
    assert "packages" not in unpaid
    await pay(db, stall.buyer, placed)
    found = (await connector.call("POST", SEARCH, body={"update_time_ge": unpaid["update_time"]}))["orders"]
    assert [one["id"] for one in found] == [unpaid["id"]]
    assert found[0]["paid_time"] >= unpaid["create_time"]


async def test_orders_of_others_do_not_exist(db: Db, shop: MadeShop, connector: Connector) -> None:
    theirs = await ready_in(db, await make_shop(db))
    assert await connector.code("GET", ORDERS, {"ids": str(theirs.order_id)}) == 21008111
    assert (await connector.call("POST", SEARCH))["orders"] == []
