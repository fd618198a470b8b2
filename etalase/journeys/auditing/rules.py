"""What an audit proves, and what it answers. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from etalase.foundation.i18n import N_

FINDINGS_MAX: Final = 200
"""An audit keeps so many findings; further ones are counted."""
NIGHT: Final = time(2)
ZONE: Final = ZoneInfo("Asia/Jakarta")
"""The nightly audit reads all books while the fewest buy."""
SILENT_MAX: Final = timedelta(minutes=15)
"""An audit that was not heard of for so long has died with its process."""

PROOFS: Final[Mapping[str, str]] = {
    "postings balance": N_("The entries of every posting sum to zero"),
    "entries have their order": N_("Every entry about an order belongs to one that exists"),
    "orders are paid what they cost": N_("Every paid order brought in its total less what went back"),
    "held money": N_("Held money is exactly what open orders were paid"),
    "credited to sellers": N_("Sellers and platform share exactly what completed orders kept"),
    "settlements": N_("Every settlement gave the seller what it says"),
    "commission by line": N_("The commission of every settled order is the sum of its lines'"),
    "payouts": N_("Money on its way to sellers' banks is that of approved payouts"),
    "statements": N_("Sellers' statements equal their entries"),
    "refunds of orders": N_("What went back for an order is the sum of its refunds"),
    "refunds are posted": N_("Every refund of an order stands in the ledger"),
    "refunds within payments": N_("No refund exceeds what was paid"),
    "running totals": N_("Running totals equal the sums of their entries"),
    "wallets": N_("What is in a wallet equals the sum of its entries"),
    "set aside in wallets": N_("What is set aside in a wallet is what its open payments and withdrawals need"),
    "paid by wallets": N_("What wallets paid is what left them for purchases"),
    "refunds to wallets": N_("What was refunded to wallets came into them"),
    "top-ups": N_("What was paid to top wallets up came into them"),
    "withdrawals": N_("What left the bank for wallets is what was withdrawn"),
    "captures": N_("What providers owe for captures is what arrived"),
    "refunds paid out": N_("What providers paid back is the sum of refunds"),
    "surplus": N_("Money that no order is owed went back, or is a part held for the rest"),
}
"""Every proof by name, said for people."""


class AuditState(StrEnum):
    """Where an audit stands."""

    ASKED = "asked"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


AUDIT_SOURCES: Final[Mapping[AuditState, tuple[AuditState, ...]]] = {
    AuditState.RUNNING: (AuditState.ASKED,),
    AuditState.DONE: (AuditState.RUNNING,),
    AuditState.FAILED: (AuditState.RUNNING,),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where what is written disagrees: `expected_minor` by one side, `found_minor` by the other."""

    proof: str
    shop_id: int
    subject_id: int
    currency: str
    expected_minor: int
    found_minor: int


@dataclass(frozen=True, slots=True)
class Audit:
    """An audit as it is kept; `findings` are at most FINDINGS_MAX of `findings_count`."""

    id: int
    state: AuditState
    cause: str
    shop_id: int | None
    asked_by: int | None
    asked_at: datetime
    started_at: datetime | None
    heard_at: datetime | None
    ended_at: datetime | None
    orders: int
    postings: int
    refunds: int
    findings_count: int
    findings: list[dict[str, str | int]]
    failure: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", AuditState(self.state))

    @property
    def is_over(self) -> bool:
        return self.state in (AuditState.DONE, AuditState.FAILED)


def is_nightly_due(last: datetime | None, *, now: datetime) -> bool:
    """Whether a night has begun since the last one was asked for; moments go by the platform's clock."""
    local = now.astimezone(ZONE)
    night = datetime.combine(local.date() - timedelta(days=local.time() < NIGHT), NIGHT, ZONE)
    return last is None or last < night
