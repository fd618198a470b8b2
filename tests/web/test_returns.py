"""Returns by their pages: asking, answering, bad files that lose nothing, strangers who find nothing."""

import httpx
import pytest
from fastapi import FastAPI

from etalase.commerce.evidence import queries as evidence
from etalase.foundation.sql import Db
from etalase.journeys.returns import actions, queries
from etalase.journeys.returns.rules import OPEN, Kind, ReturnState
from tests.builders.accounts import make_account
from tests.builders.catalog import picture_bytes
from tests.builders.returns import Asked, asked, delivered, in_state, line_of
from tests.builders.shipping import a_number
from tests.builders.stall import make_stall
from tests.builders.web import own_statements_of, post, sign_in
from tests.conftest import new_client

JPEG = ("sobek.jpg", picture_bytes(), "image/jpeg")


def page_of(made: Asked) -> str:
    return f"/orders/{made.order.id}/returns/{made.id}"


@pytest.mark.parametrize("locale", ["en", "id"])
async def test_asking_step_by_step(client: httpx.AsyncClient, db: Db, locale: str) -> None:
    stall = await make_stall(db)
    order = await delivered(stall, units=2)
    line = await line_of(stall, order)
    field = f"units-{line.id}"
    await sign_in(client, stall.buyer)
    client.cookies.set("locale", locale)
    here = f"/orders/{order.id}/returns"
    assert f"{here}/new" in (await client.get(f"/orders/{order.id}")).text
    assert f'name="{field}"' in (await client.get(f"{here}/new")).text
    assert 'role="alert"' in (await client.get(f"{here}/new?{field}=9&reason=damaged")).text
    preview = (await client.get(f"{here}/new?{field}=1&reason=damaged")).text
    assert ("Rp65,000" if locale == "en" else "Rp65.000") in preview
    sent = {field: "1", "reason": "damaged", "kind": "refund_only", "words": "Sobek"}
    missing = await post(client, here, sent, files={"evidence": ("", b"", "application/octet-stream")})
    assert missing.status_code == 422
    assert "Sobek" in missing.text
    done = await post(client, here, sent, files={"evidence": JPEG})
    assert (done.status_code, done.headers["location"].startswith(f"{here}/")) == (303, True)
    page = await client.get(done.headers["location"])
    assert "Sobek" in page.text
    assert "/files/" in page.text
    tab = await client.get("/orders?tab=returns")
    assert str(order.id) in tab.text


@pytest.mark.parametrize(
    "bad",
    [
        ("kuitansi.pdf", b"%PDF-1.7", "application/pdf"),
        ("kosong.jpg", b"", "image/jpeg"),
        ("besar.jpg", b"\xff\xd8\xff" + b"0" * (10 * 1024 * 1024 + 1), "image/jpeg"),
        ("svg.png", b"<svg onload='alert(1)'/>", "image/png"),
    ],
    ids=lambda bad: str(bad[0]),
)
async def test_bad_files_are_refused_and_nothing_is_lost(
    client: httpx.AsyncClient, db: Db, bad: tuple[str, bytes, str]
) -> None:
    stall = await make_stall(db)
    order = await delivered(stall)
    line = await line_of(stall, order)
    await sign_in(client, stall.buyer)
    here = f"/orders/{order.id}/returns"
    sent: dict[str, str | list[str]] = {
        f"units-{line.id}": "1", "reason": "damaged", "kind": "refund_only", "words": "Jahitan lepas",
    }  # fmt: skip
    token = (await client.get("/orders")).cookies.get("csrf") or client.cookies["csrf"]
    files = [("evidence", JPEG), ("evidence", bad)]
    refused = await client.post(here, data={"csrf_token": token, **sent}, files=files)
    assert refused.status_code == 422
    assert bad[0] in refused.text
    assert "Jahitan lepas" in refused.text
    kept = refused.text.split('name="kept" value="')[1].split('"')[0]
    done = await post(client, here, sent | {"kept": kept}, files={"evidence": ("", b"", "application/octet-stream")})
    assert done.status_code == 303, "the good picture had not to be sent again"


