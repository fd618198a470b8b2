"""Shares add up, weeks are the shop's, and money waits until nobody can send the goods back."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from etalase.commerce.orders.rules import Order
from etalase.foundation import clock
from etalase.journeys.settlement import rules
from etalase.journeys.settlement.actions import charges_of
from etalase.journeys.settlement.queries import Carried
from etalase.journeys.settlement.rules import SoldLine

amounts = st.integers(0, 10**9)
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)


def a_line(number: int = 1, kept: int = 10_000) -> SoldLine:
    return SoldLine(number, 100 + number, 10_000, kept)


def an_order(**changes: Any) -> Order:
    now = clock.now()
    values: dict[str, Any] = dict.fromkeys(Order.__dataclass_fields__)
    values |= {
        "shop_id": 1, "id": 2, "state": "completed", "shipping_minor": 0, "policies": {}, "placed_at": now,
        "delivered_at": MONDAY, "completed_at": MONDAY + timedelta(days=1),
    }  # fmt: skip
    return Order(**values | changes)


@given(
    pending=amounts,
    shipping=amounts,
    carrier=st.integers(0, 10**6),
    rate=st.integers(0, 5000),
    fee=st.integers(0, 10**6),
)
def test_shares_sum_to_what_waited_and_nobody_pays_commission_on_shipping(
    pending: int, shipping: int, carrier: int, rate: int, fee: int
) -> None:
    order = an_order(shipping_minor=shipping, policies={"commission.rate": [3, rate], "fee.order": [1, fee]})
    shares = rules.shares_of(order, [a_line()], pending_minor=pending, carrier_minor=carrier)
    assert sum(shares.parts.values()) == pending
    assert 0 <= shares.commission_minor <= max(0, pending - shipping)
    assert shares.fee_minor == fee


def test_an_order_keeps_the_rates_it_was_placed_under() -> None:
    old = an_order(policies={"commission.rate": [1, 500]})
    assert rules.shares_of(old, [a_line()], pending_minor=100_000, carrier_minor=0).commission_minor == 5_000
    assert rules.applied(old)["commission.rate"] == [1, 500]
    assert rules.applied(an_order())["commission.rate"][0] == 0, "the default is version 0"


RATES = st.dictionaries(st.integers(101, 106).map(str), st.tuples(st.integers(1, 9), st.integers(0, 5000)), max_size=6)


@given(pending=amounts, shipping=amounts, rates=RATES, kept=st.lists(st.integers(0, 10**7), min_size=1, max_size=6))
def test_what_is_posted_is_the_sum_of_lines_each_by_its_own_rate_rounded_down(
    pending: int, shipping: int, rates: dict[str, tuple[int, int]], kept: list[int]
) -> None:
    copy = {"commission.rate": [1, 300], "commission.rate.lines": {key: list(rate) for key, rate in rates.items()}}
    lines = [a_line(number, left) for number, left in enumerate(kept, start=1)]
    shares = rules.shares_of(
        an_order(shipping_minor=shipping, policies=copy), lines, pending_minor=pending, carrier_minor=0
    )
    assert sum(line.base_minor for line in shares.lines) == shares.base_minor
    assert sum(line.commission_minor for line in shares.lines) == shares.parts["commission"]
    for line, sold in zip(shares.lines, lines, strict=True):
        version, rate = rates.get(str(sold.product_id), (1, 300))
        assert (line.version, line.rate) == (version, rate)
        assert line.commission_minor * 10_000 <= line.base_minor * rate < (line.commission_minor + 1) * 10_000
    assert sum(shares.parts.values()) == pending


def test_nothing_is_reckoned_of_a_line_that_went_back() -> None:
    gone, stays = rules.shares_of(
        an_order(), [a_line(1, kept=0), a_line(2)], pending_minor=9_000, carrier_minor=0
    ).lines
    assert (gone.base_minor, stays.base_minor) == (0, 9_000)


def test_money_waits_for_the_longer_of_period_and_completion() -> None:
    order = an_order(policies={"settle.period": [1, 10], "return.window": [1, 2]})
    assert rules.release_due(order) == MONDAY + timedelta(days=10)
    late = an_order(completed_at=MONDAY + timedelta(days=30))
    assert rules.release_due(late) == MONDAY + timedelta(days=30)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_moment_lies_in_its_week_and_weeks_follow_each_other(at: datetime) -> None:
    start, end = rules.week_of(at, "Asia/Makassar")
    assert start <= at < end
    assert end - start == rules.WEEK
    assert rules.week_of(end, "Asia/Makassar")[0] == end
    assert start.astimezone(UTC).hour == 16, "midnight in Makassar"


def carried(order_id: int, parcel_id: int, *, own: int, whole: int) -> Carried:
    return Carried(order_id, parcel_id, "jne", "31", "3171", "32", "3273", "standard", own, whole)


def test_orders_that_share_a_parcel_share_its_price() -> None:
    alone = charges_of([carried(1, 9, own=900, whole=900)])[1]
    shared = charges_of([carried(1, 9, own=300, whole=900), carried(2, 9, own=600, whole=900)])
    assert alone > 0
    assert abs(sum(shared.values()) - alone) <= 1
    assert shared[1] < shared[2]
    assert charges_of([carried(1, 8, own=900, whole=900), carried(1, 9, own=900, whole=900)])[1] == 2 * alone
