"""Everything the environment can say, read once."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Typed settings; each name is an environment variable with the prefix ETALASE_ unless it says otherwise."""

    model_config = SettingsConfigDict(env_prefix="ETALASE_", extra="ignore")

    database_url: str | None = Field(None, validation_alias=AliasChoices("DATABASE_URL", "ETALASE_DATABASE_URL"))
    """PostgreSQL >= 15; without it the embedded one under `var` runs."""
    port: int = Field(8000, validation_alias=AliasChoices("PORT", "ETALASE_PORT"), ge=1, le=65535)
    host: str = "127.0.0.1"
    var: Path = Path("var")
    """Data: the embedded database, files, keys."""
    mode: Literal["demo", "production"] = "production"
    """`demo` shows the demo log-ins, the mail page and the time machine; `etalase up` sets it unless told otherwise."""
    public_url: str | None = None
    """Where buyers reach the shop, e.g. https://shop.example; default http://localhost:<port>."""
    secret_key: SecretStr | None = None
    """Signs cookies and forms; without it one is made and kept in `var/secret_key`."""
    carrier_url: str | None = None
    payment_url: str | None = None
    """Base addresses of the sandbox peers; `etalase up` sets them in demo mode."""
    sandbox_secret: SecretStr = SecretStr("etalase-sandbox")
    """Shared with the sandbox peers: their notifications are signed with it."""
    midtrans_server_key: SecretStr | None = None
    midtrans_url: str = "https://api.midtrans.com"
    midtrans_snap_url: str = "https://app.midtrans.com"
    xendit_secret_key: SecretStr | None = None
    xendit_callback_token: SecretStr | None = None
    """What Xendit's notifications carry; without it none is believed."""
    xendit_url: str = "https://api.xendit.co"
    stripe_secret_key: SecretStr | None = None
    stripe_webhook_secret: SecretStr | None = None
    """Signs Stripe's notifications; without it none is believed."""
    stripe_url: str = "https://api.stripe.com"
    bank_accounts: str = ""
    """Where buyers transfer to: "BCA 1234567890 PT Etalase; Mandiri 9876543210 PT Etalase"."""
    payment_routes: str = ""
    """Which provider takes which method where several could: "card=stripe, qris=xendit"."""
    smtp_url: str | None = None
    """smtp://user:password@host:port; without it mail stays in the outbox (readable in demo mode)."""
    connections_max: int = Field(10, ge=2, le=200)
    web_processes: int = Field(1, ge=1, le=64)
    """How many processes of `etalase up` answer browsers: one for each core that is to be spent on pages."""
    api_calls_per_s: int = Field(50, ge=1, le=100_000)
    """Requests a second that an app may make of one call of the Open API for one shop."""

    @property
    def is_demo(self) -> bool:
        return self.mode == "demo"

    @property
    def base_url(self) -> str:
        return (self.public_url or f"http://localhost:{self.port}").rstrip("/")

    def key(self) -> str:
        """The signing key: as set, or made once and kept readable for the owner only."""
        if self.secret_key is not None:
            return self.secret_key.get_secret_value()
        return _kept_key(self.var)


@lru_cache(maxsize=8)
def _kept_key(var: Path) -> str:
    import os
    import secrets

    path = var / "secret_key"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)  # the first of several processes wins
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process."""
    return Settings()
