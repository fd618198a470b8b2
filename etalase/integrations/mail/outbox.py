"""Hands mails over to a mail server, again and again until it takes them; without a server they stay readable."""

import asyncio
import logging
import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from typing import Final
from urllib.parse import unquote, urlsplit

from etalase.foundation.clock import now
from etalase.foundation.sql import Db
from etalase.integrations.mail import queries
from etalase.integrations.mail.queries import Mail
from etalase.settings import Settings, settings

log = logging.getLogger(__name__)
MAILS_AT_ONCE: Final = 20
ATTEMPTS_MAX: Final = 30
"""Ten seconds after the first failure, an hour after the tenth: given up after about a day."""
WAIT_S: Final = 20.0


async def send_waiting(db: Db) -> int:
    """Send what waits in the outbox; returns how many mails were taken. For the worker, every few seconds."""
    configured = settings()
    if not configured.smtp_url:
        return 0
    async with db.any().transaction() as tx:
        mails = await queries.claim_mails(tx, now=now(), limit=MAILS_AT_ONCE, attempts_max=ATTEMPTS_MAX)
    sent = 0
    for mail in mails:
        sent += await _send(db, mail, configured)
    return sent


async def _send(db: Db, mail: Mail, configured: Settings) -> bool:
    try:
        await asyncio.to_thread(hand_over, message_of(mail, configured), str(configured.smtp_url))
    except (OSError, smtplib.SMTPException) as error:
        log.warning("mail %s could not be sent: %s", mail.id, error)
        async with db.any().transaction() as tx:
            await queries.note_failure(tx, mail_id=mail.id, error=str(error)[:500])
        return False
    async with db.any().transaction() as tx:
        await queries.mark_sent(tx, mail_id=mail.id, at=now())
    return True


def message_of(mail: Mail, configured: Settings) -> EmailMessage:
    """The mail as it travels; its id stays the same however often it is sent, so that a repeat is recognized."""
    host = urlsplit(configured.base_url).hostname or "localhost"
    message = EmailMessage()
    message["From"] = formataddr(("Etalase", f"no-reply@{host}"))
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = f"<{mail.id}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body)
    return message


def hand_over(message: EmailMessage, smtp_url: str) -> None:
    """Give a message to the server at smtp://user:password@host:port (smtps:// speaks TLS from the start)."""
    parts = urlsplit(smtp_url)
    host = parts.hostname or "localhost"
    context = ssl.create_default_context()
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, parts.port or 465, timeout=WAIT_S, context=context)
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=WAIT_S)
    with server:
        if parts.scheme != "smtps":
            with suppress(smtplib.SMTPNotSupportedError):
                server.starttls(context=context)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)
