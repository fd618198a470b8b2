"""The chapter of docs/states.md about claims, from their tables."""

from collections.abc import Callable, Iterable

from etalase.journeys.claims import rules as claims


def part(
    diagram: Callable[..., str], table: Callable[..., str], code: Callable[[Iterable[object]], str]
) -> str:  # fmt: skip
    """The chapter: moves, and the clock and default of every state."""
    steps = claims.STEPS.items()
    arrows = [(source, change.to, step.value) for step, change in steps for source in change.sources]
    rows = [(f"`{step}`", code(change.sources), f"`{change.to}`", change.by) for step, change in steps]
    waits = [
        (f"`{state}`", f"`{wait.clock}`", f"`{wait.policy}`", f"`{wait.step}`", wait.default)
        for state, wait in claims.WAITS.items()
    ]
    return "\n\n".join(
        [
            "## Claim",
            diagram(arrows, first="asked", last=["closed"]),
            "A claim of an insured loss begins in `review`; what it grants takes effect at once.",
            table(["step", "from", "to", "by"], rows),
            "Every state but the last has a clock and a default:",
            table(["state", "clock", "policy", "at zero", "that is"], waits),
        ]
    )
