"""The wallet's pages: filled, paid with, refunded into, withdrawn from, as buyer and operator see them."""

import csv
import io
import re
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from etalase.commerce.orders import queries as orders
from etalase.commerce.orders.rules import Order, State
from etalase.foundation.facts.model import SYSTEM
from etalase.foundation.facts.relay import facts_by_id
from etalase.foundation.i18n import translator
from etalase.foundation.sql import Db
from etalase.foundation.time_machine import actions as time_machine
from etalase.integrations.mail import account_code
from etalase.journeys.checkout import retrying, settle
from tests.auditor import audit
from tests.builders.accounts import make_account
from tests.builders.orders import method_of, orders_of, pay
from tests.builders.stall import Stall, make_stall
from tests.builders.wallets import await_top_up, fill, has, place_with_wallet, with_bank_account
from tests.builders.web import post, sign_in

CASH = 500_000


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, page
    return found[1]


async def speak(client: httpx.AsyncClient, locale: str) -> None:
    client.cookies.set("locale", locale)


async def at_the_checkout(client: httpx.AsyncClient, stall: Stall, *, units: int = 1) -> None:
    await sign_in(client, stall.buyer)
    line = {"shop_id": str(stall.shop.shop_id), "variant_id": str(stall.product.variant_id), "quantity": str(units)}
    await post(client, "/cart/lines", line)


async def place(client: httpx.AsyncClient, **more: str) -> httpx.Response:
    page = (await client.get("/checkout?wallet=yes")).text
    form = {name: hidden(page, name) for name in ("placement_key", "total_seen", "fee_seen", "wallet_seen")}
    return await post(client, "/checkout", form | {"wallet": "yes", "action": "place"} | more)


async def only_order(stall: Stall, where: str) -> Order:
    async with stall.db.for_buyer(stall.buyer.id).reading() as tx:
        number = int(where.rsplit("/", 1)[1])
        (order,) = await orders.orders_of_purchase(tx, buyer_id=stall.buyer.id, purchase_id=number)
    return order


@pytest.mark.parametrize("locale", ["en", "id"])
async def test_paid_from_the_wallet_at_once_and_back_into_it(
    db: Db, client: httpx.AsyncClient, database_url: str, locale: str
) -> None:
    stall = await make_stall(db)
    await fill(db, stall.buyer, CASH)
    await at_the_checkout(client, stall)
    await speak(client, locale)
    text = translator(locale).gettext
    assert text("Pay from the wallet") in (await client.get("/checkout")).text
    placed = await place(client)
    assert placed.status_code == 303, placed.text
    order = await only_order(stall, placed.headers["location"])
    assert (order.state, order.payment_method) == (State.NEW, "wallet"), "paid without another step"
    assert text("Paid. Thank you!") in (await client.get(placed.headers["location"])).text
    page = (await client.get(f"/orders/{order.id}/cancellation")).text
    assert text("At once") in page
    assert 'name="refund_to"' not in page, "what the wallet paid goes nowhere else"
    await post(client, f"/orders/{order.id}/cancellation", {"reason": "changed_mind"})
    assert await has(db, stall.buyer) == (CASH, 0)
    shown = (await client.get("/wallet")).text
    assert text("Refund") in shown
    rows = list(csv.DictReader(io.StringIO((await client.get("/wallet/statement/csv")).text.lstrip("\ufeff"))))
    assert [int(row["available_after"]) for row in rows][-1] == CASH
    assert sum(int(row["available"]) + int(row["set_aside"]) for row in rows) == CASH
    assert audit(database_url) == {}


