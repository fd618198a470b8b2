"""The whole product in processes of its own, as `etalase up` starts it, for a program that talks to it from outside."""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx

from tests.processes import environment, free_port, is_ready, until

PARCELS_REST_S = 24 * 60 * 60
"""Parcels move when a test says so."""
ENDS_WITHIN_S = 60
HAPPENS_WITHIN_S = 120.0
SECRET = "etalase-sandbox"
Value = TypeVar("Value")


@dataclass(frozen=True)
class Running:
    """A running product: where it answers, and its sandbox carrier."""

    url: str
    carrier_url: str

    async def carry(self, reference: str, to: str) -> None:
        """Let the sandbox carrier move a parcel (shop_id-parcel_id); it knows of it once the worker has booked."""
        url = f"{self.carrier_url}/v1/bookings/{reference}/advance"
        async with httpx.AsyncClient(trust_env=False, timeout=60) as http:

            async def moved() -> bool:
                answer = await http.post(url, json={"to": to}, headers={"Authorization": f"Bearer {SECRET}"})
                return answer.is_success

            await happens(moved)


@contextmanager
def product(database_url: str, var: Path) -> Iterator[Running]:
    """`etalase up` with its demo world, worker and sandbox peers until the block ends; stopped as Ctrl-C does."""
    port = free_port()
    env = environment(
        DATABASE_URL=database_url, ETALASE_VAR=var, ETALASE_MODE="demo", PORT=port, DEMO_EVENT_SECONDS=PARCELS_REST_S
    )
    log = var / "up.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "etalase.cli", "up", "--demo"],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        until(lambda: process.poll() is not None or "Ctrl-C stops" in log.read_text(), log.read_text())
        assert is_ready(port), log.read_text()
        yield Running(f"http://localhost:{port}", _carrier_of(var))
    finally:
        process.terminate()
        process.wait(ENDS_WITHIN_S)


def _carrier_of(var: Path) -> str:
    log = var / "log" / "peers.log"
    until(lambda: log.exists() and "carrier=" in log.read_text(), "the sandbox carrier listens")
    return log.read_text().split("carrier=")[1].split()[0]


async def happens(look: Callable[[], Awaitable[Value]], is_so: Callable[[Value], object] = bool) -> Value:
    """What follows behind the calls has followed, or does soon: what was seen then."""
    ends = time.monotonic() + HAPPENS_WITHIN_S
    while not is_so(found := await look()):
        assert time.monotonic() < ends, f"it does not happen: {look.__qualname__} sees {found}"
        await asyncio.sleep(0.05)
    return found


@asynccontextmanager
async def browser(url: str) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody's browser."""
    manners: dict[str, Any] = {"headers": {"Accept-Language": "en"}, "trust_env": False, "timeout": 60}
    async with httpx.AsyncClient(base_url=url, **manners) as opened:
        yield opened
