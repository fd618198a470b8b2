"""Proof that a notification comes from Midtrans: SHA-512 over order, status code, amount and the server key."""

import hashlib
import hmac

from etalase.integrations.payment_providers import reading
from etalase.integrations.payment_providers.protocol import ReportNotUnderstood, SignatureNotValid


def sign(server_key: str, *, order_id: str, status_code: str, gross_amount: str) -> str:
    """The `signature_key` of a notification."""
    return hashlib.sha512(f"{order_id}{status_code}{gross_amount}{server_key}".encode()).hexdigest()


def verify(server_key: str, body: bytes) -> None:
    """Return quietly, or SignatureNotValid. The signature stands in the body, over the texts as they were sent."""
    try:
        raw = reading.object_of(body)
        sent = reading.text(raw, "signature_key")
        expected = sign(
            server_key,
            order_id=reading.text(raw, "order_id"),
            status_code=reading.text(raw, "status_code"),
            gross_amount=reading.text(raw, "gross_amount"),
        )
    except ReportNotUnderstood as problem:
        raise SignatureNotValid(f"no signature: {problem}") from problem
    if not hmac.compare_digest(expected.encode(), sent.encode()):
        raise SignatureNotValid("the signature does not fit")
