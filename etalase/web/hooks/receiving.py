"""The door for vendors' messages: proven genuine, kept as they came, then answered; their effect is another matter."""

import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from etalase.foundation.inbound import actions as inbound
from etalase.foundation.inbound.actions import Apply
from etalase.foundation.sql import Db
from etalase.settings import Settings

log = logging.getLogger(__name__)

BODY_BYTES_MAX = 64 * 1024
EVENT_ID_CHARS_MAX = 200


@dataclass(frozen=True, slots=True)
class Vendor:
    """Who may send messages here: the name they are kept under, and a check that raises when one is not theirs."""

    name: str
    check: Callable[[Settings, Mapping[str, str], bytes], None]
    refused_by: type[Exception]


async def receive(request: Request, vendor: Vendor | None, *, apply_at_once: Apply | None = None) -> Response:
    """Keep a genuine message and answer 200 once it is safe; a repeat is answered alike and changes nothing.

    With `apply_at_once` it is applied before the answer; what fails then is left to the worker, the answer stays 200.
    404 for a vendor we don't know, 413 for more than BODY_BYTES_MAX, 401 for a signature that does not fit.
    """
    if vendor is None:
        return PlainTextResponse("unknown vendor", status_code=404)
    body = await _read(request)
    if body is None:
        return PlainTextResponse("too large", status_code=413)
    try:
        vendor.check(request.app.state.settings, request.headers, body)
    except vendor.refused_by as problem:
        log.warning("message refused: %s", problem, extra={"vendor": vendor.name})
        return PlainTextResponse("signature not valid", status_code=401)
    db: Db = request.app.state.db
    event_id = event_id_of(body)
    await inbound.store(db, vendor=vendor.name, event_id=event_id, body=body)
    if apply_at_once is not None:
        await inbound.apply_one(db, vendor=vendor.name, event_id=event_id, apply=apply_at_once)
    return PlainTextResponse("kept")


async def _read(request: Request) -> bytes | None:
    """The body, or none if it is too large; no more than that is ever held."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_BYTES_MAX:
            return None
    return bytes(body)


def event_id_of(body: bytes) -> str:
    """The vendor's id of the event; a message without a usable one is told apart by its content."""
    try:
        found = json.loads(body)["event_id"]
    except (ValueError, KeyError, TypeError):
        found = None
    if isinstance(found, str) and found.isprintable() and 0 < len(found) <= EVENT_ID_CHARS_MAX:
        return found
    return "sha256:" + hashlib.sha256(body).hexdigest()
