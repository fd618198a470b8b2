"""Both peers in one process: `python -m demo.peers --help`."""

import argparse
import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import uvicorn

from demo.peers.carrier_app import carrier_app
from demo.peers.options import Options
from demo.peers.payment_app import payment_app
from demo.peers.state import State


def main() -> None:
    """Serve until told to stop."""
    told = _parser().parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    payment_socket, carrier_socket = _listen(told.host, told.payment_port), _listen(told.host, told.carrier_port)
    options = Options(
        state=told.state,
        shop_url=told.shop_url.rstrip("/"),
        secret=told.secret,
        key=told.key or told.secret,
        payment_url=(told.payment_url or _address(payment_socket)).rstrip("/"),
        carrier_url=(told.carrier_url or _address(carrier_socket)).rstrip("/"),
        event_s=told.event_seconds,
        notify_delay_s=told.notify_delay_ms / 1000,
        is_chaotic=told.chaos == 1,
    )
    if told.until_stdin_closes:
        threading.Thread(target=_end_with_stdin, daemon=True).start()
    asyncio.run(_serve(options, payment_socket=payment_socket, carrier_socket=carrier_socket))


async def _serve(options: Options, *, payment_socket: socket.socket, carrier_socket: socket.socket) -> None:
    state = State(options)
    payment = _Server(uvicorn.Config(payment_app(state), log_level="warning", access_log=False, lifespan="on"))
    carrier = _Server(uvicorn.Config(carrier_app(state), log_level="warning", access_log=False, lifespan="on"))
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, _stop, payment, carrier)
    # the sockets listen since before this line: a request that comes now waits, it is not refused
    sys.stdout.write(f"peers ready payment={options.payment_url} carrier={options.carrier_url}\n")
    sys.stdout.flush()
    try:
        await asyncio.gather(payment.serve(sockets=[payment_socket]), carrier.serve(sockets=[carrier_socket]))
    finally:
        state.close()


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to `_serve`: two servers in one process would take them from each other."""
        yield


def _stop(*servers: uvicorn.Server) -> None:
    for server in servers:
        server.should_exit = True


def _listen(host: str, port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as problem:
        raise SystemExit(f"demo.peers: {host}:{port} cannot be used: {problem.strerror}") from None
    listening.listen(128)
    return listening


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://{host}:{port}"


def _end_with_stdin() -> None:
    # not sys.stdin.read(): a thread that waits inside a buffered reader makes the interpreter abort at its end
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="demo.peers", description="The sandbox payment provider and the sandbox carrier."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    parser.add_argument(
        "--payment-port", type=int, required=True, help="port of the payment provider, 0 for any free one"
    )
    parser.add_argument("--carrier-port", type=int, required=True, help="port of the carrier, 0 for any free one")
    parser.add_argument("--payment-url", default="", help="the payment provider's address as browsers see it")
    parser.add_argument("--carrier-url", default="", help="the carrier's address as browsers see it")
    parser.add_argument("--state", type=Path, required=True, help="SQLite file that holds everything")
    parser.add_argument("--shop-url", required=True, help="where webhooks go: the shop's address")
    parser.add_argument("--secret", required=True, help="signs the webhooks")
    parser.add_argument("--key", default="", help="opens the APIs (default: the secret)")
    parser.add_argument(
        "--event-seconds",
        type=float,
        default=float(os.environ.get("DEMO_EVENT_SECONDS", "12")),
        help="seconds between two steps of a parcel (default $DEMO_EVENT_SECONDS or %(default)s)",
    )
    parser.add_argument(
        "--notify-delay-ms", type=int, default=300, help="how long a notification waits (default %(default)s)"
    )
    parser.add_argument(
        "--chaos", type=int, choices=(0, 1), default=1, help="repeat webhooks and swap neighbours (default %(default)s)"
    )
    parser.add_argument("--until-stdin-closes", action="store_true", help="end when the parent process ends")
    return parser


if __name__ == "__main__":
    main()
