"""A person's moves in a browser."""

import re
from dataclasses import dataclass, field
from typing import Any, Literal

from playwright.sync_api import ConsoleMessage, Cookie, Locator, Page, Response, expect

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 640},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
PASSWORD = "etalase-demo"
SHIFT_MAX = 0.1
SEEN_WITHIN_MS = 60_000
"""Patience costs a test that passes nothing."""
# Adds up what moves on a page without anybody having touched it.
SHIFTS = """
window.__shift = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.__shift += entry.value;
}).observe({type: 'layout-shift', buffered: true});
"""
Role = Literal["link", "button", "heading", "tab", "checkbox", "radio"]

_sessions: dict[tuple[str, str], Cookie] = {}
"""Who has logged in by the form once need not do so in every journey."""


def watch(page: Page) -> list[str]:
    """What the browser complains of: errors in the console, scripts that fail, answers of 500 and more."""
    complaints: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error" and not re.search(r"status of 4\d\d", message.text):
            complaints.append(f"{page.url}: {message.text}")

    def on_response(response: Response) -> None:
        if response.status >= 500:
            complaints.append(f"{response.status} {response.url}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("response", on_response)
    page.add_init_script(SHIFTS)
    return complaints


@dataclass
class Visitor:
    """Somebody at a browser."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Go to an address of the shop; the page stands still."""
        self.page.goto(self.url + path)
        self.stands_still()

    def tap(self, name: str, *, role: Role = "link", within: Locator | None = None) -> None:
        """Tap what is called so and can be seen."""
        (within or self.page).get_by_role(role, name=name, exact=True).locator("visible=true").first.click()

    def press(self, name: str) -> None:
        """Press the button that is called so."""
        self.tap(name, role="button")

    def send(self, name: str) -> None:
        """Press the button that is called so, and wait for the page that answers."""
        with self.page.expect_navigation():
            self.press(name)

    def tap_bar(self, name: str) -> None:
        """Tap an entry of the bar at the foot of the screen."""
        self.page.get_by_role("navigation", name="Main menu").get_by_role("link", name=name).click()

    def log_in(self, login: str, *, then: str = "/", password: str = PASSWORD) -> None:
        """Log in by the form, as a person does."""
        self.open(f"/login?next={then}")
        self.fill_log_in(login, password=password)
        self.page.wait_for_url(self.url + then)

    def fill_log_in(self, login: str, *, password: str = PASSWORD) -> None:
        """Fill in the form of the log-in page that is open, and send it."""
        self.page.locator("#field-login").fill(login)
        self.page.locator("#field-password").fill(password)
        self.page.locator("form:has(#field-login) button[type=submit]").click()

    def come_as(self, login: str, *, at: str = "/") -> None:
        """Be logged in at a page, on a device that knows the account from before where there is one."""
        known = _sessions.get((self.url, login))
        if known is None:
            self.log_in(login, then=at)
            _sessions[self.url, login] = next(c for c in self.page.context.cookies(self.url) if c["name"] == "session")
            return
        self.page.context.add_cookies([known])  # type: ignore[list-item]
        self.open(at)

    def sees(self, text: str) -> None:
        """The text is on the page, or appears soon."""
        expect(self.page.get_by_text(text).locator("visible=true").first).to_be_visible()

    def is_at(self, pattern: str) -> None:
        """The address fits, and the page stands still."""
        expect(self.page).to_have_url(re.compile(pattern))
        self.stands_still()

    def has_heading(self, name: str) -> None:
        """The page is called so."""
        expect(self.page.get_by_role("heading", name=name, level=1)).to_be_visible()

    def stands_still(self) -> None:
        """Nothing moved by itself while the page was loading, and nothing is wider than the screen."""
        self.page.wait_for_load_state("load")
        shift = self.page.evaluate("window.__shift ?? 0")
        assert shift < SHIFT_MAX, f"{self.page.url} shifts by {shift}"
        overflow = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{self.page.url} is {overflow} px too wide"

    def stays(self) -> None:
        """Remember that this page was not loaded anew; `has_stayed` tells."""
        self.page.evaluate("window.__stayed = true")

    def has_stayed(self) -> None:
        """Whatever changed since `stays` changed on the open page."""
        assert self.page.evaluate("window.__stayed === true"), "the page was loaded anew"
