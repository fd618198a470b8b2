"""Many orders at once, split and combined parcels, papers, and tracking for whoever has the link."""

import httpx
import pytest
from fastapi import FastAPI

from etalase.commerce.accounts import queries as accounts
from etalase.commerce.orders.rules import State
from etalase.commerce.shipping import plans, queries, tracking
from etalase.commerce.shipping.plans import Plan
from etalase.commerce.shipping.queries import Parcel
from etalase.foundation.facts import Actor
from etalase.foundation.ids import new_id
from etalase.foundation.sql import Db
from etalase.settings import Settings
from etalase.web import shared_tracking
from tests.builders.accounts import make_account, make_shop
from tests.builders.shipping import Ready, a_report, arranged, order_now, parcel_now, ready_order
from tests.builders.web import post, sign_in
from tests.conftest import new_client

SELLER = Actor.seller(1)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """An installation that is connected to a carrier, which does not answer."""
    return settings.model_copy(update={"carrier_url": "http://127.0.0.1:9"})


@pytest.fixture
async def ready(db: Db) -> list[Ready]:
    """Three orders to be shipped, the first two of one buyer."""
    seller, buyer = await make_account(db, name="Pak Budi"), await make_account(db, name="Rina")
    shop = await make_shop(db, owner=seller)
    keys = (shop.shop_id, seller.id)
    return [
        await ready_order(db, shop=keys, buyer_id=buyer.id),
        await ready_order(db, shop=keys, buyer_id=buyer.id),
        await ready_order(db, shop=keys),
    ]


@pytest.fixture
async def seller(client: httpx.AsyncClient, db: Db, ready: list[Ready]) -> httpx.AsyncClient:
    async with db.any().reading() as tx:
        account = await accounts.account(tx, ready[0].seller_id)
    assert account is not None
    await sign_in(client, account)
    return client


async def plans_of(db: Db, ready: Ready) -> list[Plan]:
    async with db.for_shop(ready.shop_id).reading() as tx:
        return await plans.plans_of_orders(tx, shop_id=ready.shop_id, order_ids=[ready.order_id])


async def parcels_of(db: Db, ready: Ready) -> list[Parcel]:
    async with db.for_shop(ready.shop_id).reading() as tx:
        return await queries.parcels_of_order(tx, shop_id=ready.shop_id, order_id=ready.order_id)


async def test_ticked_orders_are_arranged_and_the_report_names_the_rest(
    seller: httpx.AsyncClient, db: Db, ready: list[Ready]
) -> None:
    listed = await seller.get("/seller/orders?tab=ready")
    for words in ("Arrange ticked orders", "Arrange all that fit", 'form="arrange-several"', "1 buyer has several"):
        assert words in listed.text
    stranger = await ready_order(db)
    await arranged(db, ready[2])
    ids = [str(one.order_id) for one in (*ready, stranger)]
    form = await seller.get("/seller/shipping", params={"order": ids})
    assert "2 orders" in form.text
    assert "2 of the chosen orders are not ready to ship" in form.text
    sent: dict[str, str | list[str]] = {"order": ids, "method": "pickup"}
    first = await post(seller, "/seller/shipping", sent)
    again = await post(seller, "/seller/shipping", sent)
    assert first.headers["location"] == again.headers["location"]
    report = await seller.get(again.headers["location"])
    assert "3 of 4 parcels arranged." in report.text
    assert "It is not an order of this shop." in report.text
    assert [len(await parcels_of(db, one)) for one in ready] == [1, 1, 1]
    assert (await order_now(db, stranger)).state is State.AWAITING_SHIPMENT


async def test_all_that_fit_are_chosen_by_the_filter(seller: httpx.AsyncClient, ready: list[Ready]) -> None:
    page = await seller.get("/seller/shipping?all=1&tab=ready")
    assert all(f'name="order" value="{one.order_id}"' in page.text for one in ready)
    nobody = await seller.get("/seller/shipping?all=1&q=nobodyhasthis")
    assert nobody.headers["location"] == "/seller/orders?tab=ready"


async def test_without_a_way_of_handing_over_nothing_is_arranged(
    seller: httpx.AsyncClient, db: Db, ready: list[Ready]
) -> None:
    answer = await post(seller, "/seller/shipping", {"order": [str(ready[0].order_id)], "method": "pigeon"})
    assert answer.status_code == 422
    assert "Choose pick-up or drop-off." in answer.text
    assert await parcels_of(db, ready[0]) == []


async def test_an_order_is_split_arranged_in_part_and_joined_again(
    seller: httpx.AsyncClient, db: Db, ready: list[Ready]
) -> None:
    order = ready[0]
    url = f"/seller/orders/{order.order_id}/splitting"
    assert "Parcel 2 takes what is left." in (await seller.get(url)).text
    field = f"units-1-{order.lines[0]}"
    for amount, words in (("0", "Everything would be in one parcel."), ("9", "There are fewer units"), ("x", "fewer")):
        refused = await post(seller, url, {"parcels": "2", field: amount})
        assert refused.status_code == 422
        assert words in refused.text
    done = await post(seller, url, {"parcels": "2", field: "1"})
    assert done.headers["location"] == f"/seller/orders/{order.order_id}#plans"
    page = await seller.get(f"/seller/orders/{order.order_id}")
    assert "Planned parcel 2" in page.text
    first, second = await plans_of(db, order)
    shipping = f"/seller/plans/{first.id}/shipping"
    assert "This is one of the parcels the order was split into." in (await seller.get(shipping)).text
    sent = {"method": "drop_off", "carrier_service": "jne:reg"}
    for _ in range(2):
        assert (await post(seller, shipping, sent)).headers["location"] == f"/seller/orders/{order.order_id}"
    assert [parcel.units for parcel in await parcels_of(db, order)] == [{order.lines[0]: 1}]
    assert (await seller.get(f"/seller/orders/{order.order_id}/shipping")).status_code == 303
    await post(seller, f"/seller/orders/{order.order_id}/rejoining")
    assert await plans_of(db, order) == []
    assert (await post(seller, f"/seller/plans/{second.id}/shipping", sent)).status_code == 404


