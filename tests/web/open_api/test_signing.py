"""Signatures: the interface's own example, and two that were made by others' clients."""

from hypothesis import given
from hypothesis import strategies as st
from tiktok_shop_api import Signer

from etalase.web.open_api import signing
from etalase.web.open_api.values import amount, answered, read_amount, split_list

PAIRS = [("app_key", "29a39d"), ("timestamp", "1623812664")]


def test_the_documented_example() -> None:
    text = signing.signed_text("/authorization/202309/shops", PAIRS, b"")
    assert signing.signature("e59af819cc", text) == "b596b73e0cc6de07ac26f036364178ab16b0a907af13d43f0a0cd2345f582dc8"


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(st.lists(st.tuples(texts, texts), max_size=6), texts)
def test_others_sign_alike(pairs: list[tuple[str, str]], body: str) -> None:
    theirs = Signer.sign(path="/a", query=pairs, content_type="application/json", body=body, app_secret="s3cr3t")
    assert signing.is_signed("s3cr3t", path="/a", pairs=pairs, body=body.encode(), sign=theirs)
    assert not signing.is_signed("other", path="/a", pairs=pairs, body=body.encode(), sign=theirs)


def test_times() -> None:
    for timestamp, is_good in [
        (1000000000, True),
        (999999700, True),
        (999999699, False),
        (1000000030, True),
        (1000000031, False),
    ]:
        assert signing.is_timely(str(timestamp).zfill(10), at_s=1000000000) is is_good
    for text in ("", "123", "1000000000000", "²000000000", "-000000001"):
        assert not signing.is_timely(text, at_s=1000000000)


def test_money_on_the_wire() -> None:
    assert (amount(25000), amount(1050, "USD"), amount(5, "USD"), amount(0)) == ("25000", "10.50", "0.05", "0")
    assert [read_amount(text) for text in ("25000", "25000.00", "0")] == [25000, 25000, 0]
    assert [read_amount(text) for text in ("", "x", "-1", "0.5", "NaN", "1e3", "1_000", "9" * 16, "²")] == [None] * 9


@given(st.integers(0, 10**12))
def test_money_comes_back(minor: int) -> None:
    assert read_amount(amount(minor)) == minor
    assert read_amount(amount(minor, "USD"), "USD") == minor


def test_what_is_empty_is_left_out() -> None:
    data = {
        "orders": [],
        "errors": [],
        "a": None,
        "b": {"c": None, "d": [None], "e": ""},
        "f": 0,
        "g": {},
        "h": [{"i": None}, 1],
    }
    assert answered(data) == {"orders": [], "b": {"e": ""}, "f": 0, "h": [1]}


def test_lists() -> None:
    assert split_list(["a,b", "c"]) == ["a", "b", "c"]
    assert split_list(['["a", 2]']) == ["a", "2"]
    assert split_list(["[broken"]) == ["[broken"]
