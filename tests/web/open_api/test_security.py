"""What the Open API must refuse: forged, old, replayed and revoked requests, missing scopes, other people's shops."""

import logging
import re
import time
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from etalase.commerce.accounts.actions import join_shop
from etalase.commerce.apps import actions, credentials, queries, rules
from etalase.foundation import clock
from etalase.foundation.sql import Db
from etalase.settings import Settings
from etalase.web.app import create_app
from etalase.web.open_api import refusals
from tests.builders.accounts import MadeShop, make_account, make_shop
from tests.builders.open_api import CALLBACK, Connector, cipher_of, make_app, make_connector, make_tokens
from tests.builders.web import post, sign_in
from tests.conftest import new_client

SHOPS = "/authorization/202309/shops"
WAREHOUSES = "/logistics/202309/warehouses"
WEBHOOKS = "/event/202309/webhooks"
ONLY_IN_AN_OUTAGE = "not done in time; ask again"


async def refusal(connector: Connector, path: str = WAREHOUSES, **how: object) -> tuple[int, int, str]:
    """HTTP status, code and message of a call."""
    answer = await connector.send("GET", path, **how)  # type: ignore[arg-type]
    told = answer.json()
    return answer.status_code, told["code"], told["message"]


async def test_a_bad_signature_is_refused_and_the_sandbox_says_what_was_to_be_signed(connector: Connector) -> None:
    answer = await connector.other(secret="guessed").send("GET", SHOPS)
    told = answer.json()
    assert (answer.status_code, told["code"]) == (401, 106001)
    assert told["data"]["string_to_sign"].startswith(f"{SHOPS}app_key{connector.key}shop_cipher")
    assert connector.secret not in answer.text


async def test_production_keeps_the_string_to_itself(settings: Settings, db: Db, shop: MadeShop) -> None:
    app = create_app(settings.model_copy(update={"mode": "production"}))
    async with app.router.lifespan_context(app), new_client(app) as client:
        connector = await make_connector(db, app, client, shop)
        told = (await connector.other(secret="guessed").send("GET", SHOPS)).json()
        assert told["code"] == 106001
        assert "data" not in told
        assert "app_key" not in told["message"]
        body = {"event_type": "NEW_MESSAGE", "address": "http://127.0.0.1:9/x"}
        assert await connector.code("PUT", WEBHOOKS, body=body) == 36009004


async def test_a_changed_body_or_path_does_not_fit_the_signature(connector: Connector) -> None:
    good = await connector.send("GET", WAREHOUSES)
    sign = str(good.request.url.params["sign"])
    assert (await refusal(connector, SHOPS, sign=sign))[1] == 106001
    assert (await connector.send("GET", WAREHOUSES, body={"a": 1}, sign=sign)).json()["code"] == 106001
    assert (await connector.send("GET", WAREHOUSES, {"b": "1"}, sign=sign.upper())).json()["code"] == 106001


async def test_old_and_coming_timestamps_are_refused(connector: Connector) -> None:
    for ago_s in (301, -35, 10**6):
        status, code, message = await refusal(connector, timestamp=int(time.time()) - ago_s)
        assert (status, code) == (400, 36009004)
        assert "timestamp" in message


async def test_the_time_machine_does_not_move_the_callers_clock(connector: Connector) -> None:
    clock.set_offset(timedelta(days=3))
    assert await connector.code("GET", WAREHOUSES) == 0


async def test_missing_things_are_named(connector: Connector) -> None:
    for name in ("app_key", "timestamp", "sign"):
        pairs = {"app_key": connector.key, "timestamp": str(int(time.time())), "sign": "0"}
        pairs.pop(name)
        told = (await connector.client.get(WAREHOUSES, params=pairs)).json()
        assert (told["code"], told["message"]) == (36009004, f"param {name} is missing")
    assert (await refusal(connector.other(token="")))[1:] == (105002, "header x-tts-access-token is missing")
    assert (await refusal(connector.other(key="nobodys")))[:2] == (400, 36009004)


async def test_a_token_ends_by_time_and_by_the_seller(
    app: FastAPI, client: httpx.AsyncClient, db: Db, shop: MadeShop
) -> None:
    connector = await make_connector(db, app, client, shop)
    clock.set_offset(rules.ACCESS_LIFETIME + timedelta(seconds=1))
    status, code, message = await refusal(connector)
    assert (status, code) == (401, 105002)
    assert "expired" in message
    clock.set_offset(timedelta(0))
    assert await connector.code("GET", WAREHOUSES) == 0
    await sign_in(client, shop.owner)
    page = await client.get("/seller/settings/apps")
    assert "Gudang ERP" in page.text
    app_id = page.text.split("/seller/settings/apps/")[1].split("/")[0]
    answer = await post(client, f"/seller/settings/apps/{app_id}/removal")
    assert answer.status_code == 303
    assert (await refusal(connector))[:2] == (401, 105002)
    assert "Gudang ERP" not in (await client.get("/seller/settings/apps")).text