async def test_orders_of_one_buyer_are_combined_and_taken_apart(
    seller: httpx.AsyncClient, db: Db, ready: list[Ready]
) -> None:
    first, second, other = ready
    offered = await seller.get("/seller/combining")
    assert all(f'value="{one.order_id}"' in offered.text for one in (first, second))
    assert f'value="{other.order_id}"' not in offered.text
    refused = await post(seller, "/seller/combining", {"order": [str(first.order_id), str(other.order_id)]})
    assert "not of the same buyer" in (await seller.get(refused.headers["location"])).text
    pair = {"order": [str(first.order_id), str(second.order_id)]}
    done = await post(seller, "/seller/combining", pair)
    [plan] = await plans_of(db, first)
    assert done.headers["location"] == f"/seller/plans/{plan.id}/shipping"
    page = await seller.get(f"/seller/orders/{second.order_id}")
    assert f'href="/seller/orders/{first.order_id}"' in page.text
    for _ in range(2):
        answer = await post(seller, f"/seller/plans/{plan.id}/uncombining", {"order": str(second.order_id)})
        assert answer.headers["location"] == f"/seller/orders/{second.order_id}"
    assert await plans_of(db, first) == []
    await post(seller, "/seller/combining", pair)
    [plan] = await plans_of(db, first)
    await post(seller, f"/seller/plans/{plan.id}/shipping", {"method": "pickup", "carrier_service": "jne:reg"})
    [parcel] = await parcels_of(db, second)
    assert parcel.order_ids == (first.order_id, second.order_id)
    assert "Combined with:" in (await seller.get(f"/seller/orders/{second.order_id}")).text


async def test_papers_are_printed_and_marked(seller: httpx.AsyncClient, db: Db, ready: list[Ready]) -> None:
    numbered = await arranged(db, ready[0])
    waiting = await arranged(db, ready[1], method="pickup", tracking_number=None)
    foreign = await arranged(db, await ready_order(db))
    ids = [str(parcel.id) for parcel in (numbered, waiting, foreign)]
    answer = await post(seller, "/seller/papers", {"parcel": ids, "papers": "both", "size": "a4"})
    assert answer.headers["location"] == f"/seller/papers?parcels={numbered.id}&papers=both&size=a4"
    pdf = await seller.get(answer.headers["location"])
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-")
    kept = await parcel_now(db, numbered)
    assert kept.label_printed_at
    assert kept.slip_printed_at
    assert (await parcel_now(db, waiting)).label_printed_at is None
    assert (await parcel_now(db, foreign)).label_printed_at is None
    assert "Label printed on" in (await seller.get(f"/seller/orders/{ready[0].order_id}")).text
    by_order = await post(seller, "/seller/papers", {"order": [str(ready[0].order_id)]})
    assert by_order.headers["location"] == f"/seller/papers?parcels={numbered.id}&papers=labels&size=a6"
    for url in (f"/seller/papers?parcels={foreign.id}", f"/seller/papers?parcels={waiting.id}", "/seller/papers"):
        assert (await seller.get(url)).status_code == 404
    nothing = await post(seller, "/seller/papers", {"parcel": [str(waiting.id)], "back": "/seller/orders"})
    assert nothing.headers["location"] == "/seller/orders"


async def test_shared_tracking_says_where_and_nobody_who(
    app: FastAPI, seller: httpx.AsyncClient, db: Db, ready: list[Ready], settings: Settings
) -> None:
    order = ready[0]
    parcel = await arranged(db, order)
    for status, hours in (("collected", 1), ("delivered", 20)):
        report = a_report(parcel, status, hours=hours, place="Gudang Pak Joko, Kota Bandung", receiver="Ibu Tuti")
        await tracking.record_tracking(db, report, vendor="x", parcel=(parcel.shop_id, parcel.id))
    token = shared_tracking.token_of(settings, shop_id=order.shop_id, order_id=order.order_id)
    assert f"/t/{token}" in (await seller.get(f"/seller/orders/{order.order_id}")).text
    async with new_client(app) as nobody:
        page = await nobody.get(f"/t/{token}")
        assert page.status_code == 200
        assert page.headers["x-robots-tag"] == "noindex, nofollow"
        for words in ("Delivered", "Collected by the courier", "Kota Bandung", "Kota Jakarta Pusat", "JNE"):
            assert words in page.text
        for secret in ("Rina", "Wijaya", "Tuti", "Joko", "Merdeka", "+628123456789", str(order.order_id)):
            assert secret not in page.text, secret
        swapped = shared_tracking.token_of(settings, shop_id=order.shop_id, order_id=new_id())
        for wrong in (token[:-1] + ("A" if token[-1] != "A" else "Q"), token[:20], "x", "%00", swapped, token + "AAAA"):
            assert (await nobody.get(f"/t/{wrong}")).status_code == 404, wrong


async def test_the_buyer_shares_the_same_link(app: FastAPI, db: Db, ready: list[Ready], settings: Settings) -> None:
    await arranged(db, ready[0])
    async with db.any().reading() as tx:
        buyer = await accounts.account(tx, ready[0].buyer_id)
    assert buyer is not None
    async with new_client(app) as visitor:
        await sign_in(visitor, buyer)
        token = shared_tracking.token_of(settings, shop_id=ready[0].shop_id, order_id=ready[0].order_id)
        assert f"/t/{token}" in (await visitor.get(f"/orders/{ready[0].order_id}")).text
