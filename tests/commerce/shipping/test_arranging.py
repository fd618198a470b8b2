"""Arranging shipping, splitting, undoing, correcting, and what carriers answer."""

import asyncio

import pytest

from etalase.commerce.orders.errors import MoveNotAllowed, OrderNotFound
from etalase.commerce.orders.rules import State
from etalase.commerce.shipping import actions, bookings, queries, tracking
from etalase.commerce.shipping.errors import (
    DuplicateNumber,
    NothingToShip,
    NumberMissing,
    ParcelMovedOn,
    ParcelNotFound,
    TooManyUnits,
)
from etalase.commerce.shipping.rules import ParcelState
from etalase.foundation.facts import Actor
from etalase.foundation.facts.model import CARRIER
from etalase.foundation.sql import Db
from tests.builders.shipping import (
    a_number,
    a_report,
    a_shop,
    arranged,
    fact_names,
    order_now,
    parcel_now,
    ready_order,
    running_clocks,
    stock_now,
)

SELLER = Actor.seller(1)


async def test_arranging_everything_moves_order_stock_and_clocks(db: Db) -> None:
    ready = await ready_order(db)
    assert await stock_now(db, ready) == (10, 2)
    assert set(await running_clocks(db, ready)) == {"ship.sla", "ship.autocancel"}
    parcel = await arranged(db, ready)
    order = await order_now(db, ready)
    assert order.state is State.AWAITING_COLLECTION
    assert order.arranged_at is not None
    assert await stock_now(db, ready) == (8, 0)
    assert set(await running_clocks(db, ready)) == {"ship.sla", "collect.autocancel"}
    assert (await fact_names(db, ready))[-2:] == ["parcel.arranged", "order.arranged"]
    kept = await parcel_now(db, parcel)
    assert (kept.units, kept.insured, kept.booking) == ({ready.lines[0]: 2, ready.lines[1]: 1}, False, "waiting")
    assert kept.eta_from is not None
    assert kept.eta_until is not None
    assert kept.eta_from < kept.eta_until


async def test_an_order_in_two_parcels_waits_for_shipment_until_the_second(db: Db) -> None:
    ready = await ready_order(db, quantities=(3, 1))
    first, second = ready.lines
    await arranged(db, ready, lines={first: 2})
    assert (await order_now(db, ready)).state is State.AWAITING_SHIPMENT
    assert await stock_now(db, ready) == (8, 1)
    with pytest.raises(TooManyUnits) as refused:
        await arranged(db, ready, lines={first: 2})
    assert refused.value.left == 1
    parcel = await arranged(db, ready)
    assert parcel.units == {first: 1, second: 1}
    assert (await order_now(db, ready)).state is State.AWAITING_COLLECTION
    with pytest.raises(MoveNotAllowed):
        await arranged(db, ready)


async def test_a_partly_shipped_order_waits_while_its_first_parcel_arrives(db: Db) -> None:
    ready = await ready_order(db, quantities=(2,))
    parcel = await arranged(db, ready, lines={ready.lines[0]: 1})
    await tracking.record_tracking(db, a_report(parcel, "delivered"), vendor="x", parcel=(parcel.shop_id, parcel.id))
    assert (await order_now(db, ready)).state is State.AWAITING_SHIPMENT
    rest = await arranged(db, ready)
    await tracking.record_tracking(db, a_report(rest, "delivered"), vendor="x", parcel=(rest.shop_id, rest.id))
    assert (await order_now(db, ready)).state is State.DELIVERED


async def test_what_can_not_be_arranged(db: Db) -> None:
    ready = await ready_order(db)
    with pytest.raises(NumberMissing):
        await arranged(db, ready, tracking_number=None)
    with pytest.raises(NothingToShip):
        await arranged(db, ready, lines={ready.lines[0]: 0})
    with pytest.raises(TooManyUnits):
        await arranged(db, ready, lines={12345: 1})
    other_shop, _ = await a_shop(db)
    with pytest.raises(OrderNotFound):
        await actions.arrange(
            db, shop_id=other_shop, order_id=ready.order_id, by=SELLER, plan=actions.ParcelPlan("pickup", "jne", "reg")
        )
    assert (await order_now(db, ready)).state is State.AWAITING_SHIPMENT
    assert await stock_now(db, ready) == (10, 2)