async def test_staff_see_apps_and_end_none(app: FastAPI, client: httpx.AsyncClient, db: Db, shop: MadeShop) -> None:
    connector = await make_connector(db, app, client, shop)
    staff = await make_account(db)
    await join_shop(db, shop_id=shop.shop_id, account_id=staff.id)
    await sign_in(client, staff)
    page = await client.get("/seller/settings/apps")
    assert "Gudang ERP" in page.text
    assert "removal" not in page.text
    made = await make_app(db, app.state.settings)
    assert (await post(client, f"/seller/settings/apps/{made.app.id}/removal")).status_code == 404
    assert await connector.code("GET", WAREHOUSES) == 0


async def test_a_missing_scope_is_named(app: FastAPI, client: httpx.AsyncClient, db: Db, shop: MadeShop) -> None:
    connector = await make_connector(db, app, client, shop, scopes=["seller.order.info"])
    status, code, message = await refusal(connector)
    assert (status, code) == (403, 105005)
    assert "seller.logistics" in message
    assert await connector.code("GET", SHOPS) == 0, "who may act for a shop may ask which"


async def test_a_shop_is_reached_by_its_own_cipher_alone(
    app: FastAPI, client: httpx.AsyncClient, db: Db, shop: MadeShop
) -> None:
    connector = await make_connector(db, app, client, shop)
    stranger = await make_connector(db, app, client, await make_shop(db))
    assert (await refusal(connector.other(cipher=stranger.cipher)))[:2] == (400, 106013)
    assert (await refusal(connector.other(token=stranger.token)))[:2] == (401, 105002)
    assert await connector.other(cipher="").code("GET", WAREHOUSES) == 0, "there is only one shop it can mean"


async def test_with_two_shops_the_cipher_has_to_be_told(
    app: FastAPI, client: httpx.AsyncClient, db: Db, shop: MadeShop
) -> None:
    second = await make_shop(db, owner=shop.owner)
    connector = await make_connector(db, app, client, shop, second)
    assert (await refusal(connector.other(cipher="")))[:2] == (400, 106013)
    (warehouse,) = (await connector.call("GET", WAREHOUSES))["warehouses"]
    assert warehouse["id"] == str(shop.shop_id)


async def test_codes_and_refresh_tokens_work_once_and_for_their_app_alone(
    client: httpx.AsyncClient, db: Db, settings: Settings, shop: MadeShop
) -> None:
    made, other = await make_app(db, settings), await make_app(db, settings)
    code = await actions.authorize(db, made.app, account_id=shop.owner.id, shop_ids=[shop.shop_id])

    async def get(which: str, key: str, secret: str, **more: str) -> int:
        params = {"app_key": key, "app_secret": secret, **more}
        return int((await client.get(f"/api/v2/token/{which}", params=params)).json()["code"])

    grant = {"auth_code": code, "grant_type": "authorized_code"}
    assert await get("get", other.key, other.secret, **grant) == 36004004
    assert await get("get", made.key, "guessed", **grant) == 105002
    assert await get("get", made.key, made.secret, **grant) == 0
    assert await get("get", made.key, made.secret, **grant) == 36004004
    late = await actions.authorize(db, made.app, account_id=shop.owner.id, shop_ids=[shop.shop_id])
    clock.set_offset(rules.CODE_LIFETIME)
    assert await get("get", made.key, made.secret, auth_code=late, grant_type="authorized_code") == 36004004
    clock.set_offset(timedelta(0))
    tokens = await make_tokens(db, made, shop)
    again = {"refresh_token": tokens.refresh_token, "grant_type": "refresh_token"}
    assert await get("refresh", other.key, other.secret, **again) == 36004005
    assert await get("refresh", made.key, made.secret, **again) == 0
    assert await get("refresh", made.key, made.secret, **again) == 36004005
    old = await make_tokens(db, made, shop)
    clock.set_offset(rules.REFRESH_LIFETIME)
    assert await get("refresh", made.key, made.secret, refresh_token=old.refresh_token) == 36004001


