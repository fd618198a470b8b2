"""Pages of the account as a browser sees them."""

import httpx

from etalase.foundation.sql import Db
from tests.builders.accounts import make_account, make_address, make_shop
from tests.builders.web import sign_in


async def test_every_page_of_the_account_renders(client: httpx.AsyncClient, db: Db) -> None:
    account = await make_account(db)
    await make_shop(db, owner=account)
    address = await make_address(db, account)
    for path in ["/login", "/register", "/password/forgot", "/profile", "/password/reset/1/2/abc"]:
        answer = await client.get(path)
        assert answer.status_code in (200, 410), (path, answer.text)
    await sign_in(client, account)
    for path in [
        "/profile",
        "/settings",
        "/settings/name",
        "/settings/language",
        "/settings/password",
        "/settings/devices",
        "/addresses",
        "/addresses/new",
        f"/addresses/{address.id}",
    ]:
        answer = await client.get(path)
        assert answer.status_code == 200, (path, answer.text)
