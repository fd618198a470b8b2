"""`etalase up` as a person runs it: started, killed, started again, stopped; nothing lost, nothing left behind."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from etalase.up import DEMO_LOGINS
from tests.processes import (
    descendants,
    end_all,
    environment,
    free_port,
    is_ready,
    is_running,
    processes_of,
    until,
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


class Run:
    """One `etalase up`."""

    def __init__(self, var: Path, port: int, **values: object) -> None:
        self.var, self.port = var, port
        self.output = var.parent / f"up-{time.monotonic_ns()}.txt"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "etalase.cli", "up"],
                env=environment(ETALASE_VAR=var, PORT=port, **values), stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                start_new_session=True,
            )  # fmt: skip

    @property
    def text(self) -> str:
        return self.output.read_text()

    def ready(self) -> "Run":
        until(
            lambda: "Ctrl-C stops" in self.text or self.process.poll() is not None, f"ready: {self.text}", within_s=240
        )
        assert "Ctrl-C stops" in self.text, self.text
        assert is_ready(self.port)
        return self

    def press_ctrl_c(self) -> int:
        """As a terminal does: the signal goes to the whole foreground group."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(90)


@pytest.fixture
def var(tmp_path: Path) -> Iterator[Path]:
    """A data folder that PostgreSQL's own user may enter; nothing of it keeps running."""
    for folder in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        folder.chmod(0o755)
    yield tmp_path / "var"
    end_all(tmp_path / "var")


def postgres_pid(var: Path) -> int:
    return int((var / "postgres" / "postmaster.pid").read_text().split()[0])


def test_a_whole_life(var: Path) -> None:
    """First start; kill -9; a second start takes PostgreSQL over and keeps the data; Ctrl-C leaves nothing."""
    first = Run(var, free_port()).ready()
    for login, _ in DEMO_LOGINS:
        assert login in first.text
    assert f"http://localhost:{first.port}" in first.text
    assert "\x1b" not in first.text, "no escape codes where there is no terminal"
    key = (var / "secret_key").read_text() if (var / "secret_key").exists() else None
    server, children = postgres_pid(var), descendants(first.process.pid)
    assert len(children) == 3

    first.process.kill()
    first.process.wait()
    until(lambda: not any(map(is_running, children)), "the parts notice that they were left alone")
    assert psutil.pid_exists(server), "PostgreSQL lives on, for the next start"

    second = Run(var, first.port).ready()
    assert postgres_pid(var) == server
    assert "schema" not in second.text, "nothing to migrate"
    assert key is None or (var / "secret_key").read_text() == key
    assert second.press_ctrl_c() == 0
    assert "Stopped" in second.text
    assert "Traceback" not in second.text
    until(lambda: processes_of(var) == [], "no process is left")

    third = Run(var, first.port).ready()
    found = re.search(r"Ready after ([\d.]+) s", third.text)
    print("ready again after", found[1] if found else "?", "s")
    server = postgres_pid(var)
    psutil.Process(server).kill()
    until(lambda: "database ended" in third.text, "the end of PostgreSQL is noticed")
    until(lambda: is_ready(third.port), "PostgreSQL was started again")
    third.process.terminate()
    assert third.process.wait(90) == 0
    until(lambda: processes_of(var) == [], "no process is left")


def test_a_part_that_dies_comes_back(var: Path) -> None:
    run = Run(var, free_port(), ETALASE_MODE="production", ETALASE_WEB_PROCESSES="2").ready()
    webs = [child for child in descendants(run.process.pid) if child.cmdline()[-1] == "web"]
    assert len(webs) == 2
    for web in webs:
        web.kill()
    until(lambda: "web ended" in run.text and "web-2 ended" in run.text, "their end is told")
    until(lambda: is_ready(run.port), "it is back")
    assert run.press_ctrl_c() == 0


def test_a_port_that_is_taken_is_told_with_what_to_do(var: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        run = Run(var, port)
        assert run.process.wait(240) == 1
    assert f"Port {port} is taken" in run.text
    assert "PORT=" in run.text
    assert "Traceback" not in run.text
    assert processes_of(var) == []


def test_one_folder_runs_once(var: Path) -> None:
    first = Run(var, free_port(), ETALASE_MODE="production").ready()
    second = Run(var, free_port(), ETALASE_MODE="production")
    assert second.process.wait(240) == 1
    assert f"already runs on {var} (process {first.process.pid})" in second.text
    assert is_ready(first.port)
    assert first.press_ctrl_c() == 0


def test_an_unreachable_database_is_told_without_its_password(var: Path) -> None:
    url = f"postgresql://shop:hidden-word@127.0.0.1:{free_port()}/shop"
    run = Run(var, free_port(), DATABASE_URL=url)
    assert run.process.wait(90) == 1
    assert "database" in run.text
    assert "hidden-word" not in run.text
    assert "Traceback" not in run.text