async def test_what_the_seller_has_revoked_makes_no_new_tokens(
    client: httpx.AsyncClient, db: Db, settings: Settings, shop: MadeShop
) -> None:
    made = await make_app(db, settings)
    tokens = await make_tokens(db, made, shop)
    await sign_in(client, shop.owner)
    assert (await post(client, f"/seller/settings/apps/{made.app.id}/removal")).status_code == 303
    params = {"app_key": made.key, "app_secret": made.secret, "refresh_token": tokens.refresh_token}
    answer = await client.get("/api/v2/token/refresh", params=params)
    assert answer.json()["code"] == 36004005


def test_every_documented_code_has_a_test_that_meets_it() -> None:
    texts = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    named = {getattr(refusals, name): name for name in dir(refusals) if isinstance(getattr(refusals, name), int)}
    met = {code for code in refusals.MEANING if re.search(rf"\b({code}|{named[code]})\b", texts)}
    assert {refusals.MEANING[code] for code in set(refusals.MEANING) - met} == {ONLY_IN_AN_OUTAGE}


async def test_a_secret_is_shown_once_and_never_logged(
    client: httpx.AsyncClient, db: Db, settings: Settings, shop: MadeShop, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, logger="httpx")  # the browser of this test tells its addresses
    caplog.set_level(logging.DEBUG)
    await sign_in(client, shop.owner)
    fields: dict[str, str | list[str]] = {"name": "Kasir", "redirect_urls": CALLBACK, "scopes": ["seller.order.info"]}
    made = await post(client, "/developer/apps", fields)
    app_page = made.headers["location"]
    first = await client.get(app_page)
    app_id = int(app_page.rpartition("/")[2])
    async with db.any().reading() as tx:
        app = await queries.app_by_id(tx, app_id)
    assert app is not None
    secret = credentials.secret_of(settings.key(), app_key=app.key, salt=app.secret_salt)
    assert secret in first.text
    assert secret not in (await client.get(app_page)).text
    await post(client, f"{app_page}/secret")
    second = await client.get(app_page)
    assert secret not in second.text
    assert "shown this once" in second.text
    tokens = await make_tokens(db, await make_app(db, settings), shop)
    assert await Connector(client, app.key, secret, tokens.access_token).code("GET", SHOPS) == 106001
    await client.get("/api/v2/token/get", params={"app_key": app.key, "app_secret": secret, "auth_code": "CODE-X"})
    assert secret not in caplog.text
    assert tokens.access_token not in caplog.text
    assert "CODE-X" not in caplog.text
    assert "/api/v2/token/get" in caplog.text, "the line of a request says which call it was"


async def test_nothing_readable_is_kept(db: Db, settings: Settings, shop: MadeShop) -> None:
    made = await make_app(db, settings)
    tokens = await make_tokens(db, made, shop)
    async with db.any().transaction() as tx:
        cursor = await tx.connection.execute(
            "SELECT row_to_json(a)::text || row_to_json(t)::text || (SELECT string_agg(row_to_json(f)::text, '') FROM facts f)"
            " FROM apps a, app_tokens t"
        )
        [(kept,)] = await cursor.fetchall()
    for secret in (made.secret, tokens.access_token, tokens.refresh_token):
        assert secret not in kept


async def test_nobody_is_sent_elsewhere(client: httpx.AsyncClient, db: Db, settings: Settings, shop: MadeShop) -> None:
    made = await make_app(db, settings)
    await sign_in(client, shop.owner)
    params = {"app_key": made.key, "redirect_uri": "https://evil.example/"}
    assert (await client.get("/oauth/authorize", params=params)).status_code == 404
    fields = {**params, "shop_ids": str(shop.shop_id), "answer": "allow"}
    assert (await post(client, "/oauth/authorize", fields)).status_code == 404
    declined = await post(client, "/oauth/authorize", {"app_key": made.key, "state": "x", "answer": "decline"})
    assert declined.headers["location"] == f"{CALLBACK}?error=access_denied&state=x"
    page = await client.get("/oauth/authorize", params={"app_key": made.key})
    assert "form-action 'self' https://erp.example" in page.headers["content-security-policy"]


async def test_a_deleted_app_opens_nothing(app: FastAPI, client: httpx.AsyncClient, db: Db, shop: MadeShop) -> None:
    owner = await make_account(db)
    made = await make_app(db, app.state.settings, owner=owner)
    tokens = await make_tokens(db, made, shop)
    connector = Connector(client, made.key, made.secret, tokens.access_token, await cipher_of(db, made, shop))
    assert await connector.code("GET", WAREHOUSES) == 0
    await sign_in(client, owner)
    assert (await post(client, f"/developer/apps/{made.app.id}/deletion")).status_code == 303
    assert await connector.code("GET", WAREHOUSES) == 36009004
