"""Accessories for phones and desks."""

from demo.world.drawings.canvas import Canvas
from demo.world.drawings.color import dark, light
from demo.world.drawings.studio import Drawing


def phone_case(c: Canvas) -> None:
    """The back of a phone in its case."""
    c.shadow((410, 714), 210)
    c.rect((246, 92, 320, 620), dark(c.main, 0.45), r=54)
    c.rect((236, 88, 320, 620), c.linear(light(c.main, 0.25), c.main, dark(c.main, 0.22), to=(1, 1)), r=54)
    with c.clipped("M260 112H532V684H260Z"):
        for n, radius in enumerate(range(60, 420, 52)):
            c.line(
                f"M{396 - radius} 690A{radius} {radius} 0 0 1 {396 + radius} 690", c.accent, 18, opacity=0.9 - n * 0.1
            )
    c.rect((262, 116, 170, 176), dark(c.main, 0.3), r=36)
    for x, y in ((306, 162), (388, 162), (306, 246)):
        c.oval((x, y), "#17171c", 34)
        c.oval((x, y), c.radial("#5f7394", "#20242f", at=(0.35, 0.3)), 25)
        c.oval((x - 8, y - 9), "#ffffff", 5, opacity=0.8)
    c.oval((388, 246), "#fdf1c6", 13)
    c.path("M470 88H500Q556 90 556 144V400Z", "#ffffff", opacity=0.16)
    c.rect((556, 240, 8, 90), dark(c.main, 0.5), r=4)


def charger(c: Canvas) -> None:
    """A wall plug with two ports."""
    c.shadow((400, 690), 250)
    for x in (330, 440):
        c.path(f"M{x} 120q15 -24 30 0v130h-30z", c.cylinder("#c6cad1"))
    c.rect((220, 230, 360, 456), c.linear(light(c.main, 0.4), c.main, dark(c.main, 0.25), to=(1, 0.5)), r=66)
    c.rect((246, 250, 308, 416), c.linear(light(c.main, 0.3), c.main), r=50, opacity=0.8)
    for y, tone in ((470, c.accent), (566, "#8d939d")):
        c.rect((320, y, 160, 56), "#20232a", r=26)
        c.rect((346, y + 18, 108, 20), tone, r=10)
    c.path("M420 300l-50 74h34l-14 54 56 -78h-36z", c.accent)
    c.path("M254 300Q256 254 300 252L292 640Q254 630 254 600Z", "#ffffff", opacity=0.35)


def cable(c: Canvas) -> None:
    """A braided cable coiled with both plugs out."""
    for radius in (226, 200, 174):
        c.line(f"M400 {400 - radius}A{radius} {radius} 0 1 1 399 {400 - radius}", dark(c.main, 0.35), 25)
        c.line(f"M400 {400 - radius}A{radius} {radius} 0 1 1 399 {400 - radius}", c.main, 20)
        c.line(
            f"M400 {400 - radius}A{radius} {radius} 0 1 1 399 {400 - radius}",
            light(c.main, 0.45),
            20,
            dash="1 9",
            opacity=0.6,
        )
    for x, y, turn in ((520, 610, -28), (250, 600, 24)):
        with c.moved(f"rotate({turn} {x} {y})"):
            c.rect((x - 22, y - 150, 44, 70), dark(c.main, 0.4), r=12)
            c.rect(
                (x - 36, y - 90, 72, 120),
                c.linear(light(c.accent, 0.5), c.accent, dark(c.accent, 0.3), to=(1, 0)),
                r=16,
            )
            c.rect((x - 24, y + 26, 48, 54), c.linear("#f2f3f5", "#a7abb3", "#dfe1e5", to=(1, 0)), r=12)
    c.rect((150, 372, 84, 58), c.sheen(c.accent), r=12)
    c.rect((162, 392, 60, 16), dark(c.accent, 0.3), r=6)


