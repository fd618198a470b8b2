"""Where a refund is to go that no provider could send."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.commerce.payments import queries as payments
from etalase.commerce.payments.actions import turn_to_wallet
from etalase.commerce.payments.by_hand import actions, queries, rules
from etalase.commerce.payments.by_hand.errors import AccountNotValid, RefundNotByHand
from etalase.commerce.payments.by_hand.rules import BankAccount, GivenAccount
from etalase.commerce.payments.rules import Refund
from etalase.foundation.i18n import N_
from etalase.foundation.ids import parse_id
from etalase.web.request import NotFound, SignedIn, Visit, VisitDep, read_form, render, see_other, signed_in

router = APIRouter()

PROBLEMS = {
    "bank": N_("Which bank is it?"),
    "number": N_("An account number has 6 to 20 digits."),
    "holder": N_("Whose account is it? As the bank writes the name."),
}


@router.get("/refunds/{refund_id}/account")
async def ask_for_account(visit: VisitDep, refund_id: str) -> Response:
    """The form, with what was said before but for the number."""
    account = signed_in(visit)
    refund, given = await _refund(visit, account, refund_id)
    typed = BankAccount(given.bank, "", given.holder) if given else BankAccount("", "", "")
    return _page(visit, refund, given=given, typed=typed)


@router.post("/refunds/{refund_id}/account")
async def give_account(request: Request, visit: VisitDep, refund_id: str) -> Response:
    """Say where the money is to go; it can be said again until it is paid."""
    account = signed_in(visit, back_to=f"/refunds/{refund_id}/account")
    refund, given = await _refund(visit, account, refund_id)
    form = await read_form(request)
    typed = rules.account_from(
        bank=str(form.get("bank", "")), number=str(form.get("number", "")), holder=str(form.get("holder", ""))
    )
    try:
        await actions.give_account(visit.db, typed, buyer_id=account.id, refund_id=refund.id, key=visit.settings.key())
    except AccountNotValid as refusal:
        errors = {field: visit.page.translator.gettext(PROBLEMS[field]) for field in refusal.fields}
        return _page(visit, refund, given=given, typed=typed, errors=errors, status=422)
    except RefundNotByHand:
        return see_other(visit, _back(refund), flash=N_("This refund is already on its way."), kind="info")
    return see_other(visit, _back(refund), flash=N_("Thank you. We transfer the refund to this account."))


@router.post("/refunds/{refund_id}/wallet")
async def take_in_wallet(visit: VisitDep, refund_id: str) -> Response:
    """Have it in the wallet instead, at once."""
    account = signed_in(visit, back_to=f"/refunds/{refund_id}/account")
    refund, given = await _refund(visit, account, refund_id)
    if await turn_to_wallet(visit.db, buyer_id=account.id, refund_id=refund.id):
        return see_other(visit, _back(refund), flash=N_("The refund is in your wallet."))
    if given is not None and refund.needs_account:
        return see_other(visit, _back(refund), flash=N_("This refund goes to the bank account you named."), kind="info")
    return see_other(visit, _back(refund), flash=N_("This refund is already on its way."), kind="info")


async def _refund(visit: Visit, account: SignedIn, refund_id: str) -> tuple[Refund, GivenAccount | None]:
    number = parse_id(refund_id)
    async with visit.db.for_buyer(account.id).reading() as tx:
        refund = await payments.refund(tx, buyer_id=account.id, refund_id=number) if number else None
        if refund is None:
            raise NotFound
        return refund, (await queries.accounts_of_refunds(tx, [refund])).get(refund.id)


def _back(refund: Refund) -> str:
    return f"/orders/{refund.order_id}" if refund.order_id else "/orders"


def _page(
    visit: Visit,
    refund: Refund,
    *,
    given: GivenAccount | None,
    typed: BankAccount,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    return render(
        visit,
        "storefront/orders/refund_account.html",
        status=status,
        refund=refund,
        given=given,
        typed=typed,
        errors=errors or {},
        is_waiting=refund.needs_account,
        back=_back(refund),
    )
