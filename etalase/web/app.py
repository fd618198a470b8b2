"""The web app: who is asked for what, and what runs beside it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

from fastapi import FastAPI
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from etalase.foundation import nodes
from etalase.foundation.sql import open_db
from etalase.foundation.time_machine import actions as time_machine
from etalase.foundation.ui.rendering import configure, static_app
from etalase.integrations.carriers.registry import all_carriers
from etalase.integrations.storage.folder import media_url
from etalase.journeys.checkout.actions import open_lane
from etalase.settings import Settings
from etalase.web.api.door import ApiDoor, create_api
from etalase.web.dispatch import ShortWay
from etalase.web.failures import HANDLERS, add_failure_pages, failure_page
from etalase.web.hooks.doors import DOORS
from etalase.web.hooks.receiving import VendorDoor
from etalase.web.middleware import FormGuard, Measures, PageHeaders
from etalase.web.open_api.gateway import OpenApi
from etalase.web.routes import ROUTERS

AUDIENCES = ("storefront", "seller_center", "back_office", "developer")


class Site(FastAPI):
    """The app with its doors in front: what they answer never meets the layers that FastAPI puts around each request."""

    front: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        scope["app"] = self
        await self.front(scope, receive, send)


def create_app(settings: Settings) -> FastAPI:
    """The app for these settings; its start opens the database pool, its end closes everything it opened."""
    app = Site(lifespan=_lifespan(settings), docs_url=None, redoc_url=None, openapi_url=None, title="Etalase")
    app.state.settings = settings
    folder = Path(__file__).parent
    configure({audience: folder / audience / "templates" for audience in AUDIENCES}, media=media_url)
    app.mount("/static", static_app())
    for router in ROUTERS:
        app.include_router(router)
    add_failure_pages(app)

    def refuse(request: Request, status: int) -> Response:
        return failure_page(request, status)

    front: ASGIApp = ShortWay(super(Site, app).__call__, owner=app, handlers=HANDLERS)
    front = FormGuard(front, settings=settings, refuse=refuse)
    if settings.is_demo:
        front = Measures(front)
    front = ApiDoor(front, api=create_api(app.state))
    front = PageHeaders(front, settings=settings)
    front = OpenApi(front, settings=settings)
    front = VendorDoor(front, settings=settings, vendors=DOORS)
    app.front = ServerErrorMiddleware(front, handler=HANDLERS[Exception])
    return app


def _lifespan(settings: Settings) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            url = str(settings.database_url)
            app.state.db = await stack.enter_async_context(open_db(url, connections_max=settings.connections_max))
            await stack.enter_async_context(nodes.leased(app.state.db))
            await time_machine.load(app.state.db)
            app.state.checkout_lane = open_lane(app.state.db, carriers=all_carriers())
            stack.push_async_callback(_ended, asyncio.create_task(time_machine.follow(app.state.db)))
            yield

    return lifespan


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
