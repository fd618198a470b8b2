"""The web process: the app behind one listening socket."""

import asyncio
import gc
import re
import socket
from types import FrameType
from typing import Final, cast

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from etalase.foundation.processes import inherited_listener
from etalase.settings import Settings
from etalase.web.accepting import Acceptor
from etalase.web.app import create_app
from etalase.web.realtime.hub import close_pages

GRACE_S = 3
HEAD_ENDS: Final = b"\r\n\r\n"
HEAD_BYTES_MAX: Final = 16_384
BEGINNING: Final = re.compile(rb"[A-Z]{1,16}(?: |\Z)")
OFFER: Final = re.compile(rb"\A([A-Z]+ \S+ HTTP/1\.1\r\n(?:[^\r\n]+\r\n)*?)upgrade: *h2c *\r\n", re.IGNORECASE)


class Protocol(HttpToolsProtocol):
    """Takes no offer of HTTP/2: Java's client makes one with each request, and the parser would lose the body after it.

    What has come of a head is held until the whole of it is there, for an offer may come in two pieces.
    """

    _held = b""

    def data_received(self, data: bytes) -> None:
        if self._held:
            data, self._held = self._held + data, b""
        if HEAD_ENDS not in data and len(data) < HEAD_BYTES_MAX and BEGINNING.match(data) and self._is_between():
            self._held = data
            return
        super().data_received(without_offer(data) if b"h2c" in data else data)

    def _is_between(self) -> bool:
        """Whether no request is under way, so that what comes is the beginning of one."""
        return self.cycle is None or self.cycle.response_complete


def without_offer(data: bytes) -> bytes:
    """What was received without `Upgrade: h2c`, if a request begins with it; a server may pass such an offer over (RFC 9110, 7.8)."""
    return OFFER.sub(rb"\1", data, count=1)


class Server(uvicorn.Server):
    """Ends open streams when it is told to stop; they would otherwise hold it until the grace is over."""

    is_one_of_several = False

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then count what is loaded by now as there for good: looking through it again would stop a page for long."""
        shared = sockets if self.is_one_of_several and sockets else []
        await super().startup([] if shared else sockets)
        self.servers += [cast("asyncio.Server", Acceptor(listener, self._protocol)) for listener in shared]
        gc.collect()
        gc.freeze()

    def _protocol(self) -> asyncio.Protocol:
        return Protocol(self.config, self.server_state, self.lifespan.state)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        close_pages(cast("FastAPI", self.config.app))
        super().handle_exit(sig, frame)


def serve(settings: Settings) -> None:
    """Answer requests until SIGTERM or SIGINT."""
    config = uvicorn.Config(
        create_app(settings),
        http=Protocol,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
    )
    listener = inherited_listener()
    server = Server(config)
    server.is_one_of_several = settings.web_processes > 1
    server.run(sockets=[listener] if listener else None)
