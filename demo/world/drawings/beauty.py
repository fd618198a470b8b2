"""Skin care and make-up."""

from demo.world.drawings.canvas import Canvas
from demo.world.drawings.color import dark, ink_on, light
from demo.world.drawings.studio import Drawing


def _label(c: Canvas, box: tuple[float, float, float, float], tone: str) -> None:
    """A printed label without letters: mark, name bars and a fine rule."""
    x, y, w, h = box
    ink = ink_on(tone)
    c.rect(box, tone, r=6)
    middle, unit = x + w / 2, h / 12
    c.path(
        f"M{middle:g} {y + unit * 1.2:g}q{unit:g} {unit * 1.4:g} 0 {unit * 2.8:g}q{-unit:g} {-unit * 1.4:g} 0 {-unit * 2.8:g}z",
        ink,
    )
    for share, at, thick in ((0.6, 5.2, 1), (0.44, 6.7, 0.55), (0.5, 9.2, 0.35), (0.36, 10.1, 0.35)):
        c.rect((middle - w * share / 2, y + unit * at, w * share, unit * thick), ink, r=3, opacity=0.85)


def _gloss(c: Canvas, d: str) -> None:
    c.path(d, "#ffffff", opacity=0.38)


def serum(c: Canvas) -> None:
    """A glass bottle with a dropper."""
    c.shadow((400, 700), 190)
    c.path("M370 96Q400 70 430 96L438 190H362Z", c.cylinder("#3a3438"))
    c.rect((340, 186, 120, 86), c.cylinder(c.accent), r=8)
    for x in range(348, 456, 12):
        c.line(f"M{x} 194v70", dark(c.accent, 0.4), 2, opacity=0.4)
    body = "M350 270H450V300Q530 320 530 380V660Q530 698 492 698H308Q270 698 270 660V380Q270 320 350 300Z"
    c.path(body, c.cylinder(c.main), opacity=0.93)
    with c.clipped(body):
        c.path("M260 400Q330 384 400 400T540 400V700H260Z", dark(c.main, 0.22), opacity=0.35)
    c.rect((394, 272, 12, 330), "#ffffff", r=6, opacity=0.35)
    _label(c, (296, 420, 208, 210), light(c.palette.backdrop, 0.75))
    _gloss(c, "M286 392Q288 350 316 336L322 640Q322 680 306 680Q286 676 286 650Z")


def jar(c: Canvas) -> None:
    """A cream jar, its lid leaning beside it."""
    c.shadow((400, 690), 300)
    c.oval((610, 560), c.linear(light(c.accent, 0.2), dark(c.accent, 0.3)), 92, 128)
    c.oval((598, 556), c.radial(light(c.accent, 0.5), c.accent, at=(0.4, 0.35)), 82, 118)
    c.path("M150 420Q150 690 190 694H510Q550 690 550 420Z", c.cylinder(c.main))
    c.oval((350, 416), c.linear("#ffffff", light(c.main, 0.55)), 200, 56)
    c.oval((350, 414), c.linear(dark(c.main, 0.12), light(c.main, 0.3)), 180, 46)
    c.path(
        "M180 414Q240 372 330 380Q350 330 400 350Q380 380 430 384Q510 392 520 414Q440 458 350 458Q240 456 180 414Z",
        c.linear("#fffdf8", "#efe2d2"),
    )
    c.line("M250 414Q330 396 420 424", "#dccab4", 5, opacity=0.7)
    _label(c, (250, 500, 200, 160), light(c.palette.backdrop, 0.75))
    _gloss(c, "M176 480Q174 600 200 674H222Q200 580 206 480Z")


