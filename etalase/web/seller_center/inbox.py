"""The seller's inbox: what happens in all shops one works in, each notice leading to its order in its shop."""

from fastapi import APIRouter
from starlette.responses import Response

from etalase.commerce.accounts import actions
from etalase.commerce.accounts.errors import NotAMember
from etalase.web.inboxes import inbox_page, open_notice, read_all
from etalase.web.notices import leads_seller_to
from etalase.web.request import NotFound, VisitDep, is_htmx, member_of_shop, render, see_other, signed_in

router = APIRouter()


@router.get("/seller/inbox")
async def show_seller_inbox(visit: VisitDep) -> Response:
    """Notices, newest first; to "load more" the next ones alone."""
    member_of_shop(visit)
    inbox = await inbox_page(visit, "seller", "/seller/inbox")
    part = is_htmx(visit.request) and "before" in visit.request.query_params
    return render(visit, "seller_center/inbox/_notices.html" if part else "seller_center/inbox/inbox.html", inbox=inbox)


@router.get("/seller/inbox/{notice_id}")
async def follow_seller_notice(visit: VisitDep, notice_id: str) -> Response:
    """The notice is read now; on to its order, working in its shop from here on."""
    member = member_of_shop(visit)
    notice = await open_notice(visit, "seller", notice_id)
    if notice.shop_id != member.shop_id:
        try:
            await actions.switch_shop(
                visit.db, account_id=member.account_id, session_id=signed_in(visit).session_id, shop_id=notice.shop_id
            )
        except NotAMember:
            raise NotFound from None
    return see_other(visit, leads_seller_to(notice))


@router.post("/seller/inbox/read")
async def mark_seller_inbox_read(visit: VisitDep) -> Response:
    """Everything seen is read."""
    member_of_shop(visit)
    await read_all(visit, "seller")
    return see_other(visit, "/seller/inbox")
