"""Texts and forms made to do harm: scripts in every text people write, bytes the database refuses, doors of the demo."""

import httpx
import pytest
from fastapi import FastAPI

from etalase.commerce.orders import actions as orders
from etalase.commerce.shipping import actions as shipping
from etalase.commerce.shipping import queries as parcels
from etalase.commerce.shipping import tracking
from etalase.foundation.facts import Actor
from etalase.foundation.sql import Db
from etalase.settings import Settings
from etalase.web.app import create_app
from tests.auditor import audit
from tests.builders.accounts import make_account
from tests.builders.shipping import a_report
from tests.builders.stall import make_stall
from tests.builders.web import post, sign_in
from tests.conftest import new_client

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"


async def test_production_has_no_door_of_the_demo(settings: Settings, db: Db) -> None:
    app = create_app(settings.model_copy(update={"mode": "production"}))
    async with app.router.lifespan_context(app), new_client(app) as client:
        page = await client.get("/login")
        assert "etalase-demo" not in page.text
        assert "@etalase.test" not in page.text
        for path in ("/login", "/", "/shop", "/healthz", "/readyz", "/nothing-here"):
            assert "server-timing" not in (await client.get(path)).headers
        buyer = await make_account(db, is_operator=True)
        await sign_in(client, buyer)
        for path in ("/demo/mail", "/demo/time"):
            assert (await client.get(path)).status_code == 404, path
        assert (await post(client, "/demo/time", {"step": "day", "by": "day"})).status_code == 404


async def test_scripts_in_texts_stay_texts(app: FastAPI, db: Db) -> None:
    stall = await make_stall(db)
    order = await stall.confirm(await stall.new(note=SCRIPT))
    async with db.any().transaction() as tx:
        await tx.connection.execute("UPDATE order_lines SET title = %s, variant_name = %s", (SCRIPT, SCRIPT))
        await tx.connection.execute("UPDATE products SET title = %s, description = %s", (SCRIPT, SCRIPT))
        await tx.connection.execute("UPDATE shops SET name = %s, description = %s", (SCRIPT, SCRIPT))
        await tx.connection.execute("UPDATE orders SET shop_name = %s, buyer_name = %s", (SCRIPT, SCRIPT))
    await stall.arranged(order=order)
    async with db.any().reading() as tx:
        (parcel,) = await parcels.parcels_of_order(tx, shop_id=order.shop_id, order_id=order.id)
    await shipping.note_delay(
        db, shop_id=order.shop_id, parcel_id=parcel.id, note=SCRIPT, by=Actor.seller(stall.seller.id)
    )
    report = a_report(parcel, "delivery_failed", place=SCRIPT, reason=SCRIPT, receiver=SCRIPT)
    await tracking.record_tracking(db, report, vendor="test", parcel=(parcel.shop_id, parcel.id))
    await orders.write_seller_note(
        db, shop_id=order.shop_id, order_id=order.id, note=SCRIPT, by=Actor.seller(stall.seller.id)
    )
    product = f"/p/{order.shop_id}/{stall.product.id}"
    seen = 0
    for account, paths in (
        (stall.buyer, (f"/orders/{order.id}", f"/orders/{order.id}/tracking", "/orders", product, f"/s/{stall.shop.slug}")),
        (stall.seller, (f"/seller/orders/{order.id}", "/seller/orders", "/seller/products", "/seller")),
    ):  # fmt: skip
        async with new_client(app) as client:
            await sign_in(client, account)
            for path in paths:
                page = await client.get(path)
                assert page.status_code == 200, path
                assert "<script>alert" not in page.text
                assert "<img src=x" not in page.text
                seen += page.text.count("&lt;script&gt;")
    assert seen > len(SCRIPT) // 10


NUL = "Sari\x00Wulandari"


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/settings/name", {"name": NUL}),
        ("/login", {"login": NUL, "password": NUL}),
        ("/register", {"name": NUL, "login": NUL, "password": NUL}),
        ("/password/forgot", {"login": NUL}),
        ("/addresses/new", {"recipient": NUL, "phone": NUL, "street": NUL}),
        ("/addresses", {"recipient": NUL, "phone": NUL, "street": NUL, "province": "32", "city": "3273"}),
        ("/checkout", {"action": "place", "method": NUL, "placement_key": "abcdefgh\x00", "total_seen": NUL}),
        ("/cart/lines", {"shop_id": "1\x00", "variant_id": "1", "quantity": NUL}),
    ],
)
async def test_a_zero_byte_breaks_no_form(client: httpx.AsyncClient, db: Db, path: str, fields: dict[str, str]) -> None:
    await sign_in(client, await make_account(db))
    assert (await post(client, path, fields)).status_code < 500


async def test_a_zero_byte_breaks_no_verb(app: FastAPI, db: Db, database_url: str) -> None:
    stall = await make_stall(db)
    order = await stall.ready()
    async with new_client(app) as client:
        await sign_in(client, stall.seller)
        here = f"/seller/orders/{order.id}"
        for path, fields in (
            (f"{here}/note", {"note": NUL}),
            (f"{here}/cancellation", {"reason": "no_stock", "note": NUL, "all": "1", "whole": "1"}),
            (f"{here}/shipping", {"method": "own_number", "carrier": NUL, "service": NUL, "number": NUL}),
        ):
            answer = await post(client, path, fields)
            assert answer.status_code < 500, path
        for path in ("/seller/orders?q=a%00b", "/seller/products?q=%00", "/seller/stock?q=%00"):
            assert (await client.get(path)).status_code < 500, path
    async with new_client(app) as client:
        await sign_in(client, stall.buyer)
        fields = {"reason": "changed_mind", "note": NUL}
        assert (await post(client, f"/orders/{order.id}/cancellation", fields)).status_code < 500
        for path in ("/orders?q=%00", "/search?q=a%00b", "/s/a%00b", "/c/%00", "/media/%00", "/inbox?after=%00"):
            assert (await client.get(path)).status_code < 500, path
    assert audit(database_url) == {}


async def test_a_closed_shop_sells_nothing_and_says_so(client: httpx.AsyncClient, db: Db) -> None:
    stall = await make_stall(db)
    await sign_in(client, stall.buyer)
    line = {"shop_id": str(stall.shop.shop_id), "variant_id": str(stall.product.variant_id), "quantity": "1"}
    assert (await post(client, "/cart/lines", {**line, "back": "/cart"})).status_code == 303
    checkout = await client.get("/checkout")
    assert checkout.status_code == 200
    async with db.any().transaction() as tx:
        await tx.connection.execute("UPDATE shops SET is_open = false")
    answer = await post(
        client,
        "/checkout",
        {"action": "place", "method": "qris", "total_seen": "75000", "placement_key": "closed-shop-1"},
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/cart")
    assert "is not for sale any more" in (await client.get("/cart")).text
    async with db.any().transaction() as tx:
        cursor = await tx.connection.execute("SELECT count(*) FROM orders")
        assert await cursor.fetchone() == (0,)
    page = await client.get(f"/p/{stall.shop.shop_id}/{stall.product.id}")
    assert page.status_code == 200
