"""A seller's whole day through a client that others wrote, against the product in processes of its own.

Consent, orders, both ways of shipping, labels, tracking, splitting and combining, stock, prices, a new product, cancellations,
returns, statements; and every webhook that follows, checked by the client's own verifier.
"""

import io
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from tiktok_shop_api import AsyncTikTokShop, AsyncTikTokShopAuth, TikTokShopError, Webhooks
from tiktok_shop_api.generated import models as m
from tiktok_shop_api.generated.types import File

from etalase.up import DEMO_PASSWORD
from tests.builders.catalog import picture_bytes
from tests.builders.open_api import CALLBACK, Connector, data_of
from tests.builders.receiver import Receiver, receiver
from tests.builders.shipping import a_number
from tests.builders.web import post
from tests.web.open_api.running import Running, browser, happens, product

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

TOLD_OF = (
    "ORDER_STATUS_CHANGE", "PACKAGE_UPDATE", "PRODUCT_CREATION", "PRODUCT_STATUS_CHANGE", "CANCELLATION_STATUS_CHANGE",
    "RETURN_STATUS_CHANGE",
)  # fmt: skip
SHOWN = {what: re.compile(rf'value="([^"]+)" readonly aria-label="{what}"') for what in ("app key", "app secret")}
PAGE = re.compile(rb"/Type /Page\b")


@dataclass(frozen=True)
class Day:
    """The program, the shop it works for, and who carries its parcels and takes its messages."""

    running: Running
    program: AsyncTikTokShop
    raw: Connector
    shop_id: str
    receiver: Receiver

    async def make(self, count: int) -> list[str]:
        """Orders that wait for shipment, of buyers in turn."""
        made = await self.raw.call(
            "POST", "/sandbox/202309/orders", body={"state": "AWAITING_SHIPMENT", "count": count}
        )
        return [one["id"] for one in made["orders"]]

    async def play(self, name: str) -> str:
        """A scenario; its order."""
        return str((await self.raw.call("POST", "/sandbox/202309/scenarios", body={"name": name}))["order_id"])

    async def order(self, order_id: str) -> Any:
        return data_of(await self.program.orders.get_order_detail(ids=[order_id])).orders[0]

    async def carry(self, package_id: str, to: str) -> None:
        await self.running.carry(f"{self.shop_id}-{package_id}", to)

    async def label(self, package_id: str) -> tuple[str, bytes]:
        """The package's number and its label, as soon as the carrier has given them."""
        api = self.program.fulfillment

        async def document() -> Any:
            try:
                return data_of(await api.get_package_shipping_document(package_id, document_type="SHIPPING_LABEL"))
            except TikTokShopError as early:
                if "ask again" not in str(early):
                    raise
                return None

        found = await happens(document)
        async with browser(self.running.url) as printer:
            page = await printer.get(found.doc_url)
        assert page.headers["content-type"] == "application/pdf"
        return found.tracking_number, page.content


@asynccontextmanager
async def day_at(running: Running) -> AsyncIterator[Day]:
    """The morning: the seller makes an app, lets it in, and the program is told which shop it may act for."""
    async with browser(running.url) as seller, receiver() as told:
        login = {"login": "seller@etalase.test", "password": DEMO_PASSWORD}
        assert (await post(seller, "/login", login)).status_code == 303
        key, secret = await make_app(seller)
        tokens = await AsyncTikTokShopAuth(key, secret, base_url=running.url).exchange_code(await let_in(seller, key))
        async with AsyncTikTokShop(key, secret, access_token=tokens.access_token, base_url=running.url) as bare:
            shop = data_of(await bare.authorization.get_authorized_shops()).shops[0]
            program = bare.with_shop(shop_cipher=shop.cipher)
            for kind in TOLD_OF:
                body = m.UpdateShopWebhookRequest(told.url, m.UpdateShopWebhookRequestEventType(kind))
                await program.event.update_shop_webhook(body=body)
            raw = Connector(seller, key, secret, tokens.access_token, shop.cipher)
            yield Day(running, program, raw, shop.id, told)


