"""What we ask of carriers, against the real sandbox peer: book, follow, undo, ask again, and what reports change."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest

from etalase.commerce.orders.rules import State
from etalase.commerce.shipping import actions
from etalase.commerce.shipping.queries import Parcel
from etalase.commerce.shipping.rules import ParcelState
from etalase.foundation import clock
from etalase.foundation.facts import Actor, RecordedFact
from etalase.foundation.inbound import actions as inbound
from etalase.foundation.sql import Db
from etalase.integrations.carriers import booking
from etalase.integrations.carriers.gateway import VENDOR
from etalase.integrations.carriers.protocol import Booked, Booking, BookingRefused, CarrierUnavailable, reference_of
from etalase.integrations.carriers.sandbox.client import SandboxCarrier
from tests.builders.inbound import keep
from tests.builders.shipping import (
    a_number,
    arranged,
    fact_names,
    order_now,
    parcel_now,
    ready_order,
)
from tests.demo.peers_process import KEY, SECRET, Peers, Shop, eventually

SELLER = Actor.seller(1)


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    """A shop that takes webhooks."""
    opened = Shop()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def peers(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peers]:
    """The peers, repeating and swapping their webhooks."""
    running = Peers(tmp_path_factory.mktemp("peers") / "state.db", shop_url=shop.url, chaos=1)
    yield running
    assert running.stop() == 0


@pytest.fixture
async def gateway(peers: Peers, shop: Shop) -> AsyncIterator[SandboxCarrier]:
    """The shop's own client."""
    client = SandboxCarrier(peers.carrier_url, key=KEY, secret=SECRET)
    shop.received.clear()
    yield client
    await client.aclose()


async def last_fact(db: Db, parcel: Parcel, name: str) -> RecordedFact:
    async with db.for_shop(parcel.shop_id).transaction() as tx:
        cursor = await tx.connection.execute(
            "SELECT shop_id, id, name, subject_kind, subject_id, order_id, buyer_id, actor_kind, actor_id, at, data FROM facts"
            " WHERE shop_id = %s AND subject_id = %s AND name = %s ORDER BY id DESC LIMIT 1",
            (parcel.shop_id, parcel.id, name),
        )
        row = await cursor.fetchone()
    assert row is not None
    return RecordedFact(*row)


async def test_a_parcel_is_booked_once_and_gets_its_number(db: Db, gateway: SandboxCarrier) -> None:
    ready = await ready_order(db)
    parcel = await arranged(db, ready, method="pickup", tracking_number=None)
    fact = await last_fact(db, parcel, "parcel.arranged")
    await asyncio.gather(*(booking.book(db, fact, gateway=gateway) for _ in range(3)))
    now = await parcel_now(db, parcel)
    assert now.booking == "booked"
    assert now.tracking_number
    assert (await fact_names(db, ready)).count("parcel.booked") == 1


async def test_a_carrier_that_is_ill_loses_nothing(db: Db) -> None:
    ready = await ready_order(db)
    parcel = await arranged(db, ready, method="pickup", tracking_number=None)
    fact = await last_fact(db, parcel, "parcel.arranged")
    nobody = SandboxCarrier("http://127.0.0.1:9", key=KEY, secret=SECRET, wait_s=1)
    with pytest.raises(CarrierUnavailable):
        await booking.book(db, fact, gateway=nobody)
    await nobody.aclose()
    now = await parcel_now(db, parcel)
    assert (now.booking, now.state) == ("waiting", ParcelState.AWAITING_COLLECTION)
    assert (await order_now(db, ready)).state is State.AWAITING_COLLECTION


async def test_without_a_carrier_the_seller_tells(db: Db) -> None:
    parcel = await arranged(db, await ready_order(db))
    await booking.book(db, await last_fact(db, parcel, "parcel.arranged"), gateway=None)
    now = await parcel_now(db, parcel)
    assert (now.booking, now.is_told_by_hand) == ("none", True)


