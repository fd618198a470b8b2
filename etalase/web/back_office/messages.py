"""The operator's word about vendors' messages that were set aside."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.foundation.facts import Actor
from etalase.foundation.i18n import N_
from etalase.foundation.inbound import actions as inbound
from etalase.web.request import NotFound, VisitDep, operator, read_form, see_other

router = APIRouter()


@router.post("/operator/messages/again")
async def try_message_again(request: Request, visit: VisitDep) -> Response:
    """Let the worker try a message again that it had given up."""
    account = operator(visit)
    form = await read_form(request)
    vendor, event_id = str(form.get("vendor", "")), str(form.get("event_id", ""))
    if not await inbound.try_again(visit.db, vendor=vendor, event_id=event_id, by=Actor.operator(account.id)):
        raise NotFound
    return see_other(visit, "/operator", flash=N_("The message is tried again now."))
