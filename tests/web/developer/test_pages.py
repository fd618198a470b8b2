"""The developers' pages: make, change and delete an app; what is wrong is said beside its field."""

import httpx

from etalase.commerce.apps import queries
from etalase.foundation.sql import Db
from etalase.settings import Settings
from etalase.web.app import create_app
from tests.builders.accounts import make_account, make_shop
from tests.builders.open_api import CALLBACK, make_app, make_tokens
from tests.builders.web import post, sign_in
from tests.conftest import new_client

GOOD: dict[str, str | list[str]] = {"name": "Kasir", "redirect_urls": CALLBACK, "scopes": ["seller.order.info"]}


async def test_an_apps_life(client: httpx.AsyncClient, db: Db) -> None:
    account = await make_account(db)
    await sign_in(client, account)
    assert 'value="seller.order.info"' in (await client.get("/developer/apps/new")).text
    page_url = (await post(client, "/developer/apps", GOOD)).headers["location"]
    assert "Kasir" in (await client.get("/developer")).text
    form = (await client.get(f"{page_url}/edit")).text
    assert CALLBACK in form
    changed = {**GOOD, "name": "Kasir Dua", "redirect_urls": f"{CALLBACK}\r\nhttp://localhost:9/x\r\n{CALLBACK}"}
    assert (await post(client, f"{page_url}/edit", changed)).status_code == 303
    async with db.any().reading() as tx:
        (app,) = await queries.apps_of_owner(tx, account.id)
    assert (app.name, app.redirect_urls) == ("Kasir Dua", [CALLBACK, "http://localhost:9/x"])
    assert (await post(client, f"{page_url}/deletion")).headers["location"] == "/developer"
    assert "Kasir Dua" not in (await client.get("/developer")).text
    assert (await client.get(page_url)).status_code == 404


async def test_what_is_wrong_stands_beside_its_field(client: httpx.AsyncClient, db: Db) -> None:
    await sign_in(client, await make_account(db))
    wrong: list[tuple[dict[str, str | list[str]], str]] = [
        ({"name": " "}, "Enter a name for the app."),
        ({"redirect_urls": "http://erp.example/"}, "Each address begins with https://"),
        ({"scopes": []}, "Choose at least one."),
        ({"scopes": ["all"]}, "Choose among these."),
    ]
    for changes, words in wrong:
        answer = await post(client, "/developer/apps", {**GOOD, **changes})
        assert answer.status_code == 422
        assert words in answer.text


async def test_its_page_shows_who_lets_it_in(client: httpx.AsyncClient, db: Db, settings: Settings) -> None:
    owner, shop = await make_account(db), await make_shop(db)
    made = await make_app(db, settings, owner=owner)
    await make_tokens(db, made, shop)
    await sign_in(client, owner)
    page = (await client.get(f"/developer/apps/{made.app.id}")).text
    assert shop.name in page
    assert f"/oauth/authorize?app_key={made.key}" in page
    by_service = await client.get("/open/authorize", params={"service_id": str(made.app.id), "state": "x"})
    assert "Only the owner of a shop" in by_service.text
    assert (await client.get("/open/authorize", params={"service_id": "5"})).status_code == 404


async def test_the_code_is_shown_where_an_app_has_no_page(client: httpx.AsyncClient) -> None:
    page = (await client.get("/developer/code", params={"code": "ROW_<b>", "state": "x"})).text
    assert "ROW_&lt;b&gt;" in page
    assert "not connected" in (await client.get("/developer/code", params={"error": "access_denied"})).text


async def test_the_demos_app_is_shown_in_a_demo_alone(client: httpx.AsyncClient, settings: Settings) -> None:
    assert "etalasedemo" in (await client.get("/developer")).text
    app = create_app(settings.model_copy(update={"mode": "production"}))
    async with app.router.lifespan_context(app), new_client(app) as other:
        assert "etalasedemo" not in (await other.get("/developer")).text
