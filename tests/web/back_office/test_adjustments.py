"""The operator's form for a seller's money: sent twice it acts once; the seller reads it; others find no page."""

import re

import httpx

from etalase.foundation.sql import Db
from tests.builders.accounts import make_account
from tests.builders.stall import make_stall
from tests.builders.web import post, sign_in

PATH = "/operator/adjustments"


async def test_money_is_given_once_and_stands_on_the_statement_with_its_reason(
    db: Db, client: httpx.AsyncClient
) -> None:
    stall = await make_stall(db)
    order = await stall.new()
    await sign_in(client, await make_account(db, is_operator=True))
    key = re.search(r'name="form_key" value="([0-9]+)"', (await client.get(PATH)).text)
    assert key
    form = {
        "form_key": key[1], "store": stall.shop.slug, "kind": "compensation", "amount": "15.000", "order": str(order.id),
        "reason": "Crushed in our own van",
    }  # fmt: skip
    assert [(await post(client, PATH, form)).status_code for _ in range(2)] == [303, 303]
    page = (await client.get(PATH)).text
    assert page.count("Crushed in our own van") == 1
    for wrong in (
        {"amount": "0"},
        {"amount": "-5"},
        {"amount": "99999999999"},
        {"store": "nobody"},
        {"order": "x"},
        {"kind": "x"},
    ):
        assert (await post(client, PATH, {**form, "form_key": "77", **wrong})).status_code == 422, wrong
    await sign_in(client, stall.seller)
    assert (await client.get(PATH)).status_code == 404
    assert (await post(client, PATH, form)).status_code == 404
    for path in ("current", "current/csv"):
        assert "Crushed in our own van" in (await client.get(f"/seller/finance/statements/{path}")).text
    assert (await client.get("/seller/finance/statements/current/pdf")).status_code == 200
