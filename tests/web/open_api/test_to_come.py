"""Calls for what is not there yet: empty where that is true, refused with a reason elsewhere; none is an unknown path."""

import httpx
import pytest
from fastapi import FastAPI
from tiktok_shop_api import AsyncTikTokShop, TikTokShopError
from tiktok_shop_api.generated import models as m

from etalase.foundation.sql import Db
from etalase.web.open_api.describing import all_calls
from etalase.web.open_api.refusals import NOT_OFFERED_HERE, NOT_THIS_SELLERS
from etalase.web.open_api.registry import Fills
from tests.builders.open_api import Connector, data_of, make_connector
from tests.builders.stall import make_stall

LATER = {"promotion", "affiliate_creator", "affiliate_seller", "analytics"}


async def test_what_nobody_could_have_made_is_empty(
    db: Db, app: FastAPI, client: httpx.AsyncClient, origin: str
) -> None:
    stall = await make_stall(db)
    order = await stall.ready()
    one = await make_connector(db, app, client, stall.shop)
    async with AsyncTikTokShop(one.key, one.secret, access_token=one.token, base_url=origin) as bare:
        program = bare.with_shop(shop_cipher=one.cipher)
        chat, campaigns = program.customer_service, program.promotion
        assert data_of(await chat.get_conversations(page_size=20)).conversations == []
        assert (
            data_of(
                await chat.search_sessions(page_size=20, body=m.SearchSessionsRequest(begin_time_ge=0, begin_time_lt=1))
            ).sessions
            == []
        )
        assert data_of(await chat.get_agent_settings()).can_accept_chat is False
        found = await campaigns.search_promotion_activities(body=m.SearchPromotionActivitiesRequest(page_size=10))
        assert (data_of(found).activities, data_of(found).total_count) == ([], 0)
        coupons = await campaigns.search_coupon_list(page_size=10, body=m.SearchCouponListRequest())
        assert (data_of(coupons).coupons, data_of(coupons).total_count) == ([], 0)
        abroad = data_of(await program.logistics.get_logistics_tracking(str(order.id)))
        assert abroad.logistics_details == []
        with pytest.raises(TikTokShopError) as strangers:
            await program.logistics.get_logistics_tracking("77")
        assert strangers.value.code == NOT_THIS_SELLERS


async def test_what_is_not_offered_says_why(connector: Connector) -> None:
    refused = [call for call in all_calls() if call.domain in LATER and call.fills is Fills.REFUSED]
    assert {call.domain for call in refused} == LATER
    for call in refused:
        told = (await connector.send(call.method, call.path.replace("{", "").replace("}", ""))).json()
        assert told["code"] == NOT_OFFERED_HERE, call.name
        assert told["message"].endswith("yet."), call.name
