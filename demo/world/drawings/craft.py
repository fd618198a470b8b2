"""Handmade things: plaited, carved, poured."""

from demo.world.drawings import patterns
from demo.world.drawings.canvas import Canvas
from demo.world.drawings.color import dark, light
from demo.world.drawings.studio import Drawing


def basket(c: Canvas) -> None:
    """A rattan basket with handles and a cloth inside."""
    c.shadow((400, 704), 300)
    c.line("M250 330Q260 120 400 116Q540 120 550 330", dark(c.main, 0.4), 30)
    c.line("M250 330Q260 124 400 120Q540 124 550 330", c.main, 20)
    c.line("M250 330Q260 124 400 120Q540 124 550 330", light(c.main, 0.4), 20, dash="3 16", opacity=0.6)
    c.oval((400, 340), dark(c.main, 0.55), 262, 62)
    c.path(
        "M160 340Q220 270 320 310Q400 260 470 306Q580 270 640 340Q560 420 400 410Q240 420 160 340Z",
        patterns.checks(c, light(c.accent, 0.6), c.accent),
    )
    body = "M138 340Q160 620 220 690Q400 720 580 690Q640 620 662 340Q400 440 138 340Z"
    c.path(body, patterns.weave(c, c.main, dark(c.main, 0.6)))
    c.path(body, c.linear("#000000", "#ffffff", "#777777", "#000000", to=(1, 0)), opacity=0.16)
    c.line("M138 340Q400 440 662 340", dark(c.main, 0.35), 28)
    c.line("M138 338Q400 436 662 338", light(c.main, 0.35), 24, dash="8 13", opacity=0.8)


def wayang(c: Canvas) -> None:
    """A leather shadow puppet on its rods."""
    c.line("M400 130L410 760", "#6b4522", 15)
    c.line("M250 470L320 760M560 500L500 760", "#6b4522", 9)
    c.path(
        "M386 300Q330 330 330 420L300 560Q390 610 500 560L474 420Q470 330 430 300Z",
        patterns.kawung(c, c.accent, light(c.main, 0.4)),
    )
    c.line("M340 350Q250 380 250 470M462 350Q560 390 560 500", c.main, 28)
    c.line("M340 350Q250 380 250 470M462 350Q560 390 560 500", light(c.main, 0.55), 4, dash="5 9")
    for x, y in ((250, 474), (560, 504)):
        c.oval((x, y), light(c.main, 0.4), 17)
    c.path("M330 560Q300 640 250 660H360L400 590L470 660H570Q510 630 494 560Z", c.sheen(c.main))
    c.path(
        "M372 306L382 268Q356 258 348 236L270 240Q262 232 274 226L338 196Q350 150 404 146Q452 146 456 196Q454 240 426 264L434 306Z",
        c.linear(light(c.main, 0.7), light(c.main, 0.4), to=(1, 1)),
        stroke=dark(c.main, 0.4),
        width=2,
    )
    curl = "M326 180Q340 96 424 84Q520 76 548 152Q560 226 506 250Q466 258 454 222Q502 226 504 182Q496 140 446 146Q392 142 326 180Z"
    c.path(curl, c.linear(light(c.accent, 0.15), dark(c.accent, 0.35)), stroke=dark(c.accent, 0.5), width=2)
    c.line("M338 168Q366 108 428 100Q500 96 526 152Q536 196 512 224", "#f2d58a", 6, dash="2 12")
    c.path(
        "M330 178L322 128L348 150L362 104L386 136L416 84L424 132Q372 134 330 178Z", "#f2d58a", stroke="#9a7227", width=2
    )
    c.path("M316 208Q344 192 374 204Q348 220 316 208Z", "#2d1a12")
    c.line("M312 196Q346 176 382 190M296 244Q316 250 342 246", "#2d1a12", 4)
    c.oval((440, 226), "#f2d58a", 11)
    c.path("M330 540Q400 570 474 540L478 566Q400 596 324 566Z", "#f2d58a")
    for x, y in ((386, 330), (420, 330), (360, 470), (440, 470), (400, 510)):
        c.oval((x, y), "#f2d58a", 7)


def candle(c: Canvas) -> None:
    """A scented candle in a glass, lit."""
    c.shadow((400, 706), 220)
    c.oval((400, 270), c.radial("#fff1b8", c.palette.backdrop, r=0.5), 210, 200, opacity=0.55)
    c.rect((210, 330, 380, 370), "#ffffff", r=34, opacity=0.55)
    c.path("M226 400H574V650Q572 684 536 684H264Q228 684 226 650Z", c.cylinder(c.main))
    c.oval((400, 402), c.radial("#fff3c4", light(c.main, 0.5)), 174, 36)
    c.line("M400 402V346", "#3b2a22", 6)
    c.path("M400 210Q452 290 432 338Q400 370 368 338Q350 290 400 210Z", c.linear("#ffb43a", "#ffdf7a"))
    c.path("M400 270Q424 310 414 336Q400 350 386 336Q378 310 400 270Z", "#fffbe3")
    c.oval((400, 336), "#ffffff", 190, 24, opacity=0.4)
    c.rect((270, 470, 260, 150), light(c.palette.backdrop, 0.8), r=8)
    c.path("M400 486q40 20 20 60q-20 8 -20 8q0 0 -20 -8q-20 -40 20 -60z", c.accent)
    c.rect((330, 572, 140, 14), dark(c.accent, 0.3), r=5)
    c.rect((356, 594, 88, 8), dark(c.accent, 0.3), r=4)
    c.path("M230 360H268V660H240Z", "#ffffff", opacity=0.4)


