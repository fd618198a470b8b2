"""The door for vendors' messages: proven genuine, kept as they came, then answered; their effect is another matter.

It stands before everything else of the web app: a carrier sends thousands of messages a second, and none of them needs
a session, a language or a page.
"""

import hashlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import orjson
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from etalase.foundation import clock
from etalase.foundation.inbound import actions as inbound
from etalase.foundation.inbound.actions import Apply
from etalase.foundation.inbound.intake import Intake, NotKept
from etalase.foundation.inbound.queries import Message
from etalase.foundation.lane import LaneFull
from etalase.settings import Settings

log = logging.getLogger(__name__)

PATHS: Final = "/hooks/"
BODY_BYTES_MAX: Final = 64 * 1024
EVENT_ID_CHARS_MAX: Final = 200
COME_AGAIN_S: Final = 2


@dataclass(frozen=True, slots=True)
class Vendor:
    """Who may send messages here: the name they are kept under, and a check that raises when one is not theirs.

    With `apply_at_once` a message is applied before the answer; what fails then is left to the worker. `clean` takes out
    what must not be kept.
    """

    name: str
    check: Callable[[Settings, Mapping[str, str], bytes], None]
    refused_by: type[Exception]
    apply_at_once: Apply | None = None
    clean: Callable[[bytes], bytes] | None = None


class VendorDoor:
    """Answers whatever is sent to `/hooks/`, by path; everything else passes on to the app.

    200 once a genuine message is durable; a repeat is answered alike and changes nothing. 404 for a path of no vendor,
    405 for anything but a POST, 413 for more than BODY_BYTES_MAX, 401 for a signature that does not fit, and 503 with
    Retry-After when more waits than can be kept soon.
    """

    def __init__(self, app: ASGIApp, *, settings: Settings, vendors: Mapping[str, Vendor]) -> None:
        self.app = app
        self.settings = settings
        self.vendors = vendors
        self._intake: Intake | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PATHS):
            await self.app(scope, receive, send)
            return
        answer = await self._answer(scope, receive)
        answer.headers["Cache-Control"] = "no-store"
        await answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> Response:
        vendor = self.vendors.get(scope["path"])
        if vendor is None:
            return PlainTextResponse("unknown vendor", status_code=404)
        if scope["method"] != "POST":
            return PlainTextResponse("post it", status_code=405, headers={"Allow": "POST"})
        body = await _read(receive)
        if body is None:
            return PlainTextResponse("too large", status_code=413)
        try:
            vendor.check(self.settings, Headers(scope=scope), body)
        except vendor.refused_by as problem:
            log.warning("message refused: %s", problem, extra={"vendor": vendor.name})
            return PlainTextResponse("signature not valid", status_code=401)
        return await self._take(scope, vendor, body)

    async def _take(self, scope: Scope, vendor: Vendor, body: bytes) -> Response:
        db = scope["app"].state.db
        if self._intake is None:
            self._intake = Intake(db)
        kept = vendor.clean(body) if vendor.clean else body
        message = Message(vendor.name, event_id_of(body), clock.now(), kept)
        try:
            await self._intake.keep(message)
        except (LaneFull, NotKept):
            headers = {"Retry-After": str(COME_AGAIN_S)}
            return PlainTextResponse("come again", status_code=503, headers=headers)
        if vendor.apply_at_once is not None:
            await inbound.apply_one(db, vendor=vendor.name, event_id=message.event_id, apply=vendor.apply_at_once)
        return PlainTextResponse("kept")


async def _read(receive: Receive) -> bytes | None:
    """The body, or none if it is too large; no more than that is ever held."""
    body, is_more = b"", True
    while is_more:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > BODY_BYTES_MAX:
            return None
        is_more = message.get("more_body", False)
    return body


def event_id_of(body: bytes) -> str:
    """The vendor's id of the event; a message without a usable one is told apart by its content."""
    try:
        found = orjson.loads(body)["event_id"]
    except (ValueError, KeyError, TypeError):
        found = None
    if isinstance(found, str) and found.isprintable() and 0 < len(found) <= EVENT_ID_CHARS_MAX:
        return found
    return "sha256:" + hashlib.sha256(body).hexdigest()
