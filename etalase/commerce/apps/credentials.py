"""Secrets of apps: none is kept; each follows from the installation's key, which is not in the database."""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

SECRET_CHARS: Final = 32


def secret_of(installation_key: str, *, app_key: str, salt: bytes) -> str:
    """The app's secret. It follows from the installation's key and the app's salt, so that nobody can read it in the database."""
    message = b"app-secret\0" + app_key.encode() + b"\0" + salt
    return hmac.new(installation_key.encode(), message, hashlib.sha256).hexdigest()[:SECRET_CHARS]


def is_same(one: str, other: str) -> bool:
    """Whether two secrets are one, in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())


def open_id_of(*, app_id: int, account_id: int) -> str:
    """What an app knows a seller by: always the same for one app, another for each."""
    return "_" + hashlib.sha256(f"open-id\0{app_id}\0{account_id}".encode()).hexdigest()[:31]


@dataclass(frozen=True, slots=True)
class DemoApp:
    """The app of the demo world: made from the installation's key, so that it can be told without being kept."""

    key: str
    secret: str
    access_token: str
    refresh_token: str
    cipher_stem: str


DEMO_APP_KEY: Final = "etalasedemo"
DEMO_SALT: Final = b"demo"


def demo_app(installation_key: str) -> DemoApp:
    """Credentials of the demo world's app; the same for as long as the installation's key is."""

    def word(purpose: str) -> str:
        return hmac.new(installation_key.encode(), f"demo-app\0{purpose}".encode(), hashlib.sha256).hexdigest()[:24]

    return DemoApp(
        key=DEMO_APP_KEY,
        secret=secret_of(installation_key, app_key=DEMO_APP_KEY, salt=DEMO_SALT),
        access_token=f"ROW_{word('access')}",
        refresh_token=f"ROW_{word('refresh')}",
        cipher_stem=f"ROW_{word('cipher')}",
    )
