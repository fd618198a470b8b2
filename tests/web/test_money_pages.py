"""Sellers' and operators' pages about money: who sees what, what it says, what can be downloaded."""

import csv
import io
import re

import httpx
import pytest

from etalase.commerce.accounts.banks import BankDetails
from etalase.commerce.accounts.queries import Account
from etalase.foundation.facts import Actor
from etalase.foundation.facts.model import SYSTEM
from etalase.foundation.sql import Db
from etalase.foundation.time_machine import actions as time_machine
from etalase.journeys.payouts import actions as payouts
from etalase.journeys.payouts.errors import NotTheOwner
from etalase.journeys.settlement import actions
from etalase.journeys.settlement.rules import WEEK
from tests.builders.accounts import make_account
from tests.builders.settling import complete, give_back, settled_order
from tests.builders.stall import Stall, make_stall
from tests.builders.web import post, sign_in


def table(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))


async def operator(db: Db) -> Account:
    return await make_account(db, is_operator=True)


async def test_the_money_of_an_order_is_explained_to_each_party_alike_and_sums_to_nothing(
    db: Db, client: httpx.AsyncClient
) -> None:
    stall = await make_stall(db)
    order = await settled_order(db, stall)
    await give_back(db, order, 2_000)
    paths = {
        stall.buyer: f"/orders/{order.id}/money",
        stall.seller: f"/seller/orders/{order.id}/money",
        await operator(db): f"/operator/orders/{order.shop_id}/{order.id}/money",
    }
    for account, path in paths.items():
        await sign_in(client, account)
        page = (await client.get(path)).text
        assert "2.5% of the price of the goods" in page
        assert "commission.rate v0" in page
        assert "Money went back to the buyer" in page
        rows = table(await client.get(f"{path}/csv"))
        shares = [int(row["amount"]) for row in rows if row["part"] == "share"]
        assert len(shares) >= 3
        assert sum(shares) == 0
        price = sum(int(row["amount"]) for row in rows if row["part"] == "price")
        assert price == order.total_minor - 2_000 == -min(shares)
        assert sum(int(row["amount"]) for row in rows if row["part"] == "step") == 0


async def test_an_unpaid_order_has_nothing_to_explain(db: Db, client: httpx.AsyncClient) -> None:
    stall = await make_stall(db)
    order = await stall.unpaid()
    await sign_in(client, stall.buyer)
    assert "No money has moved yet" in (await client.get(f"/orders/{order.id}/money")).text
    assert f"/orders/{order.id}/money" in (await client.get(f"/orders/{order.id}")).text


async def test_an_order_that_gave_everything_back_says_how(db: Db, client: httpx.AsyncClient) -> None:
    stall = await make_stall(db)
    order = await stall.new()
    await give_back(db, order, order.total_minor)
    await sign_in(client, stall.buyer)
    page = (await client.get(f"/orders/{order.id}/money")).text
    assert "All of it went back" in page
    assert "Money went back to the buyer" in page
    assert "No money has moved yet" not in page


async def test_strangers_find_no_money(db: Db, client: httpx.AsyncClient) -> None:
    stall, other = await make_stall(db), await make_stall(db)
    order = await stall.new()
    await sign_in(client, other.buyer)
    assert (await client.get(f"/orders/{order.id}/money")).status_code == 404
    assert (await client.get("/seller/finance")).status_code == 404
    await sign_in(client, other.seller)
    assert (await client.get(f"/seller/orders/{order.id}/money/csv")).status_code == 404
    assert (await client.get(f"/operator/orders/{order.shop_id}/{order.id}/money")).status_code == 404
    assert (await client.get("/operator/payouts")).status_code == 404


async def weekly(db: Db) -> Stall:
    """A stall with a closed week and one that runs."""
    stall = await make_stall(db)
    order = await settled_order(db, stall)
    await give_back(db, order, 1_500)
    await time_machine.advance(db, WEEK, actor=SYSTEM)
    await actions.issue_statements(db)
    await settled_order(db, stall)
    await complete(db, stall)
    return stall


