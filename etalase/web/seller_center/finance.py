"""The Seller Center's Finance: what is on its way, what is available, statements, payouts, and the account they go to."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.commerce.accounts.banks import BANKS, BankDetails, hidden
from etalase.commerce.ledger import queries as ledger
from etalase.commerce.ledger.rules import CAUSE_LABELS
from etalase.foundation.facts import Actor
from etalase.foundation.i18n import N_, format_date, format_datetime, format_money
from etalase.foundation.ids import parse_id
from etalase.foundation.sql import Tx
from etalase.journeys.payouts import actions as payouts
from etalase.journeys.payouts import queries as payout_queries
from etalase.journeys.payouts.errors import DetailsNotValid, NotTheOwner
from etalase.journeys.payouts.rules import BankAccountState, PayoutState
from etalase.journeys.settlement import queries, rules
from etalase.journeys.settlement.queries import END, ChargedLine, SellerStatement, StatementLine
from etalase.web.explained_money import csv_answer, rate_reason
from etalase.web.printing.statement import StatementRow, StatementSheet, statement_pdf
from etalase.web.request import Member, NotFound, Visit, VisitDep, member_of_shop, read_form, render, see_other

router = APIRouter()

CURRENCY = "IDR"
LINES_MAX = 10_000
"""Lines of a download; a busier week is read page by page."""
PAGE = 100
PAYOUT_STATES = {
    PayoutState.APPROVED: (N_("On its way"), "brand"),
    PayoutState.PAID: (N_("Paid out"), "good"),
    PayoutState.RETURNED: (N_("Came back"), "bad"),
}
ACCOUNT_STATES = {
    BankAccountState.ENTERED: (N_("Being verified"), "soon"),
    BankAccountState.VERIFIED: (N_("Verified"), "good"),
    BankAccountState.REFUSED: (N_("Refused"), "bad"),
    BankAccountState.REPLACED: (N_("Replaced"), "neutral"),
}


@router.get("/seller/finance")
async def show_finance(visit: VisitDep) -> Response:
    """All about the shop's money."""
    member = member_of_shop(visit)
    return render(visit, "seller_center/finance/finance.html", **await _values(visit, member))


async def _values(visit: Visit, member: Member) -> dict[str, Any]:
    shop_id = member.shop_id
    async with visit.db.for_shop(shop_id).reading() as tx:
        accounts = await payout_queries.accounts_of_shop(tx, shop_id=shop_id)
        return {
            "totals": await ledger.totals_of_seller(tx, shop_id=shop_id, currency=CURRENCY),
            "current": await _current(tx, visit, member),
            "waiting": await queries.waiting_of_shop(tx, shop_id=shop_id, limit=10),
            "statements": await queries.statements_of_shop(tx, shop_id=shop_id, limit=12),
            "payouts": await payout_queries.payouts_of_shop(tx, shop_id=shop_id),
            "account": next((a for a in accounts if a.state is BankAccountState.VERIFIED), None),
            "newest": accounts[0] if accounts else None,
            "banks": BANKS,
            "hidden": hidden,
            "payout_states": PAYOUT_STATES,
            "account_states": ACCOUNT_STATES,
        }


async def _current(tx: Tx, visit: Visit, member: Member) -> SellerStatement:
    """The week that is not over yet, with what came before it and no statement holds so far."""
    issued = await queries.statements_of_shop(tx, shop_id=member.shop_id, limit=1)
    _, ends = rules.week_of(visit.page.now, member.shop.zone)
    starts = issued[0].until_at if issued else rules.week_of(visit.page.now, member.shop.zone)[0]
    opening = issued[0].closing_minor if issued else 0
    if not issued:
        before = await queries.sum_of_period(
            tx, shop_id=member.shop_id, currency=CURRENCY, from_at=queries.BEGINNING, until_at=starts
        )
        opening = before.amount_minor
    sums = await queries.sum_of_period(tx, shop_id=member.shop_id, currency=CURRENCY, from_at=starts)
    return SellerStatement(
        member.shop_id, 0, CURRENCY, starts, ends, opening, opening + sums.amount_minor, sums.entries
    )  # fmt: skip


