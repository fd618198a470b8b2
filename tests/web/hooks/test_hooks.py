"""Vendors' messages: proven, kept once, applied once, whatever is sent."""

import asyncio
import json
import time

import httpx
import pytest
from fastapi import FastAPI

from etalase.foundation.inbound.actions import Together, apply_waiting
from etalase.foundation.sql import Db
from etalase.integrations.carriers.booking import apply_tracking
from etalase.integrations.carriers.protocol import reference_of
from etalase.integrations.carriers.sandbox.signature import HEADER, sign
from etalase.settings import Settings
from tests.builders.shipping import arranged, fact_names, order_now, ready_order

CARRIERS = "/hooks/carriers/sandbox"
PAYMENTS = "/hooks/payments/sandbox"
INBOUND = {"carriers.sandbox": Together(apply_tracking)}


def signed(settings: Settings, body: bytes, *, age_s: int = 0) -> dict[str, str]:
    secret = settings.sandbox_secret.get_secret_value()
    return {HEADER: sign(secret, body=body, timestamp_s=int(time.time()) - age_s)}


def tracking_body(shop_id: int, parcel_id: int, *, code: str = "PUP", event_id: str = "cev_1") -> bytes:
    return json.dumps(
        {
            "event_id": event_id, "booking": "bk_1", "reference": reference_of(shop_id, parcel_id), "carrier": "jne",
            "tracking_number": "011540032186220", "code": code, "place": "Bandung", "zone": "Asia/Jakarta",
            "occurred_at": "2026-11-23T10:00:00+07:00", "receiver": None, "reason": None,
        }
    ).encode()  # fmt: skip


async def kept(db: Db) -> list[tuple[str, str, bytes, str | None]]:
    async with db.any().transaction() as tx:
        cursor = await tx.connection.execute(
            "SELECT vendor, event_id, body, outcome FROM inbound_events ORDER BY event_id"
        )
        return await cursor.fetchall()


async def test_five_deliveries_at_once_have_one_effect(client: httpx.AsyncClient, settings: Settings, db: Db) -> None:
    ready = await ready_order(db)
    parcel = await arranged(db, ready, method="pickup", tracking_number=None)
    body = tracking_body(parcel.shop_id, parcel.id)
    answers = await asyncio.gather(
        *(client.post(CARRIERS, content=body, headers=signed(settings, body)) for _ in range(5))
    )
    assert [answer.status_code for answer in answers] == [200] * 5
    assert [row[:3] for row in await kept(db)] == [("carriers.sandbox", "cev_1", body)]
    taken = await asyncio.gather(*(apply_waiting(db, INBOUND) for _ in range(5)))
    assert sum(taken) == 1
    assert await apply_waiting(db, INBOUND) == 0
    assert (await fact_names(db, ready)).count("parcel.collected") == 1
    assert (await order_now(db, ready)).state == "in_transit"
    assert [row[3] for row in await kept(db)] == ["recorded"]


async def test_what_is_not_signed_by_the_vendor_is_refused_and_not_kept(
    client: httpx.AsyncClient, settings: Settings, db: Db
) -> None:
    body = tracking_body(1, 2)
    for headers in (
        {},
        {HEADER: "t=1,v1=00"},
        {HEADER: "nonsense"},
        signed(settings, body + b" "),
        signed(settings, body, age_s=3600),
    ):
        for url in (CARRIERS, PAYMENTS):
            assert (await client.post(url, content=body, headers=headers)).status_code == 401
    assert await kept(db) == []


async def test_unknown_vendors_have_no_door(client: httpx.AsyncClient, settings: Settings) -> None:
    for url in ("/hooks/carriers/nobody", "/hooks/payments/nobody"):
        assert (await client.post(url, content=b"{}", headers=signed(settings, b"{}"))).status_code == 404
    assert (await client.get(CARRIERS)).status_code == 405


async def test_large_bodies_are_refused(client: httpx.AsyncClient, settings: Settings, db: Db) -> None:
    body = b"x" * 70_000
    assert (await client.post(CARRIERS, content=body, headers=signed(settings, body))).status_code == 413
    assert (await client.post(CARRIERS, content=b"x" * 2_000_000)).status_code == 413
    assert await kept(db) == []


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"no json", b'{"event_id": 5}', b'{"event_id": "a\\u0000b"}', b"\xff\xfe"]
)
async def test_genuine_nonsense_is_kept_and_not_tried_for_ever(
    client: httpx.AsyncClient, settings: Settings, db: Db, body: bytes
) -> None:
    assert (await client.post(CARRIERS, content=body, headers=signed(settings, body))).status_code == 200
    assert await apply_waiting(db, INBOUND) == 1
    ((_, event_id, stored, outcome),) = await kept(db)
    assert event_id.startswith("sha256:")
    assert stored == body
    assert outcome is not None
    assert outcome.startswith("not understood")


async def test_a_report_about_a_parcel_that_does_not_exist_ends(
    client: httpx.AsyncClient, settings: Settings, db: Db
) -> None:
    body = tracking_body(12, 34)
    await client.post(CARRIERS, content=body, headers=signed(settings, body))
    await apply_waiting(db, INBOUND)
    assert [row[3] for row in await kept(db)] == ["unknown parcel"]


async def test_a_payment_message_is_applied_before_the_answer(app: FastAPI, settings: Settings, db: Db) -> None:
    body = json.dumps({"event_id": "pev_1", "what": "nothing we know"}).encode()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://testserver") as vendor:
        answer = await vendor.post(PAYMENTS, content=body, headers=signed(settings, body))
    assert answer.status_code == 200
    ((vendor_name, event_id, _, outcome),) = await kept(db)
    assert (vendor_name, event_id) == ("payments.sandbox", "pev_1")
    assert outcome is not None