async def test_a_bad_file_in_a_message_keeps_its_words(client: httpx.AsyncClient, db: Db) -> None:
    made = await asked(db)
    await sign_in(client, made.stall.buyer)
    sent = {"verb": "message", "words": "Lihat ini"}
    refused = await post(client, page_of(made), sent, files={"evidence": ("a.pdf", b"%PDF", "application/pdf")})
    assert refused.status_code == 422
    assert "Lihat ini" in refused.text
    done = await post(client, page_of(made), sent, files={"evidence": JPEG})
    assert done.status_code == 303
    async with db.any().reading() as tx:
        said = await evidence.thread_of_case(tx, shop_id=made.order.shop_id, case_id=made.id)
    assert [entry.message.text for entry in said] == ["Sobek di jahitan", "Lihat ini"]
    assert len(said[1].files) == 1


@pytest.mark.parametrize("locale", ["en", "id"])
@pytest.mark.parametrize("state", [*OPEN, ReturnState.REFUNDED])
async def test_every_state_has_its_pages(client: httpx.AsyncClient, db: Db, state: ReturnState, locale: str) -> None:
    if state is ReturnState.REFUNDED:
        made = await asked(db)
        await actions.approve(db, made.seller)
    else:
        made = await in_state(db, state)
    client.cookies.set("locale", locale)
    await sign_in(client, made.stall.buyer)
    for path in ("", "/details"):
        page = await client.get(page_of(made) + path)
        assert page.status_code == 200, page.text[:2000]
        assert ("deadline__label" in page.text) == (state in OPEN)
    assert (await client.get(f"/orders/{made.order.id}")).status_code == 200
    await sign_in(client, made.stall.seller)
    for url in (f"/seller/returns/{made.id}", f"/seller/returns/{made.id}/details", "/seller/returns?tab=open",
                "/seller/returns?tab=closed", f"/seller/orders/{made.order.id}", "/seller"):  # fmt: skip
        assert (await client.get(url)).status_code == 200, url
    queue = await client.get("/seller/returns")
    waits = state in (ReturnState.REQUESTED, ReturnState.RECEIVED, ReturnState.REPLACING)
    assert (f"/seller/returns/{made.id}" in queue.text) == waits
    assert own_statements_of(queue) == ["desk_of_shop", "count_desk"]


async def test_buyer_and_seller_come_to_terms(client: httpx.AsyncClient, app: FastAPI, db: Db) -> None:
    made = await asked(db, kind=Kind.RETURN_AND_REFUND)
    await sign_in(client, made.stall.buyer)
    async with new_client(app) as seller:
        await sign_in(seller, made.stall.seller)
        desk = f"/seller/returns/{made.id}"
        no_words = await post(seller, desk, {"verb": "reject", "reason": "used", "words": ""})
        assert no_words.status_code == 422
        assert (await post(seller, desk, {"verb": "reject", "reason": "used", "words": "Terpakai"})).status_code == 303
        assert (await post(client, page_of(made), {"verb": "contest", "words": "Belum"})).status_code == 303
        too_much = await post(seller, desk, {"verb": "offer", "percent": "95"})
        assert too_much.status_code == 422
        assert (await post(seller, desk, {"verb": "offer", "percent": "40"})).status_code == 303
        assert "Rp30,800" in (await client.get(page_of(made))).text or "40%" in (await client.get(page_of(made))).text
        await post(client, page_of(made), {"verb": "decline_offer"})
        await post(seller, desk, {"verb": "approve"})
        await post(client, page_of(made), {"verb": "send_back", "carrier": "jne", "tracking_number": a_number()})
        received = {"verb": "inspect", f"units-{made.line.id}": "1", "restock": "1"}
        assert (await post(seller, desk, received)).status_code == 303
        late = await post(seller, desk, {"verb": "approve"})
        assert late.status_code == 422
    page = await client.get(page_of(made))
    assert "Back to" in page.text, "the steps of the refund"
    assert (await made.now()).state is ReturnState.REFUNDED


