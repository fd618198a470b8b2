"""What surrounds every request, as plain ASGI so that streams stay streams: headers, measures, sizes, form tokens."""

import re
import time
from collections.abc import Callable, Sequence
from typing import Final
from urllib.parse import parse_qsl

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request, cookie_parser
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from etalase.foundation.sql import statement_log
from etalase.settings import Settings
from etalase.web.security import (
    FORM_FIELDS,
    FORM_TOKEN,
    TOKEN_FIELDS,
    TOKEN_HEADER,
    UNSAFE_METHODS,
    FormTokens,
    comes_from_here,
    cookies_for,
    is_same,
    page_headers,
)

FORM_BYTES_MAX: Final = 1_000_000
UPLOAD_BYTES_MAX: Final = 12_000_000
EVIDENCE_BYTES_MAX: Final = 64_000_000
"""A video and a few pictures of a case at once; such forms are those of `EVIDENCE_PATHS`."""
EVIDENCE_PATHS: Final = re.compile(r"/(seller/|operator/)?(orders/\d+/)?(returns|claims|cases)(/[\w/-]+)?")
DRAIN_BYTES_MAX: Final = 90_000_000
"""What is read and thrown away of a body that is too large: a browser shows our answer only once it has sent it all."""
STREAMS: Final = "/events"
FORM_KIND: Final = "application/x-www-form-urlencoded"
Refuse = Callable[[Request, int], Response]
_MULTIPART_TOKEN = re.compile(
    rb'name="(?:'
    + b"|".join(field.encode() for field in TOKEN_FIELDS)
    + rb')"\r\n(?:[^\r\n]+\r\n)*\r\n([A-Za-z0-9_.\-]{20,200})\r\n'
)


class PageHeaders:
    """Adds the headers that every answer carries; a handler's own ones win."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.headers = [(name.lower().encode(), value.encode()) for name, value in page_headers(settings).items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(message)
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def _add(self, message: Message) -> None:
        headers: list[tuple[bytes, bytes]] = list(message.get("headers", ()))
        told = {name.lower() for name, _ in headers}
        headers += [header for header in self.headers if header[0] not in told]
        message["headers"] = headers
        if b"cache-control" not in told:
            headers.append((b"cache-control", b"private, no-cache"))
            if b"vary" in told:
                MutableHeaders(scope=message).add_vary_header("Cookie, HX-Request")
            else:
                headers.append((b"vary", b"Cookie, HX-Request"))


class Measures:
    """Says in a Server-Timing header how long the answer took and how many statements it needed (demo and tests alone)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(STREAMS):
            await self.app(scope, receive, send)
            return
        names: list[str] = []
        began = time.perf_counter()

        async def send_with_measures(message: Message) -> None:
            if message["type"] == "http.response.start":
                took_ms = (time.perf_counter() - began) * 1000
                MutableHeaders(scope=message).append(
                    "Server-Timing",
                    f'app;dur={took_ms:.1f}, sql;desc="{len(names)}", names;desc="{" ".join(names[:60])}"',
                )
            await send(message)

        token = statement_log.set(names)
        try:
            await self.app(scope, receive, send_with_measures)
        finally:
            statement_log.reset(token)


class TooLarge(Exception):
    """More was sent than is taken."""


class FormGuard:
    """Takes bodies up to a limit, and changes nothing unless the form came from one of our pages.

    Zero bytes, which no text in the database can hold, are left out of queries; no path has one.

    Vendors' notifications and connectors' calls are signed instead: they are answered before they come here.
    """

    def __init__(self, app: ASGIApp, settings: Settings, refuse: Refuse) -> None:
        self.app = app
        self.settings = settings
        self.refuse = refuse
        self.cookies = cookies_for(settings)
        self.tokens = FormTokens(settings.key())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            if "\0" in scope["path"]:
                await self.refuse(Request(scope), 404)(scope, receive, send)
                return
            scope["query_string"] = scope["query_string"].replace(b"%00", b"")
        if scope["type"] != "http" or scope["method"] not in UNSAFE_METHODS:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        cookie = self.cookies.read(cookie_parser(headers.get("cookie", "")), "csrf")
        try:
            if not (self.tokens.is_ours(cookie) and comes_from_here(headers, self.settings)):
                await _drain(receive)
                await self.refuse(Request(scope), 403)(scope, receive, send)
                return
            body = await read_body(receive, headers, upload_max=upload_max(scope["path"]))
        except TooLarge:
            await self.refuse(Request(scope), 413)(scope, receive, send)
            return
        if headers.get("content-type", "").startswith(FORM_KIND):
            scope[FORM_FIELDS] = fields = form_fields(body)
        else:
            fields = None
        if not is_same(cookie, sent_token(headers, body, fields)):
            await self.refuse(Request(scope), 403)(scope, receive, send)
            return
        scope.setdefault("state", {})[FORM_TOKEN] = cookie
        await self.app(scope, _replay(body, receive), send)


def upload_max(path: str) -> int:
    """How much a form with files may bring along."""
    return EVIDENCE_BYTES_MAX if EVIDENCE_PATHS.fullmatch(path) else UPLOAD_BYTES_MAX


async def read_body(
    receive: Receive, headers: Headers, *, upload_max: int = UPLOAD_BYTES_MAX, most: int | None = None
) -> bytes:
    """The whole body; raises TooLarge (once all of it has been sent) when it is more than its kind may be, or than `most`."""
    is_upload = headers.get("content-type", "").startswith("multipart/form-data")
    limit = most or (upload_max if is_upload else FORM_BYTES_MAX)
    chunks, size = [], 0
    while True:
        message = await receive()
        chunk = message.get("body", b"")
        size += len(chunk)
        if size <= limit:
            chunks.append(chunk)
        if size > DRAIN_BYTES_MAX or message["type"] == "http.disconnect" or not message.get("more_body", False):
            break
    if size > limit:
        raise TooLarge
    return b"".join(chunks)


async def _drain(receive: Receive) -> None:
    size, more = 0, True
    while more and size <= DRAIN_BYTES_MAX:
        message = await receive()
        size += len(message.get("body", b""))
        more = bool(message.get("more_body", False))


def form_fields(body: bytes) -> list[tuple[str, str]]:
    """The fields of a form that was sent without files, in order; empty ones too."""
    return parse_qsl(body.decode("latin-1"), keep_blank_values=True)


def sent_token(headers: Headers, body: bytes, fields: Sequence[tuple[str, str]] | None) -> str | None:
    """The token that came with a form: in the header scripts set, or in the hidden field."""
    told = headers.get(TOKEN_HEADER)
    if told is not None:
        return told
    if fields is not None:
        sent = {name: value for name, value in fields if value}
        return next((sent[name] for name in TOKEN_FIELDS if name in sent), None)
    if headers.get("content-type", "").startswith("multipart/form-data"):
        found = _MULTIPART_TOKEN.search(body)
        return found[1].decode() if found else None
    return None


def _replay(body: bytes, receive: Receive) -> Receive:
    """The body again for the handler; afterwards what really comes (the browser going away)."""
    is_given = False

    async def again() -> Message:
        nonlocal is_given
        if is_given:
            return await receive()
        is_given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
