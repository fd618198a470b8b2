"""A seller's statement on A4: balances, every line with how its order was shared, as many pages as it takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from etalase.foundation.i18n import Translator
from etalase.web.printing.ink import Pen

MARGIN: Final = 18 * mm
BOTTOM: Final = 24 * mm


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One line in words: when and what, how it came to be, how much."""

    title: str
    detail: str
    amount: str


@dataclass(frozen=True, slots=True)
class StatementSheet:
    """A statement in the reader's words."""

    shop: str
    period: str
    balances: Sequence[tuple[str, str]]
    rows: Sequence[StatementRow]
    made_at: str


def statement_pdf(sheet: StatementSheet, *, translator: Translator) -> bytes:
    """The statement as a PDF."""
    written = BytesIO()
    canvas = Canvas(written, pagesize=A4)
    canvas.setTitle(f"{sheet.shop} · {sheet.period}")
    pen, number = _page(canvas, sheet, 1, translator), 1
    for label, amount in sheet.balances:
        pen.line(label, 10, right=amount, bold=True)
    pen.rule()
    for row in sheet.rows:
        if pen.y < BOTTOM + 12 * mm:
            canvas.showPage()
            number += 1
            pen = _page(canvas, sheet, number, translator)
        pen.space(1.6 * mm)
        pen.line(row.title, 9, right=row.amount)
        if row.detail:
            pen.line(row.detail, 7.5)
    canvas.save()
    return written.getvalue()


def _page(canvas: Canvas, sheet: StatementSheet, number: int, translator: Translator) -> Pen:
    width, height = A4
    pen = Pen(canvas, MARGIN, height - MARGIN, width - 2 * MARGIN)
    pen.line(translator.gettext("Statement"), 16, bold=True, right=str(number))
    pen.line(sheet.shop, 11, right=sheet.period)
    pen.line(sheet.made_at, 8)
    pen.rule()
    pen.space(2 * mm)
    return pen
