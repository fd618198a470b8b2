"""Pots, tools and boxes of the kitchen."""

from demo.world.drawings.canvas import Canvas
from demo.world.drawings.color import dark, light
from demo.world.drawings.studio import Drawing


def pan(c: Canvas) -> None:
    """A frying pan with an egg in it, from above."""
    c.path(
        "M530 490L706 660Q724 690 700 706Q680 716 656 698L484 540Z",
        c.linear(light(c.accent, 0.25), dark(c.accent, 0.3), to=(1, 0)),
    )
    c.oval((676, 680), dark(c.accent, 0.5), 13)
    c.oval((350, 370), c.linear(light(c.main, 0.25), dark(c.main, 0.35), to=(1, 1)), 270)
    c.oval((350, 370), c.radial(dark(c.main, 0.25), dark(c.main, 0.5), at=(0.4, 0.35)), 236)
    for radius in range(60, 220, 26):
        c.line(f"M350 {370 - radius}a{radius} {radius} 0 1 1 -.1 0", "#ffffff", 1.5, opacity=0.08)
    c.path(
        "M250 330C270 250 380 250 430 300C500 330 480 440 400 450C360 500 260 480 240 420C200 400 210 350 250 330Z",
        c.radial("#ffffff", "#f3ead9"),
    )
    c.oval((340, 370), c.radial("#ffd766", "#f2a51c", at=(0.35, 0.3)), 58)
    c.oval((322, 350), "#ffffff", 14, 9, opacity=0.7)
    c.path("M130 300Q180 160 330 138Q210 190 168 330Z", "#ffffff", opacity=0.2)


def knives(c: Canvas) -> None:
    """Three knives on a wooden board."""
    c.rect((110, 110, 580, 590), c.linear("#e2bd8b", "#c79860", to=(1, 0.4)), r=44)
    for y in range(150, 690, 46):
        c.line(f"M130 {y}Q300 {y + c.rng.randint(-14, 14)} 670 {y + 6}", "#a9783f", 3, opacity=0.35)
    c.oval((400, 156), "#8d6334", 22)
    for x, top, wide in ((230, 210, 74), (400, 230, 56), (555, 280, 42)):
        c.path(
            f"M{x - wide / 2} 470V{top + 60}Q{x - wide / 2} {top} {x + wide / 2} {top - 20}V470Z",
            c.linear("#fafbfc", "#c3c9d0", "#eceff2", to=(1, 0)),
        )
        c.line(f"M{x + wide / 2 - 8} {top}V464", "#aeb5bd", 2)
        c.rect((x - 26, 466, 52, 26), c.linear("#d5d9de", "#8d949c"), r=5)
        c.rect((x - 24, 488, 48, 170), c.cylinder(c.main), r=20)
        for y in (530, 580, 630):
            c.oval((x, y), light(c.accent, 0.4), 6)


def tumbler(c: Canvas) -> None:
    """An insulated tumbler with a straw."""
    c.shadow((400, 708), 170)
    c.rect((438, 60, 20, 150), c.cylinder(c.accent), r=9)
    c.path(
        "M282 200H518L486 690Q400 712 314 690Z",
        c.linear(dark(c.main, 0.25), light(c.main, 0.35), c.main, dark(c.main, 0.1), dark(c.main, 0.4), to=(1, 0)),
    )
    c.path("M276 150Q400 128 524 150L520 212Q400 232 280 212Z", c.cylinder(c.accent))
    c.path("M288 256Q400 276 512 256L510 282Q400 302 290 282Z", "#ffffff", opacity=0.35)
    c.path("M308 640Q400 660 492 640L488 690Q400 712 314 690Z", c.cylinder("#c9ced5"))
    c.path(
        "M400 400q60 50 0 120q-60 -70 0 -120zM400 430v96",
        light(c.main, 0.6),
        stroke=light(c.main, 0.8),
        width=4,
        opacity=0.8,
    )
    c.path("M312 296L340 300L352 632L336 630Z", "#ffffff", opacity=0.35)


def lunch_box(c: Canvas) -> None:
    """A divided lunch box filled with rice, egg and greens, from above."""
    c.rect((100, 190, 600, 440), c.linear(light(c.main, 0.25), dark(c.main, 0.15), to=(1, 1)), r=80)
    c.rect((126, 214, 548, 392), dark(c.main, 0.22), r=62)
    c.rect((142, 230, 300, 360), c.linear("#fdfdfb", "#e9e6df"), r=48)
    for _ in range(44):
        x, y = c.rng.randint(170, 416), c.rng.randint(260, 560)
        c.oval((x, y), "#d9d5ca", 9, 4, opacity=0.7)
    c.oval((290, 410), "#c0392b", 28)
    for x, y in ((256, 340), (330, 480), (340, 330)):
        c.oval((x, y), "#2f2a25", 5, 3)
    c.rect((458, 230, 200, 174), "#6d9f4b", r=36)
    for x, y in ((500, 280), (560, 300), (610, 270), (530, 350), (600, 350)):
        c.oval((x, y), c.radial("#9ccb6b", "#4e7d33", at=(0.4, 0.3)), 40, 32)
    c.rect((458, 418, 200, 172), "#f3d9a6", r=36)
    for x in (512, 602):
        c.oval((x, 504), "#fffaf0", 52, 62)
        c.oval((x, 506), c.radial("#ffcf5a", "#ee9a1c", at=(0.4, 0.3)), 28)
    c.rect((84, 370, 44, 80), c.sheen(c.accent), r=14)
    c.rect((672, 370, 44, 80), c.sheen(c.accent), r=14)


