"""The small scripts in a real browser, under the product's strict content policy, and the same page without scripts."""

import asyncio
import json
import shutil
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
import uvicorn
from playwright.async_api import Browser, Page, async_playwright, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Mount, Route

from etalase.foundation.ui.rendering import PageAccount, environment, render_with, static_app
from tests.foundation.test_ui_components import NOW, a_page

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module")]
expect.set_options(timeout=60_000)

POLICY = "default-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'"
SOURCE = """
{% extends "ui/layouts/storefront.html" %}
{% block top %}{% call ui.menu_sheet() %}{{ ui.list_row("Pesanan", href="/orders") }}{% endcall %}{% endblock %}
{% block content %}
{{ card|safe }}
{{ ui.countdown(due_at) }} {{ ui.copy_button("JP8829104417", "resi") }}
{{ ui.form_open("/post") }}
{{ ui.place_field("province", "Provinsi", "/places", value="Bali") }}{{ ui.place_field("city", "Kota", "/places", parent="province") }}
{{ ui.quantity_stepper("quantity", 2, 3) }}{{ ui.button("Kirim") }}{{ ui.form_close() }}
{{ ui.link_button("Batal", "/cancel", opens_dialog="sure") }}{% call ui.dialog("sure", "Yakin?") %}x{% endcall %}
{% endblock %}
"""
CARD = """
<article id="order-7" data-live="order:7" data-live-src="/card"><h2>%(words)s</h2>%(more)s%(form)s
<details><summary>Numbers</summary><form action="/number" method="post">
<input id="number" name="number" value="%(words)s"><input id="certain" type="checkbox" name="certain">
<select id="way" name="way"><option>post</option><option>bike</option></select></form></details>
<p id="untouched"><input id="own" value="%(words)s"></p></article>
"""
NOTE = '<form action="/note" method="post"><textarea id="note" name="note"></textarea></form>'
PLACES = {None: ["Bali", "DKI Jakarta"], "Bali": ["Denpasar"], "DKI Jakarta": ["Jakarta Barat", "Jakarta Selatan"]}


class Shop:
    """A shop of one page, which remembers what was posted to it."""

    def __init__(self, templates_dir: Path) -> None:
        (templates_dir / "page.html").write_text(SOURCE, encoding="utf-8")
        self.templates = environment({"t": templates_dir})
        self.posted: list[str] = []
        self.card_now = {"words": "old", "more": "", "form": NOTE}
        self.asked: asyncio.Queue[str] = asyncio.Queue()
        self.answers = asyncio.Event()
        self.answers.set()
        self.news: asyncio.Queue[tuple[str, object]] = asyncio.Queue()
        paths = {
            "/": self.page,
            "/places": self.places,
            "/events": self.events,
            "/card": self.card,
            "/orders": self.orders,
        }
        routes = [Route(path, answer) for path, answer in paths.items()]
        self.app = Starlette(
            routes=[*routes, Route("/post", self.post, methods=["POST"]), Mount("/static", static_app())]
        )

    async def page(self, _request: Request) -> Response:
        reader = a_page("id", account=PageAccount(1, "Sari", "S"))
        html = render_with(
            self.templates,
            "t/page.html",
            reader,
            due_at=NOW.replace(hour=15, minute=12, second=59),
            card=CARD % self.card_now,
        )
        return HTMLResponse(html, headers={"Content-Security-Policy": POLICY})

    async def places(self, request: Request) -> Response:
        return JSONResponse([{"value": name, "label": name} for name in PLACES[request.query_params.get("parent")]])

    async def events(self, _request: Request) -> Response:
        async def stream() -> AsyncIterator[str]:
            yield ": welcome\n\n"
            while True:
                kind, content = await self.news.get()
                yield f"event: {kind}\ndata: {json.dumps(content)}\n\n"

        return StreamingResponse(stream(), media_type="text/event-stream")

    async def card(self, _request: Request) -> Response:
        answer = CARD % self.card_now
        self.asked.put_nowait(self.card_now["words"])
        await self.answers.wait()
        return HTMLResponse(answer)

    def change(self, words: str, *, more: str = "", form: str = NOTE) -> None:
        """The card says something else from now on, and open pages hear of it."""
        self.card_now = {"words": words, "more": more, "form": form}
        self.news.put_nowait(("changed", {"subject": "order", "id": "7"}))

    async def orders(self, _request: Request) -> Response:
        return PlainTextResponse("orders")

    async def post(self, request: Request) -> Response:
        self.posted.append((await request.body()).decode())
        await asyncio.sleep(0.2)
        return PlainTextResponse("posted")


