"""`etalase up`: the whole product in one command; starts its parts, keeps them running, stops them.

The parts notice by themselves when this process is gone (`end_with_parent`), so that even `kill -9` leaves
nothing behind but PostgreSQL, which the next start finds running and takes over.
"""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any, BinaryIO, TextIO, TypeVar

from etalase.foundation.processes import AWAITS_DATABASE, LISTENER, PARENT, CannotStart, free_ports, listen, take_lock
from etalase.settings import Settings

Value = TypeVar("Value")

READY_WITHIN_S = 60
GRACE_S = 6
LOOK_EVERY_S = 0.2
RESTART_AFTER_MIN_S, RESTART_AFTER_MAX_S = 0.5, 30.0
STABLE_AFTER_S = 30
LOG_BYTES_MAX = 10_000_000
DEMO_LOGINS = (
    ("buyer@etalase.test", "buys"),
    ("buyer2@etalase.test", "buys"),
    ("seller@etalase.test", "runs two shops"),
    ("seller2@etalase.test", "runs one shop"),
    ("operator@etalase.test", "keeps the peace"),
)
DEMO_PASSWORD = "etalase-demo"  # noqa: S105 - printed on purpose, demo mode only


class Stop(BaseException):
    """Somebody asked for the end: Ctrl-C, SIGTERM, or the terminal was closed."""


def run(settings: Settings, *, show_logs: bool = False) -> int:
    """Run all parts until told to stop; returns the exit code (0 after Ctrl-C)."""
    progress = Progress(sys.stdout)
    supervisor = Supervisor(settings, progress, show_logs=show_logs)
    _stop_on_signals()
    code = 0
    try:
        supervisor.start()
        supervisor.watch()
    except Stop:
        progress.line("\nStopping ...")
    except CannotStart as reason:
        progress.line(f"\n{reason}")
        code = 1
    finally:
        _ignore_signals()
        supervisor.stop()
    return code


class Progress:
    """One line a step with the time it took; moves the cursor only on a terminal."""

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self.began = time.monotonic()
        self.is_terminal = out.isatty() and os.environ.get("TERM") != "dumb"
        self.under_way = ""
        self.mark = "✓" if (out.encoding or "").lower().replace("-", "") == "utf8" else "ok"

    def line(self, text: str = "") -> None:
        with suppress(BrokenPipeError):
            print(text, file=self.out, flush=True)

    def note(self, text: str) -> None:
        """Show how far the step that is under way has come; where there is no terminal, nothing."""
        if self.is_terminal:
            print(f"\r\x1b[K  … {self.under_way:<12}{text[:50]}", end="", file=self.out, flush=True)

    def step(self, name: str, do: Callable[[], Value]) -> Value:
        """Do one step and show it with the time it took."""
        began, self.under_way = time.monotonic(), name
        self.note("")
        try:
            value = do()
        except BaseException:
            if self.is_terminal:
                self.line()
            raise
        start = "\r\x1b[K" if self.is_terminal else ""
        self.line(f"{start}  {self.mark} {name:<12}{time.monotonic() - began:6.2f} s")
        return value


