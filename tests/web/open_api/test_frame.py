"""The frame of the Open API: envelope, versions, parameters, bodies, repeats, limits; on calls of this test's own."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from fastapi import FastAPI
from starlette.datastructures import UploadFile

from etalase.foundation.sql import Db
from etalase.settings import Settings
from etalase.web.app import create_app
from etalase.web.open_api import registry
from etalase.web.open_api.call import Call
from etalase.web.open_api.refusals import NOT_THIS_SELLERS, Refused
from etalase.web.open_api.registry import api_call
from etalase.web.open_api.values import ApiId, Body, Seconds
from tests.builders.accounts import MadeShop, make_shop
from tests.builders.open_api import Connector, make_connector, signature
from tests.conftest import new_client

NUMBERS = "/tool/202309/numbers"
ECHO = "/tool/202309/echo"
ONCE = "/tool/202309/things/{thing_id}/once"
BROKEN = "/tool/202309/broken"
UPLOAD = "/tool/202309/upload"


class Inner(Body):
    city: str = ""


class Told(Body):
    status: str | None = None
    since: Seconds | None = None
    ids: tuple[ApiId, ...] = ()
    place: Inner | None = None
    thing: ApiId | None = None
    needed: str = "-"


class Strict(Body):
    thing_id: ApiId
    names: tuple[str, ...]


carried_out: list[str] = []


async def numbers(call: Call) -> dict[str, Any]:
    sort = call.sorting("create_time", "update_time", is_descending=False)
    page = call.page(order=sort.text, size=2)
    rows = [n for n in range(1, 6) if page.after is None or n > int(page.after[0])][: page.limit]
    shown, token = page.cut(rows, lambda n: [n])
    return {"numbers": shown, "next_page_token": token, "ids": call.query.ids("ids", most=3), "none": None}


async def echo(call: Call) -> dict[str, Any]:
    if "thing_id" in call.body:
        call.read(Strict)
    return {"told": call.read(Told).model_dump(mode="json"), "version": call.version, "errors": []}


async def do_once(call: Call) -> dict[str, Any]:
    carried_out.append(call.path["thing_id"])
    await asyncio.sleep(0.05)
    if call.body.get("refuse") and len(carried_out) == 1:
        raise Refused(NOT_THIS_SELLERS, "not yours")
    return {"number": str(len(carried_out)), "thing_id": call.path_id("thing_id")}


async def upload(call: Call) -> dict[str, Any]:
    form = await call.form()
    picture = form["data"]
    assert isinstance(picture, UploadFile)
    return {"bytes": len(await picture.read())}


async def broken(_call: Call) -> dict[str, Any]:
    raise ZeroDivisionError


@pytest.fixture(scope="module", autouse=True)
def _calls() -> Iterator[None]:
    """Calls for this module, and out of the table again."""
    before = set(registry.REGISTRY)
    api_call("GET", NUMBERS, "Numbers", scope=None, answer=dict)(numbers)
    api_call("POST", ECHO, "Echo", scope=None, body=Told, answer=dict)(echo)
    api_call("POST", ONCE, "Once", scope=None, answer=dict, repeats=True)(do_once)
    api_call("POST", UPLOAD, "Upload", scope=None, answer=dict, upload=True)(upload)
    api_call("GET", BROKEN, "Broken", scope=None, answer=dict)(broken)
    yield
    for name in set(registry.REGISTRY) - before:
        del registry.REGISTRY[name]
    for known in ("numbers", "echo", "broken", "upload"):
        del registry._exact["tool", known]
    del registry._patterns["tool", 2]


@pytest.fixture(autouse=True)
def _nothing_done() -> None:
    carried_out.clear()


async def test_an_answer_has_its_envelope(connector: Connector, shop: MadeShop) -> None:
    answer = await connector.send("GET", "/authorization/202309/shops")
    told = answer.json()
    assert answer.status_code == 200
    assert (told["code"], told["message"]) == (0, "Success")
    assert told["request_id"] == answer.headers["x-tts-logid"]
    assert answer.headers["cache-control"] == "no-store"
    assert [one["id"] for one in told["data"]["shops"]] == [str(shop.shop_id)]
    assert told["data"]["shops"][0]["cipher"] == connector.cipher


async def test_paths_versions_and_methods(connector: Connector) -> None:
    for method, path, status, code in [
        ("GET", "/order/202309/nowhere", 404, 36009009),
        ("GET", "/supply_chain/202309/anything", 404, 36009009),
        ("GET", "/logistics/202309/warehouses\0", 404, 36009009),
        ("GET", "/logistics/202308/warehouses", 404, 36009014),
        ("GET", "/logistics/202313/warehouses", 404, 36009014),
        ("POST", "/logistics/202309/warehouses", 405, 36009010),
    ]:
        answer = await connector.send(method, path.replace("\0", "%00"))
        assert (answer.status_code, answer.json()["code"]) == (status, code), path


async def test_any_later_version_is_taken(connector: Connector) -> None:
    for version in ("202309", "202312", "202610", "203001"):
        assert (await connector.call("POST", f"/tool/{version}/echo"))["version"] == int(version)


async def test_pages_of_people_are_left_alone(client: httpx.AsyncClient) -> None:
    assert (await client.get("/seller/orders")).headers["location"].startswith("/login")
    assert "text/html" in (await client.get("/orders/123456/x")).headers["content-type"]


async def test_repeated_parameters_are_signed_either_way(connector: Connector) -> None:
    pairs = [("ids", "20"), ("ids", "3")]
    assert (await connector.send("GET", NUMBERS, pairs)).json()["data"]["ids"] == [20, 3]
    at = int(time.time())
    first = [("ids", "20"), ("app_key", connector.key), ("timestamp", str(at)), ("shop_cipher", connector.cipher)]
    sign = signature(connector.secret, NUMBERS, first, b"")
    assert (await connector.send("GET", NUMBERS, pairs, timestamp=at, sign=sign)).json()["data"]["ids"] == [20, 3]


async def test_lists_of_the_query(connector: Connector) -> None:
    for text in ("20,3", '["20","3"]', "[20, 3]", "20,,3,"):
        assert (await connector.call("GET", NUMBERS, {"ids": text}))["ids"] == [20, 3], text
    for names in (("ids[]", "ids[]"), ("ids[0]", "ids[1]")):
        answer = await connector.send("GET", NUMBERS, list(zip(names, ("20", "3"), strict=True)))
        assert answer.json()["data"]["ids"] == [20, 3], names


async def test_slashes_too_many_mean_nothing(connector: Connector) -> None:
    at = int(time.time())
    pairs = [("app_key", connector.key), ("timestamp", str(at)), ("shop_cipher", connector.cipher)]
    for asked in (NUMBERS + "/", "/" + NUMBERS):
        for signed in (asked, NUMBERS):
            query = urlencode([*pairs, ("sign", signature(connector.secret, signed, pairs, b""))])
            url = f"http://localhost{asked}?{query}"
            told = (await connector.client.get(url, headers={"x-tts-access-token": connector.token})).json()
            assert told["code"] == 0, (asked, signed)
    for asked in ("//api/v2/token/get", "/api/v2/token/refresh/"):
        told = (await connector.client.get(f"http://localhost{asked}")).json()
        assert told["message"] == "param app_key is missing", asked


async def test_head_is_get_without_a_body(connector: Connector, origin: str) -> None:
    async with httpx.AsyncClient(base_url=origin, trust_env=False) as real:
        answer = await replace(connector, client=real).send("HEAD", NUMBERS)
        assert (answer.status_code, answer.content) == (200, b"")
        assert (await replace(connector, client=real).send("HEAD", ECHO)).status_code == 405


async def test_the_edges_of_the_window_are_inside_it(connector: Connector) -> None:
    for ago_s in (300, -30):
        for _ in range(3):  # the second may end in between
            at = int(time.time()) - ago_s
            code = (await connector.send("GET", NUMBERS, timestamp=at)).json()["code"]
            if int(time.time()) - ago_s == at:
                break
        assert code == 0, ago_s


async def test_what_is_wrong_with_the_query_is_named(connector: Connector) -> None:
    for query, name in [
        ({"ids": "x"}, "ids"),
        ({"ids": "1,2,3,4"}, "ids"),
        ({"page_size": "0"}, "page_size"),
        ({"page_size": "101"}, "page_size"),
        ({"page_size": "²"}, "page_size"),
        ({"page_size": "--5"}, "page_size"),
        ({"sort_field": "name"}, "sort_field"),
        ({"sort_order": "UP"}, "sort_order"),
    ]:
        told = (await connector.send("GET", NUMBERS, query)).json()
        assert told["code"] == 36009004
        assert f"param {name} " in told["message"]


async def test_every_kind_of_nothing_says_nothing(connector: Connector) -> None:
    bodies: tuple[object, ...] = (
        None,
        b"",
        b"{}",
        b"[]",
        b"null",
        b"\xef\xbb\xbf",
        b"\xef\xbb\xbf{}",
        {"place": []},
        {"ids": {}},
        {"status": None},
        {"since": ""},
        {"thing": ""},
    )
    for body in bodies:
        assert (await connector.call("POST", ECHO, body=body))["told"] == {"needed": "-"}, body


async def test_bodies_are_read_leniently(connector: Connector) -> None:
    body = {
        "status": 5,
        "since": "1700000000",
        "ids": "7,8",
        "place": {"city": "Solo", "x": None},
        "unknown": {"a": []},
    }
    told = (await connector.call("POST", ECHO, body=body))["told"]
    assert told == {"status": "5", "since": 1700000000, "ids": [7, 8], "place": {"city": "Solo"}, "needed": "-"}


async def test_what_is_wrong_with_a_body_is_named(connector: Connector) -> None:
    for body, words in [
        ({"thing_id": "5"}, "param body.names is missing"),
        ({"thing_id": "five", "names": ["x"]}, "param body.thing_id is not valid: must be an id"),
        ({"since": "soon"}, "param body.since is not valid"),
        ({"since": 10**17}, "param body.since is not valid"),
        ({"since": -1}, "param body.since is not valid"),
        ({"place": "Solo"}, "param body.place is not valid"),
        (b"[1]", "must be a JSON object"),
    ]:
        told = (await connector.send("POST", ECHO, body=body)).json()
        assert told["code"] == 36009004, told
        assert words in told["message"]
    assert (await connector.send("POST", ECHO, body=b"{")).json()["code"] == 36009023
    assert (await connector.send("POST", ECHO, body=b" " * 2_000_000)).json()["code"] == 36009021


async def test_zero_bytes_reach_no_statement(connector: Connector) -> None:
    assert await connector.code("GET", NUMBERS, {"page_size": "1\0"}) == 0
    assert (await connector.call("POST", ECHO, body={"status": "a\0b"}))["told"]["status"] == "ab"
    assert await connector.other(key="a\0").code("GET", NUMBERS) == 36009004
    assert await connector.other(token="a\x7f").code("GET", NUMBERS) == 105002


async def test_nothing_is_ever_null(connector: Connector) -> None:
    answer = await connector.send("GET", NUMBERS)
    assert "null" not in answer.text
    told = await connector.call("POST", ECHO, body={"place": {}})
    assert "errors" not in told


async def test_pages_go_on_and_tokens_are_for_their_list_alone(connector: Connector) -> None:
    seen, token = [], ""
    while True:
        told = await connector.call("GET", NUMBERS, {"page_token": token} if token else {})
        seen += told["numbers"]
        token, last = told["next_page_token"], token
        if not token:
            break
    assert seen == [1, 2, 3, 4, 5]
    for wrong in (last[:-2] + "AA", "x", "ü", last + "." * 2000):
        assert await connector.code("GET", NUMBERS, {"page_token": wrong}) == 36009004
    assert await connector.code("GET", NUMBERS, {"page_token": last, "sort_field": "update_time"}) == 36009004
    assert await connector.code("GET", NUMBERS, {"page_token": last, "page_size": "1"}) == 0


async def test_a_token_of_another_shop_is_refused(
    connector: Connector, app: FastAPI, client: httpx.AsyncClient, db: Db
) -> None:
    other = await make_connector(db, app, client, await make_shop(db))
    token = (await connector.call("GET", NUMBERS))["next_page_token"]
    assert await other.code("GET", NUMBERS, {"page_token": token}) == 36009004


def once(thing: int) -> str:
    return ONCE.format(thing_id=thing)


async def test_a_repeat_gets_the_first_answer(connector: Connector) -> None:
    first = await connector.call("POST", once(7), {"idempotency_key": "k1"}, {"a": 1, "b": 2})
    again = await connector.call("POST", "/tool/202602/things/7/once", {"idempotency_key": "k1"}, {"b": 2, "a": 1})
    in_body = await connector.call("POST", once(7), {}, {"a": 1, "b": 2, "idempotency_key": "k1"})
    assert first == again == in_body
    assert carried_out == ["7"]
    for path, body in [(once(7), {"a": 2}), (once(8), {"a": 1, "b": 2})]:
        told = (await connector.send("POST", path, {"idempotency_key": "k1"}, body)).json()
        assert told["code"] == 36009004
        assert "idempotency_key" in told["message"]
    assert carried_out == ["7"]
    await connector.call("POST", once(7), {"idempotency_key": "k2"})
    await connector.call("POST", once(7))
    assert len(carried_out) == 3


async def test_repeats_at_once_are_carried_out_once(connector: Connector) -> None:
    answers = await asyncio.gather(*(connector.call("POST", once(9), {"idempotency_key": "k"}) for _ in range(8)))
    assert len({str(answer) for answer in answers}) == 1
    assert carried_out == ["9"]


async def test_what_was_refused_may_be_tried_again(connector: Connector) -> None:
    assert await connector.code("POST", once(1), {"idempotency_key": "k"}, {"refuse": 1}) == NOT_THIS_SELLERS
    assert await connector.code("POST", once(1), {"idempotency_key": "k"}, {"refuse": 1}) == 0
    assert await connector.code("POST", once(0), {"idempotency_key": "k3"}) == 98001004


async def test_keys_are_an_apps_own(
    connector: Connector, app: FastAPI, client: httpx.AsyncClient, db: Db, shop: MadeShop
) -> None:
    other = await make_connector(db, app, client, shop)
    await connector.call("POST", once(7), {"idempotency_key": "k"})
    await other.call("POST", once(7), {"idempotency_key": "k"})
    assert len(carried_out) == 2


async def test_too_many_requests_wait(settings: Settings, db: Db, shop: MadeShop) -> None:
    app = create_app(settings.model_copy(update={"api_calls_per_s": 1}))
    async with app.router.lifespan_context(app), new_client(app) as client:
        connector = await make_connector(db, app, client, shop)
        answers = await asyncio.gather(*(connector.send("GET", NUMBERS) for _ in range(20)))
        refused = [answer for answer in answers if answer.status_code == 429]
        assert refused, "twenty requests take less than nineteen seconds"
        assert refused[0].json()["code"] == 36009002
        assert int(refused[0].headers["retry-after"]) >= 1
        assert len(refused) < 20
        assert (await connector.send("POST", ECHO)).status_code == 200, "another call has tokens of its own"


async def test_our_mistakes_have_a_code_and_a_number(connector: Connector) -> None:
    answer = await connector.send("GET", BROKEN)
    told = answer.json()
    assert (answer.status_code, told["code"]) == (500, 36009003)
    assert told["request_id"] in told["message"]


async def test_uploads_are_signed_without_their_content(connector: Connector) -> None:
    files = {"data": ("a.png", b"\x89PNG" + b"\0" * 1_500_000, "image/png")}
    told = (await connector.send("POST", UPLOAD, files=files)).json()
    assert told["data"]["bytes"] == 1_500_004
    assert (await connector.send("POST", UPLOAD, body={"data": "aGVsbG8="})).json()["code"] == 36009022
    large = {"data": ("a.png", b"x" * 12_000_001, "image/png")}
    assert (await connector.send("POST", UPLOAD, files=large)).json()["code"] == 36009021
