"""The mailed link, and the outbox against a mail server of our own."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx
import pytest

from etalase.commerce.accounts import actions
from etalase.commerce.accounts.actions import Caller
from etalase.foundation.clock import now
from etalase.foundation.facts import RecordedFact
from etalase.foundation.ids import new_id
from etalase.foundation.sql import Db
from etalase.integrations.mail import outbox, password_reset, queries
from etalase.settings import settings
from tests.builders.accounts import make_account
from tests.builders.web import post


@dataclass
class MailServer:
    """Speaks as much SMTP as a sender needs; `refusals` answers are "try later"."""

    messages: list[str] = field(default_factory=list)
    refusals: int = 0
    port: int = 0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 test\r\n")
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                writer.write(b"354 go on\r\n")
                body = await reader.readuntil(b"\r\n.\r\n")
                self.refusals -= 1
                if self.refusals >= 0:
                    writer.write(b"451 later\r\n")
                else:
                    self.messages.append(body.decode())
                    writer.write(b"250 ok\r\n")
            else:
                writer.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 test\r\n")
            await writer.drain()
        writer.close()


@pytest.fixture
async def mail_server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MailServer]:
    server = MailServer()
    listening = await asyncio.start_server(server.talk, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    monkeypatch.setenv("ETALASE_SMTP_URL", f"smtp://127.0.0.1:{server.port}")
    settings.cache_clear()
    yield server
    listening.close()
    settings.cache_clear()


async def requested(db: Db) -> RecordedFact:
    account = await make_account(db, email="sari@etalase.test", locale="en")
    await actions.request_password_reset(db, email=account.email or "", caller=Caller("10.0.0.1"))
    async with db.any().transaction() as tx:
        cursor = await tx.connection.execute("SELECT id, at FROM facts WHERE name = 'account.password_reset_requested'")
        row = await cursor.fetchone()
    assert row
    return RecordedFact(
        shop_id=0,
        id=row[0],
        name="account.password_reset_requested",
        subject_kind="account",
        subject_id=account.id,
        order_id=None,
        buyer_id=account.id,
        actor_kind="buyer",
        actor_id=account.id,
        at=row[1],
        data={},
    )


async def outbox_of(db: Db) -> list[queries.Mail]:
    async with db.any().reading() as tx:
        return await queries.latest_mails(tx)


async def test_the_link_is_mailed_once_and_opens_the_account(db: Db, client: httpx.AsyncClient) -> None:
    fact = await requested(db)
    await asyncio.gather(*(password_reset.send(db, fact) for _ in range(3)))
    (mail,) = await outbox_of(db)
    assert mail.recipient == "sari@etalase.test"
    link = re.search(r"http://[^/]+(/password/reset/\S+)", mail.body)
    assert link
    assert (await client.get(link[1])).status_code == 200
    assert (await post(client, link[1], {"password": "short"})).status_code == 422
    assert (await post(client, link[1], {"password": "a-new-password"})).headers["location"] == "/login"
    assert (await client.get(link[1])).status_code == 410
    assert (await post(client, link[1], {"password": "another-password"})).status_code == 410
    answer = await post(client, "/login", {"login": "sari@etalase.test", "password": "a-new-password"})
    assert answer.status_code == 303


async def test_without_a_mail_server_mails_stay_readable(db: Db) -> None:
    await password_reset.send(db, await requested(db))
    assert await outbox.send_waiting(db) == 0
    assert [mail.sent_at for mail in await outbox_of(db)] == [None]


async def test_a_mail_is_handed_over_once(db: Db, mail_server: MailServer) -> None:
    await password_reset.send(db, await requested(db))
    assert await outbox.send_waiting(db) == 1
    assert await outbox.send_waiting(db) == 0
    (message,) = mail_server.messages
    assert "To: sari@etalase.test" in message
    assert "Auto-Submitted: auto-generated" in message


async def test_a_mail_that_was_refused_comes_again_later(db: Db, mail_server: MailServer) -> None:
    from datetime import timedelta

    from etalase.foundation import clock

    mail_server.refusals = 1
    await password_reset.send(db, await requested(db))
    assert await outbox.send_waiting(db) == 0
    assert await outbox.send_waiting(db) == 0
    assert mail_server.messages == []
    clock.set_offset(timedelta(minutes=1))
    assert await outbox.send_waiting(db) == 1
    assert len(mail_server.messages) == 1


async def test_line_breaks_in_a_name_make_no_headers(db: Db, mail_server: MailServer) -> None:
    async with db.any().transaction() as tx:
        await queries.keep_mail(
            tx,
            mail_id=new_id(),
            recipient="sari@etalase.test",
            subject="Hello",
            body="Hello Sari\r\nBcc: all@etalase.test\n",
            cause_id=1,
            at=now(),
        )
    assert await outbox.send_waiting(db) == 1
    head, _, _ = mail_server.messages[0].partition("\r\n\r\n")
    assert "Bcc" not in head
