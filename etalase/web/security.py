"""Signed cookies, form tokens, and the headers that tell browsers what pages may do."""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from itsdangerous import BadSignature, URLSafeSerializer
from starlette.responses import Response

from etalase.integrations.payment_providers.routing import page_addresses
from etalase.settings import Settings

TOKEN_FIELDS = ("csrf_token", "csrf")
TOKEN_HEADER = "x-csrf-token"  # noqa: S105 - the name of a header
FORM_FIELDS = "etalase.form_fields"
"""Where a request's scope keeps the fields of the form that was sent, once they have been read."""
FORM_TOKEN = "form_token"  # noqa: S105 - a name
"""Where a request's state keeps the browser's token, once it is known to be ours."""
YEAR_S = 365 * 24 * 3600
COOKIE_BYTES_MAX = 3500
UNSAFE_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True, slots=True)
class Cookies:
    """Names and attributes of our cookies; over https the names' prefix keeps other hosts from setting them."""

    is_secure: bool

    def name(self, plain: str) -> str:
        return f"__Host-{plain}" if self.is_secure else plain

    def read(self, cookies: Mapping[str, str], plain: str) -> str | None:
        return cookies.get(self.name(plain))

    def set(self, response: Response, plain: str, value: str, *, max_age: int | None = None) -> None:
        """A cookie that scripts can't read and other sites' forms don't bring along."""
        response.set_cookie(
            self.name(plain), value, max_age=max_age, path="/", secure=self.is_secure, httponly=True, samesite="lax"
        )

    def delete(self, response: Response, plain: str) -> None:
        response.delete_cookie(self.name(plain), path="/", secure=self.is_secure, httponly=True, samesite="lax")


def cookies_for(settings: Settings) -> Cookies:
    """Our cookies as this installation's address needs them."""
    return _SECURE if (settings.public_url or "").startswith("https://") else _PLAIN


_SECURE, _PLAIN = Cookies(is_secure=True), Cookies(is_secure=False)


@dataclass(frozen=True, slots=True)
class FormTokens:
    """The signed double-submit token: made without a session, so a form outlives the session it was shown in."""

    key: str

    def new(self) -> str:
        """A token for this browser's cookie and its forms."""
        random = secrets.token_urlsafe(24)
        return f"{random}.{self._signature(random)}"

    def is_ours(self, token: str | None) -> bool:
        """Whether we made it."""
        random, dot, signature = (token or "").partition(".")
        return bool(dot) and hmac.compare_digest(signature.encode(), self._signature(random).encode())

    def _signature(self, random: str) -> str:
        return hmac.digest(self.key.encode(), b"form-token:" + random.encode(), "sha256").hex()


def is_same(cookie: str | None, sent: str | None) -> bool:
    """Whether a form's token is the browser's; that it is ours is for `is_ours` to say."""
    return cookie is not None and sent is not None and hmac.compare_digest(cookie.encode(), sent.encode())


def sign(key: str, purpose: str, value: Any) -> str:
    """A value that a browser may keep and not change."""
    return str(_serializer(key, purpose).dumps(value))


def unsign(key: str, purpose: str, text: str | None) -> Any:
    """The value if we signed it for this purpose, else none."""
    if not text or len(text) > COOKIE_BYTES_MAX:
        return None
    try:
        return _serializer(key, purpose).loads(text)
    except BadSignature:
        return None


@lru_cache(maxsize=64)
def _serializer(key: str, purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt=purpose)


def comes_from_here(headers: Mapping[str, str], settings: Settings) -> bool:
    """Whether a form was sent from one of our own pages, as far as the browser says.

    Sec-Fetch-Site is set by the browser alone; Origin is what older ones have. Neither: no browser page sent it, and the
    token decides.
    """
    fetched = headers.get("sec-fetch-site")
    if fetched is not None:
        return fetched in ("same-origin", "none")
    origin = headers.get("origin")
    if origin is None:
        return True
    return urlsplit(origin).netloc in {headers.get("host", ""), urlsplit(settings.base_url).netloc} - {""}


def page_headers(settings: Settings) -> dict[str, str]:
    """What every answer says about itself."""
    policy = {
        "default-src": "'self'",
        "img-src": "'self' data:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        # Browsers hold the redirect that follows a form to this list, too: paying leads to the provider's page.
        "form-action": " ".join(["'self'", *map(_origin, page_addresses(settings))]),
    }
    headers = {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if settings.base_url.startswith("https://"):
        headers["Strict-Transport-Security"] = f"max-age={YEAR_S}"
    return headers


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
