"""Cloth patterns as repeating fills: batik motifs and plain weaves, drawn by rule."""

from collections.abc import Callable

from demo.world.drawings.canvas import Canvas
from demo.world.drawings.color import light, mix

Cloth = Callable[[Canvas, str, str], str]


def kawung(c: Canvas, ground: str, ink: str) -> str:
    """Four palm fruits around a cross: the old court motif."""
    petal = c.stamp(
        f'<ellipse cx="40" cy="20" rx="11" ry="17" fill="{ink}"/><ellipse cx="40" cy="20" rx="7" ry="12" fill="none" '
        f'stroke="{ground}" stroke-width="1.5"/><circle cx="40" cy="15" r="1.8" fill="{ground}"/><circle cx="40" cy="25" r="1.8" fill="{ground}"/>'
    )
    petals = "".join(f'<use href="#{petal}" transform="rotate({turn} 40 40)"/>' for turn in (45, 135, 225, 315))
    small = "".join(f'<circle cx="{x}" cy="{y}" r="4" fill="{ink}"/>' for x, y in ((0, 0), (80, 0), (0, 80), (80, 80)))
    return c.tile(
        80,
        f'<path fill="{ground}" d="M0 0h80v80H0z"/>{petals}{small}<path stroke="{ink}" stroke-width="2" d="M36 40h8M40 36v8"/>',
    )


def parang(c: Canvas, ground: str, ink: str) -> str:
    """The broken blade: leaning rows of linked S shapes between small lozenges."""
    soft = mix(ground, ink, 0.45)
    blade = "M8 2C30 4 34 20 22 30C14 37 18 48 34 50C20 60 0 52 2 38C4 26 16 22 8 2Z"
    marks = (
        f'<path fill="{ground}" d="M0 0h56v56H0z"/><path fill="{ink}" d="{blade}"/>'
        f'<path fill="none" stroke="{soft}" stroke-width="2" d="M14 8C26 14 26 22 16 30C8 38 12 46 22 50"/>'
        f'<path fill="{soft}" d="M40 0h14v56H40z"/>'
        + "".join(f'<path fill="{ground}" d="M47 {y}l5 7l-5 7l-5 -7z"/>' for y in (0, 14, 28, 42))
    )
    return c.tile(56, marks, turn=40)


def mega_mendung(c: Canvas, ground: str, ink: str) -> str:
    """Rain clouds in nested outlines, from dark rim to light heart."""
    cloud = "M10 70C2 52 18 42 28 48C28 30 50 26 58 38C66 22 92 26 94 44C110 38 122 54 112 68C120 76 108 84 98 80C80 92 30 90 10 70Z"
    layers = "".join(
        f'<path transform="translate({60 - 60 * s:.1f} {58 - 58 * s:.1f}) scale({s})" d="{cloud}" fill="{mix(ink, ground, share)}"/>'
        for s, share in ((1.0, 0), (0.82, 0.3), (0.64, 0.5), (0.46, 0.7), (0.26, 0.95))
    )
    whole = c.stamp(layers)
    again = "".join(f'<use href="#{whole}" x="{x}" y="{y}"/>' for x in (-66, 66) for y in (-66, 66))
    return c.tile(132, f'<path fill="{ground}" d="M0 0h132v132H0z"/>{again}<use href="#{whole}"/>')


def truntum(c: Canvas, ground: str, ink: str) -> str:
    """Small stars of flowers strewn over a dark ground."""
    petal = c.stamp(f'<ellipse cx="20" cy="11" rx="2.6" ry="7" fill="{ink}"/>')
    star = "".join(f'<use href="#{petal}" transform="rotate({turn} 20 20)"/>' for turn in range(0, 360, 45))
    dots = "".join(f'<circle cx="{x}" cy="{y}" r="2" fill="{ink}"/>' for x, y in ((0, 0), (40, 0), (0, 40), (40, 40)))
    heart = f'<circle cx="20" cy="20" r="3" fill="{light(ink, 0.5)}"/>'
    return c.tile(40, f'<path fill="{ground}" d="M0 0h40v40H0z"/>{star}{heart}{dots}')


