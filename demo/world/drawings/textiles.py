"""Cloth that is folded, rolled or spread: scarves, sarongs, bedding."""

from functools import partial

from demo.world.drawings import patterns
from demo.world.drawings.canvas import Canvas
from demo.world.drawings.color import dark, light
from demo.world.drawings.patterns import Cloth
from demo.world.drawings.studio import Drawing


def hijab(c: Canvas, *, cloth: Cloth) -> None:
    """A square scarf on a stand, falling in folds."""
    c.shadow((400, 716), 250)
    c.oval((400, 700), c.linear("#e9dcc9", "#b99d7c"), 120, 20)
    c.rect((388, 560, 24, 140), c.cylinder("#c9ae8a"))
    veil = "M400 96C290 96 232 190 236 300C240 400 180 470 150 610Q260 668 400 664Q540 668 650 610C620 470 560 400 564 300C568 190 510 96 400 96Z"
    c.path(veil, cloth(c, c.main, c.accent))
    with c.clipped(veil):
        c.rect((0, 0, 800, 800), c.linear("#ffffff", "#777777", "#000000", to=(1, 0.3)), opacity=0.18)
        for d in (
            "M300 420Q260 540 230 680L262 690Q300 540 330 440Z",
            "M420 470Q440 560 430 690L470 690Q490 560 470 440Z",
            "M520 380Q580 480 600 640L630 630Q600 470 540 370Z",
        ):
            c.path(d, "#000000", opacity=0.13)
        for d in (
            "M350 450Q330 560 320 690L338 690Q360 560 372 450Z",
            "M250 330Q210 470 186 620L200 626Q240 470 264 340Z",
        ):
            c.path(d, "#ffffff", opacity=0.2)
        c.line("M150 606Q260 660 400 656Q540 660 650 606", c.accent, 8)
    c.oval((400, 262), c.radial(dark(c.main, 0.62), dark(c.main, 0.4)), 104, 128)
    c.oval((400, 268), c.radial("#e8cfb4", "#d3b08c", at=(0.4, 0.35)), 92, 116)
    c.path("M312 332Q400 440 490 330Q500 430 440 470Q350 480 312 420Z", cloth(c, light(c.main, 0.06), c.accent))
    c.line("M312 334Q400 440 490 332M330 400Q400 462 476 404", dark(c.main, 0.4), 4, opacity=0.5)
    c.oval((446, 428), c.radial("#fff6da", "#d9b65f"), 11)


def stack(c: Canvas, *, cloth: Cloth, layers: int = 3) -> None:
    """Folded cloth in a neat pile, the top fold towards us."""
    c.shadow((400, 700), 330)
    height = 110
    for n in range(layers):
        y = 690 - (n + 1) * height
        tone = c.main if n % 2 == layers % 2 else light(c.accent, 0.15)
        ink = c.accent if tone == c.main else c.main
        fold = f"M130 {y + 14}Q112 {y + 55} 130 {y + height - 8}Q400 {y + height + 12} 670 {y + height - 8}Q690 {y + 55} 670 {y + 10}Z"
        c.path(fold, cloth(c, tone, ink))
        c.path(fold, c.linear("#ffffff", "#ffffff", "#000000"), opacity=0.16)
        c.line(f"M136 {y + 60}Q400 {y + 78} 668 {y + 58}", dark(tone, 0.55), 3, opacity=0.5)
    y = 690 - layers * height
    top = f"M130 {y + 16}L210 {y - 100}Q400 {y - 116} 590 {y - 100}L672 {y + 12}Q400 {y + 34} 130 {y + 16}Z"
    c.path(top, cloth(c, light(c.main, 0.1), c.accent))
    c.path(top, c.linear("#ffffff", "#ffffff", "#000000", to=(1, 1)), opacity=0.15)
    c.path(
        f"M352 {y - 110}L340 {y + 26}V{y + 150}H420V{y + 28}L412 {y - 111}Z",
        c.linear(light(c.palette.backdrop, 0.75), light(c.palette.backdrop, 0.4)),
    )
    c.oval((380, y + 84), c.accent, 22)
    c.path(f"M380 {y + 68}l5 11 11 5 -11 5 -5 11 -5 -11 -11 -5 11 -5z", light(c.accent, 0.75))


def runner(c: Canvas, *, cloth: Cloth) -> None:
    """A long cloth spread with a turned corner and fringes."""
    body = "M150 120L640 150L660 690L170 666Z"
    c.path(body, cloth(c, c.main, c.accent))
    border = light(c.accent, 0.1)
    c.line("M172 140L622 168L640 670L190 648Z", border, 10)
    c.line("M190 158L604 186L622 652L208 630Z", border, 3)
    c.path("M640 150L520 143L646 290Z", c.linear(light(c.main, 0.5), dark(c.main, 0.1), to=(1, 0.4)))
    for n in range(25):
        x = 176 + n * 20
        c.line(f"M{x} {667 + n}l{c.rng.randint(-3, 3)} 38", c.accent if n % 2 else light(c.main, 0.2), 5)
    c.path(body, c.linear("#ffffff", "#999999", "#000000", to=(1, 1)), opacity=0.12)