async def test_a_part_from_the_wallet_the_rest_by_another_method(db: Db, client: httpx.AsyncClient) -> None:
    stall = await make_stall(db)
    await fill(db, stall.buyer, 20_000)
    await at_the_checkout(client, stall)
    page = (await client.get("/checkout?wallet=yes")).text
    assert "Pay the rest with" in page
    assert "Cash on delivery does not go together with the wallet." in page
    assert (await place(client)).status_code == 422, "a method for the rest is missing"
    refused = await place(client, wallet_seen="30000", method="qris")
    assert refused.status_code == 422
    assert "There is not so much in your wallet any more." in refused.text
    placed = await place(client, method="qris")
    assert placed.status_code == 303, placed.text
    assert await has(db, stall.buyer) == (0, 20_000)
    where = placed.headers["location"]
    purchase = (await client.get(where)).text
    assert "From the wallet" in purchase
    assert "Rp20,000 · Set aside" in purchase
    order = await only_order(stall, where)
    asked = (await client.get(f"/orders/{order.id}/cancellation")).text
    assert 'name="refund_to"' not in asked, "nothing is paid yet"
    await post(client, f"/orders/{order.id}/cancellation", {"reason": "changed_mind"})
    assert await has(db, stall.buyer) == (20_000, 0)


async def test_a_refund_goes_where_the_buyer_says(db: Db, client: httpx.AsyncClient) -> None:
    stall = await make_stall(db)
    order = await stall.new()
    await sign_in(client, stall.buyer)
    assert "At once, to spend or to withdraw" in (await client.get(f"/orders/{order.id}/cancellation")).text
    await post(client, f"/orders/{order.id}/cancellation", {"reason": "changed_mind", "refund_to": "wallet"})
    assert await has(db, stall.buyer) == (order.total_minor, 0)


async def test_topping_up_by_the_pages(db: Db, client: httpx.AsyncClient) -> None:
    stall = await make_stall(db)
    await sign_in(client, stall.buyer)
    page = (await client.get("/wallet/top-up?amount=100000")).text
    for amount in ("-5", "0", "9999", "2000001", "x", "999999999999999999"):
        refused = await post(
            client, "/wallet/top-up", {"key": hidden(page, "key"), "amount": amount, "method": "bca_va:0"}
        )
        assert refused.status_code == 422, amount
    form = {"key": hidden(page, "key"), "amount": "100.000", "method": "qris:0"}
    begun = await post(client, "/wallet/top-up", form)
    where = begun.headers["location"]
    assert where.startswith("/wallet/top-ups/"), "nobody takes the money in this test: it can be paid from its page"
    assert (await post(client, "/wallet/top-up", form)).headers["location"] == where
    assert (await client.get(f"/purchases/{where.rsplit('/', 1)[1]}")).headers["location"] == where
    assert "Waiting for your payment" in (await client.get(where)).text
    assert "Rp100,000" in (await client.get("/wallet")).text
    assert (await post(client, f"{where}/cancellation")).headers["location"] == "/wallet"
    assert "This top-up is over" in (await client.get(where)).text
    report = await await_top_up(db, stall.buyer, 50_000)
    await settle.settle(db, report)
    assert "Rp50,000" in (await client.get("/profile")).text


async def test_withdrawing_by_the_pages_and_the_operators_batch(
    db: Db, client: httpx.AsyncClient, database_url: str
) -> None:
    stall = await make_stall(db)
    await fill(db, stall.buyer, CASH)
    await sign_in(client, stall.buyer)
    assert (await client.get("/wallet/withdrawal")).headers["location"] == "/wallet/bank-account"
    entered = {"bank": "bca", "number": "123-456-7890", "holder": "Somebody Else"}
    assert "in your own name" in (await post(client, "/wallet/bank-account", entered)).text
    await post(client, "/wallet/bank-account", entered | {"holder": stall.buyer.name})
    assert "Enter the code" in (await client.get("/wallet/bank-account")).text
    code = await code_from_the_mail(db)
    assert (await post(client, "/wallet/bank-account/code", {"code": "wrong"})).status_code == 422
    assert (await post(client, "/wallet/bank-account/code", {"code": code})).headers["location"] == "/wallet"
    assert "To keep your money safe" in (await client.get("/wallet/withdrawal")).text
    await time_machine.advance(db, timedelta(hours=25), actor=SYSTEM)
    key = hidden((await client.get("/wallet/withdrawal")).text, "key")
    for amount in ("-1", "0", "600000", "x"):
        refused = await post(client, "/wallet/withdrawal", {"key": key, "amount": amount})
        assert refused.status_code == 422, amount
    for _ in range(2):
        await post(client, "/wallet/withdrawal", {"key": key, "amount": "100000"})
    assert await has(db, stall.buyer) == (CASH - 100_000, 100_000)
    assert "Waits for approval" in (await client.get("/wallet")).text

    await sign_in(client, await make_account(db, is_operator=True))
    assert "Rp97,500" in (await client.get("/operator/payouts")).text
    batch = (await post(client, "/operator/payouts")).headers["location"]
    await post(client, f"{batch}/approval")
    page = (await client.get(batch)).text
    door = re.search(r'action="(/operator/payouts/\d+/withdrawals/\d+/\d+)"', page)
    assert door
    assert "1234567890" in (await client.get(f"{batch}/csv")).text
    await post(client, door[1], {"step": "paid"})
    assert "Closed" in (await client.get(batch)).text
    assert await has(db, stall.buyer) == (CASH - 100_000, 0)
    assert audit(database_url) == {}


