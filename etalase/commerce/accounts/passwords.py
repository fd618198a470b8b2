"""Passwords and other secrets: what is kept of them, and how one is checked against it."""

import asyncio
import hashlib
import hmac
import secrets
from functools import cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

# OWASP's first choice for Argon2id (password storage cheat sheet): 19 MiB, two passes, one lane.
_hasher = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19_456, parallelism=1),))


async def hash_password(password: str) -> str:
    """What is stored instead of the password; takes some 20 ms in a thread of its own."""
    return await asyncio.to_thread(_hasher.hash, password)


async def verify_password(password: str, stored: str | None) -> bool:
    """Whether the password is the one; takes as long where there is no account, so that time tells nothing."""
    return await asyncio.to_thread(_verify, password, stored)


def _verify(password: str, stored: str | None) -> bool:
    fits = _hasher.verify(password, stored or _nobodys_hash())
    return fits and stored is not None


@cache
def _nobodys_hash() -> str:
    return _hasher.hash(secrets.token_urlsafe(16))


def new_secret() -> str:
    """256 random bits, for cookies and links."""
    return secrets.token_urlsafe(32)


def hash_secret(secret: str) -> bytes:
    """What is stored instead of a random secret; it needs no slow hash, nobody can guess it."""
    return hashlib.sha256(secret.encode()).digest()


def is_secret(secret: str, stored: bytes) -> bool:
    """Whether it is the secret whose hash is stored, in constant time."""
    return hmac.compare_digest(hash_secret(secret), stored)
