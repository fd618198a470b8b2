"""What couriers take for the parcels of an order sums to what the order costs, however it is split."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from etalase.commerce.orders.rules import OrderLine
from etalase.commerce.shipping.cod import cod_share
from etalase.commerce.shipping.queries import Parcel
from etalase.commerce.shipping.rules import ParcelState

AT = datetime(2026, 11, 23, tzinfo=UTC)


def line(number: int, price: int, quantity: int) -> OrderLine:
    return OrderLine(
        shop_id=1, id=number, order_id=9, product_id=1, variant_id=number, title="Batik", variant_name="", seller_sku="B",
        image_key=None, unit_price_minor=price, quantity=quantity, cancelled_quantity=0, weight_grams=300,
    )  # fmt: skip


def parcel(number: int, units: dict[int, int], *, state: str = "awaiting_collection", ended: bool = False) -> Parcel:
    return Parcel(
        shop_id=1, id=number, order_id=9, state=ParcelState(state), method="pickup", carrier="jne", service="reg",
        tracking_number=None, booking="waiting", booking_note="", insured=False, delay_note="", delayed_at=None,
        asked_at=None, last_event_at=None, last_status="", arranged_at=AT, collected_at=None, delivered_at=None,
        received_by="", eta_from=None, eta_until=None, units=units, units_ended=ended,
    )  # fmt: skip


@given(
    st.lists(st.tuples(st.integers(0, 900_000), st.integers(1, 9)), min_size=1, max_size=5),
    st.integers(0, 10_000_000),
    st.data(),
)
def test_the_shares_of_all_parcels_are_what_the_order_costs(
    bought: list[tuple[int, int]], kept_minor: int, data: st.DataObject
) -> None:
    lines = [line(number, price, quantity) for number, (price, quantity) in enumerate(bought, start=1)]
    first = {one.id: data.draw(st.integers(0, one.quantity)) for one in lines}
    rest = {one.id: one.quantity - first[one.id] for one in lines}
    parcels = [parcel(1, first), parcel(2, rest)]
    shares = [cod_share(kept_minor, lines, parcels, parcel_id=number) for number in (1, 2)]
    assert sum(shares) == kept_minor
    assert min(shares) >= 0


def test_undone_and_failed_parcels_take_nothing() -> None:
    lines = [line(1, 50_000, 2)]
    parcels = [parcel(1, {1: 2}, state="cancelled"), parcel(2, {1: 1}, state="lost", ended=True), parcel(3, {1: 2})]
    assert [cod_share(112_000, lines, parcels, parcel_id=number) for number in (1, 2, 3)] == [0, 0, 112_000]


def test_what_is_not_packed_yet_keeps_its_share() -> None:
    lines = [line(1, 50_000, 2)]
    assert cod_share(100_000, lines, [parcel(1, {1: 1})], parcel_id=1) == 50_000
