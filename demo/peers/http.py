"""What both peers' addresses share: the key, JSON in and out, one clock, pages with a strict CSP."""

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from demo.peers.options import Options
from demo.peers.state import State

log = logging.getLogger("peers")

BODY_BYTES_MAX = 64 * 1024
OFFSET_S_MAX = 10 * 366 * 86_400
TICK_EVERY_S = 0.1

Endpoint = Callable[[Request], Awaitable[Response]]


class NotAsked(Exception):
    """The request says something we cannot take; `code` is for programs."""

    def __init__(self, code: str, *, status: int = 422) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


def no(code: str, *, status: int) -> JSONResponse:
    """A refusal as the APIs word it."""
    return JSONResponse({"error": code}, status_code=status)


def keyed(options: Options, endpoint: Endpoint) -> Endpoint:
    """The endpoint, for those who know the key."""

    async def checked(request: Request) -> Response:
        sent = request.headers.get("authorization", "")
        if not hmac.compare_digest(sent.encode(), f"Bearer {options.key}".encode()):
            return no("key_not_valid", status=401)
        try:
            return await endpoint(request)
        except NotAsked as refusal:
            return no(refusal.code, status=refusal.status)

    return checked


async def body_of(request: Request) -> dict[str, Any]:
    """The JSON object sent, or NotAsked."""
    raw = await raw_body(request)
    try:
        sent = json.loads(raw or b"{}")
    except ValueError:
        raise NotAsked("not_json", status=400) from None
    if not isinstance(sent, dict):
        raise NotAsked("not_an_object", status=400)
    return sent


async def raw_body(request: Request) -> bytes:
    """The body, not more of it than a sandbox needs."""
    taken = b""
    async for piece in request.stream():
        taken += piece
        if len(taken) > BODY_BYTES_MAX:
            raise NotAsked("too_large", status=413)
    return taken


def text_of(sent: dict[str, Any], key: str, *, length_max: int = 300) -> str:
    """A text that must be there."""
    value = sent.get(key)
    if not isinstance(value, str) or not value or len(value) > length_max:
        raise NotAsked(f"{key}_not_valid")
    return value


def amount_of(sent: dict[str, Any], key: str) -> int:
    """An amount above nothing."""
    value = sent.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 10**15:
        raise NotAsked(f"{key}_not_valid")
    return value


def clock_endpoint(state: State, then: Callable[[], None]) -> Endpoint:
    """POST /v1/clock: move the demo's clock and let everything due happen before answering."""

    async def set_clock(request: Request) -> Response:
        offset = (await body_of(request)).get("offset_seconds")
        if not isinstance(offset, int | float) or isinstance(offset, bool) or abs(offset) > OFFSET_S_MAX:
            raise NotAsked("offset_seconds_not_valid")
        state.set_offset(float(offset))
        then()
        return JSONResponse({"offset_seconds": offset})

    return set_clock


async def healthz(_request: Request) -> Response:
    """Alive."""
    return JSONResponse({"status": "ok"})


async def tick_for_ever(tick: Callable[[], None]) -> None:
    """Let time pass; one bad moment is written down and does not stop the next."""
    while True:
        try:
            tick()
        except Exception:
            log.exception("a tick failed")
        await asyncio.sleep(TICK_EVERY_S)


def page_headers(*, form_targets: tuple[str, ...] = ()) -> dict[str, str]:
    """Strict headers for a page; `form_targets` are addresses a form's answer may lead to (browsers check the 303 too)."""
    origins = " ".join(dict.fromkeys(f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" for url in form_targets))
    policy = f"default-src 'self'; form-action 'self' {origins}".rstrip()
    return {
        "Content-Security-Policy": f"{policy}; frame-ancestors 'none'; base-uri 'none'; object-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }
