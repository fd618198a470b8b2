"""Shapes that several answers share."""

from typing_extensions import TypedDict


class Failure(TypedDict, total=False):
    """One part of a batch that was not carried out; `detail` says which."""

    code: int
    message: str
    detail: dict[str, str]


class Nothing(TypedDict):
    """The answer of calls that only do."""