@router.get("/seller/finance/waiting")
async def show_waiting(request: Request, visit: VisitDep) -> Response:
    """Every order whose money the shop waits for, due soonest first."""
    member = member_of_shop(visit)
    due, _, order = request.query_params.get("after", "").partition("_")
    try:
        after = datetime.fromisoformat(due) if due else queries.BEGINNING
    except ValueError:
        raise NotFound from None
    if after.tzinfo is None:
        raise NotFound
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        found = await queries.waiting_of_shop(
            tx, shop_id=member.shop_id, after_due=after, after=parse_id(order) or 0, limit=PAGE + 1
        )
    return render(
        visit, "seller_center/finance/waiting.html", waiting=found[:PAGE], more=found[PAGE - 1] if len(found) > PAGE else None
    )  # fmt: skip


@router.get("/seller/finance/statements/{statement_id}")
async def show_statement(request: Request, visit: VisitDep, statement_id: str) -> Response:
    """One week line by line; `current` is the one that is not over."""
    member = member_of_shop(visit)
    position = _position(request.query_params.get("after", ""))
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        statement = await _statement(tx, visit, member, statement_id)
        lines = await _lines(tx, statement, after=position, limit=PAGE + 1)
        charged = await _charged(tx, member, lines[:PAGE])
    more = lines[PAGE - 1] if len(lines) > PAGE else None
    return render(
        visit, "seller_center/finance/statement.html", statement=statement, name=statement_id, lines=lines[:PAGE], more=more,
        causes=CAUSE_LABELS, rates={order_id: _rates(found, visit) for order_id, found in charged.items()},
    )  # fmt: skip


async def _charged(tx: Tx, member: Member, lines: list[StatementLine]) -> dict[int, list[ChargedLine]]:
    order_ids = [line.order_id for line in lines if line.order_id and line.pending_minor is not None]
    return await queries.lines_of_settlements(tx, shop_id=member.shop_id, order_ids=order_ids) if order_ids else {}


def _rates(found: Sequence[ChargedLine], visit: Visit) -> str:
    """The rates that an order's lines went by, with their reasons; for each rate the lines, if there are several."""
    by_reason: dict[str, list[str]] = {}
    for line in found:
        said = f"{line.percent}% · {rate_reason(line, visit.page.translator)}"
        by_reason.setdefault(said, []).append(line.title)
    if len(by_reason) == 1:
        return next(iter(by_reason))
    return "; ".join(f"{', '.join(titles)}: {said}" for said, titles in by_reason.items())


def _position(said: str) -> tuple[datetime, int]:
    at, _, number = said.partition("_")
    if not at:
        return queries.BEGINNING, 0
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise NotFound from None
    if moment.tzinfo is None:
        raise NotFound
    return moment, parse_id(number) or 0


async def _statement(tx: Tx, visit: Visit, member: Member, name: str) -> SellerStatement:
    if name == "current":
        return await _current(tx, visit, member)
    found = await queries.statement_of_shop(tx, shop_id=member.shop_id, statement_id=parse_id(name) or 0)
    if found is None:
        raise NotFound
    return found


async def _lines(
    tx: Tx, statement: SellerStatement, *, after: tuple[datetime, int] = (queries.BEGINNING, 0), limit: int
) -> list[StatementLine]:
    until = statement.until_at if statement.id else END
    return await queries.lines_of_period(
        tx, shop_id=statement.shop_id, currency=statement.currency, span=(statement.from_at, until), after=after, limit=limit
    )  # fmt: skip


@router.get("/seller/finance/statements/{statement_id}/csv")
async def download_statement(visit: VisitDep, statement_id: str) -> Response:
    """The week for a spreadsheet, amounts in minor units."""
    member = member_of_shop(visit)
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        statement = await _statement(tx, visit, member, statement_id)
        lines = await _lines(tx, statement, limit=LINES_MAX)
        charged = await _charged(tx, member, lines)
    head = (
        "at", "what", "order", "shared", "commission", "fee", "tax", "carriers", "currency", "amount", "balance", "reason"
    )  # fmt: skip
    rows: list[tuple[object, ...]] = [head]
    balance, text = statement.opening_minor, visit.page.translator.gettext
    for line in lines:
        balance += line.amount_minor
        shares = (line.pending_minor, line.commission_minor, line.fee_minor, line.tax_minor, line.shipping_minor)
        written = ["" if share is None else share for share in shares]
        what = text(CAUSE_LABELS[line.cause])
        rows.append(
            (line.at.isoformat(), what, line.order_id or "", *written, statement.currency, line.amount_minor, balance,
             _rates(charged[line.order_id], visit) if line.order_id in charged else line.reason or "")
        )  # fmt: skip
    return csv_answer(rows, name=f"statement-{statement.from_at:%Y-%m-%d}.csv")


