"""Commission and fees: what holds for whom and from when, and a form for the next rule with a look at the last ninety days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.commerce.catalog import queries as catalog
from etalase.commerce.catalog.window import queries as window
from etalase.commerce.catalog.window.queries import Category
from etalase.foundation.facts import Actor
from etalase.foundation.i18n import N_, format_money
from etalase.foundation.money import typed_rupiah
from etalase.foundation.policies import actions, queries
from etalase.foundation.policies.actions import SetPolicy
from etalase.foundation.policies.errors import PolicyChanged, PolicyNotValid
from etalase.foundation.policies.rules import PolicyBook, PolicyRow
from etalase.foundation.policies.values import NOT_A_NUMBER, Problem
from etalase.foundation.sql import Tx
from etalase.journeys.replay.fees import FEES, FeeReplay, preview_fees
from etalase.web.back_office.policies import MEANWHILE
from etalase.web.back_office.policy_scope import SCOPE_LABELS, Chosen, chosen_in
from etalase.web.request import Visit, VisitDep, operator, read_form, render, see_other

router = APIRouter()

ZONE = ZoneInfo("Asia/Jakarta")
"""Days on which rules begin are the platform's."""
AHEAD_MAX = timedelta(days=730)
FEE_LIMIT = 10**12
LABELS = {
    "commission.rate": N_("Commission"),
    "fee.order": N_("Order fee"),
    "tax.withheld": N_("Tax withheld"),
}
SCOPES_OF = {"commission.rate": ("operator", "category", "shop", "product")}
"""What a figure can be set for, if not for everybody and a store alone."""
NOT_A_PERCENT = N_("Write a percentage such as 2.5, with two decimals at most.")
NOT_A_DAY = N_("Choose a day from today on, at most two years ahead.")
NOT_FOR_THIS = N_("The order fee and the tax are set for everybody or for one store.")


@dataclass(frozen=True, slots=True)
class RuleView:
    """One rule in force or to come, in words."""

    label: str
    about: str
    value: str
    version: int
    starts_at: datetime | None


@router.get("/operator/fees")
async def show_fees(visit: VisitDep) -> Response:
    """Every rule of what sellers are charged, and the form for the next one."""
    operator(visit)
    return await _page(visit, {})


async def _page(
    visit: Visit,
    typed: Mapping[str, str],
    *,
    problems: Sequence[Problem] = (),
    preview: FeeReplay | None = None,
    status: int = 200,
) -> Response:
    async with visit.db.any().reading() as tx:
        book = await queries.load_book(tx)
        categories = await window.categories(tx)
        rules = await _rules(tx, visit, book, categories)
    text = visit.page.translator
    parents = {category.parent_id for category in categories}
    return render(
        visit, "back_office/fees.html", status=status, rules=rules, typed=typed, preview=preview,
        figures=[(key, text.gettext(label)) for key, label in LABELS.items()],
        scopes=[(scope, text.gettext(label)) for scope, label in SCOPE_LABELS.items()],
        categories=[(one.slug, _name(one, visit)) for one in categories if one.id not in parents],
        problems=[(problem.field, text.gettext(problem.text, **problem.values)) for problem in problems],
        errors={problem.field: text.gettext(problem.text, **problem.values) for problem in problems},
        today=visit.page.now.astimezone(ZONE).date().isoformat(),
    )  # fmt: skip


def _name(category: Category, visit: Visit) -> str:
    return category.name_id if visit.page.locale == "id" else category.name_en


async def _rules(tx: Tx, visit: Visit, book: PolicyBook, categories: Sequence[Category]) -> list[RuleView]:
    """What holds for everybody, then every rule of its own that holds or will, the latest first."""
    rows = [row for (key, _, _), rows in book.index.items() if key in FEES for row in _live(rows, book.at)]
    shops = await catalog.shops_by_id(tx, sorted({row.scope_id for row in rows if row.scope == "shop"}))
    names = {("shop", shop.shop_id): shop.name for shop in shops}
    names |= {("category", one.id): _name(one, visit) for one in categories}
    text = visit.page.translator.gettext
    found = [
        RuleView(
            text(LABELS[row.key]),
            " · ".join([text(SCOPE_LABELS[row.scope]), names.get((row.scope, row.scope_id), str(row.scope_id))])
            if row.scope_id
            else text(SCOPE_LABELS["operator"]),
            _said(row.key, row.value, visit),
            row.version,
            row.valid_from if row.valid_from > book.at else None,
        )
        for row in sorted(rows, key=lambda row: (FEES.index(row.key), row.scope != "operator", -row.version))
    ]
    own = {row.key for row in rows if row.scope == "operator" and row.valid_from <= book.at}
    defaults = [
        RuleView(text(LABELS[key]), text(SCOPE_LABELS["operator"]), _said(key, book.find(key).value, visit), 0, None)
        for key in FEES
        if key not in own
    ]
    return defaults + found


