"""Texts: msgids are the English words; every `id/*.po` beside this file holds Indonesian ones, one file per area."""

import functools
import gettext
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

DEFAULT_LOCALE: Final = "id"
LOCALES: Final = ("id", "en")
_TEXTS_DIR: Final = Path(__file__).parent
# Browsers of older Android phones still send the language code that Indonesian had before 1989.
_LANGUAGE_ALIASES: Final = {"in": "id"}
_LANGUAGE_RANGES_MAX: Final = 20
_PLURAL_FORMS: Final = "nplurals=1; plural=0;"


@dataclass(frozen=True, slots=True)
class Translator:
    """The texts of one language. Unknown msgids come back as they are, so a page never fails for a missing text."""

    locale: str
    _texts: gettext.NullTranslations = field(repr=False)

    def gettext(self, message: str, /, **values: object) -> str:
        """The text for a msgid; `%(name)s` placeholders are filled only when values are given."""
        text = self._texts.gettext(message)
        return text % values if values else text

    def ngettext(self, singular: str, plural: str, n: int, /, **values: object) -> str:
        """The text that fits the number n; `%(n)s` is filled with it."""
        return self._texts.ngettext(singular, plural, n) % {"n": n, **values}


@functools.cache
def translator(locale: str) -> Translator:
    """The translator of a locale; an unknown locale gets the default one. Loaded once per process."""
    if locale not in LOCALES:
        return translator(DEFAULT_LOCALE)
    paths = sorted((_TEXTS_DIR / locale).glob("*.po"))
    if not paths:
        return Translator(locale, gettext.NullTranslations())
    compiled = io.BytesIO()
    write_mo(compiled, merged_catalog(locale, paths))
    compiled.seek(0)
    return Translator(locale, gettext.GNUTranslations(compiled))


def merged_catalog(locale: str, paths: list[Path]) -> Catalog:
    """One catalog of all areas' files."""
    merged = Catalog(locale=locale)
    # Babel's table has no entry for Indonesian, which has one form for every number.
    merged.mime_headers = [("Content-Type", "text/plain; charset=utf-8"), ("Plural-Forms", _PLURAL_FORMS)]
    for path in paths:
        with path.open("rb") as file:
            for message in read_po(file, locale=locale):
                if message.id:
                    merged.add(message.id, message.string, context=message.context)
    return merged


def N_(message: str) -> str:  # noqa: N802  the name every gettext tool looks for
    """Mark a msgid kept in a table, so that extraction finds it; translate it where it is shown."""
    return message


def is_locale(value: str | None) -> bool:
    """Whether the value names one of the product's languages."""
    return value in LOCALES


def choose_locale(cookie: str | None, account: str | None = None, *, accept_language: str | None = None) -> str:
    """What was picked on this device, else the account's language, else the browser's first known one, else Indonesian."""
    told = next((choice for choice in (cookie, account) if is_locale(choice)), None)
    return told or next(filter(is_locale, _browser_languages(accept_language or "")), DEFAULT_LOCALE)


def _browser_languages(header: str) -> Iterator[str]:
    """Primary language codes, the most wanted first."""
    ranges = [_language_range(part) for part in header.split(",")[:_LANGUAGE_RANGES_MAX]]
    for weight, code in sorted(ranges, key=lambda item: -item[0]):
        if weight > 0:
            yield _LANGUAGE_ALIASES.get(code, code)


def _language_range(part: str) -> tuple[float, str]:
    code, _, parameters = part.strip().partition(";")
    quality = parameters.strip().removeprefix("q=")
    try:
        weight = float(quality) if quality else 1.0
    except ValueError:
        weight = 0.0
    return weight, code.split("-")[0].strip().lower()
