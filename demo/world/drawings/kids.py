"""Toys and things for babies."""

from demo.world.drawings.canvas import Canvas
from demo.world.drawings.color import dark, light
from demo.world.drawings.studio import Drawing


def plush(c: Canvas) -> None:
    """A sitting teddy with a scarf."""
    c.shadow((400, 710), 250)
    fur = c.radial(light(c.main, 0.35), c.main, dark(c.main, 0.2), at=(0.4, 0.3), r=0.75)
    pale = light(c.main, 0.6)
    for x, turn in ((246, 28), (554, -28)):
        with c.moved(f"rotate({turn} {x} 500)"):
            c.oval((x, 500), fur, 56, 110)
    c.oval((400, 540), fur, 160, 170)
    c.oval((400, 570), pale, 96, 108)
    for x in (270, 530):
        c.oval((x, 650), fur, 84, 70)
        c.oval((x, 656), pale, 46, 40)
    for x in (280, 520):
        c.oval((x, 160), fur, 62)
        c.oval((x, 164), pale, 34)
    c.oval((400, 270), fur, 172, 156)
    c.oval((400, 322), pale, 80, 62)
    c.path("M370 290Q400 276 430 290Q424 322 400 324Q376 322 370 290Z", "#42291f")
    c.line("M400 322V346M372 346Q400 372 428 346", "#42291f", 6)
    for x in (336, 464):
        c.oval((x, 250), "#2c1c16", 17)
        c.oval((x - 5, 244), "#ffffff", 6)
        c.oval((x + (-26 if x < 400 else 26), 306), "#f29c8f", 24, 15, opacity=0.55)
    c.path("M262 388Q400 450 538 388L546 432Q400 500 254 432Z", c.linear(light(c.accent, 0.15), dark(c.accent, 0.2)))
    c.path("M440 440L500 430L520 560L460 566Z", c.sheen(c.accent))
    c.line("M462 560v22M480 560v22M500 556v22", dark(c.accent, 0.2), 7)


def blocks(c: Canvas) -> None:
    """Stacked wooden blocks with shapes on them."""
    c.shadow((400, 706), 320)
    wood = "#e9c795"
    spots = ((130, 520, c.main, "M0 -42l12 28 30 3 -23 20 7 30 -26 -16 -26 16 7 -30 -23 -20 30 -3z"), (310, 520, c.accent, "M-36 -36h72v72h-72z"), (490, 520, "#6fae75", "M0 -42l40 74h-80z"),
             (220, 340, "#f0b23e", "M0 -40a40 40 0 1 1 -.1 0z"), (400, 340, "#5f97c9", "M0 38C-70 -10 -30 -56 0 -22C30 -56 70 -10 0 38z"), (310, 160, c.main, "M-40 -12h28v-28h24v28h28v24h-28v28h-24v-28h-28z"))  # fmt: skip
    for x, y, tone, mark in spots:
        c.path(f"M{x} {y}l30 -34h170l-22 34z", light(wood, 0.35))
        c.path(f"M{x + 178} {y}l22 -34v170l-22 42z", dark(wood, 0.28))
        c.rect((x, y, 178, 178), c.linear(light(wood, 0.2), wood, dark(wood, 0.1), to=(1, 1)), r=10)
        c.rect((x + 16, y + 16, 146, 146), tone, r=16, opacity=0.22)
        with c.moved(f"translate({x + 89} {y + 89})"):
            c.path(mark, tone)
        c.line(f"M{x + 10} {y + 60}q70 -14 158 2M{x + 10} {y + 130}q70 12 158 -4", dark(wood, 0.3), 2, opacity=0.25)


def rings(c: Canvas) -> None:
    """Stacking rings on a peg."""
    c.shadow((400, 710), 280)
    c.rect((160, 660, 480, 44), c.linear("#f0d4a6", "#c89d62"), r=22)
    tones = (c.main, "#f0b23e", c.accent, "#6fae75", "#5f97c9")
    for n, tone in enumerate(tones):
        y, wide = 580 - n * 82, 440 - n * 62
        c.rect((400 - wide / 2, y, wide, 82), c.linear(light(tone, 0.4), tone, dark(tone, 0.25)), r=41)
        c.rect((400 - wide / 2 + 34, y + 12, wide * 0.4, 12), "#ffffff", r=6, opacity=0.5)
    c.oval((400, 216), c.radial(light(c.main, 0.5), c.main, dark(c.main, 0.2), at=(0.35, 0.3)), 62)
    c.oval((378, 194), "#ffffff", 13, 9, opacity=0.7)


