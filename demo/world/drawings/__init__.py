"""Drawn product pictures: pure functions from a key, a palette and a seed to SVG text."""

from demo.world.drawings import (
    apparel,
    bags,
    beauty,
    craft,
    drinks,
    food,
    gadgets,
    home,
    kids,
    kitchen,
    shoes,
    sport,
    textiles,
)
from demo.world.drawings.studio import Drawing, View, shoot
from demo.world.model import Palette

DRAWINGS: dict[str, Drawing] = {
    key: drawing
    for module in (apparel, bags, beauty, craft, drinks, food, gadgets, home, kids, kitchen, shoes, sport, textiles)
    for key, drawing in module.DRAWINGS.items()
}


def draw(drawing_key: str, palette: Palette, seed: int, *, view: View = "main", other: Palette | None = None) -> str:
    """An 800 x 800 SVG of the thing; `other` is the second color of the alternate view. KeyError for an unknown key."""
    return shoot(DRAWINGS[drawing_key], palette, seed, view=view, other=other or palette)
