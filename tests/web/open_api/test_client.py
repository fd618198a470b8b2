"""A client that others wrote, against a real server on a port: consent, tokens, shops, logistics, webhooks."""

import time
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from tiktok_shop_api import AsyncTikTokShop, AsyncTikTokShopAuth, TikTokShopError
from tiktok_shop_api.generated.models import (
    DeleteWebhookForAnEventRequest,
    DeleteWebhookForAnEventRequestEventType,
    UpdateShopWebhookRequest,
    UpdateShopWebhookRequestEventType,
)

from etalase.foundation.sql import Db
from etalase.settings import Settings
from tests.builders.accounts import MadeShop, make_account, make_shop
from tests.builders.open_api import CALLBACK, MadeApp, data_of, make_app, make_tokens
from tests.builders.web import post, sign_in


async def consent(client: httpx.AsyncClient, made: MadeApp, *shops: MadeShop) -> str:
    """What the owner does in a browser; the code that the app's page is called with."""
    page = await client.get("/oauth/authorize", params={"app_key": made.key, "state": "s 1/&"})
    assert "Gudang ERP" in page.text
    assert "See your orders" in page.text
    fields: dict[str, str | list[str]] = {
        "app_key": made.key,
        "state": "s 1/&",
        "shop_ids": [str(shop.shop_id) for shop in shops],
        "answer": "allow",
    }
    answer = await post(client, "/oauth/authorize", fields)
    assert answer.status_code == 303
    went_to = urlsplit(answer.headers["location"])
    told = parse_qs(went_to.query)
    assert f"{went_to.scheme}://{went_to.netloc}{went_to.path}" == CALLBACK
    assert told["state"] == ["s 1/&"]
    return told["code"][0]


async def test_from_consent_to_shops(
    client: httpx.AsyncClient, db: Db, settings: Settings, shop: MadeShop, origin: str
) -> None:
    second = await make_shop(db, owner=shop.owner)
    made = await make_app(db, settings)
    await sign_in(client, shop.owner)
    code = await consent(client, made, shop, second)
    auth = AsyncTikTokShopAuth(made.key, made.secret, base_url=origin)
    tokens = await auth.exchange_code(code)
    assert tokens.user_type == 0
    assert tokens.seller_base_region == "ID"
    assert "seller.order.info" in (tokens.granted_scopes or [])
    assert 6 * 86400 < tokens.access_token_expire_in - time.time() <= 7 * 86400 + 5
    assert 364 * 86400 < tokens.refresh_token_expire_in - time.time() <= 365 * 86400 + 5
    with pytest.raises(TikTokShopError) as used:
        await auth.exchange_code(code)
    assert used.value.code == 36004004
    newer = await auth.refresh(tokens.refresh_token)
    assert newer.access_token != tokens.access_token
    assert newer.open_id == tokens.open_id
    async with AsyncTikTokShop(made.key, made.secret, access_token=newer.access_token, base_url=origin) as program:
        found = data_of(await program.authorization.get_authorized_shops()).shops
        assert {one.id for one in found} == {str(shop.shop_id), str(second.shop_id)}
        assert len({one.cipher for one in found}) == 2
        active = data_of(await program.seller.get_active_shops()).shops
        assert len(active) == 2
        assert data_of(await program.seller.get_global_product_permission()).permissions == []
        assert data_of(await program.authorization.get_authorized_category_assets()).category_assets == []


async def test_logistics_and_webhooks(db: Db, settings: Settings, shop: MadeShop, origin: str) -> None:
    made = await make_app(db, settings)
    tokens = await make_tokens(db, made, shop)
    async with AsyncTikTokShop(made.key, made.secret, access_token=tokens.access_token, base_url=origin) as bare:
        shops = data_of(await bare.authorization.get_authorized_shops()).shops
        program = bare.with_shop(shop_cipher=shops[0].cipher)
        (warehouse,) = data_of(await program.logistics.get_warehouse_list()).warehouses
        assert warehouse.effect_status == "ENABLED"
        assert warehouse.address.state == "Jawa Barat"
        options = data_of(await program.logistics.get_warehouse_delivery_options(warehouse.id)).delivery_options
        assert {one.type_ for one in options} >= {"STANDARD", "SEND_BY_SELLER"}
        standard = next(one for one in options if one.type_ == "STANDARD")
        providers = data_of(await program.logistics.get_shipping_providers(standard.id)).shipping_providers
        assert "JNE" in {one.name for one in providers}
        assert data_of(await program.logistics.get_global_seller_warehouses()).global_warehouses == []
        for address in ("http://127.0.0.1:9/first", "http://127.0.0.1:9/second"):
            body = UpdateShopWebhookRequest(address, UpdateShopWebhookRequestEventType.ORDER_STATUS_CHANGE)
            await program.event.update_shop_webhook(body=body)
        kept = data_of(await program.event.get_shop_webhooks())
        assert (kept.total_count, kept.webhooks[0].address) == (1, "http://127.0.0.1:9/second")
        gone = DeleteWebhookForAnEventRequest(DeleteWebhookForAnEventRequestEventType.ORDER_STATUS_CHANGE)
        for _ in range(2):
            await program.event.delete_webhook_for_an_event(body=gone)
        assert data_of(await program.event.get_shop_webhooks()).total_count == 0


async def test_who_owns_no_shop_can_connect_none(
    client: httpx.AsyncClient, db: Db, settings: Settings, shop: MadeShop
) -> None:
    made = await make_app(db, settings)
    await sign_in(client, await make_account(db))
    page = await client.get("/oauth/authorize", params={"app_key": made.key})
    assert "Only the owner of a shop" in page.text
    fields = {"app_key": made.key, "shop_ids": str(shop.shop_id), "answer": "allow"}
    assert (await post(client, "/oauth/authorize", fields)).status_code == 404
