"""What the Open API refuses: the documented codes, each with words that say what to do."""

from typing import Final

ACCESS_TOKEN_NOT_VALID: Final = 105002
SCOPE_MISSING: Final = 105005
SIGNATURE_NOT_VALID: Final = 106001
SHOP_CIPHER_NOT_VALID: Final = 106013
REFRESH_TOKEN_EXPIRED: Final = 36004001
AUTH_CODE_NOT_VALID: Final = 36004004
NOT_AUTHORIZED: Final = 36004005
TOO_MANY_REQUESTS: Final = 36009002
OUR_MISTAKE: Final = 36009003
REQUEST_NOT_VALID: Final = 36009004
TIMED_OUT: Final = 36009007
PATH_NOT_KNOWN: Final = 36009009
METHOD_NOT_ALLOWED: Final = 36009010
VERSION_NOT_KNOWN: Final = 36009014
TOO_LARGE: Final = 36009021
CONTENT_TYPE_MISSING: Final = 36009022
CONTENT_TYPE_NOT_TAKEN: Final = 36009023
PARAMETER_NOT_VALID: Final = 98001004
NOT_THIS_SELLERS: Final = 21008111
NOT_OFFERED_HERE: Final = 21008106
STATUS_DOES_NOT_ALLOW: Final = 25001001
REASON_DOES_NOT_FIT: Final = 25001021
ORDER_ID_NOT_VALID: Final = 36020001
PACKAGE_NOT_POSSIBLE: Final = 10007014
PRODUCT_NOT_VALID: Final = 12052020
STOCK_NOT_POSSIBLE: Final = 12052062

STATUS_OF: Final = {
    ACCESS_TOKEN_NOT_VALID: 401,
    SCOPE_MISSING: 403,
    SIGNATURE_NOT_VALID: 401,
    SHOP_CIPHER_NOT_VALID: 400,
    TOO_MANY_REQUESTS: 429,
    OUR_MISTAKE: 500,
    REQUEST_NOT_VALID: 400,
    TIMED_OUT: 503,
    PATH_NOT_KNOWN: 404,
    METHOD_NOT_ALLOWED: 405,
    VERSION_NOT_KNOWN: 404,
    TOO_LARGE: 413,
    CONTENT_TYPE_MISSING: 400,
    CONTENT_TYPE_NOT_TAKEN: 415,
}
"""HTTP statuses of what the gateway refuses. What the trade refuses is answered with 200: there the code is the only truth."""

MEANING: Final = {
    ACCESS_TOKEN_NOT_VALID: "access token (or app secret) missing, unknown, expired or revoked",
    SCOPE_MISSING: "the seller has not granted the scope that the call needs; the message names it",
    SIGNATURE_NOT_VALID: "the signature does not fit",
    SHOP_CIPHER_NOT_VALID: "shop_cipher missing, or of no shop this token may act for",
    REFRESH_TOKEN_EXPIRED: "the refresh token has expired: the seller has to authorize the app again",
    AUTH_CODE_NOT_VALID: "the authorization code was used, is older than 30 minutes, or is not this app's",
    NOT_AUTHORIZED: "the refresh token was used, revoked, or is not this app's",
    TOO_MANY_REQUESTS: "more requests than the limit; wait as long as Retry-After says",
    OUR_MISTAKE: "something went wrong on our side",
    REQUEST_NOT_VALID: "a parameter is missing or malformed; the message names it",
    TIMED_OUT: "not done in time; ask again",
    PATH_NOT_KNOWN: "no such path",
    METHOD_NOT_ALLOWED: "the path is there, but not for this method",
    VERSION_NOT_KNOWN: "versions begin with 202309",
    TOO_LARGE: "the body is too large",
    CONTENT_TYPE_MISSING: "the call takes a multipart form",
    CONTENT_TYPE_NOT_TAKEN: "the body is neither JSON nor what its content type says",
    PARAMETER_NOT_VALID: "a value does not fit what it names",
    NOT_THIS_SELLERS: "the order, parcel or product is not this shop's, or does not exist",
    NOT_OFFERED_HERE: "the call is known and not offered here (yet); the message says why",
    PRODUCT_NOT_VALID: "the product can't be saved or sold like this; the message says why",
    STOCK_NOT_POSSIBLE: "the variant can't have this stock or price; the message says why",
    PACKAGE_NOT_POSSIBLE: "the package's or order's status does not allow it; the message says why",
    ORDER_ID_NOT_VALID: "the order is not this shop's, or does not exist (external order references)",
    REASON_DOES_NOT_FIT: "the reason does not fit, or the order does not allow it now",
    STATUS_DOES_NOT_ALLOW: "the status of the order, return or cancellation does not allow it",
}
"""Every code we send, for the reference."""


class Refused(Exception):
    """The call is not carried out; `code` is TikTok's, `message` says what to do about it.

    Handlers raise it for what the trade refuses (HTTP 200). `data` goes out with it, `retry_after_s` as a header.
    """

    def __init__(
        self, code: int, message: str, *, data: dict[str, object] | None = None, retry_after_s: int | None = None
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.data = data
        self.retry_after_s = retry_after_s

    @property
    def status(self) -> int:
        return STATUS_OF.get(self.code, 200)


def not_valid(name: str, must: str) -> Refused:
    """A parameter that can't be read: `must` goes on from "must"."""
    return Refused(REQUEST_NOT_VALID, f"param {name} must {must}")


def missing(name: str) -> Refused:
    """A parameter that has to be there."""
    return Refused(REQUEST_NOT_VALID, f"param {name} is missing")
