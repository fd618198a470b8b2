"""A native app's whole way: sign in, browse, cart, quote, place once, pay, cancel, inbox, devices; and what it is refused."""

import httpx
from fastapi import FastAPI

from etalase.commerce.accounts import rules as account_rules
from etalase.foundation.sql import Db
from etalase.reactions.notifications.actions import tell_all
from tests.builders.accounts import make_account, make_address
from tests.builders.native import Native, sign_in_natively
from tests.builders.stall import make_stall
from tests.conftest import new_client

KEY = {"Idempotency-Key": "phone-1-tap-1"}


async def test_a_buyers_whole_way(app: FastAPI, client: httpx.AsyncClient, db: Db) -> None:
    stall = await make_stall(db)
    native = await sign_in_natively(client, stall.buyer)
    listed = await native.ask("GET", f"/products?shop_id={stall.shop.shop_id}")
    [card] = [one for one in listed["products"] if one["product_id"] == str(stall.product.id)]
    product = await native.ask("GET", f"/products/{card['shop_id']}/{card['product_id']}")
    variant = product["variants"][0]
    line = {"shop_id": card["shop_id"], "variant_id": variant["id"], "quantity": 2}
    cart = await native.ask("POST", "/cart/lines", line)
    assert [one["quantity"] for one in cart["lines"]] == [2]
    quote = await native.ask("POST", "/quote", {})
    assert quote["is_deliverable"]
    placement = {"address_id": quote["address_id"], "method": "qris", "total_seen_minor": quote["total_minor"]}
    placed = await native.ask("POST", "/purchases", placement, headers=KEY)
    again = await native.ask("POST", "/purchases", placement, headers=KEY)
    assert again["purchase_id"] == placed["purchase_id"]
    purchase = await native.ask("GET", f"/purchases/{placed['purchase_id']}")
    assert purchase["payment_state"] == "pending"
    [order_id] = placed["order_ids"]
    order = await native.ask("GET", f"/orders/{order_id}")
    assert (order["state"], order["cancel_rule"], order["total"]["amount_minor"]) == (
        "unpaid", "at_once", quote["total_minor"],
    )  # fmt: skip
    unpaid = await native.ask("GET", "/orders?tab=unpaid")
    assert [one["id"] for one in unpaid["orders"]] == [order_id]
    assert {"tab": "unpaid", "orders": 1} in unpaid["tabs"]
    assert (await native.ask("GET", f"/orders/{order_id}/tracking"))["parcels"] == []
    assert await native.ask("POST", f"/orders/{order_id}/cancellation", {"reason": "changed_mind"}) == {
        "rule": "at_once"
    }
    assert await native.code("POST", f"/orders/{order_id}/cancellation", {"reason": "changed_mind"}) == (
        409, "cancel_not_possible",
    )  # fmt: skip
    assert (await native.ask("GET", "/cart"))["lines"] == []


async def test_what_is_not_as_it_was_seen_is_refused_with_todays_quote(client: httpx.AsyncClient, db: Db) -> None:
    stall = await make_stall(db)
    native = await sign_in_natively(client, stall.buyer)
    line = {"shop_id": str(stall.shop.shop_id), "variant_id": str(stall.product.variant_id)}
    await native.ask("POST", "/cart/lines", line)
    placement = {"address_id": str(stall.address.id), "method": "qris", "total_seen_minor": 50_000}
    answer = await native.send("POST", "/purchases", placement, headers=KEY)
    assert (answer.status_code, answer.json()["code"]) == (409, "quote_changed")
    assert answer.json()["more"]["quote"]["total_minor"] != 50_000
    assert await native.code("POST", "/purchases", placement) == (422, "not_valid")  # no key


async def test_delivered_orders_are_tracked_and_confirmed(client: httpx.AsyncClient, db: Db) -> None:
    stall = await make_stall(db)
    order = await stall.delivered()
    native = await sign_in_natively(client, stall.buyer)
    [parcel] = (await native.ask("GET", f"/orders/{order.id}/tracking"))["parcels"]
    assert parcel["state"] == "delivered"
    assert parcel["events"]
    await native.ask("POST", f"/orders/{order.id}/receipt")
    assert (await native.ask("GET", f"/orders/{order.id}"))["state"] == "completed"
    assert await native.code("POST", f"/orders/{order.id}/receipt") == (409, "moved_on")


async def test_the_inbox_counts_and_is_read(client: httpx.AsyncClient, db: Db) -> None:
    stall = await make_stall(db)
    await stall.new()
    async with db.any().transaction() as tx:
        rows = await (
            await tx.connection.execute("SELECT shop_id, id FROM facts WHERE order_id IS NOT NULL")
        ).fetchall()
        from etalase.foundation.facts.relay import facts_by_id

        await tell_all(tx, await facts_by_id(tx, [(row[0], row[1]) for row in rows]))
    native = await sign_in_natively(client, stall.buyer)
    inbox = await native.ask("GET", "/inbox")
    assert inbox["unread"] == len(inbox["notices"]) == 2
    await native.ask("POST", f"/inbox/{inbox['notices'][0]['id']}/read")
    assert (await native.ask("GET", "/inbox"))["unread"] == 1
    await native.ask("POST", "/inbox/read", {})
    assert (await native.ask("GET", "/inbox"))["unread"] == 0
    assert await native.code("POST", "/inbox/1/read") == (404, "not_found")


