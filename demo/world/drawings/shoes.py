"""Shoes, from the side."""

from demo.world.drawings.canvas import Canvas
from demo.world.drawings.color import dark, ink_on, light
from demo.world.drawings.studio import Drawing


def sneaker(c: Canvas) -> None:
    """A laced trainer."""
    c.shadow((400, 664), 350, 40)
    upper = "M128 590C118 520 130 420 160 360Q200 396 262 384Q300 372 322 330L372 352Q440 450 560 486Q664 508 690 560L690 606H130Z"
    c.path(upper, c.sheen(c.main))
    with c.clipped(upper):
        c.path("M560 486Q664 508 690 560V620H540Q530 540 560 486Z", c.linear(light(c.main, 0.25), dark(c.main, 0.12)))
        c.path("M120 350H240Q250 470 220 610H110Z", c.linear(c.accent, dark(c.accent, 0.2), to=(1, 0)))
        c.path("M250 606C330 590 420 540 450 450L492 470C450 560 380 606 300 612Z", c.accent)
        holes = "".join(f"M{x} 548h0M{x - 8} 566h0" for x in range(560, 690, 18))
        c.line(holes, dark(c.main, 0.4), 6, opacity=0.5)
    c.path("M322 330L372 352Q440 450 560 486L536 508Q410 480 340 386Z", c.sheen(light(c.main, 0.3)))
    for x, y in ((356, 372), (388, 408), (424, 440), (466, 466), (508, 484)):
        c.line(f"M{x - 22} {y + 22}L{x + 22} {y - 16}", ink_on(c.main, 0.85), 11)
        c.oval((x - 24, y + 24), dark(c.main, 0.5), 5)
    c.path(
        "M160 360Q200 396 262 384Q300 372 322 330Q306 322 292 350Q240 366 186 336Q162 330 160 360Z", dark(c.main, 0.35)
    )
    c.path(
        "M118 592H694Q716 610 704 634Q690 656 640 656H160Q112 656 110 620Z", c.linear("#ffffff", "#f1eee8", "#cfc8bd")
    )
    c.line("M116 622H706", c.accent, 6, opacity=0.9)
    c.line("".join(f"M{x} 644v10" for x in range(130, 700, 22)), "#a49c90", 5, opacity=0.6)


def sandal(c: Canvas) -> None:
    """A pair of strapped slides, from above."""
    for shift, turn in ((-112, -5), (112, 5)):
        with c.moved(f"translate({shift} 0) rotate({turn} 400 400)"):
            sole = "M330 190C330 110 470 104 478 220C484 300 458 360 466 460C474 600 452 690 396 690C340 690 322 610 330 470C336 360 316 280 330 190Z"
            c.path(sole, dark(c.accent, 0.35))
            with c.moved("translate(400 400) scale(.92) translate(-400 -400)"):
                c.path(sole, c.linear(light(c.accent, 0.35), c.accent, to=(1, 0.6)))
                c.line(sole, light(c.accent, 0.7), 3, dash="8 8")
            c.path("M312 250Q400 190 492 246L486 330Q404 284 318 332Z", c.sheen(c.main))
            c.path("M316 356Q402 310 484 354L482 420Q402 380 322 422Z", c.sheen(c.main))
            c.line(
                "M322 262Q400 206 484 258M326 320Q404 276 480 320M324 368Q402 324 478 366",
                light(c.main, 0.4),
                3,
                dash="7 7",
            )
            c.rect((440, 366, 34, 40), c.linear("#f3dfa6", "#b98d3d"), r=6)
            c.rect((449, 375, 16, 22), dark(c.main, 0.2), r=3)


def loafer(c: Canvas) -> None:
    """A leather slip-on with a stitched apron."""
    c.shadow((400, 650), 350, 40)
    upper = "M120 566C118 500 128 440 150 406Q240 440 330 404Q420 380 480 420Q600 448 668 510Q692 546 684 588H126Z"
    c.path(upper, c.linear(light(c.main, 0.3), c.main, dark(c.main, 0.35)))
    c.path("M150 406Q240 440 330 404Q380 392 420 398Q330 470 170 450Z", dark(c.main, 0.6))
    c.path(
        "M420 398Q450 402 480 420Q600 448 640 496Q560 540 420 500Q396 450 420 398Z",
        c.linear(light(c.main, 0.38), c.main, dark(c.main, 0.1)),
    )
    c.line("M420 398Q396 450 420 500Q560 540 640 496", light(c.main, 0.5), 4, dash="9 7")
    c.path(
        "M352 404Q402 384 440 404L462 560Q420 590 370 584Z",
        c.linear(c.main, dark(c.main, 0.25)),
        stroke=dark(c.main, 0.5),
        width=3,
    )
    c.path("M378 470L438 466L442 500L382 506Z", c.linear("#f0d999", "#a97f31"))
    c.path(
        "M118 570Q400 600 690 566Q706 596 690 618H300L290 650H124Q108 610 118 570Z",
        c.linear(dark(c.accent, 0.1), dark(c.accent, 0.5)),
    )
    c.line("M130 584Q400 612 684 582", light(c.accent, 0.4), 2, dash="8 6")
    c.path("M500 440Q590 462 640 500Q600 480 500 462Z", "#ffffff", opacity=0.35)


def flats(c: Canvas) -> None:
    """A pair of ballet flats with bows, from above."""
    for shift, turn in ((-110, -4), (110, 4)):
        with c.moved(f"translate({shift} 0) rotate({turn} 400 400)"):
            sole = "M400 112C470 112 492 210 480 300C468 390 478 470 472 570C468 650 440 690 400 690C360 690 332 650 328 570C322 470 332 390 320 300C308 210 330 112 400 112Z"
            c.path(sole, c.linear(light(c.main, 0.2), c.main, dark(c.main, 0.2), to=(1, 0.4)))
            c.path(
                "M400 296C446 296 452 400 448 480C446 590 432 652 400 652C368 652 354 590 352 480C348 400 354 296 400 296Z",
                c.linear("#d9b894", "#f0d9bd"),
            )
            c.line(
                "M400 296C446 296 452 400 448 480C446 590 432 652 400 652C368 652 354 590 352 480C348 400 354 296 400 296Z",
                dark(c.main, 0.35),
                7,
            )
            c.path("M400 262Q340 220 338 270Q340 310 400 276Q460 310 462 270Q460 220 400 262Z", c.sheen(c.accent))
            c.oval((400, 270), dark(c.accent, 0.15), 15)
            c.path("M350 160Q378 124 410 126Q370 150 352 220Z", "#ffffff", opacity=0.35)
            c.rect((380, 560, 40, 56), light(c.main, 0.5), r=8, opacity=0.5)


DRAWINGS = {
    "sneaker": Drawing(sneaker, focus=(470, 480), zoom=1.9),
    "sandal": Drawing(sandal, flat=True, focus=(300, 330), zoom=2.1),
    "loafer": Drawing(loafer, focus=(460, 480), zoom=1.9),
    "flats": Drawing(flats, flat=True, focus=(300, 260), zoom=2.1),
}