def earbuds(c: Canvas) -> None:
    """Two earbuds over their open case."""
    c.shadow((400, 700), 290)
    c.path("M180 470Q180 330 400 330Q620 330 620 470Z", c.linear(light(c.main, 0.3), dark(c.main, 0.15)))
    c.path("M206 470Q206 360 400 360Q594 360 594 470Z", dark(c.main, 0.5))
    c.rect((160, 460, 480, 236), c.linear(light(c.main, 0.4), c.main, dark(c.main, 0.3)), r=100)
    c.oval((400, 478), dark(c.main, 0.55), 214, 34)
    c.oval((400, 590), c.accent, 10)
    for x, side in ((306, -1), (494, 1)):
        c.rect((x - 24, 280, 48, 200), c.cylinder(light(c.main, 0.15)), r=24)
        c.oval((x + side * -14, 250), c.radial(light(c.main, 0.6), c.main, dark(c.main, 0.2), at=(0.35, 0.3)), 74, 66)
        c.oval((x + side * -62, 252), c.radial("#71767f", "#2a2c31"), 28, 40)
        c.rect((x - 8, 420, 16, 36), c.accent, r=8)
        c.oval((x - 24, 222), "#ffffff", 18, 12, opacity=0.6)
    c.path("M190 540Q200 486 260 484L250 670Q200 640 190 590Z", "#ffffff", opacity=0.25)


def powerbank(c: Canvas) -> None:
    """A power bank with its charge lights and a short lead."""
    c.shadow((400, 706), 220)
    c.line("M340 160Q300 60 200 110Q120 160 190 240", dark(c.accent, 0.2), 16)
    c.rect((170, 236, 44, 70), c.linear("#f0f1f3", "#a5a9b1"), r=10)
    c.rect((250, 140, 300, 562), dark(c.main, 0.4), r=46)
    c.rect((244, 136, 300, 562), c.linear(light(c.main, 0.28), c.main, dark(c.main, 0.24), to=(1, 0.6)), r=46)
    c.rect((330, 150, 128, 26), "#1b1d22", r=12)
    for n in range(4):
        c.oval((340 + n * 36, 610), c.accent if n < 3 else dark(c.main, 0.3), 9)
    c.path("M420 300l-64 100h44l-20 84 84 -116h-52z", c.accent)
    for y in range(520, 570, 12):
        c.line(f"M300 {y}H490", dark(c.main, 0.25), 2, opacity=0.5)
    c.path("M262 200Q262 154 304 154L300 660Q262 660 262 620Z", "#ffffff", opacity=0.22)


def smartwatch(c: Canvas) -> None:
    """A watch with rings of activity."""
    c.shadow((400, 730), 170)
    strap = "M306 260L322 70Q400 56 478 70L494 260ZM306 540L322 730Q400 744 478 730L494 540Z"
    c.path(strap, c.cylinder(c.main))
    for y in (610, 640, 670, 700):
        c.oval((400, y), dark(c.main, 0.5), 9, 6)
    c.rect((240, 226, 320, 344), c.linear("#6a6e77", "#22242a", "#4c5059", to=(1, 1)), r=88)
    c.rect((260, 246, 280, 304), "#0b0d12", r=72)
    for radius, tone, share in ((92, c.accent, 420), (66, "#59d38c", 300), (40, "#4fb3ff", 170)):
        c.line(f"M400 {398 - radius}a{radius} {radius} 0 1 1 -.1 0", tone, 17, opacity=0.22)
        c.line(f"M400 {398 - radius}a{radius} {radius} 0 1 1 -.1 0", tone, 17, dash=f"{share} 900")
    c.rect((560, 350, 20, 70), c.linear("#9ca0a8", "#3b3e45"), r=9)
    c.path("M272 330Q270 258 340 258H420L300 540Q272 520 272 470Z", "#ffffff", opacity=0.1)


def speaker(c: Canvas) -> None:
    """A round-edged speaker with a cloth front."""
    c.shadow((400, 704), 270)
    c.rect((180, 180, 440, 520), c.linear(light(c.main, 0.22), c.main, dark(c.main, 0.35), to=(1, 0.4)), r=120)
    mesh = c.tile(
        12,
        f'<path fill="{dark(c.main, 0.35)}" d="M0 0h12v12H0z"/><circle cx="3" cy="3" r="2" fill="{light(c.main, 0.2)}"/><circle cx="9" cy="9" r="2" fill="{light(c.main, 0.2)}"/>',
    )
    c.rect((206, 250, 388, 400), mesh, r=90)
    c.oval((400, 450), c.radial(dark(c.main, 0.5), "#000000", r=0.7), 124, opacity=0.35)
    c.rect((340, 420, 120, 60), c.linear("#fbf3e2", "#d7c39b"), r=30)
    c.path("M376 436v28M392 430v40M408 426v48M424 434v32", "none", stroke=dark(c.accent, 0.2), width=7)
    c.line("M520 214Q640 180 630 310", c.accent, 20)
    for x in (320, 400, 480):
        c.oval((x, 214), dark(c.main, 0.45), 13)
    c.path("M200 320Q206 210 300 196Q230 240 226 420Z", "#ffffff", opacity=0.25)