def tube(c: Canvas) -> None:
    """A standing tube, as of sunscreen or face wash."""
    c.shadow((400, 706), 180)
    c.path("M270 130Q400 110 530 130L498 600H302Z", c.cylinder(c.main))
    c.path("M268 112H532V150Q400 134 268 150Z", c.linear(dark(c.main, 0.12), light(c.main, 0.3)))
    c.line("".join(f"M{x} 116v26" for x in range(276, 530, 11)), dark(c.main, 0.35), 2, opacity=0.4)
    c.path("M310 596H490L482 696Q400 712 318 696Z", c.cylinder(c.accent))
    c.line("M312 612Q400 624 488 612", dark(c.accent, 0.35), 3)
    c.oval((400, 280), c.radial(light(c.accent, 0.5), c.accent), 54)
    for turn in range(0, 360, 45):
        with c.moved(f"rotate({turn} 400 280)"):
            c.line("M400 206V186", c.accent, 9)
    for share, y, tall in ((130, 380, 20), (96, 414, 11), (110, 470, 7), (80, 488, 7)):
        c.rect((400 - share / 2, y, share, tall), ink_on(c.main), r=4, opacity=0.8)
    _gloss(c, "M292 160L320 158L340 590H316Z")


def lipstick(c: Canvas) -> None:
    """A lipstick turned out, its cap beside it."""
    c.shadow((400, 700), 250)
    c.rect((470, 360, 130, 336), c.cylinder("#2f2a2e"), r=12)
    c.rect((470, 640, 130, 22), c.cylinder("#d9b56a"))
    c.path("M256 380L256 250Q300 150 366 200V380Z", c.cylinder(c.main))
    c.path("M256 250Q300 150 366 200Q340 250 256 250Z", light(c.main, 0.22))
    c.rect((246, 370, 130, 116), c.cylinder("#e6c681"), r=6)
    c.rect((226, 480, 170, 216), c.cylinder("#332d31"), r=12)
    c.rect((226, 520, 170, 14), c.cylinder("#d9b56a"))
    c.path("M640 690Q690 640 720 690Q690 712 640 690Z", c.sheen(c.main))
    c.line("M90 640Q140 610 170 650Q200 690 110 690", c.main, 26, opacity=0.85)
    _gloss(c, "M486 378h16v300h-16zM242 500h16v180h-16z")


def sheet_mask(c: Canvas) -> None:
    """A face mask packet with a leaf."""
    c.shadow((400, 716), 230)
    for turn, tone in ((-7, dark(c.main, 0.12)), (4, c.main)):
        with c.moved(f"rotate({turn} 400 420)"):
            c.rect((200, 110, 400, 590), c.linear(light(tone, 0.3), tone, dark(tone, 0.12), to=(1, 1)), r=10)
            c.rect((200, 110, 400, 40), dark(tone, 0.1), r=8)
            c.rect((200, 664, 400, 36), dark(tone, 0.1), r=8)
    with c.moved("rotate(4 400 420)"):
        face = (
            "M400 220C490 220 520 300 510 390C500 480 450 540 400 540C350 540 300 480 290 390C280 300 310 220 400 220Z"
        )
        c.path(face, c.radial("#ffffff", light(c.main, 0.65), r=0.7))
        c.path(
            "M322 344Q352 322 380 346Q350 366 322 344ZM420 346Q448 322 478 344Q450 366 420 346ZM364 462Q400 444 436 462Q400 486 364 462Z",
            light(c.main, 0.2),
        )
        c.line("M400 370Q384 410 398 420", light(c.main, 0.2), 4)
        c.path("M470 560Q560 470 570 590Q520 640 470 560Z", c.sheen(c.accent))
        c.line("M478 566Q530 560 566 586", light(c.accent, 0.5), 3)
        for share, y in ((170, 580), (120, 606)):
            c.rect((300 - 20, y, share, 12), ink_on(c.main), r=5, opacity=0.75)
        c.path("M216 160H262L330 650H290Z", "#ffffff", opacity=0.18)


