"""The API's own app, in front of the pages: no cookies and so no form tokens, bodies bounded, one document."""

from typing import Any, Final

import psycopg
import psycopg_pool
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import Headers, State
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from etalase.web.api import browsing, buying, cart, cases, evidence, inbox, orders, people, problems, returns
from etalase.web.api.problems import Problem, ProblemBody
from etalase.web.middleware import TooLarge, read_body

PREFIX: Final = "/api/v1/"
REFUSALS: Final = {
    "400": "Not understood",
    "401": "Not signed in",
    "404": "Nothing here",
    "405": "Not for this method",
    "409": "Not possible now",
    "413": "Too large",
    "422": "Not valid",
    "429": "Too many attempts",
    "503": "Very busy",
}
ABOUT: Final = (
    "What buyers do on their pages, for native apps: same accounts, same actions, same rules. Sign in with POST /api/v1/sessions and "
    "send the token as Authorization: Bearer; the device stands in the account's list of devices and can be signed out there. "
    "Ids are decimal strings, money whole minor units (a rupiah has none smaller), times ISO 8601 in UTC. Refusals are "
    "application/problem+json (RFC 9457) with a `code` to go by. Lists go on by the key that the page before ended with."
)
ROUTERS: Final = (
    people.router,
    browsing.router,
    cart.router,
    buying.router,
    orders.router,
    returns.router,
    cases.router,
    evidence.router,
    inbox.router,
)


def create_api(state: State) -> FastAPI:
    """The app that answers /api/v1; `state` is that of the web app, whose database it uses."""
    api = FastAPI(
        title="Etalase",
        version="1",
        description=ABOUT,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    api.state = state
    for router in ROUTERS:
        api.include_router(router)
    handlers: dict[type[Exception], Any] = {
        Problem: problems.answer_problem,
        RequestValidationError: problems.answer_not_valid,
        HTTPException: problems.answer_http,
        psycopg_pool.PoolTimeout: problems.answer_outage,
        psycopg_pool.TooManyRequests: problems.answer_outage,
        psycopg.OperationalError: problems.answer_outage,
        Exception: problems.answer_mistake,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)
    plain = api.openapi

    def documented() -> dict[str, Any]:
        if api.openapi_schema is None:
            api.openapi_schema = with_refusals(plain())
        return api.openapi_schema

    api.openapi = documented  # type: ignore[method-assign]  # FastAPI's own way
    return api


def with_refusals(document: dict[str, Any]) -> dict[str, Any]:
    """The document with every refusal in its one shape."""
    schemas = document["components"]["schemas"]
    made = ProblemBody.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(made.pop("$defs", {}))
    schemas["Problem"] = made
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    content = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in document["paths"].values():
        for operation in operations.values():
            refusals = {status: {"description": words, "content": content} for status, words in REFUSALS.items()}
            operation["responses"] = operation["responses"] | refusals
    return document


class ApiDoor:
    """Hands what begins with /api/v1/ to the API, with its body read and bounded (files: there); everything else to the pages."""

    def __init__(self, app: ASGIApp, api: FastAPI) -> None:
        self.app = app
        self.api = api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self.app(scope, receive, send)
            return
        if scope["path"] == evidence.UPLOADS:
            await self.api(scope, receive, send)
            return
        scope["query_string"] = scope["query_string"].replace(b"%00", b"")
        refusal: Response | None = None
        body = b""
        try:
            body = await read_body(receive, Headers(scope=scope))
        except TooLarge:
            refusal = problems.response_of(Problem(413, "too_large", "A megabyte at most."))
        if "\0" in scope["path"]:
            refusal = problems.response_of(problems.not_found())
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        await self.api(scope, _once(body, receive), send)


def _once(body: bytes, receive: Receive) -> Receive:
    told = False

    async def again() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
