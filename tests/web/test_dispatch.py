import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from etalase.settings import Settings
from etalase.web.app import create_app
from etalase.web.dispatch import Directory, door_of, routes_of
from etalase.web.request import VisitDep

HEADERS = [(b"host", b"localhost")]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    return create_app(
        Settings(DATABASE_URL="postgresql://nowhere", var=Path(tmp_path_factory.mktemp("var")), mode="demo")
    )


def test_the_table_leads_where_the_long_way_does(app: FastAPI) -> None:
    routes = list(routes_of(app.routes))
    directory = Directory(app)
    assert len(routes) > 100
    for route in routes:
        path = re.sub(r"\{\w+\}", "12345", route.path)
        for method in route.methods or ():
            first = next(r for r in routes if method in (r.methods or ()) and r.path_regex.match(path))
            found = directory.find(method, path)
            assert found is not None
            assert found[0].handler is first.endpoint
            assert found[1] == dict.fromkeys(re.findall(r"\{(\w+)\}", first.path), "12345")


@pytest.mark.parametrize("path", ["", "/", "/orders", "/orders/", "/orders/1/2/3/4", "//", "/%20", "/nothing"])
def test_what_no_route_has_is_not_found(app: FastAPI, path: str) -> None:
    for method in ("GET", "POST", "HEAD", "OPTIONS", "PUT"):
        known = [r for r in routes_of(app.routes) if method in (r.methods or ()) and r.path_regex.match(path)]
        assert (Directory(app).find(method, path) is not None) is bool(known)


async def _says(request: Request, name: str, q: str = "all") -> Response:
    return PlainTextResponse(f"{request.method} {name} {q}")


async def _counts(number: int) -> Response:
    return PlainTextResponse(str(number))


async def _visits(visit: VisitDep) -> Response:
    return PlainTextResponse(visit.page.locale)


async def _guesses(name: str) -> dict[str, str]:
    return {"name": name}


@pytest.mark.parametrize(("query", "said"), [("", "GET a b all"), ("q=", "GET a b "), ("q=1&q=2&x=3", "GET a b 2")])
async def test_a_handler_gets_what_it_asks_for(query: str, said: str) -> None:
    door = door_of(APIRoute("/x/{name}", _says))
    assert door is not None
    scope = {"type": "http", "method": "GET", "path": "/x/a b", "query_string": query.encode(), "headers": HEADERS}
    assert (await door.answer(Request(scope), {"name": "a b"})).body == said.encode()


def test_what_asks_for_more_goes_the_long_way() -> None:
    assert door_of(APIRoute("/x", _visits)) is not None
    assert door_of(APIRoute("/x/{number}", _counts)) is None
    assert door_of(APIRoute("/x/{name}", _guesses)) is None
    assert door_of(APIRoute("/x/{name:path}", _says)) is None
    assert door_of(APIRoute("/x", _says)) is None
