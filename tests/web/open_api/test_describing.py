"""The reference tells the truth: examples fit what calls answer, the document is whole, pages can be read."""

import json

import httpx
import pytest
from pydantic import TypeAdapter

from etalase.commerce.apps.rules import SCOPES
from etalase.web.open_api import describing, gateway
from etalase.web.open_api.registry import ApiCall, Fills

CALLS = describing.all_calls()


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_examples_fit(call: ApiCall) -> None:
    if call.fills is not Fills.REFUSED:
        TypeAdapter(call.answer).validate_python(dict(call.example), strict=True)
    if call.body is not None:
        call.body.model_validate(dict(call.body_example))
    assert "null" not in json.dumps([call.example, call.body_example])


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_a_call_says_what_it_needs(call: ApiCall) -> None:
    assert call.scope is None or call.scope in SCOPES
    assert gateway.is_call(call.path)
    assert call.summary
    assert describing.about(call)
    assert call.fills is Fills.FILLED or call.note
    says_something = bool(describing.fields_of("answer", call))
    assert call.fills is not Fills.FILLED or call.example or not says_something, "show an example"


async def test_the_document_is_whole(client: httpx.AsyncClient) -> None:
    document = (await client.get("/developer/openapi.json")).json()
    assert document["openapi"] == "3.1.0"
    operations = [one for path in document["paths"].values() for one in path.values()]
    assert len({one["operationId"] for one in operations}) == len(operations) == len(CALLS) + 2
    text = json.dumps(document)
    assert '"null"' not in text
    for part in text.split('"$ref": "#/components/schemas/')[1:]:
        assert part.split('"')[0] in document["components"]["schemas"]


async def test_the_reference_can_be_read(client: httpx.AsyncClient) -> None:
    page = (await client.get("/developer/reference")).text
    assert "/authorization/202309/shops" in page
    assert "36009004" in page
    for domain in {call.domain for call in CALLS}:
        assert (await client.get(f"/developer/reference/{domain}")).status_code == 200
    assert "event_type" in (await client.get("/developer/reference/event")).text
    assert (await client.get("/developer/reference/nothing")).status_code == 404
