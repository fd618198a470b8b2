"""Signatures of requests, as clients make them: HMAC-SHA256 over path, sorted query and body, wrapped in the secret."""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from typing import Final

Pairs = Sequence[tuple[str, str]]
UNSIGNED: Final = frozenset({"sign", "access_token"})
OLDER_S_MAX: Final = 300
NEWER_S_MAX: Final = 30


def signed_text(path: str, pairs: Iterable[tuple[str, str]], body: bytes) -> bytes:
    """What stands between the secrets: the path, then keys and values in the order of the keys, then the body as sent."""
    chosen = sorted((pair for pair in pairs if pair[0] not in UNSIGNED), key=lambda pair: pair[0].encode())
    return (path + "".join(key + value for key, value in chosen)).encode() + body


def signature(secret: str, text: bytes) -> str:
    """The signature in lower-case hex."""
    key = secret.encode()
    return hmac.new(key, key + text + key, hashlib.sha256).hexdigest()


def is_signed(secret: str, *, path: str, pairs: Pairs, body: bytes, sign: str) -> bool:
    """Whether the signature is this secret's.

    Clients disagree about a parameter that comes twice: most sign every pair, some the first alone. Both are taken.
    """
    told = sign.encode()
    if hmac.compare_digest(signature(secret, signed_text(path, pairs, body)).encode(), told):
        return True
    first = first_of_each(pairs)
    if len(first) == len(pairs):
        return False
    return hmac.compare_digest(signature(secret, signed_text(path, first, body)).encode(), told)


def first_of_each(pairs: Pairs) -> Pairs:
    """The pairs without those whose key came before."""
    found: dict[str, str] = {}
    for key, value in pairs:
        found.setdefault(key, value)
    return list(found.items())


def is_timely(timestamp: str, *, at_s: float) -> bool:
    """Whether a request was made within the last five minutes; half a minute of clocks going ahead is borne."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) == 10):
        return False
    return int(at_s) - OLDER_S_MAX <= int(timestamp) <= int(at_s) + NEWER_S_MAX