async def test_finance_shows_balances_weeks_and_what_waits(db: Db, client: httpx.AsyncClient) -> None:
    stall = await weekly(db)
    await sign_in(client, stall.seller)
    page = (await client.get("/seller/finance")).text
    assert "Settled on" in page
    assert (await client.get("/seller/finance/waiting")).status_code == 200
    assert (await client.get("/seller/finance/waiting?after=nonsense")).status_code == 404
    statement = re.search(r"/seller/finance/statements/([0-9]+)", page)
    assert statement
    for name in (statement[1], "current"):
        path = f"/seller/finance/statements/{name}"
        assert "At the beginning" in (await client.get(path)).text
        rows = table(await client.get(f"{path}/csv"))
        assert sum(int(row["amount"]) for row in rows) == int(rows[-1]["balance"]) - _opening(rows)
        pdf = await client.get(f"{path}/pdf")
        assert pdf.headers["content-type"] == "application/pdf"
        assert pdf.content.startswith(b"%PDF")
    other = await make_stall(db)
    await sign_in(client, other.seller)
    assert (await client.get(f"/seller/finance/statements/{statement[1]}")).status_code == 404
    assert (await client.get(f"/seller/finance/statements/{statement[1]}/pdf")).status_code == 404


def _opening(rows: list[dict[str, str]]) -> int:
    return int(rows[0]["balance"]) - int(rows[0]["amount"])


@pytest.mark.parametrize("number", ["", "12a4567", "12345"])
async def test_a_wrong_account_number_is_said_where_it_was_typed(
    db: Db, client: httpx.AsyncClient, number: str
) -> None:
    stall = await make_stall(db)
    await sign_in(client, stall.seller)
    answer = await post(client, "/seller/finance/bank-account", {"bank": "bca", "number": number, "holder": "Rina"})
    assert answer.status_code == 422
    assert "An account number has 6 to 20 digits." in answer.text


async def test_from_a_bank_account_to_a_transfer_that_came_back(db: Db, client: httpx.AsyncClient) -> None:
    stall = await make_stall(db)
    await settled_order(db, stall)
    await sign_in(client, stall.seller)
    form = {"bank": "bca", "number": "1234567890", "holder": "Rina Wijaya"}
    assert (await post(client, "/seller/finance/bank-account", form)).status_code == 303
    assert "••••••7890" in (await client.get("/seller/finance")).text
    await sign_in(client, await operator(db))
    desk = (await client.get("/operator/payouts")).text
    assert "1234567890" in desk
    decide = re.search(r"/operator/bank-accounts/[0-9]+/[0-9]+", desk)
    assert decide
    await post(client, decide[0], {"step": "refuse", "reason": " "})
    assert "1234567890" in (await client.get("/operator/payouts")).text, "a refusal needs its reason"
    await post(client, decide[0], {"step": "verify"})
    batch = (await post(client, "/operator/payouts")).headers["location"]
    assert batch.removeprefix("/operator/payouts/").isdigit()
    await post(client, f"{batch}/approval")
    assert table(await client.get(f"{batch}/csv"))[0]["account_number"] == "1234567890"
    transfer = re.search(rf"{batch}/[0-9]+/[0-9]+", (await client.get(batch)).text)
    assert transfer
    await post(client, transfer[0], {"step": "paid"})
    await post(client, transfer[0], {"step": "returned", "reason": "account closed"})
    assert "account closed" in (await client.get(batch)).text
    again = await post(client, "/operator/payouts")
    await post(client, again.headers["location"] + "/drop")
    assert "Dropped" in (await client.get("/operator/payouts")).text
    await sign_in(client, stall.seller)
    assert "account closed" in (await client.get("/seller/finance")).text


async def test_only_the_owner_changes_where_money_goes(db: Db) -> None:
    stall = await make_stall(db)
    details = BankDetails("bca", "1234567890", "Rina")
    with pytest.raises(NotTheOwner):
        await payouts.enter_account(
            db, details, shop_id=stall.shop.shop_id, role="staff", by=Actor.seller(stall.seller.id)
        )
