"""The product as a newcomer starts it, in a real browser at phone size: one `etalase up` with its demo world for all journeys."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from etalase.foundation import database
from tests.journeys.browsing import FLAGS, PHONE, Visitor, watch

READY_WITHIN_S = 90
SECRET = "etalase-sandbox"


class Product:
    """The running product."""

    def __init__(self, url: str, carrier_url: str, var: Path) -> None:
        self.url = url
        self.carrier_url = carrier_url
        self.var = var

    def carry(self, reference: str, to: str) -> None:
        """Let the sandbox carrier move a parcel (shop_id-parcel_id or a booking) on to a status at once."""
        answer = httpx.post(
            f"{self.carrier_url}/v1/bookings/{reference}/advance", json={"to": to},
            headers={"Authorization": f"Bearer {SECRET}"}, timeout=10,
        )  # fmt: skip
        assert answer.is_success, answer.text

    def parcel_of(self, order_id: str) -> str:
        """How carriers name the newest parcel of an order."""
        _, url = database.start_embedded(self.var)  # finds the one that runs
        with psycopg.connect(url) as connection:
            found = connection.execute(
                "SELECT shop_id, id FROM parcels WHERE order_id = %s ORDER BY id DESC LIMIT 1", (int(order_id),)
            ).fetchone()
        assert found
        return f"{found[0]}-{found[1]}"


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """`etalase up` on a folder of its own, stopped at the end as Ctrl-C does."""
    var = tmp_path_factory.mktemp("product")
    for folder in (var, *list(var.parents)[:2]):
        folder.chmod(0o755)
    port, carrier = free_port(), free_port()
    env = os.environ | {
        "PORT": str(port), "ETALASE_VAR": str(var), "ETALASE_CARRIER_URL": f"http://127.0.0.1:{carrier}",
    }  # fmt: skip
    env.pop("DATABASE_URL", None)
    env.pop("ETALASE_CARRIER_URL")
    log = (var / "up.log").open("w")
    process = subprocess.Popen([sys.executable, "-m", "etalase.cli", "up"], env=env, stdout=log, stderr=log)
    try:
        url = f"http://localhost:{port}"
        _wait(process, url, var)
        yield Product(url, _carrier_of(var), var)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
        log.close()


def _wait(process: subprocess.Popen[bytes], url: str, var: Path) -> None:
    until = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            if httpx.get(f"{url}/readyz", timeout=2).is_success and "Ctrl-C" in (var / "up.log").read_text():
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    pytest.fail("the product did not start:\n" + (var / "up.log").read_text()[-4000:])


def _carrier_of(var: Path) -> str:
    """Where the sandbox carrier listens, from the line in which the peers say so."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        for log in (var / "log").glob("peers*"):
            for line in log.read_text().splitlines():
                if "carrier=" in line:
                    return line.split("carrier=")[1].split()[0]
        time.sleep(0.2)
    pytest.fail("the sandbox carrier did not start")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    path = next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
    )
    if path is None:
        pytest.fail("The browser journeys need Chromium: run them through `make test`, which installs it where it may.")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def phone(browser: Browser, product: Product) -> Iterator[Visitor]:
    """A buyer's phone, 360 x 640, in English (the guide's words)."""
    yield from _visitor(browser.new_context(**PHONE, locale="en-US"), product)


@pytest.fixture
def other_phone(browser: Browser, product: Product) -> Iterator[Visitor]:
    """A second phone, in Indonesian."""
    yield from _visitor(browser.new_context(**PHONE, locale="id-ID"), product)


@pytest.fixture
def desk(browser: Browser, product: Product) -> Iterator[Visitor]:
    """A seller's desktop browser."""
    yield from _visitor(browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-US"), product)


@pytest.fixture
def plain(browser: Browser, product: Product) -> Iterator[Visitor]:
    """A phone whose browser runs no scripts."""
    yield from _visitor(browser.new_context(**PHONE, locale="en-US", java_script_enabled=False), product)


def _visitor(context: BrowserContext, product: Product) -> Iterator[Visitor]:
    page: Page = context.new_page()
    complaints = watch(page)
    yield Visitor(page, product.url, complaints)
    context.close()
    assert complaints == [], complaints
