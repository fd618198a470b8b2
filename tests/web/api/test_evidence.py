"""Evidence from native apps: sent first, named in a return, a claim or a message, and shown to the parties alone."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from etalase.foundation.sql import Db
from tests.builders.accounts import make_account
from tests.builders.catalog import picture_bytes
from tests.builders.native import Native, sign_in_natively
from tests.builders.returns import delivered
from tests.builders.stall import Stall, make_stall
from tests.conftest import new_client

MP4 = b"\0\0\0\x18ftypmp42" + b"\0" * 3_000_000
CHECKS = {"address": "right", "neighbors": "asked", "receiver": "unknown"}


@pytest.fixture
async def stall(db: Db) -> Stall:
    return await make_stall(db)


@pytest.fixture
async def native(client: httpx.AsyncClient, stall: Stall) -> Native:
    return await sign_in_natively(client, stall.buyer)


async def sent(native: Native, data: bytes, kind: str = "image/png") -> httpx.Response:
    """The answer to a file that is the body itself."""
    headers = {"Authorization": f"Bearer {native.token}", "Content-Type": kind}
    return await native.client.post("/api/v1/evidence", content=data, headers=headers)


async def kept(native: Native, data: bytes, kind: str = "image/png") -> str:
    answer = await sent(native, data, kind)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["key"])


async def asked(native: Native, order_id: int, keys: list[str]) -> Any:
    """A return of what arrived damaged."""
    found = await native.ask("GET", f"/orders/{order_id}/returnable")
    body = {"kind": "refund_only", "reason": "damaged", "lines": found["lines"], "words": "Sobek", "evidence": keys}
    return await native.ask("POST", f"/orders/{order_id}/returns", body)


async def test_a_return_with_picture_and_video_and_more_said_later(
    app: FastAPI, native: Native, stall: Stall, db: Db
) -> None:
    order = await delivered(stall)
    picture, video = await kept(native, picture_bytes(color="red", kind="PNG")), await kept(native, MP4, "video/mp4")
    made = await asked(native, order.id, [picture, video])
    [case] = (await native.ask("GET", f"/orders/{order.id}/cases"))["cases"]
    assert (case["id"], case["kind"], case["state"], case["is_open"]) == (made["id"], "return", "requested", True)
    assert case["amount"] == made["amount"]
    at = f"/orders/{order.id}/cases/{case['id']}"
    more = await kept(native, picture_bytes(color="blue", kind="PNG"))
    opened = await native.ask("POST", f"{at}/messages", {"words": "Satu lagi", "evidence": [more]})
    assert [(one["author"], one["text"], len(one["files"])) for one in opened["messages"]] == [
        ("buyer", "Sobek", 2), ("buyer", "Satu lagi", 1),
    ]  # fmt: skip
    assert await native.ask("GET", at) == opened
    told = {one["media_type"]: one["url"] for one in opened["messages"][0]["files"]}
    assert set(told) == {"image/webp", "video/mp4"}
    answer = await native.send("GET", told["video/mp4"].removeprefix("/api/v1"))
    assert (answer.headers["content-type"], answer.content) == ("video/mp4", MP4)
    async with new_client(app) as other:
        stranger = await sign_in_natively(other, await make_account(db))
        for path in (at, *(url.removeprefix("/api/v1") for url in told.values())):
            assert (await stranger.code("GET", path))[0] == 404
        assert (await stranger.code("POST", f"{at}/messages", {"words": "x"}))[0] == 404


async def test_a_claim_for_what_never_came(native: Native, stall: Stall) -> None:
    order = await delivered(stall)
    key = await kept(native, picture_bytes(color="red", kind="PNG"))
    claim = {"checks": CHECKS, "words": "Paket tidak pernah sampai.", "evidence": [key]}
    wrong = await native.send("POST", f"/orders/{order.id}/claims", claim | {"checks": {}})
    assert {one["field"] for one in wrong.json()["errors"]} == {f"checks.{name}" for name in CHECKS}
    assert (await native.code("POST", f"/orders/{order.id}/claims", claim | {"words": "x"})) == (422, "not_valid")
    made = await native.ask("POST", f"/orders/{order.id}/claims", claim)
    assert (made["kind"], made["state"], len(made["messages"][0]["files"])) == ("claim", "asked", 1)
    assert await native.code("POST", f"/orders/{order.id}/claims", claim) == (409, "not_claimable")
    at = f"/orders/{order.id}/cases/{made['id']}/messages"
    assert len((await native.ask("POST", at, {"words": "Tolong dicek."}))["messages"]) == 2
    assert await native.code("POST", at, {}) == (422, "not_valid")


async def test_what_is_no_evidence_is_refused(native: Native, stall: Stall) -> None:
    order = await delivered(stall)
    for data, code in ((b"", "empty"), (b"no picture", "not_a_picture")):
        assert (await sent(native, data)).json()["errors"] == [{"field": "body", "code": code}]
    assert (await sent(native, MP4[:12] + b"\0" * (50 << 20), "video/mp4")).status_code == 413
    assert (await sent(Native(native.client), b"x")).status_code == 401
    found = await native.ask("GET", f"/orders/{order.id}/returnable")
    body = {"kind": "refund_only", "reason": "damaged", "lines": found["lines"]}
    for keys, code in (["f" * 64 + ".webp"], "not_kept"), (["../../secret_key"], "not_kept"):
        answer = await native.send("POST", f"/orders/{order.id}/returns", body | {"evidence": keys})
        assert answer.json()["errors"] == [{"field": "evidence", "code": code}]
    videos = [await kept(native, MP4 + bytes([number]), "video/mp4") for number in range(2)]
    answer = await native.send("POST", f"/orders/{order.id}/returns", body | {"evidence": videos})
    assert answer.json()["errors"] == [{"field": "evidence", "code": "too_many"}]
