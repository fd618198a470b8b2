"""A program that is told of things: an HTTP server on this machine that keeps what it gets and answers as it is told."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

Decide = Callable[[dict[str, Any]], int]


@dataclass
class Received:
    """One message as it came."""

    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def words(self) -> str:
        """What it is about, in short."""
        data = self.told["data"]
        return str(data.get("order_status") or data.get("cancel_status") or data.get("sc_type") or self.told["type"])


@dataclass
class Receiver:
    """Where messages go; `decide` says the status of each answer."""

    url: str = ""
    decide: Decide = lambda _: 200
    extra: bytes = b""
    got: list[Received] = field(default_factory=list)
    under_way: int = 0
    most_under_way: int = 0
    wait: asyncio.Event | None = None

    @property
    def words(self) -> list[str]:
        return [one.words for one in self.got]

    def of_order(self, order_id: int) -> list[str]:
        """What was told of one order, in order."""
        return [one.words for one in self.got if one.told["data"].get("order_id") == str(order_id)]

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, one message."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[1:-2]
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head)}
        one = Received(headers, await reader.readexactly(int(headers["content-length"])))
        self.got.append(one)
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        if self.wait is not None:
            await self.wait.wait()
        status = self.decide(one.told)
        self.under_way -= 1
        writer.write(b"HTTP/1.1 %d Said\r\nConnection: close\r\n" % status)
        writer.write(self.extra or b"Content-Length: 2\r\n\r\nok")
        with suppress(ConnectionError):
            await writer.drain()
        writer.close()


@asynccontextmanager
async def receiver() -> AsyncIterator[Receiver]:
    """A receiver for the length of the block."""
    made = Receiver()
    server = await asyncio.start_server(made.answer, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hooks"
    async with server:
        yield made
