"""A vendor on a port of its own, in the test's own loop."""

import asyncio
import base64
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.requests import Request
from starlette.types import ASGIApp


class _Quiet(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[str]:
    """The app's address while the block runs."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = _Quiet(uvicorn.Config(app, log_level="error", lifespan="off"))
        task = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await task


def basic_user(request: Request) -> str:
    """The name of HTTP Basic, whose password has to be empty; "" for anything else."""
    scheme, _, code = request.headers.get("authorization", "").partition(" ")
    if scheme != "Basic":
        return ""
    name, _, password = base64.b64decode(code).decode().partition(":")
    return "" if password else name
