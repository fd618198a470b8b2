"""Mails the link that sets a new password."""

from etalase.commerce.accounts import actions, queries
from etalase.commerce.accounts.queries import Account
from etalase.foundation.clock import now
from etalase.foundation.facts import RecordedFact
from etalase.foundation.i18n import N_, translator
from etalase.foundation.ids import new_id
from etalase.foundation.sql import Db
from etalase.integrations.mail.queries import keep_mail
from etalase.settings import settings

SUBJECT = N_("Set a new password")
BODY = N_(
    """Hello %(name)s,

somebody, hopefully you, asked for a new password for your Etalase account. Set it here:

%(link)s

The link works once, for one hour. If it was not you, do nothing: your password stays as it is.

Etalase
"""
)


async def send(db: Db, fact: RecordedFact) -> None:
    """Put the mail into the outbox, once a fact. The secret exists in the mail alone; the database keeps its hash."""
    account_id = fact.subject_id
    async with db.any().transaction() as tx:
        account = await queries.account(tx, account_id)
        if account.email is None:
            return
        # A repeat of the fact leaves a second hash behind whose secret nobody has: it opens nothing.
        path = await actions.issue_password_reset(tx, account_id=account_id)
        subject, body = _texts(account, f"{settings().base_url}/password/reset/{path}")
        await keep_mail(
            tx, mail_id=new_id(), recipient=account.email, subject=subject, body=body, cause_id=fact.id, at=now()
        )


def _texts(account: Account, link: str) -> tuple[str, str]:
    words = translator(account.locale)
    return words.gettext(SUBJECT), words.gettext(BODY, name=account.name, link=link)
