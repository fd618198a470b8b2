"""Money, numbers, dates, times and spans as an Indonesian or English reader writes them.

Babel's names and Unicode data are read once; the formatting itself is plain string work, because a list page formats
hundreds of amounts and Babel's pattern engine costs some 30 microseconds for each.
"""

import functools
from collections.abc import Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.numbers import get_currency_symbol

from etalase.foundation.i18n.translations import DEFAULT_LOCALE, LOCALES, N_, translator
from etalase.foundation.money import exponent

_ZONE_LABELS: Final = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}
_SECONDS_PER_MINUTE: Final = 60
_SECONDS_PER_HOUR: Final = 3_600
_SECONDS_PER_DAY: Final = 86_400
_RELATIVE_DAYS_MAX: Final = 7

_UNIT_DAY: Final = N_("d")
_UNIT_HOUR: Final = N_("h")
_UNIT_MINUTE: Final = N_("min")
_UNIT_SECOND: Final = N_("s")
SPAN_UNITS: Final = (_UNIT_DAY, _UNIT_HOUR, _UNIT_MINUTE, _UNIT_SECOND)


def format_money(amount_minor: int, currency: str = "IDR", *, locale: str) -> str:
    """Rp25.000 (id), Rp25,000 (en), -US$3,50: the currency's own number of decimals, sign first."""
    decimals = exponent(currency)
    whole, fraction = divmod(abs(amount_minor), 10**decimals)
    thousands, decimal = _separators(locale)
    digits = f"{whole:,}".replace(",", thousands)
    if decimals:
        digits = f"{digits}{decimal}{fraction:0{decimals}d}"
    return f"{'-' if amount_minor < 0 else ''}{_symbol(currency, locale)}{digits}"


def format_number(number: int, *, locale: str) -> str:
    """12.500 (id), 12,500 (en)."""
    return f"{number:,}".replace(",", _separators(locale)[0])


def format_percent(share: float, *, locale: str) -> str:
    """3,5% (id), 3.5% (en) of 0.035."""
    return f"{share * 100:.1f}%".replace(".", _separators(locale)[1])


def format_date(when: datetime | date, *, locale: str, zone: str) -> str:
    """23 Nov 2026; a datetime is first taken to the zone."""
    day = when.astimezone(_zone(zone)).date() if isinstance(when, datetime) else when
    return f"{day.day} {_month_names(locale)[day.month - 1]} {day.year}"


def format_time(when: datetime, *, zone: str) -> str:
    """14:05 WIB."""
    return f"{when.astimezone(_zone(zone)):%H:%M} {zone_label(zone, when)}"


def format_datetime(when: datetime, *, locale: str, zone: str) -> str:
    """23 Nov 2026, 14:05 WIB: local to the zone, whose label ends it."""
    return f"{format_date(when, locale=locale, zone=zone)}, {format_time(when, zone=zone)}"


def zone_label(zone: str, when: datetime) -> str:
    """WIB, WITA or WIT; elsewhere the zone's own abbreviation at that moment."""
    return _ZONE_LABELS.get(zone) or when.astimezone(_zone(zone)).strftime("%Z")


def format_duration(span: timedelta, *, locale: str) -> str:
    """The two largest units, for countdowns: "2 d 4 h", "3 h 12 min", "3 jam 12 mnt", "45 s". Below zero counts as zero."""
    seconds = max(0, int(span.total_seconds()))
    _ = translator(locale).gettext
    days, rest = divmod(seconds, _SECONDS_PER_DAY)
    hours, rest = divmod(rest, _SECONDS_PER_HOUR)
    minutes, rest = divmod(rest, _SECONDS_PER_MINUTE)
    if days:
        return _join_units((days, _(_UNIT_DAY)), (hours, _(_UNIT_HOUR)))
    if hours:
        return _join_units((hours, _(_UNIT_HOUR)), (minutes, _(_UNIT_MINUTE)))
    if minutes:
        return f"{minutes} {_(_UNIT_MINUTE)}"
    return f"{rest} {_(_UNIT_SECOND)}"


def format_relative(when: datetime, *, now: datetime, locale: str, zone: str) -> str:
    """Just now, 5 min ago, 3 h ago, 2 days ago; a week back and more, or ahead of now: the date."""
    seconds = int((now - when).total_seconds())
    text = translator(locale)
    if seconds < 0 or seconds >= _RELATIVE_DAYS_MAX * _SECONDS_PER_DAY:
        return format_date(when, locale=locale, zone=zone)
    if seconds < _SECONDS_PER_MINUTE:
        return text.gettext("Just now")
    if seconds < _SECONDS_PER_HOUR:
        return text.gettext("%(n)s min ago", n=seconds // _SECONDS_PER_MINUTE)
    if seconds < _SECONDS_PER_DAY:
        return text.gettext("%(n)s h ago", n=seconds // _SECONDS_PER_HOUR)
    return text.ngettext("%(n)s day ago", "%(n)s days ago", seconds // _SECONDS_PER_DAY)


def _join_units(large: tuple[int, str], small: tuple[int, str]) -> str:
    text = f"{large[0]} {large[1]}"
    return f"{text} {small[0]} {small[1]}" if small[0] else text


@functools.cache
def _separators(locale: str) -> tuple[str, str]:
    symbols = Locale.parse(_known(locale)).number_symbols["latn"]
    return symbols["group"], symbols["decimal"]


@functools.cache
def _symbol(currency: str, locale: str) -> str:
    # Unicode data writes "IDR 25,000" for English readers; every Indonesian shop writes Rp in either language.
    return "Rp" if currency == "IDR" else get_currency_symbol(currency, locale=_known(locale))


@functools.cache
def _month_names(locale: str) -> Sequence[str]:
    names = Locale.parse(_known(locale)).months["format"]["abbreviated"]
    return tuple(names[month] for month in range(1, 13))


@functools.cache
def _zone(zone: str) -> tzinfo:
    return ZoneInfo(zone)


def _known(locale: str) -> str:
    return locale if locale in LOCALES else DEFAULT_LOCALE
