"""The product as a newcomer starts it, in a real browser at phone size: one `etalase up` with its demo world for all journeys.

They run by themselves (see the Makefile): the browser's own event loop and the other tests' do not go together.
"""

import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from demo.world.people import BUYERS
from etalase.foundation import database
from tests.browser.browsing import DESK, FLAGS, PHONE, SEEN_WITHIN_MS, Visitor, watch
from tests.processes import free_port

READY_WITHIN_S = 300
HAPPENS_WITHIN_S = 120
ENDS_WITHIN_S = 120
TEST_WITHIN_S = 900
PARCELS_REST_S = 24 * 60 * 60
"""Parcels move when a journey says so (`carry`), not by themselves: how far they have come would depend on the machine."""
SECRET = "etalase-sandbox"
PLAIN_NAMES_FROM = 20
"""The first buyers of the demo world have names and addresses made to be awkward."""

expect.set_options(timeout=SEEN_WITHIN_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A journey is long, and its first one waits for the product to start."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(TEST_WITHIN_S))


class Product:
    """The running product."""

    def __init__(self, url: str, carrier_url: str, var: Path) -> None:
        self.url = url
        self.carrier_url = carrier_url
        self.var = var

    def carry(self, parcel: str, to: str) -> None:
        """Let the sandbox carrier move a parcel (shop_id-parcel_id) on to a status, and wait until the shop has heard."""
        key = {"Authorization": f"Bearer {SECRET}"}
        url = f"{self.carrier_url}/v1/bookings/{parcel}/advance"
        self.until(lambda: httpx.post(url, json={"to": to}, headers=key, timeout=60).is_success)
        heard = "SELECT 1 FROM tracking_events WHERE shop_id = %s AND parcel_id = %s AND status = %s"
        shop_id, parcel_id = map(int, parcel.split("-"))
        self.until(lambda: bool(self.rows(heard, shop_id, parcel_id, to)))

    @cached_property
    def database_url(self) -> str:
        """Where the running product keeps its data."""
        return database.start_embedded(self.var)[1]

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """What is really kept, for what no page shows."""
        with psycopg.connect(self.database_url) as connection:
            return connection.execute(statement.encode(), values).fetchall()

    def until(self, is_so: Callable[[], bool]) -> None:
        """What happens behind the pages has happened, or happens soon."""
        until = time.monotonic() + HAPPENS_WITHIN_S
        while not is_so():
            assert time.monotonic() < until, "it does not happen"
            time.sleep(0.1)

    def parcel_of(self, order: str) -> str:
        """How carriers name the newest parcel of an order."""
        newest = "SELECT shop_id, parcel_id FROM parcel_orders WHERE order_id = %s ORDER BY parcel_id DESC LIMIT 1"
        found = self.rows(newest, int(order))
        return f"{found[0][0]}-{found[0][1]}"

    def taken(self, order: str) -> list[int]:
        """How many pieces the order keeps from being sold to others, for each of its lines, the largest first."""
        found = self.rows(
            "SELECT sum(committed_change) FROM stock_movements WHERE order_id = %s GROUP BY variant_id", int(order)
        )
        return sorted((int(units) for (units,) in found), reverse=True)


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """`etalase up` on a folder of its own, stopped at the end as Ctrl-C does."""
    with running() as started:
        yield started


@contextmanager
def running() -> Iterator[Product]:
    """`etalase up` until the block ends."""
    # Not in pytest's own folder: each run of pytest closes that to others, and as root PostgreSQL runs as another user.
    with tempfile.TemporaryDirectory(prefix="etalase-journeys-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        with _running_in(Path(folder)) as started:
            yield started


@contextmanager
def _running_in(var: Path) -> Iterator[Product]:
    port = free_port()
    env = os.environ | {"PORT": str(port), "ETALASE_VAR": str(var), "DEMO_EVENT_SECONDS": str(PARCELS_REST_S)}
    env.pop("DATABASE_URL", None)
    with (var / "up.log").open("w") as log:
        process = subprocess.Popen([sys.executable, "-m", "etalase.cli", "up"], env=env, stdout=log, stderr=log)
        try:
            url = f"http://localhost:{port}"
            _wait(process, url, var)
            yield Product(url, _carrier_of(var), var)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=ENDS_WITHIN_S)


def _wait(process: subprocess.Popen[bytes], url: str, var: Path) -> None:
    until = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < until and process.poll() is None:
        if _is_ready(url) and "Ctrl-C" in (var / "up.log").read_text():
            return
        time.sleep(0.2)
    pytest.fail("the product did not start:\n" + (var / "up.log").read_text()[-4000:])


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", timeout=20).is_success
    except httpx.HTTPError:
        return False


def _carrier_of(var: Path) -> str:
    """Where the sandbox carrier listens, from the line in which the peers say so."""
    until = time.monotonic() + HAPPENS_WITHIN_S
    while time.monotonic() < until:
        said = [line for log in (var / "log").glob("peers*") for line in log.read_text().splitlines()]
        found = [line.split("carrier=")[1].split()[0] for line in said if "carrier=" in line]
        if found:
            return found[-1]
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
    with visiting(browser, product) as visitor:
        yield visitor


@pytest.fixture
def other_phone(browser: Browser, product: Product) -> Iterator[Visitor]:
    """A second phone, in Indonesian."""
    with visiting(browser, product, locale="id") as visitor:
        yield visitor


@pytest.fixture
def desk(browser: Browser, product: Product) -> Iterator[Visitor]:
    """A seller's desktop browser."""
    with visiting(browser, product, DESK) as visitor:
        yield visitor


@pytest.fixture
def plain(browser: Browser, product: Product) -> Iterator[Visitor]:
    """A phone whose browser runs no scripts."""
    with visiting(browser, product, PHONE | {"java_script_enabled": False}) as visitor:
        yield visitor


@contextmanager
def visiting(
    browser: Browser, product: Product, device: dict[str, Any] = PHONE, *, locale: str = "en"
) -> Iterator[Visitor]:
    """Somebody at a browser that reads in one language whatever the account says; nothing may go wrong in it."""
    context = browser.new_context(**device, locale={"en": "en-US", "id": "id-ID"}[locale])
    context.add_cookies([{"name": "locale", "value": locale, "url": product.url}])
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=product.url)
    context.set_default_timeout(SEEN_WITHIN_MS)
    page: Page = context.new_page()
    complaints = watch(page)
    yield Visitor(page, product.url, complaints)
    context.close()
    assert complaints == [], complaints


_people = itertools.cycle(BUYERS[PLAIN_NAMES_FROM:])


@pytest.fixture
def somebody() -> Callable[[], str]:
    """The log-in of another buyer of the demo world each time: with an address, an empty cart, and nothing else to do."""
    return lambda: next(_people).email
