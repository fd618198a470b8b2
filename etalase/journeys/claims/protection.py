"""Buyer protection: what is promised on a product's page and kept for an order, from the policies that bind it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from etalase.commerce.orders.insurance import KEY as INSURANCE_TERMS
from etalase.commerce.orders.insurance import Terms
from etalase.commerce.orders.rules import Order, State
from etalase.foundation.deadlines.rules import Deadline, autocomplete_due
from etalase.foundation.i18n import N_
from etalase.foundation.policies.defaults import DEFAULTS
from etalase.foundation.policies.rules import PolicyBook, book_of

NOT_COVERED: Final = (
    N_("a wrong address that you gave"),
    N_("deals made outside Etalase"),
    N_("an order that you confirmed as received"),
)
RETURN_WINDOW: Final = "return.window"


@dataclass(frozen=True, slots=True)
class Figures:
    """What a promise's text may name."""

    days: int = 0
    hours: int = 0
    cover_minor: int = 0


@dataclass(frozen=True, slots=True)
class Promise:
    """One thing that is covered: a msgid with the figures of its placeholders."""

    icon: str
    text: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Protection:
    """What is covered, until when (none: that is not known yet), and whether it is over."""

    promises: tuple[Promise, ...]
    until: datetime | None = None
    is_over: bool = False
    is_disputed: bool = False


def promises_of(book: PolicyBook) -> tuple[Promise, ...]:
    """What these policies promise a buyer."""
    found = [
        Promise(
            "shield-check",
            N_("The seller gets your money only when you confirm receipt, or %(days)s days after delivery."),
            Figures(days=int(book.find("deliver.autocomplete").value)),
        ),
        Promise(
            "package-x",
            N_(
                "Marked as delivered, but not received: the seller answers within %(hours)s hours, then customer service decides."
            ),
            Figures(hours=int(book.find("claim.seller_response").value)),
        ),
        Promise("timer", N_("Not shipped in time: the order is cancelled and your money comes back."), Figures()),
    ]
    if RETURN_WINDOW in DEFAULTS:
        text = N_("Damaged, wrong or not as described: return it within %(days)s days of delivery.")
        found.append(Promise("undo-2", text, Figures(days=int(book.find(RETURN_WINDOW).value))))
    return tuple(found)


def protection_of(order: Order, clocks: Sequence[Deadline], *, is_disputed: bool) -> Protection:
    """What is covered of an order and until when, from the policies it was placed under."""
    book = book_of(order.policies)
    found = list(promises_of(book))
    if order.is_insured:
        cover = Terms.of(book.find(INSURANCE_TERMS).value).cover_minor(order.items_minor)
        text = N_("Insured against loss and damage on the way, up to %(cover)s.")
        found.append(Promise("shield", text, Figures(cover_minor=cover)))
    running = next((clock for clock in clocks if clock.kind == "deliver.autocomplete" and clock.is_open), None)
    until = running.due_at if running else None
    if until is None and order.state is State.DELIVERED and order.delivered_at:
        until = autocomplete_due(order.delivered_at, book).due_at
    return Protection(tuple(found), until, is_over=order.is_finished and not is_disputed, is_disputed=is_disputed)
