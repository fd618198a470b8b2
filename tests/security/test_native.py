"""Every route of the native apps' API, taken from the app: nothing of an account's without its token, nothing of strangers'."""

import re

import httpx
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.datastructures import State

from etalase.commerce.evidence import queries as evidence
from etalase.foundation.sql import Db
from etalase.web.api.door import create_api
from etalase.web.dispatch import routes_of
from tests.builders.accounts import make_account
from tests.builders.native import sign_in_natively
from tests.builders.returns import asked
from tests.conftest import new_client

PUBLIC = {
    "POST /api/v1/sessions": "the way in",
    "POST /api/v1/accounts": "the way in",
    "GET /api/v1/categories": "browsing",
    "GET /api/v1/products": "browsing",
    "GET /api/v1/products/{shop_id}/{product_id}": "browsing",
    "GET /api/v1/shops/{slug}": "browsing",
}
OWN = {"DELETE /api/v1/devices/{device_id}": "ends a device of one's own, another's is none of them"}
CART = "PUT /api/v1/cart/lines/{shop_id}/{variant_id}"
BODIES: dict[str, object] = {
    "POST /api/v1/orders/{order_id}/cancellation": {"reason": "changed_mind"},
    "POST /api/v1/purchases/{purchase_id}/payment": {},
    "POST /api/v1/orders/{order_id}/returns": {
        "kind": "return_and_refund", "reason": "does_not_fit", "lines": [{"line_id": "1", "quantity": 1}],
    },
    "POST /api/v1/orders/{order_id}/claims": {"checks": {"address": "right", "neighbors": "asked", "receiver": "unknown"}, "words": "Paket tidak pernah sampai."},
    "POST /api/v1/orders/{order_id}/cases/{case_id}/messages": {"words": "Halo"},
    "PUT /api/v1/addresses/{address_id}": {
        "recipient": "Sari", "phone": "0812 3456 7890", "province": "32", "city": "3273", "district": "Coblong",
        "postal_code": "40132", "street": "Jalan Dago No. 12",
    },
}  # fmt: skip


def doors() -> list[tuple[str, str]]:
    """(method, path) of every route."""
    routes: list[APIRoute] = list(routes_of(create_api(State()).routes))
    return sorted((method, route.path) for route in routes for method in route.methods or ())


def test_the_public_list_names_routes_that_are_there() -> None:
    there = {f"{method} {path}" for method, path in doors()}
    assert len(there) > 25
    assert set(PUBLIC) | set(OWN) | {CART} <= there


async def test_without_a_token_there_is_nothing_of_an_account(client: httpx.AsyncClient) -> None:
    for method, path in doors():
        if f"{method} {path}" in PUBLIC:
            continue
        url = re.sub(r"\{\w+\}", "1", path)
        for headers in ({}, {"Authorization": "Bearer 1.2.guess"}, {"Authorization": "Basic eDp4"}):
            answer = await client.request(method, url, json={}, headers=headers)
            assert answer.status_code in (401, 422), (method, path)
            assert answer.headers["content-type"] == "application/problem+json"
            if answer.status_code == 422:  # told what is missing before who asks: still nothing of anybody's
                assert {error["code"] for error in answer.json()["errors"]} <= {"missing", "extra_forbidden"}


async def test_a_stranger_finds_nothing_behind_any_id(app: FastAPI, client: httpx.AsyncClient, db: Db) -> None:
    made = await asked(db)
    stall, order = made.stall, made.order
    async with db.for_shop(order.shop_id).reading() as tx:
        [file] = await evidence.files_of_case(tx, shop_id=order.shop_id, case_id=made.id)
    ids = {
        "order_id": order.id, "purchase_id": order.purchase_id, "address_id": stall.address.id, "notice_id": 1,
        "shop_id": stall.shop.shop_id, "variant_id": stall.product.variant_id, "device_id": 1, "case_id": made.id,
        "file_id": file.id,
    }  # fmt: skip
    async with new_client(app) as other:
        native = await sign_in_natively(other, await make_account(db))
        for method, path in doors():
            name = f"{method} {path}"
            if "{" not in path or name in PUBLIC or name in OWN or name == CART:
                continue
            answer = await native.send(method, path.removeprefix("/api/v1").format(**ids), BODIES.get(name))
            assert answer.status_code == 404, (name, answer.text)
