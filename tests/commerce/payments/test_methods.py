"""The ways to pay, as data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etalase.commerce.payments import methods
from etalase.commerce.payments.methods import METHODS, MethodKind
from etalase.foundation.i18n import translator


def test_codes_are_unique_and_found() -> None:
    assert len({method.code for method in METHODS}) == len(METHODS)
    assert all(methods.payment_method(method.code) is method for method in METHODS)
    with pytest.raises(methods.MethodNotKnown):
        methods.payment_method("cheque")


def test_every_kind_can_be_chosen() -> None:
    assert {method.kind for method in METHODS} == set(MethodKind) - {MethodKind.WALLET}, "who has a wallet chooses it"


@pytest.mark.parametrize(
    ("code", "amount_minor", "is_available"),
    [
        ("qris", 10_000_000, True),
        ("qris", 10_000_001, False),
        ("cod", 49_999, False),
        ("cod", 50_000, True),
        ("cod", 2_500_000, True),
        ("cod", 2_500_001, False),
    ],
)
def test_bounds_are_included(code: str, amount_minor: int, is_available: bool) -> None:
    assert methods.payment_method(code).is_available_for(amount_minor) is is_available


@given(st.integers(0, 200_000_000))
def test_offered_methods_take_the_amount_and_keep_their_order(amount_minor: int) -> None:
    offered = methods.methods_for(amount_minor)
    assert list(offered) == [m for m in METHODS if m.minimum_minor <= amount_minor <= m.maximum_minor]


@given(st.integers(10_000, 100_000_000))
def test_from_ten_thousand_rupiah_up_there_is_always_a_way(amount_minor: int) -> None:
    assert methods.methods_for(amount_minor)


def test_names_that_are_not_brands_are_translated() -> None:
    indonesian = translator("id").gettext
    for code in ("card", "cod"):
        name = methods.payment_method(code).name
        assert indonesian(name) != name