def phone_stand(c: Canvas) -> None:
    """A folding stand holding a phone."""
    c.shadow((420, 706), 280)
    c.path("M220 690L250 650H600L620 690Q420 716 220 690Z", c.linear(light(c.accent, 0.3), dark(c.accent, 0.3)))
    c.path("M430 660L500 360L540 372L480 660Z", c.cylinder(c.accent))
    with c.moved("rotate(-9 400 400)"):
        c.rect((280, 120, 260, 490), "#1b1d23", r=38)
        c.rect((292, 132, 236, 466), c.linear(light(c.main, 0.5), c.main, dark(c.main, 0.4), to=(0.5, 1)), r=28)
        c.oval((410, 320), light(c.main, 0.6), 60, opacity=0.7)
        c.path(
            "M292 480L370 390L430 450L470 410L528 470V560Q528 598 500 598H320Q292 598 292 570Z",
            dark(c.main, 0.3),
            opacity=0.6,
        )
        c.rect((380, 144, 60, 14), "#101116", r=7)
    c.path("M270 640H440V600H466V668H270Z", c.linear(light(c.accent, 0.35), c.accent))


def ring_light(c: Canvas) -> None:
    """A ring lamp on a tripod."""
    c.shadow((400, 722), 250)
    c.line("M400 470L240 716M400 470L560 716M400 470V700", dark(c.main, 0.3), 15)
    c.rect((386, 400, 28, 130), c.cylinder(c.main))
    c.oval((400, 250), "#fff6d8", 210, opacity=0.5)
    c.line("M400 90a160 160 0 1 1 -.1 0", dark(c.main, 0.1), 64)
    c.line("M400 90a160 160 0 1 1 -.1 0", "#fffdf2", 46)
    c.line("M400 90a160 160 0 1 1 -.1 0", "#ffe9a8", 46, dash="4 20", opacity=0.8)
    c.rect((362, 170, 76, 160), "#1b1d23", r=12)
    c.rect((368, 178, 64, 144), c.linear(light(c.accent, 0.4), c.accent), r=8)
    c.rect((380, 420, 40, 26), c.accent, r=8)


def keyboard(c: Canvas) -> None:
    """A compact keyboard seen from above."""
    c.rect((70, 250, 660, 320), c.linear(light(c.main, 0.25), c.main, dark(c.main, 0.2)), r=34)
    colored = {(0, 0), (2, 10), (4, 10)}
    for row in range(5):
        for n in range(11):
            if row == 4 and 3 <= n <= 6:  # the space bar
                continue
            tone = c.accent if (row, n) in colored else light(c.main, 0.65 if 0 < n < 10 else 0.35)
            c.set_down(_key(c, tone), f"translate({94 + n * 56} {272 + row * 56})")
    c.rect((262, 501, 218, 46), dark(c.main, 0.2), r=9)
    c.rect((264, 496, 214, 43), light(c.main, 0.65), r=8)


def _key(c: Canvas, tone: str) -> str:
    return c.stamp(
        f'<rect y="5" width="50" height="46" rx="9" fill="{dark(tone, 0.28)}"/><rect x="2" width="46" height="43" rx="8" fill="{tone}"/>'
    )


DRAWINGS = {
    "phone-case": Drawing(phone_case, focus=(370, 230), zoom=2.1),
    "charger": Drawing(charger, focus=(400, 500), zoom=2),
    "cable": Drawing(cable, flat=True, focus=(500, 580), zoom=2),
    "earbuds": Drawing(earbuds, focus=(400, 340), zoom=2),
    "powerbank": Drawing(powerbank, focus=(380, 400), zoom=1.9),
    "smartwatch": Drawing(smartwatch, focus=(400, 400), zoom=2),
    "speaker": Drawing(speaker, focus=(440, 380), zoom=1.9),
    "phone-stand": Drawing(phone_stand, focus=(400, 520), zoom=1.9),
    "ring-light": Drawing(ring_light, focus=(400, 260), zoom=1.9),
    "keyboard": Drawing(keyboard, flat=True, focus=(300, 400), zoom=2.1),
}
