"""Things for training and play."""

from demo.world.drawings.canvas import Canvas
from demo.world.drawings.color import dark, light
from demo.world.drawings.studio import Drawing


def football(c: Canvas) -> None:
    """A stitched ball."""
    c.shadow((400, 690), 250)
    ball = "M400 130A270 270 0 1 1 399 130Z"
    c.path(ball, c.radial("#ffffff", light(c.main, 0.6), dark(c.main, 0.1), at=(0.38, 0.3), r=0.8))
    with c.clipped(ball):
        for x, y, size, turn in (
            (400, 400, 96, 0),
            (400, 130, 84, 36),
            (160, 320, 84, 20),
            (640, 320, 84, 52),
            (245, 630, 84, 8),
            (555, 630, 84, 64),
        ):
            with c.moved(f"translate({x} {y}) rotate({turn}) scale({size / 100})"):
                c.path("M0 -100L95 -31L59 81L-59 81L-95 -31Z", c.sheen(c.accent))
        c.line(
            "M400 304V214M490 372L560 344M456 478L500 560M344 478L300 560M310 372L240 344",
            dark(c.main, 0.4),
            5,
            opacity=0.7,
        )
    c.path(ball, c.radial("#ffffff", "#888888", "#000000", at=(0.36, 0.28), r=0.85), opacity=0.15)
    c.oval((300, 246), "#ffffff", 56, 34, opacity=0.5)


def yoga_mat(c: Canvas) -> None:
    """A mat half rolled out, with its strap."""
    c.shadow((420, 690), 340, 46)
    c.path("M250 560H720L690 690H180Z", c.linear(light(c.main, 0.25), c.main))
    for x in range(280, 700, 40):
        c.line(f"M{x} 572L{x - 40} 680", light(c.main, 0.5), 2, opacity=0.4)
    c.rect((130, 270, 140, 420), c.cylinder(c.main), r=66)
    c.path(
        "M130 340V620Q130 690 200 690H300V560H560V300Q480 268 200 270Q130 280 130 340Z",
        c.linear(light(c.main, 0.3), c.main, dark(c.main, 0.3)),
    )
    c.oval((580, 420), c.radial(light(c.main, 0.3), dark(c.main, 0.1)), 92, 132)
    c.line(
        "M580 420c20 -20 34 20 6 34c-40 10 -56 -50 -16 -74c60 -20 90 60 40 114c-60 40 -116 -40 -76 -130",
        dark(c.main, 0.4),
        7,
    )
    for x in (240, 440):
        c.rect((x, 272, 40, 300), c.sheen(c.accent), r=8)
        c.rect((x - 4, 400, 48, 36), "#2b2d33", r=6)
    c.line("M260 290Q350 170 460 290", dark(c.accent, 0.2), 16)


def dumbbell(c: Canvas) -> None:
    """A pair of hexagonal weights."""
    c.shadow((400, 690), 330)
    for y, scale in ((330, 0.86), (570, 1.0)):
        with c.moved(f"translate({400 - 400 * scale} {y - 400 * scale}) scale({scale})"):
            c.rect((300, 372, 200, 56), c.linear("#eef0f3", "#9aa0a9", "#666c76"), r=16)
            for x in range(316, 490, 14):
                c.line(f"M{x} 376v48", "#5b616b", 2, opacity=0.5)
            for x in (150, 490):
                c.path(
                    f"M{x} 320L{x + 40} 270H{x + 120}L{x + 160} 320V480L{x + 120} 530H{x + 40}L{x} 480Z",
                    c.linear(light(c.main, 0.3), c.main, dark(c.main, 0.4)),
                )
                c.path(
                    f"M{x + 34} 340L{x + 56} 310H{x + 104}L{x + 126} 340V460L{x + 104} 490H{x + 56}L{x + 34} 460Z",
                    c.sheen(c.accent),
                )
                c.path(f"M{x + 10} 324L{x + 46} 280H{x + 116}L{x + 100} 296H{x + 52}Z", "#ffffff", opacity=0.35)


