"""What travels because of a return, by its pages: labels of the buyer, replacements of the shop, strangers who find nothing."""

import httpx
import pytest
from fastapi import FastAPI

from etalase.commerce.shipping import bookings
from etalase.foundation.facts.model import CARRIER
from etalase.foundation.sql import Db
from etalase.journeys.returns import actions
from etalase.journeys.returns.rules import Kind, ReturnState
from etalase.settings import Settings
from tests.builders.accounts import make_account
from tests.builders.returns import Asked, asked, in_state
from tests.builders.shipping import a_number
from tests.builders.web import post, sign_in
from tests.conftest import new_client


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A carrier is set up, so that labels can be had; nobody asks it here."""
    return settings.model_copy(update={"carrier_url": "http://127.0.0.1:9"})


async def numbered(db: Db, made: Asked) -> str:
    """The carrier answers with a number."""
    sent, number = await made.parcel(), a_number()
    await bookings.booked(db, shop_id=sent.shop_id, parcel_id=sent.id, tracking_number=number, by=CARRIER)
    return number


async def test_a_buyer_gets_a_label_and_follows_it(client: httpx.AsyncClient, app: FastAPI, db: Db) -> None:
    made = await in_state(db, ReturnState.AWAITING_RETURN)
    here = f"/orders/{made.order.id}/returns/{made.id}"
    await sign_in(client, made.stall.buyer)
    label = {"verb": "label", "carrier": "jne", "method": "drop_off"}
    for wrong in ({"carrier": "nobody"}, {"method": "by_pigeon"}, {"method": ""}):
        assert (await post(client, here, label | wrong)).status_code == 422
    assert (await client.get(f"{here}/label")).status_code == 404
    assert (await post(client, here, label)).status_code == 303
    assert (await post(client, here, label)).status_code == 422, "one label at a time"
    number = await numbered(db, made)
    page = (await client.get(here)).text
    assert number in page
    assert f"{here}/label" in page
    printed = await client.get(f"{here}/label")
    assert (printed.headers["content-type"], printed.content[:4]) == ("application/pdf", b"%PDF")
    sent = await made.parcel()
    for shown in (f"/orders/{made.order.id}", f"/orders/{made.order.id}/tracking?parcel={sent.id}"):
        assert number in (await client.get(shown)).text
        assert "Way back" in (await client.get(shown)).text
    for stranger in (made.stall.seller, await make_account(db, name="Stranger")):
        async with new_client(app) as browser:
            await sign_in(browser, stranger)
            assert (await browser.get(f"{here}/label")).status_code == 404
            assert (await post(browser, f"/seller/parcels/{sent.id}/cancellation")).status_code in (403, 404)
    await post(client, here, {"verb": "undo_label", "parcel": str(sent.id)})
    assert (await client.get(f"{here}/label")).status_code == 404
    own = {"verb": "send_back", "carrier": "jne", "tracking_number": "12"}
    assert (await post(client, here, own)).status_code == 422
    assert (await post(client, here, own | {"tracking_number": a_number()})).status_code == 303
    assert (await made.now()).state is ReturnState.RETURNING


async def test_a_shop_sends_a_replacement_as_other_parcels(client: httpx.AsyncClient, db: Db) -> None:
    made = await asked(db, kind=Kind.RESHIP)
    await actions.approve(db, made.seller)
    desk, order = f"/seller/returns/{made.id}", f"/seller/orders/{made.order.id}"
    await sign_in(client, made.stall.seller)
    replace = {"verb": "replace", "carrier_service": "jne:reg", "method": "own_number", "tracking_number": "1"}
    assert (await post(client, desk, replace)).status_code == 422
    assert (await post(client, desk, replace | {"method": "pickup"})).status_code == 303
    first = await made.parcel()
    number = await numbered(db, made)
    for page in (desk, order):
        assert number in (await client.get(page)).text
    papers = await post(client, "/seller/papers", {"parcel": str(first.id), "papers": "both"})
    assert "/seller/papers?" in papers.headers["location"]
    assert (await client.get(papers.headers["location"])).content[:4] == b"%PDF"
    undone = await post(client, f"/seller/parcels/{first.id}/cancellation")
    assert undone.status_code == 303
    assert (await post(client, desk, replace | {"tracking_number": a_number()})).status_code == 303
    second = await made.parcel()
    assert second.id != first.id
    assert (await post(client, desk, {"verb": "undo_replacement", "parcel": str(first.id)})).status_code == 404
    await bookings.not_followed(db, shop_id=second.shop_id, parcel_id=second.id)
    assert "I handed it over" in (await client.get(order)).text, "where no carrier reports, the shop tells"
    await post(client, desk, {"verb": "undo_replacement", "parcel": str(second.id)})
    assert (await post(client, desk, {"verb": "refund_instead"})).status_code == 303
    assert (await made.now()).outcome == "no_stock"