async def make_app(seller: httpx.AsyncClient) -> tuple[str, str]:
    """Key and secret of a new app, as its page shows them once."""
    form = (await seller.get("/developer/apps/new")).text
    fields: dict[str, str | list[str]] = {
        "name": "Gudang ERP", "redirect_urls": CALLBACK, "scopes": re.findall(r'name="scopes" value="([^"]+)"', form),
    }  # fmt: skip
    where = (await post(seller, "/developer/apps", fields)).headers["location"]
    page = (await seller.get(where)).text
    key, secret = (SHOWN[what].findall(page)[0] for what in ("app key", "app secret"))
    assert secret not in (await seller.get(where)).text
    return key, secret


async def let_in(seller: httpx.AsyncClient, key: str) -> str:
    """The seller allows the app all shops; the code that its page is called with."""
    page = (await seller.get("/oauth/authorize", params={"app_key": key, "state": "7"})).text
    fields: dict[str, str | list[str]] = {
        "app_key": key, "state": "7", "answer": "allow", "shop_ids": re.findall(r'name="shop_ids" value="(\d+)"', page),
    }  # fmt: skip
    went_to = urlsplit((await post(seller, "/oauth/authorize", fields)).headers["location"])
    told = parse_qs(went_to.query)
    assert told["state"] == ["7"]
    return told["code"][0]


async def test_a_day(database_url: str, tmp_path: Path) -> None:
    with product(database_url, tmp_path) as running:
        async with day_at(running) as day:
            await sells(day)
            first, of_two, own, _, carried = await day.make(5)
            (again,) = await day.make(1)
            await looks_at(day, {first, of_two, own, carried, again})
            await ships_with_own_number(day, own)
            await ships_by_the_carrier(day, carried)
            await splits(day, of_two)
            await combines(day, [first, again])
            await answers_cancellations(day)
            await answers_returns(day)
            await reads_statements(day)
            await was_told(day, delivered=carried)


async def sells(day: Day) -> None:
    """A new product with a picture; then its stock and its price change."""
    api = day.program.products
    tree = data_of(await api.get_categories()).categories
    leaf = next(one.id for one in tree if one.is_leaf)
    file = File(payload=io.BytesIO(picture_bytes(color="teal", kind="PNG")), file_name="a.png", mime_type="image/png")
    picture = data_of(await api.upload_product_image(body=m.UploadProductImageRequest(data=file)))
    (warehouse,) = data_of(await day.program.logistics.get_warehouse_list()).warehouses
    sku = m.CreateProductRequestSku(
        price=m.CreateProductRequestSkuPrice(currency=m.CreateProductRequestSkuPriceCurrency.IDR, amount="150000"),
        inventory=[m.Inventory(quantity=5, warehouse_id=warehouse.id)], seller_sku=f"KEM-{a_number()}",
    )  # fmt: skip
    body = m.CreateProductRequest(
        title="Kemeja Batik", description="<p>Katun</p>", category_id=leaf, main_images=[m.MainImage(uri=picture.uri)],
        skus=[sku], package_weight=m.PackageWeight(value="0.3", unit="KILOGRAM"), idempotency_key="kemeja",
    )  # fmt: skip
    made = data_of(await api.create_product(body=body))
    sku_id = made.skus[0].id
    price = m.PartialEditProductRequestSkuPrice(
        amount="149000", currency=m.PartialEditProductRequestSkuPriceCurrency.IDR
    )
    await api.update_price(
        made.product_id, body=m.UpdatePriceRequest(skus=[m.UpdatePriceRequestSku(id=sku_id, price=price)])
    )
    stock = m.UpdateInventoryRequestSku(id=sku_id, inventory=[m.UpdateInventoryRequestSkuInventory(quantity=11)])
    await api.update_inventory(made.product_id, body=m.UpdateInventoryRequest([stock]))
    (shown,) = data_of(await api.get_product(made.product_id)).skus
    assert (shown.price.tax_exclusive_price, shown.inventory[0].quantity) == ("149000", 11)
    async with browser(day.running.url) as buyer:
        assert "Kemeja Batik" in (await buyer.get(f"/p/{day.shop_id}/{made.product_id}")).text


async def looks_at(day: Day, expected: set[str]) -> None:
    """All pages of what waits for shipment hold the orders of today; each has its detail."""
    seen: list[str] = []
    token = ""
    while token or not seen:
        body = m.GetOrderListRequest(order_status=m.GetOrderListRequestOrderStatus.AWAITING_SHIPMENT)
        page = data_of(await day.program.orders.get_order_list(page_size=5, page_token=token, body=body))
        seen += [one.id for one in page.orders]
        token = page.next_page_token
    assert expected <= set(seen)
    assert len(set(seen)) == len(seen)
    found = data_of(await day.program.orders.get_order_detail(ids=sorted(expected))).orders
    assert {one.id for one in found} == expected
    for one in found:
        assert one.recipient_address.full_address
        assert sum(int(item.sale_price) for item in one.line_items) == int(one.payment.sub_total)