def duck(c: Canvas) -> None:
    """A bath duck on the water."""
    c.oval((400, 676), "#9fd3ea", 340, 60, opacity=0.8)
    body = "M150 470Q140 400 190 410Q260 450 330 430Q640 420 650 520Q640 680 400 684Q170 680 150 470Z"
    c.path(body, c.linear(light(c.main, 0.35), c.main, dark(c.main, 0.22)))
    c.path(
        "M330 520Q460 470 560 530Q530 620 420 616Q350 600 330 520Z", c.linear(light(c.main, 0.2), dark(c.main, 0.15))
    )
    c.oval((500, 300), c.radial(light(c.main, 0.5), c.main, dark(c.main, 0.15), at=(0.38, 0.3)), 150, 146)
    c.path("M610 300Q700 280 726 316Q700 360 614 352Z", c.linear("#ffb24d", "#e5761f"))
    c.line("M616 328Q670 330 716 318", "#b4541a", 4)
    c.oval((548, 260), "#2b2320", 21)
    c.oval((541, 252), "#ffffff", 8)
    c.oval((570, 330), "#f4917c", 26, 16, opacity=0.5)
    c.path("M470 160Q480 110 520 120Q500 140 512 162Z", c.main)
    for x, y, r in ((150, 640, 30), (212, 690, 22), (620, 680, 34), (684, 640, 22), (100, 690, 18)):
        c.oval((x, y), "#ffffff", r, opacity=0.75)
    c.oval((450, 230), "#ffffff", 30, 18, opacity=0.55)


def puzzle(c: Canvas) -> None:
    """A wooden board puzzle of animals and fruit."""
    c.rect((90, 150, 620, 500), c.linear("#f2d9b0", "#d7ae74", to=(1, 1)), r=36)
    c.rect((120, 180, 560, 440), "#f8ead0", r=22)
    cells = (
        (230, 300, c.main),
        (400, 300, c.accent),
        (570, 300, "#6fae75"),
        (230, 490, "#5f97c9"),
        (400, 490, "#f0b23e"),
        (570, 490, "#c98bb9"),
    )
    marks = ("M0 -56C40 -60 60 -10 40 30C26 58 -26 58 -40 30C-60 -10 -40 -60 0 -56Z", "M-54 20Q-40 -40 10 -34L34 -60 40 -20Q66 10 30 36H-40Z", "M0 -60L20 -18 62 -12 32 18 40 60 0 40 -40 60 -32 18 -62 -12 -20 -18Z",
             "M-60 0Q-20 -50 30 -14L62 -40V40L30 14Q-20 50 -60 0Z", "M-50 -36Q10 -30 30 30Q10 60 -10 40Q-20 0 -50 -36Z", "M0 52C-80 0 -40 -64 0 -26C40 -64 80 0 0 52Z")  # fmt: skip
    for (x, y, tone), mark in zip(cells, marks, strict=True):
        with c.moved(f"translate({x + 5} {y + 8}) scale(1.12)"):
            c.path(mark, dark(tone, 0.45), opacity=0.5)
        with c.moved(f"translate({x} {y}) scale(1.1)"):
            c.path(mark, c.linear(light(tone, 0.35), tone, to=(1, 1)))
        c.oval((x, y - 6), c.radial("#f9e5c3", "#b98b51", at=(0.35, 0.3)), 14)


def bib(c: Canvas) -> None:
    """A silicone bib with a crumb tray."""
    body = "M270 150Q250 90 300 90Q340 100 330 160Q340 250 400 252Q460 250 470 160Q460 100 500 90Q550 90 530 150Q640 280 620 560Q610 690 400 700Q190 690 180 560Q160 280 270 150Z"
    c.path(body, c.linear(light(c.main, 0.3), c.main, dark(c.main, 0.12), to=(0.6, 1)))
    c.path(
        "M176 520Q400 590 624 520Q640 690 400 704Q160 690 176 520Z", c.linear(light(c.main, 0.1), dark(c.main, 0.25))
    )
    c.line("M180 524Q400 592 620 524", light(c.main, 0.5), 8)
    for x, y in ((320, 380), (480, 380), (400, 440)):
        c.path(f"M{x} {y + 34}c-70 -44 -34 -84 0 -50c34 -34 70 6 0 50z", c.accent)
    for x in (292, 508):
        c.oval((x, 122), dark(c.main, 0.35), 11)


DRAWINGS = {
    "plush": Drawing(plush, focus=(400, 290), zoom=2),
    "blocks": Drawing(blocks, focus=(400, 440), zoom=2),
    "rings": Drawing(rings, focus=(400, 440), zoom=1.9),
    "duck": Drawing(duck, focus=(520, 320), zoom=2),
    "puzzle": Drawing(puzzle, flat=True, focus=(320, 360), zoom=2.1),
    "bib": Drawing(bib, flat=True, focus=(400, 470), zoom=2),
}
