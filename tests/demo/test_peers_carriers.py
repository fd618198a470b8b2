"""The sandbox carrier, driven over HTTP as the shop."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
import pytest_asyncio

from etalase.integrations.carriers import registry
from etalase.integrations.carriers.protocol import (
    Booking,
    BookingRefused,
    OwnNumber,
    PickupSlot,
    SignatureNotValid,
    Spot,
    TrackingStatus,
)
from etalase.integrations.carriers.registry import ShippingMethod
from etalase.integrations.carriers.sandbox.client import SandboxCarrier
from tests.demo.peers_process import KEY, SECRET, Peers, Shop, eventually

BANDUNG = Spot("Kota Bandung", "Asia/Jakarta")
JAYAPURA = Spot("Kota Jayapura", "Asia/Jayapura")
WHOLE_JOURNEY = ["BKD", "PUP", "SRT", "DEP", "TRN", "ARR", "OFD", "DLV"]


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    """A shop that takes webhooks."""
    opened = Shop()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def peers(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peers]:
    """The peers, calm and slow: what moves is moved by the tests."""
    running = Peers(tmp_path_factory.mktemp("peers") / "state.db", shop_url=shop.url)
    yield running
    assert running.stop() == 0


@pytest_asyncio.fixture
async def carrier(peers: Peers, shop: Shop) -> AsyncIterator[SandboxCarrier]:
    """The shop's own client; the clock is set back and the shop has heard nothing."""
    client = SandboxCarrier(peers.carrier_url, key=KEY, secret=SECRET)
    await client.set_clock(0)
    shop.received.clear()
    yield client
    await client.set_clock(0)
    await client.aclose()


def parcel(number: int, *, carrier_code: str = "jne", service_code: str = "reg") -> Booking:
    """A parcel of shop 21 from Bandung to Jayapura."""
    return Booking(
        shop_id=21,
        parcel_id=number,
        carrier_code=carrier_code,
        service_code=service_code,
        method=ShippingMethod.PICKUP,
        origin=BANDUNG,
        destination=JAYAPURA,
        weight_grams=900,
        receiver_name="Rina Wijaya",
    )


async def codes_heard(shop: Shop, number: str, count: int) -> list[str]:
    """The codes the shop was told of this number, once there are so many."""

    def codes() -> list[str]:
        return [body["code"] for body in shop.bodies("carriers") if body["tracking_number"] == number]

    await asyncio.to_thread(eventually, lambda: len(codes()) >= count)
    return codes()


async def test_booking_twice_is_one_booking(carrier: SandboxCarrier) -> None:
    booked = await asyncio.gather(*(carrier.book(parcel(1)) for _ in range(10)))
    assert len(set(booked)) == 1


@pytest.mark.parametrize(
    "known", [c for c in registry.all_carriers() if c.code not in {"own", "any"}], ids=lambda c: c.code
)
async def test_numbers_look_like_the_carriers(carrier: SandboxCarrier, known: registry.Carrier) -> None:
    ordinal = [c.code for c in registry.all_carriers()].index(known.code)
    booked = await carrier.book(parcel(100 + ordinal, carrier_code=known.code, service_code=known.services[0].code))
    assert registry.check_number(known.code, booked.tracking_number) == booked.tracking_number


async def test_the_time_machine_brings_a_parcel_to_its_door(carrier: SandboxCarrier, shop: Shop) -> None:
    booked = await carrier.book(parcel(2))
    started = datetime.now(UTC)
    await carrier.set_clock(3 * 3600)
    told = await carrier.track(booked.tracking_number, carrier_code="jne")
    assert [report.code for report in told] == ["BKD", "PUP"]
    assert abs(told[1].occurred_at - started - timedelta(hours=2)) < timedelta(seconds=10)
    await carrier.set_clock(5 * 86_400)
    told = await carrier.track(booked.tracking_number, carrier_code="jne")
    assert [report.code for report in told] == WHOLE_JOURNEY
    assert [report.occurred_at for report in told] == sorted({report.occurred_at for report in told})
    assert timedelta(days=1.9) < told[-1].occurred_at - started < timedelta(days=4.1)
    assert (told[-1].status, told[-1].receiver_name, told[-1].zone) == (
        TrackingStatus.DELIVERED,
        "Rina Wijaya",
        "Asia/Jayapura",
    )
    assert told[4].place == "Hub Sentani, Jayapura"
    assert sorted(await codes_heard(shop, booked.tracking_number, 8)) == sorted(WHOLE_JOURNEY)


async def test_webhooks_are_signed_and_say_what_tracking_says(carrier: SandboxCarrier, shop: Shop) -> None:
    booked = await carrier.book(parcel(3))
    assert await codes_heard(shop, booked.tracking_number, 1) == ["BKD"]
    _, headers, body = shop.received[-1]
    carrier.verify_webhook(headers, body)
    with pytest.raises(SignatureNotValid):
        carrier.verify_webhook(headers, body + b" ")
    report = carrier.parse_webhook(body)
    assert (report,) == await carrier.track(booked.tracking_number, carrier_code="jne")
    assert report.our_reference == "21-3"


async def test_a_vain_attempt_is_tried_again(carrier: SandboxCarrier) -> None:
    booked = await carrier.book(parcel(4))
    await carrier.advance(booked.reference, to="delivery_failed", reason="nobody_home")
    told = await carrier.track(booked.tracking_number, carrier_code="jne")
    assert [report.code for report in told] == [*WHOLE_JOURNEY[:-1], "FLD"]
    assert told[-1].attempt_reason == "Nobody was at the address"
    await carrier.advance("21-4", to="delivered")
    told = await carrier.track(booked.tracking_number, carrier_code="jne")
    assert [report.code for report in told] == [*WHOLE_JOURNEY[:-1], "FLD", "OFD", "DLV"]
    with pytest.raises(BookingRefused, match="journey_over"):
        await carrier.advance(booked.reference, to="lost")


