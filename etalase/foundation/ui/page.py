"""What every page knows about its reader, as values the web folder fills in once per request."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from etalase.foundation.i18n import Translator

FlashKind = Literal["success", "info", "warning", "error"]


@dataclass(frozen=True, slots=True)
class PageAccount:
    """The signed-in account as pages show it."""

    id: int
    name: str
    initial: str


@dataclass(frozen=True, slots=True)
class Flash:
    """A message carried over a redirect, already in the reader's language."""

    kind: FlashKind
    text: str


@dataclass(frozen=True, slots=True)
class ShopChoice:
    """One line of the seller's shop switcher."""

    id: int
    name: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContext:
    """Who reads the page, in which language and zone, and at what moment of the product's clock."""

    locale: str
    translator: Translator
    csrf_token: str
    path: str
    now: datetime
    zone: str
    account: PageAccount | None = None
    unread: int = 0
    cart_count: int = 0
    is_demo: bool = False
    flashes: tuple[Flash, ...] = ()
    shops: tuple[ShopChoice, ...] = ()
    orders_waiting: int = 0
