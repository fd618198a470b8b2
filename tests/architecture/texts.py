"""Every msgid of the product: what Python marks with `_`, `N_` or `gettext`, and what templates say."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.extract import extract

ROOT = Path(__file__).resolve().parents[2]
KEYWORDS = {"_": None, "N_": None, "gettext": None, "translate": None, "ngettext": (1, 2)}
METHODS = {".py": "python", ".html": "jinja2.ext:babel_extract"}


@dataclass(frozen=True, slots=True)
class Text:
    """A msgid (or singular and plural) and where it stands."""

    msgid: str | tuple[str, ...]
    place: str

    @property
    def singular(self) -> str:
        return self.msgid if isinstance(self.msgid, str) else self.msgid[0]


def texts() -> Iterator[Text]:
    """Every text that a person may read, once a place."""
    for folder in ("etalase", "demo"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in METHODS:
                yield from _texts_in(path)


def _texts_in(path: Path) -> Iterator[Text]:
    with path.open("rb") as file:
        found = extract(METHODS[path.suffix], file, keywords=KEYWORDS, options={"silent": "false"})
        for line, message, _, _ in found:
            parts = tuple(part for part in message if part) if isinstance(message, tuple) else message
            if parts:
                yield Text(parts, f"{path.relative_to(ROOT)}:{line}")
