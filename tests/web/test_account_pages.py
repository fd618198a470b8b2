"""Pages of the account as a browser sees them."""

import re
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from etalase.commerce.accounts import queries
from etalase.foundation.sql import Db
from etalase.settings import Settings
from etalase.web.app import create_app
from tests.builders.accounts import PASSWORD, make_account, make_address, make_shop
from tests.builders.web import post, sign_in
from tests.conftest import new_client

HREF = re.compile(
    r'<a class="line[^"]*" href="([^"]+)">(?:(?!</a>).)*?<span class="line__label">([^<]+)</span>', re.DOTALL
)
ADDRESS = {
    "recipient": "Sari",
    "phone": "0812 3456 7890",
    "province": "Jawa Barat",
    "city": "Kota Bandung",
    "district": "Coblong",
    "postal_code": "40132",
    "street": "Jalan Dago No. 12",
    "landmark": "",
    "label": "Rumah",
}


def rows(page: httpx.Response) -> dict[str, str]:
    """The lines of a page by their words."""
    return {label: href for href, label in HREF.findall(page.text)}


async def test_every_page_of_the_account_renders(client: httpx.AsyncClient, db: Db) -> None:
    account = await make_account(db)
    await make_shop(db, owner=account)
    address = await make_address(db, account)
    for path in ["/login", "/register", "/password/forgot", "/profile"]:
        assert (await client.get(path)).status_code == 200, path
    await sign_in(client, account)
    personal = ["/profile", "/settings", "/settings/name", "/settings/language", "/settings/password"]
    for path in [*personal, "/settings/devices", "/addresses", "/addresses/new", f"/addresses/{address.id}"]:
        for locale in ("en", "id"):
            client.cookies.set("locale", locale, domain="testserver.local")
            answer = await client.get(path)
            assert answer.status_code == 200, path
            assert f'<html lang="{locale}"' in answer.text


async def test_the_guides_first_way_to_the_orders(client: httpx.AsyncClient, db: Db) -> None:
    """Profile, three lines, "Settings and Privacy", "Orders" under "Account", "Order Center"."""
    await sign_in(client, await make_account(db))
    profile = await client.get("/profile")
    assert 'aria-label="Menu"' in profile.text
    settings_page = await client.get(rows(profile)["Settings and Privacy"])
    account_section = settings_page.text.split('<h2 class="rows__title">Account</h2>')[1].split("</section>")[0]
    found = {label: href for href, label in HREF.findall(account_section)}
    assert "Order Center" in (await client.get(found["Orders"])).text


async def test_my_store_is_for_those_who_have_one(app: FastAPI, client: httpx.AsyncClient, db: Db) -> None:
    shop = await make_shop(db)
    await sign_in(client, shop.owner)
    assert rows(await client.get("/profile"))["My Store"] == "/seller"
    async with new_client(app) as other:
        await sign_in(other, await make_account(db))
        assert "My Store" not in (await other.get("/profile")).text


async def test_signed_out_the_profile_invites(client: httpx.AsyncClient) -> None:
    page = await client.get("/profile")
    assert "Log in to see your orders" in page.text
    assert 'href="/login?next=/profile"' in page.text


async def test_registering_with_mistakes_keeps_what_was_typed(client: httpx.AsyncClient, db: Db) -> None:
    await make_account(db, email="taken@etalase.test")
    fields = {"name": "Budi 🌶️", "login": "taken@etalase.test", "password": "jalan-jalan"}
    answer = await post(client, "/register", fields)
    assert answer.status_code == 422
    assert "There is an account with this e-mail address" in answer.text
    assert 'value="Budi 🌶️"' in answer.text
    assert "jalan-jalan" not in answer.text
    answer = await post(client, "/register", {**fields, "login": "0812-3456-7890", "next": "/cart"})
    assert answer.headers["location"] == "/cart"
    assert "Budi 🌶️" in (await client.get("/profile")).text


async def test_demo_logins_need_one_tap(client: httpx.AsyncClient, db: Db) -> None:
    from etalase.commerce.accounts import actions, passwords, rules

    password_hash = await passwords.hash_password("etalase-demo")
    await actions.add_account(
        db, name="Sari", login=rules.Login(email="buyer@etalase.test"), password_hash=password_hash
    )
    assert 'value="buyer@etalase.test"' in (await client.get("/login")).text
    assert (await post(client, "/login", {"demo": "buyer@etalase.test"})).status_code == 303
    assert "Sari" in (await client.get("/profile")).text


async def test_addresses_may_be_typed_as_names(client: httpx.AsyncClient, db: Db) -> None:
    account = await make_account(db)
    await sign_in(client, account)
    answer = await post(client, "/addresses", {**ADDRESS, "next": "/checkout"})
    assert answer.headers["location"] == "/checkout"
    async with db.any().reading() as tx:
        (address,) = await queries.addresses_of_buyer(tx, buyer_id=account.id)
    assert (address.province, address.city, address.phone, address.is_default) == ("32", "3273", "+6281234567890", True)
    page = await client.get(f"/addresses/{address.id}")
    assert 'value="Kota Bandung"' in page.text
    answer = await post(client, f"/addresses/{address.id}", {**ADDRESS, "street": "Jalan Dago No. 14"})
    assert answer.headers["location"] == "/addresses"
    assert "Jalan Dago No. 14" in (await client.get("/addresses")).text
    await post(client, f"/addresses/{address.id}/deletion")
    assert "No address yet" in (await client.get("/addresses")).text


