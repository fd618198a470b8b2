"""The sandbox kit: orders in any state by real actions, scenarios, a clock that moves; and nothing of it in production."""

from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from etalase.foundation import clock
from etalase.foundation.sql import Db
from etalase.settings import Settings
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
