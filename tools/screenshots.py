"""Renew the pictures in docs/screenshots: the demo world in a browser, phone (360 x 640) and desktop.

Starts a product of its own, or photographs the one at ETALASE_SHOT_URL. Needs Chromium (`make screenshots` sees to it).
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "screenshots"
PASSWORD = "etalase-demo"  # noqa: S105 - the demo's own, printed by `etalase up`
SIZES = {"phone": {"width": 360, "height": 640}, "desktop": {"width": 1280, "height": 800}}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]

BUYER_PAGES = {
    "home": "/",
    "shop": "/shop",
    "product": "first:/shop a[href^='/p/']",
    "seller-shop": "/s/sekar-laras",
    "cart": "/cart",
    "order-center": "/orders",
    "order": "first:/orders?tab=in_transit article.order a.order__lines",
    "tracking": "track:/orders?tab=in_transit article.order a.order__lines",
    "inbox": "/inbox",
    "profile": "/profile",
    "settings": "/settings",
    "time-machine": "/demo/time",
    "return": "return:On its way back",
    "refund": "return:Refunded",
    "exchange": "return:Replacement on its way",
    "wallet": "/wallet",
}
SELLER_PAGES = {
    "seller-home": "/seller",
    "seller-orders": "/seller/orders",
    "seller-action": "/seller/orders?tab=action",
    "seller-order": "first:/seller/orders?tab=ready article.order a.order__lines",
    "seller-shipping": "ship:/seller/orders?tab=ready article.order a.order__lines",
    "seller-products": "/seller/products",
    "seller-stock": "/seller/stock",
    "seller-settings": "/seller/settings",
    "seller-returns": "/seller/returns",
    "seller-return": "first:/seller/returns main a[href^='/seller/returns/']",
    "seller-money": "money:/seller/orders?tab=completed article.order a.order__lines",
    "seller-finance": "/seller/finance",
}
OPERATOR_PAGES = {
    "operator-return": "first:/operator/returns main a[href^='/operator/returns/']",
    "operator-refunds": "/operator/refunds",
    "operator-fees": "/operator/fees",
    "operator-money": "/operator/money",
}


@contextmanager
def product() -> Iterator[str]:
    """The address of a running product with a fresh demo world."""
    given = os.environ.get("ETALASE_SHOT_URL")
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="etalase-shots-") as var, socket.socket() as sock:
        Path(var).chmod(0o755)
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
        sock.close()
        env = os.environ | {"PORT": str(port), "ETALASE_VAR": var}
        process = subprocess.Popen([sys.executable, "-m", "etalase.cli", "up"], env=env, stdout=subprocess.DEVNULL)
        try:
            _wait(f"http://localhost:{port}/readyz")
            yield f"http://localhost:{port}"
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)


def _wait(url: str) -> None:
    for _ in range(300):
        try:
            with urlopen(url, timeout=2):  # noqa: S310 - our own loopback address
                return
        except OSError:
            time.sleep(0.3)
    raise SystemExit("the product did not start")


def photograph(browser: Browser, url: str, login: str, pages: dict[str, str]) -> None:
    """Each page in both sizes, in English."""
    for size, viewport in SIZES.items():
        context = browser.new_context(viewport=viewport, locale="en-US", device_scale_factor=1)  # type: ignore[arg-type]
        context.add_cookies([{"name": "locale", "value": "en", "url": url}])  # the demo's people read Indonesian
        page = context.new_page()
        page.goto(f"{url}/login")
        page.locator("#field-login").fill(login)
        page.locator("#field-password").fill(PASSWORD)
        page.locator("form[action='/login'] button[type=submit]").first.click()
        page.wait_for_url(f"{url}/")
        for name, way in pages.items():
            _go(page, url, way)
            page.wait_for_load_state("load")
            page.wait_for_timeout(250)
            page.screenshot(path=FOLDER / f"{name}-{size}.png")
        context.close()


def _go(page: Page, url: str, way: str) -> None:
    """`first:/list selector` opens the first thing of a list, `track:`, `ship:` and `money:` a page below it; `return:` one in a state."""
    verb, _, rest = way.partition(":")
    if verb == "return":
        _go_to_return(page, url, rest)
        return
    if not rest:
        page.goto(url + way)
        return
    path, _, selector = rest.partition(" ")
    page.goto(url + path)
    target = page.locator(selector).first.get_attribute("href")
    page.goto(f"{url}{target}" + {"track": "/tracking", "ship": "/shipping", "money": "/money"}.get(verb, ""))


def _go_to_return(page: Page, url: str, state: str) -> None:
    """The first return of the buyer's that stands so."""
    page.goto(f"{url}/orders?tab=returns")
    links = "all => [...new Set(all.map(link => link.getAttribute('href')))]"
    for order in page.locator("article.order a.order__lines").evaluate_all(links):
        page.goto(url + order)
        found = page.locator("main a[href*='/returns/']", has_text=state)
        if found.count():
            page.goto(f"{url}{found.first.get_attribute('href')}")
            return
    raise SystemExit(f"no return is {state}")


def check_out(browser: Browser, url: str) -> None:
    """The checkout, with something in the cart."""
    for size, viewport in SIZES.items():
        context = browser.new_context(viewport=viewport, locale="en-US")  # type: ignore[arg-type]
        context.add_cookies([{"name": "locale", "value": "en", "url": url}])  # the demo's people read Indonesian
        page = context.new_page()
        page.goto(f"{url}/login?next=/cart")
        page.locator("#field-login").fill("buyer@etalase.test")
        page.locator("#field-password").fill(PASSWORD)
        page.locator("form[action='/login'] button[type=submit]").first.click()
        page.wait_for_url(f"{url}/cart")
        page.locator("button[value=checkout]").click()
        page.wait_for_url("**/checkout")
        page.wait_for_timeout(250)
        page.screenshot(path=FOLDER / f"checkout-{size}.png")
        context.close()


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = next(found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name)))
    with product() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        photograph(browser, url, "buyer@etalase.test", BUYER_PAGES)
        check_out(browser, url)
        photograph(browser, url, "seller@etalase.test", SELLER_PAGES)
        photograph(browser, url, "operator@etalase.test", OPERATOR_PAGES)
        browser.close()
    sys.stdout.write(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
