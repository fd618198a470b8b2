"""The load generator: keep-alive HTTP/1.1 on raw sockets, a closed loop, every answer checked.

Small on purpose, for it shares the machine with what it measures. A closed loop: each connection sends its next request when
it has the answer to the last one, so latencies are those under a load that waits; nothing is left out of the percentiles.

`python -m bench.load URL` measures any page of a running server; `--cost` measures the generator itself.
"""

import asyncio
import multiprocessing
import time
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any, Final, cast
from urllib.parse import urlsplit

import click
import uvloop

END: Final = b"\r\n\r\n"
LENGTH: Final = b"content-length:"
CHECK_EVERY: Final = 16
PATIENCE_S: Final = 30.0

Check = Callable[[bytes, bytes], bool]
"""Is this head and body the answer that was wanted?"""
Sort = Callable[[bytes], int]
"""Under which status an answer counts, where the status line does not tell enough."""


class WrongAnswer(Exception):
    """The server answered, but not what was asked for: such speed does not count."""


@dataclass(slots=True)
class Measured:
    """What a load has shown; seconds throughout."""

    took_s: float = 0.0
    latencies: dict[int, "array[float]"] = field(default_factory=lambda: defaultdict(lambda: array("d")))
    """By status, of every request."""
    last_at_s: dict[int, float] = field(default_factory=dict)
    """When the last answer of this status came, from the start."""
    wrong: Counter[str] = field(default_factory=Counter)
    web_ms: float = 0.0
    database_ms: float = 0.0
    """CPU for each answer, where it was looked at."""

    @property
    def answers(self) -> int:
        return sum(map(len, self.latencies.values()))

    @property
    def per_second(self) -> float:
        return self.answers / self.took_s if self.took_s else 0.0

    def quantile_ms(self, share: float, *, status: int | None = None) -> float:
        """So many milliseconds or less took this share of the answers (with one status, or all)."""
        chosen = self.latencies.values() if status is None else [self.latencies[status]]
        found = sorted(latency for part in chosen for latency in part)
        return found[min(len(found) - 1, int(share * len(found)))] * 1000 if found else float("nan")

    def insist(self, *statuses: int) -> "Measured":
        """These figures, if every answer was one of those that were wanted; else raises WrongAnswer."""
        strange = {status: len(found) for status, found in self.latencies.items() if found and status not in statuses}
        if strange or self.wrong or not self.answers:
            raise WrongAnswer(f"wanted {statuses}, got {strange or ''} {dict(self.wrong) or ''} of {self.answers}")
        return self


def request(
    path: str, *, host: str = "localhost", cookie: str = "", method: str = "GET", body: bytes = b"", **headers: str
) -> bytes:
    """The bytes of a request, made once and sent many times."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", "Accept: text/html", "Accept-Language: id"]
    if cookie:
        lines.append(f"Cookie: {cookie}")
    if body:
        headers = {"Content-Type": "application/x-www-form-urlencoded"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        lines.append(f"Content-Length: {len(body)}")
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + END + body


class _Connection(asyncio.Protocol):
    """One connection: sends, waits, notes, sends again."""

    def __init__(self, run: "_Run") -> None:
        self.run = run
        self.buffer = bytearray()
        self.needed = 0
        self.head_end = 0
        self.sent_at = 0.0
        self.is_waiting = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self._send()

    def _send(self) -> None:
        wait_s = self.run.wait_s()
        if wait_s > 0:
            asyncio.get_running_loop().call_later(wait_s, self._send_now)
        else:
            self._send_now()

    def _send_now(self) -> None:
        wanted = self.run.next()
        if wanted is None:
            self.is_waiting = False
            self.run.ended(self)
            self.transport.close()
            return
        self.is_waiting = True
        self.sent_at = time.perf_counter()
        self.transport.write(wanted)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if not self.needed:
            end = self.buffer.find(END)
            if end < 0:
                return
            self.head_end = end + 4
            self.needed = self.head_end + _length(bytes(self.buffer[:end]))
        if len(self.buffer) < self.needed:
            return
        self.run.note(self.buffer, self.head_end, sent_at=self.sent_at)
        self.buffer.clear()
        self.needed = 0
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        if self.is_waiting:
            self.is_waiting = False
            self.run.lost(self)


def _length(head: bytes) -> int:
    lower = head.lower()
    start = lower.find(LENGTH)
    if start < 0:
        if int(head[9:12]) in (204, 304):
            return 0
        raise WrongAnswer(f"no length: {head[:200]!r}")
    end = lower.find(b"\r\n", start)
    return int(lower[start + len(LENGTH) : end if end > 0 else None])


class _Run:
    """All connections of one load."""

    def __init__(
        self,
        requests: Iterator[bytes],
        *,
        seconds: float,
        connections: int,
        check: Check | None,
        per_second: float,
        sort: Sort | None,
    ) -> None:
        self.sort = sort
        self.requests, self.check, self.seconds, self.per_second = requests, check, seconds, per_second
        self.planned = 0
        self.found = Measured()
        self.began = 0.0
        self.open = connections
        self.done = asyncio.get_running_loop().create_future()
        self.count = 0

    def wait_s(self) -> float:
        """How long until the next request is due, where they are to come at a pace."""
        if not self.per_second:
            return 0.0
        self.planned += 1
        return self.began + self.planned / self.per_second - time.perf_counter()

    def next(self) -> bytes | None:
        if time.perf_counter() - self.began > self.seconds and self.found.last_at_s:
            return None  # not before an answer has come: a slow machine may take as long to connect
        return next(self.requests, None)

    def note(self, buffer: bytearray, head_end: int, *, sent_at: float) -> None:
        now = time.perf_counter()
        status = int(buffer[9:12]) if self.sort is None else self.sort(bytes(buffer[:head_end]))
        self.found.latencies[status].append(now - sent_at)
        self.found.last_at_s[status] = now - self.began
        self.count += 1
        if self.check is not None and (self.count % CHECK_EVERY == 1 or self.count <= CHECK_EVERY):
            head, body = bytes(buffer[:head_end]), bytes(buffer[head_end:])
            if not self.check(head, body):
                self.found.wrong[f"{status}: not what was asked for: {head[:120]!r}"] += 1

    def lost(self, connection: "_Connection") -> None:
        self.found.wrong["connection lost"] += 1
        self.ended(connection)

    def ended(self, _connection: "_Connection") -> None:
        self.open -= 1
        if self.open == 0 and not self.done.done():
            self.found.took_s = max(self.found.last_at_s.values(), default=0.0)
            self.done.set_result(None)


async def drive(
    port: int,
    requests: Iterable[bytes],
    *,
    connections: int,
    seconds: float,
    check: Check | None = None,
    per_second: float = 0,
    sort: Sort | None = None,
) -> Measured:
    """Send the requests over so many connections until they or the seconds are used up; `per_second` of them, or all there is
    time for."""
    loop = asyncio.get_running_loop()
    run = _Run(iter(requests), seconds=seconds, connections=connections, check=check, per_second=per_second, sort=sort)
    run.began = time.perf_counter()
    for _ in range(connections):
        await loop.create_connection(lambda: _Connection(run), "127.0.0.1", port)
    await asyncio.wait_for(run.done, seconds + PATIENCE_S)
    return run.found


def measure(port: int, requests: Iterable[bytes], **load: Any) -> Measured:
    """`drive`, in an event loop of its own."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(drive(port, requests, **load))


