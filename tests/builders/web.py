"""A browser's manners for tests: cookies, forms with their token, logging in."""

import re
from collections.abc import Mapping

import httpx

from etalase.commerce.accounts.queries import Account
from tests.builders.accounts import PASSWORD

TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


async def csrf_of(client: httpx.AsyncClient) -> str:
    """The token of this browser's forms (from its cookie, or from the login page at first)."""
    kept = client.cookies.get("csrf")
    if kept:
        return kept
    page = await client.get("/login")
    found = TOKEN.search(page.text)
    assert found, page.text[:500]
    return found[1]


async def post(
    client: httpx.AsyncClient,
    url: str,
    data: Mapping[str, str | list[str]] | None = None,
    *,
    files: Mapping[str, tuple[str, bytes, str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> httpx.Response:
    """Send a form as a page of the shop would; redirects are not followed."""
    token = await csrf_of(client)
    return await client.post(url, data={"csrf_token": token, **(data or {})}, files=files, headers=headers)


async def sign_in(client: httpx.AsyncClient, account: Account, *, password: str = PASSWORD) -> None:
    """Log in by the form."""
    answer = await post(client, "/login", {"login": account.email or account.phone or "", "password": password})
    assert answer.status_code == 303, answer.text


FRAME = {"session", "see_session", "unread_counts", "count_unread", "count_lines", "count_to_act_on"}
"""Statements of the frame that every page has around it: who asks, and the numbers of its badges."""


def own_statements_of(answer: httpx.Response) -> list[str]:
    """The statements that an answer needed beside its frame, from the header that names them in demo installations."""
    found = re.search(r'names;desc="([^"]*)"', answer.headers["server-timing"])
    assert found, answer.headers["server-timing"]
    return [name for name in found[1].split() if name not in FRAME]