async def test_a_number_in_use_is_refused_until_the_seller_insists(db: Db) -> None:
    number = a_number()
    await arranged(db, await ready_order(db), tracking_number=number)
    ready = await ready_order(db)
    with pytest.raises(DuplicateNumber) as refused:
        await arranged(db, ready, tracking_number=number)
    assert not refused.value.is_own
    parcel = await arranged(db, ready, tracking_number=number, accept_duplicate=True)
    assert (await parcel_now(db, parcel)).tracking_number == number


async def test_undoing_gives_units_stock_and_clocks_back(db: Db) -> None:
    ready = await ready_order(db)
    before = await running_clocks(db, ready)
    number = a_number()
    parcel = await arranged(db, ready, tracking_number=number)
    [order] = await actions.undo(db, shop_id=ready.shop_id, parcel_id=parcel.id, by=SELLER)
    assert order.state is State.AWAITING_SHIPMENT
    assert await stock_now(db, ready) == (10, 2)
    assert await running_clocks(db, ready) == before
    assert (await parcel_now(db, parcel)).state is ParcelState.CANCELLED
    with pytest.raises(ParcelMovedOn):
        await actions.undo(db, shop_id=ready.shop_id, parcel_id=parcel.id, by=SELLER)
    again = await arranged(db, ready, tracking_number=number)
    assert again.units == parcel.units


async def test_a_collected_parcel_is_not_undone(db: Db) -> None:
    ready = await ready_order(db)
    parcel = await arranged(db, ready)
    await tracking.record_tracking(db, a_report(parcel, "collected"), vendor="x", parcel=(parcel.shop_id, parcel.id))
    with pytest.raises(ParcelMovedOn):
        await actions.undo(db, shop_id=ready.shop_id, parcel_id=parcel.id, by=SELLER)
    assert (await order_now(db, ready)).state is State.IN_TRANSIT


async def test_undo_against_collection_exactly_one_wins(db: Db) -> None:
    for _ in range(10):
        ready = await ready_order(db)
        parcel = await arranged(db, ready)
        report = a_report(parcel, "collected")
        undone, _ = await asyncio.gather(
            actions.undo(db, shop_id=ready.shop_id, parcel_id=parcel.id, by=SELLER),
            tracking.record_tracking(db, report, vendor="x", parcel=(parcel.shop_id, parcel.id)),
            return_exceptions=True,
        )
        state = (await parcel_now(db, parcel)).state
        if isinstance(undone, ParcelMovedOn):
            assert (state, (await order_now(db, ready)).state) == (ParcelState.IN_TRANSIT, State.IN_TRANSIT)
        else:
            assert (state, (await order_now(db, ready)).state) == (ParcelState.CANCELLED, State.AWAITING_SHIPMENT)


