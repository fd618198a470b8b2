"""What operators do about vendors' messages."""

from dataclasses import dataclass

from etalase.foundation.facts import Fact


@dataclass(frozen=True, kw_only=True)
class MessageTriedAgain(Fact, name="inbound.tried_again", subject="inbound"):
    """An operator had a vendor's message tried again that had been set aside."""

    vendor: str
    event_id: str
