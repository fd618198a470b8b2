"""Things to eat, in their packs and jars."""

from functools import partial

from demo.world.drawings import patterns
from demo.world.drawings.canvas import Canvas
from demo.world.drawings.color import dark, ink_on, light
from demo.world.drawings.studio import Drawing


def pouch(c: Canvas, *, filling: str) -> None:
    """A standing snack bag with a window that shows what is inside."""
    c.shadow((400, 710), 250)
    body = "M214 120H586Q600 400 616 690Q400 716 184 690Q200 400 214 120Z"
    c.path(body, c.linear(dark(c.main, 0.2), light(c.main, 0.2), c.main, dark(c.main, 0.3), to=(1, 0.15)))
    c.path("M212 104H588V150H212Z", c.linear(light(c.main, 0.35), dark(c.main, 0.15)))
    c.line("M216 164H586M216 176H586", dark(c.main, 0.4), 2, opacity=0.5)
    c.path("M214 190H586L590 300Q400 350 210 300Z", c.accent)
    c.rect((300, 216, 200, 26), ink_on(c.accent, 0.85), r=8)
    c.rect((330, 256, 140, 13), ink_on(c.accent, 0.85), r=6, opacity=0.8)
    window = "M270 430Q270 350 400 350Q530 350 530 430V580Q530 630 400 634Q270 630 270 580Z"
    c.path(window, c.linear("#5b3a20", "#8a5b30"))
    with c.clipped(window):
        _fill(c, filling)
        c.path("M300 340L380 340L310 650H250Z", "#ffffff", opacity=0.22)
    c.line(window, light(c.accent, 0.4), 5)
    c.path("M226 190L262 190L236 690L200 684Z", "#ffffff", opacity=0.2)


def _fill(c: Canvas, tone: str) -> None:
    """Rows of bits, each turned its own way."""
    bits = [
        c.stamp(
            f'<ellipse rx="25" ry="17" fill="{dark(tone, 0.25)}"/><ellipse cx="-1" cy="-3" rx="22" ry="13" fill="{light(tone, share)}"/>'
        )
        for share in (0.05, 0.18, 0.28)
    ]
    for row in range(7):
        for n in range(7):
            x, y = 280 + n * 40 + row % 2 * 18 + c.rng.randint(-5, 5), 380 + row * 40 + c.rng.randint(-5, 5)
            c.set_down(c.rng.choice(bits), f"translate({x} {y}) rotate({c.rng.randint(0, 170)})")


def coffee_bag(c: Canvas) -> None:
    """A side-folded coffee bag with a valve and mountain label."""
    c.shadow((400, 710), 240)
    body = "M226 170H574L592 696Q400 716 208 696Z"
    c.path(body, c.linear(dark(c.main, 0.3), light(c.main, 0.16), c.main, dark(c.main, 0.35), to=(1, 0)))
    c.path("M234 104H566L576 190H224Z", c.linear(light(c.main, 0.25), dark(c.main, 0.25)))
    c.line("M226 146Q400 160 574 146", "#d8c28d", 15)
    c.oval((400, 238), dark(c.main, 0.45), 19)
    c.oval((400, 238), light(c.main, 0.2), 8)
    c.rect((262, 300, 276, 320), light(c.palette.backdrop, 0.75), r=10)
    with c.clipped("M276 314H524V470H276Z"):
        c.rect((270, 310, 260, 160), c.linear(light(c.accent, 0.7), light(c.accent, 0.3)))
        c.oval((452, 366), "#f6e2a8", 28)
        c.path("M260 480L350 362L404 430L446 384L540 480Z", c.accent)
        c.path("M260 480L330 430L420 480ZM400 480L480 440L540 480Z", dark(c.accent, 0.3))
    for share, y, tall in ((190, 496, 24), (130, 534, 12), (160, 566, 8), (110, 584, 8)):
        c.rect((400 - share / 2, y, share, tall), dark(c.main, 0.5), r=4)
    for x, y, turn in ((140, 690, 20), (196, 716, 70), (640, 700, -30), (590, 724, 40), (690, 720, 10)):
        _bean(c, (x, y), turn)


def _bean(c: Canvas, at: tuple[float, float], turn: int) -> None:
    with c.moved(f"translate({at[0]} {at[1]}) rotate({turn})"):
        c.oval((0, 0), c.radial("#8d5a34", "#3f2415", at=(0.4, 0.3)), 26, 18)
        c.line("M-22 2Q-4 -10 4 2T22 0", "#24130b", 4)


