"""What the peers are told at start."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Options:
    """Addresses, secrets and pace; `*_url` are as a browser sees them, `key` opens the APIs, `secret` signs webhooks."""

    state: Path
    shop_url: str
    secret: str
    key: str
    payment_url: str
    carrier_url: str
    event_s: float = 12.0
    notify_delay_s: float = 0.3
    is_chaotic: bool = True
