from datetime import UTC, date, datetime, timedelta

import pytest

from etalase.foundation.i18n import (
    choose_locale,
    format_date,
    format_datetime,
    format_duration,
    format_money,
    format_number,
    format_relative,
    format_time,
    translator,
)

NOON_UTC = datetime(2026, 11, 23, 12, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("amount_minor", "currency", "locale", "text"),
    [
        (25_000, "IDR", "id", "Rp25.000"),
        (25_000, "IDR", "en", "Rp25,000"),
        (0, "IDR", "id", "Rp0"),
        (999, "IDR", "id", "Rp999"),
        (1_234_567_890, "IDR", "id", "Rp1.234.567.890"),
        (-10_000, "IDR", "id", "-Rp10.000"),
        (123_405, "USD", "id", "US$1.234,05"),
        (123_405, "USD", "en", "$1,234.05"),
        (-5, "USD", "en", "-$0.05"),
    ],
)
def test_money_has_the_currencys_own_decimals(amount_minor: int, currency: str, locale: str, text: str) -> None:
    assert format_money(amount_minor, currency, locale=locale) == text


def test_money_of_an_unknown_currency_is_refused() -> None:
    with pytest.raises(KeyError):
        format_money(1, "XXX", locale="id")


def test_numbers_are_grouped_as_the_reader_writes_them() -> None:
    assert format_number(12_500, locale="id") == "12.500"
    assert format_number(12_500, locale="en") == "12,500"


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("Asia/Jakarta", "23 Nov 2026, 19:05 WIB"),
        ("Asia/Pontianak", "23 Nov 2026, 19:05 WIB"),
        ("Asia/Makassar", "23 Nov 2026, 20:05 WITA"),
        ("Asia/Jayapura", "23 Nov 2026, 21:05 WIT"),
        ("Europe/Berlin", "23 Nov 2026, 13:05 CET"),
    ],
)
def test_times_are_local_and_end_with_the_zone(zone: str, text: str) -> None:
    assert format_datetime(NOON_UTC, locale="id", zone=zone) == text


def test_a_date_is_the_day_in_the_readers_zone() -> None:
    late_evening_utc = datetime(2026, 8, 31, 18, 0, tzinfo=UTC)
    assert format_date(late_evening_utc, locale="id", zone="Asia/Jakarta") == "1 Sep 2026"
    assert format_date(date(2026, 8, 31), locale="id", zone="Asia/Jakarta") == "31 Agu 2026"
    assert format_date(date(2026, 8, 31), locale="en", zone="Asia/Jakarta") == "31 Aug 2026"
    assert format_time(late_evening_utc, zone="Asia/Makassar") == "02:00 WITA"


@pytest.mark.parametrize(
    ("span", "indonesian", "english"),
    [
        (timedelta(days=2, hours=4, minutes=59), "2 hari 4 jam", "2 d 4 h"),
        (timedelta(days=1), "1 hari", "1 d"),
        (timedelta(hours=3, minutes=12, seconds=40), "3 jam 12 mnt", "3 h 12 min"),
        (timedelta(minutes=12, seconds=59), "12 mnt", "12 min"),
        (timedelta(seconds=45), "45 dtk", "45 s"),
        (timedelta(seconds=-5), "0 dtk", "0 s"),
    ],
)
def test_spans_name_their_two_largest_units(span: timedelta, indonesian: str, english: str) -> None:
    assert format_duration(span, locale="id") == indonesian
    assert format_duration(span, locale="en") == english


@pytest.mark.parametrize(
    ("ago", "text"),
    [
        (timedelta(seconds=59), "Baru saja"),
        (timedelta(minutes=5), "5 mnt lalu"),
        (timedelta(hours=3), "3 jam lalu"),
        (timedelta(days=6, hours=23), "6 hari lalu"),
        (timedelta(days=7), "16 Nov 2026"),
        (timedelta(days=-1), "24 Nov 2026"),
    ],
)
def test_recent_moments_are_said_by_their_age(ago: timedelta, text: str) -> None:
    assert format_relative(NOON_UTC - ago, now=NOON_UTC, locale="id", zone="Asia/Jakarta") == text


@pytest.mark.parametrize(
    ("cookie", "account", "header", "locale"),
    [
        (None, None, None, "id"),
        ("en", "id", "id-ID", "en"),
        (None, "en", "id-ID", "en"),
        ("xx", None, "en-GB,en;q=0.9", "en"),
        (None, None, "fr-FR,en;q=0.4,id;q=0.8", "id"),
        (None, None, "in-ID", "id"),
        (None, None, "en;q=0,id;q=0.1", "id"),
        (None, None, "en;q=broken", "id"),
        (None, None, "*, ;;q=1,,", "id"),
    ],
)
def test_the_language_is_the_nearest_choice(
    cookie: str | None, account: str | None, header: str | None, locale: str
) -> None:
    assert choose_locale(cookie, account, accept_language=header) == locale


def test_texts_are_translated_and_filled() -> None:
    indonesian, english = translator("id"), translator("en")
    assert indonesian.gettext("Order %(id)s", id="7") == "Pesanan 7"
    assert english.gettext("Order %(id)s", id="7") == "Order 7"
    assert indonesian.gettext("100% of nothing known") == "100% of nothing known"
    assert [indonesian.ngettext("%(n)s piece", "%(n)s pieces", n) for n in (1, 3)] == ["1 barang", "3 barang"]
    assert [english.ngettext("%(n)s piece", "%(n)s pieces", n) for n in (1, 3)] == ["1 piece", "3 pieces"]
    assert translator("xx").locale == "id"
