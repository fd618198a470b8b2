"""Buyer and operator about money that no program moves: transfers, refunds by hand, and the switch of methods."""

import io
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from PIL import Image

from etalase.commerce.orders.rules import State
from etalase.commerce.payments import actions as payments
from etalase.commerce.payments import queries as payment_queries
from etalase.commerce.payments.rules import RefundState, Report
from etalase.foundation import clock
from etalase.foundation.sql import Db
from etalase.integrations.payment_providers import starting
from etalase.integrations.payment_providers.bank_transfer.matching import code_of
from etalase.integrations.payment_providers.settling import send_refund
from etalase.journeys.checkout import cod, settle
from etalase.journeys.checkout.settle import Outcome
from etalase.journeys.returns import actions as returns
from etalase.reactions.notifications.actions import tell
from etalase.settings import Settings
from tests.auditor import audit
from tests.builders.accounts import make_account
from tests.builders.payments import Awaited, await_payment
from tests.builders.reacting import react
from tests.builders.returns import ask
from tests.builders.stall import make_stall
from tests.builders.web import post, sign_in
from tests.conftest import new_client

DESK = "/operator/transfers"


@pytest.fixture
async def operator(db: Db, app: FastAPI) -> httpx.AsyncClient:
    opened = new_client(app)
    await sign_in(opened, await make_account(db, name="Oki", is_operator=True))
    return opened


@pytest.fixture
async def transfer(db: Db, client: httpx.AsyncClient, settings: Settings) -> Awaited:
    """A purchase that waits for a transfer; `client` is its buyer's browser."""
    awaited = await await_payment(await make_stall(db), method="bank_transfer", provider="bank_transfer")
    await starting.start_payment(db, settings, buyer_id=awaited.stall.buyer.id, payment_id=awaited.payment_id)
    await sign_in(client, awaited.stall.buyer)
    return awaited


def picture() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (300, 400), "white").save(drawn, "PNG")
    return drawn.getvalue()


async def test_a_slip_is_shown_rejected_shown_again_and_confirmed(
    client: httpx.AsyncClient, operator: httpx.AsyncClient, transfer: Awaited, app: FastAPI, db: Db
) -> None:
    here, amount = f"/purchases/{transfer.purchase_id}", (await transfer.payment()).amount_minor
    page = (await client.get(here)).text
    assert code_of(transfer.payment_id) in page
    assert "5270001234" in page
    for content, said in [(b"no picture", "not a picture"), (picture(), "Thank you")]:
        await post(client, f"{here}/proof", files={"proof": ("slip.png", content, "image/png")})
        assert said in (await client.get(here)).text
    desk = (await operator.get(DESK)).text
    address = next(part for part in desk.split('"') if "/proofs/" in part)
    assert (await operator.get(address)).headers["content-type"] == "image/webp"
    stranger = new_client(app)
    await sign_in(stranger, await make_account(db, name="Stranger"))
    own = next(part for part in (await client.get(here)).text.split('"') if "/proofs/" in part)
    assert (await client.get(own)).status_code == 200
    for path in (address, own):
        assert (await stranger.get(path)).status_code == 404
    decision = f"{DESK}/{transfer.stall.buyer.id}/{transfer.payment_id}"
    await post(operator, decision, {"action": "reject", "reason": "The sum can't be read"})
    assert "The sum can&#39;t be read" in (await client.get(here)).text
    await post(operator, decision, {"amount": "0", "reference": "R-1"})
    await post(operator, decision, {"amount": "12a", "reference": "R-1"})
    await post(operator, decision, {"amount": str(amount), "reference": ""})
    assert (await transfer.order()).state is State.UNPAID
    for _ in range(2):
        await post(operator, decision, {"amount": f"{amount:,}".replace(",", "."), "reference": "R-1"})
    assert (await transfer.order()).state is State.NEW
    assert await transfer.refunds() == []


