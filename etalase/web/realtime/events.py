"""`GET /events`: the stream of server-sent events of one open page."""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from etalase.foundation.ids import parse_id
from etalase.web.realtime.hub import Hub, OpenPage, TooManyPages, hub_of
from etalase.web.request import VisitDep

router = APIRouter()

HEARTBEAT_S: Final = 15.0
LIFE_S: Final = (120.0, 180.0)
"""A stream ends after so long and the page connects anew, which asks again who it is: a device that was logged out hears no more."""
RETRY_MS: Final = 3000


@router.get("/events")
async def stream_events(request: Request, visit: VisitDep) -> Response:
    """What happens from now on, for as long as the page is open: `unread`, `notice` and `changed`."""
    if visit.account is None:
        return JSONResponse({"error": "signed out"}, status_code=401)
    hub = hub_of(request.app)
    page = OpenPage(
        account_id=visit.account.id,
        shop_ids=frozenset(shop.id for shop in visit.page.shops),
        locale=visit.page.locale,
        zone=visit.page.zone,
        since_id=parse_id(request.headers.get("last-event-id", "")) or 0,
        seen_at=parse_id(request.query_params.get("since", "")) or 0,
    )
    try:
        await hub.join(page)
    except TooManyPages:
        return JSONResponse({"error": "too many open pages"}, status_code=429, headers={"Retry-After": "30"})
    return EventStream(hub, page)


class EventStream(StreamingResponse):
    """The answer that stays open; however it ends, the hub forgets the page."""

    def __init__(self, hub: Hub, page: OpenPage) -> None:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(_events(page), media_type="text/event-stream", headers=headers)
        self.hub, self.page = hub, page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self.hub.leave(self.page)


async def _events(page: OpenPage) -> AsyncIterator[bytes]:
    ends_at = time.monotonic() + random.uniform(*LIFE_S)  # noqa: S311 - spreads the reconnects, keeps no secret
    yield f"retry: {RETRY_MS}\n\n".encode()
    while time.monotonic() < ends_at:
        try:
            async with asyncio.timeout(HEARTBEAT_S):
                events = await page.next_events()
        except TimeoutError:
            events = [b": still here\n\n"]
        if events is None:
            return
        yield b"".join(events)
