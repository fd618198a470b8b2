"""Turning from one of one's shops to another."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.commerce.accounts import actions
from etalase.commerce.accounts.errors import NotAMember
from etalase.foundation.i18n import N_
from etalase.foundation.ids import parse_id
from etalase.web.request import NotFound, Visit, VisitDep, member_of_shop, read_form, render, see_other

router = APIRouter()


@router.get("/seller/shops/{shop_id}")
async def follow_switcher(request: Request, visit: VisitDep, shop_id: str) -> Response:
    """A line of the switcher: turns to the shop. A link from elsewhere asks first, so that nobody is turned unawares."""
    member = member_of_shop(visit)
    shop = next((shop for shop in visit.page.shops if str(shop.id) == shop_id), None)
    if shop is None:
        raise NotFound
    if request.headers.get("sec-fetch-site") == "same-origin":
        return await _switch(visit, member.account_id, shop.id)
    return render(visit, "seller_center/switch.html", shop=shop)


@router.post("/seller/shop")
async def switch_shop(request: Request, visit: VisitDep) -> Response:
    """Work in another of one's shops from now on."""
    member = member_of_shop(visit)
    shop_id = parse_id(str((await read_form(request)).get("shop_id", "")))
    if shop_id is None:
        raise NotFound
    return await _switch(visit, member.account_id, shop_id)


async def _switch(visit: Visit, account_id: int, shop_id: int) -> Response:
    session_id = visit.account.session_id if visit.account else 0
    try:
        await actions.switch_shop(visit.db, account_id=account_id, session_id=session_id, shop_id=shop_id)
    except NotAMember:
        raise NotFound from None
    name = next(shop.name for shop in visit.page.shops if shop.id == shop_id)
    return see_other(visit, "/seller", flash=N_("You work in %(shop)s now."), shop=name)
