"""Quantities of order lines in forms and addresses: `units-<line id>` fields."""

from collections.abc import Iterable, Mapping, Sequence

from etalase.commerce.orders.rules import OrderLine
from etalase.foundation.ids import parse_id

PREFIX = "units-"
DIGITS_MAX = 6


def units_in(fields: Iterable[tuple[str, object]]) -> dict[int, int]:
    """Line id -> units as typed; what is no number counts as too many (-1), what is empty as none."""
    typed = {name.removeprefix(PREFIX): str(value).strip() for name, value in fields if name.startswith(PREFIX)}
    return {line_id: _count(text) for name, text in typed.items() if (line_id := parse_id(name)) is not None}


def _count(text: str) -> int:
    if not text:
        return 0
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX else -1


def chosen_lines(lines: Sequence[OrderLine], units: Mapping[int, int]) -> list[tuple[OrderLine, int]]:
    """The lines with how many of their units were chosen, those with none left out."""
    return [(line, units[line.id]) for line in lines if units.get(line.id)]
