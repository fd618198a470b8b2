"""Every text of the product has an Indonesian one, with the same placeholders, said the same way everywhere."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from etalase.foundation.i18n import translator

ROOT = Path(__file__).parents[2]
TEXTS = sorted((ROOT / "etalase/foundation/i18n/id").glob("*.po"))
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None}
METHODS = {".py": "python", ".html": "jinja2.ext:babel_extract"}
PLACEHOLDER = re.compile(r"%\(\w+\)\w")


def source_files() -> Iterator[Path]:
    for folder in ("etalase", "demo"):
        yield from (path for path in sorted((ROOT / folder).rglob("*")) if path.suffix in METHODS)


def messages_of(path: Path) -> Iterator[str | tuple[str, ...]]:
    for _, message, _, _ in extract_from_file(METHODS[path.suffix], path, keywords=KEYWORDS):
        yield message


def translations() -> Iterator[tuple[Path, str, tuple[str, ...]]]:
    for path in TEXTS:
        with path.open("rb") as file:
            for message in read_po(file, locale="id"):
                if message.id:
                    singular = message.id if isinstance(message.id, str) else message.id[0]
                    strings = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
                    yield path, singular, tuple(text for text in strings if text)


@pytest.mark.parametrize("path", list(source_files()), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_text_is_translated(path: Path) -> None:
    known = {singular for _, singular, strings in translations() if strings}
    used = {message if isinstance(message, str) else message[0] for message in messages_of(path)}
    assert sorted(used - known) == []


def test_translations_keep_the_placeholders() -> None:
    broken = [
        (path.name, singular)
        for path, singular, strings in translations()
        for text in strings
        if set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(singular))
    ]
    assert broken == []


def test_no_text_is_translated_in_two_ways() -> None:
    seen: dict[str, tuple[str, ...]] = {}
    conflicts = []
    for path, singular, strings in translations():
        if seen.setdefault(singular, strings) != strings:
            conflicts.append((path.name, singular, seen[singular], strings))
    assert conflicts == []


def test_the_guides_words_have_their_indonesian_ones() -> None:
    words = [
        "Order Center",
        "Unpaid",
        "Waiting for Delivery",
        "In Transit",
        "Received",
        "Cancelled",
        "Settings and Privacy",
    ]
    gettext = translator("id").gettext
    assert [gettext(word) for word in words] == [
        "Pusat Pesanan", "Belum Dibayar", "Menunggu Pengiriman", "Dalam Perjalanan", "Diterima", "Dibatalkan", "Pengaturan dan Privasi",
    ]  # fmt: skip
