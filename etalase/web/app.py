"""The web app: who is asked for what, and what runs beside it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from etalase.foundation import nodes
from etalase.foundation.sql import open_db
from etalase.foundation.time_machine import actions as time_machine
from etalase.foundation.ui.rendering import configure, static_app
from etalase.integrations.carriers.registry import all_carriers
from etalase.integrations.storage.folder import media_url
from etalase.journeys.checkout.actions import open_lane
from etalase.settings import Settings
from etalase.web.dispatch import ShortWay
from etalase.web.failures import HANDLERS, add_failure_pages, failure_page
from etalase.web.hooks.doors import DOORS
from etalase.web.hooks.receiving import VendorDoor
from etalase.web.middleware import FormGuard, Measures, PageHeaders
from etalase.web.open_api.gateway import OpenApi
from etalase.web.routes import ROUTERS

AUDIENCES = ("storefront", "seller_center", "back_office", "developer")


def create_app(settings: Settings) -> FastAPI:
    """The app for these settings; its start opens the database pool, its end closes everything it opened."""
    app = FastAPI(lifespan=_lifespan(settings), docs_url=None, redoc_url=None, openapi_url=None, title="Etalase")
    app.state.settings = settings
    folder = Path(__file__).parent
    configure({audience: folder / audience / "templates" for audience in AUDIENCES}, media=media_url)
    app.mount("/static", static_app())
    for router in ROUTERS:
        app.include_router(router)
    add_failure_pages(app)

    def refuse(request: Request, status: int) -> Response:
        return failure_page(_with_app(request, app), status)

    app.add_middleware(ShortWay, owner=app, handlers=HANDLERS)
    app.add_middleware(FormGuard, settings=settings, refuse=refuse)  # the last added is the outermost
    if settings.is_demo:
        app.add_middleware(Measures)
    app.add_middleware(PageHeaders, settings=settings)
    app.add_middleware(OpenApi, settings=settings)
    app.add_middleware(VendorDoor, settings=settings, vendors=DOORS)
    return app


def _with_app(request: Request, app: FastAPI) -> Request:
    request.scope.setdefault("app", app)
    return request


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
