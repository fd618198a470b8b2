"""The part of docs/states.md about returns."""

from collections.abc import Callable

from etalase.journeys.returns import rules as returns


def part(diagram: Callable[..., str], table: Callable[..., str]) -> str:
    """Returns, drawn from their table of moves, and what each state waits for."""
    arrows = [
        (source, change.to, move.value) for move, change in returns.TRANSITIONS.items() for source in change.sources
    ]
    rows = [
        (f"`{state}`", waiting.waits_for, f"`{waiting.clock}`", waiting.at_zero)
        for state, waiting in returns.WAITING.items()
    ]
    return "\n\n".join(
        [
            "## Return",
            diagram(arrows, first="requested", last=returns.ENDS),
            "Every state that is not an end waits for somebody by a clock; at zero its default happens.",
            table(["state", "waits for", "clock", "at zero"], rows),
        ]
    )
