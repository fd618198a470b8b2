"""Connections that several processes share."""

import asyncio
import logging
import socket
from collections import Counter
from collections.abc import Iterator

import pytest

from etalase.web.accepting import Acceptor


class Echo(asyncio.Protocol):
    """Says its name to who connects."""

    def __init__(self, name: bytes, taken: Counter[bytes]) -> None:
        self.name, self.taken = name, taken

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.taken[self.name] += 1
        transport.write(self.name)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0), backlog=128) as made:
        yield made


async def connect(listener: socket.socket) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection(*listener.getsockname()[:2])


async def test_each_takes_its_share_of_connections_that_come_at_once(listener: socket.socket) -> None:
    taken: Counter[bytes] = Counter()
    acceptors = [Acceptor(listener.dup(), lambda name=name: Echo(name, taken)) for name in (b"one", b"two")]  # type: ignore[misc]
    opened = await asyncio.gather(*(connect(listener) for _ in range(40)))
    said = [await reader.readexactly(3) for reader, _ in opened]
    assert Counter(said) == taken
    assert min(taken[b"one"], taken[b"two"]) >= 10, taken
    for _, writer in opened:
        writer.close()
    for acceptor in acceptors:
        acceptor.close()
        await acceptor.wait_closed()


async def test_who_is_alone_takes_all_and_who_has_closed_takes_none(listener: socket.socket) -> None:
    taken: Counter[bytes] = Counter()
    gone, there = (
        Acceptor(listener.dup(), lambda name=name: Echo(name, taken))  # type: ignore[misc]
        for name in (b"gone", b"here")
    )
    gone.close()
    opened = await asyncio.gather(*(connect(listener) for _ in range(20)))
    assert [await reader.readexactly(4) for reader, _ in opened] == [b"here"] * 20
    there.close()
    for _, writer in opened:
        writer.close()


async def test_it_goes_on_when_a_connection_could_not_be_taken(
    listener: socket.socket, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("etalase.web.accepting.REFUSED_PAUSE_S", 0.01)

    class Full(socket.socket):
        times = 0

        def accept(self) -> tuple[socket.socket, object]:
            self.times += 1
            if self.times < 3:
                raise OSError(24, "Too many open files")
            return super().accept()

    full = Full(fileno=listener.dup().detach())
    acceptor = Acceptor(full, lambda: Echo(b"ok", Counter()))
    with caplog.at_level(logging.ERROR):
        reader, writer = await connect(listener)
        assert await reader.readexactly(2) == b"ok"
    assert caplog.text.count("Too many open files") == 2
    writer.close()
    acceptor.close()
    full.close()