@pytest.mark.parametrize(("to", "code", "place"), [("returned", "RTN", "Kota Bandung"), ("lost", "LST", "Hub Bandung")])
async def test_a_journey_can_end_otherwise(carrier: SandboxCarrier, to: str, code: str, place: str) -> None:
    booked = await carrier.book(parcel(5 if to == "returned" else 6))
    await carrier.advance(booked.reference, to=to)
    await carrier.set_clock(30 * 86_400)
    told = await carrier.track(booked.tracking_number, carrier_code="jne")
    assert (told[-1].code, told[-1].status.value, told[-1].place) == (code, to, place)
    assert "DLV" not in {report.code for report in told}


async def test_a_booking_can_be_called_back_until_the_courier_has_it(carrier: SandboxCarrier) -> None:
    booked = await carrier.book(parcel(7))
    await carrier.cancel(booked.reference)
    await carrier.cancel(booked.reference)
    await carrier.set_clock(30 * 86_400)
    assert {report.code for report in await carrier.track(booked.tracking_number, carrier_code="jne")} <= {"BKD"}
    await carrier.set_clock(0)
    again = await carrier.book(parcel(7))
    assert again.reference != booked.reference
    await carrier.advance(again.reference, to="collected")
    with pytest.raises(BookingRefused, match="already_collected"):
        await carrier.cancel(again.reference)
    with pytest.raises(BookingRefused, match="not_found"):
        await carrier.cancel("bk_unknown")


async def test_an_own_number_is_followed_from_its_collection_and_can_be_corrected(carrier: SandboxCarrier) -> None:
    wrong = OwnNumber(
        shop_id=21,
        parcel_id=8,
        carrier_code="jnt",
        tracking_number="JP0000000001",
        origin=BANDUNG,
        destination=JAYAPURA,
    )
    first = await carrier.follow(wrong)
    assert await carrier.follow(wrong) == first
    right = OwnNumber(
        shop_id=21,
        parcel_id=8,
        carrier_code="jnt",
        tracking_number="JP0000000002",
        origin=BANDUNG,
        destination=JAYAPURA,
    )
    corrected = await carrier.follow(right)
    assert corrected.reference != first.reference
    await carrier.set_clock(30 * 86_400)
    assert [report.code for report in await carrier.track("JP0000000002", carrier_code="jnt")] == WHOLE_JOURNEY[1:]
    assert await carrier.track("JP0000000001", carrier_code="jnt") == ()


async def test_the_public_page_shows_the_journey_but_not_the_name(carrier: SandboxCarrier) -> None:
    booked = await carrier.book(parcel(9))
    await carrier.advance(booked.reference, to="delivered")
    async with httpx.AsyncClient(trust_env=False) as browser:
        page = await browser.get(
            carrier.tracking_page("jne", booked.tracking_number), headers={"Accept-Language": "id"}
        )
        lost = await browser.get(carrier.tracking_page("jne", "<script>"))
    assert page.status_code == 200
    assert booked.tracking_number in page.text
    assert "Terkirim" in page.text
    assert "WIT<" in page.text
    assert "R*** W***" in page.text
    assert "Wijaya" not in page.text
    assert "style=" not in page.text
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert lost.status_code == 404
    assert "<script>" not in lost.text


async def test_what_cannot_be_carried_is_refused(carrier: SandboxCarrier, peers: Peers) -> None:
    with pytest.raises(BookingRefused, match="method_not_offered"):
        await carrier.book(parcel(10, carrier_code="own", service_code="own"))
    with pytest.raises(BookingRefused, match="service_not_known"):
        await carrier.book(parcel(10, service_code="moon"))
    with pytest.raises(BookingRefused, match="carrier_not_known"):
        await carrier.book(parcel(10, carrier_code="fedex"))
    with pytest.raises(BookingRefused, match="tracking_number_not_valid"):
        await carrier.follow(OwnNumber(shop_id=21, parcel_id=10, carrier_code="jnt", tracking_number="12"))
    stranger = SandboxCarrier(peers.carrier_url, key="guess", secret=SECRET)
    with pytest.raises(BookingRefused, match="key_not_valid"):
        await stranger.book(parcel(10))
    await stranger.aclose()


async def test_pick_up_times_are_windows_of_working_days_and_bind(carrier: SandboxCarrier) -> None:
    slots = await carrier.slots("jne", "reg", origin=JAYAPURA)
    assert len(slots) == 9
    assert all(slot.start < slot.end and slot.start > datetime.now(UTC) for slot in slots)
    assert {slot.start.astimezone(ZoneInfo("Asia/Jayapura")).hour for slot in slots} == {9, 13, 16}
    assert all(slot.start.astimezone(ZoneInfo("Asia/Jayapura")).weekday() < 5 for slot in slots)

    def at(number: int, slot: PickupSlot) -> Booking:
        return replace(parcel(number), origin=JAYAPURA, destination=BANDUNG, slot=slot)

    booked = await carrier.book(at(8801, slots[1]))
    assert booked.tracking_number
    gone = PickupSlot(slots[0].start - timedelta(days=30), slots[0].end - timedelta(days=30))
    with pytest.raises(BookingRefused, match="slot_not_available"):
        await carrier.book(at(8802, gone))
    with pytest.raises(BookingRefused, match="slot_not_available"):
        await carrier.book(replace(at(8803, slots[0]), method=ShippingMethod.DROP_OFF))
    with pytest.raises(BookingRefused, match="carrier_not_known"):
        await carrier.slots("nobody", "reg", origin=JAYAPURA)
