"""Returns by the Open API, driven by a client that others wrote: found, approved, refused with a reason."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import attrs
import httpx
import pytest
from fastapi import FastAPI
from tiktok_shop_api import AsyncTikTokShop, TikTokShopError
from tiktok_shop_api.generated import models as m

from etalase.foundation.sql import Db
from etalase.journeys.returns.rules import Kind, ReturnState
from tests.auditor import audit
from tests.builders.catalog import picture_bytes
from tests.builders.open_api import data_of, make_connector
from tests.builders.returns import Asked, ask, asked, delivered
from tests.builders.stall import make_stall


@asynccontextmanager
async def program_of(
    made: Asked, app: FastAPI, client: httpx.AsyncClient, origin: str
) -> AsyncIterator[AsyncTikTokShop]:
    one = await make_connector(made.db, app, client, made.stall.shop)
    async with AsyncTikTokShop(one.key, one.secret, access_token=one.token, base_url=origin) as bare:
        yield bare.with_shop(shop_cipher=one.cipher)


async def test_a_return_is_found_and_approved(db: Db, app: FastAPI, client: httpx.AsyncClient, origin: str) -> None:
    made = await asked(db)
    async with program_of(made, app, client, origin) as program:
        api = program.return_and_refund
        body = m.SearchReturnsRequest(update_time_ge=1690000000)
        (one,) = data_of(await api.search_returns(page_size="10", body=body)).return_orders
        assert (one.return_id, one.return_type) == (str(made.id), "REFUND")
        assert one.return_status == "RETURN_OR_REFUND_REQUEST_PENDING"
        assert one.seller_next_action_response[0].deadline > one.create_time
        answer = m.ApproveReturnRequest(decision=m.ApproveReturnRequestDecision.APPROVE_REFUND)
        for _ in range(2):
            await api.approve_return(one.return_id, body=answer, idempotency_key="once")
        assert (await made.now()).state is ReturnState.REFUNDED
        (one,) = data_of(
            await api.search_returns(page_size="10", body=m.SearchReturnsRequest(order_ids=[one.order_id]))
        ).return_orders
        assert one.return_status == "RETURN_OR_REFUND_REQUEST_COMPLETE"
        records = data_of(await api.get_return_records(one.return_id)).records
        assert {record.role for record in records} == {"BUYER", "SELLER"}
        with pytest.raises(TikTokShopError) as late:
            await api.approve_return(one.return_id, body=answer, idempotency_key="twice")
        assert late.value.code == 25001001


async def test_a_return_is_refused_with_a_reason(db: Db, app: FastAPI, client: httpx.AsyncClient, origin: str) -> None:
    made = await asked(db)
    async with program_of(made, app, client, origin) as program:
        api = program.return_and_refund
        reasons = data_of(await api.get_reject_reasons(return_or_cancel_id=str(made.id))).reasons
        body = m.RejectReturnRequest(
            decision=m.RejectReturnRequestDecision.REJECT_REFUND, reject_reason=reasons[0].name, comment="Sesuai foto"
        )
        await api.reject_return(str(made.id), body=body, idempotency_key="1")
        assert (await made.now()).state is ReturnState.REJECTED


@asynccontextmanager
async def giving(
    db: Db, app: FastAPI, client: httpx.AsyncClient, origin: str
) -> AsyncIterator[tuple[AsyncTikTokShop, str]]:
    """A program for a shop, and an order of three that was delivered."""
    stall = await make_stall(db)
    order = await delivered(stall, units=3)
    one = await make_connector(db, app, client, stall.shop)
    async with AsyncTikTokShop(one.key, one.secret, access_token=one.token, base_url=origin) as bare:
        yield bare.with_shop(shop_cipher=one.cipher), str(order.id)


async def refundable(program: AsyncTikTokShop, order_id: str) -> Any:
    """What can be refunded of an order's one variant."""
    told = data_of(await program.return_and_refund.get_aftersale_eligibility(order_id)).sku_eligibility
    may = {line.request_type: line for line in told[0].line_item_eligibility}
    assert [may[kind].eligible for kind in ("CANCEL", "REFUND", "RETURN_AND_REFUND")] == [False, True, True]
    return may["REFUND"]


async def test_the_seller_gives_money_back_without_being_asked(
    db: Db, app: FastAPI, client: httpx.AsyncClient, origin: str, database_url: str
) -> None:
    async with giving(db, app, client, origin) as (program, order_id):
        api, ids = program.return_and_refund, (await refundable(program, order_id)).order_line_items_ids
        assert len(ids) == 3
        reckoned = m.CalculateRefundRequest(
            order_id=order_id, request_type="REFUND", reason_name="damaged", order_line_item_ids=ids[:1]
        )
        worth = data_of(await api.calculate_refund(body=reckoned)).order_refund_amount.refund_total
        body = m.CreateReturnRequest(
            order_id=order_id, return_reason="damaged", return_type="REFUND", order_line_item_ids=ids[:1],
            refund_total=worth, currency="IDR",
        )  # fmt: skip
        made = [data_of(await api.create_return(body=body, idempotency_key="once")) for _ in range(2)]
        assert {one.return_id for one in made} == {made[0].return_id}
        assert made[0].return_status == "RETURN_OR_REFUND_REQUEST_COMPLETE"
        back = m.CreateReturnRequest(
            order_id=order_id, return_reason="does_not_fit", return_type="RETURN_AND_REFUND",
            order_line_list=[m.OrderLineList(order_line_item_id=ids[1])],
        )  # fmt: skip
        assert data_of(await api.create_return(body=back)).return_status == "AWAITING_BUYER_SHIP"
        search = m.SearchReturnsRequest(order_ids=[order_id])
        found = data_of(await api.search_returns(page_size="10", body=search)).return_orders
        assert [one.role for one in found] == ["SELLER", "SELLER"]
        assert found[-1].refund_amount.refund_total == worth
        records = data_of(await api.get_return_records(made[0].return_id)).records
        assert {record.role for record in records} == {"SELLER"}
    assert audit(database_url) == {}


