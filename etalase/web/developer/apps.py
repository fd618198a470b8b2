"""What developers do with their apps: make, describe, change, delete; a secret is shown once."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from etalase.commerce.apps import actions, credentials, queries, rules
from etalase.commerce.apps.errors import AppNotFound, AppRefused
from etalase.commerce.apps.queries import App
from etalase.commerce.apps.rules import AppDraft
from etalase.foundation.i18n import N_
from etalase.web.developer.owned import id_or_404, own_app
from etalase.web.request import NotFound, Visit, VisitDep, read_form, render, see_other, signed_in
from etalase.web.security import sign, unsign

router = APIRouter()

COOKIE = "new-secret"
SHOWN_WITHIN = timedelta(minutes=10)
PROBLEMS = {
    ("name", "missing"): N_("Enter a name for the app."),
    ("name", "too_long"): N_("The name is too long."),
    ("name", "not_printable"): N_("The name may hold visible characters alone."),
    ("name", "too_many"): N_("You have as many apps as one may. Delete one you no longer need."),
    ("redirect_urls", "missing"): N_("Enter at least one address."),
    ("redirect_urls", "too_many"): N_("Five addresses at most."),
    ("redirect_urls", "malformed"): N_(
        "Each address begins with https://, or with http://localhost for a program of your own."
    ),
    ("scopes", "missing"): N_("Choose at least one."),
    ("scopes", "unknown"): N_("Choose among these."),
}


@router.get("/developer")
async def show_apps(visit: VisitDep) -> Response:
    """What the Open API is, and the account's apps; in a demo the app that works at once."""
    found: list[App] = []
    if visit.account is not None:
        async with visit.db.any().reading() as tx:
            found = await queries.apps_of_owner(tx, visit.account.id)
    demo = credentials.demo_app(visit.settings.key()) if visit.settings.is_demo else None
    return render(visit, "developer/apps.html", apps=found, demo=demo, base_url=visit.settings.base_url)


@router.get("/developer/apps/new")
async def show_new(visit: VisitDep) -> Response:
    """The form for an app."""
    signed_in(visit)
    return _form(visit, AppDraft("", (rules.OWN_PAGE,), tuple(rules.SCOPES)))


@router.post("/developer/apps")
async def make_app(request: Request, visit: VisitDep) -> Response:
    """Make it, and go on where its secret is shown, once."""
    account = signed_in(visit, back_to="/developer/apps/new")
    draft = _read(await read_form(request))
    try:
        app = await actions.register_app(visit.db, draft, owner_id=account.id)
    except AppRefused as refused:
        return _form(visit, draft, refused=refused)
    return _to_secret(visit, app, flash=N_("The app is made."))


@router.get("/developer/apps/{app_id}")
async def show_app(visit: VisitDep, app_id: str) -> Response:
    """One app: what it is known by, who lets it in."""
    app = await own_app(visit, app_id)
    async with visit.db.any().reading() as tx:
        shops = await queries.shops_of_app(tx, app.id)
    response = render(
        visit,
        "developer/app.html",
        app=app,
        secret=_new_secret(visit, app),
        shops=shops,
        scopes=rules.SCOPES,
        base_url=visit.settings.base_url,
    )
    visit.cookies.delete(response, COOKIE)
    return response


@router.get("/developer/apps/{app_id}/edit")
async def show_edit(visit: VisitDep, app_id: str) -> Response:
    """The form of an app there is."""
    app = await own_app(visit, app_id)
    return _form(visit, AppDraft(app.name, tuple(app.redirect_urls), tuple(app.scopes)), app=app)


@router.post("/developer/apps/{app_id}/edit")
async def change_app(request: Request, visit: VisitDep, app_id: str) -> Response:
    """Change name, addresses or scopes; sellers who agreed before are asked again for what is new."""
    account = signed_in(visit)
    app = await own_app(visit, app_id)
    draft = _read(await read_form(request))
    try:
        await actions.change_app(visit.db, draft, app_id=app.id, owner_id=account.id)
    except AppRefused as refused:
        return _form(visit, draft, app=app, refused=refused)
    return see_other(visit, f"/developer/apps/{app.id}", flash=N_("The app is saved."))


@router.post("/developer/apps/{app_id}/secret")
async def change_secret(visit: VisitDep, app_id: str) -> Response:
    """Another secret; the former one is worth nothing at once."""
    account = signed_in(visit)
    try:
        app = await actions.change_secret(visit.db, app_id=id_or_404(app_id), owner_id=account.id)
    except AppNotFound:
        raise NotFound from None
    return _to_secret(visit, app, flash=N_("The app has a new secret. The former one no longer works."))


@router.post("/developer/apps/{app_id}/deletion")
async def delete_app(visit: VisitDep, app_id: str) -> Response:
    """Delete the app; no shop knows it any more."""
    account = signed_in(visit)
    try:
        await actions.delete_app(visit.db, app_id=id_or_404(app_id), owner_id=account.id)
    except AppNotFound:
        raise NotFound from None
    return see_other(visit, "/developer", flash=N_("The app is deleted. No shop lets it in any more."))


@router.get("/developer/code")
async def show_code(visit: VisitDep) -> Response:
    """Where sellers come back to when an app has no page of its own: the code, to be copied."""
    query = visit.request.query_params
    return render(
        visit,
        "developer/code.html",
        code=query.get("code", "")[:200],
        state=query.get("state", "")[:1000],
        app_key=query.get("app_key", "")[:60],
        base_url=visit.settings.base_url,
    )


def _to_secret(visit: Visit, app: App, *, flash: str) -> Response:
    """To the app's page, with the right to see the secret there once; the secret itself does not travel."""
    response = see_other(visit, f"/developer/apps/{app.id}", flash=flash)
    right = sign(visit.settings.key(), COOKIE, [str(app.id), app.secret_changed_at.isoformat()])
    visit.cookies.set(response, COOKIE, right, max_age=int(SHOWN_WITHIN.total_seconds()))
    return response


def _new_secret(visit: Visit, app: App) -> str:
    """The secret, if it is new and has not been shown; else ''."""
    right = unsign(visit.settings.key(), COOKIE, visit.cookies.read(visit.request.cookies, COOKIE))
    if not isinstance(right, list) or right != [str(app.id), app.secret_changed_at.isoformat()]:
        return ""
    if _is_old(app.secret_changed_at, visit.page.now):
        return ""
    return credentials.secret_of(visit.settings.key(), app_key=app.key, salt=app.secret_salt)


def _is_old(changed_at: datetime, now: datetime) -> bool:
    return now - changed_at > SHOWN_WITHIN


def _read(form: FormData) -> AppDraft:
    lines = str(form.get("redirect_urls", "")).split()
    chosen = {str(scope) for scope in form.getlist("scopes")}
    return AppDraft(
        name=str(form.get("name", "")).strip(),
        redirect_urls=tuple(dict.fromkeys(lines)),
        scopes=tuple(scope for scope in rules.SCOPES if scope in chosen) + tuple(sorted(chosen - set(rules.SCOPES))),
    )


def _form(visit: Visit, draft: AppDraft, *, app: App | None = None, refused: AppRefused | None = None) -> Response:
    _ = visit.page.translator.gettext
    errors: Mapping[str, str] = {
        problem.field: _(PROBLEMS[problem.field, problem.code]) for problem in (refused.problems if refused else ())
    }
    return render(
        visit,
        "developer/form.html",
        status=422 if refused else 200,
        app=app,
        draft=draft,
        errors=errors,
        scopes={scope: text for scope, text in rules.SCOPES.items() if scope != rules.ALWAYS},
        limits=rules,
    )
