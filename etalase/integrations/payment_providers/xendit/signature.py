"""Proof that a notification comes from Xendit: the token of the account's callbacks, in a header."""

import hmac
from collections.abc import Mapping

from etalase.integrations.payment_providers.protocol import SignatureNotValid

HEADER = "x-callback-token"


def verify(token: str, *, headers: Mapping[str, str]) -> None:
    """Return quietly, or SignatureNotValid."""
    sent = next((value for name, value in headers.items() if name.lower() == HEADER), None)
    if sent is None:
        raise SignatureNotValid("no token")
    if not token or not hmac.compare_digest(token.encode(), sent.encode()):
        raise SignatureNotValid("the token does not fit")