class Part:
    """One process that is to run for as long as the product does."""

    def __init__(self, name: str, command: Sequence[str], *, log: Path | None) -> None:
        self.name, self.command, self.log = name, list(command), log
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0
        self.restart_at: float | None = None
        self.wait_s = RESTART_AFTER_MIN_S
        self.pass_fds: tuple[int, ...] = ()
        self.env: dict[str, str] = {}

    def start(self, **env: str) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches the supervisor alone."""
        env = os.environ | self.env | env | {PARENT: str(os.getpid())}
        env.pop("PYTHONDONTWRITEBYTECODE", None)  # compiling anew at each start takes longer than all the rest
        with self._output() as output:
            self.process = subprocess.Popen(  # noqa: S603 - our own commands
                self.command, env=env, stdin=subprocess.PIPE, stdout=output, stderr=subprocess.STDOUT,
                start_new_session=True, pass_fds=self.pass_fds,
            )  # fmt: skip
        self.started_at, self.restart_at = time.monotonic(), None

    @contextmanager
    def _output(self) -> Iterator[BinaryIO | None]:
        if self.log is None:
            yield None
            return
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES_MAX:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as file:
            yield file

    def go(self, url: str) -> None:
        """Tell a part that was started ahead of its database where that is."""
        if self.process is not None and self.process.stdin is not None:
            with suppress(BrokenPipeError):
                self.process.stdin.write(f"{url}\n".encode())
                self.process.stdin.flush()

    def tend(self, tell: Callable[[str], None]) -> None:
        """Start it again if it has died: at once the first time, later the longer it keeps dying."""
        now = time.monotonic()
        if self.process is None or (self.restart_at is None and self.process.poll() is None):
            return
        if self.restart_at is None:
            if now - self.started_at > STABLE_AFTER_S:
                self.wait_s = RESTART_AFTER_MIN_S
            self.restart_at = now + self.wait_s
            tell(f"  {self.name} ended with {self.process.returncode}; again in {self.wait_s:g} s{self._last_words()}")
            self.wait_s = min(self.wait_s * 2, RESTART_AFTER_MAX_S)
        elif now >= self.restart_at:
            self.start()

    def _last_words(self) -> str:
        if self.log is None or not self.log.exists():
            return ""
        lines = self.log.read_bytes()[-3000:].decode(errors="replace").strip().splitlines()[-6:]
        return "".join(f"\n    | {line}" for line in lines)

    def ask_to_end(self) -> None:
        self.restart_at = None
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def end(self, *, until: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Supervisor:
    """Starts the parts in the order they need each other, and ends them the other way round."""

    def __init__(self, settings: Settings, progress: Progress, *, show_logs: bool) -> None:
        self.settings, self.progress, self.show_logs = settings, progress, show_logs
        self.var = settings.var.resolve()
        self.parts: list[Part] = []
        self.server: Any = None
        self.lock: TextIO | None = None
        self.listener: Any = None
        self._peers: list[str] = []

    def start(self) -> None:
        """Bring everything up; raises CannotStart with advice."""
        self.progress.line(f"Etalase ({self.settings.mode})")
        self.var.mkdir(parents=True, exist_ok=True)
        self.lock = take_lock(self.var)
        self.listener = listen(self.settings.host, self.settings.port)
        self._set_environment()
        webs = [self._start_web(self.listener.fileno(), number) for number in range(1, self.settings.web_processes + 1)]
        url = self.settings.database_url or self._start_database()
        self._prepare(url)
        os.environ["DATABASE_URL"] = url
        for web in webs:
            web.go(url)
        self._run("worker", [sys.executable, "-m", "etalase.cli", "worker"])
        if self.settings.is_demo:
            self._run("peers", self._peers)
        self.progress.step("web", self._wait_until_ready)
        self._welcome()

    def watch(self) -> None:
        """Keep the parts running, for ever."""
        while True:
            time.sleep(LOOK_EVERY_S)
            self._tend()

    def stop(self) -> None:
        """End the parts, then PostgreSQL; nothing is left running."""
        for part in self.parts:
            part.ask_to_end()
        until = time.monotonic() + GRACE_S
        for part in self.parts:
            part.end(until=until)
        if self.server is not None:
            from etalase.foundation.database import stop_embedded

            stop_embedded(self.server)
        if self.parts:
            self.progress.line("Stopped. The data stays in " + str(self.var))

    def _start_database(self) -> str:
        self.progress.step("database", self._start_postgres)
        return str(self.server.get_uri())

    def _start_postgres(self) -> None:
        from etalase.foundation.database import start_embedded

        try:
            with _signals_later():  # PostgreSQL half started could not be stopped
                self.server, _ = start_embedded(self.var)
        except (OSError, subprocess.SubprocessError) as problem:
            log = self.var / "postgres" / "log"
            raise CannotStart(f"PostgreSQL does not start: {problem}\nWhat it says is in {log}.") from None

    def _prepare(self, url: str) -> None:
        """Migrate and load what is missing, each in a process of its own so that this one stays small."""
        import psycopg

        from etalase.foundation.database import is_empty, waiting_migrations

        try:
            waiting = waiting_migrations(url)
        except psycopg.OperationalError as problem:
            raise CannotStart(f"The database does not answer. Is DATABASE_URL right?\n{problem}") from None
        if waiting:
            self.progress.step("schema", lambda: self._run_once("migrate", url))
        if self.settings.is_demo and is_empty(url):
            self.progress.step("demo world", lambda: self._run_once("demo", url))

    def _run_once(self, command: str, url: str) -> None:
        """Run a command of ours to its end and show the last line it said."""
        words, said = [sys.executable, "-m", "etalase.cli", command], []
        env = os.environ | {"DATABASE_URL": url, "PYTHONUNBUFFERED": "1", PARENT: str(os.getpid())}
        with subprocess.Popen(  # noqa: S603 - our own command
            words, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
        ) as process:
            try:
                for line in process.stdout or ():
                    said.append(line)
                    self.progress.note(line.strip())
            except Stop:
                process.terminate()
                raise
        if process.returncode:
            raise CannotStart(f"`etalase {command}` failed:\n{''.join(said[-20:])}")

    def _set_environment(self) -> None:
        """What all parts are to know, and where the sandbox peers will answer: as if they were somebody else's."""
        settings = self.settings
        os.environ.update({"ETALASE_MODE": settings.mode, "ETALASE_VAR": str(self.var), "PORT": str(settings.port)})
        if not settings.is_demo:
            return
        payment, carrier = free_ports(settings.port + 1, 2)
        os.environ.setdefault("ETALASE_PAYMENT_URL", f"http://127.0.0.1:{payment}")
        os.environ.setdefault("ETALASE_CARRIER_URL", f"http://127.0.0.1:{carrier}")
        flags = {
            "--payment-port": payment,
            "--carrier-port": carrier,
            "--state": self.var / "peers.json",
            "--secret": settings.sandbox_secret.get_secret_value(),
            "--shop-url": f"http://127.0.0.1:{settings.port}",
        }
        words = [str(word) for flag in flags.items() for word in flag]
        self._peers = [sys.executable, "-m", "demo.peers", *words, "--until-stdin-closes"]

    def _start_web(self, listener: int, number: int) -> Part:
        """The part that takes longest to start begins first; it waits for the database when it has got that far.

        All web processes accept from the one open socket.
        """
        web = self._part("web" if number == 1 else f"web-{number}", [sys.executable, "-m", "etalase.cli", "web"])
        web.pass_fds, web.env = (listener,), {LISTENER: str(listener)}
        web.start(**{AWAITS_DATABASE: "1"})
        return web

    def _run(self, name: str, command: Sequence[str]) -> None:
        self._part(name, command).start()

    def _part(self, name: str, command: Sequence[str]) -> Part:
        part = Part(name, command, log=None if self.show_logs else self.var / "log" / f"{name}.log")
        self.parts.append(part)
        return part

    def _tend(self) -> None:
        for part in self.parts:
            part.tend(self.progress.line)
        if self.server is not None and not is_database_running(self.server):
            self.progress.line("  database ended; starting it again")
            self._start_database()

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + READY_WITHIN_S
        while not answers(self.settings):
            if time.monotonic() > until:
                raise CannotStart(f"The shop does not answer. What its parts say is in {self.var / 'log'}.")
            self._tend()

    def _welcome(self) -> None:
        line = self.progress.line
        line(f"\nReady after {time.monotonic() - self.progress.began:.1f} s: {self.settings.base_url}\n")
        if self.settings.is_demo:
            for login, does in DEMO_LOGINS:
                line(f"  {login:<24}{does}")
            line(f"  password of all: {DEMO_PASSWORD}")
            line(f"{self._demo_app()}\n")
        if not self.show_logs:
            line(f"Logs: {self.var / 'log'}")
        line("Ctrl-C stops.")

    def _demo_app(self) -> str:
        """The demo's app in a line; the parts know the folder of the key by the environment that was set for them."""
        from etalase.commerce.apps.credentials import demo_app

        app = demo_app(self.settings.model_copy(update={"var": self.var}).key())
        return f"  Open API  app_key={app.key}  app_secret={app.secret}  access_token={app.access_token}"


def answers(settings: Settings) -> bool:
    """Whether /readyz says yes; waits half a second for it at most."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104 - compared, not bound
    connection = http.client.HTTPConnection(host, settings.port, timeout=0.5)
    try:
        connection.request("GET", "/readyz")
        if connection.getresponse().status == http.HTTPStatus.OK:
            return True
    except (OSError, http.client.HTTPException):
        pass
    finally:
        connection.close()
    time.sleep(0.05)
    return False


def is_database_running(server: Any) -> bool:
    """Whether the embedded PostgreSQL still has its process."""
    process = server.get_postmaster_info().process
    return bool(process.is_running() and process.status() != "zombie")


ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _stop_on_signals() -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Stop

    for number in ENDING_SIGNALS:
        signal.signal(number, stop)


def _ignore_signals() -> None:
    for number in ENDING_SIGNALS:
        signal.signal(number, signal.SIG_IGN)


@contextmanager
def _signals_later() -> Iterator[None]:
    """Signals that come meanwhile are delivered at the end of the block."""
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING_SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING_SIGNALS)
