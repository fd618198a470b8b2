"""What waits for a seller's answer, saved answers, and what comes back and why."""

import csv
import io

import httpx
from fastapi import FastAPI

from etalase.foundation.facts import Actor
from etalase.foundation.sql import Db
from etalase.journeys.claims import answering
from etalase.journeys.returns import actions
from etalase.journeys.returns.rules import ReturnState
from tests.builders.accounts import make_account
from tests.builders.claims import not_received
from tests.builders.returns import ask, asked, delivered, in_state
from tests.builders.stall import make_stall
from tests.builders.web import own_statements_of, post, sign_in
from tests.conftest import new_client

WORDS = "Maaf, kami kirim penggantinya hari ini."


async def test_claims_and_returns_wait_among_what_needs_action_by_their_clocks(
    client: httpx.AsyncClient, db: Db
) -> None:
    stall = await make_stall(db)
    returned = await ask(stall, await delivered(stall))
    claim = await not_received(stall, await stall.delivered())
    await sign_in(client, stall.seller)
    for path in ("/seller", "/seller/returns", "/seller/orders?tab=action"):
        page = (await client.get(path)).text
        first, second = page.find(f"/seller/returns/{returned.id}"), page.find(f"/seller/claims/{claim.id}")
        assert 0 < first < second, f"{path}: both, the earlier clock first"
        assert page.count("data-due") >= 2, path
    await answering.agree(db, shop_id=claim.shop_id, claim_id=claim.id, by=Actor.seller(stall.seller.id))
    for path in ("/seller", "/seller/returns", "/seller/orders?tab=action"):
        assert f"/seller/claims/{claim.id}" not in (await client.get(path)).text


async def test_what_came_back_to_be_checked_needs_action(client: httpx.AsyncClient, db: Db) -> None:
    made = await in_state(db, ReturnState.RECEIVED)
    await sign_in(client, made.stall.seller)
    assert f"/seller/returns/{made.id}" in (await client.get("/seller/orders?tab=action")).text


async def test_a_saved_answer_is_filled_in_for_its_shop_alone(client: httpx.AsyncClient, app: FastAPI, db: Db) -> None:
    made = await asked(db)
    claim = await not_received(made.stall, await made.stall.delivered())
    await sign_in(client, made.stall.seller)
    here, kept_at = f"/seller/returns/{made.id}", "/seller/answers"
    assert (await post(client, kept_at, {"title": "Ganti", "words": "Lama"})).status_code == 303
    assert (await post(client, kept_at, {"title": " Ganti ", "words": WORDS})).status_code == 303, "replaced"
    for bad in ({"title": "", "words": "x"}, {"title": "x", "words": ""}, {"title": "x", "words": "y" * 501}):
        assert (await post(client, kept_at, bad)).status_code == 422
    page = (await client.get(kept_at)).text
    assert WORDS in page
    assert "Lama" not in page
    answer_id = page.split(f"{kept_at}/")[1].split("/")[0]
    assert WORDS not in (await client.get(here)).text
    assert (await client.get(f"{here}?answer={answer_id}")).text.count(WORDS) == 3, "to offer, to reject, to say"
    assert (await client.get(f"/seller/claims/{claim.id}?answer={answer_id}")).text.count(WORDS) == 2
    stranger = await make_stall(db)
    theirs = await ask(stranger, await delivered(stranger))
    async with new_client(app) as other:
        await sign_in(other, stranger.seller)
        assert WORDS not in (await other.get(kept_at)).text
        assert WORDS not in (await other.get(f"/seller/returns/{theirs.id}?answer={answer_id}")).text
        assert (await post(other, f"{kept_at}/{answer_id}/removal")).status_code == 404
    assert (await post(client, f"{kept_at}/{answer_id}/removal")).status_code == 303
    assert WORDS not in (await client.get(kept_at)).text


async def test_the_operator_keeps_answers_of_its_own(client: httpx.AsyncClient, app: FastAPI, db: Db) -> None:
    made = await in_state(db, ReturnState.ESCALATED)
    await sign_in(client, await make_account(db, is_operator=True))
    await post(client, "/operator/answers", {"title": "Bukti", "words": WORDS})
    answer_id = (await client.get("/operator/answers")).text.split("/operator/answers/")[1].split("/")[0]
    page = await client.get(f"/operator/returns/{made.order.shop_id}/{made.id}?answer={answer_id}")
    assert page.text.count(WORDS) == 1
    async with new_client(app) as other:
        await sign_in(other, made.stall.seller)
        assert WORDS not in (await other.get("/seller/answers")).text
        for path in ("/operator/answers", "/operator/returns/statistics", "/operator/returns/statistics.csv"):
            assert (await other.get(path)).status_code == 404, path
        assert (await post(other, f"/operator/answers/{answer_id}/removal")).status_code == 404


def lines_of(answer: httpx.Response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))[1:]


async def test_what_comes_back_is_counted_by_product_and_reason(client: httpx.AsyncClient, db: Db) -> None:
    stall = await make_stall(db)
    made = await ask(stall, await delivered(stall, units=4), units=2)
    await actions.approve(db, made.seller)
    taken_back = await ask(stall, await delivered(stall))
    await actions.withdraw(db, taken_back.buyer)
    await stall.cancelled()
    await not_received(stall, await stall.delivered())
    await sign_in(client, stall.seller)
    page = await client.get("/seller/returns/statistics")
    assert own_statements_of(page) == ["statistics_of_shop"]
    found = {line[3]: line for line in lines_of(await client.get("/seller/returns/statistics.csv"))}
    title, ordered, sold = "Kopi Gayo 250 g", "7", "6"
    price = 65_000
    assert found["Return"] == [title, ordered, sold, "Return", "It arrived damaged", "1", "2", str(2 * price)]
    assert found["Cancellation"][3:7] == ["Cancellation", "Out of stock", "1", "1"]
    assert found["Claim"][5:] == ["1", "1", "0"]
    assert "50.0%" in page.text, "three of six that were sold"
    other = await make_stall(db)
    await sign_in(client, other.seller)
    assert lines_of(await client.get("/seller/returns/statistics.csv")) == []
    await sign_in(client, await make_account(db, is_operator=True))
    shops = lines_of(await client.get("/operator/returns/statistics.csv"))
    [mine] = [line for line in shops if int(line[6]) > 0]
    assert mine[1:5] == ["4", "1", "1", "1"]
    assert "75.0%" in (await client.get("/operator/returns/statistics")).text
