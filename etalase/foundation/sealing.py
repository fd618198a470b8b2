"""Texts that only this installation can read: sealed with its key, so that a copy of the database alone tells nothing."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class NotReadable(ValueError):
    """The text was sealed with another key, for another purpose, or altered."""


def seal(installation_key: str, *, purpose: str, text: str) -> str:
    """The text, readable again with `unseal` and the same key and purpose."""
    return _box(installation_key, purpose).encrypt(text.encode()).decode()


def unseal(installation_key: str, *, purpose: str, sealed: str) -> str:
    """The text that was sealed, or NotReadable."""
    try:
        return _box(installation_key, purpose).decrypt(sealed.encode()).decode()
    except InvalidToken as problem:
        raise NotReadable(purpose) from problem


def _box(installation_key: str, purpose: str) -> Fernet:
    derived = HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(installation_key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
