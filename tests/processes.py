"""Processes of the product, for tests that need the real ones."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import psutil

PATIENCE_S = 240.0
PORTS = range(12_000, 32_000, 4)


def free_port() -> int:
    """A port of the loopback that is free with the two after it, where `etalase up` puts the sandbox peers.

    Not one the system would give: those go to outgoing connections too, and may be taken before they are listened on.
    """
    for port in random.SystemRandom().sample(PORTS, 100):
        try:
            with ExitStack() as held:
                for one in range(port, port + 3):
                    held.enter_context(socket.create_server(("127.0.0.1", one)))
                return port
        except OSError:
            continue
    raise AssertionError("no port is free")


def environment(**values: object) -> dict[str, str]:
    """The environment of a process, without what belongs to this test run."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("ETALASE_", "DATABASE_URL", "PORT"))
    }
    return kept | {name: str(value) for name, value in values.items()}


@contextmanager
def running(command: str, log: Path, **values: object) -> Iterator[subprocess.Popen[bytes]]:
    """`etalase <command>` for the length of the block."""
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "etalase.cli", command],
            env=environment(**values), stdin=subprocess.DEVNULL, stdout=output, stderr=output,
        )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def until(is_so: Callable[[], bool], what: str, *, within_s: float = PATIENCE_S) -> None:
    """Wait until something is so."""
    ends = time.monotonic() + within_s
    while not is_so():
        if time.monotonic() > ends:
            raise AssertionError(f"waited {within_s:g} s in vain: {what}")
        time.sleep(0.05)


def is_ready(port: int) -> bool:
    """Whether the shop at this port is."""
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=20).status_code == 200
    except httpx.HTTPError:
        return False


def descendants(pid: int) -> list[psutil.Process]:
    """The processes that a process started, and those they started."""
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def is_running(process: psutil.Process) -> bool:
    """Whether the process lives: one that has ended and waits to be reaped does not."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def processes_of(folder: Path) -> list[psutil.Process]:
    """The processes that were started for this data folder, PostgreSQL's included."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        if process.pid == os.getpid():
            continue
        try:
            if str(folder) in " ".join(process.info["cmdline"] or []) or process.environ().get("ETALASE_VAR") == str(
                folder
            ):
                found.append(process)
        except psutil.Error:
            continue
    return [process for process in found if is_running(process)]


def end_all(folder: Path) -> None:
    """Leave nothing behind, whatever the test did."""
    for process in processes_of(folder):
        try:
            process.send_signal(signal.SIGKILL)
        except psutil.NoSuchProcess:
            continue
