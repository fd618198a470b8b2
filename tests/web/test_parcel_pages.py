"""Arrange Shipping and Track Shipment, as sellers and buyers of both languages see them."""

from dataclasses import dataclass

import httpx
import pytest
from fastapi import FastAPI

from etalase.commerce.accounts.queries import Account
from etalase.commerce.orders.rules import State
from etalase.commerce.shipping import actions, queries, tracking
from etalase.commerce.shipping.queries import Parcel
from etalase.foundation.facts import Actor
from etalase.foundation.sql import Db
from etalase.integrations.carriers.gateway import VENDOR
from etalase.settings import Settings
from tests.builders.accounts import make_account, make_shop
from tests.builders.shipping import Ready, a_number, a_report, arranged, order_now, parcel_now, ready_order
from tests.builders.web import post, sign_in
from tests.conftest import new_client

SELLER = Actor.seller(1)


@dataclass(frozen=True)
class Cast:
    ready: Ready
    seller: Account
    buyer: Account


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """An installation that is connected to a carrier."""
    return settings.model_copy(update={"carrier_url": "http://127.0.0.1:9"})


@pytest.fixture
async def cast(db: Db) -> Cast:
    """An order to be shipped, its seller and its buyer."""
    seller, buyer = await make_account(db, name="Pak Budi"), await make_account(db, name="Rina")
    shop = await make_shop(db, owner=seller)
    ready = await ready_order(db, shop=(shop.shop_id, seller.id), buyer_id=buyer.id)
    return Cast(ready, seller, buyer)


def shipping_url(ready: Ready) -> str:
    return f"/seller/orders/{ready.order_id}/shipping"


async def parcels(db: Db, ready: Ready) -> list[Parcel]:
    async with db.for_shop(ready.shop_id).reading() as tx:
        return await queries.parcels_of_order(tx, shop_id=ready.shop_id, order_id=ready.order_id)


async def test_the_arrange_page_offers_what_the_buyer_chose(client: httpx.AsyncClient, cast: Cast) -> None:
    await sign_in(client, cast.seller)
    page = await client.get(shipping_url(cast.ready))
    assert page.status_code == 200
    for words in (
        "Arrange Shipping",
        "Shipping method",
        "Pick-up",
        "Drop-off",
        "I have a tracking number",
        "011540032186220",
        "Confirm shipment",
    ):
        assert words in page.text
    assert '<option value="jne:reg" selected>' in page.text
    assert f'name="units-{cast.ready.lines[0]}"' in page.text
    assert " style=" not in page.text


async def test_the_arrange_page_in_indonesian(client: httpx.AsyncClient, cast: Cast, db: Db) -> None:
    await sign_in(client, cast.seller)
    client.headers["Accept-Language"] = "id"
    async with db.any().transaction() as tx:
        await tx.connection.execute("UPDATE accounts SET locale = 'id' WHERE id = %s", (cast.seller.id,))
    await post(client, "/language", {"locale": "id", "next": "/"})
    page = await client.get(shipping_url(cast.ready))
    assert "Atur Pengiriman" in page.text
    for english in ("Shipping method", "Confirm shipment", "What goes into this parcel", "Insure this parcel"):
        assert english not in page.text


async def test_a_seller_ships_with_a_number_of_her_own(client: httpx.AsyncClient, cast: Cast, db: Db) -> None:
    await sign_in(client, cast.seller)
    answer = await post(
        client, shipping_url(cast.ready),
        {"method": "own_number", "carrier_service": "jnt:ez", "number": " jp 1234567890 "},
    )  # fmt: skip
    assert (answer.status_code, answer.headers["location"]) == (303, f"/seller/orders/{cast.ready.order_id}")
    (parcel,) = await parcels(db, cast.ready)
    assert (parcel.carrier, parcel.service, parcel.tracking_number) == ("jnt", "ez", "JP1234567890")
    assert (await order_now(db, cast.ready)).state is State.AWAITING_COLLECTION
    again = await client.get(shipping_url(cast.ready))
    assert again.headers["location"] == f"/seller/orders/{cast.ready.order_id}"
    repeated = await post(client, shipping_url(cast.ready), {"method": "pickup", "carrier_service": "jne:reg"})
    assert repeated.status_code == 422
    assert len(await parcels(db, cast.ready)) == 1


