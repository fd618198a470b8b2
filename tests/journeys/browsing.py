"""A person's moves in a browser."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Locator, Page, Response, expect

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
PASSWORD = "etalase-demo"
SHIFT_MAX = 0.1
# Adds up what moves on a page without anybody having touched it.
SHIFTS = """
window.__shift = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.__shift += entry.value;
}).observe({type: 'layout-shift', buffered: true});
"""


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
    complaints: list[str]

    def open(self, path: str) -> None:
        """Go to an address of the shop."""
        self.page.goto(self.url + path)

    def tap(self, name: str, *, role: str = "link", within: Locator | None = None) -> None:
        """Tap what is called so."""
        (within or self.page).get_by_role(role, name=name, exact=True).first.click()  # type: ignore[arg-type]

    def press(self, name: str) -> None:
        """Press the button that is called so."""
        self.tap(name, role="button")

    def log_in(self, login: str, *, then: str = "/") -> None:
        """Log in by the form, as a person does."""
        self.open(f"/login?next={then}")
        self.page.locator("#field-login").fill(login)
        self.page.locator("#field-password").fill(PASSWORD)
        self.page.locator("form[action='/login'] button[type=submit]").first.click()
        self.page.wait_for_url(f"**{then}")

    def sees(self, text: str) -> None:
        """The text is on the page, or appears within five seconds."""
        expect(self.page.get_by_text(text).first).to_be_visible()

    def is_at(self, pattern: str) -> None:
        """The address fits."""
        expect(self.page).to_have_url(re.compile(pattern))

    def has_heading(self, name: str) -> None:
        """The page is called so."""
        expect(self.page.get_by_role("heading", name=name, level=1)).to_be_visible()

    def stands_still(self) -> None:
        """Nothing moved by itself while the page was loading, and nothing is wider than the screen."""
        shift = self.page.evaluate("window.__shift ?? 0")
        assert shift < SHIFT_MAX, f"{self.page.url} shifts by {shift}"
        overflow = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{self.page.url} is {overflow} px too wide"

    def photograph(self, path: Path, *, full: bool = False) -> None:
        """Keep what can be seen."""
        self.page.screenshot(path=path, full_page=full)
