"""What a product page offers: the chosen variant, the ways to choose another, and when it would arrive. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from etalase.commerce.catalog.queries import Variant
from etalase.foundation.i18n import format_date


@dataclass(frozen=True, slots=True)
class Chip:
    """One value of an option: where choosing it leads."""

    label: str
    href: str
    is_active: bool
    is_sold_out: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """An option with its values."""

    name: str
    chips: tuple[Chip, ...]


def chosen_variant(variants: Sequence[Variant], *, wanted: int | None, available: Mapping[int, int]) -> Variant | None:
    """The variant asked for if it is on sale, else the first that can be had, else the first; none if none is on sale."""
    on_sale = [variant for variant in variants if variant.is_active]
    asked = next((variant for variant in on_sale if variant.id == wanted), None)
    in_stock = next((variant for variant in on_sale if available.get(variant.id, 0) > 0), None)
    return asked or in_stock or (on_sale[0] if on_sale else None)


def choices(
    variants: Sequence[Variant], *, chosen: Variant, available: Mapping[int, int], path: str
) -> tuple[Choice, ...]:
    """Every option with its values; a value leads to the variant nearest to the chosen one that has it."""
    on_sale = [variant for variant in variants if variant.is_active and len(variant.values) == len(chosen.values)]
    return tuple(
        Choice(name, tuple(_chip(on_sale, value, at=index, chosen=chosen, available=available, path=path) for value in values))
        for index, name in enumerate(chosen.option_names)
        if (values := dict.fromkeys(variant.values[index] for variant in on_sale))
    )  # fmt: skip


def _chip(
    on_sale: Sequence[Variant], value: str, *, at: int, chosen: Variant, available: Mapping[int, int], path: str
) -> Chip:
    def nearness(variant: Variant) -> tuple[int, bool]:
        shared = sum(mine == theirs for mine, theirs in zip(variant.values, chosen.values, strict=True))
        return shared, available.get(variant.id, 0) > 0

    nearest = max((variant for variant in on_sale if variant.values[at] == value), key=nearness)
    return Chip(
        label=value,
        href=f"{path}?variant={nearest.id}",
        is_active=chosen.values[at] == value,
        is_sold_out=available.get(nearest.id, 0) <= 0,
    )


def days_between(start: date, end: date, *, locale: str) -> str:
    """ "26–28 Nov", "30 Nov – 2 Dec": a span of days of this time of year."""
    first, last = (format_date(day, locale=locale, zone="UTC").rsplit(" ", 1)[0] for day in (start, end))
    if start == end:
        return last
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{last}"
    return f"{first} – {last}"
