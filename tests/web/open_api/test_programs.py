"""The programs of "Point your connector here" really sign and ask, each in its own language, where that is installed."""

import asyncio
import os
import shutil
import time
from urllib.parse import urlencode, urlsplit

import pytest

from etalase.commerce.apps.actions import Tokens
from etalase.foundation.sql import Db
from etalase.settings import Settings
from etalase.web.developer.samples import FOLDER, SAMPLES, Sample
from etalase.web.server import without_offer
from tests.builders.accounts import MadeShop, make_shop
from tests.builders.open_api import Connector, MadeApp, make_app, make_tokens, signature
from tests.builders.stall import make_stall

PATIENCE_S = 120


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.language)
async def test_the_program_asks_for_orders(
    sample: Sample,
    db: Db,
    settings: Settings,
    origin: str,
    shop: MadeShop,
) -> None:
    runtime = sample.command.split()[0]
    if shutil.which(runtime) is None:
        pytest.skip(f"{runtime} is not installed")
    second = await make_shop(db, owner=shop.owner)  # so that the program has to say which one it means
    orders = [await (await make_stall(db, shop=one)).ready() for one in (shop, second)]
    made: MadeApp = await make_app(db, settings)
    tokens: Tokens = await make_tokens(db, made, shop, second)
    told = {"ORIGIN": origin, "APP_KEY": made.key, "APP_SECRET": made.secret, "ACCESS_TOKEN": tokens.access_token}
    process = await asyncio.create_subprocess_exec(
        *sample.words, cwd=FOLDER, env=os.environ | told | {"PYTHONDONTWRITEBYTECODE": "1"},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    output, _ = await asyncio.wait_for(process.communicate(), PATIENCE_S)
    said = output.decode()
    assert process.returncode == 0, said
    assert shop.name in said
    assert any(str(order.id) in said for order in orders), said


def test_an_offer_of_http2_is_passed_over_and_nothing_else_is_touched() -> None:
    asked = (
        b"POST /x HTTP/1.1\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHost: a\r\n\r\nUpgrade: h2c\r\n"
    )
    assert without_offer(asked) == asked.replace(b"Upgrade: h2c\r\n", b"", 1)
    for other in (b'{"text": "\r\nUpgrade: h2c\r\n"}', b"POST /x HTTP/1.1\r\nHost: a\r\n\r\nUpgrade: h2c\r\n"):
        assert without_offer(other) == other


@pytest.mark.parametrize("at", ["P", "POST /", "Upgr", "Settings", "Upgrade: h", "h2c", "X-Last", "\r\n\r\n", "{"])
async def test_an_offer_of_http2_may_come_in_two_pieces(connector: Connector, origin: str, at: str) -> None:
    path, body, now = "/order/202309/orders/search", b"{}", str(int(time.time()))
    pairs = [("app_key", connector.key), ("timestamp", now), ("shop_cipher", connector.cipher)]
    query = urlencode([*pairs, ("sign", signature(connector.secret, path, pairs, body))])
    head = (
        f"POST {path}?{query} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nContent-Length: 2\r\n"
        f"HTTP2-Settings: AAEAAEAA\r\nUpgrade: h2c\r\nx-tts-access-token: {connector.token}\r\nX-Last: 1\r\n\r\n"
    )
    sent = head.encode() + body
    cut = max(sent.find(at.encode()), 0) + len(at)
    reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(origin).port)
    for _ in range(2):  # on one connection
        for piece in (sent[:cut], sent[cut:]):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.02)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = int(answer.lower().split(b"content-length: ")[1].split(b"\r")[0])
        assert b'"code":0' in await reader.readexactly(length)
    writer.close()
