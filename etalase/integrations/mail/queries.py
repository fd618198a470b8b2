"""The outbox: one function a statement."""

from dataclasses import dataclass
from datetime import datetime

from etalase.foundation.ids import ID_MAX
from etalase.foundation.sql import Tx, statements_beside

statements = statements_beside(__file__)


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it is kept and sent."""

    id: int
    recipient: str
    subject: str
    body: str
    created_at: datetime
    sent_at: datetime | None


async def keep_mail(
    tx: Tx, *, mail_id: int, recipient: str, subject: str, body: str, cause_id: int, at: datetime
) -> bool:
    """Whether the mail was put into the outbox; false when its cause had one already."""
    kept = await tx.value(
        statements["keep_mail"],
        int,
        id=mail_id,
        recipient=recipient,
        subject=subject,
        body=body,
        cause_id=cause_id,
        at=at,
    )
    return kept is not None


async def has_mail(tx: Tx, *, cause_id: int) -> bool:
    """Whether this cause had its mail."""
    return bool(await tx.value(statements["has_mail"], bool, cause_id=cause_id))


async def claim_mails(tx: Tx, *, now: datetime, limit: int, attempts_max: int) -> list[Mail]:
    return await tx.all(statements["claim_mails"], Mail, now=now, limit=limit, attempts_max=attempts_max)


async def mark_sent(tx: Tx, *, mail_id: int, at: datetime) -> None:
    await tx.run(statements["mark_sent"], id=mail_id, at=at)


async def note_failure(tx: Tx, *, mail_id: int, error: str) -> None:
    await tx.run(statements["note_failure"], id=mail_id, error=error)


async def latest_mails(tx: Tx, *, before: int = ID_MAX, limit: int = 50) -> list[Mail]:
    """The outbox from `before` (an id) backwards, newest first."""
    return await tx.all(statements["latest_mails"], Mail, before=before, limit=limit)
