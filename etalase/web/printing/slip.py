"""The packing slip: what belongs into the parcel, without prices; as many A6 panels as it takes."""

from collections.abc import Iterator

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from etalase.foundation.i18n import Translator, format_date
from etalase.web.printing.ink import Box, Pen
from etalase.web.printing.papers import Paper, PaperLine, PaperOrder

MARGIN = 5 * mm
LINES_A_PANEL = 8
Part = tuple[PaperOrder, tuple[PaperLine, ...]]


def panels_of(paper: Paper) -> list[list[Part]]:
    """What stands on each panel: orders with those of their lines that fit."""
    panels: list[list[Part]] = [[]]
    used = 0
    for order, line in _entries(paper):
        if used == LINES_A_PANEL:
            panels.append([])
            used = 0
        panel = panels[-1]
        if panel and panel[-1][0] is order:
            panel[-1] = (order, (*panel[-1][1], line))
        else:
            panel.append((order, (line,)))
            used += 1 if len(panel) > 1 else 0  # the head of a further order takes the room of a line
        used = min(used + 1, LINES_A_PANEL)
    return panels


def _entries(paper: Paper) -> Iterator[tuple[PaperOrder, PaperLine]]:
    for order in paper.orders:
        for line in order.lines:
            yield order, line


def draw_slip(
    canvas: Canvas, box: Box, *, paper: Paper, parts: list[Part], translator: Translator, page: tuple[int, int]
) -> None:
    """Draw one panel of the slip; `page` is which of how many."""
    _ = translator.gettext
    x, y, width, height = box
    pen = Pen(canvas, x + MARGIN, y + height - MARGIN, width - 2 * MARGIN)
    pen.line(_("Packing slip"), 13, bold=True, right=f"{page[0]}/{page[1]}" if page[1] > 1 else "")
    pen.line(paper.sender, 9, right=paper.number)
    pen.line(_("To: %(name)s, %(city)s", name=paper.recipient, city=paper.city), 9)
    for order, lines in parts:
        _draw_order(pen, paper, order, lines, translator)


def _draw_order(
    pen: Pen, paper: Paper, order: PaperOrder, lines: tuple[PaperLine, ...], translator: Translator
) -> None:
    _ = translator.gettext
    pen.rule()
    placed = format_date(order.placed_at, locale=translator.locale, zone=paper.zone)
    pen.line(_("Order %(id)s", id=order.number), 9, bold=True, right=placed)
    if order.note and lines[0] is order.lines[0]:
        pen.text(_("Buyer's note: %(note)s", note=order.note), 8, lines_max=3)
    for line in lines:
        pen.space(0.8 * mm)
        quantity = f"{line.quantity} ×"
        text = Pen(pen.canvas, pen.x + 11 * mm, pen.y, pen.width - 11 * mm)
        pen.line(quantity, 11, bold=True)
        text.text(line.title, 9, lines_max=2)
        text.line(" · ".join(filter(None, (line.variant, line.sku))), 7.5)
        pen.y = min(pen.y, text.y)