async def test_arranging_twice_at_once_makes_one_parcel(db: Db) -> None:
    ready = await ready_order(db)
    answers = await asyncio.gather(*(arranged(db, ready) for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(answer, MoveNotAllowed) for answer in answers) == 4
    async with db.for_shop(ready.shop_id).reading() as tx:
        assert len(await queries.parcels_of_order(tx, shop_id=ready.shop_id, order_id=ready.order_id)) == 1
    assert await stock_now(db, ready) == (8, 0)


async def test_a_corrected_number_keeps_both_and_old_reports_no_longer_count(db: Db) -> None:
    ready = await ready_order(db)
    wrong, right = a_number(), a_number()
    parcel = await arranged(db, ready, tracking_number=wrong)
    await bookings.booked(db, shop_id=ready.shop_id, parcel_id=parcel.id, tracking_number=wrong, by=CARRIER)
    await actions.correct_number(db, shop_id=ready.shop_id, parcel_id=parcel.id, number=right, by=SELLER)
    kept = await parcel_now(db, parcel)
    assert (kept.tracking_number, kept.booking) == (right, "waiting")
    await bookings.booked(db, shop_id=ready.shop_id, parcel_id=parcel.id, tracking_number=wrong, by=CARRIER)
    assert (await parcel_now(db, parcel)).booking == "waiting"
    async with db.for_shop(ready.shop_id).reading() as tx:
        numbers = await queries.numbers_of_order(tx, shop_id=ready.shop_id, order_id=ready.order_id)
    assert {(n.number, n.is_current) for n in numbers} == {(wrong, False), (right, True)}
    assert (await fact_names(db, ready))[-1] == "parcel.number_corrected"
    key = (parcel.shop_id, parcel.id)
    assert await tracking.record_tracking(db, a_report(parcel, "delivered", number=wrong), vendor="x", parcel=key) == 0
    assert (await parcel_now(db, parcel)).state is ParcelState.AWAITING_COLLECTION
    await tracking.record_tracking(db, a_report(parcel, "delivered", number=right), vendor="x", parcel=key)
    with pytest.raises(ParcelMovedOn):
        await actions.correct_number(db, shop_id=ready.shop_id, parcel_id=parcel.id, number=wrong, by=SELLER)


async def test_a_delay_is_noted_for_the_buyer(db: Db) -> None:
    ready = await ready_order(db)
    parcel = await arranged(db, ready)
    await actions.note_delay(
        db, shop_id=ready.shop_id, parcel_id=parcel.id, note="  Banjir di\n hub " + "x" * 400, by=SELLER
    )
    kept = await parcel_now(db, parcel)
    assert kept.delay_note.startswith("Banjir di hub x")
    assert len(kept.delay_note) == 300
    assert (await fact_names(db, ready))[-1] == "parcel.delay_noted"


async def test_a_booking_gives_the_number_once(db: Db) -> None:
    ready = await ready_order(db)
    parcel = await arranged(db, ready, method="pickup", tracking_number=None)
    assert parcel.tracking_number is None
    for number in ("011540032186220", "011540032186221"):
        await bookings.booked(db, shop_id=ready.shop_id, parcel_id=parcel.id, tracking_number=number, by=CARRIER)
    kept = await parcel_now(db, parcel)
    assert (kept.booking, kept.tracking_number) == ("booked", "011540032186220")
    assert (await fact_names(db, ready)).count("parcel.booked") == 1


async def test_a_refused_booking_tells_why_and_can_be_undone(db: Db) -> None:
    ready = await ready_order(db)
    parcel = await arranged(db, ready, method="pickup", tracking_number=None)
    for _ in range(2):
        await bookings.booking_refused(db, shop_id=ready.shop_id, parcel_id=parcel.id, note="out_of_area", by=CARRIER)
    kept = await parcel_now(db, parcel)
    assert (kept.booking, kept.booking_note) == ("refused", "out_of_area")
    assert (await fact_names(db, ready)).count("parcel.booking_refused") == 1
    await actions.undo(db, shop_id=ready.shop_id, parcel_id=parcel.id, by=SELLER)
    await arranged(db, ready)


async def test_another_shops_parcel_is_not_there(db: Db) -> None:
    parcel = await arranged(db, await ready_order(db))
    other, _ = await a_shop(db)
    for refused in (
        actions.undo(db, shop_id=other, parcel_id=parcel.id, by=SELLER),
        actions.correct_number(db, shop_id=other, parcel_id=parcel.id, number=a_number(), by=SELLER),
        actions.note_delay(db, shop_id=other, parcel_id=parcel.id, note="x", by=SELLER),
        tracking.hand_over(db, shop_id=other, parcel_id=parcel.id, by=SELLER),
    ):
        with pytest.raises(ParcelNotFound):
            await refused
