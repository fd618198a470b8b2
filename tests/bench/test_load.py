"""The load generator: it counts what came, and a fast error is no speed."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle

import pytest

from bench.load import END, Measured, WrongAnswer, measure, request


@contextmanager
def _server(answer: Callable[[bytes], bytes]) -> Iterator[int]:
    """Answers each request by a rule; its port."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            head = b""
            for line in self.rfile:
                head += line
                if head.endswith(END):
                    try:
                        self.wfile.write(answer(head))
                    except ConnectionError:
                        return
                    head = b""

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        request_queue_size = 16

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def _ok(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


def test_every_request_is_sent_once_and_counted() -> None:
    asked: list[bytes] = []

    def answer(head: bytes) -> bytes:
        asked.append(head.split()[1])
        return _ok(b"x" * 100_000)

    with _server(answer) as port:
        found = measure(port, [request(f"/{n}") for n in range(50)], connections=4, seconds=30).insist(200)
    assert found.answers == 50
    assert sorted(asked) == sorted(b"/%d" % n for n in range(50))
    assert 0 < found.quantile_ms(0.5) <= found.quantile_ms(0.99)


def test_an_error_is_no_speed() -> None:
    with _server(lambda _head: b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n") as port:
        found = measure(port, [request("/")] * 20, connections=2, seconds=30)
    assert len(found.latencies[500]) == 20
    with pytest.raises(WrongAnswer):
        found.insist(200)


def test_another_page_is_no_speed() -> None:
    with _server(lambda _head: _ok(b"log in first")) as port:
        found = measure(
            port, [request("/")] * 20, connections=1, seconds=30, check=lambda _head, body: b"20 orders" in body
        )
    with pytest.raises(WrongAnswer):
        found.insist(200)


def test_a_lost_connection_is_no_speed() -> None:
    def answer(_head: bytes) -> bytes:
        raise ConnectionError

    with _server(answer) as port:
        found = measure(port, [request("/")], connections=1, seconds=30)
    with pytest.raises(WrongAnswer):
        found.insist(200)


def test_nothing_at_all_is_no_speed() -> None:
    with pytest.raises(WrongAnswer):
        Measured().insist(200)


def test_a_pace_is_kept() -> None:
    with _server(lambda _head: _ok(b"")) as port:
        found = measure(port, [request("/")] * 40, connections=4, seconds=30, per_second=100).insist(200)
    assert found.answers == 40
    assert found.took_s >= 0.39  # the last of them was not due earlier


def test_the_time_ends_a_load() -> None:
    with _server(lambda _head: _ok(b"")) as port:
        found = measure(port, cycle([request("/")]), connections=2, seconds=0.2).insist(200)
    assert found.answers > 0
