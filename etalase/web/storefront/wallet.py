"""The buyer's wallet: what is in it, what is set aside, and every movement with the balance after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.commerce.accounts.banks import BANKS, hidden
from etalase.commerce.ledger import queries as ledger
from etalase.commerce.ledger.queries import WalletEntry
from etalase.commerce.payments.methods import payment_method
from etalase.commerce.payments.rules import PaymentState
from etalase.commerce.wallet import limits, queries, rules
from etalase.commerce.wallet.rules import CURRENCY, AccountState, WithdrawalState
from etalase.foundation.i18n import N_
from etalase.foundation.ids import ID_MAX, parse_id
from etalase.foundation.policies.queries import load_book
from etalase.web.explained_money import csv_answer
from etalase.web.request import SignedIn, Visit, VisitDep, is_htmx, render, signed_in

router = APIRouter()

PAGE: Final = 30
SHOWN: Final = 5
LINES_MAX: Final = 10_000
"""Lines of a download."""
CAUSES: Final = {
    "wallet top-up": (N_("Topped up"), "plus"),
    "wallet credit": (N_("Refund"), "undo-2"),
    "wallet debit": (N_("Paid with the wallet"), "shopping-bag"),
    "wallet hold": (N_("Set aside"), "lock"),
    "wallet release": (N_("Free to spend again"), "rotate-ccw"),
    "wallet withdrawal": (N_("Withdrawn to the bank"), "banknote"),
    "withdrawal returned": (N_("A withdrawal came back"), "undo-2"),
}
WITHDRAWAL_STATES: Final = {
    WithdrawalState.REQUESTED: (N_("Waits for approval"), "soon"),
    WithdrawalState.APPROVED: (N_("On its way"), "brand"),
    WithdrawalState.PAID: (N_("Paid out"), "good"),
    WithdrawalState.FAILED: (N_("Came back"), "bad"),
    WithdrawalState.REFUSED: (N_("Not approved"), "bad"),
    WithdrawalState.WITHDRAWN: (N_("Taken back"), "neutral"),
}
AT_ZERO: Final = {
    WithdrawalState.REQUESTED: N_("If it is not approved by then, the money is back in your wallet."),
    WithdrawalState.APPROVED: N_("If the bank has not sent it back by then, it counts as paid."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A movement as the list shows it; `balance_minor` is all that is the owner's, what is set aside included."""

    id: int
    at: datetime
    label: str
    icon: str
    change_minor: int
    aside_minor: int
    balance_minor: int


def line_of(entry: WalletEntry) -> Line:
    """What a movement changed for its owner; one between what is free and what is set aside changes nothing."""
    label, icon = CAUSES[entry.cause]
    change = entry.amount_minor + entry.held_minor
    balance = entry.available_after_minor + entry.held_after_minor
    return Line(entry.id, entry.at, label, icon, change, abs(entry.held_minor) if change == 0 else 0, balance)


@router.get("/wallet")
async def show_wallet(visit: VisitDep) -> Response:
    """Balance, what waits, and the latest movements."""
    account = signed_in(visit)
    async with visit.db.for_buyer(account.id).reading() as tx:
        totals = await ledger.totals_of_wallet(tx, owner_id=account.id, currency=CURRENCY)
        accounts = await queries.accounts(tx, buyer_id=account.id)
        entries = await ledger.entries_of_wallet(tx, owner_id=account.id, currency=CURRENCY, limit=SHOWN)
        top_ups = await queries.top_ups(tx, buyer_id=account.id)
        withdrawals = await queries.withdrawals_of_buyer(tx, buyer_id=account.id)
        limit = rules.limit_of(await load_book(tx), is_verified=await queries.is_verified(tx, buyer_id=account.id))
        room = await limits.room_seen(tx, owner_id=account.id, currency=CURRENCY)
    return render(
        visit,
        "storefront/wallet/wallet.html",
        available_minor=totals["buyer_wallet"],
        held_minor=totals["wallet_held"],
        limit_minor=limit,
        room_minor=room,
        lines=[line_of(entry) for entry in entries],
        awaited=[one for one in top_ups if one.state == PaymentState.PENDING],
        withdrawals=[one for one in withdrawals if one.due_at is not None],
        bank=next((one for one in accounts if one.state is AccountState.VERIFIED), None),
        entered=next((one for one in accounts if one.state is AccountState.ENTERED), None),
        method_of=payment_method,
        states=WITHDRAWAL_STATES,
        at_zero=AT_ZERO,
        banks=BANKS,
        hidden=hidden,
    )


@router.get("/wallet/statement")
async def show_statement(request: Request, visit: VisitDep) -> Response:
    """Every movement, newest first, page by page."""
    account = signed_in(visit)
    before = parse_id(request.query_params.get("before", "")) or ID_MAX
    found = await _entries(visit, account, before=before, limit=PAGE + 1)
    template = "_lines" if is_htmx(request) else "statement"
    more = f"/wallet/statement?before={found[PAGE - 1].id}" if len(found) > PAGE else ""
    return render(
        visit, f"storefront/wallet/{template}.html", lines=[line_of(entry) for entry in found[:PAGE]], more=more
    )  # fmt: skip


async def _entries(visit: Visit, account: SignedIn, *, before: int, limit: int) -> Sequence[WalletEntry]:
    async with visit.db.for_buyer(account.id).reading() as tx:
        return await ledger.entries_of_wallet(
            tx, owner_id=account.id, currency=CURRENCY, before=before, limit=limit
        )  # fmt: skip


@router.get("/wallet/statement/csv")
async def download_statement(visit: VisitDep) -> Response:
    """Every movement for a spreadsheet, oldest first, amounts in minor units."""
    account, text = signed_in(visit), visit.page.translator.gettext
    found = await _entries(visit, account, before=ID_MAX, limit=LINES_MAX)
    rows: list[tuple[object, ...]] = [
        ("at", "what", "reference", "currency", "available", "set_aside", "available_after", "set_aside_after")
    ]
    rows += [
        (
            entry.at.isoformat(), text(CAUSES[entry.cause][0]), str(entry.reference_id or ""), CURRENCY, entry.amount_minor,
            entry.held_minor, entry.available_after_minor, entry.held_after_minor,
        )
        for entry in reversed(found)
    ]  # fmt: skip
    return csv_answer(rows, name="wallet.csv")
