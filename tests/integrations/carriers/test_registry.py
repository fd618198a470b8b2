"""The registry: every carrier's numbers, services and pages."""

from collections.abc import Callable
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etalase.foundation.i18n import translator
from etalase.integrations.carriers import registry
from etalase.integrations.carriers.registry import Carrier, NumberNotValid, ServiceKind, ShippingMethod

CARRIERS = registry.all_carriers()
BIG = [known for known in CARRIERS if known.code not in {"own", "any"}]
every_carrier = pytest.mark.parametrize("known", CARRIERS, ids=lambda known: known.code)

any_carrier = st.sampled_from(CARRIERS)
big_carrier = st.sampled_from(BIG)


@st.composite
def carrier_with_number(
    draw: Callable[..., object], among: list[Carrier] | tuple[Carrier, ...] = CARRIERS
) -> tuple[Carrier, str]:
    """A carrier and a number its pattern describes."""
    known = draw(st.sampled_from(among))
    assert isinstance(known, Carrier)
    number = draw(st.from_regex(known.number.pattern, fullmatch=True))
    assert isinstance(number, str)
    return known, number


def test_the_carriers_of_the_trade_are_all_there() -> None:
    assert [known.code for known in CARRIERS] == [
        "jne", "jnt", "sicepat", "anteraja", "ninja", "pos", "lion", "idexpress", "sap", "own", "any",
    ]  # fmt: skip


@every_carrier
def test_a_carrier_is_complete(known: Carrier) -> None:
    assert known.services
    assert len({service.code for service in known.services}) == len(known.services)
    assert all(0 <= service.days_min <= service.days_max <= 30 for service in known.services)
    assert all(service.days_max == 0 for service in known.services if service.kind is ServiceKind.SAME_DAY)
    assert len(known.color) == 7
    assert int(known.color[1:], 16) >= 0
    assert ShippingMethod.OWN_NUMBER in known.methods
    assert registry.check_number(known.code, known.number.example) == known.number.example


@every_carrier
def test_what_a_seller_reads_about_numbers_is_translated(known: Carrier) -> None:
    indonesian = translator("id").gettext
    assert indonesian(known.number.description) != known.number.description


def test_only_big_carriers_collect_and_have_a_page() -> None:
    for known in CARRIERS:
        is_big = known in BIG
        assert (ShippingMethod.PICKUP in known.methods) is is_big
        assert (registry.tracking_page(known.code, known.number.example) is not None) is is_big


@given(carrier_with_number())
def test_checking_a_number_twice_changes_nothing(case: tuple[Carrier, str]) -> None:
    known, number = case
    once = registry.check_number(known.code, number)
    assert registry.check_number(known.code, once) == once


@given(carrier_with_number(), st.sampled_from(["", " ", ".", "\u200b", "\t"]))
def test_a_number_copied_with_spaces_and_small_letters_is_understood(case: tuple[Carrier, str], gap: str) -> None:
    known, number = case
    pasted = gap + gap.join(number).lower() + gap
    assert registry.check_number(known.code, pasted) == number


@given(any_carrier, st.text(max_size=60))
def test_any_text_is_either_normal_or_refused_with_its_rule(known: Carrier, text: str) -> None:
    if _accepts(known, text):
        assert known.number.pattern.fullmatch(registry.check_number(known.code, text))
        return
    with pytest.raises(NumberNotValid) as refusal:
        registry.check_number(known.code, text)
    assert refusal.value.carrier == known
    assert (refusal.value.description, refusal.value.example) == (known.number.description, known.number.example)


@given(carrier_with_number(among=BIG))
def test_a_carriers_own_number_suggests_it(case: tuple[Carrier, str]) -> None:
    known, number = case
    assert known in registry.suggest_carriers(number)


@given(st.text(max_size=60))
def test_suggestions_are_exactly_the_big_carriers_that_accept_it(text: str) -> None:
    assert set(registry.suggest_carriers(text)) == {known for known in BIG if _accepts(known, text)}


def _accepts(known: Carrier, text: str) -> bool:
    try:
        registry.check_number(known.code, text)
    except NumberNotValid:
        return False
    return True


@given(big_carrier, st.text(min_size=1, max_size=30))
def test_a_number_cannot_break_out_of_the_pages_address(known: Carrier, text: str) -> None:
    page = registry.tracking_page(known.code, text)
    assert known.tracking_page is not None
    assert page is not None
    before, after = known.tracking_page.split("{number}")
    filled = page.removeprefix(before).removesuffix(after) if after else page.removeprefix(before)
    assert unquote(filled) == text
    assert not set(filled) & set("/?#&= <>\"'")


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("jne", "12345"),
        ("jnt", "JP123456789"),
        ("sicepat", "00292716868A"),
        ("sicepat", "٠٠٢٩٢٧١٦٨٦٨٧"),
        ("anteraja", "20001234567890"),
        ("lion", "LP1706071234567"),
        ("own", ""),
        ("any", "A" * 41),
    ],
)
def test_wrong_numbers_are_refused(code: str, number: str) -> None:
    with pytest.raises(NumberNotValid):
        registry.check_number(code, number)


def test_unknown_codes_are_told_apart() -> None:
    with pytest.raises(registry.CarrierNotKnown):
        registry.carrier("fedex")
    with pytest.raises(registry.CarrierNotKnown):
        registry.carrier("jne").service("moon")
    assert registry.carrier("jne").service("reg").kind is ServiceKind.STANDARD
