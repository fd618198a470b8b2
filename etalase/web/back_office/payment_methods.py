"""The operator's page of ways to pay: who takes each, how it fares, and the switch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.commerce.payments import health, queries
from etalase.commerce.payments.methods import METHODS, PaymentMethod, chosen_method
from etalase.commerce.payments.rules import Unusable
from etalase.foundation.facts import Actor
from etalase.foundation.i18n import N_
from etalase.integrations.payment_providers import availability
from etalase.integrations.payment_providers.routing import provider_of, set_up
from etalase.settings import Settings
from etalase.web.request import NotFound, VisitDep, operator, read_form, render, see_other

router = APIRouter()

REASON_CHARS_MAX = 200
PROVIDERS: Mapping[str, str] = {
    "midtrans": "Midtrans",
    "xendit": "Xendit",
    "stripe": "Stripe",
    "bank_transfer": N_("Bank transfer"),
    "sandbox": N_("Sandbox"),
    "cod": N_("Courier"),
}


@dataclass(frozen=True, slots=True)
class MethodView:
    """One method as the page shows it."""

    method: PaymentMethod
    provider: str
    off: Unusable | None
    failing: Unusable | None
    is_hidden: bool


@router.get("/operator/payment-methods")
async def show_methods(visit: VisitDep) -> Response:
    """Every method with its provider, its health and its switch."""
    operator(visit)
    async with visit.db.any().reading() as tx:
        found = await queries.unusable_methods(tx)
    here = set_up(visit.settings)
    return render(
        visit,
        "back_office/payment_methods.html",
        methods=[_view(method, visit.settings, found, now=visit.page.now) for method in METHODS],
        providers=[(PROVIDERS[code], code in here) for code in PROVIDERS],
        provider_names=PROVIDERS,
    )


def _view(method: PaymentMethod, settings: Settings, found: Sequence[Unusable], *, now: datetime) -> MethodView:
    provider = provider_of(settings, method.code) or ""
    off = next((one for one in found if one.method == method.code and one.is_off), None)
    failing = next((one for one in found if (one.method, one.provider) == (method.code, provider)), None)
    is_hidden = failing is not None and failing.hidden_until is not None and now < failing.hidden_until
    return MethodView(method, provider, off, failing, is_hidden)


@router.post("/operator/payment-methods/{code}")
async def switch_method(request: Request, visit: VisitDep, code: str) -> Response:
    """Take a method away from everybody, or give it back."""
    account = operator(visit)
    method = chosen_method(code)
    if method is None:
        raise NotFound
    form = await read_form(request)
    by, here = Actor.operator(account.id), "/operator/payment-methods"
    name = visit.page.translator.gettext(method.name)
    if form.get("to") == "on":
        await health.switch_on(visit.db, method=code, by=by)
        said = N_("%(name)s is offered again.")
    else:
        reason = str(form.get("reason", "")).strip()[:REASON_CHARS_MAX]
        if not reason:
            return see_other(visit, here, flash=N_("Say why: the next operator wants to know."), kind="error")
        await health.switch_off(visit.db, method=code, reason=reason, by=by)
        said = N_("%(name)s is not offered any more.")
    availability.forget()
    return see_other(visit, here, flash=said, name=name)
