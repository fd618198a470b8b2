"""Logging in and out, registering, and a new password by mail."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.commerce.accounts import actions, rules
from etalase.commerce.accounts.actions import Caller, SignedInDevice
from etalase.commerce.accounts.errors import LoginRefused, NotValid, ResetLinkNotValid, TooManyAttempts
from etalase.foundation.i18n import N_, format_duration
from etalase.foundation.ids import parse_id
from etalase.web.demo_logins import DEMO_LOGINS, DEMO_PASSWORD
from etalase.web.problems import explain
from etalase.web.request import Visit, VisitDep, caller_address, local_path, read_form, render, see_other, set_flashes

router = APIRouter()
SESSION_COOKIE_S = int(rules.SESSION_LIFETIME.total_seconds()) * 4
"""Longer than a session lives unused; the database says when it ends."""


@router.get("/login")
async def show_login(request: Request, visit: VisitDep) -> Response:
    """The log-in form; who is signed in goes on."""
    next_path = local_path(request.query_params.get("next"))
    if visit.account is not None:
        return see_other(visit, next_path)
    return _login_page(visit, next_path)


@router.post("/login")
async def log_in(request: Request, visit: VisitDep) -> Response:
    """Sign this device in and go on where the person was going."""
    form = await read_form(request)
    next_path = local_path(str(form.get("next", "")))
    login, password = str(form.get("login", "")), str(form.get("password", ""))
    demo = str(form.get("demo", ""))
    if visit.settings.is_demo and demo in {known.login for known in DEMO_LOGINS}:
        login, password = demo, DEMO_PASSWORD
    try:
        device = await actions.log_in(visit.db, login=login, password=password[:1000], caller=_caller(request))
    except LoginRefused:
        refusal = visit.page.translator.gettext(N_("These do not fit: check what you log in with, and the password."))
        return _login_page(visit, next_path, status=422, login=login, refusal=refusal)
    except TooManyAttempts as error:
        return _login_page(visit, next_path, status=429, login=login, refusal=_wait(visit, error))
    return await _signed_in(visit, device, next_path)


def _login_page(visit: Visit, next_path: str, *, status: int = 200, login: str = "", refusal: str = "") -> Response:
    return render(
        visit,
        "storefront/account/login.html",
        status=status,
        next_path=next_path,
        login=login[:254],
        refusal=refusal,
        demo_logins=DEMO_LOGINS if visit.settings.is_demo else (),
    )


async def _signed_in(visit: Visit, device: SignedInDevice, next_path: str, *, flash: str | None = None) -> Response:
    """The device's new cookie; a session it had before ends, whoever's it was."""
    if visit.account is not None:
        await actions.log_out(visit.db, account_id=visit.account.id, session_id=visit.account.session_id)
    response = see_other(visit, next_path, flash=flash)
    visit.cookies.set(response, "session", device.token, max_age=SESSION_COOKIE_S)
    if flash is None:
        visit.cookies.delete(response, "flash")
    return response


def _caller(request: Request) -> Caller:
    return Caller(caller_address(request), request.headers.get("user-agent", "")[:500])


def _wait(visit: Visit, error: TooManyAttempts) -> str:
    wait = format_duration(error.wait, locale=visit.page.locale)
    return visit.page.translator.gettext(
        N_("Too many attempts. Try again in %(wait)s, or set a new password."), wait=wait
    )


@router.get("/register")
async def show_registration(request: Request, visit: VisitDep) -> Response:
    """The form for a new account."""
    next_path = local_path(request.query_params.get("next"))
    if visit.account is not None:
        return see_other(visit, next_path)
    return _registration_page(visit, next_path)


@router.post("/register")
async def register(request: Request, visit: VisitDep) -> Response:
    """Make an account and sign this device in."""
    form = await read_form(request)
    next_path = local_path(str(form.get("next", "")))
    fields = {name: str(form.get(name, "")) for name in ("name", "login", "password")}
    try:
        device = await actions.register(visit.db, **fields, locale=visit.page.locale, caller=_caller(request))
    except NotValid as error:
        errors = explain(error.problems, visit.page.translator)
        return _registration_page(visit, next_path, status=422, fields=fields, errors=errors)
    except TooManyAttempts as error:
        return _registration_page(visit, next_path, status=429, fields=fields, errors={"login": _wait(visit, error)})
    return await _signed_in(visit, device, next_path, flash=N_("Welcome to Etalase."))


def _registration_page(
    visit: Visit,
    next_path: str,
    *,
    status: int = 200,
    fields: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    return render(
        visit,
        "storefront/account/register.html",
        status=status,
        next_path=next_path,
        fields=fields or {},
        errors=errors or {},
    )


@router.post("/logout")
async def log_out(request: Request, visit: VisitDep) -> Response:
    """Sign this device out, or with `everywhere` all of the account's."""
    form = await read_form(request)
    if visit.account is not None and form.get("everywhere"):
        await actions.log_out_elsewhere(visit.db, account_id=visit.account.id, session_id=0)
    elif visit.account is not None:
        await actions.log_out(visit.db, account_id=visit.account.id, session_id=visit.account.session_id)
    response = see_other(visit, "/login", flash=N_("You are logged out."), kind="info")
    visit.cookies.delete(response, "session")
    return response


