"""Shop settings: what the shop says of itself, how it confirms, when it is open, who carries its parcels."""

from datetime import time

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from etalase.commerce.catalog import queries, shops
from etalase.commerce.catalog.shops import SettingProblem, SettingsRefused, ShopSettings
from etalase.foundation.facts import Actor
from etalase.foundation.i18n import N_
from etalase.integrations.carriers import registry
from etalase.web.request import Visit, VisitDep, member_of_shop, read_form, render, see_other

router = APIRouter()

ZONE_LABELS = {
    "Asia/Jakarta": N_("WIB (western Indonesia)"),
    "Asia/Makassar": N_("WITA (central Indonesia)"),
    "Asia/Jayapura": N_("WIT (eastern Indonesia)"),
}
CONFIRM_MODES = {
    "automatic": (N_("Automatic"), N_("Paid orders are confirmed at once and wait under Ready to Ship.")),
    "manual": (
        N_("Manual"),
        N_("You confirm each order after checking stock. A clock runs: at zero the order is cancelled and refunded."),
    ),
}
PROBLEM_TEXTS = {
    ("name", "missing"): N_("Enter the name of the shop."),
    ("name", "too_long"): N_("The name is too long."),
    ("description", "too_long"): N_("The description is too long."),
    ("description_en", "too_long"): N_("The description is too long."),
    ("confirm_mode", "unknown"): N_("Choose how orders are confirmed."),
    ("zone", "unknown"): N_("Choose a time zone."),
    ("closes_at", "closes_before_it_opens"): N_("The shop must close later than it opens."),
    ("carriers", "missing"): N_("Choose at least one carrier."),
}
NOT_OFFERED = "any"
"""The carrier we do not know is for sellers who ship, not for buyers who choose."""


@router.get("/seller/settings")
async def show_settings(visit: VisitDep) -> Response:
    """The settings as they stand."""
    member = member_of_shop(visit)
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        [shop] = await queries.shops_by_id(tx, [member.shop_id])
    return _page(visit, shops.settings_of(shop))


@router.post("/seller/settings")
async def save_settings(request: Request, visit: VisitDep) -> Response:
    """Save them, or show the form again with what has to be changed."""
    member = member_of_shop(visit)
    wanted = _read(await read_form(request))
    try:
        changed = await shops.edit_shop(
            visit.db, shop_id=member.shop_id, wanted=wanted, by=Actor.seller(member.account_id)
        )
    except SettingsRefused as refused:
        return _page(visit, wanted, problems=refused.problems, status=422)
    flash = N_("The settings are saved.") if changed else N_("Nothing was changed.")
    return see_other(visit, "/seller/settings", flash=flash, kind="success" if changed else "info")


def _read(form: FormData) -> ShopSettings:
    offered = {carrier.code for carrier in registry.all_carriers()} - {NOT_OFFERED}

    def text(name: str) -> str:
        return str(form.get(name, "")).replace("\r\n", "\n").strip()

    chosen = {str(code) for code in form.getlist("carriers")}
    return ShopSettings(
        name=text("name"),
        description=text("description"),
        description_en=text("description_en"),
        confirm_mode=text("confirm_mode"),
        is_open=form.get("is_open") == "1",
        opens_at=_time(text("opens_at")),
        closes_at=_time(text("closes_at")),
        zone=text("zone"),
        carriers=tuple(carrier.code for carrier in registry.all_carriers() if carrier.code in chosen & offered),
        accepts_cod=form.get("accepts_cod") == "1",
    )


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        return time.min


def _page(
    visit: Visit, shown: ShopSettings, *, problems: tuple[SettingProblem, ...] = (), status: int = 200
) -> Response:
    _ = visit.page.translator.gettext
    errors = {problem.field: _(PROBLEM_TEXTS[problem.field, problem.code]) for problem in problems}
    return render(
        visit,
        "seller_center/settings.html",
        status=status,
        shown=shown,
        errors=errors,
        zones=[(zone, _(ZONE_LABELS[zone])) for zone in shops.ZONES],
        modes=[{"value": mode, "label": _(label), "hint": _(hint)} for mode, (label, hint) in CONFIRM_MODES.items()],
        carriers=[carrier for carrier in registry.all_carriers() if carrier.code != NOT_OFFERED],
        limits=shops,
    )
