"""Payment vendors' notifications at the door: proven on the raw body, applied once, looked at when nobody knows the word."""

import asyncio
import json
import random
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from etalase.commerce.orders.rules import State
from etalase.foundation.inbound import queries as inbound
from etalase.foundation.sql import Db
from etalase.settings import Settings
from etalase.web.app import create_app
from tests.auditor import audit
from tests.builders.payments import Awaited, await_payment
from tests.builders.stall import make_stall
from tests.integrations.payment_providers.test_recorded import sample
from tests.vendors import stripe as fake_stripe
from tests.vendors.midtrans import Midtrans

KEY = "one-key-for-all"
VENDORS = ["midtrans", "xendit", "stripe"]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    keys = ("midtrans_server_key", "xendit_callback_token", "stripe_webhook_secret")
    return settings.model_copy(update={name: SecretStr(KEY) for name in keys})


Message = tuple[bytes, dict[str, str]]


def notification(vendor: str, word: str, *, reference: str, amount_minor: int, key: str = KEY) -> Message:
    """What the vendor sends when it says "pending", "paid" or a word that nobody knows, with the proof that it is."""
    if vendor == "midtrans":
        peer = Midtrans(key)
        peer.pay(reference, kind="qris", amount=amount_minor)
        said = {"paid": {}, "pending": {"transaction_status": "pending", "status_code": "201"}}
        return peer.notification(reference, **said.get(word, {"transaction_status": word})), {}
    if vendor == "xendit":
        raw = json.loads(sample("xendit/invoice_paid"))
        raw |= {"external_id": reference, "amount": amount_minor, "paid_amount": amount_minor}
        raw["status"] = {"paid": "PAID", "pending": "PENDING"}.get(word, word)
        return json.dumps(raw).encode(), {"x-callback-token": key}
    told: dict[str, Any] = json.loads(sample("stripe/intent_succeeded"))["data"]["object"]
    told |= {
        "amount": amount_minor * 100,
        "amount_received": amount_minor * 100,
        "metadata": {"merchant_reference": reference},
    }
    told["status"] = {"paid": "succeeded", "pending": "processing"}.get(word, word)
    return fake_stripe.event("payment_intent.succeeded", told, secret=key)


async def sent(client: httpx.AsyncClient, vendor: str, message: Message) -> int:
    body, headers = message
    return (await client.post(f"/hooks/payments/{vendor}", content=body, headers=headers)).status_code


async def waiting(db: Db, vendor: str) -> Awaited:
    return await await_payment(await make_stall(db), method="card", provider=vendor, reference="there-1")


async def looked_at(db: Db) -> list[str]:
    async with db.any().reading() as tx:
        return [event.outcome or "" for event in await inbound.set_aside(tx)]


async def kept_count(db: Db) -> int:
    async with db.any().transaction() as tx:
        cursor = await tx.connection.execute("SELECT count(*) FROM inbound_events")
        return int((await cursor.fetchone() or [0])[0])


@pytest.mark.parametrize("vendor", VENDORS)
async def test_told_five_times_at_once_and_in_any_order_it_is_paid_once(
    client: httpx.AsyncClient, db: Db, database_url: str, vendor: str
) -> None:
    awaited = await waiting(db, vendor)
    amount = (await awaited.payment()).amount_minor
    paid = notification(vendor, "paid", reference=awaited.reference, amount_minor=amount)
    pending = notification(vendor, "pending", reference=awaited.reference, amount_minor=amount)
    messages = [paid] * 5 + [pending] * 5
    random.Random(7).shuffle(messages)
    assert await asyncio.gather(*(sent(client, vendor, message) for message in messages)) == [200] * 10
    assert [capture.amount_minor for capture in await awaited.captures()] == [amount]
    assert (await awaited.order()).state is State.NEW
    assert await awaited.refunds() == []
    assert await looked_at(db) == []
    assert audit(database_url) == {}


@pytest.mark.parametrize("vendor", VENDORS)
async def test_what_the_vendor_did_not_sign_is_refused_and_moves_nothing(
    client: httpx.AsyncClient, db: Db, vendor: str, caplog: pytest.LogCaptureFixture
) -> None:
    awaited = await waiting(db, vendor)
    amount = (await awaited.payment()).amount_minor
    body, headers = notification(vendor, "paid", reference=awaited.reference, amount_minor=amount)
    forged = notification(vendor, "paid", reference=awaited.reference, amount_minor=amount, key="guessed")
    altered = body.replace(str(amount).encode(), str(amount + 1).encode())
    bad: list[Message] = [forged, (body, {"x-callback-token": ""}) if vendor != "midtrans" else (b"{}", {})]
    if vendor != "xendit":  # whose proof is a token, not a signature of the body
        bad.append((altered, headers))
    for message in bad:
        assert await sent(client, vendor, message) == 401
    assert caplog.text.count("message refused") == len(bad)
    assert await kept_count(db) == 0
    assert (await awaited.order()).state is State.UNPAID
    assert await awaited.captures() == []


@pytest.mark.parametrize("vendor", VENDORS)
async def test_a_word_nobody_knows_is_kept_for_the_operator_and_never_guessed(
    client: httpx.AsyncClient, db: Db, vendor: str
) -> None:
    awaited = await waiting(db, vendor)
    message = notification(vendor, "half_paid", reference=awaited.reference, amount_minor=5)
    assert await sent(client, vendor, message) == 200
    ((outcome),) = await looked_at(db)
    assert "not understood" in outcome
    assert (await awaited.order()).state is State.UNPAID


async def test_one_provider_says_nothing_of_anothers_payment(client: httpx.AsyncClient, db: Db) -> None:
    awaited = await waiting(db, "midtrans")
    amount = (await awaited.payment()).amount_minor
    for vendor in ("xendit", "stripe"):
        message = notification(vendor, "paid", reference=awaited.reference, amount_minor=amount)
        assert await sent(client, vendor, message) == 200
    nobodys = notification("midtrans", "paid", reference="1-2", amount_minor=amount)
    assert await sent(client, "midtrans", nobodys) == 200
    told = " ".join(await looked_at(db))
    assert told.count("another provider's payment") == 2
    assert told.count("unknown payment") == 1
    assert await awaited.captures() == []


async def test_a_vendor_that_is_not_set_up_is_not_believed(settings: Settings) -> None:
    bare = settings.model_copy(
        update={"midtrans_server_key": None, "xendit_callback_token": None, "stripe_webhook_secret": SecretStr("")}
    )
    app: FastAPI = create_app(bare)
    transport = httpx.ASGITransport(app=app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://t") as client:
        for vendor in VENDORS:
            message: tuple[bytes, Mapping[str, str]] = notification(
                vendor, "paid", reference="1-2", amount_minor=9, key=""
            )
            assert await sent(client, vendor, (message[0], dict(message[1]))) == 401
