"""A seller's money by hand: the operator gives, takes, makes good or pays a part, with a reason that the seller reads."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.commerce.catalog import queries as catalog
from etalase.commerce.catalog.queries import Shop
from etalase.commerce.catalog.window import queries as window
from etalase.commerce.ledger import queries as ledger
from etalase.foundation.facts import Actor
from etalase.foundation.i18n import N_
from etalase.foundation.ids import ID_MAX, new_id, parse_id
from etalase.foundation.money import typed_rupiah
from etalase.foundation.policies.queries import load_book
from etalase.journeys.settlement import queries
from etalase.journeys.settlement.adjusting import (
    CURRENCY,
    KIND_LABELS,
    AdjustmentKind,
    AdjustmentRefused,
    Wish,
    adjust,
)
from etalase.web.request import Visit, VisitDep, operator, read_form, render, see_other

router = APIRouter()

PAGE = 50
NO_STORE = N_("There is no such store.")
NO_ORDER = N_("This store has no such order.")


@router.get("/operator/adjustments")
async def show_adjustments(request: Request, visit: VisitDep) -> Response:
    """What was given and taken by hand, and the form for the next."""
    operator(visit)
    return await _page(visit, {"store": request.query_params.get("store", "")})


async def _page(
    visit: Visit, typed: Mapping[str, str], *, errors: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    text = visit.page.translator.gettext
    before = parse_id(visit.request.query_params.get("before", "")) or ID_MAX
    async with visit.db.any().reading() as tx:
        found = await queries.latest_adjustments(tx, before=before, limit=PAGE + 1)
        shops = await catalog.shops_by_id(tx, sorted({one.shop_id for one in found}))
        store = await window.shop_by_slug(tx, typed.get("store", "")) if typed.get("store") else None
        totals = await ledger.totals_of_seller(tx, shop_id=store.shop_id, currency=CURRENCY) if store else {}
        most = int((await load_book(tx)).find("adjust.maximum").value)
    shown = found[:PAGE]
    return render(
        visit, "back_office/adjustments.html", status=status, adjustments=shown, typed=typed, store=store, totals=totals,
        most=most, shops={shop.shop_id: shop.name for shop in shops}, labels=KIND_LABELS,
        kinds=[(kind.value, text(label)) for kind, label in KIND_LABELS.items()],
        errors={name: text(said) for name, said in (errors or {}).items()},
        form_key=typed.get("form_key") or new_id(), more=shown[-1].id if len(found) > PAGE else None,
    )  # fmt: skip


@router.post("/operator/adjustments")
async def make_adjustment(request: Request, visit: VisitDep) -> Response:
    """Move the money; the form sent twice moves it once."""
    account = operator(visit)
    form = {name: str(value) for name, value in (await read_form(request)).items()}
    async with visit.db.any().reading() as tx:
        store = await window.shop_by_slug(tx, form.get("store", "").strip())
    if store is None:
        return await _page(visit, form, errors={"store": NO_STORE}, status=422)
    try:
        await adjust(visit.db, _wish(form, store), by=Actor.operator(account.id))
    except AdjustmentRefused as refused:
        return await _page(visit, form, errors=refused.problems, status=422)
    said = N_("Written down. The seller reads it in the inbox and on the statement.")
    return see_other(visit, f"/operator/adjustments?store={store.slug}", flash=said)


def _wish(form: Mapping[str, str], store: Shop) -> Wish:
    """What the form says; raises AdjustmentRefused for what can't be read."""
    kind = next((one for one in AdjustmentKind if one == form.get("kind")), None)
    form_key = parse_id(form.get("form_key", ""))
    named = form.get("order", "").strip()
    order_id = parse_id(named) if named else None
    amount = typed_rupiah(form.get("amount", ""))
    problems = {}
    if kind is None or form_key is None:
        problems["kind"] = N_("Choose one of the listed values.")
    if named and order_id is None:
        problems["order"] = NO_ORDER
    if amount is None:
        problems["amount"] = N_("Enter an amount above zero.")
    if problems or kind is None or form_key is None or amount is None:
        raise AdjustmentRefused(problems)
    return Wish(
        shop_id=store.shop_id, kind=kind, amount_minor=amount, reason=form.get("reason", ""), form_key=form_key,
        order_id=order_id, currency=form.get("currency", CURRENCY),
    )  # fmt: skip
