"""What `make up` takes: seconds to start, cold and warm, and memory at rest; each in a folder of its own."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import psutil

from bench.figures import Figure, Need
from bench.run import Run
from etalase.foundation.processes import free_ports
from etalase.settings import Settings
from etalase.up import answers

READY_WITHIN_S: Final = 240.0
REST_S, REST_QUICK_S = 6.0, 4.0
MB: Final = 1_000_000


def start(run: Run) -> Iterator[Figure]:
    """Start the whole product twice."""
    folder = Path(tempfile.mkdtemp(prefix="etalase-bench-up-"))
    folder.chmod(0o755)
    try:
        cold, _ = _up(folder, rest_s=0)
        warm, parts = _up(folder, rest_s=REST_QUICK_S if run.is_quick else REST_S)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    run.say(f"memory at rest: {in_mb(parts)} MB")
    yield Figure("start-cold", "start, cold: database made, demo world loaded", cold, "s")
    yield Figure("start-warm", "start, warm", warm, "s")
    yield Figure(
        "memory-idle", "memory of make up at rest, PostgreSQL included", sum(parts.values()) / MB, "MB", need=Need("at most", 350),
        note=in_mb(parts),
    )  # fmt: skip


def _up(folder: Path, *, rest_s: float) -> tuple[float, dict[str, float]]:
    """Seconds until the shop answers, and the memory of each part after a while."""
    port = free_ports(19_000, 1)[0]
    command = [sys.executable, "-m", "etalase.cli", "up", "--mode", "demo", "--port", str(port), "--var", str(folder)]
    began = time.monotonic()
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, env=dict(os.environ)
    ) as process:
        try:
            while not answers(Settings(PORT=port, var=folder)):
                if process.poll() is not None or time.monotonic() > began + READY_WITHIN_S:
                    raise RuntimeError(f"`etalase up` does not start in {folder}")
            took = time.monotonic() - began
            time.sleep(rest_s)
            return took, memory([process.pid], folder) if rest_s else {}
        finally:
            process.terminate()
            process.wait()


def memory(pids: Sequence[int], folder: Path) -> dict[str, float]:
    """Proportional set size in bytes by part: of processes, their descendants, and the database on the folder."""
    postmaster = int((folder / "postgres" / "postmaster.pid").read_text().split()[0])
    found: dict[str, float] = {}
    for process in [one for pid in (*pids, postmaster) for one in _tree(pid)]:
        with suppress(psutil.NoSuchProcess):
            found[_name(process)] = found.get(_name(process), 0.0) + pss(process.pid)
    return found


def in_mb(parts: dict[str, float]) -> str:
    """Memory by part as it is told: "web 120, postgres 80"."""
    return ", ".join(f"{name} {size / MB:.0f}" for name, size in parts.items())


def _tree(pid: int) -> list[psutil.Process]:
    """A process and its descendants."""
    return [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]


def _name(process: psutil.Process) -> str:
    words = process.cmdline()
    if "postgres" in process.name():
        return "postgres"
    known = [word for word in words if word in ("up", "web", "worker", "demo.peers")]
    return known[0] if known else process.name()


def pss(pid: int) -> float:
    """Proportional set size in bytes: what it has for itself, and its share of what it shares."""
    with suppress(FileNotFoundError, ProcessLookupError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return float(line.split()[1]) * 1024
    return 0.0
