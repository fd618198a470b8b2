"""The product's own processes on a folder of the bench's own: database, web, worker, each the real command."""

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import psutil

from etalase.foundation import database
from etalase.foundation.processes import LISTENER, PARENT, free_ports, listen
from etalase.settings import Settings
from etalase.up import Part, answers

PROCESSES: Final = "ETALASE_WEB_PROCESSES"
WEB_PROCESSES: Final = int(os.environ.get(PROCESSES) or min(os.cpu_count() or 1, 4))
READY_WITHIN_S: Final = 60.0
GRACE_S: Final = 10.0


def forget_environment() -> None:
    """What the user's own installation is told is not for this one; how many web processes there are may be said."""
    for name in [name for name in os.environ if name.startswith("ETALASE_") or name in ("DATABASE_URL", "PORT")]:
        if name not in (PARENT, PROCESSES):
            del os.environ[name]


class House:
    """A data folder with its running database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server: Any = None
        self._web: Web | None = None
        self.url = ""
        self.web_processes = WEB_PROCESSES

    def open(self) -> None:
        """Start the database as the product does."""
        self.server, self.url = database.start_embedded(self.folder)

    def close(self) -> None:
        """Stop it; the data stays."""
        if self.server is not None:
            database.stop_embedded(self.server)
            self.server = None

    def database_cpu_s(self) -> float:
        """CPU seconds that the database's living processes have used so far."""
        return tree_cpu_s(self.server.get_postmaster_info().process.pid) if self.server else 0.0

    def settings(self, *, port: int = 8000) -> Settings:
        """As the processes of this house read them."""
        return Settings(
            DATABASE_URL=self.url, PORT=port, var=self.folder, mode="production", web_processes=self.web_processes
        )

    @contextmanager
    def web(self) -> Iterator["Web"]:
        """A web process for each core behind one socket (or ETALASE_WEB_PROCESSES); those that run already, if they do."""
        if self._web is not None:
            yield self._web
            return
        port = free_ports(18_000, 1)[0]
        settings = self.settings(port=port)
        listener = listen(settings.host, port)
        parts = []
        for number in range(1, settings.web_processes + 1):
            part = self._part("web", f"web-{number}", PORT=str(port), **{LISTENER: str(listener.fileno())})
            part.pass_fds = (listener.fileno(),)
            part.start()
            parts.append(part)
        try:
            until = time.monotonic() + READY_WITHIN_S
            while not answers(settings):
                self._check(parts, until)
            self._web = Web(settings, parts)
            yield self._web
        finally:
            self._web = None
            self._end(parts)
            listener.close()

    def _end(self, parts: Sequence[Part]) -> None:
        for part in parts:
            part.ask_to_end()
        for part in parts:
            part.end(until=time.monotonic() + GRACE_S)

    @contextmanager
    def worker(self) -> Iterator[Part]:
        """The worker process."""
        part = self._part("worker", "worker")
        part.start()
        try:
            yield part
        finally:
            self._end([part])

    def _part(self, command: str, name: str, **env: str) -> Part:
        part = Part(name, [sys.executable, "-m", "etalase.cli", command], log=self.folder / "log" / f"{name}.log")
        part.env = {"DATABASE_URL": self.url, "ETALASE_VAR": str(self.folder), "ETALASE_MODE": "production"} | env
        part.env[PROCESSES] = str(self.web_processes)
        return part

    def _check(self, parts: Sequence[Part], until: float) -> None:
        for part in parts:
            if time.monotonic() > until or part.process is None or part.process.poll() is not None:
                raise RuntimeError(f"{part.name} does not start; see {part.log}")


class Web:
    """The running web processes behind one socket."""

    def __init__(self, settings: Settings, parts: Sequence[Part]) -> None:
        self.settings, self.parts = settings, parts
        self.port = settings.port

    @property
    def pids(self) -> list[int]:
        return [part.process.pid for part in self.parts if part.process]

    def cpu_s(self) -> float:
        """CPU seconds they and their children have used so far."""
        return sum(map(tree_cpu_s, self.pids))


def tree_cpu_s(pid: int) -> float:
    """CPU seconds that a process and its living children have used so far."""
    used = 0.0
    for process in [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):
            used += _cpu_s(process)
    return used


def _cpu_s(process: psutil.Process) -> float:
    """To the nanosecond where the kernel has a clock for each process (clock_getcpuclockid of Linux), else in ticks of 10 ms."""
    try:
        return time.clock_gettime(~process.pid << 3 | 2)
    except OSError:
        return sum(process.cpu_times()[:2])
