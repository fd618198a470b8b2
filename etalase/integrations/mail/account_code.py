"""Mails the code that verifies a bank account for withdrawals."""

from etalase.commerce.wallet import queries
from etalase.commerce.wallet.bank_accounts import issue_code
from etalase.commerce.wallet.queries import Owner
from etalase.foundation.clock import now
from etalase.foundation.facts import RecordedFact
from etalase.foundation.i18n import N_, translator
from etalase.foundation.ids import new_id
from etalase.foundation.sql import Db
from etalase.integrations.mail.queries import has_mail, keep_mail

SUBJECT = N_("Your code: %(code)s")
BODY = N_(
    """Hello %(name)s,

this code confirms the bank account that you want to withdraw to from your Etalase wallet:

%(code)s

It is valid for 15 minutes. Tell it to nobody. If you did not ask for it, change your password: somebody is signed in to your account.

Etalase
"""
)


async def send(db: Db, fact: RecordedFact) -> None:
    """Put the mail into the outbox, once a fact. The code exists in the mail alone; the database keeps its hash."""
    if fact.buyer_id is None:
        return
    async with db.for_buyer(fact.buyer_id).transaction() as tx:
        person = await queries.owner(tx, buyer_id=fact.buyer_id)
        # A repeat of the fact would make the code in the mail worth nothing.
        if person.email is None or await has_mail(tx, cause_id=fact.id):
            return
        code = await issue_code(tx, buyer_id=person.id, account_id=fact.subject_id)
        if code is None:
            return
        subject, body = _texts(person, code)
        await keep_mail(
            tx, mail_id=new_id(), recipient=person.email, subject=subject, body=body, cause_id=fact.id, at=now()
        )


def _texts(person: Owner, code: str) -> tuple[str, str]:
    words = translator(person.locale)
    return words.gettext(SUBJECT, code=code), words.gettext(BODY, name=person.name, code=code)
