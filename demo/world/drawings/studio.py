"""The photo studio: backdrops, and how a thing is set before them for each picture of a gallery."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Literal

from demo.world.drawings.canvas import Canvas
from demo.world.drawings.color import dark, light
from demo.world.model import Palette

Paint = Callable[[Canvas], None]
View = Literal["main", "alternate", "detail"]


@dataclass(frozen=True, slots=True)
class Drawing:
    """How to paint a thing, whether it lies flat, and where a close-up looks."""

    paint: Paint
    flat: bool = False
    focus: tuple[int, int] = (400, 400)
    zoom: float = 1.9


def shoot(drawing: Drawing, palette: Palette, seed: int, *, view: View, other: Palette) -> str:
    """One picture of the gallery; `other` is the color shown beside it in the alternate picture."""
    canvas = Canvas(palette, seed)
    if drawing.flat:
        _table(canvas)
    else:
        _room(canvas, seed)
    if view == "alternate":
        _pair(canvas, drawing, other)
    elif view == "detail":
        x, y = drawing.focus
        with canvas.moved(f"translate(400 400) scale({drawing.zoom:g}) translate({-x} {-y})"):
            _set(canvas, drawing)
    else:
        _set(canvas, drawing)
    return canvas.svg()


def _set(canvas: Canvas, drawing: Drawing) -> None:
    if not drawing.flat:
        drawing.paint(canvas)
        return
    with canvas.lifted():
        drawing.paint(canvas)


def _pair(canvas: Canvas, drawing: Drawing, other: Palette) -> None:
    own = canvas.palette
    behind, front = (
        "translate(345 20) rotate(9 400 400) scale(.56)",
        "translate(-30 150) rotate(-7 400 400) scale(.78)",
    )
    if not drawing.flat:
        behind, front = "translate(330 158) scale(.62)", "translate(-20 135) scale(.8)"
    for palette, transform in ((other, behind), (own, front)):
        canvas.palette = Palette(palette.main, palette.accent, own.backdrop)
        with canvas.moved(transform):
            _set(canvas, drawing)
    canvas.palette = own


def _table(canvas: Canvas) -> None:
    tone = canvas.palette.backdrop
    canvas.rect((0, 0, 800, 800), canvas.linear(light(tone, 0.45), tone, dark(tone, 0.08), to=(0.8, 1)))
    _window_light(canvas, Random(canvas.rng.random()))


def _window_light(canvas: Canvas, rng: Random) -> None:
    lean = rng.choice((140, 180, 220))
    for x in (90, 300, 510):
        canvas.path(f"M{x} 0h150l{-lean} 800h-150z", "#ffffff", opacity=0.13)


def _room(canvas: Canvas, seed: int) -> None:
    tone = canvas.palette.backdrop
    canvas.rect(
        (0, 0, 800, 800), canvas.radial(light(tone, 0.55), light(tone, 0.15), dark(tone, 0.08), at=(0.42, 0.36), r=0.8)
    )
    (_sweep, _arch, _podium, _sun)[seed % 4](canvas)


def _sweep(canvas: Canvas) -> None:
    tone = canvas.palette.backdrop
    canvas.path("M0 560Q400 535 800 560V800H0Z", canvas.linear(light(tone, 0.25), dark(tone, 0.1)), opacity=0.8)


def _arch(canvas: Canvas) -> None:
    tone = canvas.palette.backdrop
    canvas.path("M170 600V330A230 230 0 0 1 630 330V600Z", canvas.linear(dark(tone, 0.12), light(tone, 0.1)))
    canvas.path("M150 600V330A250 250 0 0 1 400 82A230 248 0 0 0 170 330V600Z", light(tone, 0.5), opacity=0.6)
    canvas.rect((0, 600, 800, 200), canvas.linear(light(tone, 0.35), dark(tone, 0.06)))


def _podium(canvas: Canvas) -> None:
    tone = canvas.palette.backdrop
    canvas.rect((0, 570, 800, 230), canvas.linear(light(tone, 0.2), dark(tone, 0.12)), opacity=0.7)
    canvas.path("M70 680V730A330 62 0 0 0 730 730V680Z", canvas.cylinder(light(tone, 0.15)))
    canvas.oval((400, 680), canvas.linear(light(tone, 0.6), light(tone, 0.3), to=(1, 0)), 330, 62)


def _sun(canvas: Canvas) -> None:
    tone = canvas.palette.backdrop
    canvas.oval((560, 270), light(tone, 0.6), 210, opacity=0.6)
    canvas.path("M0 585Q300 545 800 595V800H0Z", canvas.linear(light(tone, 0.3), dark(tone, 0.1)))
    _window_light(canvas, Random(7))
