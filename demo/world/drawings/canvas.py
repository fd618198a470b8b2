"""A small drawing surface: shapes in, SVG text out, with gradients and clips numbered so that they never clash."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

from demo.world.drawings.color import dark, light
from demo.world.model import Palette

SIDE = 800


class Canvas:
    """Collects markup and its definitions; one per picture."""

    def __init__(self, palette: Palette, seed: int, *, width: int = SIDE, height: int = SIDE) -> None:
        self.palette = palette
        self.rng = Random(seed)
        self.width, self.height = width, height
        self._marks: list[str] = []
        self._defs: dict[str, str] = {}

    @property
    def main(self) -> str:
        """The color of the thing's body."""
        return self.palette.main

    @property
    def accent(self) -> str:
        """The color of what is set on the body."""
        return self.palette.accent

    def svg(self) -> str:
        """The finished picture."""
        defs = "".join(_named(markup, name) for markup, name in self._defs.items())
        size = f'viewBox="0 0 {self.width} {self.height}" width="{self.width}" height="{self.height}"'
        body = "".join(self._marks)
        return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><defs>{defs}</defs>{body}</svg>'

    def path(self, d: str, fill: str, *, stroke: str = "", width: float = 0, opacity: float = 1) -> None:
        """A filled outline."""
        self._marks.append(f'<path d="{d}"{_style(fill, stroke, width, opacity)}/>')

    def line(self, d: str, stroke: str, width: float = 4, *, opacity: float = 1, dash: str = "") -> None:
        """A stroke with round ends."""
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        round_ends = ' stroke-linecap="round" stroke-linejoin="round"'
        self._marks.append(f'<path d="{d}"{_style("none", stroke, width, opacity)}{round_ends}{dashes}/>')

    def rect(self, box: tuple[float, float, float, float], fill: str, *, r: float = 0, opacity: float = 1) -> None:
        """A box (x, y, width, height) with rounded corners."""
        x, y, w, h = box
        self._marks.append(
            f'<rect x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}" rx="{r:g}"{_style(fill, "", 0, opacity)}/>'
        )

    def oval(
        self, at: tuple[float, float], fill: str, rx: float, ry: float | None = None, *, opacity: float = 1
    ) -> None:
        """An ellipse, or a circle when only one radius is given."""
        tall = rx if ry is None else ry
        self._marks.append(
            f'<ellipse cx="{at[0]:g}" cy="{at[1]:g}" rx="{rx:g}" ry="{tall:g}"{_style(fill, "", 0, opacity)}/>'
        )

    def text(
        self, at: tuple[float, float], words: str, size: int, fill: str, *, bold: bool = False, anchor: str = "middle"
    ) -> None:
        """Plain words in whatever sans-serif the reader has."""
        weight = ' font-weight="700"' if bold else ""
        safe = words.replace("&", "&amp;").replace("<", "&lt;")
        self._marks.append(
            f'<text x="{at[0]:g}" y="{at[1]:g}" font-family="sans-serif" font-size="{size}"{weight} fill="{fill}"'
            f' text-anchor="{anchor}">{safe}</text>'
        )

    def linear(self, *stops: str, to: tuple[float, float] = (0, 1)) -> str:
        """A fill that runs from the first color to the last; `to` is its direction (default downwards)."""
        inner = _stops(stops)
        return self._define(
            f'<linearGradient id="@" x1="0" y1="0" x2="{to[0]:g}" y2="{to[1]:g}">{inner}</linearGradient>'
        )

    def radial(self, *stops: str, at: tuple[float, float] = (0.5, 0.5), r: float = 0.6) -> str:
        """A fill that runs from a point outwards."""
        inner = _stops(stops)
        return self._define(f'<radialGradient id="@" cx="{at[0]:g}" cy="{at[1]:g}" r="{r:g}">{inner}</radialGradient>')

    def cylinder(self, color: str) -> str:
        """Something round and upright, lit from the left."""
        return self.linear(
            dark(color, 0.22), light(color, 0.28), color, dark(color, 0.12), dark(color, 0.36), to=(1, 0)
        )

    def sheen(self, color: str) -> str:
        """A gently lit surface."""
        return self.linear(light(color, 0.2), color, dark(color, 0.2), to=(0.7, 1))

    def tile(self, size: int, markup: str, *, turn: int = 0) -> str:
        """A fill that repeats the markup; the caller draws within `size` x `size`."""
        turned = f' patternTransform="rotate({turn})"' if turn else ""
        return self._define(
            f'<pattern id="@" width="{size}" height="{size}" patternUnits="userSpaceOnUse"{turned}>{markup}</pattern>'
        )

    def stamp(self, markup: str) -> str:
        """The name of a piece of markup to be set down many times by `set_down`."""
        return self._define(f'<g id="@">{markup}</g>')[5:-1]

    def set_down(self, stamp: str, transform: str) -> None:
        """One print of a stamp."""
        self._marks.append(f'<use href="#{stamp}" transform="{transform}"/>')

    def shadow(self, at: tuple[float, float], rx: float, ry: float | None = None, *, opacity: float = 0.34) -> None:
        """The soft shadow of a thing on the ground."""
        tone = dark(self.palette.backdrop, 0.75)
        inner = (
            f'<stop offset="0" stop-color="{tone}" stop-opacity="{opacity}"/>'
            f'<stop offset=".55" stop-color="{tone}" stop-opacity="{opacity * 0.5:.2f}"/>'
            f'<stop offset="1" stop-color="{tone}" stop-opacity="0"/>'
        )
        self.oval(
            at, self._define(f'<radialGradient id="@">{inner}</radialGradient>'), rx, rx * 0.16 if ry is None else ry
        )

    @contextmanager
    def moved(self, transform: str) -> Iterator[None]:
        """What is drawn inside is moved, turned or scaled."""
        self._marks.append(f'<g transform="{transform}">')
        yield
        self._marks.append("</g>")

    @contextmanager
    def clipped(self, d: str) -> Iterator[None]:
        """What is drawn inside shows only within the outline."""
        area = self._define(f'<clipPath id="@"><path d="{d}"/></clipPath>')
        self._marks.append(f'<g clip-path="{area}">')
        yield
        self._marks.append("</g>")

    @contextmanager
    def lifted(self) -> Iterator[None]:
        """What is drawn inside lies on a surface and casts a soft shadow on it."""
        tone = dark(self.palette.backdrop, 0.8)
        cast = f'<feDropShadow dx="8" dy="16" stdDeviation="14" flood-color="{tone}" flood-opacity=".38"/>'
        area = self._define(f'<filter id="@" x="-20%" y="-20%" width="140%" height="150%">{cast}</filter>')
        self._marks.append(f'<g filter="{area}">')
        yield
        self._marks.append("</g>")

    def _define(self, markup: str) -> str:
        """The reference to a definition, made once however often it is asked for."""
        name = self._defs.setdefault(markup, f"d{len(self._defs)}")
        return f"url(#{name})"


def _named(markup: str, name: str) -> str:
    return markup.replace('id="@"', f'id="{name}"', 1)


def _style(fill: str, stroke: str, width: float, opacity: float) -> str:
    parts = f' fill="{fill}"'
    if stroke:
        parts += f' stroke="{stroke}" stroke-width="{width:g}"'
    if opacity != 1:
        parts += f' opacity="{opacity:g}"'
    return parts


def _stops(colors: tuple[str, ...]) -> str:
    last = max(len(colors) - 1, 1)
    return "".join(f'<stop offset="{i / last:.3g}" stop-color="{color}"/>' for i, color in enumerate(colors))
