"""Proof that a notification comes from the sandbox payment provider and is fresh."""

import hashlib
import hmac
import time
from collections.abc import Mapping

from etalase.integrations.payment_providers.protocol import SignatureNotValid

HEADER = "X-Sandbox-Signature"
TOLERANCE_S = 300


def sign(secret: str, *, body: bytes, timestamp_s: int) -> str:
    """The header's value `t=...,v1=...`: HMAC-SHA256 over "timestamp.body"."""
    digest = hmac.new(secret.encode(), b"%d." % timestamp_s + body, hashlib.sha256).hexdigest()
    return f"t={timestamp_s},v1={digest}"


def verify(secret: str, *, headers: Mapping[str, str], body: bytes, now_s: float | None = None) -> None:
    """Return quietly, or SignatureNotValid; age is measured on the machine's clock, never on the time machine's."""
    sent = next((value for name, value in headers.items() if name.lower() == HEADER.lower()), None)
    if sent is None:
        raise SignatureNotValid("no signature")
    parts = dict(part.split("=", 1) for part in sent.split(",") if "=" in part)
    stamp = parts.get("t", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        raise SignatureNotValid("no timestamp")
    expected = sign(secret, body=body, timestamp_s=int(stamp))
    if not hmac.compare_digest(expected.encode(), f"t={stamp},v1={parts.get('v1', '')}".encode()):
        raise SignatureNotValid("the signature does not fit")
    if abs((time.time() if now_s is None else now_s) - int(stamp)) > TOLERANCE_S:
        raise SignatureNotValid("too old")
