"""Bags, wallets and belts."""

from functools import partial

from demo.world.drawings import patterns
from demo.world.drawings.canvas import Canvas
from demo.world.drawings.color import dark, ink_on, light
from demo.world.drawings.patterns import Cloth
from demo.world.drawings.studio import Drawing


def tote(c: Canvas, *, cloth: Cloth) -> None:
    """A canvas shopper with a patterned panel."""
    c.shadow((400, 706), 290)
    c.line("M290 300Q280 90 400 90Q520 90 510 300", dark(c.accent, 0.3), 26)
    c.line("M290 300Q280 98 400 96Q520 98 510 300", c.accent, 18)
    body = "M182 280Q400 300 618 280L648 690Q400 716 152 690Z"
    c.path(body, c.sheen(c.main))
    with c.clipped(body):
        c.path("M100 470H700V730H100Z", cloth(c, c.accent, light(c.main, 0.2)))
        c.line("M150 470Q400 490 650 470", light(c.accent, 0.5), 5, dash="12 8")
        c.path("M182 280L152 700H230Q240 480 236 280Z", "#000000", opacity=0.07)
        c.path("M560 280Q600 500 570 720H670V280Z", "#000000", opacity=0.1)
    c.line("M184 306Q400 326 616 306", dark(c.main, 0.4), 3, dash="9 7")
    for x in (276, 496):
        c.rect((x, 276, 28, 70), c.sheen(dark(c.accent, 0.05)), r=5)
        c.oval((x + 14, 330), "#e4c98d", 5)


def backpack(c: Canvas) -> None:
    """A day pack with a front pocket."""
    c.shadow((400, 712), 260)
    c.line("M350 150Q352 84 400 84Q448 84 450 150", dark(c.main, 0.5), 20)
    for x in (190, 554):
        c.rect((x, 420, 56, 220), c.linear(dark(c.main, 0.4), dark(c.main, 0.2), to=(1, 0)), r=24)
    body = "M220 330C220 190 290 130 400 130C510 130 580 190 580 330L592 650Q590 706 530 708H270Q210 706 208 650Z"
    c.path(body, c.linear(light(c.main, 0.22), c.main, dark(c.main, 0.3), to=(1, 0.7)))
    c.line("M246 350Q250 200 400 192Q550 200 554 350", dark(c.main, 0.5), 7)
    c.line("M246 350Q250 200 400 192Q550 200 554 350", light(c.accent, 0.2), 2, dash="5 5")
    c.path(
        "M252 470Q400 446 548 470L556 640Q556 676 520 678H280Q244 676 244 640Z",
        c.linear(light(c.main, 0.14), dark(c.main, 0.18)),
        stroke=dark(c.main, 0.4),
        width=3,
    )
    c.line("M262 506Q400 484 538 506", dark(c.main, 0.55), 8)
    c.line("M520 506l10 44", c.accent, 8)
    c.rect((340, 300, 120, 84), c.sheen(c.accent), r=12)
    c.path("M400 316l10 20 22 4 -16 16 4 22 -20 -10 -20 10 4 -22 -16 -16 22 -4z", ink_on(c.accent, 0.85))
    c.path("M240 340C240 240 290 170 360 150C290 200 268 280 266 420L256 640H232Z", "#ffffff", opacity=0.14)