def floral(c: Canvas, ground: str, ink: str) -> str:
    """Loose flowers and leaves."""
    petal = c.stamp(f'<ellipse cy="-10" rx="6" ry="9" fill="{ink}"/>')
    flower = "".join(f'<use href="#{petal}" transform="rotate({turn})"/>' for turn in range(0, 360, 72))
    whole = c.stamp(f'{flower}<circle r="4" fill="{light(ground, 0.5)}"/>')
    leaf = f'<path d="M0 0C6 -12 20 -12 26 -4C18 6 8 6 0 0Z" fill="{mix(ink, ground, 0.45)}"/>'
    marks = f'<use href="#{whole}" x="28" y="30"/><use href="#{whole}" transform="translate(74 78) scale(.8)"/>'
    marks += (
        f'<g transform="translate(44 44) rotate(25)">{leaf}</g><g transform="translate(60 68) rotate(190)">{leaf}</g>'
    )
    marks += f'<g transform="translate(76 22) rotate(-30) scale(.8)">{leaf}</g><circle cx="18" cy="80" r="4" fill="{mix(ink, ground, 0.3)}"/>'
    return c.tile(100, f'<path fill="{ground}" d="M0 0h100v100H0z"/>{marks}')


def stripes(c: Canvas, ground: str, ink: str) -> str:
    """Wide and narrow woven stripes."""
    bars = f'<path fill="{ink}" d="M0 0h14v60H0zM24 0h4v60h-4zM48 0h4v60h-4z"/>'
    return c.tile(60, f'<path fill="{ground}" d="M0 0h60v60H0z"/>{bars}')


def checks(c: Canvas, ground: str, ink: str) -> str:
    """The crossed bands of a woven sarong."""
    bands = f'<path fill="{ink}" opacity=".55" d="M0 0h26v80H0zM0 0h80v26H0z"/>'
    fine = f'<path stroke="{light(ink, 0.55)}" stroke-width="2" d="M48 0v80M58 0v80M0 48h80M0 58h80"/>'
    return c.tile(80, f'<path fill="{ground}" d="M0 0h80v80H0z"/>{bands}{fine}')


def dots(c: Canvas, ground: str, ink: str) -> str:
    """Even small dots."""
    spots = "".join(f'<circle cx="{x}" cy="{y}" r="5" fill="{ink}"/>' for x, y in ((12, 12), (36, 36)))
    return c.tile(48, f'<path fill="{ground}" d="M0 0h48v48H0z"/>{spots}')


def weave(c: Canvas, ground: str, ink: str) -> str:
    """Over and under, as rattan and bamboo are plaited."""
    pale, deep = light(ground, 0.28), mix(ground, ink, 0.55)
    over = f'<rect x="1" y="3" width="18" height="14" rx="5" fill="{pale}"/><rect x="21" y="23" width="18" height="14" rx="5" fill="{pale}"/>'
    under = f'<rect x="23" y="1" width="14" height="18" rx="5" fill="{ground}"/><rect x="3" y="21" width="14" height="18" rx="5" fill="{ground}"/>'
    return c.tile(40, f'<path fill="{deep}" d="M0 0h40v40H0z"/>{over}{under}')


def plain(c: Canvas, ground: str, ink: str) -> str:
    """A fine thread, hardly seen."""
    thread = mix(ground, ink, 0.12)
    return c.tile(8, f'<path fill="{ground}" d="M0 0h8v8H0z"/><path stroke="{thread}" d="M0 2h8M2 0v8" opacity=".7"/>')


CLOTHS: dict[str, Cloth] = {
    "kawung": kawung, "parang": parang, "mega": mega_mendung, "truntum": truntum, "floral": floral,
    "stripes": stripes, "checks": checks, "dots": dots, "weave": weave, "plain": plain,
}  # fmt: skip
