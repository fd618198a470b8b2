"""Which policy holds."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etalase.foundation.policies.defaults import DEFAULTS
from etalase.foundation.policies.rules import SCOPES, Policy, PolicyBook, PolicyRow, Scope, book_of, frozen
from etalase.foundation.policies.shapes import UNITS

AT = datetime(2026, 11, 23, 5, tzinfo=UTC)
SHOP, CATEGORY, PRODUCT = 11, 22, 33
IDS: dict[Scope, int] = {"operator": 0, "shop": SHOP, "category": CATEGORY, "product": PRODUCT}


def row(scope: Scope, version: int, value: int, *, hours: int = -1, scope_id: int | None = None) -> PolicyRow:
    found_id = IDS[scope] if scope_id is None else scope_id
    return PolicyRow(scope, found_id, "ship.sla", version, value, AT + timedelta(hours=hours))


def found(*rows: PolicyRow) -> Policy:
    return PolicyBook.of(rows, at=AT).find("ship.sla", SHOP, CATEGORY, PRODUCT)


def test_without_rows_the_default_holds_as_version_0() -> None:
    assert found() == Policy("ship.sla", 0, 1)


def test_the_most_specific_scope_wins_over_higher_versions() -> None:
    assert found(row("operator", 9, 5), row("shop", 2, 3), row("category", 3, 4)).value == 4
    assert found(row("operator", 9, 5), row("product", 1, 2), row("category", 3, 4)).value == 2


def test_what_is_not_valid_yet_does_not_hold() -> None:
    assert found(row("operator", 1, 5), row("operator", 2, 6, hours=1)) == Policy("ship.sla", 1, 5)


def test_a_version_holds_from_its_very_moment() -> None:
    assert found(row("operator", 1, 5, hours=0)).version == 1


def test_others_rules_do_not_concern_this_shop() -> None:
    assert found(row("shop", 1, 5, scope_id=SHOP + 1)).version == 0


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(KeyError):
        PolicyBook.of([], at=AT).find("ship.slo")


ROWS = st.lists(
    st.builds(
        row,
        st.sampled_from(SCOPES),
        st.integers(1, 50),
        st.integers(1, 30),
        hours=st.integers(-5, 5),
        scope_id=st.none() | st.just(99),
    ),
    unique_by=lambda r: r.version,
    max_size=12,
)


@given(rows=ROWS)
def test_the_book_agrees_with_the_rule_said_in_one_sentence(rows: list[PolicyRow]) -> None:
    """Of what is valid and concerns this product: the most specific scope, then the highest version."""
    fitting = [r for r in rows if r.valid_from <= AT and r.scope_id == IDS[r.scope]]
    best = min(fitting, key=lambda r: (SCOPES.index(r.scope), -r.version), default=None)
    expected = Policy("ship.sla", 0, 1) if best is None else Policy("ship.sla", best.version, best.value)
    assert found(*rows) == expected


@given(rows=ROWS, seed=st.randoms())
def test_the_order_of_rows_does_not_matter(rows: list[PolicyRow], seed: object) -> None:
    shuffled = list(rows)
    seed.shuffle(shuffled)  # type: ignore[attr-defined]
    assert found(*shuffled) == found(*rows)


def test_a_frozen_copy_answers_as_the_book_did_after_a_trip_through_json() -> None:
    book = PolicyBook.of([row("shop", 4, 3)], at=AT)
    copy = orjson.loads(orjson.dumps(frozen(book, shop_id=SHOP, goods=[(CATEGORY, PRODUCT)])))
    assert book_of(copy).find("ship.sla") == Policy("ship.sla", 4, 3)
    assert {key: book_of(copy).find(key).value for key in DEFAULTS} == {
        key: book.find(key, SHOP, CATEGORY, PRODUCT).value for key in DEFAULTS
    }


def test_a_later_change_does_not_reach_a_frozen_copy() -> None:
    copy = frozen(PolicyBook.of([row("shop", 4, 3)], at=AT), shop_id=SHOP)
    later = PolicyBook.of([row("shop", 4, 3), row("shop", 5, 9)], at=AT)
    assert later.find("ship.sla", SHOP).value == 9
    assert book_of(copy).find("ship.sla").value == 3


def test_a_products_own_rule_binds_an_order_only_if_all_lines_share_it() -> None:
    book = PolicyBook.of([row("shop", 1, 2), row("product", 2, 14)], at=AT)
    alone = frozen(book, shop_id=SHOP, goods=[(CATEGORY, PRODUCT)])
    mixed = frozen(book, shop_id=SHOP, goods=[(CATEGORY, PRODUCT), (CATEGORY, PRODUCT + 1)])
    assert alone["ship.sla"] == [2, 14]
    assert mixed["ship.sla"] == [1, 2]


def rate(scope: Scope, version: int, value: int, scope_id: int = 0) -> PolicyRow:
    return PolicyRow(scope, scope_id or IDS[scope], "commission.rate", version, value, AT)


def test_a_rate_agreed_with_a_store_outdoes_its_categorys_and_a_products_both() -> None:
    rows = [rate("operator", 1, 200), rate("category", 2, 400), rate("shop", 3, 100), rate("product", 4, 50)]
    said = [
        PolicyBook.of(rows[:count], at=AT).find("commission.rate", SHOP, CATEGORY, PRODUCT).value
        for count in (1, 2, 3, 4)
    ]
    assert said == [200, 400, 100, 50]


def test_lines_of_different_rates_keep_their_own_and_other_policies_dont() -> None:
    rows = [rate("category", 2, 400), rate("category", 3, 700, CATEGORY + 1), row("product", 4, 14)]
    goods = [(CATEGORY, PRODUCT), (CATEGORY + 1, PRODUCT + 1), (CATEGORY + 2, PRODUCT + 2)]
    book = PolicyBook.of(rows, at=AT)
    copy = orjson.loads(orjson.dumps(frozen(book, shop_id=SHOP, goods=goods)))
    bound = book_of(copy)
    assert [bound.find("commission.rate", product_id=PRODUCT + more).value for more in range(3)] == [400, 700, 250]
    assert (bound.find("commission.rate").value, bound.find("ship.sla", product_id=PRODUCT).value) == (250, 1)
    assert "commission.rate.lines" not in frozen(book, shop_id=SHOP, goods=goods[:1])
    assert [key for key, _, _ in bound.index if "lines" in key] == []


def test_an_order_older_than_a_policy_has_its_default() -> None:
    assert book_of({}).find("deliver.extension") == Policy("deliver.extension", 0, 3)


@pytest.mark.parametrize("key", DEFAULTS)
def test_every_default_is_valid_by_its_own_type(key: str) -> None:
    default = DEFAULTS[key]
    assert default.problems(default.value) == []
    assert default.problems("nonsense") != []
    assert default.unit in UNITS
    assert default.source in {"official", "press", "own"}


@pytest.mark.parametrize("key", DEFAULTS)
def test_every_default_survives_its_own_form(key: str) -> None:
    default = DEFAULTS[key]
    parts = {default.fields[0].name: default.value} if default.is_single else default.value
    read = {f.name: f.type.read(f.type.inputs(parts[f.name])) for f in default.fields}
    assert (read[default.fields[0].name] if default.is_single else read) == default.value


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("ship.sla", 0), ("ship.sla", 31), ("ship.sla", "1"), ("ship.sla", True), ("ship.sla", 1.5), ("ship.sla", None),
        ("ship.cutoff", "24:00"), ("ship.cutoff", "9:00"), ("ship.cutoff", 12),
        ("ship.preorder_days", [30, 3]), ("ship.preorder_days", [3]),
        ("ship.autocancel", {"arrange": 2}), ("ship.autocancel", {"arrange": 2, "collect": 0}),
        ("cancel.free_until", "never"), ("payment.deadline", 60),
    ],
)  # fmt: skip
def test_values_that_may_not_hold_are_named(key: str, value: object) -> None:
    assert DEFAULTS[key].problems(value) != []
