"""Papers of many parcels in one PDF: an A6 page each, or four on an A4 sheet."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import partial
from io import BytesIO

from reportlab.lib.pagesizes import A4, A6
from reportlab.pdfgen.canvas import Canvas

from etalase.foundation.i18n import Translator
from etalase.web.printing.ink import Box
from etalase.web.printing.label import draw_label
from etalase.web.printing.papers import Paper
from etalase.web.printing.slip import draw_slip, panels_of

Panel = Callable[[Canvas, Box], None]


class Papers(StrEnum):
    """Which papers of a parcel."""

    LABELS = "labels"
    SLIPS = "slips"
    BOTH = "both"


class Size(StrEnum):
    """The paper in the printer."""

    A6 = "a6"
    A4 = "a4"


def pdf_of(papers: Sequence[Paper], *, which: Papers, size: Size, translator: Translator) -> bytes:
    """The PDF; of each parcel first the label, then its slip. No papers make one empty page."""
    page, boxes = _FORMATS[size]
    written = BytesIO()
    canvas = Canvas(written, pagesize=page, pageCompression=1)
    canvas.setTitle(translator.gettext("Shipping papers"))
    panels = [panel for paper in papers for panel in _panels(paper, which, translator)]
    for first in range(0, len(panels), len(boxes)):
        for panel, box in zip(panels[first : first + len(boxes)], boxes, strict=False):
            panel(canvas, box)
        canvas.showPage()
    canvas.save()
    return written.getvalue()


def _panels(paper: Paper, which: Papers, translator: Translator) -> list[Panel]:
    panels: list[Panel] = []
    if which is not Papers.SLIPS:
        panels.append(partial(draw_label, paper=paper, translator=translator))
    if which is not Papers.LABELS:
        parts = panels_of(paper)
        panels += [
            partial(draw_slip, paper=paper, parts=part, translator=translator, page=(number, len(parts)))
            for number, part in enumerate(parts, start=1)
        ]
    return panels


_WIDTH, _HEIGHT = A4[0] / 2, A4[1] / 2
_FORMATS: dict[Size, tuple[tuple[float, float], tuple[Box, ...]]] = {
    Size.A6: (A6, ((0, 0, *A6),)),
    Size.A4: (
        A4,
        tuple((column * _WIDTH, row * _HEIGHT, _WIDTH, _HEIGHT) for row in (1, 0) for column in (0, 1)),
    ),
}