@pytest_asyncio.fixture(loop_scope="module")
async def shop(tmp_path: Path) -> AsyncIterator[tuple[Shop, str]]:
    it = Shop(tmp_path)
    listening = socket.create_server(("127.0.0.1", 0))  # from here on connections wait to be taken
    server = uvicorn.Server(uvicorn.Config(it.app, log_level="critical", timeout_graceful_shutdown=1))
    serving = asyncio.create_task(server.serve([listening]))
    yield it, f"http://127.0.0.1:{listening.getsockname()[1]}/"
    server.should_exit = True
    await serving


PAGE_ERRORS: list[str] = []


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def chromium() -> AsyncIterator[Browser]:
    """One for all tests here: it takes longer to start than most of them."""
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        yield started
        await started.close()


@pytest_asyncio.fixture(loop_scope="module")
async def browser(chromium: Browser) -> AsyncIterator[Browser]:
    """Chromium with no page open; nothing may go wrong in those that are opened."""
    PAGE_ERRORS.clear()
    yield chromium
    for context in chromium.contexts:
        await context.close()
    assert PAGE_ERRORS == []


async def opened(browser: Browser, address: str, *, script: str = "", on_a_clock: bool = False) -> Page:
    page = await browser.new_page(viewport={"width": 360, "height": 640})
    page.on("pageerror", lambda error: PAGE_ERRORS.append(str(error)))
    if on_a_clock:
        await page.clock.install()
    if script:
        await page.add_init_script(script)
    await page.goto(address)
    await page.wait_for_selector("[data-quantity][data-ready]")
    return page


async def test_copying_works_where_the_clipboard_is_closed(shop: tuple[Shop, str], browser: Browser) -> None:
    listening = "window.copied = []; document.addEventListener('copy', () => copied.push(String(getSelection())));"
    page = await opened(
        browser, shop[1], script=f"Object.defineProperty(navigator, 'clipboard', {{value: undefined}}); {listening}"
    )
    await page.click("[data-copy] button")
    await expect(page.locator("[data-copy-text]")).to_have_text("Tersalin")
    assert await page.evaluate("copied") == ["JP8829104417"]


async def test_clocks_run_on_the_servers_time_and_words(shop: tuple[Shop, str], browser: Browser) -> None:
    page = await opened(browser, shop[1], on_a_clock=True)
    assert await page.inner_text("[data-due]") == "3 jam 12 mnt"
    await page.clock.fast_forward("01:00")
    await expect(page.locator("[data-due]")).to_have_text("3 jam 11 mnt")


async def test_places_follow_each_other(shop: tuple[Shop, str], browser: Browser) -> None:
    page = await opened(browser, shop[1])
    await page.wait_for_selector("select[name=city]")
    assert await page.input_value("select[name=province]") == "Bali"
    await page.select_option("select[name=province]", "DKI Jakarta")
    await expect(page.locator("select[name=city] option")).to_have_count(3)
    await page.select_option("select[name=city]", "Jakarta Selatan")


async def test_quantities_stay_in_their_bounds(shop: tuple[Shop, str], browser: Browser) -> None:
    page = await opened(browser, shop[1])
    more, less = page.get_by_label("Tambah satu"), page.get_by_label("Kurangi satu")
    await more.click()
    assert (await page.input_value("[name=quantity]"), await more.is_disabled()) == ("3", True)
    await less.click()
    await less.click()
    assert (await page.input_value("[name=quantity]"), await less.is_disabled()) == ("1", True)


async def test_menus_and_dialogs_close(shop: tuple[Shop, str], browser: Browser) -> None:
    page = await opened(browser, shop[1])
    await page.click("[data-menu] summary")
    assert await page.is_visible("text=Pesanan")
    await page.keyboard.press("Escape")
    assert not await page.is_visible("text=Pesanan")
    await page.click("[data-opens=sure]")
    assert await page.is_visible("text=Yakin?")
    await page.get_by_label("Tutup").click()
    assert not await page.is_visible("text=Yakin?")


