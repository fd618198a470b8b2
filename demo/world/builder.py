"""How a catalog page of the demo world is written down briefly and becomes products with variants."""

import re
from collections.abc import Callable
from functools import partial
from itertools import product as combinations
from random import Random
from zlib import crc32

from demo.world.model import Option, Product, Variant
from demo.world.palettes import PALETTES

CHOICE = re.compile(r"(?P<value>.+?)(?:\+(?P<rupiah>\d+))?(?:/(?P<grams>\d+))?")
Choice = tuple[str, int, int]


def shelf(shop_slug: str, prefix: str) -> Callable[..., Product]:
    """A function that makes products of one shop, whose SKUs begin with the prefix."""
    return partial(_product, (shop_slug, prefix))


def _product(
    shop: tuple[str, str],
    sku: str,
    title: str,
    category: str,
    drawing: str,
    *,
    price: int,
    weight: int,
    size: str,
    about: str,
    facts: str,
    looks: str,
    note: str = "",
    color: str = "Warna",
    pick: str = "",
) -> Product:
    """One product.

    `looks` names palettes: one alone colors the product, several (or `value=palette`) are the values of the option
    `color`. `pick` is a further option, `Ukuran: M, L, XL+15000/40`: 15,000 rupiah and 40 grams more for XL.
    `facts` are lines parted by `;`.
    """
    shown = [look.strip().partition("=") for look in looks.split(",")]
    colored = len(shown) > 1 or "=" in looks
    axes = _axes([value for value, _, _ in shown] if colored else [], color, pick)
    return Product(
        slug=_slug(title),
        shop_slug=shop[0],
        title=title,
        description=_description(about, facts, note),
        category=category,
        options=tuple(Option(name, tuple(value for value, _, _ in choices)) for name, choices in axes),
        variants=_variants(f"{shop[1]}-{sku}", [choices for _, choices in axes], price, weight),
        drawing=drawing,
        palettes=tuple(PALETTES[palette or value] for value, _, palette in shown),
        color_option=color if colored else None,
        size_note=size,
    )


def _axes(looks: list[str], color: str, pick: str) -> list[tuple[str, list[Choice]]]:
    axes = [(color, [(value, 0, 0) for value in looks])] if looks else []
    name, _, values = pick.partition(":")
    return [*axes, (name, [_choice(value.strip()) for value in values.split(",")])] if pick else axes


def _choice(written: str) -> Choice:
    found = CHOICE.fullmatch(written)
    assert found is not None, written  # noqa: S101  every non-empty text matches
    return found["value"], int(found["rupiah"] or 0), int(found["grams"] or 0)


def _variants(sku: str, axes: list[list[Choice]], price: int, weight: int) -> tuple[Variant, ...]:
    made = []
    for chosen in combinations(*axes):
        values = tuple(value for value, _, _ in chosen)
        own = "-".join((sku, *(_short(value) for value in values)))
        more, heavier = sum(rupiah for _, rupiah, _ in chosen), sum(grams for _, _, grams in chosen)
        made.append(Variant(own, values, price + more, weight + heavier, _stock(own)))
    return tuple(made)


def _stock(sku: str) -> int:
    """Mostly plenty, sometimes the last few, now and then nothing: what a real shelf looks like."""
    dice = Random(crc32(sku.encode()))
    return dice.choices((0, dice.randint(1, 4), dice.randint(8, 60), dice.randint(60, 240)), (4, 9, 57, 30))[0]


def _short(value: str) -> str:
    """The value as it stands in an SKU: up to three letters of each word, digits whole."""
    return "".join(word if word.isdigit() else word[:3] for word in re.findall(r"[A-Za-z]+|\d+", value)).upper()


def _slug(title: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", title.lower()))


def _description(about: str, facts: str, note: str) -> str:
    lines = "\n".join(f"• {fact.strip()}" for fact in facts.split(";"))
    return "\n\n".join(part for part in (about, f"Detail produk:\n{lines}", note) if part)
