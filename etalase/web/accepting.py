"""Connections of a socket that several processes listen at: each takes its share."""

import asyncio
import logging
import socket
from collections.abc import Callable
from typing import Final

PAUSE_S: Final = 0.001
REFUSED_PAUSE_S: Final = 0.5
"""When no more files can be open, asking again at once would only be busy."""

log = logging.getLogger(__name__)


class Acceptor:
    """Takes one connection, then leaves the next to the others for a moment.

    asyncio takes all that wait, so that the process which wakes first gets them; they last, and one of two processes
    then answers up to nine of ten requests.
    """

    def __init__(self, listener: socket.socket, protocol: Callable[[], asyncio.Protocol]) -> None:
        self._listener, self._protocol = listener, protocol
        self._loop = asyncio.get_running_loop()
        self._opening: set[asyncio.Task[object]] = set()
        self._pause: asyncio.TimerHandle | None = None
        listener.settimeout(0)
        self._look()

    def close(self) -> None:
        """Take no more connections; those that were taken stay."""
        self._loop.remove_reader(self._listener)
        if self._pause is not None:
            self._pause.cancel()

    async def wait_closed(self) -> None:
        """Until those that were taken are in the hands of their protocols."""
        await asyncio.gather(*self._opening, return_exceptions=True)

    def _look(self) -> None:
        self._loop.add_reader(self._listener, self._take)

    def _rest(self, seconds: float) -> None:
        self._loop.remove_reader(self._listener)
        self._pause = self._loop.call_later(seconds, self._look)

    def _take(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return  # another process has been faster, or the caller has gone
        except OSError as problem:
            log.error("no connection can be taken: %s", problem)
            self._rest(REFUSED_PAUSE_S)
            return
        self._rest(PAUSE_S)
        connection.settimeout(0)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        task = self._loop.create_task(self._loop.connect_accepted_socket(self._protocol, connection))
        self._opening.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[object]") -> None:
        self._opening.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.warning("a connection was lost before it began: %s", task.exception())
