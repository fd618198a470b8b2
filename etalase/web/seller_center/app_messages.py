"""What the shop's apps were told of it: every message with its attempts, and sending again."""

from fastapi import APIRouter
from starlette.responses import Response

from etalase.commerce.apps import queries
from etalase.commerce.apps.queries import AppOfShop
from etalase.foundation.ids import parse_id
from etalase.web import app_messages
from etalase.web.request import Member, NotFound, Visit, VisitDep, is_htmx, member_of_shop, render

router = APIRouter()


@router.get("/seller/settings/apps/{app_id}/messages")
async def show_messages(visit: VisitDep, app_id: str) -> Response:
    """The log, newest first; to "load more" the next messages alone."""
    member, app = await _app(visit, app_id)
    log = await app_messages.log_page(visit, _log(app), app_id=app.app_id, shop_id=member.shop_id)
    if is_htmx(visit.request):
        return render(visit, "developer/_messages.html", log=log, has_shop=False)
    return render(visit, "seller_center/app_messages.html", app=app, log=log, has_shop=False)


@router.get("/seller/settings/apps/{app_id}/messages/{message_id}")
async def show_message(visit: VisitDep, app_id: str, message_id: str) -> Response:
    """One message: what was sent, what was answered, attempt by attempt."""
    member, app = await _app(visit, app_id)
    entry = await app_messages.entry(visit, app_id=app.app_id, shop_id=member.shop_id, message_id=_id(message_id))
    return render(visit, "seller_center/app_message.html", app=app, entry=entry)


@router.post("/seller/settings/apps/{app_id}/messages/{message_id}/repeat")
async def send_again(visit: VisitDep, app_id: str, message_id: str) -> Response:
    """Send one message once more."""
    member, app = await _app(visit, app_id)
    return await app_messages.send_again(
        visit,
        f"{_log(app)}/{_id(message_id)}",
        app_id=app.app_id,
        shop_id=member.shop_id,
        message_id=_id(message_id),
        account_id=member.account_id,
    )


@router.post("/seller/settings/apps/{app_id}/messages/repeat")
async def send_range_again(visit: VisitDep, app_id: str) -> Response:
    """Send the messages of a stretch of time once more."""
    member, app = await _app(visit, app_id)
    return await app_messages.send_range_again(
        visit, _log(app), app_id=app.app_id, shop_id=member.shop_id, account_id=member.account_id
    )


def _log(app: AppOfShop) -> str:
    return f"/seller/settings/apps/{app.app_id}/messages"


async def _app(visit: Visit, app_id: str) -> tuple[Member, AppOfShop]:
    """The app, if it may act for the shop that the visitor works in."""
    member, wanted = member_of_shop(visit), _id(app_id)
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        found = await queries.apps_of_shop(tx, member.shop_id)
    app = next((one for one in found if one.app_id == wanted), None)
    if app is None:
        raise NotFound
    return member, app


def _id(text: str) -> int:
    found = parse_id(text)
    if found is None:
        raise NotFound
    return found
