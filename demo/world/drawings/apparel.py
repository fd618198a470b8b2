"""Clothes, laid flat on a table."""

from functools import partial

from demo.world.drawings import patterns
from demo.world.drawings.canvas import Canvas
from demo.world.drawings.color import dark, ink_on, light
from demo.world.drawings.patterns import Cloth
from demo.world.drawings.studio import Drawing

SHIRT = "M290 150L190 190Q140 215 118 290L84 420L190 452L214 370L212 690Q400 712 588 690L586 370L610 452L716 420L682 290Q660 215 610 190L510 150Q400 200 290 150Z"
LONG = "M290 140L190 178Q150 200 138 270L92 620L176 640L216 390L208 700Q400 722 592 700L584 390L624 640L708 620L662 270Q650 200 610 178L510 140Q400 190 290 140Z"
GOWN = "M318 90L236 120Q204 140 196 196L150 470L214 484L268 300Q262 380 236 480L176 724Q400 762 624 724L564 480Q538 380 532 300L586 484L650 470L604 196Q596 140 564 120L482 90Q400 132 318 90Z"


def _drape(c: Canvas, outline: str) -> None:
    """Soft light from the left and folds that hang."""
    with c.clipped(outline):
        c.rect((0, 0, 800, 800), c.linear("#ffffff", "#888888", "#000000", to=(1, 0.5)), opacity=0.13)
        for x, bend in ((250, 30), (345, -16), (470, 22), (555, -26)):
            c.path(
                f"M{x} 330Q{x + bend} 520 {x - 8} 740L{x + 26} 740Q{x + bend + 24} 520 {x} 330Z",
                "#000000",
                opacity=0.09,
            )
            c.path(
                f"M{x + 26} 380Q{x + bend + 44} 540 {x + 30} 740L{x + 42} 740Q{x + bend + 58} 540 {x + 26} 380Z",
                "#ffffff",
                opacity=0.12,
            )


def shirt(c: Canvas, *, cloth: Cloth, outline: str = SHIRT) -> None:
    """A buttoned shirt with collar and pocket."""
    c.path("M300 150Q400 230 500 150L470 130Q400 160 330 130Z", dark(c.main, 0.55))
    c.path(outline, cloth(c, c.main, c.accent))
    _drape(c, outline)
    seam = dark(c.main, 0.45)
    c.line("M212 372Q206 300 222 236M588 372Q594 300 578 236", seam, 3, opacity=0.55)
    c.path("M386 190L384 704L416 704L414 190Z", cloth(c, dark(c.main, 0.1), c.accent))
    c.line("M384 206V704M416 206V704", seam, 2, opacity=0.6)
    for y in range(250, 690, 72):
        c.set_down(_button(c), f"translate(400 {y})")
    c.path("M462 320H552V410L507 428L462 410Z", cloth(c, light(c.main, 0.06), c.accent), stroke=seam, width=2)
    collar = c.sheen(dark(c.main, 0.12))
    c.path("M292 148L330 126L400 196L352 268Z", collar, stroke=seam, width=2)
    c.path("M508 148L470 126L400 196L448 268Z", collar, stroke=seam, width=2)


def _button(c: Canvas) -> str:
    return c.stamp(f'<circle r="8" fill="{light(c.main, 0.75)}"/><circle r="3" fill="{dark(c.main, 0.5)}"/>')


def folded_shirt(c: Canvas, *, cloth: Cloth) -> None:
    """A shirt folded as it comes out of its box."""
    c.rect((196, 150, 408, 530), dark(c.main, 0.35), r=18)
    outline = "M190 160Q190 140 212 140H588Q610 140 610 160V650Q610 668 592 668H208Q190 668 190 650Z"
    c.path(outline, cloth(c, c.main, c.accent))
    _drape(c, outline)
    c.path("M384 240H416V668H384Z", "#000000", opacity=0.1)
    c.line("M384 240V668M416 240V668", dark(c.main, 0.5), 2, opacity=0.5)
    for y in (300, 390, 480, 570):
        c.oval((400, y), light(c.main, 0.8), 9)
        c.oval((400, y), dark(c.main, 0.5), 3)
    c.oval((400, 156), dark(c.main, 0.6), 92, 40)
    c.path("M296 150Q280 120 310 112L400 200L360 268Z", c.sheen(light(c.main, 0.08)), stroke=dark(c.main, 0.4), width=2)
    c.path("M504 150Q520 120 490 112L400 200L440 268Z", c.sheen(light(c.main, 0.08)), stroke=dark(c.main, 0.4), width=2)
    c.rect((372, 168, 56, 30), light(c.palette.backdrop, 0.7), r=4)
    c.line("M470 600H580", ink_on(c.main, 0.4), 2, opacity=0.5)


def gown(c: Canvas, *, cloth: Cloth) -> None:
    """A long dress (gamis) with a belt and wide cuffs."""
    c.path("M330 92Q400 150 470 92L450 78Q400 100 350 78Z", dark(c.main, 0.5))
    c.path(GOWN, cloth(c, c.main, c.accent))
    _drape(c, GOWN)
    with c.clipped(GOWN):
        c.path("M150 690Q400 728 650 690V790H150Z", c.accent, opacity=0.85)
        c.line("M150 682Q400 720 650 682", light(c.accent, 0.4), 4)
        c.path("M140 440L226 462L214 500L130 480ZM660 440L574 462L586 500L670 480Z", c.accent, opacity=0.85)
    c.path("M266 330Q400 352 534 330L532 366Q400 388 268 366Z", c.linear(light(c.accent, 0.2), dark(c.accent, 0.2)))
    c.line("M400 360Q370 420 384 486M404 360Q430 410 420 470", dark(c.accent, 0.1), 12)
    c.line("M400 134V330", dark(c.main, 0.4), 3, opacity=0.6)
    for y in range(165, 330, 34):
        c.oval((400, y), light(c.accent, 0.5), 6)