async def test_what_a_seller_cannot_give_back_is_said(
    db: Db, app: FastAPI, client: httpx.AsyncClient, origin: str
) -> None:
    async with giving(db, app, client, origin) as (program, order_id):
        found = await refundable(program, order_id)
        assert "changed_mind" not in found.available_reason_names, "who changes their mind sends it back"
        ids = found.order_line_items_ids
        body = m.CreateReturnRequest(
            order_id=order_id, return_reason="damaged", return_type="REFUND", order_line_item_ids=ids
        )  # fmt: skip
        for changes, code in (
            ({"return_reason": "changed_mind"}, 25001021),
            ({"refund_total": "1"}, 98001004),
            ({"order_line_item_ids": ["5"]}, 98001004),
            ({"order_id": "77"}, 21008111),
        ):
            with pytest.raises(TikTokShopError) as refused:
                await program.return_and_refund.create_return(body=attrs.evolve(body, **changes))
            assert refused.value.code == code, changes
        await program.return_and_refund.create_return(body=body)
        with pytest.raises(TikTokShopError) as again:
            await program.return_and_refund.create_return(body=body)
        assert again.value.code == 25001001


async def test_parcels_of_returns_are_no_packages_of_the_order(db: Db, app: FastAPI, client: httpx.AsyncClient) -> None:
    made = await asked(db, kind=Kind.RETURN_AND_REFUND)
    one = await make_connector(db, app, client, made.stall.shop)
    tracking = f"/fulfillment/202309/orders/{made.order.id}/tracking"
    before = await one.call("GET", tracking)
    await made.send_back()
    parcel = await made.parcel()
    await made.report("collected")
    searched = await one.call("POST", "/fulfillment/202309/packages/search")
    assert str(parcel.id) not in {package["id"] for package in searched["packages"]}
    assert await one.code("GET", f"/fulfillment/202309/packages/{parcel.id}") == 21008111
    body = {"packages": [{"id": str(parcel.id), "delivery_type": "DELIVERY_SUCCESS"}]}
    delivered = await one.call("POST", "/fulfillment/202309/packages/deliver", None, body)
    assert [error["code"] for error in delivered["errors"]] == [21008111]
    assert await one.call("GET", tracking) == before


async def test_goods_that_came_back_are_rejected_with_pictures(
    db: Db, app: FastAPI, client: httpx.AsyncClient, origin: str
) -> None:
    made = await asked(db, kind=Kind.RETURN_AND_REFUND)
    one = await make_connector(db, app, client, made.stall.shop)
    reject: tuple[str, str, dict[str, str]] = ("POST", f"/return_refund/202606/returns/{made.id}/reject", {})
    goods = {"decision": "REJECT_RECEIVED_PACKAGE", "reject_reason": "other", "comment": "Kosong"}
    uploaded = await one.send(
        "POST", "/product/202309/images/upload", files={"data": ("a.png", picture_bytes(kind="PNG"), "image/png")}
    )
    shown = {**goods, "images": [{"image_id": uploaded.json()["data"]["uri"]}]}
    assert await one.code(*reject, shown) == 25001001, "nothing has come back"
    await made.send_back()
    async with program_of(made, app, client, origin) as program:
        api = program.return_and_refund
        answers = data_of(await api.get_decision_eligibility(return_or_cancel_id=str(made.id))).decisions
    eligible = {answer.decision for answer in answers if answer.eligible}
    assert eligible == {"APPROVE_RECEIVED_PACKAGE", "REJECT_RECEIVED_PACKAGE"}
    assert await one.code(*reject, goods) == 36009004, "pictures are needed"
    assert await one.code(*reject, {**goods, "images": [{"image_id": "nobodys.webp"}]}) == 36009004
    await one.call(*reject, shown)
    assert (await made.now()).state is ReturnState.ESCALATED
    search: tuple[str, str, dict[str, str]] = ("POST", "/return_refund/202309/returns/search", {})
    wanted = {"return_ids": [str(made.id)], "arbitration_status": ["IN_PROGRESS"]}
    (found,) = (await one.call(*search, wanted))["return_orders"]
    assert (found["return_status"], found["return_method"]) == ("REJECT_RECEIVE_PACKAGE", "BUYER_SHIPPED")
    assert found["return_tracking_number"] == (await made.parcel()).tracking_number
    assert found["return_provider_name"]
    assert (await one.call(*search, {**wanted, "arbitration_status": ["SUPPORT_BUYER"]}))["return_orders"] == []


async def test_returns_that_are_named_come_page_by_page(db: Db, app: FastAPI, client: httpx.AsyncClient) -> None:
    stall = await make_stall(db)
    made = [await ask(stall, await delivered(stall)) for _ in range(3)]
    one = await make_connector(db, app, client, stall.shop)
    body = {"order_ids": [str(one_of.order.id) for one_of in made]}
    seen: list[str] = []
    token = ""
    while True:
        query = {"page_size": "2"} | ({"page_token": token} if token else {})
        page = await one.call("POST", "/return_refund/202309/returns/search", query, body)
        seen += [found["return_id"] for found in page["return_orders"]]
        if not (token := page["next_page_token"]):
            break
        assert await one.code("POST", "/return_refund/202309/returns/search", {"page_token": token}) == 36009004
    assert sorted(seen) == sorted(str(one_of.id) for one_of in made)
