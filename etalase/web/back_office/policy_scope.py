"""For whom a policy is set: everywhere, one store, one category or one product, as an operator names it."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from etalase.commerce.catalog.window import queries as window
from etalase.foundation.i18n import N_
from etalase.foundation.ids import parse_id
from etalase.foundation.policies.rules import PolicyBook, Scope
from etalase.foundation.policies.values import Problem
from etalase.foundation.sql import Tx

SCOPE_LABELS: dict[Scope, str] = {
    "operator": N_("Everywhere"),
    "shop": N_("One store"),
    "category": N_("One category"),
    "product": N_("One product"),
}
NOT_FOUND = N_("There is no such store, category or product. Use the word in its address, or the product's number.")
SUBJECT_CHARS_MAX = 60


@dataclass(frozen=True, slots=True)
class Chosen:
    """A scope with its id, and the word it was named by."""

    scope: Scope = "operator"
    scope_id: int = 0
    subject: str = ""

    @property
    def query(self) -> str:
        """What the page's address says of it."""
        return "" if self.scope == "operator" else "?" + urlencode({"scope": self.scope, "subject": self.subject})

    def value_in(self, book: PolicyBook, key: str) -> object:
        """What holds there now."""
        place = {"shop": "shop_id", "category": "category_id", "product": "product_id"}.get(self.scope)
        return book.find(key, **({place: self.scope_id} if place else {})).value


async def chosen_in(tx: Tx, fields: Mapping[str, object]) -> tuple[Chosen, list[Problem]]:
    """The scope that a form or an address names, or what is wrong with it; everywhere if it names none."""
    asked, subject = str(fields.get("scope", "")), str(fields.get("subject", "")).strip()[:SUBJECT_CHARS_MAX]
    scope: Scope = next((known for known in SCOPE_LABELS if known == asked), "operator")
    if scope == "operator":
        return Chosen(), []
    found = await _id_of(tx, scope, subject)
    if found is None:
        return Chosen(scope, 0, subject), [Problem("subject", NOT_FOUND)]
    return Chosen(scope, found, subject), []


async def _id_of(tx: Tx, scope: Scope, subject: str) -> int | None:
    if scope == "product":
        return parse_id(subject)
    if scope == "shop":
        shop = await window.shop_by_slug(tx, subject)
        return shop.shop_id if shop else None
    return next((category.id for category in await window.categories(tx) if category.slug == subject), None)
