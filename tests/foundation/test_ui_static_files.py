import gzip
import re

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from etalase.foundation.ui.static_files import SCRIPTS, STATIC_DIR, STYLES, folder, static_app, static_url


@pytest.fixture
def client() -> httpx.AsyncClient:
    app = Starlette(routes=[Mount("/static", static_app())])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop.test")


def test_an_address_carries_the_folders_hash() -> None:
    assert re.fullmatch(r"/static/[0-9a-f]{12}/img/mark\.svg", static_url("img/mark.svg"))


def test_a_missing_file_is_told_at_once() -> None:
    with pytest.raises(KeyError, match=r"img/nothing\.svg"):
        static_url("img/nothing.svg")


async def test_a_current_address_may_be_kept_forever(client: httpx.AsyncClient) -> None:
    answer = await client.get(static_url("vendor/plus-jakarta-sans.woff2"))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "font/woff2"
    assert answer.content == (STATIC_DIR / "vendor/plus-jakarta-sans.woff2").read_bytes()


async def test_an_old_address_answers_but_is_asked_again(client: httpx.AsyncClient) -> None:
    answer = await client.get("/static/000000000000/img/mark.svg")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, no-cache"


async def test_known_content_is_not_sent_twice(client: httpx.AsyncClient) -> None:
    first = await client.get(static_url("app.css"))
    second = await client.get(static_url("app.css"), headers={"If-None-Match": first.headers["etag"]})
    assert (second.status_code, second.content) == (304, b"")


async def test_texts_are_sent_compressed_to_those_who_read_it(client: httpx.AsyncClient) -> None:
    plain = await client.get(static_url("app.css"), headers={"Accept-Encoding": "identity"})
    async with client.stream("GET", static_url("app.css"), headers={"Accept-Encoding": "gzip"}) as answer:
        raw = b"".join([chunk async for chunk in answer.aiter_raw()])
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-length"] == str(len(raw))
    assert gzip.decompress(raw) == plain.content
    assert len(raw) < len(plain.content) / 3


@pytest.mark.parametrize("path", ["/static/x/../rendering.py", "/static/x/%2e%2e/rendering.py", "/static/x/none.css"])
async def test_nothing_else_is_served(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404


def test_every_stylesheet_and_script_is_delivered() -> None:
    styles = {path.relative_to(STATIC_DIR).as_posix() for path in (STATIC_DIR / "css").glob("*.css")}
    scripts = {path.relative_to(STATIC_DIR).as_posix() for path in (STATIC_DIR / "js").glob("*.js")}
    assert styles == set(STYLES)
    assert scripts - set(SCRIPTS) == {"js/renewing.js", "js/toast.js"}  # imported by others


def test_files_named_in_styles_exist() -> None:
    named = re.findall(rb'url\("([^"]+)"\)', folder().files["app.css"].content)
    assert named
    assert [name for name in named if name.decode() not in folder().files] == []


def test_icons_used_in_templates_are_in_the_sprite() -> None:
    symbols = set(re.findall(r'<symbol id="([^"]+)"', folder().files["vendor/icons.svg"].content.decode()))
    web = STATIC_DIR.parents[2] / "web"
    templates = [*STATIC_DIR.parent.rglob("*.html"), *web.rglob("*.html")]
    used = {
        name
        for template in templates
        for name in re.findall(r'(?:ui\.icon\(|icon=)"([a-z0-9-]+)"', template.read_text(encoding="utf-8"))
    }
    assert used - symbols == set()
