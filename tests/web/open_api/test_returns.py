"""Returns by the Open API, driven by a client that others wrote: found, approved, refused with a reason."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI
from tiktok_shop_api import AsyncTikTokShop, TikTokShopError
from tiktok_shop_api.generated import models as m

from etalase.foundation.sql import Db
from etalase.journeys.returns.rules import ReturnState
from tests.builders.open_api import data_of, make_connector
from tests.builders.returns import Asked, asked


@asynccontextmanager
async def program_of(
    made: Asked, app: FastAPI, client: httpx.AsyncClient, origin: str
) -> AsyncIterator[AsyncTikTokShop]:
    one = await make_connector(made.db, app, client, made.stall.shop)
    async with AsyncTikTokShop(one.key, one.secret, access_token=one.token, base_url=origin) as bare:
        yield bare.with_shop(shop_cipher=one.cipher)


async def test_a_return_is_found_and_approved(db: Db, app: FastAPI, client: httpx.AsyncClient, origin: str) -> None:
    made = await asked(db)
    async with program_of(made, app, client, origin) as program:
        api = program.return_and_refund
        body = m.SearchReturnsRequest(update_time_ge=1690000000)
        (one,) = data_of(await api.search_returns(page_size="10", body=body)).return_orders
        assert (one.return_id, one.return_type) == (str(made.id), "REFUND")
        assert one.return_status == "RETURN_OR_REFUND_REQUEST_PENDING"
        assert one.seller_next_action_response[0].deadline > one.create_time
        answer = m.ApproveReturnRequest(decision=m.ApproveReturnRequestDecision.APPROVE_REFUND)
        for _ in range(2):
            await api.approve_return(one.return_id, body=answer, idempotency_key="once")
        assert (await made.now()).state is ReturnState.REFUNDED
        (one,) = data_of(
            await api.search_returns(page_size="10", body=m.SearchReturnsRequest(order_ids=[one.order_id]))
        ).return_orders
        assert one.return_status == "RETURN_OR_REFUND_REQUEST_COMPLETE"
        records = data_of(await api.get_return_records(one.return_id)).records
        assert {record.role for record in records} == {"BUYER", "SELLER"}
        with pytest.raises(TikTokShopError) as late:
            await api.approve_return(one.return_id, body=answer, idempotency_key="twice")
        assert late.value.code == 25001001


async def test_a_return_is_refused_with_a_reason(db: Db, app: FastAPI, client: httpx.AsyncClient, origin: str) -> None:
    made = await asked(db)
    async with program_of(made, app, client, origin) as program:
        api = program.return_and_refund
        reasons = data_of(await api.get_reject_reasons(return_or_cancel_id=str(made.id))).reasons
        body = m.RejectReturnRequest(
            decision=m.RejectReturnRequestDecision.REJECT_REFUND, reject_reason=reasons[0].name, comment="Sesuai foto"
        )
        await api.reject_return(str(made.id), body=body, idempotency_key="1")
        assert (await made.now()).state is ReturnState.REJECTED