def jar(c: Canvas, *, bits: bool) -> None:
    """A glass jar of sambal or honey with a cloth-topped lid."""
    c.shadow((400, 706), 230)
    body = "M256 300H544Q580 330 580 380V650Q578 700 530 702H270Q222 700 220 650V380Q220 330 256 300Z"
    c.path(body, "#ffffff", opacity=0.55)
    inside = "M266 330H534Q562 350 562 390V644Q560 684 524 686H276Q240 684 238 644V390Q238 350 266 330Z"
    c.path(inside, c.cylinder(c.main))
    with c.clipped(inside):
        for _ in range(46 if bits else 0):
            x, y = c.rng.randint(240, 560), c.rng.randint(340, 690)
            tone = c.rng.choice((light(c.main, 0.35), dark(c.main, 0.35), "#f1c65b"))
            c.oval((x, y), tone, c.rng.randint(4, 9), c.rng.randint(3, 6))
        c.path("M238 330H562V352Q400 372 238 352Z", light(c.main, 0.3), opacity=0.6)
    c.path(
        "M230 196Q400 168 570 196L596 316Q560 300 530 322Q500 296 466 322Q432 298 400 324Q366 298 334 322Q300 296 270 322Q240 300 204 316Z",
        patterns.checks(c, light(c.accent, 0.55), c.accent),
    )
    c.path("M230 196Q400 168 570 196L576 224Q400 196 224 224Z", "#ffffff", opacity=0.25)
    c.line("M222 262Q400 292 578 262", "#b48a55", 9)
    c.path("M392 278q-50 -30 -44 14q6 26 46 -6q38 34 46 6q6 -44 -48 -14z", "#b48a55")
    c.rect((282, 430, 236, 180), light(c.palette.backdrop, 0.8), r=12)
    c.path("M400 448q30 24 0 60q-30 -36 0 -60z", c.accent)
    for share, y, tall in ((160, 526, 22), (110, 560, 11), (130, 582, 8)):
        c.rect((400 - share / 2, y, share, tall), dark(c.accent, 0.45), r=4)
    c.path("M240 380Q240 350 262 344L270 670H256Q240 660 240 640Z", "#ffffff", opacity=0.45)


def cookie_tin(c: Canvas) -> None:
    """An open round tin of cookies."""
    c.shadow((400, 700), 320)
    c.oval((400, 350), c.linear(light(c.main, 0.15), dark(c.main, 0.4)), 268, 190)
    c.oval((400, 356), c.linear(dark(c.main, 0.1), light(c.main, 0.45)), 240, 164)
    c.path("M140 490V640Q150 700 400 702Q650 700 660 640V490Z", c.cylinder(c.main))
    c.path("M140 560Q400 640 660 560V610Q400 690 140 610Z", patterns.kawung(c, c.accent, light(c.main, 0.3)))
    c.oval((400, 490), c.linear("#fdf7ea", "#cbb48d"), 260, 82)
    c.oval((400, 492), "#6f4a2b", 240, 70)
    for x, y in ((250, 488), (340, 520), (430, 528), (530, 508), (300, 452), (400, 476), (500, 456), (390, 436)):
        c.set_down(_cookie(c), f"translate({x} {y})")
    c.path("M160 520Q168 640 190 668L214 676Q190 600 190 530Z", "#ffffff", opacity=0.3)


def _cookie(c: Canvas) -> str:
    crust = c.radial("#f2cf8d", "#cf9649", at=(0.4, 0.3))
    chips = "M-20 -4h4M8 6h4M22 -8h3M-4 -10h4"
    return c.stamp(
        f'<ellipse cy="7" rx="58" ry="28" fill="#9c6a34"/><ellipse rx="58" ry="27" fill="{crust}"/>'
        f'<path d="{chips}" stroke="#4b2a18" stroke-width="8" stroke-linecap="round"/>'
    )


def tea_box(c: Canvas) -> None:
    """A box of tea with two bags on their strings."""
    c.shadow((400, 706), 290)
    c.path("M180 250L470 220L470 700L180 690Z", c.linear(light(c.main, 0.15), dark(c.main, 0.1)))
    c.path("M470 220L620 260V668L470 700Z", c.linear(dark(c.main, 0.2), dark(c.main, 0.42), to=(1, 0)))
    c.path("M180 250L330 222L620 260L470 222Z", light(c.main, 0.4))
    c.path("M180 350L470 332V470L180 478Z", c.accent)
    c.rect((236, 378, 180, 26), ink_on(c.accent, 0.85), r=6)
    c.rect((262, 420, 126, 13), ink_on(c.accent, 0.85), r=5, opacity=0.8)
    for turn in (-40, 0, 40):
        with c.moved(f"rotate({turn} 325 640)"):
            c.path("M325 640Q290 590 325 530Q360 590 325 640Z", c.sheen("#7fa35a"))
            c.line("M325 630V550", "#4f7136", 3)
    for x, y in ((560, 690), (660, 660)):
        c.line(f"M{x} {y - 60}Q{x + 40} {y - 150} {x + 70} {y - 90}", "#f7f3ea", 3)
        c.path(f"M{x - 44} {y - 50}L{x} {y - 70}L{x + 44} {y - 50}V{y + 30}H{x - 44}Z", c.linear("#fdfaf3", "#dfd4bf"))
        c.path(f"M{x - 36} {y - 20}H{x + 36}V{y + 22}H{x - 36}Z", "#8a5a33", opacity=0.65)


DRAWINGS = {
    "snack-pouch": Drawing(partial(pouch, filling="#e3a857"), focus=(400, 480), zoom=2),
    "snack-pouch-dark": Drawing(partial(pouch, filling="#8c4a24"), focus=(400, 480), zoom=2),
    "coffee-bag": Drawing(coffee_bag, focus=(400, 420), zoom=2),
    "sambal-jar": Drawing(partial(jar, bits=True), focus=(420, 330), zoom=2),
    "honey-jar": Drawing(partial(jar, bits=False), focus=(420, 330), zoom=2),
    "cookie-tin": Drawing(cookie_tin, focus=(400, 490), zoom=2.1),
    "tea-box": Drawing(tea_box, focus=(360, 500), zoom=1.9),
}