@router.get("/seller/finance/statements/{statement_id}/pdf")
async def print_statement(visit: VisitDep, statement_id: str) -> Response:
    """The week on paper."""
    member = member_of_shop(visit)
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        statement = await _statement(tx, visit, member, statement_id)
        lines = await _lines(tx, statement, limit=LINES_MAX)
        charged = await _charged(tx, member, lines)
    sheet = _sheet(visit, member, statement, lines=lines, charged=charged)
    pdf = await asyncio.to_thread(statement_pdf, sheet, translator=visit.page.translator)
    name = f"statement-{statement.from_at:%Y-%m-%d}.pdf"
    return Response(
        pdf, media_type="application/pdf", headers={"content-disposition": f'inline; filename="{name}"'}
    )  # fmt: skip


def _sheet(
    visit: Visit,
    member: Member,
    statement: SellerStatement,
    *,
    lines: list[StatementLine],
    charged: Mapping[int, Sequence[ChargedLine]],
) -> StatementSheet:
    page, zone = visit.page, member.shop.zone
    text, locale = page.translator.gettext, page.locale

    def money(amount: int) -> str:
        return format_money(amount, statement.currency, locale=locale)

    def row(line: StatementLine) -> StatementRow:
        about = f" · {line.order_id}" if line.order_id else ""
        title = f"{format_datetime(line.at, locale=locale, zone=zone)} · {text(CAUSE_LABELS[line.cause])}{about}"
        percents = dict.fromkeys(f"{one.percent}%" for one in charged.get(line.order_id or 0, ()))
        return StatementRow(title, _shared(line, text, money, percents=" + ".join(percents)), money(line.amount_minor))

    period = " – ".join(format_date(at, locale=locale, zone=zone) for at in (statement.from_at, statement.last_at))
    balances = [
        (text(N_("At the beginning")), money(statement.opening_minor)),
        (text(N_("At the end")), money(statement.closing_minor)),
    ]
    made_at = format_datetime(statement.issued_at or page.now, locale=locale, zone=zone)
    return StatementSheet(member.shop.name, period, balances, [row(line) for line in lines], made_at)


def _shared(line: StatementLine, text: Any, money: Any, *, percents: str) -> str:
    if line.pending_minor is None:
        return line.reason or ""
    parts = [
        (N_("Received"), line.pending_minor),
        (N_("Commission"), -(line.commission_minor or 0)),
        (N_("Order fee"), -(line.fee_minor or 0)),
        (N_("Tax"), -(line.tax_minor or 0)),
        (N_("Carriers"), -(line.shipping_minor or 0)),
    ]
    said = [f"{text(label)} {money(amount)}" for label, amount in parts if amount]
    return " · ".join([*said, percents] if percents else said)


@router.post("/seller/finance/bank-account")
async def enter_account(request: Request, visit: VisitDep) -> Response:
    """Name the account that payouts go to; the operator verifies it."""
    member = member_of_shop(visit)
    form = await read_form(request)
    details = BankDetails(*(str(form.get(name, "")) for name in ("bank", "number", "holder")))
    by = Actor.seller(member.account_id)
    try:
        await payouts.enter_account(visit.db, details, shop_id=member.shop_id, role=member.role, by=by)
    except NotTheOwner:
        return see_other(
            visit, "/seller/finance", flash=N_("Only the owner of the shop can change its bank account."), kind="error"
        )
    except DetailsNotValid as refused:
        text = visit.page.translator.gettext
        errors = {name: text(problem) for name, problem in refused.problems.items()}
        values = await _values(visit, member)
        return render(visit, "seller_center/finance/finance.html", status=422, typed=details, errors=errors, **values)
    return see_other(visit, "/seller/finance", flash=N_("We verify the account; payouts go to it afterwards."))
