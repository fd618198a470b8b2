"""Lamps and small things for rooms."""

from demo.world.drawings import patterns
from demo.world.drawings.canvas import Canvas
from demo.world.drawings.color import dark, light
from demo.world.drawings.studio import Drawing


def lamp(c: Canvas) -> None:
    """A table lamp that glows."""
    c.shadow((400, 706), 200)
    c.oval((400, 350), c.radial("#fff4c9", "#fff4c9", c.palette.backdrop), 330, 300, opacity=0.35)
    c.path("M330 690Q320 560 372 500H428Q480 560 470 690Q400 712 330 690Z", c.cylinder(c.accent))
    c.rect((384, 400, 32, 110), c.cylinder("#c9a45c"))
    c.path("M290 130H510L600 420Q400 450 200 420Z", c.linear(light(c.main, 0.25), "#fff3cf", light(c.main, 0.1)))
    c.path("M290 130H510L600 420Q400 450 200 420Z", patterns.stripes(c, light(c.main, 0.5), c.main), opacity=0.35)
    c.oval((400, 130), dark(c.main, 0.1), 110, 15)
    c.line("M202 420Q400 450 598 420", dark(c.main, 0.2), 8)
    c.line("M500 436V520", "#c9a45c", 3)
    c.oval((500, 528), "#c9a45c", 9)


def diffuser(c: Canvas) -> None:
    """A reed diffuser with a flower."""
    c.shadow((400, 706), 200)
    for x, turn in ((380, -16), (390, -6), (400, 2), (408, 10), (416, 18)):
        c.line(f"M{x} 420L{400 + turn * 12} 90", "#b58c5c", 8)
    c.path(
        "M350 400H450V470Q560 500 560 600V650Q556 704 500 704H300Q244 704 240 650V600Q240 500 350 470Z",
        c.cylinder(c.main),
        opacity=0.9,
    )
    c.path("M252 600Q400 576 548 600V650Q544 692 498 692H302Q256 692 252 650Z", dark(c.main, 0.25), opacity=0.4)
    c.rect((336, 380, 128, 50), c.cylinder(c.accent), r=8)
    c.rect((310, 540, 180, 110), light(c.palette.backdrop, 0.8), r=8)
    for turn in range(0, 360, 60):
        with c.moved(f"rotate({turn} 400 580)"):
            c.oval((400, 560), c.accent, 8, 15)
    c.rect((350, 616, 100, 12), dark(c.accent, 0.3), r=5)
    c.path("M262 600Q266 530 340 500L320 690H300Q262 680 262 650Z", "#ffffff", opacity=0.35)


def shelf_boxes(c: Canvas) -> None:
    """Three storage boxes with lids."""
    c.shadow((400, 706), 330)
    for x, y, w, h, tone in (
        (110, 470, 300, 230, c.main),
        (420, 440, 270, 260, light(c.accent, 0.2)),
        (230, 240, 300, 220, light(c.main, 0.35)),
    ):
        c.rect((x + 8, y + 30, w - 16, h - 32), c.linear(light(tone, 0.2), tone, dark(tone, 0.2), to=(1, 0.6)), r=14)
        c.rect((x, y, w, 54), c.linear(light(tone, 0.4), dark(tone, 0.06)), r=14)
        c.rect((x + w / 2 - 50, y + h * 0.5, 100, 38), light(c.palette.backdrop, 0.8), r=8)
        c.rect((x + w / 2 - 34, y + h * 0.5 + 14, 68, 9), dark(tone, 0.35), r=4)
        c.line(f"M{x + 30} {y + 74}V{y + h - 30}", "#ffffff", 7, opacity=0.4)


def clock(c: Canvas) -> None:
    """A wooden wall clock."""
    c.oval((400, 400), c.linear(light(c.main, 0.3), dark(c.main, 0.3), to=(1, 1)), 296)
    c.oval((400, 400), c.radial("#ffffff", light(c.palette.backdrop, 0.6), at=(0.4, 0.35), r=0.8), 252)
    for hour in range(12):
        with c.moved(f"rotate({hour * 30} 400 400)"):
            c.line("M400 176V206" if hour % 3 else "M400 174V222", dark(c.main, 0.3), 8 if hour % 3 else 15)
    c.line("M400 400L306 318", dark(c.main, 0.55), 17)
    c.line("M400 400L516 246", dark(c.main, 0.55), 11)
    c.line("M372 452L450 314", c.accent, 5)
    c.oval((400, 400), c.accent, 17)
    c.path("M210 300Q260 190 390 166Q290 220 240 340Z", "#ffffff", opacity=0.6)


DRAWINGS = {
    "lamp": Drawing(lamp, focus=(400, 330), zoom=1.8),
    "diffuser": Drawing(diffuser, focus=(400, 540), zoom=2),
    "storage-box": Drawing(shelf_boxes, focus=(340, 420), zoom=1.9),
    "clock": Drawing(clock, flat=True, focus=(430, 330), zoom=2),
}
