"""Claims through the pages of buyer, seller and operator."""

import io

import httpx
import pytest
from fastapi import FastAPI
from PIL import Image

from etalase.foundation.sql import Db
from etalase.journeys.claims import queries
from etalase.journeys.claims.rules import Claim, ClaimState
from tests.builders.accounts import make_account
from tests.builders.claims import CHECKS, TEXT, claim_now, not_received, to_zero
from tests.builders.stall import Stall, make_stall
from tests.builders.web import post, sign_in
from tests.conftest import new_client


@pytest.fixture
async def stall(db: Db) -> Stall:
    return await make_stall(db)


@pytest.fixture
async def buyer(client: httpx.AsyncClient, stall: Stall) -> httpx.AsyncClient:
    """The buyer's browser."""
    await sign_in(client, stall.buyer)
    return client


def a_picture() -> tuple[str, bytes, str]:
    """A photograph as a phone sends it."""
    made = io.BytesIO()
    Image.new("RGB", (320, 240), "gray").save(made, "JPEG")
    return "door.jpg", made.getvalue(), "image/jpeg"


async def the_claim(stall: Stall, order_id: int) -> Claim:
    async with stall.db.for_shop(stall.shop.shop_id).reading() as tx:
        return (await queries.claims_of_order(tx, shop_id=stall.shop.shop_id, order_id=order_id))[0]


async def test_a_buyer_goes_through_the_guided_check(buyer: httpx.AsyncClient, stall: Stall) -> None:
    order = await stall.delivered()
    page = await buyer.get(f"/orders/{order.id}")
    assert f"/orders/{order.id}/claim" in page.text
    assert "Covered until" in page.text
    guide = await buyer.get(f"/orders/{order.id}/claim")
    assert "Jalan Dago" in guide.text
    assert "within 48 hours" in guide.text
    short = await post(buyer, f"/orders/{order.id}/claim", {**CHECKS, "text": "no"})
    assert (short.status_code, "at least ten characters" in short.text) == (422, True)
    unasked = await post(buyer, f"/orders/{order.id}/claim", {"text": TEXT, "address": "right"})
    assert (unasked.status_code, "three questions" in unasked.text, TEXT in unasked.text) == (422, True, True)
    sent = await post(buyer, f"/orders/{order.id}/claim", {**CHECKS, "text": TEXT}, files={"files": a_picture()})
    claim = await the_claim(stall, order.id)
    assert (sent.status_code, sent.headers["location"]) == (303, f"/orders/{order.id}/claims/{claim.id}")
    shown = await buyer.get(sent.headers["location"])
    assert TEXT in shown.text
    assert "Seller asked" in shown.text
    assert "Held while the claim is open" in (await buyer.get(f"/orders/{order.id}")).text
    again = await buyer.get(f"/orders/{order.id}/claim")
    assert again.headers["location"] == f"/orders/{order.id}/claims/{claim.id}"


async def test_evidence_is_for_the_three_parties_alone(
    app: FastAPI, buyer: httpx.AsyncClient, stall: Stall, db: Db
) -> None:
    order = await stall.delivered()
    await post(buyer, f"/orders/{order.id}/claim", {**CHECKS, "text": TEXT}, files={"files": a_picture()})
    claim = await the_claim(stall, order.id)
    page = (await buyer.get(f"/orders/{order.id}/claims/{claim.id}")).text
    address = page.split(f"/orders/{order.id}/cases/{claim.id}/files/")[1].split('"')[0]
    file = await buyer.get(f"/orders/{order.id}/cases/{claim.id}/files/{address}")
    assert (file.status_code, file.headers["content-type"]) == (200, "image/webp")
    async with new_client(app) as other:
        await sign_in(other, await make_account(db))
        assert (await other.get(f"/orders/{order.id}/cases/{claim.id}/files/{address}")).status_code == 404
        assert (await other.get(f"/orders/{order.id}/claims/{claim.id}")).status_code == 404
        assert (await post(other, f"/orders/{order.id}/claims/{claim.id}", {"action": "withdraw"})).status_code == 404
        assert (await other.get(f"/seller/cases/{claim.id}/files/{address}")).status_code == 404
    async with new_client(app) as seller:
        await sign_in(seller, stall.seller)
        assert (await seller.get(f"/seller/cases/{claim.id}/files/{address}")).status_code == 200
    broken = await post(
        buyer, f"/orders/{order.id}/claims/{claim.id}", {"action": "say", "text": "Look"},
        files={"files": ("door.jpg", b"no picture", "image/jpeg")},
    )  # fmt: skip
    assert broken.status_code == 303
    assert "could not be read" in (await buyer.get(broken.headers["location"])).text


