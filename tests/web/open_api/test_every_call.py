"""What holds for every call: missing scopes and other people's ids are refused, and fields are as the docs say."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
from fastapi import FastAPI

from etalase.commerce.apps.rules import ALWAYS, SCOPES
from etalase.foundation.sql import Db
from etalase.journeys.cancellations import actions as cancelling
from etalase.journeys.cancellations import queries as cancellations
from etalase.web.open_api.describing import all_calls
from etalase.web.open_api.refusals import (
    NOT_OFFERED_HERE,
    NOT_THIS_SELLERS,
    ORDER_ID_NOT_VALID,
    PARAMETER_NOT_VALID,
    SCOPE_MISSING,
)
from etalase.web.open_api.registry import PARAMETER, ApiCall, Fills
from tests.builders.accounts import MadeShop
from tests.builders.open_api import Connector, make_connector
from tests.builders.shipping import arranged, ready_order
from tests.builders.stall import Stall, make_stall
from tools.open_api_fields import EMPTY, fields_of_call, model_of

NOT_FOUND = {NOT_THIS_SELLERS, ORDER_ID_NOT_VALID, NOT_OFFERED_HERE}
NOBODYS = {"category_id", "warehouse_id", "delivery_option_id"}
"""Ids of what is the same for every shop, or follows from it."""
NEEDED = {
    "platform": "ERP_SYSTEM", "document_type": "SHIPPING_LABEL", "external_order_id": "SO-1", "return_or_cancel_id": "7",
}  # fmt: skip


def path_of(call: ApiCall, values: Mapping[str, str]) -> str:
    """The call's path with these values in it."""
    return PARAMETER.sub(lambda found: values.get(found[1], "77"), call.path)


async def test_a_missing_scope_is_named_by_every_call(
    app: FastAPI, client: httpx.AsyncClient, db: Db, shop: MadeShop
) -> None:
    connector = await make_connector(db, app, client, shop, scopes=[ALWAYS])
    wrong = []
    for call in all_calls():
        answer = await connector.send(call.method, path_of(call, {}), body=dict(call.body_example) or None)
        told = answer.json()
        is_refused = (answer.status_code, told["code"]) == (403, SCOPE_MISSING) and str(call.scope) in told["message"]
        if call.scope not in (None, ALWAYS) and not is_refused:
            wrong.append((call.name, told))
        assert call.scope is None or call.scope in SCOPES
    assert not wrong


async def test_ids_of_others_are_found_by_no_call(
    app: FastAPI, client: httpx.AsyncClient, db: Db, shop: MadeShop
) -> None:
    theirs = await make_stall(db)
    order = await theirs.arranged()
    await cancelling.cancel_by_buyer(db, buyer_id=theirs.buyer.id, order_id=order.id, reason="changed_mind")
    own = await make_connector(db, app, client, theirs.shop)
    (request,) = (await own.call("POST", "/return_refund/202309/cancellations/search"))["cancellations"]
    ids = {"product_id": str(theirs.product.id), "cancel_id": request["cancel_id"]}
    connector = await make_connector(db, app, client, shop)
    wrong = []
    for call in all_calls():
        names = set(PARAMETER.findall(call.rest))
        if not names or call.domain == "tool":
            continue
        values = {name: ids.get(name, str(order.id)) for name in names}
        body = _renamed(dict(call.body_example), str(order.id), str(theirs.product.variant_id)) or None
        told = (await connector.send(call.method, path_of(call, values), NEEDED, body)).json()
        allowed = NOT_FOUND | ({PARAMETER_NOT_VALID} if names & NOBODYS else set())
        if told["code"] not in allowed:
            wrong.append((call.name, told))
    assert not wrong


def _renamed(body: Any, order_id: str, variant_id: str) -> Any:
    """The example with ids of the other shop in it."""
    if isinstance(body, dict):
        return {
            name: variant_id if name == "sku_id" else order_id if name.endswith("order_id") else _renamed(one, order_id, variant_id)
            for name, one in body.items()
        }  # fmt: skip
    return [_renamed(one, order_id, variant_id) for one in body] if isinstance(body, list) else body


def leaves(told: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The fields of an answer with their values: orders[].line_items[].id."""
    if isinstance(told, dict):
        for name, one in told.items():
            yield from leaves(one, f"{prefix}.{name}" if prefix else name)
    elif isinstance(told, list):
        yield f"{prefix}[]", told
        for one in told:
            yield from leaves(one, f"{prefix}[]")
    else:
        yield prefix, told


async def test_fields_are_as_the_docs_say(db: Db, app: FastAPI, client: httpx.AsyncClient) -> None:
    stall = await make_stall(db)
    connector = await make_connector(db, app, client, stall.shop)
    wrong = []
    for call, values, body in await _looked_at(db, stall):
        told = await connector.call(call.method, path_of(call, values), values, body)
        kinds = {one.path: one.kind for one in fields_of_call(call)}
        for path, value in leaves(told):
            name = path.rpartition(".")[2].removesuffix("[]")
            if kinds.get(path) == "not applicable" or (
                kinds.get(path) == "empty" and value not in ("", "0", False, [])
            ):
                wrong.append((call.name, path, value))
            if path in kinds and kinds[path] == "filled" and name in EMPTY:
                wrong.append((call.name, path, "said to be empty"))
    assert not wrong


async def _looked_at(db: Db, stall: Stall) -> list[tuple[ApiCall, dict[str, str], Any]]:
    """Calls that read, with ids of things that are there in several states."""
    shop = (stall.shop.shop_id, stall.seller.id)
    ready, packed = await ready_order(db, shop=shop), await ready_order(db, shop=shop)
    parcel = await arranged(db, packed, lines={packed.lines[0]: 1})
    done = await stall.completed()
    order = await stall.arranged()
    await cancelling.cancel_by_buyer(db, buyer_id=stall.buyer.id, order_id=order.id, reason="changed_mind")
    await stall.cancelled()
    async with db.for_shop(order.shop_id).reading() as tx:
        [request] = await cancellations.cancellations_of_order(tx, shop_id=order.shop_id, order_id=order.id)
    ids = {
        "order_id": str(done.id), "package_id": str(parcel.id), "product_id": str(stall.product.id),
        "ids": f"{ready.order_id},{packed.order_id}", "order_ids": f"{ready.order_id},{packed.order_id}", **NEEDED,
        "return_or_cancel_id": str(request.id),
    }  # fmt: skip
    known = ("order_id", "package_id", "product_id")
    return [
        (call, ids, {"product_ids": [ids["product_id"]]} if call.rest == "inventory/search" else None)
        for call in all_calls()
        if (call.method == "GET" or call.rest.endswith("/search"))
        and call.fills is not Fills.REFUSED
        and model_of(call) is not None
        and not set(re.findall(r"\{(\w+)\}", call.rest)) - set(known)
        and not call.rest.endswith(("shipping_documents",))
    ]


async def test_every_call_of_the_client_for_orders_parcels_and_returns_is_known(connector: Connector) -> None:
    """What the client calls without a version of ours is found, too."""
    assert connector.key
    for path in (
        "/order/202309/orders",
        "/fulfillment/202309/orders/77/packages",
        "/return_refund/202309/cancellations",
    ):
        told = (await connector.send("GET", path)).json()
        assert told["code"] != 36009009, path
