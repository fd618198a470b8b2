"""What attackers try on accounts: forged forms, foreign sites, stolen cookies, guessed passwords, lying links."""

import math
import re
import time

import httpx
import pytest
from fastapi import FastAPI

from etalase.commerce.accounts import rules
from etalase.foundation.sql import Db
from etalase.settings import Settings
from etalase.web.app import create_app
from etalase.web.request import local_path
from tests.builders.accounts import PASSWORD, make_account
from tests.builders.web import csrf_of, post, sign_in
from tests.conftest import new_client

EVIL = "https://evil.example"
CLOCK = re.compile(r'<meta name="etalase-now"[^>]*>')


async def test_a_token_of_another_browser_is_refused(app: FastAPI, client: httpx.AsyncClient) -> None:
    async with new_client(app) as other:
        stolen = await csrf_of(other)
    await csrf_of(client)
    answer = await client.post("/login", data={"csrf_token": stolen, "login": "a@b.id", "password": "x"})
    assert answer.status_code == 403
    assert "We could not check this form" in answer.text


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": EVIL}, {"Origin": "null"}],
    ids=["cross-site", "same-site", "origin", "null"],
)
async def test_forms_of_other_sites_are_refused_even_with_the_token(
    client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    assert (await post(client, "/language", {"locale": "en"}, headers=headers)).status_code == 403


async def test_the_header_of_scripts_counts_as_the_token(client: httpx.AsyncClient) -> None:
    token = await csrf_of(client)
    answer = await client.post(
        "/language", data={"locale": "en"}, headers={"X-CSRF-Token": token, "Origin": "http://testserver"}
    )
    assert answer.status_code == 303


async def test_an_uploads_token_is_found_in_its_parts(client: httpx.AsyncClient) -> None:
    token = await csrf_of(client)
    files = {"picture": ("a.png", b"\x89PNG" + b"\0" * 1000, "image/png")}
    assert (await client.post("/language", data={"csrf_token": token, "locale": "en"}, files=files)).status_code == 303
    assert (await client.post("/language", data={"locale": "en"}, files=files)).status_code == 403


async def test_a_form_outlives_the_session_it_was_shown_in(client: httpx.AsyncClient, db: Db) -> None:
    """The token still counts; the person logs in and comes back to the page of the form, and is told so."""
    account = await make_account(db)
    await sign_in(client, account)
    client.cookies.delete("session")
    answer = await post(
        client, "/settings/name", {"name": "Sari"}, headers={"Referer": "http://testserver/settings/name?a=1"}
    )
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=%2Fsettings%2Fname%3Fa%3D1"
    assert "Nothing you did before is lost" in (await client.get(answer.headers["location"])).text


async def test_a_foreign_referer_leads_nowhere(client: httpx.AsyncClient) -> None:
    answer = await post(client, "/settings/name", {}, headers={"Referer": f"{EVIL}//evil.example/x"})
    assert answer.headers["location"].startswith("/login")
    assert "evil" not in answer.headers["location"]


@pytest.mark.parametrize(
    "next_path",
    [
        EVIL,
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "/%0d",
        "//",
        "/\n/evil",
    ],
)
async def test_no_open_redirect(client: httpx.AsyncClient, db: Db, next_path: str) -> None:
    account = await make_account(db)
    fields = {"login": account.email or "", "password": PASSWORD, "next": next_path}
    location = (await post(client, "/login", fields)).headers["location"]
    assert location in ("/", "/%0d")
    assert location == local_path(next_path)


async def test_log_in_goes_on_where_one_was_going(client: httpx.AsyncClient, db: Db) -> None:
    account = await make_account(db)
    sent = await client.get("/orders?tab=unpaid")
    assert sent.headers["location"] == "/login?next=%2Forders%3Ftab%3Dunpaid"
    page = await client.get(sent.headers["location"])
    assert 'name="next" value="/orders?tab=unpaid"' in page.text
    answer = await post(
        client, "/login", {"login": account.email or "", "password": PASSWORD, "next": "/orders?tab=unpaid"}
    )
    assert answer.headers["location"] == "/orders?tab=unpaid"


async def test_logging_in_makes_a_new_session_and_ends_the_old_one(
    app: FastAPI, client: httpx.AsyncClient, db: Db
) -> None:
    account = await make_account(db)
    client.cookies.set("session", "1.1.planted", domain="testserver.local")
    await sign_in(client, account)
    first = client.cookies.get("session") or ""
    assert "planted" not in first
    await post(client, "/login", {"login": account.email or "", "password": PASSWORD})
    assert client.cookies.get("session") != first
    async with new_client(app) as thief:
        thief.cookies.set("session", first)
        assert (await thief.get("/settings")).status_code == 303


def cookie_line(answer: httpx.Response, name: str) -> str:
    return next(line for line in answer.headers.get_list("set-cookie") if line.startswith(f"{name}="))


async def test_cookies_are_kept_from_scripts_and_other_sites(client: httpx.AsyncClient, db: Db) -> None:
    account = await make_account(db)
    answer = await post(client, "/login", {"login": account.email or "", "password": PASSWORD})
    line = cookie_line(answer, "session")
    assert "HttpOnly" in line
    assert "SameSite=lax" in line
    assert "Secure" not in line


async def test_over_https_cookies_are_secure_and_of_this_host_alone(settings: Settings, db: Db) -> None:
    account = await make_account(db)
    app = create_app(settings.model_copy(update={"public_url": "https://testserver"}))
    async with app.router.lifespan_context(app), new_client(app) as client:
        client.base_url = httpx.URL("https://testserver")
        page = await client.get("/login")
        token = client.cookies.get("__Host-csrf")
        assert page.headers["strict-transport-security"]
        fields = {"csrf_token": token or "", "login": account.email or "", "password": PASSWORD}
        line = cookie_line(await client.post("/login", data=fields), "__Host-session")
    assert {"Secure", "HttpOnly", "Path=/"} <= set(re.split(r"; ", line))


async def test_the_eleventh_guess_waits_and_says_how_long(client: httpx.AsyncClient, db: Db) -> None:
    account = await make_account(db)
    for _ in range(rules.ATTEMPTS_PER_LOGIN_MAX):
        answer = await post(client, "/login", {"login": account.email or "", "password": "guess-guess"})
        assert answer.status_code == 422
        assert "session" not in client.cookies
    answer = await post(client, "/login", {"login": account.email or "", "password": PASSWORD})
    assert answer.status_code == 429
    assert "Try again in 14 min" in answer.text or "Try again in 15 min" in answer.text


async def test_a_wrong_password_and_an_unknown_login_read_the_same(client: httpx.AsyncClient, db: Db) -> None:
    await make_account(db, email="sari@etalase.test")
    pages = []
    for login in ("sari@etalase.test", "nobody@etalase.test"):
        answer = await post(client, "/login", {"login": login, "password": "guess-guess"})
        pages.append((answer.status_code, CLOCK.sub("", answer.text).replace(login, "-")))
    assert pages[0] == pages[1]


async def test_asking_for_a_link_reads_the_same_for_all(client: httpx.AsyncClient, db: Db) -> None:
    await make_account(db, email="sari@etalase.test")
    pages = []
    for email in ("sari@etalase.test", "nobody@etalase.test"):
        answer = await post(client, "/password/forgot", {"email": email})
        pages.append((answer.status_code, CLOCK.sub("", answer.text).replace(email, "-")))
    assert pages[0] == pages[1]


async def test_verifying_takes_as_long_without_an_account() -> None:
    """Both hash; a login that is not there must not answer ten times faster."""
    from etalase.commerce.accounts import passwords

    stored = await passwords.hash_password(PASSWORD)
    await passwords.verify_password("x", None)  # makes the hash of nobody once
    took: dict[str | None, float] = {stored: math.inf, None: math.inf}
    for _ in range(5):  # in turn, and the best of each: other work of the machine slows some down
        for known, best in took.items():
            began = time.perf_counter()
            assert not await passwords.verify_password("guess-guess", known)
            took[known] = min(best, time.perf_counter() - began)
    assert max(took.values()) < 5 * min(took.values())


async def test_demo_logins_need_demo_mode(settings: Settings, db: Db) -> None:
    app = create_app(settings.model_copy(update={"mode": "production"}))
    async with app.router.lifespan_context(app), new_client(app) as client:
        assert "etalase-demo" not in (await client.get("/login")).text
        assert (await post(client, "/login", {"demo": "buyer@etalase.test"})).status_code == 422
        assert "server-timing" not in (await client.get("/login")).headers


async def test_pages_tell_browsers_what_they_may_do(client: httpx.AsyncClient) -> None:
    for path in ("/login", "/nowhere", "/healthz"):
        headers = (await client.get(path)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


async def test_too_large_a_form_is_refused_in_words(client: httpx.AsyncClient) -> None:
    answer = await post(
        client, "/login", {"login": "x" * 10_000_000, "password": "x"}, headers={"Referer": "http://testserver/login"}
    )
    assert answer.status_code == 413
    assert "That is too much at once" in answer.text
    assert 'href="/login"' in answer.text


async def test_too_large_an_upload_is_refused_though_no_length_was_told(client: httpx.AsyncClient) -> None:
    token = await csrf_of(client)

    async def endless() -> object:
        for _ in range(13):
            yield b"x" * 1_000_000

    headers = {"X-CSRF-Token": token, "Content-Type": "multipart/form-data; boundary=b"}
    answer = await client.post("/language", content=endless(), headers=headers)  # type: ignore[arg-type]
    assert answer.status_code == 413
