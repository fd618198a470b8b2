"""What apps are like: their scopes, addresses and secrets, how long codes and tokens last, what they can be told of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal
from urllib.parse import SplitResult, urlsplit

from etalase.foundation.i18n import N_

NAME_CHARS_MAX: Final = 60
REDIRECT_URLS_MAX: Final = 5
URL_CHARS_MAX: Final = 500
APPS_PER_ACCOUNT_MAX: Final = 50
OWN_PAGE: Final = "/developer/code"
"""Where the shop itself shows the code, for apps without a page of their own."""
WEBHOOK_ADDRESS_CHARS_MAX: Final = 255
IDEMPOTENCY_KEY_CHARS_MAX: Final = 200

CODE_LIFETIME: Final = timedelta(minutes=30)
ACCESS_LIFETIME: Final = timedelta(days=7)
REFRESH_LIFETIME: Final = timedelta(days=365)
CLAIM_LIFETIME: Final = timedelta(minutes=1)
"""A call with an idempotency key that has not answered by then has died, and may be made again."""
REPEATS_KEPT: Final = timedelta(days=30)

SCOPES: Final = {
    "seller.authorization.info": N_("See which of your shops it is connected to"),
    "seller.shop.info": N_("See the name and region of your shop"),
    "seller.product.basic": N_("See your products, stock and prices"),
    "seller.product.write": N_("Add and change products, stock and prices"),
    "seller.product.delete": N_("Take products off sale for good"),
    "seller.order.info": N_("See your orders, with names and addresses of buyers"),
    "seller.fulfillment.basic": N_("See your parcels and their labels"),
    "seller.fulfillment.package.write": N_("Arrange shipping, split and combine parcels"),
    "seller.delivery.status.write": N_("Report parcels as delivered"),
    "seller.logistics": N_("See your warehouse, carriers and delivery options"),
    "seller.finance.info": N_("See your statements and payouts"),
    "seller.return_refund.basic": N_("See, approve and reject cancellations and returns"),
    "seller.customer_service": N_("Read and answer messages of buyers"),
    "seller.promotion.basic": N_("See and change vouchers and campaigns"),
    "data.shop_analytics.public.read": N_("See the figures of your shop"),
}
"""What an app may be allowed, and how a seller reads it."""

ALWAYS: Final = "seller.authorization.info"
"""Who may act for a shop may ask which: without it no client gets as far as its first call."""

WEBHOOK_TYPES: Final = {
    "ORDER_STATUS_CHANGE": 1,
    "REVERSE_STATUS_UPDATE": 2,
    "RECIPIENT_ADDRESS_UPDATE": 3,
    "PACKAGE_UPDATE": 4,
    "PRODUCT_STATUS_CHANGE": 5,
    "SELLER_DEAUTHORIZATION": 6,
    "UPCOMING_AUTHORIZATION_EXPIRATION": 7,
    "CANCELLATION_STATUS_CHANGE": 11,
    "RETURN_STATUS_CHANGE": 12,
    "NEW_CONVERSATION": 13,
    "NEW_MESSAGE": 14,
    "PRODUCT_INFORMATION_CHANGE": 15,
    "PRODUCT_CREATION": 16,
    "PRODUCT_CATEGORY_CHANGE": 18,
    "NEW_MESSAGE_LISTENER": 33,
    "INVOICE_STATUS_CHANGE": 36,
    "PRODUCT_AUDIT_STATUS_CHANGE": 37,
}
"""What an app can be told of, with the number that stands in the message."""

Field = Literal["name", "redirect_urls", "scopes"]


@dataclass(frozen=True, slots=True)
class AppProblem:
    """What is wrong with which field of an app."""

    field: Field
    code: str


@dataclass(frozen=True, slots=True)
class AppDraft:
    """An app as its maker describes it."""

    name: str
    redirect_urls: tuple[str, ...]
    scopes: tuple[str, ...]


def check_app(draft: AppDraft) -> list[AppProblem]:
    """What stands in the way of keeping the app like this; empty when nothing does."""
    found: list[tuple[bool, Field, str]] = [
        (not draft.name, "name", "missing"),
        (len(draft.name) > NAME_CHARS_MAX, "name", "too_long"),
        (not draft.name.isprintable(), "name", "not_printable"),
        (not draft.redirect_urls, "redirect_urls", "missing"),
        (len(draft.redirect_urls) > REDIRECT_URLS_MAX, "redirect_urls", "too_many"),
        (not all(map(is_redirect_url, draft.redirect_urls)), "redirect_urls", "malformed"),
        (not draft.scopes, "scopes", "missing"),
        (not set(draft.scopes) <= set(SCOPES), "scopes", "unknown"),
    ]
    return [AppProblem(field, code) for is_wrong, field, code in found if is_wrong]


def is_redirect_url(text: str) -> bool:
    """Whether browsers may be sent there with a code: https, http for a program on one's own machine, or our own page."""
    if text == OWN_PAGE:
        return True
    if len(text) > URL_CHARS_MAX or not text.isascii() or any(sign.isspace() or sign in "\\;,'\"" for sign in text):
        return False
    parts = _split(text)
    if parts is None or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_own_machine(parts.hostname or ""))


def is_own_machine(host: str) -> bool:
    """Whether a name means the machine that reads it, so that nothing travels unencrypted."""
    return host in ("localhost", "127.0.0.1", "::1") or host.endswith(".localhost")


def is_webhook_address(text: str, *, is_sandbox: bool) -> bool:
    """Whether messages may be sent there at all: https; plain http in a sandbox alone. Says nothing of what the name leads to."""
    if len(text) > WEBHOOK_ADDRESS_CHARS_MAX or not text.isascii() or not text.isprintable() or " " in text:
        return False
    parts = _split(text)
    return parts is not None and parts.scheme in (("https", "http") if is_sandbox else ("https",))


def _split(text: str) -> SplitResult | None:
    """The parts of an address that names a host, and nobody's user name before it; none for any other text."""
    try:
        parts = urlsplit(text)
        is_named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if is_named and "@" not in parts.netloc else None


def granted(scopes: Sequence[str]) -> list[str]:
    """What a seller agrees to: the scopes in the order of SCOPES, each once, and that of asking for whom."""
    return [scope for scope in SCOPES if scope in scopes or scope == ALWAYS]
