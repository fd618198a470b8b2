"""The product's two languages: Indonesian (default) and English texts, money, numbers and times as people read them."""

from etalase.foundation.i18n.formatting import (
    SPAN_UNITS,
    format_date,
    format_datetime,
    format_duration,
    format_money,
    format_number,
    format_percent,
    format_relative,
    format_time,
    zone_label,
)
from etalase.foundation.i18n.translations import (
    DEFAULT_LOCALE,
    LOCALES,
    N_,
    Translator,
    choose_locale,
    is_locale,
    translator,
)

__all__ = [
    "DEFAULT_LOCALE",
    "LOCALES",
    "N_",
    "SPAN_UNITS",
    "Translator",
    "choose_locale",
    "format_date",
    "format_datetime",
    "format_duration",
    "format_money",
    "format_number",
    "format_percent",
    "format_relative",
    "format_time",
    "is_locale",
    "translator",
    "zone_label",
]
