"""What was promised is delivered: through a shop that is down, a peer that is killed, and a carrier that repeats itself."""

import asyncio
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from demo.peers import outbox
from etalase.integrations.carriers.protocol import Booked, Booking, CarrierUnavailable, Spot
from etalase.integrations.carriers.registry import ShippingMethod
from etalase.integrations.carriers.sandbox.client import SandboxCarrier
from tests.demo.peers_process import KEY, SECRET, Peers, Shop, eventually

SURABAYA = Spot("Kota Surabaya", "Asia/Jakarta")
JOURNEY = ["ARR", "BKD", "DEP", "DLV", "OFD", "PUP", "SRT"]


def parcel(number: int) -> Booking:
    """A parcel of shop 31 within Surabaya."""
    return Booking(
        shop_id=31,
        parcel_id=number,
        carrier_code="sicepat",
        service_code="reg",
        method=ShippingMethod.DROP_OFF,
        origin=SURABAYA,
        destination=SURABAYA,
        weight_grams=250,
        receiver_name="Budi",
    )


async def deliver(peers: Peers, number: int) -> Booked:
    """Book a parcel and bring it to its door."""
    client = SandboxCarrier(peers.carrier_url, key=KEY, secret=SECRET)
    try:
        booked = await client.book(parcel(number))
        await client.advance(booked.reference, to="delivered")
        return booked
    finally:
        await client.aclose()


def codes(shop: Shop) -> list[str]:
    """The codes heard, each event once."""
    return sorted({body["event_id"]: body["code"] for body in shop.bodies("carriers")}.values())


def test_webhooks_wait_for_a_shop_that_is_down_and_one_that_refuses(tmp_path: Path) -> None:
    shop = Shop()
    shop.close()
    peers = Peers(tmp_path / "state.db", shop_url=shop.url)
    asyncio.run(deliver(peers, 1))
    shop.answer = 503
    shop.open_again()
    eventually(lambda: codes(shop) == JOURNEY)
    shop.received.clear()
    shop.answer = 204
    eventually(lambda: codes(shop) == JOURNEY)
    heard = len(shop.received)
    assert heard == len(JOURNEY)
    assert peers.stop() == 0
    shop.close()


def test_a_killed_peer_forgets_nothing_it_answered(tmp_path: Path) -> None:
    shop = Shop()
    shop.close()
    peers = Peers(tmp_path / "state.db", shop_url=shop.url)
    booked = asyncio.run(deliver(peers, 2))
    peers.kill()
    shop.open_again()
    peers.start()
    eventually(lambda: codes(shop) == JOURNEY)

    async def look_again() -> None:
        client = SandboxCarrier(peers.carrier_url, key=KEY, secret=SECRET)
        assert await client.book(parcel(2)) == booked
        assert len(await client.track(booked.tracking_number, carrier_code="sicepat")) == len(JOURNEY)
        await client.aclose()

    asyncio.run(look_again())
    assert peers.stop() == 0
    shop.close()


def test_a_journey_goes_by_itself_at_the_demos_speed(tmp_path: Path) -> None:
    shop = Shop()
    peers = Peers(tmp_path / "state.db", shop_url=shop.url, event_seconds=0.2)

    async def book() -> None:
        client = SandboxCarrier(peers.carrier_url, key=KEY, secret=SECRET)
        await client.book(parcel(3))
        await client.aclose()

    asyncio.run(book())
    eventually(lambda: codes(shop) == JOURNEY)
    delivered = max(datetime.fromisoformat(body["occurred_at"]) for body in shop.bodies("carriers"))
    assert delivered < datetime.now(UTC) + timedelta(seconds=1)
    assert peers.stop() == 0
    shop.close()


def test_a_chaotic_carrier_repeats_and_swaps_but_loses_nothing(tmp_path: Path) -> None:
    shop = Shop()
    # a report that is overtaken by the next one waits for longer than it takes to the next: 13 s
    peers = Peers(tmp_path / "state.db", shop_url=shop.url, chaos=1, event_seconds=10)
    parcels = 12

    async def deliver_all() -> None:
        await asyncio.gather(*(deliver(peers, 100 + number) for number in range(parcels)))

    asyncio.run(deliver_all())

    def is_all_delivered() -> bool:
        state = sqlite3.connect(tmp_path / "state.db")
        try:
            return bool(state.execute("SELECT count(*) FROM outbox WHERE delivered_at IS NULL").fetchone() == (0,))
        finally:
            state.close()

    eventually(is_all_delivered)
    assert codes(shop) == sorted(JOURNEY * parcels)
    heard = shop.bodies("carriers")
    repeats = len(heard) - len(JOURNEY) * parcels
    assert 0.05 < repeats / (len(JOURNEY) * parcels) < 0.4
    assert any(
        earlier["reference"] == later["reference"] and earlier["occurred_at"] > later["occurred_at"]
        for place, earlier in enumerate(heard)
        for later in heard[place + 1 :]
    )
    assert peers.stop() == 0
    shop.close()


def test_the_peers_end_with_their_parent(tmp_path: Path) -> None:
    peers = Peers(tmp_path / "state.db", shop_url="http://127.0.0.1:9")
    assert peers.close_stdin() == 0
    assert peers.process.stdout is not None
    peers.process.stdout.close()
    with pytest.raises(CarrierUnavailable):
        asyncio.run(deliver(peers, 4))


def test_pauses_grow_to_their_limit() -> None:
    pauses = [outbox.pause_s(attempts) for attempts in range(1, 5_000)]
    assert pauses[:4] == [0.5, 1.0, 2.0, 4.0]
    assert pauses == sorted(pauses)
    assert pauses[-1] == outbox.PAUSE_MAX_S