async def test_seller_and_operator_come_to_an_end(app: FastAPI, buyer: httpx.AsyncClient, stall: Stall, db: Db) -> None:
    claim = await not_received(stall, await stall.delivered())
    operator = await make_account(db, name="Oki", is_operator=True)
    async with new_client(app) as seller, new_client(app) as desk:
        await sign_in(seller, stall.seller)
        await sign_in(desk, operator)
        assert f"/seller/claims/{claim.id}" in (await seller.get("/seller/claims")).text
        page = (await seller.get(f"/seller/claims/{claim.id}")).text
        assert "Claim it from the carrier" in page
        refused = await post(
            seller, f"/seller/claims/{claim.id}", {"action": "refuse", "text": "The courier has a picture of it."}
        )
        assert refused.status_code == 303
        assert (await claim_now(stall, claim.id)).state is ClaimState.EVIDENCE
        place = f"/operator/disputes/{claim.shop_id}/{claim.id}"
        assert place in (await desk.get("/operator/disputes?queue=wait")).text
        early = await post(desk, place, {"ruling": "grant:no_proof", "text": "Nobody signed for it."})
        assert early.status_code == 409
        await to_zero(db)
        assert place in (await desk.get("/operator/disputes")).text
        assert (await post(desk, place, {"ruling": "grant:handed_over", "text": "Nobody signed."})).status_code == 422
        decided = await post(desk, place, {"ruling": "grant:no_proof", "text": "Nobody signed for it."})
        assert decided.status_code == 303
        trail = (await desk.get(place)).text
        assert f"Operator {operator.id}" in trail
        assert "The courier has a picture of it." in trail
        accepted = await post(seller, f"/seller/claims/{claim.id}", {"action": "accept"})
        assert accepted.status_code == 303
    ended = await claim_now(stall, claim.id)
    assert (ended.state, ended.outcome) == (ClaimState.CLOSED, "granted")
    shown = (await buyer.get(f"/orders/{claim.order_id}/claims/{claim.id}")).text
    assert "Nobody signed for it." in shown


async def test_the_product_page_says_what_is_covered(client: httpx.AsyncClient, stall: Stall) -> None:
    page = (await client.get(f"/p/{stall.shop.shop_id}/{stall.product.id}")).text
    assert "Buyer protection" in page
    assert "7 days after delivery" in page


async def test_insurance_is_chosen_at_checkout(buyer: httpx.AsyncClient, stall: Stall) -> None:
    await post(
        buyer, "/cart/lines", {"shop_id": str(stall.shop.shop_id), "variant_id": str(stall.product.variant_id), "quantity": "2"}
    )  # fmt: skip
    plain = (await buyer.get("/checkout")).text
    assert "Insure this shipment" in plain
    chosen = (await buyer.get(f"/checkout?insurance-{stall.shop.shop_id}=yes")).text
    seen = [int(page.split('name="total_seen" value="')[1].split('"')[0]) for page in (plain, chosen)]
    assert seen[1] - seen[0] == 500


async def test_the_money_desk_has_nothing_to_do(client: httpx.AsyncClient, db: Db) -> None:
    await sign_in(client, await make_account(db, name="Oki", is_operator=True))
    page = (await client.get("/operator/money")).text
    assert "No refund is late." in page
    assert "No payment has failed" in page
