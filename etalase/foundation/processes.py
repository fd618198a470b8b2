"""What processes of one installation know of each other: who started whom, who listens where, who holds the data."""

import errno
import fcntl
import os
import signal
import socket
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TextIO

PARENT = "ETALASE_PARENT_PID"
LISTENER = "ETALASE_LISTEN_FD"
AWAITS_DATABASE = "ETALASE_AWAITS_DATABASE"
PORT_PATIENCE_S = 6.0
LOOK_EVERY_S = 0.2


class CannotStart(Exception):
    """Says, in words for the person at the terminal, why and what to do."""


def take_lock(var: Path) -> TextIO:
    """Hold `var` for this process; the kernel lets go when the process ends, however it ends."""
    file = (var / "up.lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        raise CannotStart(
            f"Etalase already runs on {var} (process {file.read().strip() or 'unknown'}). Stop that one first, "
            "or take another folder: ETALASE_VAR=./var2 PORT=8010 make up"
        ) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def listen(host: str, port: int, *, patience_s: float = PORT_PATIENCE_S) -> socket.socket:
    """Listen for the web process, which gets the open socket: nobody is turned away while it starts or restarts.

    Web of a run that was killed may need a moment to let go of the port.
    """
    until = time.monotonic() + patience_s
    while True:
        try:
            return socket.create_server((host, port), backlog=1024, reuse_port=False)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise CannotStart(f"Cannot listen on {host}:{port}: {error.strerror}.") from None
            if time.monotonic() > until or not _is_own_web(port):
                raise CannotStart(
                    f"Port {port} is taken by another program. Stop it, or choose another port: PORT={port + 10} make up"
                ) from None
        time.sleep(LOOK_EVERY_S)


def _is_own_web(port: int) -> bool:
    """Whether what listens there is a web process of Etalase that has lost its `etalase up`."""
    import psutil

    for process in psutil.process_iter(["cmdline"]):
        if (process.info["cmdline"] or [])[1:4] == ["-m", "etalase.cli", "web"]:
            with suppress(psutil.Error):
                if process.environ().get("PORT") == str(port) and not is_alive(int(process.environ().get(PARENT, 0))):
                    return True
    return False


def free_ports(first: int, count: int) -> list[int]:
    """`count` ports on the loopback: from `first` on where they are free, else any."""
    sockets = []
    for wanted in range(first, first + count):
        try:
            sockets.append(socket.create_server(("127.0.0.1", wanted)))
        except (OSError, OverflowError):
            sockets.append(socket.create_server(("127.0.0.1", 0)))
    ports = [int(held.getsockname()[1]) for held in sockets]
    for held in sockets:
        held.close()
    return ports


def is_alive(pid: int | None) -> bool:
    """Whether there is a process of this number."""
    if not pid:
        return False
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except ProcessLookupError:
        return False
    return True


def end_with_parent() -> None:
    """From now on this process gets SIGTERM when the one that started it ends, be it by `kill -9`."""
    parent = int(os.environ.get(PARENT, "0"))
    if not parent:
        return
    if sys.platform == "linux":
        import ctypes

        set_parent_death_signal = 1  # PR_SET_PDEATHSIG of prctl(2)
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)
        return
    threading.Thread(target=_watch_parent, args=(parent,), daemon=True).start()


def _watch_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


def inherited_listener() -> socket.socket | None:
    """The open socket that `etalase up` handed to this web process, if it did."""
    number = os.environ.get(LISTENER)
    return socket.socket(fileno=int(number)) if number else None


def await_database() -> None:
    """Take the database's address from `etalase up`, which started this process while the database was still starting."""
    if not os.environ.pop(AWAITS_DATABASE, None):
        return
    url = sys.stdin.readline().strip()
    if not url:
        sys.exit(0)  # it gave up, or was killed
    os.environ["DATABASE_URL"] = url


def import_no_terminals() -> None:
    """Keep libraries from importing what only terminals need: httpx and structlog take half a second and 10 MB for it."""
    for name in ("rich", "httpx._main"):
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]
