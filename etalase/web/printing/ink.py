"""Drawing text and codes on a page: fonts that have a sign for almost every name, lines that fit, Code 128 and QR."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from typing import Final

import segno
from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONTS: Final = Path(__file__).parent / "fonts"
REGULAR: Final = "DejaVuSansCondensed"
BOLD: Final = "DejaVuSansCondensed-Bold"
FALLBACK: Final = "DroidSansFallbackFull"
"""Chinese and Japanese; large, so it is opened for those who need it."""
UNKNOWN: Final = "\N{REPLACEMENT CHARACTER}"
LEADING: Final = 1.22
Box = tuple[float, float, float, float]
"""A place on the page: x and y of its lower left corner, width, height; in points."""
BAR_MM_MAX: Final = 0.5
QR_BORDER: Final = 2


@cache
def _font(name: str) -> TTFont:
    font = TTFont(name, str(FONTS / f"{name}.ttf"))
    pdfmetrics.registerFont(font)
    return font


def _has(name: str, sign: str) -> bool:
    return ord(sign) in _font(name).face.charToGlyph


@lru_cache(maxsize=10_000)
def _font_for(sign: str, preferred: str) -> str:
    return next((name for name in (preferred, FALLBACK) if _has(name, sign)), "")


def runs(text: str, *, bold: bool = False) -> Iterator[tuple[str, str]]:
    """The text as (font, part): each sign in the first font that has it, or as the sign for unknown signs."""
    preferred = BOLD if bold else REGULAR
    printable = (sign for sign in text if sign.isprintable())
    for font, signs in groupby(printable, key=lambda sign: _font_for(sign, preferred)):
        part = "".join(signs)
        yield (font, part) if font else (preferred, UNKNOWN * len(part))


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """How wide the text is, in points."""
    return sum(pdfmetrics.stringWidth(part, font, size) for font, part in runs(text, bold=bold))


def wrapped(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """The text as lines that fit the width; a word too long for a line is cut."""
    words = text.split()
    if width_of(" ".join(words), size, bold=bold) <= width:
        return [" ".join(words)] if words else []
    lines, line = [], ""
    for word in words:
        if line and width_of(f"{line} {word}", size, bold=bold) > width:
            lines.append(line)
            line = ""
        line = f"{line} {word}" if line else word
        while width_of(line, size, bold=bold) > width and len(line) > 1:
            fits = next(
                n for n in range(len(line) - 1, 0, -1) if n == 1 or width_of(line[:n], size, bold=bold) <= width
            )
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line] if line else lines


@dataclass(slots=True)
class Pen:
    """Writes downwards from the upper left of a box on the canvas; lengths are points."""

    canvas: Canvas
    x: float
    y: float
    width: float

    def line(self, text: str, size: float, *, bold: bool = False, right: str = "") -> None:
        """One line, cut where the box ends; `right` stands at its right end."""
        self.y -= size * LEADING
        room = self.width - (width_of(right, size, bold=bold) + size if right else 0)
        shown = wrapped(text, room, size, bold=bold)
        self._write(self.x, shown[0] if shown else "", size, bold=bold)
        if right:
            self._write(self.x + self.width - width_of(right, size, bold=bold), right, size, bold=bold)

    def text(self, text: str, size: float, *, bold: bool = False, lines_max: int = 99) -> None:
        """As many lines as it takes; beyond `lines_max` an ellipsis."""
        lines = wrapped(text, self.width, size, bold=bold)
        shown = lines[:lines_max]
        if len(lines) > lines_max:
            shown[-1] = shown[-1][:-1] + "…"
        for line in shown:
            self.line(line, size, bold=bold)

    def space(self, height: float) -> None:
        """Leave room."""
        self.y -= height

    def rule(self) -> None:
        """A line across the box."""
        self.y -= 1.2 * mm
        self.canvas.setLineWidth(0.5)
        self.canvas.line(self.x, self.y, self.x + self.width, self.y)

    def boxed(self, text: str, size: float) -> None:
        """Large text in a frame: what must not be overlooked."""
        height = size * 1.5
        self.y -= height + 1 * mm
        self.canvas.setLineWidth(1.2)
        self.canvas.rect(self.x, self.y, self.width, height)
        while size > 6 and width_of(text, size, bold=True) > self.width - 2 * mm:
            size -= 0.5
        left = self.x + (self.width - width_of(text, size, bold=True)) / 2
        self._write(left, text, size, bold=True, y=self.y + (height - size * 0.72) / 2)

    def barcode(self, value: str, height: float) -> None:
        """The value as Code 128 over the whole width, with quiet zones at both ends."""
        self.y -= height
        code = Code128(value, barHeight=height, barWidth=1, quiet=True, lquiet=10, rquiet=10)
        code.barWidth = min(self.width / code.width, BAR_MM_MAX * mm)
        code = Code128(
            value, barHeight=height, barWidth=code.barWidth, quiet=True, lquiet=10 * code.barWidth,
            rquiet=10 * code.barWidth,
        )  # fmt: skip
        code.drawOn(self.canvas, self.x + (self.width - code.width) / 2, self.y)

    def _write(self, x: float, text: str, size: float, *, bold: bool, y: float | None = None) -> None:
        for font, part in runs(text, bold=bold):
            self.canvas.setFont(font, size)
            self.canvas.drawString(x, self.y if y is None else y, part)
            x += pdfmetrics.stringWidth(part, font, size)


def draw_qr(canvas: Canvas, value: str, x: float, y: float, side: float) -> None:
    """A QR code with its lower left corner at (x, y); its quiet zone is within the side."""
    rows = [bytes(row) for row in segno.make(value, error="m", micro=False).matrix_iter(border=QR_BORDER)]
    unit = side / len(rows)
    path = canvas.beginPath()
    for number, row in enumerate(rows):
        left = 0
        for is_dark, modules in groupby(row):
            width = len(list(modules))
            if is_dark:
                path.rect(x + left * unit, y + side - (number + 1) * unit, width * unit, unit)
            left += width
    canvas.drawPath(path, stroke=0, fill=1)