def soap(c: Canvas) -> None:
    """Two bars of soap with bubbles."""
    c.shadow((400, 690), 310)
    c.path(
        "M140 560Q140 520 190 516H600Q660 520 660 560V630Q656 684 600 686H200Q144 684 140 630Z",
        c.linear(light(c.main, 0.25), c.main, dark(c.main, 0.25)),
    )
    c.path("M150 548Q170 520 230 518H580Q640 522 650 548Q600 590 400 590Q200 590 150 548Z", light(c.main, 0.35))
    with c.moved("rotate(-9 400 400)"):
        c.path(
            "M190 400Q190 350 240 344H580Q630 350 630 400V450Q626 500 570 504H250Q194 500 190 450Z",
            c.linear(light(c.accent, 0.3), c.accent, dark(c.accent, 0.25)),
        )
        c.oval((410, 396), light(c.accent, 0.36), 196, 44)
        c.path(
            "M410 366q22 28 0 58q-22 -30 0 -58zM366 396q30 -12 44 4q-26 18 -44 -4zM454 396q-30 -12 -44 4q26 18 44 -4z",
            dark(c.accent, 0.3),
            opacity=0.7,
        )
    for x, y, r in ((200, 300, 34), (600, 250, 46), (540, 190, 22), (240, 230, 20), (660, 340, 18)):
        c.oval((x, y), c.radial("#ffffff", light(c.palette.backdrop, 0.5), at=(0.35, 0.3)), r, opacity=0.75)
        c.oval((x - r * 0.3, y - r * 0.35), "#ffffff", r * 0.2)


def toner(c: Canvas) -> None:
    """A tall clear bottle with a screw cap."""
    c.shadow((400, 706), 180)
    c.rect((346, 110, 108, 110), c.cylinder("#f7f4ef"), r=10)
    body = "M352 218H448Q520 240 520 310V660Q520 702 480 702H320Q280 702 280 660V310Q280 240 352 218Z"
    c.path(body, c.cylinder(light(c.main, 0.45)), opacity=0.9)
    with c.clipped(body):
        c.path("M270 330Q340 316 400 330T530 330V710H270Z", c.cylinder(c.main), opacity=0.8)
        for _ in range(9):
            c.oval((c.rng.randint(300, 500), c.rng.randint(350, 690)), "#ffffff", c.rng.randint(3, 8), opacity=0.4)
    _label(c, (304, 410, 192, 220), light(c.palette.backdrop, 0.8))
    _gloss(c, "M294 330Q296 280 326 262L330 660Q320 684 300 670Z")


def compact(c: Canvas) -> None:
    """A round powder compact, open, with its puff."""
    c.shadow((400, 700), 300)
    c.oval((400, 280), c.linear(light(c.accent, 0.25), dark(c.accent, 0.25)), 210, 208)
    c.oval((400, 282), c.linear("#f5fbff", "#b9cad4", "#e8f0f4", to=(1, 1)), 180, 178)
    c.path("M270 360L430 130L490 150L310 420Z", "#ffffff", opacity=0.4)
    c.rect((350, 470, 100, 34), c.linear("#efd9a0", "#a67f34"), r=8)
    c.oval((400, 610), c.linear(light(c.accent, 0.1), dark(c.accent, 0.4)), 250, 92)
    c.oval((400, 590), c.linear(light(c.accent, 0.4), c.accent), 250, 88)
    c.oval((400, 588), c.radial(light(c.main, 0.4), c.main, dark(c.main, 0.1), at=(0.4, 0.3)), 206, 66)
    c.line("M270 590Q330 560 400 588T530 586", dark(c.main, 0.12), 4, opacity=0.6)
    c.oval((560, 640), c.radial("#fffaf5", "#ecd7c8", at=(0.4, 0.3)), 96, 52)
    c.path("M488 628Q560 600 634 628L630 650Q560 626 490 650Z", c.accent)


DRAWINGS = {
    "serum": Drawing(serum, focus=(400, 460), zoom=2.2),
    "cream-jar": Drawing(jar, focus=(360, 430), zoom=2),
    "tube": Drawing(tube, focus=(400, 330), zoom=2),
    "lipstick": Drawing(lipstick, focus=(320, 300), zoom=2.2),
    "sheet-mask": Drawing(sheet_mask, focus=(420, 360), zoom=2),
    "soap": Drawing(soap, focus=(400, 420), zoom=2),
    "toner": Drawing(toner, focus=(400, 480), zoom=2.2),
    "compact": Drawing(compact, focus=(420, 580), zoom=2),
}
