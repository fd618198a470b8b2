"""The real peers in a process of their own, and a shop that writes down which webhooks reach it."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

KEY = "key-of-the-tests"
SECRET = "secret-of-the-tests"
WAIT_S = 60.0


class Peers:
    """`python -m demo.peers`, started, killed and started again on the same state."""

    def __init__(self, state: Path, *, shop_url: str, chaos: int = 0, event_seconds: float = 60.0) -> None:
        """Start and wait until both peers listen."""
        self._command = [
            sys.executable, "-m", "demo.peers", "--payment-port", "0", "--carrier-port", "0", "--state", str(state), "--shop-url", shop_url,
            "--secret", SECRET, "--key", KEY, "--chaos", str(chaos), "--event-seconds", str(event_seconds), "--notify-delay-ms", "50",
            "--until-stdin-closes",
        ]  # fmt: skip
        self.start()

    def start(self) -> None:
        """Start (again); the ports are new ones."""
        self.process = subprocess.Popen(  # noqa: S603  our own program
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        ready = self.process.stdout.readline().split()
        assert ready[:2] == ["peers", "ready"]
        self.payment_url, self.carrier_url = (part.split("=", 1)[1] for part in ready[2:])

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self._bury()

    def stop(self) -> int:
        """Ask it to end, as `etalase up` does."""
        self.process.terminate()
        return self._bury()

    def close_stdin(self) -> int:
        """What a peer sees of its parent's death."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.process.wait(WAIT_S)

    def _bury(self) -> int:
        code = self.process.wait(WAIT_S)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        return code


class Shop:
    """Takes webhooks on a port it keeps, while it is open."""

    def __init__(self) -> None:
        """Open on any free port."""
        self.received: list[tuple[str, dict[str, str], bytes]] = []
        self.answer = 200
        self._server = self._opened(0)
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def bodies(self, of: str) -> list[dict[str, Any]]:
        """Decoded webhooks, of "payments" or "carriers", in order of arrival."""
        return [json.loads(body) for path, _, body in self.received if path == f"/hooks/{of}/sandbox"]

    def close(self) -> None:
        """Be down: connections are refused."""
        self._server.shutdown()
        self._server.server_close()

    def open_again(self) -> None:
        """Be back on the same port."""
        self._server = self._opened(self.port)

    def _opened(self, port: int) -> ThreadingHTTPServer:
        shop = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                shop.received.append((self.path, dict(self.headers), body))
                self.send_response(shop.answer)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it so
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", port), Door)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return server


def eventually(check: Callable[[], object], *, within_s: float = WAIT_S) -> None:
    """Wait until the check holds, or fail."""
    end = time.monotonic() + within_s
    while not check():
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.02)