def bed(c: Canvas) -> None:
    """A made bed with two pillows and a turned sheet."""
    c.shadow((400, 716), 390, 40)
    c.rect((96, 190, 608, 300), c.linear("#c9a57c", "#8d6a48"), r=26)
    c.rect((116, 210, 568, 200), c.linear("#dbbd97", "#a37f59"), r=18)
    c.path("M90 440H710L740 700Q400 722 60 700Z", patterns.floral(c, c.main, c.accent))
    c.path("M90 440H710L740 700Q400 722 60 700Z", c.linear("#ffffff", "#aaaaaa", "#000000"), opacity=0.2)
    for x in (140, 414):
        pillow = f"M{x} 330Q{x + 120} 298 {x + 244} 330Q{x + 262} 390 {x + 244} 446Q{x + 120} 470 {x} 446Q{x - 18} 390 {x} 330Z"
        c.path(pillow, patterns.floral(c, light(c.main, 0.25), c.accent))
        c.path(pillow, c.radial("#ffffff", "#bbbbbb", "#000000", at=(0.35, 0.3), r=0.9), opacity=0.2)
    c.path("M84 462Q400 430 716 462L724 532Q400 500 76 532Z", c.linear("#ffffff", light(c.main, 0.65)))
    c.line("M78 530Q400 498 722 530", dark(c.main, 0.2), 3, opacity=0.4)
    for d in ("M180 540Q170 640 190 708", "M420 524Q440 620 420 712", "M610 536Q640 630 620 706"):
        c.line(d, "#000000", 6, opacity=0.1)


def pillow(c: Canvas) -> None:
    """A square cushion with piping."""
    c.shadow((400, 700), 280)
    shape = "M170 190Q400 230 630 190Q596 430 636 680Q400 640 164 680Q204 430 170 190Z"
    c.path(shape, patterns.kawung(c, c.main, c.accent))
    c.path(shape, c.radial("#ffffff", "#999999", "#000000", at=(0.4, 0.35), r=0.75), opacity=0.26)
    c.line(shape, light(c.accent, 0.2), 9)
    for d in (
        "M176 200Q250 260 280 320",
        "M622 200Q560 260 530 310",
        "M172 668Q240 610 262 560",
        "M626 668Q560 610 540 570",
    ):
        c.line(d, "#000000", 8, opacity=0.1)


def towel(c: Canvas) -> None:
    """A rolled towel upon a folded one."""
    c.shadow((400, 700), 320)
    for y, tone in ((600, dark(c.main, 0.06)), (510, c.main)):
        c.rect((130, y, 540, 92), c.linear(light(tone, 0.3), tone, dark(tone, 0.2)), r=40)
        c.line(f"M170 {y + 48}H640", dark(tone, 0.35), 3, opacity=0.5)
        c.line("".join(f"M{x} {y + 10}v72" for x in range(150, 660, 11)), light(tone, 0.5), 1.5, opacity=0.25)
    c.path("M230 330H590A92 92 0 0 1 590 514H230Z", c.linear(light(c.main, 0.35), c.main, dark(c.main, 0.28)))
    c.path("M470 330H520V514H470Z", c.accent, opacity=0.75)
    c.oval((230, 422), c.radial(light(c.main, 0.4), c.main), 70, 92)
    c.line(
        "M230 422C250 400 262 440 232 452C196 452 190 388 236 376C290 380 286 480 226 486C176 470 176 370 226 348",
        dark(c.main, 0.3),
        6,
    )


DRAWINGS = {
    "hijab": Drawing(partial(hijab, cloth=patterns.plain), focus=(420, 400), zoom=2.1),
    "hijab-floral": Drawing(partial(hijab, cloth=patterns.floral), focus=(420, 420), zoom=2),
    "sarong": Drawing(partial(stack, cloth=patterns.checks), focus=(330, 380), zoom=2),
    "sarong-mega": Drawing(partial(stack, cloth=patterns.mega_mendung, layers=2), focus=(400, 470), zoom=1.8),
    "cloth-parang": Drawing(partial(runner, cloth=patterns.parang), flat=True, focus=(520, 300), zoom=2),
    "cloth-stripes": Drawing(partial(runner, cloth=patterns.stripes), flat=True, focus=(520, 300), zoom=2),
    "blanket": Drawing(partial(stack, cloth=patterns.dots, layers=3), focus=(400, 420), zoom=2),
    "bed-sheet": Drawing(bed, focus=(300, 400), zoom=2.1),
    "pillow": Drawing(pillow, focus=(320, 330), zoom=2.1),
    "towel": Drawing(towel, focus=(320, 440), zoom=2.2),
}