def vase(c: Canvas) -> None:
    """A vase with dried grasses."""
    c.shadow((400, 706), 200)
    for x, bend, tone in (
        (250, -60, "#d8b98a"),
        (320, -20, "#c79f6b"),
        (400, 4, "#e3caa0"),
        (480, 30, "#c79f6b"),
        (560, 60, "#d8b98a"),
    ):
        c.line(f"M400 340Q{400 + bend} 220 {x} 110", "#a88657", 5)
        for n in range(5):
            c.oval((x - bend * 0.1 * n, 92 + n * 22), tone, 17 - n, 26, opacity=0.9)
    c.path(
        "M352 320H448Q440 380 500 430Q580 500 560 600Q540 690 480 700H320Q260 690 240 600Q220 500 300 430Q360 380 352 320Z",
        c.cylinder(c.main),
    )
    c.path("M236 560Q400 610 564 560Q566 590 556 614Q400 660 244 614Q234 590 236 560Z", c.accent)
    c.line("M246 540Q400 588 556 540", light(c.accent, 0.4), 5)
    c.oval((400, 322), c.linear(light(c.main, 0.3), dark(c.main, 0.4)), 50, 14)
    c.path("M270 520Q290 450 350 420Q310 480 300 560Q290 640 310 690Q260 640 270 520Z", "#ffffff", opacity=0.3)


def tray(c: Canvas) -> None:
    """A round plaited tray with a carved bowl and spoon, from above."""
    c.oval((400, 400), dark(c.main, 0.35), 310)
    c.oval((400, 400), patterns.weave(c, c.main, dark(c.main, 0.6)), 290)
    for radius in (300, 214):
        c.line(f"M400 {400 - radius}a{radius} {radius} 0 1 1 -.1 0", light(c.main, 0.3), 18, dash="9 13")
    c.oval((350, 380), c.linear(light(c.accent, 0.25), dark(c.accent, 0.3), to=(1, 1)), 156)
    c.oval((350, 380), c.radial(dark(c.accent, 0.35), c.accent, at=(0.6, 0.65), r=0.7), 126)
    for radius in (40, 70, 98):
        c.line(f"M350 {380 - radius}a{radius} {radius * 0.96} 0 1 1 -.1 0", light(c.accent, 0.4), 2, opacity=0.35)
    with c.moved("rotate(32 560 440)"):
        c.rect((548, 330, 24, 270), c.cylinder(c.accent), r=12)
        c.oval((560, 300), c.linear(light(c.accent, 0.3), dark(c.accent, 0.2), to=(1, 1)), 46, 64)
        c.oval((560, 302), dark(c.accent, 0.3), 32, 48)


def macrame(c: Canvas) -> None:
    """A knotted wall hanging on a branch."""
    c.path("M110 176Q400 150 690 178Q700 200 688 206Q400 186 116 204Z", c.linear("#b98d5d", "#7d5934"))
    c.line("M190 180L400 70L610 180", dark(c.main, 0.15), 7)
    tails = [(180 + n * 22, 690 - abs(n - 10) * 24) for n in range(21)]
    c.line("".join(f"M{x} 190Q{x + 5} 430 {x} {y}" for x, y in tails), dark(c.main, 0.2), 15)
    c.line("".join(f"M{x - 2} 190V{y}" for x, y in tails), light(c.main, 0.3), 9, dash="7 5")
    knots = [_knot(c, light(c.main, 0.2)), _knot(c, c.accent)]
    for row, count in enumerate((9, 8, 7, 6, 5, 4)):
        for n in range(count):
            c.set_down(knots[row % 2], f"translate({400 + (n - (count - 1) / 2) * 48:g} {250 + row * 44})")


def _knot(c: Canvas, bead: str) -> str:
    fill, rim = c.linear(light(c.main, 0.4), dark(c.main, 0.1)), dark(c.main, 0.35)
    return c.stamp(
        f'<path d="M0 -24l24 24l-24 24l-24 -24z" fill="{fill}" stroke="{rim}" stroke-width="2"/><circle r="8" fill="{bead}"/>'
    )


DRAWINGS = {
    "basket": Drawing(basket, focus=(360, 440), zoom=2),
    "wayang": Drawing(wayang, flat=True, focus=(410, 240), zoom=2),
    "candle": Drawing(candle, focus=(400, 400), zoom=2),
    "vase": Drawing(vase, focus=(400, 500), zoom=1.9),
    "tray": Drawing(tray, flat=True, focus=(340, 380), zoom=2),
    "macrame": Drawing(macrame, flat=True, focus=(400, 320), zoom=2),
}
