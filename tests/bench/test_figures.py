"""What is said of a figure and its threshold."""

import pytest

from bench.figures import Figure, Need, aligned, table


@pytest.mark.parametrize(
    ("value", "twin", "need", "is_met"),
    [
        (10.0, None, None, None),
        (10.0, None, Need("at least", 10), True),
        (9.9, None, Need("at least", 10), False),
        (10.0, None, Need("at most", 10), True),
        (10.1, None, Need("at most", 10), False),
        (500.0, None, Need("exactly", 500), True),
        (501.0, None, Need("exactly", 500), False),
        (25.0, 10.0, Need("at least", 2.5, is_ratio=True), True),
        (24.0, 10.0, Need("at least", 2.5, is_ratio=True), False),
        (24.0, None, Need("at least", 2.5, is_ratio=True), None),
        (float("nan"), None, Need("at most", 10), False),
    ],
)
def test_a_threshold_is_met_or_missed(value: float, twin: float | None, need: Need | None, is_met: bool | None) -> None:
    assert Figure("row", "what", value, "x", twin=twin, need=need).is_met is is_met


def test_a_missed_threshold_is_said_plainly() -> None:
    lines = aligned(table([Figure("a", "first", 1.0, "x", need=Need("at least", 2)), Figure("b", "second", 1.0, "x")]))
    assert " NO" in lines.splitlines()[1]
    assert " NO" not in lines.splitlines()[2]
