"""What an audit asks: each statement sees one moment, and what an action writes in one transaction is seen whole or not."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from etalase.foundation.sql import Tx, json_value, statements_beside
from etalase.journeys.auditing.rules import AUDIT_SOURCES, Audit, AuditState, Finding

statements = statements_beside(__file__)


@dataclass(frozen=True, slots=True)
class Batch:
    """Where a batch ends, and how many rows it has; `size` 0 means that nothing is left."""

    last: int
    size: int
    last_buyer: int = 0


async def shops_after(tx: Tx, *, after: int) -> list[int]:
    """The next shops by id; none at the end."""
    return await tx.values(statements["shops_after"], int, after=after)


async def end_of(tx: Tx, what: str, **params: int) -> Batch:
    """Where the next batch of `postings`, `orders`, `refunds` or `wallets` ends."""
    return await tx.one(statements[_ENDS[what]], Batch, **params)


async def that_disagree(tx: Tx, what: str, **params: int) -> list[Finding]:
    """What in a batch (or in the `totals` of a shop, or the `books`) contradicts itself."""
    return await tx.all(statements[_PROOFS[what]], Finding, **params)


_ENDS: Mapping[str, str] = {
    "postings": "end_of_postings",
    "orders": "end_of_orders",
    "refunds": "end_of_refunds",
    "wallets": "end_of_wallets",
}
_PROOFS: Mapping[str, str] = {
    "postings": "postings_that_disagree",
    "orders": "orders_that_disagree",
    "refunds": "refunds_that_disagree",
    "wallets": "wallets_that_disagree",
    "totals": "totals_that_disagree",
    "payouts": "payouts_that_disagree",
    "books": "books_that_disagree",
}


async def ask(tx: Tx, *, audit_id: int, cause: str, asked_by: int | None, at: datetime) -> bool:
    """Ask for an audit; false if one waits or runs already."""
    return await tx.run(statements["ask"], id=audit_id, cause=cause, asked_by=asked_by, at=at) == 1


async def claim(tx: Tx, *, at: datetime) -> Audit | None:
    """Take the audit that is asked for, or none."""
    return await tx.maybe(statements["claim"], Audit, at=at)


async def keep_progress(tx: Tx, *, audit_id: int, counts: Mapping[str, int], at: datetime) -> None:
    """Keep how far it has come."""
    await tx.run(statements["keep_progress"], id=audit_id, at=at, **counts)


async def end(
    tx: Tx,
    *,
    audit_id: int,
    to: AuditState,
    counts: Mapping[str, int],
    findings: Sequence[Finding],
    failure: str,
    at: datetime,
) -> bool:
    """Keep what it found; false if it was given up meanwhile."""
    params: dict[str, Any] = {"findings": json_value([asdict(finding) for finding in findings]), "failure": failure}
    sources = list(AUDIT_SOURCES[to])
    return await tx.run(statements["end"], id=audit_id, to=to, sources=sources, at=at, **counts, **params) == 1


async def give_up_silent(tx: Tx, *, heard_before: datetime, at: datetime) -> int:
    """End audits whose process has died."""
    return await tx.run(statements["give_up_silent"], heard_before=heard_before, at=at)


async def audits(tx: Tx, *, limit: int = 15) -> list[Audit]:
    """Audits, newest first."""
    return await tx.all(statements["audits"], Audit, limit=limit)


async def last_nightly(tx: Tx) -> datetime | None:
    """When the last nightly audit was asked for."""
    return await tx.value(statements["last_nightly"], datetime)