def tee(c: Canvas) -> None:
    """A knitted top for sport, with side panels and a number."""
    body = SHIRT.replace("Q400 200 290 150", "Q400 246 290 150")
    c.path("M296 150Q400 176 504 150L500 176Q400 250 300 176Z", dark(c.main, 0.5))
    c.path(body, c.sheen(c.main))
    with c.clipped(body):
        c.path("M200 350L300 720H190ZM600 350L500 720H610Z", c.accent)
        c.path("M100 210L60 450L240 470L150 230ZM700 210L740 450L560 470L650 230Z", c.accent)
        c.line("".join(f"M{x} 140l-60 580" for x in range(110, 700, 14)), "#ffffff", 1, opacity=0.16)
    _drape(c, body)
    c.line("M296 152Q400 248 504 152", c.accent, 14)
    c.path("M440 290l16 10v20l-16 14l-16 -14v-20z", ink_on(c.main))
    c.line(
        "M346 400H404L372 470V540M432 402Q480 392 470 440Q460 462 440 464Q484 470 470 520Q456 546 428 532",
        ink_on(c.main),
        20,
    )


def onesie(c: Canvas) -> None:
    """A baby's bodysuit with snaps and a small bear."""
    body = "M286 160Q220 176 176 236L130 344L232 396L262 350Q254 470 258 540Q300 560 336 640Q400 668 464 640Q500 560 542 540Q546 470 538 350L568 396L670 344L624 236Q580 176 514 160Q400 250 286 160Z"
    c.path(body, patterns.dots(c, c.main, light(c.accent, 0.35)))
    _drape(c, body)
    c.line(
        "M286 160Q400 250 514 160M258 540Q300 560 336 640Q400 668 464 640Q500 560 542 540M134 346L230 394M666 346L570 394",
        c.accent,
        13,
    )
    for x in (370, 400, 430):
        c.oval((x, 640), "#f4f4f4", 8)
        c.oval((x, 640), "#b9bcc2", 4)
    bear = c.sheen("#c79a6b")
    for x in (352, 448):
        c.oval((x, 342), bear, 26)
        c.oval((x, 342), "#f1d5b5", 13)
    c.oval((400, 392), bear, 70, 62)
    c.oval((400, 412), "#f6e3cb", 32, 25)
    c.oval((400, 402), "#4b3226", 11, 8)
    c.line("M400 410V420M388 424Q400 434 412 424", "#4b3226", 4)
    for x in (374, 426):
        c.oval((x, 382), "#3a2620", 7)


def trousers(c: Canvas) -> None:
    """Loose trousers with a drawstring."""
    legs = "M262 120H538L574 690Q520 712 446 700L404 340L354 700Q280 712 226 690Z"
    c.path(legs, c.sheen(c.main))
    _drape(c, legs)
    c.path("M260 112H540L544 168H256Z", c.linear(light(c.main, 0.12), dark(c.main, 0.2)))
    for x in range(272, 536, 16):
        c.line(f"M{x} 118V162", dark(c.main, 0.4), 2, opacity=0.5)
    c.line("M390 160Q360 220 374 268M410 160Q436 220 424 256", c.accent, 8)
    c.line("M262 190Q300 240 282 300M538 190Q500 240 518 300", dark(c.main, 0.5), 4, opacity=0.6)
    c.line("M404 170V340M228 664Q290 684 352 676M572 664Q510 684 450 676", dark(c.main, 0.5), 3, opacity=0.6)


DRAWINGS = {
    "shirt-kawung": Drawing(partial(shirt, cloth=patterns.kawung), flat=True, focus=(400, 250), zoom=2.2),
    "shirt-parang": Drawing(partial(shirt, cloth=patterns.parang, outline=LONG), flat=True, focus=(400, 260), zoom=2.2),
    "shirt-truntum": Drawing(partial(shirt, cloth=patterns.truntum), flat=True, focus=(430, 300), zoom=2.3),
    "folded-mega": Drawing(partial(folded_shirt, cloth=patterns.mega_mendung), flat=True, focus=(400, 240), zoom=2),
    "folded-parang": Drawing(partial(folded_shirt, cloth=patterns.parang), flat=True, focus=(400, 260), zoom=2.1),
    "blouse-floral": Drawing(
        partial(shirt, cloth=patterns.floral, outline=LONG), flat=True, focus=(400, 260), zoom=2.2
    ),
    "koko": Drawing(partial(shirt, cloth=patterns.plain, outline=LONG), flat=True, focus=(400, 240), zoom=2.3),
    "gown": Drawing(partial(gown, cloth=patterns.plain), flat=True, focus=(400, 290), zoom=2.3),
    "gown-floral": Drawing(partial(gown, cloth=patterns.floral), flat=True, focus=(400, 290), zoom=2.3),
    "gown-kawung": Drawing(partial(gown, cloth=patterns.kawung), flat=True, focus=(400, 290), zoom=2.3),
    "jersey": Drawing(tee, flat=True, focus=(420, 330), zoom=2),
    "onesie": Drawing(onesie, flat=True, focus=(400, 380), zoom=2.2),
    "trousers": Drawing(trousers, flat=True, focus=(400, 190), zoom=2.3),
}