def racket(c: Canvas) -> None:
    """A badminton racket with a shuttlecock."""
    head = "M440 100C560 90 640 200 600 310C560 420 450 450 380 400C300 340 310 200 370 140C390 116 416 104 440 100Z"
    net = c.tile(22, '<path d="M0 0h22M0 0v22" stroke="#fdfdf8" stroke-width="3" fill="none"/>', turn=20)
    c.path(head, net)
    c.line(head, dark(c.main, 0.2), 24)
    c.line(head, light(c.main, 0.25), 7)
    c.line("M386 404L290 560", c.accent, 17)
    c.line("M296 552L204 704", dark(c.main, 0.4), 38)
    c.line("M292 560L208 698", light(c.main, 0.2), 34, dash="2 22", opacity=0.5)
    with c.moved("translate(560 560) rotate(-30)"):
        for x in range(-80, 81, 32):
            c.path(f"M{x * 0.35} 30L{x - 18} -110L{x + 18} -110Z", "#ffffff", stroke="#c9ccd2", width=2)
        c.line("M-56 -50Q0 -36 56 -50", c.accent, 5)
        c.oval((0, 44), c.linear("#ffffff", "#cfcabf", to=(1, 0)), 40, 44)
        c.rect((-40, 20, 80, 15), c.accent, r=6)


def rope(c: Canvas) -> None:
    """A skipping rope in a loop."""
    loop = "M230 560C80 120 330 60 400 240C470 60 720 120 570 560"
    c.line(loop, dark(c.main, 0.4), 21)
    c.line(loop, c.main, 14)
    c.line(loop, light(c.main, 0.6), 14, dash="2 15", opacity=0.6)
    for x, turn in ((226, 10), (574, -10)):
        with c.moved(f"rotate({turn} {x} 560)"):
            c.rect((x - 32, 530, 64, 180), c.cylinder(c.accent), r=30)
            for y in range(570, 700, 24):
                c.line(f"M{x - 26} {y}h52", dark(c.accent, 0.4), 5, opacity=0.5)
            c.rect((x - 22, 512, 44, 30), c.linear("#eef0f2", "#9298a1"), r=8)


def cap(c: Canvas) -> None:
    """A sports cap."""
    c.shadow((420, 650), 320, 40)
    c.path(
        "M170 520C160 300 280 190 420 190C560 190 650 300 640 520Q400 470 170 520Z",
        c.linear(light(c.main, 0.28), c.main, dark(c.main, 0.3), to=(1, 0.6)),
    )
    c.line("M420 190Q380 330 384 490M420 190Q540 300 560 494M420 190Q270 290 250 500", dark(c.main, 0.4), 3, dash="9 6")
    c.path(
        "M384 488Q560 470 640 520Q760 560 740 610Q560 560 350 600Q300 560 384 488Z",
        c.linear(light(c.accent, 0.15), dark(c.accent, 0.25)),
    )
    c.line("M372 540Q580 510 716 580M360 566Q580 540 726 598", light(c.accent, 0.4), 2, dash="8 6")
    c.oval((420, 192), dark(c.main, 0.2), 18, 12)
    c.path("M470 330l22 44 48 6 -36 32 10 48 -44 -24 -44 24 10 -48 -36 -32 48 -6z", c.accent)
    for x in (330, 520):
        c.oval((x, 280), dark(c.main, 0.5), 7)


DRAWINGS = {
    "football": Drawing(football, focus=(400, 380), zoom=1.9),
    "yoga-mat": Drawing(yoga_mat, focus=(520, 430), zoom=2),
    "dumbbell": Drawing(dumbbell, focus=(540, 560), zoom=2),
    "racket": Drawing(racket, flat=True, focus=(470, 260), zoom=2),
    "skipping-rope": Drawing(rope, flat=True, focus=(260, 580), zoom=2.2),
    "cap": Drawing(cap, focus=(470, 420), zoom=1.9),
}