def rice_cooker(c: Canvas) -> None:
    """A rice cooker with steam."""
    c.shadow((400, 706), 290)
    for x in (360, 410, 460):
        c.line(f"M{x} 150q-26 -34 0 -60t0 -56", "#ffffff", 9, opacity=0.6)
    c.path(
        "M160 380H640Q650 600 600 690H200Q150 600 160 380Z",
        c.linear(dark(c.main, 0.12), light(c.main, 0.45), c.main, dark(c.main, 0.25), to=(1, 0)),
    )
    c.path("M156 384Q170 190 400 184Q630 190 644 384Z", c.linear(light(c.main, 0.5), c.main))
    c.rect((146, 366, 508, 32), c.cylinder("#c5c9cf"), r=14)
    c.path("M310 196Q400 130 490 196", "none", stroke=dark(c.accent, 0.2), width=26)
    c.oval((400, 240), dark(c.main, 0.3), 30, 12)
    c.rect((300, 470, 200, 150), dark(c.accent, 0.2), r=26)
    c.rect((322, 490, 156, 56), "#cfe9d8", r=10)
    c.line("M344 506v26M344 519h22M366 506v26M396 506h20v26h-20zM440 506v26", "#2f5a43", 5)
    for x, tone in ((344, "#f2a541"), (400, "#f7f3ea"), (456, "#e05a47")):
        c.oval((x, 584), tone, 15)
    for x in (220, 540):
        c.rect((x, 686, 50, 18), "#3b3b40", r=6)
    c.path("M190 350Q210 230 330 210Q250 250 230 350Z", "#ffffff", opacity=0.5)


def kettle(c: Canvas) -> None:
    """A gooseneck kettle."""
    c.shadow((420, 700), 280)
    c.line("M250 560Q130 540 150 400Q160 300 90 270", dark(c.main, 0.25), 38)
    c.line("M250 552Q138 530 156 400Q166 300 94 268", light(c.main, 0.3), 12)
    c.path("M250 330H560L604 660Q606 696 560 698H250Q204 696 206 660Z", c.cylinder(c.main))
    c.path("M246 334Q260 266 405 262Q550 266 564 334Z", c.linear(light(c.main, 0.4), c.main))
    c.oval((405, 250), c.sheen(c.accent), 32, 24)
    c.line("M560 350Q730 330 700 480Q680 590 600 610", c.accent, 32)
    c.line("M566 342Q716 330 692 470", light(c.accent, 0.4), 6)
    c.line("M228 610Q405 636 584 610", light(c.main, 0.5), 4, opacity=0.7)
    c.path("M270 360H312L290 670H246Z", "#ffffff", opacity=0.35)


def plates(c: Canvas) -> None:
    """A stack of plates and a bowl."""
    c.shadow((400, 704), 330)
    for n in range(4):
        y = 650 - n * 34
        c.path(
            f"M{100 + n * 4} {y}Q120 {y + 50} 300 {y + 54}H500Q680 {y + 50} {700 - n * 4} {y}Z",
            c.cylinder(light(c.main, 0.2 if n % 2 else 0)),
        )
    c.oval((400, 548), c.linear("#ffffff", light(c.main, 0.5)), 292, 62)
    c.oval((400, 548), c.accent, 270, 54)
    c.oval((400, 550), c.linear(light(c.main, 0.7), light(c.main, 0.3)), 254, 48)
    c.path("M216 340Q230 540 350 556H450Q570 540 584 340Z", c.cylinder(c.main))
    c.path("M222 400Q400 450 578 400L574 430Q400 480 226 430Z", c.accent)
    c.oval((400, 340), c.linear("#ffffff", light(c.main, 0.4)), 184, 50)
    c.oval((400, 344), c.linear(dark(c.main, 0.25), light(c.main, 0.3)), 166, 40)
    c.path("M246 390Q256 490 330 540Q276 480 272 396Z", "#ffffff", opacity=0.4)


DRAWINGS = {
    "pan": Drawing(pan, flat=True, focus=(350, 370), zoom=1.8),
    "knives": Drawing(knives, flat=True, focus=(300, 430), zoom=2),
    "tumbler": Drawing(tumbler, focus=(400, 240), zoom=2),
    "lunch-box": Drawing(lunch_box, flat=True, focus=(480, 380), zoom=1.9),
    "rice-cooker": Drawing(rice_cooker, focus=(400, 520), zoom=1.9),
    "kettle": Drawing(kettle, focus=(420, 400), zoom=1.9),
    "plates": Drawing(plates, focus=(400, 440), zoom=1.9),
}