async def test_a_number_of_another_carrier_is_refused_with_a_suggestion(
    client: httpx.AsyncClient, cast: Cast, db: Db
) -> None:
    await sign_in(client, cast.seller)
    form = {"method": "own_number", "carrier_service": "jne:reg", "number": "JP1234567890"}
    answer = await post(client, shipping_url(cast.ready), form)
    assert answer.status_code == 422
    assert "JNE numbers: 15 or 16 digits" in answer.text
    assert 'name="use" value="jnt"' in answer.text
    assert 'value="JP1234567890"' in answer.text
    assert await parcels(db, cast.ready) == []
    taken = await post(client, shipping_url(cast.ready), {**form, "use": "jnt"})
    assert taken.status_code == 303
    assert (await parcels(db, cast.ready))[0].carrier == "jnt"


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"method": "own_number", "carrier_service": "jne:reg"}, "Enter the tracking number"),
        ({"method": "pickup", "carrier_service": "jne:reg", "number": "011540032186220"}, "issues the number itself"),
        ({"method": "pickup", "carrier_service": "own:own"}, "tracking number of your own"),
        ({"method": "fly", "carrier_service": "jne:reg"}, "Choose a carrier"),
        ({"method": "pickup", "carrier_service": "pos:reguler"}, "Choose a carrier"),
        ({}, "Choose a carrier"),
        ({"method": "pickup", "carrier_service": "jne:reg", "units": "0"}, "at least one unit"),
        ({"method": "pickup", "carrier_service": "jne:reg", "units": "3"}, "Only 2 units"),
        ({"method": "pickup", "carrier_service": "jne:reg", "units": "-1"}, "Only 2 units"),
        ({"method": "pickup", "carrier_service": "jne:reg", "units": "١"}, "Only 2 units"),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_is_lost(
    client: httpx.AsyncClient, cast: Cast, db: Db, form: dict[str, str], words: str
) -> None:
    await sign_in(client, cast.seller)
    sent = {name: value for name, value in form.items() if name != "units"}
    if "units" in form:
        sent[f"units-{cast.ready.lines[0]}"] = form["units"]
    answer = await post(client, shipping_url(cast.ready), sent)
    assert answer.status_code == 422
    assert words in answer.text
    assert await parcels(db, cast.ready) == []


async def test_a_split_by_units_leaves_the_rest(client: httpx.AsyncClient, cast: Cast, db: Db) -> None:
    await sign_in(client, cast.seller)
    first, second = cast.ready.lines
    sent = {"method": "drop_off", "carrier_service": "jne:reg", f"units-{first}": "1", f"units-{second}": "0"}
    assert (await post(client, shipping_url(cast.ready), sent)).status_code == 303
    (parcel,) = await parcels(db, cast.ready)
    assert parcel.units == {first: 1}
    page = await client.get(shipping_url(cast.ready))
    assert "Part of this order is already in a parcel" in page.text
    assert 'max="1"' in page.text


async def test_a_number_in_use_needs_a_tick(client: httpx.AsyncClient, cast: Cast, db: Db) -> None:
    number = a_number()
    await arranged(db, await ready_order(db), tracking_number=number)
    await sign_in(client, cast.seller)
    form = {"method": "own_number", "carrier_service": "jne:reg", "number": number}
    answer = await post(client, shipping_url(cast.ready), form)
    assert answer.status_code == 422
    assert 'name="accept_duplicate"' in answer.text
    assert (await post(client, shipping_url(cast.ready), {**form, "accept_duplicate": "1"})).status_code == 303


