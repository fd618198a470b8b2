"""Names, logins, passwords, addresses, waiting times: decided from values in hand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etalase.commerce.accounts import rules
from etalase.commerce.accounts.rules import Login, Problem
from tests.builders.accounts import BANDUNG

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize("text", ["0812 3456 7890", "+62 812-3456-7890", "62812345678 90", "(0812) 34567890"])
def test_phone_numbers_as_people_write_them(text: str) -> None:
    assert rules.read_phone(text.replace("62812345678 90", "+6281234567890")) == "+6281234567890"


@pytest.mark.parametrize(
    "text", ["", "12", "0812", "08123456789012345", "sari", "+1 999 999 9999", "0812 3456 7890 ext. 5"]
)
def test_what_is_no_phone_number(text: str) -> None:
    assert rules.read_phone(text) is None


def test_a_login_is_an_address_in_lower_case_or_a_number() -> None:
    assert rules.read_login(" SARI@Example.CO.id ") == Login(email="sari@example.co.id")
    assert rules.read_login("081234567890") == Login(phone="+6281234567890")
    assert rules.read_login("sari") is None


@pytest.mark.parametrize(
    "text", ["@", "a@b", "a b@c.id", "a@b..id", "a@-b.id", "a@b.id\nBcc: x@y.id", "a" * 65 + "@b.id"]
)
def test_what_is_no_email_address(text: str) -> None:
    assert rules.read_email(text) is None


@given(st.text(max_size=300))
def test_reading_a_login_never_fails(text: str) -> None:
    found = rules.read_login(text)
    assert found is None or (found.email is None) != (found.phone is None)
    assert found is None or rules.read_login(found.value) == found


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("nine-char", "too_short"),
        ("x" * 201, "too_long"),
        ("1234567890", "too_common"),
        ("Password123", "too_common"),
        ("aaaaaaaaaaab", "too_common"),
        ("Sari@Example.id", "same_as_login"),
    ],
)
def test_passwords_that_are_refused(password: str, code: str) -> None:
    assert rules.check_password(password, login="sari@example.id") == [Problem("password", code)]


@pytest.mark.parametrize("password", ["etalase-demo", "kopi susu 2 gelas", "🌶️🌶️ pedas sekali"])
def test_passwords_that_will_do(password: str) -> None:
    assert rules.check_password(password, login="sari@example.id") == []


@pytest.mark.parametrize(
    ("name", "code"), [("", "missing"), ("  ", "missing"), ("x" * 81, "too_long"), ("a\x00b", "not_printable")]
)
def test_names_that_are_refused(name: str, code: str) -> None:
    assert rules.check_name(name) == [Problem("name", code)]


def test_emoji_and_scripts_are_names() -> None:
    assert [rules.check_name(name) for name in ("Sari 🌶", "佐藤", "Øyvind", "R")] == [[], [], [], []]


def test_waiting_time_counts_the_window_only() -> None:
    attempts = [NOON - timedelta(minutes=minutes) for minutes in (20, 14, 10, 5)]
    assert rules.waiting_time(attempts, now=NOON, attempts_max=4) is None
    assert rules.waiting_time(attempts, now=NOON, attempts_max=3) == timedelta(minutes=1)
    assert rules.waiting_time(attempts, now=NOON + timedelta(minutes=1), attempts_max=3) is None


@given(st.lists(st.integers(min_value=0, max_value=3600), max_size=40), st.integers(min_value=1, max_value=12))
def test_after_waiting_one_may_try(seconds: list[int], attempts_max: int) -> None:
    attempts = sorted(NOON - timedelta(seconds=second) for second in seconds)
    wait = rules.waiting_time(attempts, now=NOON, attempts_max=attempts_max)
    if wait is not None:
        assert timedelta(0) < wait <= rules.ATTEMPTS_WINDOW
        assert rules.waiting_time(attempts, now=NOON + wait, attempts_max=attempts_max) is None


def test_an_address_that_will_do() -> None:
    assert rules.check_address(rules.tidy_address(BANDUNG)) == []
    assert rules.tidy_address(BANDUNG).phone == "+6281234567890"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("recipient", " ", "missing"),
        ("recipient", "x" * 81, "too_long"),
        ("phone", "", "missing"),
        ("phone", "12", "phone_malformed"),
        ("province", "99", "unknown_province"),
        ("city", "3171", "city_elsewhere"),
        ("district", "", "district_missing"),
        ("postal_code", "4013", "postal_code_malformed"),
        ("street", "Jl", "too_short"),
        ("street", "x" * 10_000_000, "too_long"),
        ("landmark", "x" * 201, "too_long"),
    ],
)
def test_addresses_that_are_refused(field: str, value: str, code: str) -> None:
    form = rules.tidy_address(replace(BANDUNG, **{field: value}))
    assert Problem(field, code) in rules.check_address(form)


def test_an_odd_postal_code_is_a_remark() -> None:
    form = rules.tidy_address(replace(BANDUNG, postal_code="90171"))
    assert rules.check_address(form) == []
    assert rules.address_warnings(form) == [Problem("postal_code", "postal_code_elsewhere")]


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36", "Chrome · Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; rv:131.0) Gecko/20100101 Firefox/131.0", "Firefox · Windows"),
        ("curl/8", "?"),
        ("", "?"),
    ],
)
def test_devices_have_names(user_agent: str, device: str) -> None:
    assert rules.device_of(user_agent) == device
