"""What a notice is. Pure."""

from dataclasses import dataclass
from typing import Literal

Audience = Literal["buyer", "seller"]
Category = Literal["orders", "system"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of notice. `title` and `body` are msgids; each of `more` follows the body when its value is there."""

    audience: Audience
    title: str
    body: str
    category: Category = "orders"
    more: tuple[tuple[str, str], ...] = ()


Chosen = tuple[str, ...]
"""The kinds of notice that follow from a fact."""