async def ships_with_own_number(day: Day, order_id: str) -> None:
    """With a number that the seller has from a carrier; it is corrected once."""
    (warehouse,) = data_of(await day.program.logistics.get_warehouse_list()).warehouses
    options = data_of(await day.program.logistics.get_warehouse_delivery_options(warehouse.id)).delivery_options
    providers = [
        provider
        for option in options
        for provider in data_of(await day.program.logistics.get_shipping_providers(option.id)).shipping_providers
    ]
    jne = next(one.id for one in providers if one.name == "JNE")
    api, number, right = day.program.fulfillment, a_number(), a_number()
    await api.ship_package(
        order_id,
        body=m.ShipPackageRequest(self_shipment=m.SelfShipment(tracking_number=number, shipping_provider_id=jne)),
    )
    body = m.UpdateOrderShippingInfoRequest(tracking_number=right, shipping_provider_id=jne)
    await api.update_order_shipping_info(order_id, body=body)
    order = await day.order(order_id)
    assert (order.status, order.tracking_number) == ("AWAITING_COLLECTION", right)


async def ships_by_the_carrier(day: Day, order_id: str) -> None:
    """The sandbox carrier picks it up, brings it and reports; its label is a page of PDF with its number."""
    api = day.program.fulfillment
    slot = data_of(await api.get_package_handover_time_slots(order_id)).pickup_slots[0]
    how = m.ShipPackageRequest(
        handover_method=m.ShipPackageRequestHandoverMethod.PICKUP, pickup_slot=m.PickupSlot(start_time=slot.start_time, end_time=slot.end_time)
    )  # fmt: skip
    await api.ship_package(order_id, body=how)
    number, label = await day.label(order_id)
    assert label.startswith(b"%PDF-")
    assert label.rstrip().endswith(b"%%EOF")
    assert len(PAGE.findall(label)) == 1
    assert number
    await day.carry(order_id, "collected")

    async def status() -> str:
        return str((await day.order(order_id)).status)

    await happens(status, lambda seen: seen == "IN_TRANSIT")
    await day.carry(order_id, "delivered")

    async def codes() -> list[int]:
        return [event.action_code for event in data_of(await api.get_order_tracking(order_id)).tracking]

    # Its reports come in any order; that of the booking may be held back until the next step, a day from now.
    told = await happens(codes, lambda seen: {2, 3, 6} <= set(seen))
    assert told == sorted(told, reverse=True)
    assert await status() == "DELIVERED"


async def splits(day: Day, order_id: str) -> None:
    """One of its two pieces goes first, the other one after it."""
    api = day.program.fulfillment
    items = (await day.order(order_id)).line_items
    assert len(items) == 2
    group = m.ConfirmOrderSplitRequestSplittableGroup(id="1", order_line_item_ids=[items[0].id])
    parts = data_of(
        await api.confirm_order_split(order_id, body=m.ConfirmOrderSplitRequest(splittable_groups=[group]))
    ).packages
    for part, status in zip(parts, ("PARTIALLY_SHIPPING", "AWAITING_COLLECTION"), strict=True):
        how = m.ShipPackageRequest(handover_method=m.ShipPackageRequestHandoverMethod.DROP_OFF)
        await api.ship_package(part.id, body=how)
        assert (await day.order(order_id)).status == status
    numbers = {(await day.label(part.id))[0] for part in parts}
    assert len(numbers) == 2


async def combines(day: Day, orders: list[str]) -> None:
    """Two orders of one buyer travel in one package, with one label."""
    api = day.program.fulfillment
    found = data_of(await api.search_combinable_packages(page_size=50)).combinable_packages
    can = next(one for one in found if set(orders) <= set(one.order_ids))
    wanted = m.CombinePackageRequestCombinablePackage(id=can.id, order_ids=orders)
    (one,) = data_of(await api.combine_package(body=m.CombinePackageRequest([wanted]))).packages
    await api.batch_ship_packages(
        body=m.BatchShipPackagesRequest(
            [
                m.BatchShipPackagesRequestPackage(
                    id=one.id, handover_method=m.BatchShipPackagesRequestPackageHandoverMethod.DROP_OFF
                )
            ]
        )
    )
    number, _ = await day.label(one.id)
    assert [(await day.order(order_id)).tracking_number for order_id in orders] == [number, number]