@router.get("/password/forgot")
async def show_forgotten(visit: VisitDep) -> Response:
    """The form that asks for a link."""
    return render(visit, "storefront/account/forgot.html", is_sent=False, refusal="", email="")


@router.post("/password/forgot")
async def ask_for_link(request: Request, visit: VisitDep) -> Response:
    """Have the link mailed; the answer is the same whether there is such an account or not."""
    email = str((await read_form(request)).get("email", ""))
    if rules.read_email(email) is None:
        refusal = visit.page.translator.gettext(N_("Enter an e-mail address such as sari@example.com."))
        return render(visit, "storefront/account/forgot.html", status=422, is_sent=False, refusal=refusal, email=email)
    try:
        await actions.request_password_reset(visit.db, email=email, caller=_caller(request))
    except TooManyAttempts as error:
        refusal = _wait(visit, error)
        return render(visit, "storefront/account/forgot.html", status=429, is_sent=False, refusal=refusal, email=email)
    return render(visit, "storefront/account/forgot.html", is_sent=True, refusal="", email=email)


@router.get("/password/reset/{account_id}/{reset_id}/{secret}")
async def show_reset(visit: VisitDep, account_id: str, reset_id: str, secret: str) -> Response:
    """The form behind a mailed link, or what to do when the link is no longer good."""
    account, reset = parse_id(account_id) or 0, parse_id(reset_id) or 0
    is_usable = await actions.is_reset_usable(visit.db, account_id=account, reset_id=reset, secret=secret)
    return _reset_page(visit, is_usable=is_usable)


@router.post("/password/reset/{account_id}/{reset_id}/{secret}")
async def reset_password(request: Request, visit: VisitDep, account_id: str, reset_id: str, secret: str) -> Response:
    """Set the new password; all devices are signed out, this one logs in anew."""
    password = str((await read_form(request)).get("password", ""))
    account, reset = parse_id(account_id) or 0, parse_id(reset_id) or 0
    try:
        await actions.reset_password(visit.db, account_id=account, reset_id=reset, secret=secret, password=password)
    except NotValid as error:
        return _reset_page(visit, is_usable=True, status=422, errors=explain(error.problems, visit.page.translator))
    except ResetLinkNotValid:
        return _reset_page(visit, is_usable=False)
    response = see_other(visit, "/login", flash=N_("Your new password is set. Log in with it."))
    visit.cookies.delete(response, "session")
    return response


def _reset_page(
    visit: Visit, *, is_usable: bool, status: int = 200, errors: Mapping[str, str] | None = None
) -> Response:
    shown = status if is_usable else 410
    return render(
        visit,
        "storefront/account/reset.html",
        status=shown,
        is_usable=is_usable,
        errors=errors or {},
        action=visit.page.path,
    )


@router.post("/language")
async def choose_language(request: Request, visit: VisitDep) -> Response:
    """Show this device, and the account if one is signed in, the other language; comes back to the same page."""
    form = await read_form(request)
    locale = str(form.get("locale", ""))
    response = see_other(visit, local_path(str(form.get("next", ""))))
    if locale in ("id", "en"):
        if visit.account is not None and visit.account.locale != locale:
            await actions.change_profile(visit.db, account_id=visit.account.id, locale=locale)
        visit.cookies.set(response, "locale", locale, max_age=SESSION_COOKIE_S)
    if visit.page.flashes:
        set_flashes(visit, response, list(visit.page.flashes))
    return response
