"""No Indonesian text is left over or guessed. (That every text has one, see tests/foundation/test_i18n_texts.py.)"""

from io import BytesIO

from babel.messages.pofile import read_po

from tests.architecture.texts import ROOT, texts

PO_FILES = sorted((ROOT / "etalase/foundation/i18n/id").glob("*.po"))


def test_every_text_of_a_table_is_translated() -> None:
    """Texts reach `gettext` under other names, too (`translate = translator.gettext`)."""
    known = set(translated())
    assert sorted({f"{text.place}: {text.singular!r}" for text in texts() if text.singular not in known}) == []


def translated() -> dict[str, bool]:
    """The msgids with Indonesian words, and whether those are a tool's guess."""
    messages = (message for path in PO_FILES for message in read_po(BytesIO(path.read_bytes()), locale="id"))
    return {
        message.id if isinstance(message.id, str) else message.id[0]: message.fuzzy
        for message in messages
        if message.id and message.string and any(message.string)
    }


def test_no_translation_is_left_over() -> None:
    said = {text.singular for text in texts()}
    # Names of carriers and of places on the way are data, their msgids stand in tables.
    tables = [path for folder in ("etalase", "demo") for path in (ROOT / folder).rglob("*.toml")]
    data = "\n".join(path.read_text(encoding="utf-8") for path in tables)
    assert sorted(msgid for msgid in translated() if msgid not in said and msgid not in data) == []


def test_no_translation_is_a_guess() -> None:
    assert sorted(msgid for msgid, is_guess in translated().items() if is_guess) == []