async def test_another_shops_order_and_parcel_are_not_there(app: FastAPI, cast: Cast, db: Db) -> None:
    parcel = await arranged(db, cast.ready, lines={cast.ready.lines[0]: 1})
    stranger = await make_account(db)
    await make_shop(db, owner=stranger)
    async with new_client(app) as client:
        await sign_in(client, stranger)
        assert (await client.get(shipping_url(cast.ready))).status_code == 404
        assert (await post(client, shipping_url(cast.ready), {})).status_code == 404
        for verb in ("number", "delay", "cancellation", "handover", "delivery"):
            assert (await post(client, f"/seller/parcels/{parcel.id}/{verb}", {"note": "x"})).status_code == 404
        assert (await client.get(f"/orders/{cast.ready.order_id}/tracking")).status_code == 404
    async with new_client(app) as client:
        assert (await client.get(shipping_url(cast.ready))).status_code == 303
        assert (await client.get(f"/orders/{cast.ready.order_id}/tracking")).status_code == 303
    assert (await parcel_now(db, parcel)).state == "awaiting_collection"


async def test_a_seller_corrects_delays_and_undoes(client: httpx.AsyncClient, cast: Cast, db: Db) -> None:
    parcel, number = await arranged(db, cast.ready), a_number()
    url = f"/seller/parcels/{parcel.id}"
    await sign_in(client, cast.seller)
    assert (await post(client, f"{url}/number", {"number": "nonsense"})).status_code == 303
    assert (await parcel_now(db, parcel)).tracking_number == parcel.tracking_number
    await post(client, f"{url}/number", {"number": number})
    await post(client, f"{url}/delay", {"note": "  "})
    await post(client, f"{url}/delay", {"note": "Banjir 🌧"})
    now = await parcel_now(db, parcel)
    assert (now.tracking_number, now.delay_note) == (number, "Banjir 🌧")
    await post(client, f"{url}/cancellation")
    assert (await order_now(db, cast.ready)).state is State.AWAITING_SHIPMENT


async def test_a_shops_own_courier_delivers_by_hand(client: httpx.AsyncClient, cast: Cast, db: Db) -> None:
    await sign_in(client, cast.seller)
    await post(client, shipping_url(cast.ready), {"method": "own_number", "carrier_service": "own:own"})
    (parcel,) = await parcels(db, cast.ready)
    url = f"/seller/parcels/{parcel.id}"
    await post(client, f"{url}/handover")
    await post(client, f"{url}/delivery", {"received_by": ""})
    assert (await order_now(db, cast.ready)).state is State.IN_TRANSIT
    await post(client, f"{url}/delivery", {"received_by": "Bu Ani"})
    assert (await order_now(db, cast.ready)).state is State.DELIVERED
    await sign_in(client, cast.buyer)
    page = await client.get(f"/orders/{cast.ready.order_id}/tracking")
    assert "received by Bu Ani" in page.text
    assert "Delivered, says the shop" in page.text


async def report(db: Db, parcel: Parcel, status: str, **more: object) -> None:
    told = a_report(parcel, status, **more)  # type: ignore[arg-type]
    await tracking.record_tracking(db, told, vendor=VENDOR, parcel=(parcel.shop_id, parcel.id))


async def test_a_buyer_follows_the_parcels(client: httpx.AsyncClient, cast: Cast, db: Db) -> None:
    await sign_in(client, cast.buyer)
    url = f"/orders/{cast.ready.order_id}/tracking"
    assert "Nothing has been shipped yet" in (await client.get(url)).text
    first = await arranged(db, cast.ready, lines={cast.ready.lines[0]: 2})
    second = await arranged(db, cast.ready, carrier="sicepat", tracking_number="002927168687")
    await report(db, first, "collected", place="Bandung")
    await report(db, first, "delivery_failed", hours=5, place="Jakarta Pusat", reason="Nobody was at the address")
    page = await client.get(f"{url}?parcel={first.id}")
    for words in (
        "Parcel 1",
        "Parcel 2",
        "JNE",
        str(first.tracking_number),
        "Jakarta Pusat",
        "WIB",
        "Delivery attempt failed: Nobody was at the address",
    ):
        assert words in page.text
    assert page.text.index("Jakarta Pusat") < page.text.index(">Bandung<")
    assert f"http://127.0.0.1:9/track/jne/{first.tracking_number}" in page.text
    assert f'data-live="order:{cast.ready.order_id}"' in page.text
    assert "Kemeja Batik 0" in page.text
    assert "Kemeja Batik 1" not in page.text
    other = await client.get(f"{url}?parcel={second.id}")
    assert "The carrier has not reported anything yet." in other.text
    part = await client.get(url, headers={"HX-Request": "true"})
    assert part.text.strip().startswith("<div")
    assert "<html" not in part.text


