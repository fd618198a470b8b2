"""The label: one A6 panel that a courier scans, reads at arm's length, and collects cash by."""

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from etalase.foundation.i18n import N_, Translator, format_date, format_money, format_number, format_time
from etalase.web.printing.ink import Box, Pen, draw_qr
from etalase.web.printing.papers import Paper

MARGIN = 4 * mm
QR_SIDE = 24 * mm
CONTENTS_MAX = 6
METHODS = {"pickup": N_("Pick-up"), "drop_off": N_("Drop-off")}


def draw_label(canvas: Canvas, box: Box, *, paper: Paper, translator: Translator) -> None:
    """Draw the label of a parcel."""
    x, y, width, height = box
    pen = Pen(canvas, x + MARGIN, y + height - MARGIN, width - 2 * MARGIN)
    _head(pen, paper, translator)
    _recipient(pen, paper, translator)
    _weight_and_cod(pen, paper, translator)
    _contents(pen, paper, translator)


def _head(pen: Pen, paper: Paper, translator: Translator) -> None:
    _ = translator.gettext
    pen.line(_(paper.carrier.name), 15, bold=True, right=_(paper.service))
    pen.line(_handover(paper, translator), 7.5, right=_("insured") if paper.parcel.insured else "")
    pen.space(1 * mm)
    pen.barcode(paper.number, 15 * mm)
    pen.line(paper.number, 11, bold=True, right="" if paper.parcel.tracking_number else _("Own courier"))
    pen.rule()


def _handover(paper: Paper, translator: Translator) -> str:
    _, pickup = translator.gettext, paper.parcel.pickup
    method = _(METHODS[paper.parcel.method]) if paper.parcel.method in METHODS else ""
    if pickup is None:
        return method
    day = format_date(pickup[0], locale=translator.locale, zone=paper.zone)
    hours = f"{format_time(pickup[0], zone=paper.zone)[:5]}–{format_time(pickup[1], zone=paper.zone)}"
    return f"{method} {day}, {hours}"


def _recipient(pen: Pen, paper: Paper, translator: Translator) -> None:
    _ = translator.gettext
    narrow = Pen(pen.canvas, pen.x, pen.y, pen.width - QR_SIDE - 2 * mm)
    narrow.line(_("Recipient"), 7)
    narrow.text(paper.recipient, 12, bold=True, lines_max=2)
    narrow.line(paper.phone, 9)
    narrow.text(", ".join(paper.address), 9, lines_max=4)
    narrow.text(f"{paper.city}, {paper.province}", 10, bold=True, lines_max=2)
    draw_qr(pen.canvas, paper.number, pen.x + pen.width - QR_SIDE, pen.y - QR_SIDE - 1 * mm, QR_SIDE)
    pen.y = min(narrow.y, pen.y - QR_SIDE - 1 * mm)
    pen.rule()
    pen.line(_("Sender"), 7)
    pen.line(paper.sender, 9, bold=True)
    pen.line(paper.sender_place, 8)


def _weight_and_cod(pen: Pen, paper: Paper, translator: Translator) -> None:
    _ = translator.gettext
    weight = _("%(weight)s g", weight=format_number(paper.weight_grams, locale=translator.locale))
    pen.rule()
    pen.line(_("Weight: %(weight)s", weight=weight), 9, right=_("%(n)s pcs", n=paper.parcel.units_count))
    if paper.cod_minor:
        amount = format_money(paper.cod_minor, paper.currency, locale=translator.locale)
        pen.boxed(_("COD %(amount)s", amount=amount), 22)
    else:
        pen.boxed(_("PAID · NOTHING TO COLLECT"), 11)


def _contents(pen: Pen, paper: Paper, translator: Translator) -> None:
    _ = translator.gettext
    pen.space(1 * mm)
    pen.line(_("Order %(id)s", id=", ".join(order.number for order in paper.orders[:2])), 8, bold=True)
    if len(paper.orders) > 2:
        pen.text(", ".join(order.number for order in paper.orders[2:]), 7, lines_max=3)
    lines = [line for order in paper.orders for line in order.lines]
    room = max(1, min(CONTENTS_MAX, CONTENTS_MAX - len(paper.orders) // 2))
    for line in lines[:room]:
        named = " · ".join(filter(None, (line.title, line.variant)))
        pen.line(f"{line.quantity} × {named}", 7, right=line.sku[:20])
    if len(lines) > room:
        pen.line(_("and %(n)s more lines", n=len(lines) - room), 7)
