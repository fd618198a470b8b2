"""What happens to the addresses of apps."""

from dataclasses import dataclass

from etalase.foundation.facts.model import Fact


@dataclass(frozen=True, kw_only=True)
class AddressPaused(Fact, name="app.address_paused", subject="app"):
    """An address of an app has not answered for so long that nothing is sent there any more; its maker is told."""

    app_id: str
    app: str
    address: str
    error: str


@dataclass(frozen=True, kw_only=True)
class AddressResumed(Fact, name="app.address_resumed", subject="app"):
    """An address of an app is told again; what waited is sent in order."""

    address: str


@dataclass(frozen=True, kw_only=True)
class MessagesSentAgain(Fact, name="app.messages_sent_again", subject="app"):
    """Somebody had messages to an app sent once more."""

    messages: int
