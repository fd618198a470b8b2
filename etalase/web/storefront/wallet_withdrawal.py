"""Taking money out of the wallet, and the bank account that it goes to."""

import secrets
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.commerce.accounts.banks import BANKS, BankDetails, hidden
from etalase.commerce.ledger import queries as ledger
from etalase.commerce.ledger.errors import WalletShort
from etalase.commerce.wallet import bank_accounts, queries, rules, withdrawing
from etalase.commerce.wallet.errors import (
    AccountMissing,
    AccountRefused,
    AmountNotAllowed,
    CodeNotValid,
    CoolingOff,
    StepNotAllowed,
)
from etalase.commerce.wallet.queries import BankAccount
from etalase.commerce.wallet.rules import CURRENCY, AccountState
from etalase.foundation.i18n import N_, format_datetime, format_money
from etalase.foundation.ids import parse_id
from etalase.foundation.money import typed_rupiah
from etalase.foundation.policies.queries import load_book
from etalase.foundation.sql import Tx
from etalase.web.request import NotFound, SignedIn, Visit, VisitDep, read_form, render, see_other, signed_in

router = APIRouter()

BOUNDS = {"minimum": N_("Withdraw at least %(bound)s."), "maximum": N_("Withdraw at most %(bound)s at once.")}


async def _account(tx: Tx, account: SignedIn, state: AccountState) -> BankAccount | None:
    known = await queries.accounts(tx, buyer_id=account.id)
    return next((one for one in known if one.state is state), None)


@router.get("/wallet/withdrawal")
async def ask_amount(visit: VisitDep) -> Response:
    """How much, to which account, what it costs."""
    return await _page(visit, signed_in(visit))


async def _page(visit: Visit, account: SignedIn, *, typed: str = "", status: int = 200, error: str = "") -> Response:
    async with visit.db.for_buyer(account.id).reading() as tx:
        bank = await _account(tx, account, AccountState.VERIFIED)
        book = await load_book(tx)
        totals = await ledger.totals_of_wallet(tx, owner_id=account.id, currency=CURRENCY)
        values = await _clock(tx, account, bank, hours=int(book.find("withdrawal.cooling_off").value))
    if bank is None:
        return see_other(visit, "/wallet/bank-account", flash=N_("First name the account it goes to."), kind="info")
    return render(
        visit,
        "storefront/wallet/withdrawal.html",
        status=status,
        bank=bank,
        banks=BANKS,
        hidden=hidden,
        available_minor=totals["buyer_wallet"],
        bounds=book.find("withdrawal.bounds").value,
        fee_minor=int(book.find("withdrawal.fee").value),
        approval_hours=int(book.find("withdrawal.approval").value),
        key=secrets.token_urlsafe(18),
        typed=typed,
        error=error,
        **values,
    )


async def _clock(tx: Tx, account: SignedIn, bank: BankAccount | None, *, hours: int) -> dict[str, Any]:
    """From when money may leave, and whether that is to come."""
    if bank is None or bank.usable_from is None:
        return {}
    person = await queries.owner(tx, buyer_id=account.id)
    changed = person.password_changed_at
    return {"cool_until": rules.cool_from(usable_from=bank.usable_from, password_changed_at=changed, hours=hours)}


@router.post("/wallet/withdrawal")
async def request_withdrawal(request: Request, visit: VisitDep) -> Response:
    """Set the money aside for the bank."""
    account = signed_in(visit, back_to="/wallet/withdrawal")
    form = await read_form(request)
    typed, key = str(form.get("amount", "")), str(form.get("key", ""))
    text, locale = visit.page.translator.gettext, visit.page.locale
    if not 8 <= len(key) <= 64:
        return await _page(visit, account, typed=typed, status=422, error=text(N_("Enter how much.")))
    amount = typed_rupiah(typed) or 0
    try:
        await withdrawing.request(visit.db, buyer_id=account.id, amount_minor=amount, key=key)
    except AmountNotAllowed as refused:
        bound = format_money(refused.bound_minor, CURRENCY, locale=locale)
        return await _page(visit, account, typed=typed, status=422, error=text(BOUNDS[refused.bound], bound=bound))
    except WalletShort:
        said = text(N_("There is not so much in your wallet."))
        return await _page(visit, account, typed=typed, status=422, error=said)
    except CoolingOff as refused:
        until = format_datetime(refused.until, locale=locale, zone=visit.page.zone)
        return see_other(visit, "/wallet", flash=N_("You can withdraw from %(until)s."), kind="warning", until=until)
    except AccountMissing:
        return see_other(visit, "/wallet/bank-account")
    return see_other(visit, "/wallet", flash=N_("The money is set aside. You hear from us when it is on its way."))


