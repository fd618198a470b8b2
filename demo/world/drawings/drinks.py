"""Cups and bottles to drink from."""

from demo.world.drawings.canvas import Canvas
from demo.world.drawings.color import dark, ink_on, light
from demo.world.drawings.studio import Drawing


def cup(c: Canvas) -> None:
    """A cup of coffee with steam, on its saucer."""
    c.shadow((400, 704), 310)
    for x, d in ((350, "q-30 -44 0 -86t0 -84"), (410, "q30 -44 0 -86t0 -84"), (466, "q-28 -40 0 -76t0 -70")):
        c.line(f"M{x} 280{d}", "#ffffff", 10, opacity=0.55)
    c.oval((400, 650), c.linear(light(c.main, 0.4), dark(c.main, 0.15)), 290, 54)
    c.oval((400, 640), c.linear(dark(c.main, 0.1), light(c.main, 0.3)), 200, 32)
    c.line("M580 400Q700 390 680 490Q660 570 550 560", dark(c.main, 0.1), 32)
    c.line("M584 394Q690 390 672 480", light(c.main, 0.4), 8)
    c.path("M200 340Q206 600 320 648H480Q594 600 600 340Z", c.cylinder(c.main))
    c.oval((400, 340), c.linear("#ffffff", light(c.main, 0.4)), 200, 54)
    c.oval((400, 346), c.radial("#a9713f", "#4a2a17", r=0.55), 178, 42)
    c.path("M400 312C350 322 340 350 400 378C460 350 450 322 400 312Z", "#f0d9b8", opacity=0.9)
    c.path("M400 324C376 330 372 350 400 364C428 350 424 330 400 324Z", "#a9713f")
    c.path("M232 400Q250 540 320 620Q270 520 262 404Z", "#ffffff", opacity=0.35)
    c.path("M400 480l18 34 38 6 -28 26 8 38 -36 -18 -36 18 8 -38 -28 -26 38 -6z", c.accent, opacity=0.9)


def mug(c: Canvas) -> None:
    """A hand-thrown mug with a dipped glaze."""
    c.shadow((380, 704), 260)
    c.line("M560 330Q720 320 700 470Q680 590 550 580", dark(c.accent, 0.12), 46)
    c.line("M566 318Q704 318 688 450", light(c.accent, 0.35), 9)
    body = "M190 250Q176 600 214 690Q380 714 552 690Q590 600 574 250Z"
    c.path(body, c.cylinder(c.main))
    with c.clipped(body):
        c.path("M170 230H600V450Q560 480 520 452T440 470T360 446T280 478T170 450Z", c.cylinder(c.accent))
        specks = (f"M{c.rng.randint(180, 580)} {c.rng.randint(250, 700)}h0" for _ in range(70))
        c.line("".join(specks), dark(c.main, 0.5), 5, opacity=0.45)
        for y in (540, 590, 640):
            c.line(f"M190 {y}Q380 {y + 22} 570 {y}", dark(c.main, 0.3), 2, opacity=0.4)
    c.oval((382, 250), c.linear(light(c.accent, 0.5), c.accent), 192, 48)
    c.oval((382, 256), c.linear(dark(c.accent, 0.5), dark(c.accent, 0.1)), 172, 38)
    c.path("M222 320H262Q250 520 270 680H240Q216 520 222 320Z", "#ffffff", opacity=0.3)


def syrup(c: Canvas) -> None:
    """A glass bottle of syrup or liquid sugar."""
    c.shadow((400, 708), 170)
    c.rect((352, 90, 96, 90), c.cylinder(c.accent), r=12)
    c.path(
        "M362 176H438V270Q520 310 520 400V660Q520 704 480 704H320Q280 704 280 660V400Q280 310 362 270Z",
        "#ffffff",
        opacity=0.5,
    )
    c.path(
        "M372 240H428V284Q508 320 508 404V656Q508 692 476 692H324Q292 692 292 656V404Q292 320 372 284Z",
        c.cylinder(c.main),
    )
    c.rect((292, 420, 216, 190), light(c.palette.backdrop, 0.8))
    c.line("M292 430H508M292 600H508", c.accent, 5)
    c.path("M400 446c-60 20 -70 60 -50 90c20 -8 44 -30 50 -60c6 30 30 52 50 60c20 -30 10 -70 -50 -90z", c.accent)
    c.rect((330, 556, 140, 20), dark(c.main, 0.4), r=5)
    c.path("M304 400Q306 340 356 308L340 670H316Q304 660 304 640Z", "#ffffff", opacity=0.4)


def baby_bottle(c: Canvas) -> None:
    """A feeding bottle with marks."""
    c.shadow((400, 708), 170)
    c.path("M372 150Q366 80 400 76Q434 80 428 150Q470 170 478 214H322Q330 170 372 150Z", c.linear("#f9e3c6", "#e0b98a"))
    c.rect((300, 206, 200, 78), c.cylinder(c.accent), r=14)
    for x in range(312, 496, 15):
        c.line(f"M{x} 216v58", dark(c.accent, 0.3), 3, opacity=0.35)
    body = "M310 284H490Q530 330 520 400Q500 480 524 560V650Q520 704 470 704H330Q280 704 276 650V560Q300 480 280 400Q270 330 310 284Z"
    c.path(body, "#ffffff", opacity=0.65)
    with c.clipped(body):
        c.path("M260 420Q400 404 540 420V710H260Z", c.linear("#fffdf6", "#f1e6d2", to=(1, 0)))
    for n, y in enumerate(range(440, 660, 36)):
        c.line(f"M{440 if n % 2 else 420} {y}H486", c.main, 5)
    c.path("M350 500q0 -36 34 -30q34 -6 34 30q0 40 -34 56q-34 -16 -34 -56z", c.main)
    c.line(
        "M310 284H490Q530 330 520 400Q500 480 524 560V650Q520 704 470 704H330Q280 704 276 650V560Q300 480 280 400Q270 330 310 284Z",
        ink_on("#ffffff", 0.3),
        3,
        opacity=0.4,
    )
    c.path("M298 330Q300 310 322 300L316 420Q300 380 298 330Z", "#ffffff", opacity=0.8)


def flask(c: Canvas) -> None:
    """A sport bottle with a loop."""
    c.shadow((400, 708), 160)
    c.line("M360 150Q360 70 400 70Q440 70 440 150", dark(c.accent, 0.2), 22)
    c.rect((334, 130, 132, 96), c.cylinder(c.accent), r=20)
    c.path(
        "M340 220H460Q520 250 520 320V660Q520 704 476 704H324Q280 704 280 660V320Q280 250 340 220Z", c.cylinder(c.main)
    )
    c.path("M280 420Q400 450 520 420V530Q400 560 280 530Z", c.accent, opacity=0.9)
    c.path("M420 440l-54 66h38l-14 50 60 -72h-40z", ink_on(c.accent))
    c.path("M302 330Q304 284 330 268L334 680Q304 670 302 640Z", "#ffffff", opacity=0.35)


DRAWINGS = {
    "coffee-cup": Drawing(cup, focus=(400, 380), zoom=2.1),
    "mug": Drawing(mug, focus=(360, 400), zoom=1.9),
    "syrup": Drawing(syrup, focus=(400, 440), zoom=2),
    "baby-bottle": Drawing(baby_bottle, focus=(400, 300), zoom=2),
    "flask": Drawing(flask, focus=(400, 380), zoom=2),
}
