"""A real server on a port, for clients that others wrote."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import contextmanager

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from etalase.foundation.sql import Db
from etalase.web.server import Protocol
from tests.builders.accounts import MadeShop, make_shop
from tests.builders.open_api import Connector, make_connector


class QuietServer(uvicorn.Server):
    """Leaves the signals to the tests."""

    @contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]
        yield


@pytest.fixture
async def origin(app: FastAPI) -> AsyncIterator[str]:
    """Where the app answers for real: http://127.0.0.1:<port>."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = QuietServer(uvicorn.Config(app, http=Protocol, lifespan="off", log_config=None, access_log=False))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    await task


@pytest.fixture
async def shop(db: Db) -> MadeShop:
    """A shop in Bandung."""
    return await make_shop(db)


@pytest.fixture
async def connector(db: Db, app: FastAPI, client: httpx.AsyncClient, shop: MadeShop) -> Connector:
    """A program that may do everything for the shop."""
    return await make_connector(db, app, client, shop)
