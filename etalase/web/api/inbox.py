"""The inbox: what happened to one's orders, in the account's language."""

from typing import Annotated

from fastapi import APIRouter, Query

from etalase.foundation.i18n import translator
from etalase.foundation.ids import ID_MAX
from etalase.reactions.notifications import actions, queries
from etalase.reactions.notifications.queries import PAGE_MAX
from etalase.reactions.notifications.rules import kinds_of
from etalase.web.api import models, order_models
from etalase.web.api.access import BuyerDep, id_of
from etalase.web.api.problems import not_found
from etalase.web.notices import read_aloud

router = APIRouter(prefix="/api/v1", tags=["inbox"])


@router.get("/inbox")
async def inbox(
    buyer: BuyerDep, before: Annotated[str, Query(max_length=19, description="next_before of the page before")] = ""
) -> order_models.Inbox:
    """Notices, newest first, and how many are unread in all."""
    words = translator(buyer.locale)
    async with buyer.db.for_buyer(buyer.id).reading() as tx:
        found = await queries.notices(
            tx,
            account_id=buyer.id,
            audience="buyer",
            kinds=kinds_of("buyer"),
            before_id=id_of(before) if before else ID_MAX,
            limit=PAGE_MAX + 1,
        )
        unread = await queries.unread_of(tx, buyer.id)
    shown = found[:PAGE_MAX]
    notices = []
    for notice in shown:
        text = read_aloud(notice, words, zone=buyer.zone)
        notices.append(
            order_models.NoticeView(
                id=str(notice.id), kind=notice.kind, title=text.title, text=text.body,
                order_id=str(notice.order_id) if notice.order_id else None, at=notice.created_at,
                is_unread=notice.is_unread,
            )
        )  # fmt: skip
    more = str(shown[-1].id) if len(found) > PAGE_MAX else ""
    return order_models.Inbox(notices=notices, next_before=more, unread=unread.buyer)


@router.post("/inbox/read")
async def read_all(buyer: BuyerDep, sent: order_models.ReadUntil) -> models.Done:
    """Mark everything up to a notice as read; what came since stays unread."""
    until = id_of(sent.until) if sent.until else ID_MAX
    await actions.mark_all_read(buyer.db, account_id=buyer.id, audience="buyer", until_id=until)
    return models.Done()


@router.post("/inbox/{notice_id}/read")
async def read(buyer: BuyerDep, notice_id: str) -> models.Done:
    """Mark one notice as read."""
    if await actions.mark_read(buyer.db, account_id=buyer.id, notice_id=id_of(notice_id)) is None:
        raise not_found()
    return models.Done()
