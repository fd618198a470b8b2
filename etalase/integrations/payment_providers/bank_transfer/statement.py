"""Reading a bank statement: CSV as Indonesian banks export it, with the columns named in the first line. Pure."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Final

from etalase.foundation.money import from_major

LINES_MAX: Final = 2_000
FILE_BYTES_MAX: Final = 1_000_000
DATE_FORMATS: Final = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d/%m/%y", "%d %b %Y")
DATES: Final = ("date", "tanggal", "tgl")
TEXTS: Final = ("description", "keterangan", "uraian", "remark", "berita")
AMOUNTS: Final = ("credit", "kredit", "amount", "jumlah", "mutasi")
OUTGOING: Final = re.compile(r"\b(DB|DR|D)\b|^-", re.IGNORECASE)
WORDS: Final = re.compile(r"^[A-Za-z]+\.?\s*|\s*[A-Za-z]+$")
GROUPED_BY_COMMA: Final = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
GROUPED_BY_POINT: Final = re.compile(r"\d{1,3}(\.\d{3})+(,\d+)?")


@dataclass(frozen=True, slots=True)
class Line:
    """Money that came in; `digest` is the same when the same file, or one that overlaps it, is read again."""

    booked_on: date
    description: str
    amount_minor: int
    currency: str
    digest: str


class StatementNotRead(ValueError):
    """The file is no statement we can read; the text says where."""


def read(data: bytes, *, account: str, currency: str = "IDR") -> list[Line]:
    """The incoming lines of a statement, in its order; StatementNotRead when anything in it is unclear."""
    if len(data) > FILE_BYTES_MAX:
        raise StatementNotRead("the file is too large")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise StatementNotRead("the file is no text") from problem
    rows = csv.DictReader(io.StringIO(text), delimiter=_delimiter(text))
    columns = [_column(rows.fieldnames or (), names) for names in (DATES, TEXTS, AMOUNTS)]
    lines: list[Line] = []
    seen: Counter[tuple[date, str, int]] = Counter()
    for number, row in enumerate(_rows(rows), start=2):
        try:
            found = _line(row, columns, currency)
        except ValueError as problem:
            raise StatementNotRead(f"line {number}: {problem}") from problem
        if found is None:
            continue
        seen[found] += 1
        lines.append(Line(*found, currency, _digest(account, found, currency, seen[found])))
    return lines


def _rows(rows: "csv.DictReader[str]") -> Iterable[Mapping[str, str | None]]:
    try:
        for count, row in enumerate(rows):
            if count >= LINES_MAX:
                raise StatementNotRead(f"more than {LINES_MAX} lines")
            yield row
    except csv.Error as problem:
        raise StatementNotRead(str(problem)) from problem


def _delimiter(text: str) -> str:
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)


def _column(names: Iterable[str], wanted: Sequence[str]) -> str:
    for want in wanted:
        for name in names:
            if name and want in name.lower():
                return name
    raise StatementNotRead(f"no column is called {' or '.join(wanted)}")


def _line(row: Mapping[str, str | None], columns: Sequence[str], currency: str) -> tuple[date, str, int] | None:
    on, text, amount = ((row.get(name) or "").strip() for name in columns)
    if not on and not amount:
        return None
    if not amount or OUTGOING.search(amount):
        return None
    minor = from_major(_number(amount), currency)
    return (_day(on), " ".join(text.split())[:300], minor) if minor > 0 else None


def _number(text: str) -> Decimal:
    """An amount in Indonesian or English writing; what could be either is refused."""
    bare = WORDS.sub("", text).replace(" ", "").lstrip("+")
    if GROUPED_BY_COMMA.fullmatch(bare):
        bare = bare.replace(",", "")
    elif GROUPED_BY_POINT.fullmatch(bare):
        bare = bare.replace(".", "").replace(",", ".")
    elif not re.fullmatch(r"\d+([.,]\d{2})?", bare):
        raise ValueError(f"{text[:30]!r} is no amount")
    return Decimal(bare.replace(",", "."))


def _day(text: str) -> date:
    for form in DATE_FORMATS:
        try:
            return datetime.strptime(text.split("T", maxsplit=1)[0], form).date()  # noqa: DTZ007 - a bank's day has no zone
        except ValueError:
            continue
    raise ValueError(f"{text[:20]!r} is no date")


def _digest(account: str, found: tuple[date, str, int], currency: str, count: int) -> str:
    day, text, amount = found
    return sha256(f"{account}|{day.isoformat()}|{text}|{amount}|{currency}|{count}".encode()).hexdigest()