async def test_a_refusal_is_noted(db: Db, gateway: SandboxCarrier) -> None:
    ready = await ready_order(db)
    parcel = await arranged(db, ready, method="pickup", service="teleport", tracking_number=None)
    await booking.book(db, await last_fact(db, parcel, "parcel.arranged"), gateway=gateway)
    now = await parcel_now(db, parcel)
    assert (now.booking, now.booking_note) == ("refused", "service_not_known")


async def test_an_own_number_is_followed_and_a_corrected_one_anew(db: Db, gateway: SandboxCarrier) -> None:
    ready = await ready_order(db)
    parcel = await arranged(db, ready)
    await booking.book(db, await last_fact(db, parcel, "parcel.arranged"), gateway=gateway)
    assert (await parcel_now(db, parcel)).booking == "booked"
    number = a_number()
    await actions.correct_number(db, shop_id=parcel.shop_id, parcel_id=parcel.id, number=number, by=SELLER)
    await booking.book(db, await last_fact(db, parcel, "parcel.number_corrected"), gateway=gateway)
    now = await parcel_now(db, parcel)
    assert (now.booking, now.tracking_number) == ("booked", number)
    assert await gateway.track(number, carrier_code="jne") == ()


async def test_an_undone_parcel_is_called_back_even_if_it_is_booked_late(db: Db, gateway: SandboxCarrier) -> None:
    ready = await ready_order(db)
    parcel = await arranged(db, ready, method="pickup", tracking_number=None)
    fact = await last_fact(db, parcel, "parcel.arranged")
    await booking.book(db, fact, gateway=gateway)
    await actions.undo(db, shop_id=parcel.shop_id, parcel_id=parcel.id, by=SELLER)
    cancelled = await last_fact(db, parcel, "parcel.cancelled")
    for _ in range(2):
        await booking.call_back(db, cancelled, gateway=gateway)
    with pytest.raises(BookingRefused, match="cancelled"):
        await gateway.advance(reference_of(parcel.shop_id, parcel.id), to="collected")

    class SlowGateway(SandboxCarrier):
        """The seller undoes the parcel while the carrier is being asked."""

        async def book(self, booking: Booking) -> Booked:
            await actions.undo(db, shop_id=booking.shop_id, parcel_id=booking.parcel_id, by=SELLER)
            return await super().book(booking)

    late = await arranged(db, ready, method="pickup", tracking_number=None)
    slow = SlowGateway(str(gateway._http.base_url), key=KEY, secret=SECRET)
    await booking.book(db, await last_fact(db, late, "parcel.arranged"), gateway=slow)
    await slow.aclose()
    with pytest.raises(BookingRefused, match="cancelled"):
        await gateway.advance(reference_of(late.shop_id, late.id), to="collected")


async def test_a_whole_journey_by_webhooks_and_by_asking_has_one_effect(
    db: Db, gateway: SandboxCarrier, shop: Shop
) -> None:
    ready = await ready_order(db)
    parcel = await arranged(db, ready, method="pickup", tracking_number=None)
    await booking.book(db, await last_fact(db, parcel, "parcel.arranged"), gateway=gateway)
    await gateway.advance(reference_of(parcel.shop_id, parcel.id), to="delivered")
    clock.set_offset(timedelta(hours=3))
    assert await booking.ask_silent(db, gateway=gateway) == 1
    assert await booking.ask_silent(db, gateway=gateway) == 0
    assert (await order_now(db, ready)).state is State.DELIVERED
    names = await fact_names(db, ready)
    eventually(lambda: len({body["event_id"] for body in shop.bodies("carriers")}) >= 7)
    for _, _, body in list(shop.received):
        await keep(db, VENDOR, gateway.parse_webhook(body).vendor_event_id, body)
    assert await inbound.apply_waiting(db, {VENDOR: inbound.Together(booking.apply_tracking)}) >= 7
    assert await fact_names(db, ready) == names
    now = await parcel_now(db, parcel)
    assert now.received_by == "Rina Wijaya"
    assert now.asked_at is not None
