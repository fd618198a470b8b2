"""What delivery costs, where parcels and orders stand."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etalase.commerce.accounts import regions
from etalase.commerce.orders.rules import Move
from etalase.commerce.orders.rules import State as OrderState
from etalase.commerce.shipping import rates, rules, silence
from etalase.commerce.shipping.errors import NothingToShip, TooManyUnits
from etalase.commerce.shipping.rules import DeliveryOption, ParcelState, ParcelUnits
from etalase.foundation.policies.calendar import WorkingCalendar
from etalase.foundation.policies.rules import PolicyBook, PolicyRow
from etalase.integrations.carriers.registry import all_carriers

MONDAY_MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 09:00 in Jakarta
BOOK = PolicyBook.of([], at=MONDAY_MORNING)
CODES = tuple(carrier.code for carrier in all_carriers())


@dataclass(frozen=True)
class Place:
    province: str
    city: str
    shop_id: int = 7
    zone: str = "Asia/Jakarta"
    carriers: tuple[str, ...] = CODES


BANDUNG = Place("32", "3273")
JAKARTA = Place("31", "3171")
JAYAPURA = Place("91", "9171", zone="Asia/Jayapura")


def options(
    shop: Place = BANDUNG,
    address: Place = JAKARTA,
    *,
    grams: int = 900,
    now: datetime = MONDAY_MORNING,
    handling_days: int = 1,
) -> list[DeliveryOption]:
    return rules.delivery_options(
        shop=shop, address=address, weight_grams=grams, carriers=all_carriers(), now=now, calendar=WorkingCalendar(),
        book=BOOK, handling_days=handling_days,
    )  # fmt: skip


def test_the_cheapest_way_comes_first_and_other_carriers_are_never_offered() -> None:
    found = options()
    assert [option.price_minor for option in found] == sorted(option.price_minor for option in found)
    assert {option.carrier for option in found} >= {"jne", "jnt", "sicepat"}
    assert "any" not in {option.carrier for option in found}


def test_only_the_shops_carriers_are_offered() -> None:
    assert {option.carrier for option in options(replace(BANDUNG, carriers=("pos", "sap")))} == {"pos", "sap"}
    assert options(replace(BANDUNG, carriers=())) == []


def test_promised_days_count_from_the_ship_by_day() -> None:
    regular = next(o for o in options() if (o.carrier, o.service) == ("jne", "reg"))
    # paid on Monday before noon: handed over on Monday; 2 to 4 days on the way
    assert (regular.promised_from, regular.promised_until) == (date(2026, 11, 25), date(2026, 11, 27))
    later = next(o for o in options(handling_days=3) if (o.carrier, o.service) == ("jne", "reg"))
    assert later.promised_from > regular.promised_from


def test_far_islands_cost_more_take_longer_and_have_no_next_day_service() -> None:
    near = next(o for o in options() if (o.carrier, o.service) == ("jne", "reg"))
    far = next(o for o in options(address=JAYAPURA) if (o.carrier, o.service) == ("jne", "reg"))
    assert far.price_minor > 3 * near.price_minor
    assert far.promised_until > near.promised_until
    assert "express" not in {option.kind for option in options(address=JAYAPURA)}
    assert "express" in {option.kind for option in options()}


def test_same_day_and_own_courier_stay_within_the_city() -> None:
    within, between = options(BANDUNG, BANDUNG), options(BANDUNG, JAKARTA)
    assert {"same_day"} <= {option.kind for option in within}
    assert "own" in {option.carrier for option in within}
    assert "same_day" not in {option.kind for option in between}
    assert "own" not in {option.carrier for option in between}


def test_heavy_goods_go_by_cargo_alone() -> None:
    assert {option.kind for option in options(grams=80_000)} == {"cargo"}
    assert options(grams=600_000) == []


def test_a_shops_own_ship_by_rule_moves_the_promise() -> None:
    rule = PolicyRow("shop", 7, "ship.sla", 1, 3, MONDAY_MORNING - timedelta(days=1))
    slower = rules.delivery_options(
        shop=BANDUNG, address=JAKARTA, weight_grams=900, carriers=all_carriers(), now=MONDAY_MORNING,
        calendar=WorkingCalendar(), book=PolicyBook.of([rule], at=MONDAY_MORNING),
    )  # fmt: skip
    assert min(option.promised_from for option in slower) > min(option.promised_from for option in options())


@given(grams=st.integers(1, 40_000), more=st.integers(0, 20_000))
def test_heavier_never_costs_less(grams: int, more: int) -> None:
    light = {(o.carrier, o.service): o.price_minor for o in options(grams=grams)}
    heavy = {(o.carrier, o.service): o.price_minor for o in options(grams=grams + more)}
    assert all(heavy[key] >= light[key] for key in light.keys() & heavy.keys())


@given(grams=st.integers(1, 500_000))
def test_chargeable_kilograms_forgive_up_to_the_tolerance(grams: int) -> None:
    kg = rates.chargeable_kg(grams)
    assert kg >= 1
    assert kg * 1000 + 300 >= grams
    assert kg == 1 or (kg - 1) * 1000 + 300 < grams


def test_every_pair_of_zones_has_a_route_the_same_both_ways() -> None:
    zones = {province.shipping_zone for province in regions.provinces()} | {"jabodetabek"}
    for origin in zones:
        for destination in zones:
            assert rates.route(origin, destination) == rates.route(destination, origin)
            assert rates.route(origin, destination).first_minor > 0


@given(
    province=st.sampled_from(regions.provinces()), grams=st.integers(1, 30_000), minutes=st.integers(0, 60 * 24 * 400)
)
def test_every_promise_is_in_order_and_in_whole_steps(province: regions.Province, grams: int, minutes: int) -> None:
    address = Place(province.code, regions.cities(province.code)[0].code)
    now = MONDAY_MORNING + timedelta(minutes=minutes)
    found = options(address=address, grams=grams, now=now)
    assert found
    for option in found:
        assert now.date() <= option.promised_from <= option.promised_until
        assert option.price_minor > 0
        assert option.price_minor % 500 == 0


def test_an_unknown_province_is_an_error() -> None:
    with pytest.raises(KeyError):
        options(address=Place("00", "0001"))


@dataclass(frozen=True)
class Told:
    id: int
    status: str
    occurred_at: datetime


def told(*statuses: str) -> list[Told]:
    return [Told(i, status, MONDAY_MORNING + timedelta(hours=i)) for i, status in enumerate(statuses)]


JOURNEYS = [
    (("booked", "collected", "in_transit", "out_for_delivery", "delivered"), ParcelState.DELIVERED),
    (("collected", "in_transit", "delivery_failed", "out_for_delivery", "delivered"), ParcelState.DELIVERED),
    (("booked", "collected", "delivery_failed", "returned"), ParcelState.RETURNED),
    (("booked", "collected", "in_transit", "lost"), ParcelState.LOST),
    (("booked",), ParcelState.AWAITING_COLLECTION),
    (("in_transit",), ParcelState.IN_TRANSIT),
]


@pytest.mark.parametrize(("statuses", "end"), JOURNEYS)
def test_a_journey_sums_up_the_same_in_any_order(statuses: tuple[str, ...], end: ParcelState) -> None:
    events = told(*statuses)
    summed = {rules.journey_of(order) for order in permutations(events)}
    assert len(summed) == 1
    journey = summed.pop()
    assert journey.state is end
    assert journey.last_status == statuses[-1]
    assert journey.last_event_at == events[-1].occurred_at


def test_a_final_word_outweighs_a_scan_that_claims_to_be_later() -> None:
    journey = rules.journey_of(told("collected", "delivered", "in_transit"))
    assert (journey.state, journey.last_status) == (ParcelState.DELIVERED, "delivered")


@given(st.lists(st.sampled_from(rules.STATUSES), max_size=8), st.randoms())
def test_more_reports_never_take_a_parcel_back(statuses: list[str], random: object) -> None:
    events = told(*statuses)
    random.shuffle(events)  # type: ignore[attr-defined]
    before = ParcelState.AWAITING_COLLECTION
    for count in range(len(events) + 1):
        after = rules.journey_of(events[:count]).state
        moved = after if rules.is_parcel_move(before, after) else before
        assert moved is before or moved in rules.PARCEL_MOVES[before]
        before = moved


def test_nothing_leads_out_of_an_ended_parcel() -> None:
    for ended in (ParcelState.DELIVERED, ParcelState.RETURNED, ParcelState.LOST, ParcelState.CANCELLED):
        assert not any(rules.is_parcel_move(ended, to) for to in ParcelState)


def packed(*parcels: tuple[ParcelState, dict[int, int]]) -> list[ParcelUnits]:
    return [ParcelUnits(state, units) for state, units in parcels]


W, T, D, R, L, C = (
    ParcelState(name) for name in ("awaiting_collection", "in_transit", "delivered", "returned", "lost", "cancelled")
)


@pytest.mark.parametrize(
    ("parcels", "expected"),
    [
        ([], OrderState.AWAITING_SHIPMENT),
        ([(W, {1: 2})], OrderState.AWAITING_SHIPMENT),
        ([(D, {1: 2})], OrderState.AWAITING_SHIPMENT),
        ([(W, {1: 2, 2: 1})], OrderState.AWAITING_COLLECTION),
        ([(T, {1: 2}), (W, {2: 1})], OrderState.AWAITING_COLLECTION),
        ([(T, {1: 2}), (T, {2: 1})], OrderState.IN_TRANSIT),
        ([(D, {1: 2}), (T, {2: 1})], OrderState.IN_TRANSIT),
        ([(D, {1: 2}), (D, {2: 1})], OrderState.DELIVERED),
        ([(D, {1: 2}), (L, {2: 1})], OrderState.IN_TRANSIT),
        ([(R, {1: 2}), (L, {2: 1})], OrderState.IN_TRANSIT),
        ([(C, {1: 2, 2: 1})], OrderState.AWAITING_SHIPMENT),
        ([(C, {1: 2, 2: 1}), (T, {1: 2, 2: 1})], OrderState.IN_TRANSIT),
    ],
)
def test_an_order_stands_where_its_parcels_are(
    parcels: list[tuple[ParcelState, dict[int, int]]], expected: OrderState
) -> None:
    assert rules.order_state({1: 2, 2: 1}, packed(*parcels)) is expected


parcel_lists = st.lists(
    st.tuples(st.sampled_from(ParcelState), st.dictionaries(st.integers(1, 3), st.integers(1, 3), min_size=1)),
    max_size=4,
)


@given(st.dictionaries(st.integers(1, 3), st.integers(0, 4), min_size=1), parcel_lists)
def test_an_order_leaves_the_shop_only_when_nothing_is_left(
    open_units: dict[int, int], parcels: list[tuple[ParcelState, dict[int, int]]]
) -> None:
    state = rules.order_state(open_units, packed(*parcels))
    if rules.units_left(open_units, packed(*parcels)):
        assert state is OrderState.AWAITING_SHIPMENT
    if state is OrderState.DELIVERED:
        states = {found for found, _ in parcels}
        assert D in states
        assert not states & {W, T}


@pytest.mark.parametrize(
    ("state", "target", "moves"),
    [
        ("awaiting_shipment", "awaiting_collection", (Move.ARRANGE,)),
        ("awaiting_shipment", "delivered", (Move.ARRANGE, Move.COLLECT, Move.DELIVER)),
        ("awaiting_collection", "awaiting_shipment", (Move.UNARRANGE,)),
        ("in_transit", "awaiting_shipment", ()),
        ("completed", "in_transit", ()),
        ("cancelled", "delivered", ()),
        ("new", "in_transit", ()),
        ("delivered", "delivered", ()),
    ],
)
def test_an_order_goes_step_by_step_and_never_back_from_the_road(
    state: str, target: str, moves: tuple[Move, ...]
) -> None:
    assert rules.moves_to(OrderState(state), OrderState(target)) == moves


def test_what_is_chosen_must_be_left() -> None:
    assert rules.chosen_units({1: 2, 2: 1}, None) == {1: 2, 2: 1}
    assert rules.chosen_units({1: 2, 2: 1}, {1: 1, 2: 0}) == {1: 1}
    with pytest.raises(TooManyUnits):
        rules.chosen_units({1: 2}, {1: 3})
    with pytest.raises(TooManyUnits):
        rules.chosen_units({1: 2}, {9: 1})
    with pytest.raises(TooManyUnits):
        rules.chosen_units({1: 2}, {1: -1})
    with pytest.raises(NothingToShip):
        rules.chosen_units({1: 2}, {1: 0})
    with pytest.raises(NothingToShip):
        rules.chosen_units({}, None)


def test_the_longer_a_parcel_is_silent_the_rarer_its_carrier_is_asked() -> None:
    def is_due(*, silent_h: float, asked_h: float | None, stuck_h: int = 48) -> bool:
        now = MONDAY_MORNING
        asked_at = None if asked_h is None else now - timedelta(hours=asked_h)
        return silence.is_due_to_ask(
            asked_at=asked_at, last_event_at=None, arranged_at=now - timedelta(hours=silent_h), now=now,
            stuck_after=timedelta(hours=stuck_h),
        )  # fmt: skip

    assert not is_due(silent_h=0.4, asked_h=None)
    assert is_due(silent_h=1, asked_h=None)
    assert not is_due(silent_h=8, asked_h=1)
    assert is_due(silent_h=8, asked_h=2.1)
    assert not is_due(silent_h=500, asked_h=11)
    assert is_due(silent_h=500, asked_h=12)
    assert is_due(silent_h=500, asked_h=3, stuck_h=12), "who calls a parcel stuck sooner asks more often"


def test_a_parcel_under_way_is_stuck_when_nobody_scans_it() -> None:
    def stuck(state: ParcelState, hours: float) -> bool:
        return silence.is_stuck(
            state, last_event_at=MONDAY_MORNING - timedelta(hours=hours), collected_at=MONDAY_MORNING - timedelta(days=9),
            now=MONDAY_MORNING, after=timedelta(hours=48),
        )  # fmt: skip

    assert stuck(ParcelState.IN_TRANSIT, 48)
    assert not stuck(ParcelState.IN_TRANSIT, 47.9)
    assert not stuck(ParcelState.DELIVERED, 480)
    assert not stuck(ParcelState.AWAITING_COLLECTION, 480)
