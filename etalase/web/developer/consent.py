"""The seller's consent: an app asks, the owner of a shop sees what for, chooses shops, allows or declines."""

from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from etalase.commerce.accounts import queries as accounts
from etalase.commerce.accounts.queries import WorkShop
from etalase.commerce.apps import actions, queries, rules
from etalase.commerce.apps.errors import NotTheOwner
from etalase.commerce.apps.queries import App
from etalase.foundation.i18n import N_
from etalase.foundation.ids import parse_id
from etalase.web.request import NotFound, Visit, VisitDep, read_form, render, signed_in
from etalase.web.security import page_headers

router = APIRouter()

STATE_CHARS_MAX = 1000


@router.get("/oauth/authorize")
async def ask_by_key(visit: VisitDep, app_key: str = "", state: str = "", redirect_uri: str = "") -> Response:
    """An app asks by its key."""
    return await _ask(visit, await _app(visit, key=app_key), state=state, redirect_uri=redirect_uri)


@router.get("/open/authorize")
async def ask_by_service(visit: VisitDep, service_id: str = "", state: str = "", redirect_uri: str = "") -> Response:
    """An app asks by its service id."""
    async with visit.db.any().reading() as tx:
        app = await queries.app_by_id(tx, parse_id(service_id) or 0)
    return await _ask(visit, app, state=state, redirect_uri=redirect_uri)


@router.post("/oauth/authorize")
async def answer(request: Request, visit: VisitDep) -> Response:
    """Go back to the app: with a code, or with the word that the seller declined."""
    account = signed_in(visit)
    form = await read_form(request)
    app = await _app(visit, key=str(form.get("app_key", "")))
    state, redirect_uri = str(form.get("state", "")), str(form.get("redirect_uri", ""))
    if app is None:
        raise NotFound
    back = _redirect_url(app, redirect_uri)
    if form.get("answer") != "allow":
        return _back(back, {"error": "access_denied", "state": state})
    chosen = [shop_id for text in form.getlist("shop_ids") if (shop_id := parse_id(str(text)))]
    if not chosen:
        return await _ask(visit, app, state=state, redirect_uri=redirect_uri, error=N_("Choose at least one shop."))
    try:
        code = await actions.authorize(visit.db, app, account_id=account.id, shop_ids=chosen)
    except NotTheOwner:
        raise NotFound from None
    return _back(back, {"app_key": app.key, "code": code, "locale": visit.page.locale, "state": state})


async def _app(visit: Visit, *, key: str) -> App | None:
    async with visit.db.any().reading() as tx:
        return await queries.app_by_key(tx, key.replace("\0", "")[:60])


async def _ask(visit: Visit, app: App | None, *, state: str, redirect_uri: str, error: str = "") -> Response:
    account = signed_in(visit)
    if app is None:
        raise NotFound
    back = _redirect_url(app, redirect_uri)
    shops = await _own_shops(visit, account.id)
    response = render(
        visit,
        "developer/consent.html",
        status=422 if error else 200,
        app=app,
        state=state[:STATE_CHARS_MAX],
        redirect_uri=redirect_uri,
        host=urlsplit(back).netloc or urlsplit(visit.settings.base_url).netloc,
        shops=shops,
        chosen={visit.member.shop_id if visit.member else 0} | ({shops[0].shop_id} if len(shops) == 1 else set()),
        words=[text for scope, text in rules.SCOPES.items() if scope in rules.granted(app.scopes)],
        error=error,
    )
    _let_form_lead_to(response, back, visit)
    return response


async def _own_shops(visit: Visit, account_id: int) -> list[WorkShop]:
    async with visit.db.any().reading() as tx:
        shops = await accounts.shops_of_account(tx, account_id=account_id)
    return [shop for shop in shops if shop.role == "owner"]


def _redirect_url(app: App, asked: str) -> str:
    """Where the app said it can be reached: the first address, or another of its own. Nobody is sent anywhere else."""
    if not asked:
        return app.redirect_urls[0]
    if asked not in app.redirect_urls:
        raise NotFound
    return asked


def _back(url: str, values: dict[str, str]) -> Response:
    query = urlencode({name: value for name, value in values.items() if value})
    response = RedirectResponse(f"{url}{'&' if '?' in url else '?'}{query}", status_code=303)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _let_form_lead_to(response: Response, url: str, visit: Visit) -> None:
    """Browsers hold the redirect that follows a form to form-action; on this page alone the app's address is on it."""
    parts = urlsplit(url)
    if not parts.netloc:
        return
    policy = page_headers(visit.settings)["Content-Security-Policy"]
    response.headers["Content-Security-Policy"] = policy.replace(
        "form-action 'self'", f"form-action 'self' {parts.scheme}://{parts.netloc}"
    )
