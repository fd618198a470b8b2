"""What an app was told, for its maker: every message with its attempts, addresses that are paused, sending again."""

from fastapi import APIRouter
from starlette.responses import Response

from etalase.commerce.apps.errors import AppNotFound
from etalase.commerce.apps.queries import App
from etalase.foundation.facts import Actor
from etalase.foundation.i18n import N_
from etalase.reactions.webhooks import actions, queries
from etalase.web import app_messages
from etalase.web.developer.owned import id_or_404, own_app
from etalase.web.request import NotFound, VisitDep, is_htmx, read_form, render, see_other

router = APIRouter()


@router.get("/developer/apps/{app_id}/messages")
async def show_messages(visit: VisitDep, app_id: str) -> Response:
    """The log, newest first, with the addresses above it; to "load more" the next messages alone."""
    app = await own_app(visit, app_id)
    log = await app_messages.log_page(visit, _log(app), app_id=app.id, shop_id=None)
    if is_htmx(visit.request):
        return render(visit, "developer/_messages.html", log=log, has_shop=True)
    async with visit.db.any().reading() as tx:
        addresses = await queries.addresses_of_app(tx, app.id)
        about = await queries.owner_of_app(tx, app.id)
    return render(
        visit,
        "developer/messages.html",
        app=app,
        log=log,
        addresses=addresses,
        says_cancelled=bool(about and about.says_cancelled),
        has_shop=True,
    )


@router.get("/developer/apps/{app_id}/messages/{shop_id}/{message_id}")
async def show_message(visit: VisitDep, app_id: str, shop_id: str, message_id: str) -> Response:
    """One message: what was sent, what was answered, attempt by attempt."""
    app = await own_app(visit, app_id)
    entry = await app_messages.entry(visit, app_id=app.id, shop_id=id_or_404(shop_id), message_id=id_or_404(message_id))
    return render(visit, "developer/message.html", app=app, entry=entry)


@router.post("/developer/apps/{app_id}/messages/{shop_id}/{message_id}/repeat")
async def send_again(visit: VisitDep, app_id: str, shop_id: str, message_id: str) -> Response:
    """Send one message once more."""
    app = await own_app(visit, app_id)
    here = f"{_log(app)}/{id_or_404(shop_id)}/{id_or_404(message_id)}"
    return await app_messages.send_again(
        visit,
        here,
        app_id=app.id,
        shop_id=id_or_404(shop_id),
        message_id=id_or_404(message_id),
        account_id=app.owner_id,
    )


@router.post("/developer/apps/{app_id}/messages/repeat")
async def send_range_again(visit: VisitDep, app_id: str) -> Response:
    """Send the messages of a stretch of time once more."""
    app = await own_app(visit, app_id)
    return await app_messages.send_range_again(visit, _log(app), app_id=app.id, shop_id=None, account_id=app.owner_id)


@router.post("/developer/apps/{app_id}/addresses/{address_id}/resumption")
async def resume(visit: VisitDep, app_id: str, address_id: str) -> Response:
    """The address answers again: what waited is sent, in order."""
    app = await own_app(visit, app_id)
    is_resumed = await actions.resume(
        visit.db, app_id=app.id, address_id=id_or_404(address_id), by=Actor.seller(app.owner_id)
    )
    words = (
        N_("The address is told again; what waited comes first.") if is_resumed else N_("The address was not paused.")
    )
    return see_other(visit, _log(app), flash=words, kind="success" if is_resumed else "info")


@router.post("/developer/apps/{app_id}/spelling")
async def choose_spelling(visit: VisitDep, app_id: str) -> Response:
    """CANCELLED as calls have it, or CANCEL as webhooks are documented."""
    app = await own_app(visit, app_id)
    form = await read_form(visit.request)
    try:
        await actions.choose_spelling(
            visit.db, app_id=app.id, owner_id=app.owner_id, says_cancelled=form.get("spelling") == "CANCELLED"
        )
    except AppNotFound:
        raise NotFound from None
    return see_other(visit, _log(app), flash=N_("Saved. It holds for what happens from now on."))


def _log(app: App) -> str:
    return f"/developer/apps/{app.id}/messages"
