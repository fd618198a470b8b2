"""The operator's pages: what runs late, what did not arrive, and the policies with their history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from etalase.commerce.catalog import queries as catalog
from etalase.commerce.payments import queries as payments
from etalase.foundation.deadlines import queries as deadlines
from etalase.foundation.deadlines.kinds import KINDS
from etalase.foundation.deadlines.rules import Deadline
from etalase.foundation.facts import Actor
from etalase.foundation.i18n import N_, Translator, format_number
from etalase.foundation.inbound import queries as inbound
from etalase.foundation.policies import actions, queries
from etalase.foundation.policies.actions import SetPolicy
from etalase.foundation.policies.defaults import DEFAULTS
from etalase.foundation.policies.errors import PolicyChanged, PolicyNotValid
from etalase.foundation.policies.shapes import UNITS, PolicyDefault
from etalase.foundation.policies.values import Choice, Problem, Span
from etalase.foundation.sql import Tx
from etalase.journeys.replay import replaying
from etalase.journeys.replay.replaying import Preview
from etalase.web.back_office.policy_replay import preview_view
from etalase.web.back_office.policy_scope import SCOPE_LABELS, Chosen, chosen_in
from etalase.web.request import NotFound, Visit, VisitDep, operator, read_form, render, see_other

router = APIRouter()

MEANWHILE = N_("Somebody else has changed this policy meanwhile. Look at it again.")

SOURCES = {
    "official": N_("Official pages of large marketplaces"),
    "press": N_("Press and integrators"),
    "own": N_("Our own choice"),
}


@dataclass(frozen=True, slots=True)
class FieldView:
    """One part of a value as a form shows it: one input, two for a span, or a list to choose from."""

    label: str
    inputs: Sequence[tuple[str, str]]
    options: Sequence[tuple[str, str]]
    error: str


@router.get("/operator")
async def show_overview(visit: VisitDep) -> Response:
    """Clocks, lateness, what vendors told us in vain, and the policies in force."""
    operator(visit)
    async with visit.db.any().reading() as tx:
        late = await deadlines.late_orders(tx)
        overdue = await deadlines.overdue(tx, at=visit.page.now)
        values: dict[str, Any] = {
            "running": await deadlines.running_by_kind(tx),
            "late": late,
            "overdue": overdue,
            "shops": await _shop_names(tx, [*late, *overdue]),
            "unapplied": await inbound.unapplied(tx),
            "unapplied_count": await inbound.count_unapplied(tx),
            "set_aside": await inbound.set_aside(tx),
            "failed_refunds": await payments.failed_refunds(tx),
        }
        book = await queries.load_book(tx)
    in_force = [(default, book.find(key)) for key, default in DEFAULTS.items()]
    text = visit.page.translator
    return render(
        visit,
        "back_office/operator.html",
        kinds=KINDS,
        sources=SOURCES,
        policies=[(default, policy, value_text(default, policy.value, text)) for default, policy in in_force],
        **values,
    )


async def _shop_names(tx: Tx, found: Sequence[Deadline]) -> Mapping[int, str]:
    shops = await catalog.shops_by_id(tx, sorted({deadline.shop_id for deadline in found}))
    return {shop.shop_id: shop.name for shop in shops}


def value_text(default: PolicyDefault, value: Any, translator: Translator) -> str:
    """A value as people read it: "48 hours", "QRIS: 60, Card: 60 minutes"."""
    parts = {default.fields[0].name: value} if default.is_single else value
    said = [_part_text(default, index, parts.get(field.name), translator) for index, field in enumerate(default.fields)]
    unit = translator.gettext(UNITS[default.unit]) if UNITS[default.unit] else ""
    return f"{', '.join(said)} {unit}".strip()


def _part_text(default: PolicyDefault, index: int, part: Any, translator: Translator) -> str:
    field = default.fields[index]
    if isinstance(field.type, Choice):
        text = translator.gettext(field.type.labels.get(part, str(part)))
    elif isinstance(field.type, Span) and isinstance(part, list | tuple):
        text = "–".join(str(number) for number in part)
    else:
        text = format_number(part, locale=translator.locale) if isinstance(part, int) else str(part)
    return text if default.is_single else f"{translator.gettext(field.label)}: {text}"


@router.get("/operator/policies/{key}")
async def show_policy(request: Request, visit: VisitDep, key: str) -> Response:
    """One policy: its value, a form for the next version, and all versions before."""
    operator(visit)
    default = _default(key)
    async with visit.db.any().reading() as tx:
        chosen, problems = await chosen_in(tx, dict(request.query_params))
    return await _policy_page(visit, default, chosen, problems=problems)


def _default(key: str) -> PolicyDefault:
    if key not in DEFAULTS:
        raise NotFound
    return DEFAULTS[key]


async def _policy_page(
    visit: Visit,
    default: PolicyDefault,
    chosen: Chosen,
    *,
    typed: Any = None,
    problems: Sequence[Problem] = (),
    preview: Preview | None = None,
    status: int = 200,
) -> Response:
    async with visit.db.any().reading() as tx:
        history = await queries.history(tx, key=default.key)
        book = await queries.load_book(tx)
        seen_version = await queries.last_version(tx, key=default.key)
    text = visit.page.translator
    holds = chosen.value_in(book, default.key) if chosen.scope_id or chosen.scope == "operator" else default.value
    return render(
        visit,
        "back_office/policy.html",
        status=status,
        default=default,
        policy=book.find(default.key),
        unit=UNITS[default.unit],
        source=SOURCES[default.source],
        value_text=value_text(default, book.find(default.key).value, text),
        default_text=value_text(default, default.value, text),
        fields=_field_views(default, holds if typed is None else typed, problems=problems, translator=text),
        problems=[(problem.field, text.gettext(problem.text, **problem.values)) for problem in problems],
        history=[(row, SCOPE_LABELS[row.scope], value_text(default, row.value, text)) for row in history],
        seen_version=seen_version,
        chosen=chosen,
        scopes=[(scope, text.gettext(label)) for scope, label in SCOPE_LABELS.items()],
        can_preview=replaying.can_preview(default.key),
        preview=preview_view(preview, text) if preview else None,
    )


def _field_views(
    default: PolicyDefault, value: Any, *, problems: Sequence[Problem], translator: Translator
) -> list[FieldView]:
    parts = {default.fields[0].name: value} if default.is_single else value
    errors = {problem.field: translator.gettext(problem.text, **problem.values) for problem in problems}
    views = []
    for field in default.fields:
        texts = field.type.inputs(parts.get(field.name, ""))
        names = [f"{field.name}.{index}" for index in range(2 if isinstance(field.type, Span) else 1)]
        options = field.type.labels.items() if isinstance(field.type, Choice) else ()
        views.append(
            FieldView(
                label=translator.gettext(field.label),
                inputs=list(zip(names, texts, strict=False)),
                options=[(option, translator.gettext(label)) for option, label in options],
                error=errors.get(field.name, ""),
            )
        )
    return views


@router.post("/operator/policies/{key}")
async def set_policy(request: Request, visit: VisitDep, key: str) -> Response:
    """Let a new version hold for orders placed from now on, or show what it would have done to the last ninety days."""
    account = operator(visit)
    default = _default(key)
    form = await read_form(request)
    value = read_value(default, form)
    async with visit.db.any().reading() as tx:
        chosen, problems = await chosen_in(tx, form)
    seen = str(form.get("seen_version", ""))
    wanted = SetPolicy(
        key=key,
        value=value,
        scope=chosen.scope,
        scope_id=chosen.scope_id,
        seen_version=int(seen) if seen.isascii() and seen.isdigit() else None,
    )
    try:
        if problems:
            raise PolicyNotValid(problems)
        if form.get("action") == "preview":
            actions.check_policy(wanted)
            return await _policy_page(
                visit, default, chosen, typed=value, preview=await replaying.preview(visit.db, wanted)
            )
        policy = await actions.set_policy(visit.db, wanted, by=Actor.operator(account.id))
    except PolicyNotValid as refused:
        return await _policy_page(visit, default, chosen, typed=value, problems=refused.problems, status=422)
    except PolicyChanged:
        changed = Problem("", MEANWHILE)
        return await _policy_page(visit, default, chosen, typed=value, problems=[changed], status=409)
    said = visit.page.translator.gettext("Version %(version)s holds from now on.", version=policy.version)
    return see_other(visit, f"/operator/policies/{key}{chosen.query}", flash=said)


def read_value(default: PolicyDefault, form: FormData) -> Any:
    """The value that the form's fields say; what cannot be read stays as it was typed."""
    parts = {}
    for field in default.fields:
        count = 2 if isinstance(field.type, Span) else 1
        parts[field.name] = field.type.read([str(form.get(f"{field.name}.{index}", "")) for index in range(count)])
    return parts[default.fields[0].name] if default.is_single else parts
