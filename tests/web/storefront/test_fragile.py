"""Goods that are sent insured only: because their seller calls them fragile, or because a policy asks for it."""

import httpx
import pytest

from etalase.commerce.catalog import queries as catalog
from etalase.foundation.facts import Actor
from etalase.foundation.policies.actions import SetPolicy, set_policy
from etalase.foundation.sql import Db
from etalase.journeys.checkout import actions
from etalase.journeys.checkout.errors import QuoteChanged
from tests.builders.native import sign_in_natively
from tests.builders.orders import lane_of, make_basket
from tests.builders.stall import Stall, make_stall
from tests.builders.web import post, sign_in
from tests.web.seller_center.test_products_and_stock import fields_of

PREMIUM_MIN_MINOR = 500


async def call_fragile(client: httpx.AsyncClient, stall: Stall) -> None:
    """The seller ticks the box in the product's form."""
    await sign_in(client, stall.seller)
    path = f"/seller/products/{stall.product.id}"
    fields = fields_of((await client.get(path)).text)
    assert "is_fragile" not in fields
    assert (await post(client, path, {**fields, "is_fragile": "1"})).status_code == 303
    assert fields_of((await client.get(path)).text)["is_fragile"] == "1"


async def test_what_a_seller_calls_fragile_is_sent_insured(db: Db, client: httpx.AsyncClient) -> None:
    stall = await make_stall(db)
    lines = {(stall.shop.shop_id, stall.product.variant_id): 1}
    before = (await make_basket(db, stall.buyer, stall.address, lines)).checkout
    await call_fragile(client, stall)
    with pytest.raises(QuoteChanged):  # the premium is no choice: a total without it is not today's
        await actions.place(lane_of(db), before)
    order = await stall.ready()
    assert order.is_insured
    assert order.total_minor == before.total_seen_minor + PREMIUM_MIN_MINOR
    assert "Pack it well" in (await client.get(f"/seller/orders/{order.id}/shipping")).text
    await sign_in(client, stall.buyer)
    assert "Fragile: sent insured only." in (await client.get(f"/p/{stall.shop.shop_id}/{stall.product.id}")).text
    line = {"shop_id": str(stall.shop.shop_id), "variant_id": str(stall.product.variant_id), "quantity": "1"}
    await post(client, "/cart/lines", line)
    page = (await client.get("/checkout")).text
    assert "Fragile: this shipment is sent insured" in page
    assert f'name="insurance-{stall.shop.shop_id}"' not in page


async def test_a_policy_has_a_category_sent_insured(db: Db, client: httpx.AsyncClient) -> None:
    stall, other = await make_stall(db), await make_stall(db)
    async with db.any().reading() as tx:
        product = await catalog.product(tx, shop_id=stall.shop.shop_id, product_id=stall.product.id)
    assert product is not None
    wanted = SetPolicy(key="insurance.required", value="yes", scope="category", scope_id=product.category_id)
    await set_policy(db, wanted, by=Actor.operator(1))
    assert (await stall.unpaid()).is_insured
    assert not (await other.unpaid()).is_insured
    native = await sign_in_natively(client, stall.buyer)
    line = {"shop_id": str(stall.shop.shop_id), "variant_id": str(stall.product.variant_id), "quantity": 1}
    await native.ask("POST", "/cart/lines", line)
    [part] = (await native.ask("POST", "/quote", {}))["shops"]
    assert (part["must_insure"], part["insurance"]["amount_minor"]) == (True, PREMIUM_MIN_MINOR)
