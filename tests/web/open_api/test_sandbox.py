"""The sandbox kit: orders in any state by real actions, scenarios, a clock that moves; and nothing of it in production."""

from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from etalase.foundation import clock
from etalase.foundation.sql import Db
from etalase.settings import Settings
from tests.auditor import audit
from tests.builders.accounts import MadeShop
from tests.builders.catalog import make_product
from tests.builders.open_api import Connector
from tests.builders.telling import relay

STATES = [
    "UNPAID", "ON_HOLD", "AWAITING_SHIPMENT", "AWAITING_COLLECTION", "IN_TRANSIT", "DELIVERED", "COMPLETED", "CANCELLED",
]  # fmt: skip


@pytest.mark.parametrize("state", STATES)
async def test_orders_are_brought_into_any_state(connector: Connector, db: Db, shop: MadeShop, state: str) -> None:
    await make_product(db, shop, stock=20)
    made = await connector.call("POST", "/sandbox/202309/orders", body={"state": state, "count": 2})
    ids = [order["id"] for order in made["orders"]]
    assert len(set(ids)) == 2
    detail = await connector.call("GET", "/order/202309/orders", {"ids": ",".join(ids)})
    assert [order["status"] for order in detail["orders"]] == [state, state]


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("late_cancel", "AWAITING_COLLECTION"),
        ("lost_parcel", "IN_TRANSIT"),
        ("failed_delivery", "IN_TRANSIT"),
        ("returned_to_sender", "IN_TRANSIT"),
    ],
)
async def test_scenarios_happen_to_orders_of_their_own(
    connector: Connector, db: Db, shop: MadeShop, name: str, status: str
) -> None:
    await make_product(db, shop, stock=20)
    played = await connector.call("POST", "/sandbox/202309/scenarios", body={"name": name})
    assert played["about"]
    detail = await connector.call("GET", "/order/202309/orders", {"ids": played["order_id"]})
    [order] = detail["orders"]
    assert order["status"] == status  # what ends an order follows from the parcel's fact, in the worker
    assert order.get("is_buyer_request_cancel", False) is (name == "late_cancel")
    await relay(db)


@pytest.mark.parametrize(
    ("name", "status", "arbitration"),
    [
        ("return_request", "RETURN_OR_REFUND_REQUEST_PENDING", None),
        ("return_dispute", "RETURN_OR_REFUND_REQUEST_COMPLETE", "SUPPORT_BUYER"),
    ],
)
async def test_a_return_is_asked_for_and_a_dispute_goes_to_its_end(
    connector: Connector, db: Db, database_url: str, shop: MadeShop, name: str, status: str, arbitration: str | None
) -> None:
    await make_product(db, shop, stock=20)
    played = await connector.call("POST", "/sandbox/202309/scenarios", body={"name": name})
    found = await connector.call(
        "POST", "/return_refund/202309/returns/search", body={"order_ids": [played["order_id"]]}
    )
    [one] = found["return_orders"]
    assert (one["return_status"], one.get("arbitration_status")) == (status, arbitration)
    records = (await connector.call("GET", f"/return_refund/202309/returns/{one['return_id']}/records"))["records"]
    roles = {"BUYER", "SELLER", "OPERATOR"} if arbitration else {"BUYER"}
    assert {record["role"] for record in records} == roles
    assert audit(database_url) == {}


async def test_a_late_cancel_is_answered_by_the_program(connector: Connector, db: Db, shop: MadeShop) -> None:
    await make_product(db, shop, stock=20)
    played = await connector.call("POST", "/sandbox/202309/scenarios", body={"name": "late_cancel"})
    search = ("POST", "/return_refund/202309/cancellations/search")
    [asked] = (await connector.call(*search, body={"order_ids": [played["order_id"]]}))["cancellations"]
    await connector.call("POST", f"/return_refund/202309/cancellations/{asked['cancel_id']}/approve")
    [order] = (await connector.call("GET", "/order/202309/orders", {"ids": played["order_id"]}))["orders"]
    assert (order["status"], order["cancellation_initiator"]) == ("CANCELLED", "BUYER")


async def test_a_shop_with_nothing_in_stock_says_so(connector: Connector) -> None:
    answer = await connector.send("POST", "/sandbox/202309/orders", {}, {"state": "UNPAID"})
    assert "nothing in stock" in answer.json()["message"]


async def test_the_clock_moves_for_everybody(connector: Connector) -> None:
    before = await connector.call("GET", "/sandbox/202309/time")
    assert before["ahead_seconds"] == 0
    moved = await connector.call("POST", "/sandbox/202309/time/advance", body={"seconds": 3600})
    assert moved["ahead_seconds"] == 3600
    assert clock.offset() == timedelta(hours=1)
    assert moved["now"] >= before["now"] + 3600
    assert (await connector.send("POST", "/sandbox/202309/time/advance", {}, {})).json()["code"] == 36009004


@pytest.mark.parametrize("path", ["orders", "scenarios", "time/advance"])
async def test_there_is_no_sandbox_in_production(
    connector: Connector, app: FastAPI, client: httpx.AsyncClient, settings: Settings, path: str
) -> None:
    before = settings.mode
    settings.mode = "production"
    try:
        body = {"name": "late_cancel", "seconds": 5}
        assert (await connector.send("POST", f"/sandbox/202309/{path}", {}, body)).status_code == 404
    finally:
        settings.mode = before
