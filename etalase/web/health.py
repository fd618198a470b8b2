"""Whether this process lives and is fit to answer; and the address that browsers ask for by themselves."""

import asyncio

import psycopg
from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from etalase.foundation.database import waiting_migrations
from etalase.foundation.nodes import is_answering
from etalase.foundation.ui.rendering import static_url

router = APIRouter()


@router.get("/healthz")
async def process_lives() -> Response:
    """The process answers; nothing else is asked."""
    return JSONResponse({"status": "ok"})


@router.get("/readyz")
async def is_ready(request: Request) -> Response:
    """The database answers and has every migration."""
    state = request.app.state
    if not await is_answering(state.db):
        return JSONResponse({"status": "no database"}, status_code=503, headers={"Retry-After": "2"})
    if not getattr(state, "is_migrated", False):
        try:
            waiting = await asyncio.to_thread(waiting_migrations, str(state.settings.database_url))
        except psycopg.OperationalError:
            return JSONResponse({"status": "no database"}, status_code=503, headers={"Retry-After": "2"})
        if waiting:
            return JSONResponse({"status": "migrations missing", "missing": waiting}, status_code=503)
        state.is_migrated = True
    return JSONResponse({"status": "ready"})


@router.get("/favicon.ico")
async def favicon() -> Response:
    """Browsers ask here for the icon of pages that are not ours to mark."""
    return RedirectResponse(static_url("img/mark.svg"), status_code=307)