def sling(c: Canvas) -> None:
    """A small shoulder bag with a flap and clasp."""
    c.shadow((400, 690), 290)
    c.line("M196 380C150 120 650 120 604 380", dark(c.main, 0.25), 14)
    c.line("M196 380C152 126 648 126 604 380", light(c.main, 0.2), 4, dash="10 8")
    c.path("M176 380H624L644 640Q640 686 590 688H210Q160 686 156 640Z", c.linear(c.main, dark(c.main, 0.32)))
    flap = "M170 360Q400 340 630 360L622 500Q560 590 400 592Q240 590 178 500Z"
    c.path(flap, c.sheen(light(c.main, 0.1)), stroke=dark(c.main, 0.35), width=3)
    c.line("M186 378Q400 360 614 378L606 494Q550 572 400 574Q250 572 194 494Z", light(c.main, 0.45), 3, dash="9 8")
    c.rect((366, 556, 68, 56), c.linear("#f6e3ae", "#b88c3c"), r=12)
    c.oval((400, 584), dark(c.main, 0.4), 11)
    for x in (186, 586):
        c.oval((x + 14, 382), c.radial("#fbeec4", "#b0842f"), 18)
        c.oval((x + 14, 382), dark(c.main, 0.4), 8)
    c.path("M196 384Q300 366 400 364Q280 420 210 500Z", "#ffffff", opacity=0.16)


def wallet(c: Canvas) -> None:
    """A bifold wallet with cards peeping out."""
    c.shadow((400, 620), 310, 44)
    for x, y, tone in ((250, 206, "#e7b04b"), (270, 232, c.accent), (290, 258, "#6d9ac4")):
        c.rect((x, y, 300, 190), c.sheen(tone), r=14)
        c.rect((x + 24, y + 18, 46, 34), "#f3e2b3", r=6)
    body = "M150 296Q150 276 172 276H628Q650 276 650 296V584Q650 606 628 606H172Q150 606 150 584Z"
    c.path(body, c.linear(light(c.main, 0.24), c.main, dark(c.main, 0.3), to=(1, 1)))
    c.line("M168 294H632V588H168Z", light(c.main, 0.45), 3, dash="10 7")
    c.path("M400 276V606", "none", stroke=dark(c.main, 0.5), width=4, opacity=0.7)
    c.path(
        "M560 400H650V490H560Q520 490 520 445Q520 400 560 400Z",
        c.sheen(dark(c.main, 0.12)),
        stroke=dark(c.main, 0.45),
        width=3,
    )
    c.oval((566, 445), c.radial("#fff0c8", "#a97a28", at=(0.35, 0.3)), 18)
    c.path("M172 296H420Q280 380 168 560V310Z", "#ffffff", opacity=0.1)
    c.path("M220 540l14 -22 14 22 -14 22z", light(c.main, 0.35), opacity=0.7)


def belt(c: Canvas) -> None:
    """A leather belt, coiled."""
    tone = dark(c.main, 0.45)
    for radius, shade in ((250, 0.3), (196, 0.16), (142, 0.0)):
        c.line(f"M{400 - radius} 400A{radius} {radius} 0 1 1 400 {400 + radius}", tone, 56)
        c.line(f"M{400 - radius} 400A{radius} {radius} 0 1 1 400 {400 + radius}", dark(c.main, shade), 46)
        c.line(f"M{400 - radius} 400A{radius} {radius} 0 1 1 400 {400 + radius}", light(c.main, 0.45), 2, dash="10 8")
    c.path("M400 622H640V678H400Z", c.linear(light(c.main, 0.1), dark(c.main, 0.2)))
    for x in range(430, 560, 34):
        c.oval((x, 650), dark(c.main, 0.6), 7)
    c.path(
        "M572 600H668Q684 600 684 616V684Q684 700 668 700H572ZM596 622V678H660V622Z",
        c.linear("#f7f3ea", "#9d9a94", "#dedbd4"),
    )
    c.line("M590 650H668", "#8b8781", 11)


DRAWINGS = {
    "tote": Drawing(partial(tote, cloth=patterns.kawung), focus=(360, 470), zoom=1.9),
    "tote-floral": Drawing(partial(tote, cloth=patterns.floral), focus=(360, 470), zoom=1.9),
    "backpack": Drawing(backpack, focus=(420, 420), zoom=2),
    "sling-bag": Drawing(sling, focus=(400, 520), zoom=2),
    "wallet": Drawing(wallet, focus=(520, 440), zoom=2),
    "belt": Drawing(belt, flat=True, focus=(560, 600), zoom=2),
}