async def code_from_the_mail(db: Db) -> str:
    """What the relay does when it hears of the account, and what the mail then says."""
    async with db.any().transaction() as tx:
        cursor = await tx.connection.execute("SELECT shop_id, id FROM facts WHERE name = 'wallet_account.entered'")
        (fact,) = await facts_by_id(tx, list(await cursor.fetchall()))
    for _ in range(2):  # told twice, it leaves the code of the mail as it is
        await account_code.send(db, fact)
    async with db.any().transaction() as tx:
        cursor = await tx.connection.execute("SELECT subject FROM mails")
        ((subject,),) = await cursor.fetchall()
    return str(subject)[-6:]


async def test_a_withdrawal_is_taken_back_by_its_owner_alone(db: Db, client: httpx.AsyncClient) -> None:
    stall = await make_stall(db)
    await fill(db, stall.buyer, CASH)
    await with_bank_account(db, stall.buyer)
    await time_machine.advance(db, timedelta(hours=25), actor=SYSTEM)
    await sign_in(client, stall.buyer)
    await post(client, "/wallet/withdrawal", {"key": "a key of mine", "amount": "100000"})
    door = re.search(r'action="(/wallet/withdrawals/\d+/cancellation)"', (await client.get("/wallet")).text)
    assert door
    await sign_in(client, stall.seller)
    assert (await post(client, door[1])).status_code == 404
    await sign_in(client, stall.buyer)
    assert (await post(client, door[1])).headers["location"] == "/wallet"
    assert await has(db, stall.buyer) == (CASH, 0)


async def test_pages_say_what_goes_back_where_of_an_order_paid_in_two_ways(db: Db, client: httpx.AsyncClient) -> None:
    """The wallet's part goes back there whatever is chosen, the rest by the method that was paid with, not the one chosen first."""
    stall = await make_stall(db)
    await fill(db, stall.buyer, CASH)
    placed = await place_with_wallet(stall, 20_000)
    payment_id = await retrying.pay_again(
        db, buyer_id=stall.buyer.id, purchase_id=placed.purchase_id, method=method_of("bca_va")
    )
    paid = replace(placed, payment_id=payment_id)
    assert await pay(db, stall.buyer, paid) is settle.Outcome.PAID
    (order,) = await orders_of(db, stall.buyer, paid)
    assert order.payment_method == "bca_va"
    await sign_in(client, stall.buyer)
    page = (await client.get(f"/orders/{order.id}/cancellation")).text
    assert "Rp20,000 of it was paid from your wallet and goes back there, at once." in page
    assert "Where do you want the rest?" in page
    assert "BCA Virtual Account" in page
    assert "QRIS" not in page
    async with db.for_shop(order.shop_id).transaction() as tx:
        await tx.connection.execute("UPDATE orders SET refunded_minor = total_minor - 15000")  # little of it is left
    page = (await client.get(f"/orders/{order.id}/cancellation")).text
    assert 'name="refund_to"' not in page, "all that is left was the wallet's"