async def test_a_statement_is_previewed_before_it_moves_anything(
    operator: httpx.AsyncClient, transfer: Awaited, database_url: str
) -> None:
    amount = (await transfer.payment()).amount_minor
    rows = (
        f"Tanggal;Keterangan;Kredit\n23/11/2026;{code_of(transfer.payment_id)} SITI;{amount}\n23/11/2026;TUNAI;99000\n"
    )
    files = {"statement": ("mutasi.csv", rows.encode(), "text/csv")}
    await post(operator, f"{DESK}/statement", {"account": "5270001234"}, files=files)
    page = (await operator.get(DESK)).text
    assert "Found by its code" in page
    assert "Nobody waits for this sum" in page
    assert (await transfer.order()).state is State.UNPAID
    await post(operator, f"{DESK}/lines")
    assert (await transfer.order()).state is State.NEW
    line = next(part for part in (await operator.get(DESK)).text.split('"') if part.startswith(f"{DESK}/lines/"))
    await post(operator, line, {"action": "aside"})
    assert "Nobody waits" not in (await operator.get(DESK)).text
    await post(operator, f"{DESK}/statement", files={"statement": ("a.csv", b"a,b\n1,2\n", "text/csv")})
    assert "could not be read" in (await operator.get(DESK)).text
    assert audit(database_url) == {}


async def test_a_refund_without_a_way_back_goes_to_the_account_the_buyer_names(
    client: httpx.AsyncClient, operator: httpx.AsyncClient, transfer: Awaited, db: Db, database_url: str, app: FastAPI
) -> None:
    amount, buyer = (await transfer.payment()).amount_minor, transfer.stall.buyer.id
    await settle.settle(db, await transfer.report(amount + 900))
    (refund,) = await transfer.refunds()
    form, payout = f"/refunds/{refund.id}/account", f"/operator/refunds/{buyer}/{refund.id}"
    account = {"bank": "BCA", "number": "123-456.7890", "holder": "Siti Rahayu"}
    assert form in (await client.get(f"/purchases/{transfer.purchase_id}")).text  # at once: transfers have no way back
    assert (await post(operator, payout, {"reference": "T-1"})).status_code == 303
    assert (await transfer.refunds())[0].state is RefundState.APPROVED  # nobody knows where to
    for wrong in ({"number": "12"}, {"number": "12x4567"}, {"bank": ""}, {"holder": "S"}):
        assert (await post(client, form, {**account, **wrong})).status_code == 422
    assert (await post(client, form, account)).status_code == 303
    page = (await client.get(form)).text
    assert "7890" in page
    assert "1234567890" not in page
    async with db.any().transaction() as tx:
        cursor = await tx.connection.execute("SELECT number_sealed FROM refund_accounts")
        assert "1234567890" not in (await cursor.fetchone() or [""])[0]
    assert "1234567890" in (await operator.get("/operator/refunds")).text
    stranger = new_client(app)
    await sign_in(stranger, await make_account(db, name="Stranger"))
    assert (await stranger.get(form)).status_code == 404
    assert (await post(stranger, form, account)).status_code == 404
    assert (await post(client, payout, {"reference": "T-1"})).status_code == 404
    await post(operator, payout, {"reference": ""})
    assert (await transfer.refunds())[0].state is RefundState.APPROVED
    assert (await post(operator, payout, {"reference": "T-1"})).status_code == 303
    assert (await post(operator, payout, {"reference": "T-2"})).status_code == 404  # paid once
    done = (await transfer.refunds())[0]
    assert (done.state, done.provider_reference) == (RefundState.DONE, "T-1")
    assert audit(database_url) == {}


async def test_a_method_that_is_switched_off_is_gone_from_the_pages(
    client: httpx.AsyncClient, operator: httpx.AsyncClient, transfer: Awaited
) -> None:
    here, switch = f"/purchases/{transfer.purchase_id}", "/operator/payment-methods/qris"
    assert 'value="qris:0"' in (await client.get(here)).text
    await post(operator, switch, {"reason": ""})
    assert 'value="qris:0"' in (await client.get(here)).text
    await post(operator, switch, {"reason": "The provider has trouble"})
    assert 'value="qris:0"' not in (await client.get(here)).text
    assert "The provider has trouble" in (await operator.get("/operator/payment-methods")).text
    answer = await post(client, f"{here}/payment", {"method": "qris:0"})
    assert (answer.status_code, answer.headers["location"]) == (303, here)
    assert (await transfer.payment()).method == "bank_transfer"
    await post(operator, switch, {"to": "on"})
    assert 'value="qris:0"' in (await client.get(here)).text
    assert (await post(operator, "/operator/payment-methods/cheque", {"reason": "x"})).status_code == 404