def _live(rows: Sequence[PolicyRow], at: datetime) -> list[PolicyRow]:
    """Of the versions for one place: that in force, and those still to come."""
    now = next((row for row in rows if row.valid_from <= at), None)
    return [row for row in rows if row.valid_from > at and (now is None or row.version > now.version)] + (
        [now] if now else []
    )


def _said(key: str, value: Any, visit: Visit) -> str:
    if key == "fee.order":
        return format_money(int(value), "IDR", locale=visit.page.locale)
    percent = f"{int(value) / 100:g}%"
    return percent.replace(".", ",") if visit.page.locale == "id" else percent


@router.post("/operator/fees")
async def set_fee(request: Request, visit: VisitDep) -> Response:
    """Let a rule hold from a day on, or show what the last ninety days would have been under it."""
    account = operator(visit)
    form = {name: str(value) for name, value in (await read_form(request)).items()}
    async with visit.db.any().reading() as tx:
        named = form.get("category" if form.get("scope") == "category" else "subject", "")
        chosen, problems = await chosen_in(tx, {**form, "subject": named})
    wanted, further = _wanted(form, chosen, visit)
    problems = [*problems, *further]
    if chosen.scope == "category" and chosen.scope_id == 0:
        problems = [Problem("category", N_("Choose a category.")), *further]
    try:
        if problems:
            raise PolicyNotValid(problems)
        actions.check_policy(wanted)
        if form.get("action") == "preview":
            return await _page(visit, form, preview=await preview_fees(visit.db, wanted))
        policy = await actions.set_policy(visit.db, wanted, by=Actor.operator(account.id))
    except PolicyNotValid as refused:
        return await _page(visit, form, problems=refused.problems, status=422)
    except PolicyChanged:
        return await _page(visit, form, problems=[Problem("", MEANWHILE)], status=409)
    said = N_("Saved as version %(version)s. Orders placed before it holds keep the rate they were placed with.")
    return see_other(visit, "/operator/fees", flash=said, version=policy.version)


def _wanted(form: Mapping[str, str], chosen: Chosen, visit: Visit) -> tuple[SetPolicy, list[Problem]]:
    key = form.get("figure", "") if form.get("figure", "") in FEES else FEES[0]
    problems = []
    value = _amount(form.get("value", "")) if key == "fee.order" else _percent(form.get("value", ""))
    if value is None:
        problems.append(Problem("value", NOT_A_NUMBER if key == "fee.order" else NOT_A_PERCENT))
    starts = _starts(form.get("from", ""), visit.page.now)
    if starts is False:
        problems.append(Problem("from", NOT_A_DAY))
    if chosen.scope not in SCOPES_OF.get(key, ("operator", "shop")):
        problems.append(Problem("scope", NOT_FOR_THIS))
    wanted = SetPolicy(
        key=key, value=value, scope=chosen.scope, scope_id=chosen.scope_id, valid_from=starts or None
    )  # fmt: skip
    return wanted, problems


def _percent(said: str) -> int | None:
    """Hundredths of a percent, of what people type: 2.5 or 2,5."""
    try:
        rate = Decimal(said.strip().rstrip("%").strip().replace(",", ".")) * 100
    except InvalidOperation:
        return None
    return int(rate) if rate.is_finite() and rate == rate.to_integral_value() and 0 <= rate <= 10_000 else None


def _amount(said: str) -> int | None:
    amount = typed_rupiah(said)
    return amount if amount is not None and amount < FEE_LIMIT else None


def _starts(said: str, now: datetime) -> datetime | Literal[False] | None:
    """The first moment of the day; none for today or nothing said, false for a day that can't be."""
    if not said.strip():
        return None
    try:
        day = date.fromisoformat(said.strip())
    except ValueError:
        return False
    today = now.astimezone(ZONE).date()
    if not today <= day <= today + AHEAD_MAX:
        return False
    return None if day == today else datetime.combine(day, time(), ZONE)
