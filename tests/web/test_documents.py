"""Both OpenAPI documents are kept: whatever is sent that they allow or forbid, no answer is a 5xx or off the schema.

A few examples of each operation; `ETALASE_EXAMPLES=200 .venv/bin/pytest tests/web/test_documents.py` takes as many as that.
"""

import os
import warnings
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

import httpx
import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, Verbosity, given, seed
from hypothesis import settings as examples
from hypothesis.strategies import SearchStrategy
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from etalase.foundation.sql import Db
from etalase.journeys.cancellations import actions as cancelling
from etalase.journeys.cancellations import queries as cancellations
from etalase.web.open_api import describing
from tests.builders.accounts import make_shop
from tests.builders.native import sign_in_natively
from tests.builders.open_api import Connector, make_connector
from tests.builders.returns import ask as asked
from tests.builders.returns import delivered
from tests.builders.stall import Stall, make_stall

EXAMPLES = int(os.environ.get("ETALASE_EXAMPLES", "2"))
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
MOVES_TIME = ("/sandbox/202309/time/advance",)
SIGNS_OUT = ("/api/v1/devices/{device_id}",)
MADE_OF_MANY = ("/sandbox/202309/orders", "/sandbox/202309/scenarios")
"""Each makes orders, up to fifty: their own tests do."""
Case = Any
Ask = Callable[[Case], Awaitable[httpx.Response]]


def operations(document: Mapping[str, Any]) -> list[Any]:
    """Every operation of a document."""
    schema: Any = schemathesis.openapi.from_dict(dict(document))
    return [found.ok() for found in schema.get_all_operations()]


def cases_of(operation: Any) -> list[Case]:
    """Some requests of the operation, allowed ones and forbidden ones; always the same ones."""
    found: list[Case] = []
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        if mode is GenerationMode.NEGATIVE and not operation.body and not operation.query:
            continue  # any text will do in its path
        strategy: SearchStrategy[Case] = operation.as_strategy(generation_mode=mode)

        @seed(1)
        @examples(
            max_examples=EXAMPLES, database=None, deadline=None, derandomize=False, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck), verbosity=Verbosity.quiet,
        )  # fmt: skip
        @given(strategy)
        def collect(case: Case) -> None:
            found.append(case)

        with suppress(Exception):  # of some nothing forbidden can be made: all their parts take any text
            collect()
    return found


async def hold(document: Mapping[str, Any], ask: Ask, *, known: Mapping[str, str], without: tuple[str, ...]) -> int:
    """Send everything, half of it with ids that are there; how many requests. Fails with all that was wrong."""
    wrong: list[str] = []
    sent = 0
    for operation in operations(document):
        if operation.path in without:
            continue
        for number, case in enumerate(cases_of(operation)):
            if number % 2 == 0:
                case.path_parameters.update({name: known[name] for name in case.path_parameters or {} if name in known})
                case.body = with_known(case.body, known)
            answer = await ask(case)
            sent += 1
            try:
                case.validate_response(answer, checks=CHECKS)
            except (FailureGroup, AssertionError) as failure:
                told = [str(one) for one in getattr(failure, "exceptions", [failure])]
                wrong.append(f"{operation.method} {operation.path} {answer.status_code}: {told} {answer.text[:300]}")
    assert not wrong, "\n".join(wrong)
    return sent


def with_known(body: Any, known: Mapping[str, str], name: str = "") -> Any:
    """The body with ids that are there wherever it names some of that kind."""
    if isinstance(body, dict):
        return {one: with_known(value, known, str(one)) for one, value in body.items()}
    if isinstance(body, list):
        return [with_known(value, known, name.removesuffix("s")) for value in body]
    return known.get(name, body) if isinstance(body, str) else body


def plain(value: Any) -> str:
    """A generated value as it can stand in an address."""
    return str(value).encode("utf-8", "ignore").decode().replace("\0", "")


def json_of(case: Case) -> bytes | None:
    """The generated body as it travels."""
    from schemathesis.core import NotSet

    if isinstance(case.body, NotSet):
        return None
    import json

    return json.dumps(case.body, default=plain).encode("utf-8", "surrogatepass")


def path_of(case: Case) -> str:
    from urllib.parse import quote

    values = {name: quote(plain(value), safe="") or "0" for name, value in (case.path_parameters or {}).items()}
    return str(case.operation.path.format(**values))


def pairs_of(case: Case) -> list[tuple[str, str]]:
    query = case.query or {}
    return [
        (plain(name), plain(one))
        for name, value in query.items()
        for one in (value if isinstance(value, list) else [value])
    ]


async def ids_of(stall: Stall, order_id: int) -> dict[str, str]:
    """Ids that are there, by the names that paths and bodies have for them."""
    returned = await asked(stall, await delivered(stall, units=2))
    cancelled = await stall.arranged()
    await cancelling.cancel_by_buyer(stall.db, buyer_id=stall.buyer.id, order_id=cancelled.id, reason="changed_mind")
    async with stall.db.for_shop(cancelled.shop_id).reading() as tx:
        [request] = await cancellations.cancellations_of_order(tx, shop_id=cancelled.shop_id, order_id=cancelled.id)
    return {
        "case_id": str(returned.id),
        "return_id": str(returned.id),
        "return_or_cancel_id": str(returned.id),
        "cancel_id": str(request.id),
        "sku_id": str(stall.product.variant_id),
        "line_id": str(returned.line.id),
        "shop_id": str(stall.shop.shop_id),
        "slug": stall.shop.slug,
        "product_id": str(stall.product.id),
        "variant_id": str(stall.product.variant_id),
        "address_id": str(stall.address.id),
        "order_id": str(order_id),
        "id": str(order_id),
        "package_id": str(order_id),
    }


@pytest.fixture(autouse=True)
def _quiet() -> None:
    warnings.filterwarnings("ignore", module="schemathesis|hypothesis")


@pytest.mark.timeout(600)
async def test_the_native_apps_document_is_kept(app: FastAPI, client: httpx.AsyncClient, db: Db) -> None:
    stall = await make_stall(db)
    order = await stall.delivered()
    native = await sign_in_natively(client, stall.buyer)
    document = (await client.get("/api/v1/openapi.json")).json()

    async def ask(case: Case) -> httpx.Response:
        headers = {"authorization": f"Bearer {native.token}", "content-type": "application/json"}
        key = (case.headers or {}).get("Idempotency-Key")
        if key is not None and plain(key).isascii() and plain(key).isprintable():
            headers["Idempotency-Key"] = plain(key)
        return await client.request(
            case.method,
            path_of(case),
            params=httpx.QueryParams(tuple(pairs_of(case))),
            content=json_of(case),
            headers=headers,
        )

    assert await hold(document, ask, known=await ids_of(stall, order.id), without=SIGNS_OUT) > 50


@pytest.mark.timeout(600)
async def test_the_open_apis_document_is_kept(app: FastAPI, client: httpx.AsyncClient, db: Db) -> None:
    shop = await make_shop(db)
    stall = await make_stall(db, shop=shop)
    order = await stall.ready()
    connector: Connector = await make_connector(db, app, client, shop)

    async def ask(case: Case) -> httpx.Response:
        own = ("app_key", "timestamp", "sign", "shop_cipher")
        pairs = [pair for pair in pairs_of(case) if pair[0] not in own]
        return await connector.send(case.method, path_of(case), pairs, json_of(case))

    known = await ids_of(stall, order.id)
    assert await hold(describing.document(), ask, known=known, without=(*MOVES_TIME, *MADE_OF_MANY)) > 50