@pytest.mark.parametrize(
    ("field", "value", "words"), [("phone", "12", "such as 0812"), ("province", "Atlantis", "Choose the province")]
)
async def test_a_wrong_address_says_what_is_wrong(
    client: httpx.AsyncClient, db: Db, field: str, value: str, words: str
) -> None:
    await sign_in(client, await make_account(db))
    answer = await post(client, "/addresses", {**ADDRESS, field: value})
    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{value}"' in answer.text
    assert "Jalan Dago No. 12" in answer.text


async def test_places_are_listed_below_each_other(client: httpx.AsyncClient) -> None:
    assert {"value": "Jawa Barat", "label": "Jawa Barat"} in (await client.get("/regions/provinces")).json()
    assert {"value": "Kota Bandung", "label": "Kota Bandung"} in (
        await client.get("/regions/cities", params={"parent": "Jawa Barat"})
    ).json()
    assert (await client.get("/regions/districts", params={"parent": "Kota Bandung"})).json()
    assert (await client.get("/regions/districts", params={"parent": "Atlantis"})).status_code == 404


async def test_the_language_is_the_browsers_until_one_is_chosen(client: httpx.AsyncClient, db: Db) -> None:
    assert "Masuk" in (await client.get("/login", headers={"Accept-Language": "id-ID,id;q=0.9"})).text
    await post(client, "/language", {"locale": "id", "next": "/login"})
    assert "Masuk" in (await client.get("/login")).text
    account = await make_account(db, locale="en")
    await sign_in(client, account)
    await post(client, "/language", {"locale": "en"})
    await post(client, "/language", {"locale": "id"})
    async with db.any().reading() as tx:
        assert (await queries.account(tx, account.id)).locale == "id"


async def test_devices_can_be_ended_one_by_one_and_all_at_once(app: FastAPI, client: httpx.AsyncClient, db: Db) -> None:
    account = await make_account(db)
    await sign_in(client, account)
    async with new_client(app) as second, new_client(app) as third:
        await sign_in(second, account)
        await sign_in(third, account)
        page = await client.get("/settings/devices")
        assert page.text.count("Chrome · Android") == 3
        (one, _) = re.findall(r'action="(/settings/devices/\d+/end)"', page.text)
        await post(client, one)
        await post(client, "/settings/devices/others/end")
        assert [(await other.get("/settings")).status_code for other in (client, second, third)] == [200, 303, 303]
        await sign_in(second, account)
        await post(client, "/logout", {"everywhere": "1"})
        assert [(await other.get("/settings")).status_code for other in (client, second)] == [303, 303]


async def test_the_password_is_changed_with_the_present_one(client: httpx.AsyncClient, db: Db) -> None:
    await sign_in(client, await make_account(db))
    answer = await post(client, "/settings/password", {"present": "wrong", "new": "a-new-password"})
    assert "This is not your present password." in answer.text
    answer = await post(client, "/settings/password", {"present": PASSWORD, "new": "short"})
    assert "Use at least 10 characters." in answer.text
    answer = await post(client, "/settings/password", {"present": PASSWORD, "new": "a-new-password"})
    assert answer.headers["location"] == "/settings"


async def test_a_seller_turns_to_another_shop(client: httpx.AsyncClient, db: Db) -> None:
    owner = await make_account(db)
    shops = [await make_shop(db, owner=owner), await make_shop(db, owner=owner)]
    await sign_in(client, owner)
    url = f"/seller/shops/{shops[1].shop_id}"
    assert "Work in this shop from now on?" in (await client.get(url)).text
    assert (await client.get(url, headers={"Sec-Fetch-Site": "same-origin"})).headers["location"] == "/seller"
    assert shops[1].name in (await client.get("/profile")).text
    await post(client, "/seller/shop", {"shop_id": str(shops[0].shop_id)})
    assert shops[0].name in (await client.get("/profile")).text


async def test_nothing_here_is_said_in_words(client: httpx.AsyncClient) -> None:
    answer = await client.get("/nowhere", headers={"Accept-Language": "id"})
    assert answer.status_code == 404
    assert "Tidak ada apa-apa di sini" in answer.text
    assert (await client.delete("/login")).status_code == 403
    assert (await client.put("/nowhere")).status_code == 403


async def test_without_a_database_the_page_says_to_come_back(settings: Settings, tmp_path: Path) -> None:
    app = create_app(settings)
    async with app.router.lifespan_context(app), new_client(app) as client:
        assert (await client.get("/readyz")).json() == {"status": "ready"}
        app.state.db.pool.timeout = 0.2
        await app.state.db.close()
        assert (await client.get("/healthz")).status_code == 200
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.json()) == (503, {"status": "no database"})
        client.cookies.set("session", "1.1.x", domain="testserver.local")
        answer = await client.get("/profile")
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "5"
        assert "Very busy just now" in answer.text


async def test_a_page_of_a_signed_in_person_needs_few_statements(client: httpx.AsyncClient, db: Db) -> None:
    await sign_in(client, await make_account(db))
    measured = (await client.get("/settings")).headers["server-timing"]
    assert 'names;desc="session unread_counts count_lines"' in measured


async def test_the_components_are_shown(client: httpx.AsyncClient) -> None:
    assert (await client.get("/-/components")).status_code == 200
