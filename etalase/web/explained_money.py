"""Explained money on a page and as CSV, for each party of an order; who may see the order loads it."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from etalase.commerce.ledger.rules import ACCOUNT_LABELS, CAUSE_LABELS
from etalase.commerce.orders.rules import Order
from etalase.foundation.i18n import Translator
from etalase.foundation.sql import Tx
from etalase.journeys.settlement import explaining
from etalase.journeys.settlement.explaining import RATE_REASONS, Explanation, MoneyLine
from etalase.journeys.settlement.queries import ChargedLine
from etalase.journeys.settlement.rules import COMMISSION
from etalase.web.request import Visit

SIGNS_OF_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class MoneyPage:
    """What the page shows: lines as (label, reason, amount), steps as (moment, what, lines)."""

    order: Order
    price: Sequence[tuple[str, str, int]]
    price_minor: int
    shares: Sequence[tuple[str, str, int]]
    rest_minor: int
    steps: Sequence[tuple[object, str, Sequence[tuple[str, int]]]]
    commission: Sequence[tuple[ChargedLine, str]]
    settled_at: object
    due_at: object


async def money_page(tx: Tx, visit: Visit, order: Order) -> MoneyPage:
    """The order's money, in the reader's words."""
    found = await explaining.load(tx, order)
    text = visit.page.translator.gettext
    settlement = found.settlement
    return MoneyPage(
        order=order,
        price=[_line(visit, line) for line in found.price],
        price_minor=found.price_minor,
        shares=[_line(visit, line) for line in found.shares],
        rest_minor=found.rest_minor,
        steps=[
            (step.at, text(CAUSE_LABELS[step.cause]), [(text(ACCOUNT_LABELS[account]), n) for account, n in step.moved])
            for step in found.steps
        ],
        commission=[(line, rate_reason(line, visit.page.translator)) for line in found.commission],
        settled_at=settlement.settled_at if settlement else None,
        due_at=settlement.due_at if settlement and settlement.settled_at is None else None,
    )


def _line(visit: Visit, line: MoneyLine) -> tuple[str, str, int]:
    text = visit.page.translator.gettext
    reason = text(line.reason, **line.values) if line.values else text(line.reason) if line.reason else ""
    policy = f"{line.policy[0]} v{line.policy[1]}" if line.policy else ""
    return text(line.label), " · ".join(part for part in (reason, policy) if part), line.amount_minor


def rate_reason(line: ChargedLine, translator: Translator) -> str:
    """Why a line's commission went by its rate, and by which version: "The rate of the category Coffee · commission.rate v3"."""
    category = line.category_id_name if translator.locale == "id" else line.category_en_name
    said = RATE_REASONS[line.scope]
    words = translator.gettext(said, category=category or "") if line.scope == "category" else translator.gettext(said)
    return f"{words} · {COMMISSION} v{line.version}"


async def money_csv(tx: Tx, visit: Visit, order: Order) -> Response:
    """The same as a table for spreadsheets: the price, the shares, and each step."""
    found = await explaining.load(tx, order)
    return csv_answer(_rows(visit, found), name=f"order-{order.id}-money.csv")


def _rows(visit: Visit, found: Explanation) -> list[Sequence[object]]:
    text, currency = visit.page.translator.gettext, found.order.currency
    rows: list[Sequence[object]] = [
        ("part", "at", "what", "account", "reason", "policy", "version", "currency", "amount")
    ]
    for part, lines in (("price", found.price), ("share", found.shares)):
        for line in lines:
            reason = text(line.reason, **line.values) if line.values else text(line.reason) if line.reason else ""
            key, version = line.policy or ("", "")
            rows.append((part, "", "", text(line.label), reason, key, version, currency, line.amount_minor))
    for charged in found.commission:
        what, why = f"{charged.title} {charged.variant_name}".strip(), rate_reason(charged, visit.page.translator)
        rate = f"{charged.percent}% · {currency} {charged.base_minor} · {why}"
        rows.append(
            ("commission", "", what, text(ACCOUNT_LABELS["commission"]), rate, COMMISSION, charged.version, currency,
             charged.commission_minor)
        )  # fmt: skip
    for step in found.steps:
        for account, amount in step.moved:
            name = text(ACCOUNT_LABELS[account])
            rows.append(
                ("step", step.at.isoformat(), text(CAUSE_LABELS[step.cause]), name, "", "", "", currency, amount)
            )
    return rows


def csv_answer(rows: Sequence[Sequence[object]], *, name: str) -> Response:
    """A CSV file; texts that a spreadsheet would take for a formula are quoted."""
    written = io.StringIO()
    csv.writer(written).writerows([[_safe(cell) for cell in row] for row in rows])
    headers: Mapping[str, str] = {"content-disposition": f'attachment; filename="{name}"'}
    return Response("\ufeff" + written.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _safe(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(SIGNS_OF_FORMULAS) else cell
