"""Settings and Privacy: account, devices, language, password."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.commerce.accounts import actions, queries
from etalase.commerce.accounts.errors import NotValid, TooManyAttempts
from etalase.foundation import clock
from etalase.foundation.i18n import N_, format_duration
from etalase.foundation.ids import parse_id
from etalase.web.problems import explain
from etalase.web.request import NotFound, Visit, VisitDep, read_form, render, see_other, signed_in

router = APIRouter()


@router.get("/settings")
async def show_settings(visit: VisitDep) -> Response:
    """The page "Settings and Privacy"."""
    return render(visit, "storefront/settings/settings.html", account=signed_in(visit))


@router.get("/settings/name")
async def show_name(visit: VisitDep) -> Response:
    """The form for another name."""
    account = signed_in(visit)
    return render(visit, "storefront/settings/name.html", name=account.name, errors={})


@router.post("/settings/name")
async def change_name(request: Request, visit: VisitDep) -> Response:
    """Be called otherwise from now on."""
    account = signed_in(visit)
    name = str((await read_form(request)).get("name", ""))
    try:
        await actions.change_profile(visit.db, account_id=account.id, name=name)
    except NotValid as error:
        errors = explain(error.problems, visit.page.translator)
        return render(visit, "storefront/settings/name.html", status=422, name=name, errors=errors)
    return see_other(visit, "/settings", flash=N_("Your name is saved."))


@router.get("/settings/language")
async def show_language(visit: VisitDep) -> Response:
    """The choice of languages."""
    signed_in(visit)
    return render(visit, "storefront/settings/language.html")


@router.get("/settings/password")
async def show_password(visit: VisitDep) -> Response:
    """The form for another password."""
    signed_in(visit)
    return _password_page(visit)


@router.post("/settings/password")
async def change_password(request: Request, visit: VisitDep) -> Response:
    """Set another password; other devices are signed out."""
    account = signed_in(visit)
    form = await read_form(request)
    present, new = str(form.get("present", ""))[:1000], str(form.get("new", ""))
    try:
        await actions.change_password(
            visit.db, account_id=account.id, session_id=account.session_id, present=present, new=new
        )
    except NotValid as error:
        return _password_page(visit, status=422, errors=explain(error.problems, visit.page.translator))
    except TooManyAttempts as error:
        wait = format_duration(error.wait, locale=visit.page.locale)
        text = visit.page.translator.gettext(N_("Too many attempts. Try again in %(wait)s."), wait=wait)
        return _password_page(visit, status=429, errors={"present": text})
    return see_other(visit, "/settings", flash=N_("Your new password is set. Your other devices are logged out."))


def _password_page(visit: Visit, *, status: int = 200, errors: Mapping[str, str] | None = None) -> Response:
    return render(visit, "storefront/settings/password.html", status=status, errors=errors or {})


@router.get("/settings/devices")
async def show_devices(visit: VisitDep) -> Response:
    """Every device that is signed in, this one first."""
    account = signed_in(visit)
    async with visit.db.for_buyer(account.id).reading() as tx:
        devices = await queries.sessions_of_account(tx, account_id=account.id, now=clock.now())
    this = [device for device in devices if device.id == account.session_id]
    others = [device for device in devices if device.id != account.session_id]
    return render(visit, "storefront/settings/devices.html", this=this, others=others)


@router.post("/settings/devices/others/end")
async def end_other_devices(visit: VisitDep) -> Response:
    """Sign out every device but this one."""
    account = signed_in(visit)
    await actions.log_out_elsewhere(visit.db, account_id=account.id, session_id=account.session_id)
    return see_other(visit, "/settings/devices", flash=N_("Your other devices are logged out."))


@router.post("/settings/devices/{session_id}/end")
async def end_device(visit: VisitDep, session_id: str) -> Response:
    """Sign one device out."""
    account = signed_in(visit)
    ended = parse_id(session_id)
    if ended is None:
        raise NotFound
    await actions.log_out(visit.db, account_id=account.id, session_id=ended)
    return see_other(visit, "/settings/devices", flash=N_("The device is logged out."))
