"""The buyer's inbox: what happened to one's orders, each notice leading to its order."""

from fastapi import APIRouter
from starlette.responses import Response

from etalase.web.inboxes import inbox_page, open_notice, read_all
from etalase.web.notices import leads_to
from etalase.web.request import VisitDep, is_htmx, render, see_other

router = APIRouter()


@router.get("/inbox")
async def show_inbox(visit: VisitDep) -> Response:
    """Notices, newest first; to "load more" the next ones alone."""
    inbox = await inbox_page(visit, "buyer", "/inbox")
    part = is_htmx(visit.request) and "before" in visit.request.query_params
    return render(visit, "storefront/inbox/_notices.html" if part else "storefront/inbox/inbox.html", inbox=inbox)


@router.get("/inbox/{notice_id}")
async def follow_notice(visit: VisitDep, notice_id: str) -> Response:
    """The notice is read now; on to what it is about."""
    notice = await open_notice(visit, "buyer", notice_id)
    return see_other(visit, leads_to(notice))


@router.post("/inbox/read")
async def mark_inbox_read(visit: VisitDep) -> Response:
    """Everything seen is read."""
    await read_all(visit, "buyer")
    return see_other(visit, "/inbox")
