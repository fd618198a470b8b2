"""What happens between apps and shops."""

from dataclasses import dataclass

from etalase.foundation.facts.model import Fact


@dataclass(frozen=True, kw_only=True)
class AppRegistered(Fact, name="app.registered", subject="app"):
    """Somebody made an app."""


@dataclass(frozen=True, kw_only=True)
class AppChanged(Fact, name="app.changed", subject="app"):
    """Name, addresses or scopes of an app are others; who agreed before agreed to what it was then."""


@dataclass(frozen=True, kw_only=True)
class AppSecretChanged(Fact, name="app.secret_changed", subject="app"):
    """The app has another secret; the former one signs nothing any more."""


@dataclass(frozen=True, kw_only=True)
class AppDeleted(Fact, name="app.deleted", subject="app"):
    """The app is gone, and with it every leave it had."""


@dataclass(frozen=True, kw_only=True)
class AppAuthorized(Fact, name="app.authorized", subject="app"):
    """The owner of a shop lets an app act for it."""

    account_id: str
    scopes: list[str]


@dataclass(frozen=True, kw_only=True)
class AppDeauthorized(Fact, name="app.deauthorized", subject="app"):
    """An app may no longer act for a shop."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class TokensIssued(Fact, name="app.tokens_issued", subject="app"):
    """An app got a pair of tokens for a code, or a new one for the old."""

    account_id: str
    grant: str


@dataclass(frozen=True, kw_only=True)
class WebhookSet(Fact, name="app.webhook_set", subject="app"):
    """An app wants to be told of something at an address."""

    event_type: str
    address: str


@dataclass(frozen=True, kw_only=True)
class WebhookRemoved(Fact, name="app.webhook_removed", subject="app"):
    """An app no longer wants to be told of something."""

    event_type: str