class _Trivial(asyncio.Protocol):
    """Answers as little as a server can, to see what the generator itself costs."""

    ANSWER: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(self.ANSWER * data.count(END))


def _serve_trivially(ready: Any) -> None:
    async def serve() -> None:
        server = await asyncio.get_running_loop().create_server(_Trivial, "127.0.0.1", 0)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve())


def own_cost(*, seconds: float = 2.0, connections: int = 16) -> tuple[float, float]:
    """Requests a second against a server that does nothing, and the generator's CPU microseconds for each."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    server = context.Process(target=_serve_trivially, args=(there,), daemon=True)
    server.start()
    try:
        port = here.recv()
        began = time.process_time()
        found = measure(port, cycle([request("/")]), connections=connections, seconds=seconds).insist(200)
        return found.per_second, (time.process_time() - began) / found.answers * 1e6
    finally:
        server.kill()


def told(found: Measured) -> str:
    """One line about a load."""
    statuses = ", ".join(f"{status}: {len(part)}" for status, part in sorted(found.latencies.items()))
    return (
        f"{found.per_second:9.1f}/s   p50 {found.quantile_ms(0.5):7.2f} ms   p99 {found.quantile_ms(0.99):7.2f} ms"
        f"   ({statuses}{', wrong: ' + str(dict(found.wrong)) if found.wrong else ''})"
    )


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("url", required=False)
@click.option("-c", "--connections", default=16, show_default=True)
@click.option("-s", "--seconds", default=5.0, show_default=True)
@click.option("--cookie", default="", help="As a browser sends it: name=value; name=value.")
@click.option("--contains", default="", help="What answers must contain (a sample of them is looked at).")
@click.option("--cost", is_flag=True, help="Measure the generator itself.")
def main(url: str | None, connections: int, seconds: float, cookie: str, contains: str, cost: bool) -> None:  # noqa: FBT001
    """GET one address over and over, on so many connections, each waiting for its answer."""
    if cost or url is None:
        rate, each_us = own_cost(seconds=seconds, connections=connections)
        click.echo(f"the generator alone: {rate:.0f} requests/s, {each_us:.0f} us of CPU for each")
        return
    parts = urlsplit(url)
    wanted = request(parts.path + (f"?{parts.query}" if parts.query else ""), host=parts.netloc, cookie=cookie)
    found = measure(
        parts.port or 80, cycle([wanted]), connections=connections, seconds=seconds,
        check=(lambda _head, body: contains.encode() in body) if contains else None,
    )  # fmt: skip
    click.echo(told(found))


if __name__ == "__main__":
    main()