async def test_files_are_shown_to_the_parties_alone(client: httpx.AsyncClient, app: FastAPI, db: Db) -> None:
    stall = await make_stall(db)
    order = await delivered(stall)
    line = await line_of(stall, order)
    await sign_in(client, stall.buyer)
    sent = {f"units-{line.id}": "1", "reason": "damaged", "kind": "refund_only"}
    done = await post(client, f"/orders/{order.id}/returns", sent, files={"evidence": JPEG})
    case_id = int(done.headers["location"].rsplit("/", 1)[1])
    async with db.any().reading() as tx:
        [file] = await evidence.files_of_case(tx, shop_id=order.shop_id, case_id=case_id)
    mine = f"/orders/{order.id}/cases/{case_id}/files/{file.id}"
    theirs = f"/seller/cases/{case_id}/files/{file.id}"
    operators = f"/operator/cases/{order.shop_id}/{case_id}/files/{file.id}"
    shown = await client.get(mine)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/webp")
    assert (await client.get(f"/media/{file.file_key}")).status_code == 404
    other, operator = await make_stall(db), await make_account(db, is_operator=True)
    for account, may in (
        (stall.seller, {theirs}),
        (other.seller, set()),
        (other.buyer, set()),
        (operator, {operators}),
    ):
        async with new_client(app) as browser:
            await sign_in(browser, account)
            found = {url for url in (mine, theirs, operators) if (await browser.get(url)).status_code == 200}
            assert found == may


async def test_the_queue_goes_on_by_its_clock(
    client: httpx.AsyncClient, db: Db, monkeypatch: pytest.MonkeyPatch
) -> None:
    from etalase.web.seller_center import returns
    from tests.builders.returns import ask

    monkeypatch.setattr(returns, "PAGE_SIZE", 1)
    stall = await make_stall(db)
    made = [await ask(stall, await delivered(stall)) for _ in range(2)]
    await sign_in(client, stall.seller)
    first = (await client.get("/seller/returns")).text
    assert f"/seller/returns/{made[0].id}" in first
    assert f"/seller/returns/{made[1].id}" not in first
    more = first.split('hx-get="')[1].split('"')[0].replace("&amp;", "&")
    assert f"/seller/returns/{made[1].id}" in (await client.get(more, headers={"HX-Request": "true"})).text
    everything = (await client.get("/seller/returns?tab=open")).text
    assert f"/seller/returns/{made[1].id}" in everything


async def test_connectors_find_what_changed(db: Db) -> None:
    made = await asked(db)
    before = (await made.now()).updated_at
    await made.reject()
    now = (await made.now()).updated_at
    async with db.any().reading() as tx:
        shop_id, after_id = made.order.shop_id, made.id
        found = await queries.updated_since(
            tx, shop_id=shop_id, after_at=before, after_id=after_id, until=now.replace(year=2100)
        )
        assert [one.id for one in found] == [made.id]
        assert not await queries.updated_since(tx, shop_id=shop_id, after_at=before, after_id=after_id, until=now)


async def test_the_operator_decides(client: httpx.AsyncClient, db: Db) -> None:
    made = await asked(db)
    await made.escalate()
    await sign_in(client, await make_account(db, is_operator=True))
    here = f"/operator/returns/{made.order.shop_id}/{made.id}"
    assert here in (await client.get("/operator/returns")).text
    assert "Tidak sesuai" in (await client.get(here)).text
    for wrong in ({}, {"decision": "part", "percent": "0", "words": "x"}, {"decision": "none", "words": " "}):
        assert (await post(client, here, wrong)).status_code == 422
    done = await post(client, here, {"decision": "part", "percent": "40", "words": "Rusak ringan"})
    assert done.status_code == 303
    assert (await made.now()).decision_percent == 40
    assert (await post(client, here, {"decision": "none", "words": "Lagi"})).status_code == 422