async def test_a_buyer_is_told_of_delay_and_when_we_last_asked(client: httpx.AsyncClient, cast: Cast, db: Db) -> None:
    parcel = await arranged(db, cast.ready)
    await actions.note_delay(db, shop_id=parcel.shop_id, parcel_id=parcel.id, note="Banjir <b>", by=SELLER)
    async with db.for_shop(parcel.shop_id).transaction() as tx:
        await queries.set_asked_at(tx, shop_id=parcel.shop_id, parcel_id=parcel.id, at=parcel.arranged_at)
    await sign_in(client, cast.buyer)
    page = await client.get(f"/orders/{cast.ready.order_id}/tracking")
    assert "Banjir &lt;b&gt;" in page.text
    assert "We last asked on" in page.text


async def test_the_tracking_page_in_indonesian(client: httpx.AsyncClient, cast: Cast, db: Db) -> None:
    parcel = await arranged(db, cast.ready)
    await report(db, parcel, "collected")
    await sign_in(client, cast.buyer)
    await post(client, "/language", {"locale": "id", "next": "/"})
    page = await client.get(f"/orders/{cast.ready.order_id}/tracking")
    assert "Lacak" in page.text
    assert "Paket sudah diterima kurir" in page.text
    for english in ("Shipment status", "Tracking number", "In this parcel", "Expected", "Collected by the courier"):
        assert english not in page.text


async def test_bad_addresses_are_not_found(client: httpx.AsyncClient, cast: Cast) -> None:
    await sign_in(client, cast.seller)
    for url in (
        "/seller/orders/0/shipping",
        "/seller/orders/abc/shipping",
        "/orders/99999999999999999999/tracking",
        "/orders/1/tracking",
    ):
        assert (await client.get(url)).status_code == 404


async def test_pages_ask_the_database_as_often_whatever_they_show(
    client: httpx.AsyncClient, cast: Cast, db: Db
) -> None:
    """Badges and the session aside: an order, its lines, and three statements for all parcels."""
    await sign_in(client, cast.seller)
    assert _statements(await client.get(shipping_url(cast.ready))) == [
        "order_of_shop",
        "shops_by_id",
        "lines_of_orders",
        "parcels_of_order",
        "plans_of_orders",
        "combinable_orders",
        "place_of_shop",
    ]
    for _ in range(3):
        parcel = await arranged(db, cast.ready, lines={cast.ready.lines[0]: 1})
        await actions.undo(db, shop_id=parcel.shop_id, parcel_id=parcel.id, by=SELLER)
    await report(db, await arranged(db, cast.ready), "collected")
    await sign_in(client, cast.buyer)
    page = await client.get(f"/orders/{cast.ready.order_id}/tracking")
    assert _statements(page) == [
        "order_of_buyer",
        "lines_of_orders",
        "parcels_of_order",
        "events_of_order",
        "numbers_of_order",
    ]


def _statements(page: httpx.Response) -> list[str]:
    """The statements of the handler itself, as the answer's Server-Timing header names them."""
    names = page.headers["server-timing"].rsplit('desc="', 1)[1].rstrip('"').split()
    start = next(index for index, name in enumerate(names) if name.startswith("order_of_"))
    return names[start:]
