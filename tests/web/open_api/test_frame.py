"""The frame of the Open API: signatures, envelope, versions, parameters, repeats, limits, pages."""

import httpx
import pytest
from fastapi import FastAPI

from etalase.foundation.sql import Db
from tests.builders.accounts import MadeShop, make_shop
from tests.builders.open_api import Connector, make_connector


@pytest.fixture
async def shop(db: Db) -> MadeShop:
    return await make_shop(db)


@pytest.fixture
async def connector(db: Db, app: FastAPI, client: httpx.AsyncClient, shop: MadeShop) -> Connector:
    return await make_connector(db, app, client, shop)


async def test_an_answer_has_its_envelope(connector: Connector, shop: MadeShop) -> None:
    answer = await connector.send("GET", "/authorization/202309/shops")
    told = answer.json()
    assert answer.status_code == 200
    assert (told["code"], told["message"]) == (0, "Success")
    assert told["request_id"] == answer.headers["x-tts-logid"]
    assert [one["id"] for one in told["data"]["shops"]] == [str(shop.shop_id)]
    assert told["data"]["shops"][0]["cipher"] == connector.cipher
