"""Cancellations by the Open API, driven by a client that others wrote: asked for by buyers, answered, made by the seller."""

import httpx
import pytest
from fastapi import FastAPI
from tiktok_shop_api import AsyncTikTokShop, TikTokShopError
from tiktok_shop_api.generated import models as m

from etalase.commerce.orders.rules import Order
from etalase.foundation.sql import Db
from etalase.journeys.cancellations import actions as cancelling
from tests.builders.open_api import Connector, data_of, make_connector
from tests.builders.stall import Stall, make_stall


@pytest.fixture
async def stall(db: Db) -> Stall:
    """A shop with something to sell, and a buyer."""
    return await make_stall(db)


@pytest.fixture
async def connector(db: Db, app: FastAPI, client: httpx.AsyncClient, stall: Stall) -> Connector:
    """A program that may do everything for the shop."""
    return await make_connector(db, app, client, stall.shop)


@pytest.fixture
async def program(connector: Connector, origin: str):  # type: ignore[no-untyped-def]
    """A client that others wrote, for the shop."""
    async with AsyncTikTokShop(connector.key, connector.secret, access_token=connector.token, base_url=origin) as bare:
        yield bare.with_shop(shop_cipher=connector.cipher)


async def asked(stall: Stall) -> Order:
    """An order that its buyer asks to cancel."""
    order = await stall.arranged()
    rule = await cancelling.cancel_by_buyer(stall.db, buyer_id=stall.buyer.id, order_id=order.id, reason="changed_mind")
    assert rule == "asks_seller"
    return order


async def pending(program: AsyncTikTokShop) -> list:  # type: ignore[type-arg]
    status = m.SearchCancellationsRequestCancelStatusItem.CANCELLATION_REQUEST_PENDING
    body = m.SearchCancellationsRequest(cancel_status=[status], locale="en-US")
    return list(data_of(await program.return_and_refund.search_cancellations(page_size="10", body=body)).cancellations)


async def test_a_buyers_request_is_approved_once(stall: Stall, program: AsyncTikTokShop) -> None:
    order = await asked(stall)
    (request,) = await pending(program)
    assert (request.order_id, request.role, request.cancel_type) == (str(order.id), "BUYER", "BUYER_CANCEL")
    assert request.cancel_reason_text == "I changed my mind"
    assert request.refund_amount.refund_total == str(order.total_minor)
    assert request.seller_next_action_response[0].deadline > request.create_time
    told = data_of(await program.orders.get_order_detail(ids=[str(order.id)])).orders[0]
    assert told.is_buyer_request_cancel
    for _ in range(2):
        await program.return_and_refund.approve_cancellation(request.cancel_id, idempotency_key="once")
    assert await pending(program) == []
    told = data_of(await program.orders.get_order_detail(ids=[str(order.id)])).orders[0]
    assert (told.status, told.cancellation_initiator) == ("CANCELLED", "BUYER")
    with pytest.raises(TikTokShopError) as late:
        await program.return_and_refund.approve_cancellation(request.cancel_id, idempotency_key="twice")
    assert late.value.code == 25001001


async def test_a_buyers_request_is_rejected_with_a_reason(stall: Stall, program: AsyncTikTokShop) -> None:
    order = await asked(stall)
    (request,) = await pending(program)
    reasons = data_of(await program.return_and_refund.get_reject_reasons(return_or_cancel_id=request.cancel_id)).reasons
    body = m.RejectCancellationRequest(reject_reason=reasons[0].name, comment="Besok tiba.")
    await program.return_and_refund.reject_cancellation(request.cancel_id, body=body, idempotency_key="1")
    assert await pending(program) == []
    told = data_of(await program.orders.get_order_detail(ids=[str(order.id)])).orders[0]
    assert told.status == "AWAITING_COLLECTION"


async def test_the_seller_cancels(stall: Stall, program: AsyncTikTokShop) -> None:
    order = await stall.ready(units=3)
    number = str(order.id)
    (sku,) = data_of(
        await program.return_and_refund.get_aftersale_eligibility(
            number, initiate_aftersale_user=m.GetAftersaleEligibilityInitiateAftersaleUser.SELLER
        )
    ).sku_eligibility
    may = {line.request_type: line for line in sku.line_item_eligibility}
    assert (may["CANCEL"].eligible, may["REFUND"].eligible) == (True, False)
    ids = may["CANCEL"].order_line_items_ids
    one = m.CalculateRefundRequest(
        order_id=number, request_type="CANCEL",
        reason_name=may["CANCEL"].available_reason_names[0], order_line_item_ids=ids[:1],
    )  # fmt: skip
    part = data_of(await program.return_and_refund.calculate_refund(body=one)).order_refund_amount
    assert part.refund_shipping_fee == "0"
    with pytest.raises(TikTokShopError) as odd:
        await program.return_and_refund.cancel_order(
            body=m.CancelOrderRequest(order_id=number, cancel_reason="boredom")
        )
    assert odd.value.code == 25001021
    reason = "seller_cancel_reason_out_of_stock"
    body = m.CancelOrderRequest(order_id=number, cancel_reason=reason, order_line_item_ids=ids[:1])
    made = data_of(await program.return_and_refund.cancel_order(body=body))
    assert made.cancel_status == "CANCELLATION_REQUEST_COMPLETE"
    told = data_of(await program.orders.get_order_detail(ids=[number])).orders[0]
    assert sorted(item.display_status for item in told.line_items) == ["AWAITING_SHIPMENT"] * 2 + ["CANCELLED"]
    found = data_of(
        await program.return_and_refund.search_cancellations(
            page_size="10", body=m.SearchCancellationsRequest(order_ids=[number])
        )
    ).cancellations
    assert [(one.cancel_id, one.refund_amount.refund_total) for one in found] == [(made.cancel_id, part.refund_total)]
    await program.return_and_refund.cancel_order(body=m.CancelOrderRequest(order_id=number, cancel_reason=reason))
    told = data_of(await program.orders.get_order_detail(ids=[number])).orders[0]
    assert (told.status, told.cancel_reason) == ("CANCELLED", reason)