async def test_what_happens_elsewhere_arrives(shop: tuple[Shop, str], browser: Browser) -> None:
    it, address = shop
    page = await opened(browser, address)
    it.news.put_nowait(("unread", {"count": 4}))
    it.change("new")
    await expect(page.locator("#order-7 h2")).to_have_text("new")
    assert await page.input_value("#number") == "new"
    assert await page.inner_text("[data-unread]") == "4"
    it.news.put_nowait(("notice", {"title": "Pesanan dibuat <b>", "href": "/orders"}))
    await page.get_by_role("link", name="Pesanan dibuat <b>", exact=True).click()
    await page.wait_for_url("**/orders")
    assert page.url.endswith("/orders")


async def _top(page: Page, selector: str) -> float:
    box = await page.locator(selector).bounding_box()
    assert box
    return box["y"]


async def test_news_do_not_disturb_who_works_on_the_page(shop: tuple[Shop, str], browser: Browser) -> None:
    it, address = shop
    page = await opened(browser, address)
    await page.click("summary >> text=Numbers")
    await page.check("#certain")
    await page.select_option("#way", "bike")
    await page.fill("#number", "12")
    await page.keyboard.press("ArrowLeft")
    await page.evaluate("window.before = document.querySelector('#number'); scrollBy(0, 40)")
    place = await _top(page, "#number")
    it.change("new", more="<details><summary>Others</summary>x</details>" * 2)
    await expect(page.locator("#order-7 h2")).to_have_text("new")
    assert await page.evaluate("document.activeElement === before && before.isConnected && before.selectionStart") == 1
    await page.keyboard.type("0")
    assert await page.input_value("#number") == "102"
    assert (await page.is_checked("#certain"), await page.input_value("#way")) == (True, "bike")
    assert await page.locator("details[open] > summary").all_inner_texts() == ["Numbers"]
    assert abs(await _top(page, "#number") - place) < 1
    assert await page.input_value("#own") == "new"  # what nobody works in follows


async def test_a_form_that_is_gone_stays_until_its_text_is(shop: tuple[Shop, str], browser: Browser) -> None:
    it, address = shop
    page = await opened(browser, address)
    await page.fill("#note", "The road is")
    for words in ("new", "newer"):  # asks again when it has dealt with the first answer
        it.change(words, form="")
        assert await it.asked.get() == words
    assert await page.input_value("#note") == "The road is"
    await page.fill("#note", "")
    await page.focus("#own")
    await expect(page.locator("#order-7 h2")).to_have_text("newer")
    await expect(page.locator("#note")).to_have_count(0)


async def test_of_two_changes_the_later_one_stands(shop: tuple[Shop, str], browser: Browser) -> None:
    it, address = shop
    page = await opened(browser, address)
    it.answers.clear()
    it.change("second")
    assert await it.asked.get() == "second"
    it.change("third")
    it.news.put_nowait(("unread", {"count": 9}))
    await expect(page.locator("[data-unread]")).to_have_text("9")  # the page has heard of both
    it.answers.set()
    await expect(page.locator("#order-7 h2")).to_have_text("third")


async def test_a_double_tap_sends_once(shop: tuple[Shop, str], browser: Browser) -> None:
    it, address = shop
    page = await opened(browser, address)
    async with page.expect_navigation():
        await page.evaluate("for (const tap of [1, 2]) document.querySelector('main form button.button').click()")
    assert len(it.posted) == 1
    assert "csrf_token=token-1" in it.posted[0]


async def test_without_scripts_menus_open_and_forms_are_sent(shop: tuple[Shop, str], browser: Browser) -> None:
    it, address = shop
    context = await browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 640})
    page = await context.new_page()
    await page.goto(address)
    await page.fill("input[name=city]", "Denpasar")
    await page.click("main form button.button")
    assert "city=Denpasar" in it.posted[0]
    await page.goto(address)
    await page.click("[data-menu] summary")
    await page.click("text=Pesanan")
    assert page.url.endswith("/orders")