async def answers_cancellations(day: Day) -> None:
    """Of two buyers who ask to cancel late one is given it, and one is refused."""
    api = day.program.return_and_refund
    expected = {}
    for answer in ("approve", "reject"):
        order_id = await day.play("late_cancel")
        body = m.SearchCancellationsRequest(order_ids=[order_id])
        (asked,) = data_of(await api.search_cancellations(page_size="10", body=body)).cancellations
        if answer == "approve":
            await api.approve_cancellation(asked.cancel_id, idempotency_key=order_id)
            expected[order_id] = "CANCELLED"
        else:
            reasons = data_of(await api.get_reject_reasons(return_or_cancel_id=asked.cancel_id)).reasons
            refusal = m.RejectCancellationRequest(reject_reason=reasons[0].name, comment="Besok tiba.")
            await api.reject_cancellation(asked.cancel_id, body=refusal, idempotency_key=order_id)
            expected[order_id] = "AWAITING_COLLECTION"
    assert {order_id: (await day.order(order_id)).status for order_id in expected} == expected


async def answers_returns(day: Day) -> None:
    """Of two buyers who ask for their money back one is given it, one is refused; a third case was a dispute to its end."""
    api = day.program.return_and_refund
    ends = {}
    for answer in ("approve", "reject", "dispute"):
        order_id = await day.play("return_dispute" if answer == "dispute" else "return_request")
        search = m.SearchReturnsRequest(order_ids=[order_id])
        (asked,) = data_of(await api.search_returns(page_size="10", body=search)).return_orders
        if answer == "approve":
            given = m.ApproveReturnRequest(decision=m.ApproveReturnRequestDecision.APPROVE_REFUND)
            await api.approve_return(asked.return_id, body=given, idempotency_key=order_id)
        elif answer == "reject":
            reasons = data_of(await api.get_reject_reasons(return_or_cancel_id=asked.return_id)).reasons
            refusal = m.RejectReturnRequest(
                decision=m.RejectReturnRequestDecision.REJECT_REFUND, reject_reason=reasons[0].name, comment="Sesuai foto"
            )  # fmt: skip
            await api.reject_return(asked.return_id, body=refusal, idempotency_key=order_id)
        (now,) = data_of(await api.search_returns(page_size="10", body=search)).return_orders
        ends[answer] = now.return_status
    done = "RETURN_OR_REFUND_REQUEST_COMPLETE"
    assert ends == {"approve": done, "reject": "REFUND_OR_RETURN_REQUEST_REJECT", "dispute": done}


async def reads_statements(day: Day) -> None:
    """The weeks before today, each with what it consists of."""
    api = day.program.finance
    weeks = data_of(await api.get_statements(sort_field="statement_time", page_size=10)).statements
    assert weeks
    week = weeks[0]
    lines = data_of(
        await api.get_transactions_by_statement(week.id, sort_field="order_create_time", page_size=100)
    ).transactions
    assert sum(int(line.settlement_amount) for line in lines) == int(week.settlement_amount)


async def was_told(day: Day, *, delivered: str) -> None:
    """Every message is signed as the client's own verifier wants it and parses strictly; an order's came in their order."""
    raw, got = day.raw, day.receiver.got
    way = ["AWAITING_COLLECTION", "IN_TRANSIT", "DELIVERED"]

    async def all_told() -> bool:
        kinds = {one.told["type"] for one in got}
        return kinds >= {1, 4, 5, 11, 12, 16} and day.receiver.of_order(int(delivered))[-1:] == way[-1:]

    await happens(all_told)
    assert day.receiver.of_order(int(delivered))[-3:] == way
    for one in got:
        signature = one.headers["authorization"]
        event = Webhooks.verify_and_parse(
            app_key=raw.key, app_secret=raw.secret, raw_body=one.body, signature=signature
        )
        assert event.shop_id == day.shop_id  # type: ignore[union-attr]
        assert not Webhooks.verify(app_key=raw.key, app_secret="x", raw_body=one.body, signature=signature)