@router.post("/wallet/withdrawals/{withdrawal_id}/cancellation")
async def take_back(visit: VisitDep, withdrawal_id: str) -> Response:
    """Not after all."""
    account = signed_in(visit, back_to="/wallet")
    number = parse_id(withdrawal_id) or 0
    async with visit.db.for_buyer(account.id).reading() as tx:
        if await queries.withdrawal(tx, buyer_id=account.id, withdrawal_id=number) is None:
            raise NotFound
    try:
        await withdrawing.take_back(visit.db, buyer_id=account.id, withdrawal_id=number)
    except StepNotAllowed:
        return see_other(visit, "/wallet", flash=N_("It is approved or over already."), kind="info")
    return see_other(visit, "/wallet", flash=N_("The money is free to spend again."))


@router.get("/wallet/bank-account")
async def ask_account(visit: VisitDep) -> Response:
    """The account that is used, the code that is awaited, and the form for another one."""
    return await _account_page(visit, signed_in(visit))


async def _account_page(
    visit: Visit,
    account: SignedIn,
    *,
    typed: BankDetails | None = None,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    async with visit.db.for_buyer(account.id).reading() as tx:
        bank = await _account(tx, account, AccountState.VERIFIED)
        entered = await _account(tx, account, AccountState.ENTERED)
        book = await load_book(tx)
    return render(
        visit,
        "storefront/wallet/bank_account.html",
        status=status,
        account=account,
        bank=bank,
        entered=entered if entered and entered.tries < rules.CODE_TRIES_MAX else None,
        typed=typed or BankDetails("", "", account.name),
        errors=errors or {},
        banks=BANKS,
        hidden=hidden,
        cooling_hours=int(book.find("withdrawal.cooling_off").value),
        limit_minor=rules.limit_of(book, is_verified=True),
    )


@router.post("/wallet/bank-account")
async def enter_account(request: Request, visit: VisitDep) -> Response:
    """Name an account; a code is mailed."""
    account = signed_in(visit, back_to="/wallet/bank-account")
    form = await read_form(request)
    details = BankDetails(*(str(form.get(name, "")) for name in ("bank", "number", "holder")))
    try:
        await bank_accounts.enter(visit.db, details, buyer_id=account.id)
    except AccountRefused as refused:
        text = visit.page.translator.gettext
        errors = {name: text(problem) for name, problem in refused.problems.items()}
        return await _account_page(visit, account, typed=details, errors=errors, status=422)
    return see_other(visit, "/wallet/bank-account", flash=N_("A code is on its way to your e-mail address."))


@router.post("/wallet/bank-account/code")
async def confirm_account(request: Request, visit: VisitDep) -> Response:
    """The code from the mail."""
    account = signed_in(visit, back_to="/wallet/bank-account")
    code = str((await read_form(request)).get("code", ""))
    async with visit.db.for_buyer(account.id).reading() as tx:
        entered = await _account(tx, account, AccountState.ENTERED)
    try:
        if entered is None:
            raise CodeNotValid
        await bank_accounts.confirm(visit.db, buyer_id=account.id, account_id=entered.id, code=code)
    except CodeNotValid:
        said = N_("This is not the code, or it is too old. Enter the account again for a new one.")
        return await _account_page(
            visit, account, errors={"code": visit.page.translator.gettext(said)}, status=422
        )  # fmt: skip
    return see_other(visit, "/wallet", flash=N_("Your bank account is confirmed."))