async def test_a_failed_refund_is_tried_again_at_the_provider(
    client: httpx.AsyncClient, operator: httpx.AsyncClient, db: Db, database_url: str
) -> None:
    awaited = await await_payment(await make_stall(db))
    buyer = awaited.stall.buyer.id
    await sign_in(client, awaited.stall.buyer)
    report = await awaited.report((await awaited.payment()).amount_minor + 900)
    await settle.settle(db, report)
    (refund,) = await awaited.refunds()
    desk, again = "/operator/refunds", f"/operator/refunds/{buyer}/{refund.id}/attempts"

    def failed(attempt: int) -> Report:
        return replace(report, status="refund_failed", refund_id=refund.id, refund_attempt=attempt, detail="closed")

    assert again not in (await operator.get(desk)).text
    await post(operator, again)  # not failed: nothing to try
    assert (await awaited.refunds())[0].reference == str(refund.id)
    await settle.settle(db, failed(1))
    assert again in (await operator.get(desk)).text
    assert (await post(client, again)).status_code == 404  # not the buyer's to press
    for _ in range(2):  # pressed twice, tried once
        assert (await post(operator, again)).status_code == 303
    now = (await awaited.refunds())[0]
    assert (now.state, now.attempts, now.reference) == (RefundState.APPROVED, 1, f"{refund.id}r2")
    assert await settle.settle(db, failed(1)) is Outcome.NOTHING_NEW  # the first attempt's word, once more
    await payments.refund_sent(db, buyer_id=buyer, refund_id=refund.id, provider_reference="P-2")
    assert await settle.settle(db, failed(1)) is Outcome.NOTHING_NEW
    now = (await awaited.refunds())[0]
    assert (now.state, now.attempts) == (RefundState.SENT, 2)
    assert await settle.settle(db, failed(2)) is Outcome.REFUND_FAILED
    form = {"bank": "BCA", "number": "1234567890", "holder": "Rina Wijaya"}
    await post(client, f"/refunds/{refund.id}/account", form)
    assert again in (await operator.get(desk)).text  # either way is open
    await post(operator, f"{desk}/{buyer}/{refund.id}", {"reference": "T-1"})
    await post(operator, again)
    assert (await awaited.refunds())[0].state is RefundState.DONE
    assert audit(database_url) == {}


async def test_returned_cash_asks_for_an_account_at_once(
    client: httpx.AsyncClient, operator: httpx.AsyncClient, db: Db, database_url: str
) -> None:
    stall = await make_stall(db)
    order = await stall.confirm(await stall.unpaid(method="cod"))
    await stall.arranged(order=order)
    await stall.report(order, "collected")
    await stall.report(order, "delivered")
    assert await react(db, cod.collect, order_id=order.id, name="order.delivered") == 1
    made = await ask(stall, order)
    await returns.approve(db, made.seller)
    await sign_in(client, stall.buyer)
    async with db.for_buyer(stall.buyer.id).reading() as tx:
        (refund,) = await payment_queries.refunds_of_order(tx, buyer_id=stall.buyer.id, order_id=order.id)
    form = f"/refunds/{refund.id}/account"
    here = f"/orders/{order.id}"
    for page in (here, f"{here}/returns/{made.id}"):
        assert f'action="{form}"' in (await client.get(page)).text
    desk = (await operator.get("/operator/refunds")).text
    assert str(order.id) in desk
    for reaction in (send_refund, tell):  # nobody to ask for sending: it stays approved, and its clock runs
        assert await react(db, reaction, order_id=order.id, name="refund.approved") == 1
    inbox = (await client.get("/inbox")).text
    assert "Which bank account?" in inbox
    notice = next(part for part in inbox.split('"') if part.startswith("/inbox/") and part[7:].isdigit())
    assert (await client.get(notice)).headers["location"] == f"{here}#refunds"
    await post(client, form, {"bank": "BCA", "number": "1234567890", "holder": "Rina Wijaya"})
    assert f'action="{form}"' not in (await client.get(here)).text
    assert "7890" in (await client.get(here)).text
    clock.set_offset(timedelta(days=30))
    assert "days late" in (await operator.get("/operator/refunds")).text
    assert str(order.id) in (await operator.get("/operator/money")).text
    clock.set_offset(timedelta(0))
    await post(operator, f"/operator/refunds/{stall.buyer.id}/{refund.id}", {"reference": "T-9"})
    assert "T-9" in (await client.get(here)).text
    assert audit(database_url) == {}
