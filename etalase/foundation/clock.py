"""The one source of now: UTC, moved forward by the demo's time machine."""

from datetime import UTC, datetime, timedelta

_offset = timedelta(0)


def now() -> datetime:
    """The present moment as everything in Etalase sees it, in UTC."""
    return datetime.now(UTC) + _offset


def offset() -> timedelta:
    """How far the clock has been moved forward."""
    return _offset


def set_offset(value: timedelta) -> None:
    """Move this process's clock; the value shared by all processes is the row in `clock_offset`."""
    global _offset  # noqa: PLW0603 - one clock a process is the point
    _offset = value
