"""What a run finds out: figures, what each is compared with, and the threshold it must meet."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Sense = Literal["at least", "at most", "exactly"]


@dataclass(frozen=True, slots=True)
class Need:
    """A threshold on a figure, or on its ratio to pgbench's."""

    sense: Sense
    value: float
    is_ratio: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table."""

    row: str
    what: str
    value: float
    unit: str
    twin: float | None = None
    """pgbench's figure for the same rows in the same run."""
    need: Need | None = None
    note: str = ""
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        return self.value / self.twin if self.twin else None

    @property
    def is_met(self) -> bool | None:
        """Whether the threshold is met; none where there is none, or nothing to compare with."""
        if self.need is None:
            return None
        found = self.ratio if self.need.is_ratio else self.value
        if found is None:
            return None
        match self.need.sense:
            case "at least":
                return found >= self.need.value
            case "at most":
                return found <= self.need.value
        return found == self.need.value

    def told(self) -> dict[str, Any]:
        """For the JSON file."""
        return asdict(self) | {"ratio": self.ratio, "is_met": self.is_met}


def number(value: float | None) -> str:
    """A figure as people read it."""
    if value is None:
        return "-"
    if value != value:
        return "?"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def table(figures: list[Figure]) -> list[list[str]]:
    """Lines of cells, the heads first."""
    heads = ["row", "figure", "", "pgbench", "ratio", "threshold", "met", "note"]
    return [heads, *[_line(figure) for figure in figures]]


def _line(figure: Figure) -> list[str]:
    need, met = figure.need, figure.is_met
    threshold = f"{need.sense} {need.value:g}{' x' if need.is_ratio else ''}" if need else ""
    return [
        figure.what, number(figure.value), figure.unit, number(figure.twin) if figure.twin else "",
        f"{figure.ratio:.2f}" if figure.ratio else "", threshold,
        "" if met is None else "yes" if met else "NO", figure.note,
    ]  # fmt: skip


def aligned(lines: list[list[str]]) -> str:
    """The table for a terminal."""
    widths = [max(len(line[n]) for line in lines) for n in range(len(lines[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )
