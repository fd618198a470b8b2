"""Mails to the owner of a shop what is said about its money: the same words as in the inbox."""

from etalase.commerce.accounts import queries
from etalase.foundation.clock import now
from etalase.foundation.facts import RecordedFact
from etalase.foundation.i18n import N_, translator
from etalase.foundation.ids import new_id
from etalase.foundation.sql import Db
from etalase.integrations.mail.queries import keep_mail
from etalase.reactions.notifications.rules import kinds_for, text_of
from etalase.settings import settings

BODY = N_(
    """Hello %(name)s,

%(text)s

Everything about your money stands under Finance:
%(link)s

Etalase
"""
)
ZONE = "Asia/Jakarta"
"""The texts name no moments; a zone is asked for all the same."""


async def send(db: Db, fact: RecordedFact) -> None:
    """Put the mail into the outbox, once a fact; a shop whose owner has no address gets none."""
    async with db.any().transaction() as tx:
        members = await queries.members_of_shop(tx, shop_id=fact.shop_id)
        owner = next((member for member in members if member.role == "owner"), None)
        account = await queries.account(tx, owner.account_id) if owner else None
        if account is None or account.email is None:
            return
        words = translator(account.locale)
        for kind in kinds_for(fact):
            text = text_of(kind, fact.data, words, zone=ZONE)
            body = words.gettext(BODY, name=account.name, text=text.body, link=f"{settings().base_url}/seller/finance")
            await keep_mail(
                tx, mail_id=new_id(), recipient=account.email, subject=text.title, body=body, cause_id=fact.id, at=now()
            )