async def test_devices_are_one_list_and_ended_tokens_open_nothing(client: httpx.AsyncClient, db: Db) -> None:
    account = await make_account(db)
    phone, tablet = await sign_in_natively(client, account), await sign_in_natively(client, account)
    devices = (await phone.ask("GET", "/devices"))["devices"]
    assert [one["is_this"] for one in devices].count(True) == 1
    [other] = [one for one in devices if not one["is_this"]]
    await phone.ask("DELETE", f"/devices/{other['id']}")
    assert await tablet.code("GET", "/me") == (401, "token_not_valid")
    assert (await phone.ask("GET", "/me"))["id"] == str(account.id)
    assert await Native(client).code("GET", "/me") == (401, "token_missing")


async def test_a_cookie_opens_nothing_here(app: FastAPI, client: httpx.AsyncClient, db: Db) -> None:
    from tests.builders.web import sign_in

    await sign_in(client, await make_account(db))
    assert await Native(client).code("GET", "/me") == (401, "token_missing")


async def test_guessing_is_throttled_as_on_the_page(client: httpx.AsyncClient, db: Db) -> None:
    account = await make_account(db)
    wrong = {"login": account.email, "password": "guess-guess"}
    for _ in range(account_rules.ATTEMPTS_PER_LOGIN_MAX):
        assert await Native(client).code("POST", "/sessions", wrong) == (401, "login_refused")
    answer = await Native(client).send("POST", "/sessions", wrong)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


async def test_strangers_find_nothing(app: FastAPI, client: httpx.AsyncClient, db: Db) -> None:
    stall = await make_stall(db)
    order = await stall.new()
    stranger = await make_account(db)
    await make_address(db, stranger)
    async with new_client(app) as other:
        native = await sign_in_natively(other, stranger)
        for method, path, body in (
            ("GET", f"/orders/{order.id}", None),
            ("GET", f"/orders/{order.id}/tracking", None),
            ("POST", f"/orders/{order.id}/cancellation", {"reason": "changed_mind"}),
            ("DELETE", f"/orders/{order.id}/cancellation", None),
            ("POST", f"/orders/{order.id}/receipt", None),
            ("GET", f"/purchases/{order.purchase_id}", None),
            ("POST", f"/purchases/{order.purchase_id}/payment", {}),
            ("DELETE", f"/addresses/{stall.address.id}", None),
            ("POST", "/quote", {"address_id": str(stall.address.id)}),
        ):
            status, _ = await native.code(method, path, body)
            assert status in (404, 409), (method, path)


async def test_addresses_are_kept_and_problems_named(client: httpx.AsyncClient, db: Db) -> None:
    native = await sign_in_natively(client, await make_account(db))
    home = {
        "recipient": "Sari", "phone": "0812 3456 7890", "province": "Jawa Barat", "city": "Kota Bandung",
        "district": "Coblong", "postal_code": "40132", "street": "Jalan Dago No. 12",
    }  # fmt: skip
    made = await native.ask("POST", "/addresses", home)
    assert made["is_default"]
    assert made["city"] == "3273"
    await native.ask("PUT", f"/addresses/{made['id']}", home | {"label": "Rumah"})
    [kept] = (await native.ask("GET", "/addresses"))["addresses"]
    assert kept["label"] == "Rumah"
    answer = await native.send("POST", "/addresses", home | {"phone": "x"})
    assert answer.json()["errors"] == [{"field": "phone", "code": "phone_malformed"}]
    assert (await native.send("POST", "/addresses", home | {"telephone": "x"})).status_code == 422
    await native.ask("DELETE", f"/addresses/{made['id']}")


async def test_what_is_not_there_and_what_is_too_large_is_said_in_the_same_shape(client: httpx.AsyncClient) -> None:
    native = Native(client)
    assert await native.code("GET", "/nowhere") == (404, "not_found")
    assert await native.code("PATCH", "/categories") == (405, "method_not_allowed")
    assert await native.code("POST", "/sessions", {"login": "x" * 1_100_000, "password": "x"}) == (413, "too_large")
    document = (await client.get("/api/v1/openapi.json")).json()
    assert "/api/v1/purchases" in document["paths"]
    assert document["paths"]["/api/v1/me"]["get"]["security"]


async def test_delivered_goods_are_asked_to_be_returned(client: httpx.AsyncClient, db: Db) -> None:
    stall = await make_stall(db)
    order = await stall.delivered()
    native = await sign_in_natively(client, stall.buyer)
    found = await native.ask("GET", f"/orders/{order.id}/returnable")
    assert found["why_not"] == ""
    plain = next(one for one in found["reasons"] if not one["needs_evidence"])
    asked = {"kind": plain["kinds"][0], "reason": plain["code"], "lines": found["lines"]}
    made = await native.ask("POST", f"/orders/{order.id}/returns", asked)
    assert made["state"] == "requested"
    assert (await native.code("POST", f"/orders/{order.id}/returns", asked))[0] in (409, 422)
    shown = next(one for one in found["reasons"] if one["needs_evidence"])
    wanting = asked | {"kind": shown["kinds"][0], "reason": shown["code"]}
    assert await native.code("POST", f"/orders/{order.id}/returns", wanting) == (409, "evidence_missing")
