"""Apps: which programs of others may act for the shop, and how that ends."""

from fastapi import APIRouter
from starlette.responses import Response

from etalase.commerce.apps import actions, queries, rules
from etalase.commerce.apps.errors import AppNotFound, NotTheOwner
from etalase.foundation.i18n import N_
from etalase.foundation.ids import parse_id
from etalase.web.request import NotFound, VisitDep, member_of_shop, render, see_other

router = APIRouter()


@router.get("/seller/settings/apps")
async def show_apps(visit: VisitDep) -> Response:
    """The apps of the shop, with what each may do; owners may end it."""
    member = member_of_shop(visit)
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        found = await queries.apps_of_shop(tx, member.shop_id)
    return render(visit, "seller_center/apps.html", apps=found, scopes=rules.SCOPES, is_owner=member.role == "owner")


@router.post("/seller/settings/apps/{app_id}/removal")
async def remove_app(visit: VisitDep, app_id: str) -> Response:
    """Let the app act for the shop no longer; its tokens open nothing from now on."""
    member, found = member_of_shop(visit), parse_id(app_id)
    if found is None:
        raise NotFound
    try:
        await actions.deauthorize(visit.db, app_id=found, shop_id=member.shop_id, account_id=member.account_id)
    except (AppNotFound, NotTheOwner):
        raise NotFound from None
    return see_other(visit, "/seller/settings/apps", flash=N_("The app can no longer act for this shop."))
