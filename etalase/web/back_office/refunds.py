"""The operator's list of refunds that no provider sends: to whom, where to, by when, and the reference once they are paid."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.commerce.payments import actions as payment_actions
from etalase.commerce.payments import queries as payments
from etalase.commerce.payments.by_hand import actions, queries
from etalase.commerce.payments.by_hand.errors import AccountMissing, RefundNotByHand
from etalase.commerce.payments.by_hand.rules import REFERENCE_CHARS_MAX, GivenAccount
from etalase.commerce.payments.rules import Refund
from etalase.foundation.facts import Actor
from etalase.foundation.i18n import N_
from etalase.foundation.ids import parse_id
from etalase.foundation.sealing import NotReadable
from etalase.web.request import NotFound, Visit, VisitDep, operator, read_form, render, see_other

router = APIRouter()


@dataclass(frozen=True, slots=True)
class RefundView:
    """A refund to pay, with the account in the clear: this page alone shows it."""

    refund: Refund
    account: GivenAccount | None
    number: str


@router.get("/operator/refunds")
async def show_refunds(visit: VisitDep) -> Response:
    """Refunds to pay by hand; those whose account is known first, each list by the day that was promised."""
    operator(visit)
    async with visit.db.any().reading() as tx:
        found = [*await payments.refunds_by_hand(tx), *await payments.failed_refunds(tx)]
        accounts = await queries.accounts_of_refunds(tx, found)
    found.sort(key=lambda refund: (refund.expected_until, refund.id))
    views = [_view(visit, refund, accounts.get(refund.id)) for refund in found]
    return render(
        visit,
        "back_office/refunds.html",
        to_pay=[view for view in views if view.account],
        waiting=[view for view in views if not view.account],
        today=visit.page.now.date(),
    )


def _view(visit: Visit, refund: Refund, account: GivenAccount | None) -> RefundView:
    number = ""
    if account is not None:
        try:
            number = actions.number_of(account, key=visit.settings.key())
        except NotReadable:  # the installation's key was changed: the buyer has to say it again
            number = f"…{account.number_end}"
    return RefundView(refund, account, number)


@router.post("/operator/refunds/{buyer_id}/{refund_id}")
async def pay_refund(request: Request, visit: VisitDep, buyer_id: str, refund_id: str) -> Response:
    """Write down that a refund was transferred, under which reference."""
    account = operator(visit)
    buyer, refund = parse_id(buyer_id), parse_id(refund_id)
    if buyer is None or refund is None:
        raise NotFound
    here = "/operator/refunds"
    reference = str((await read_form(request)).get("reference", "")).strip()[:REFERENCE_CHARS_MAX]
    if not reference:
        return see_other(visit, here, flash=N_("Write down the bank's reference of the transfer."), kind="error")
    try:
        await actions.pay_by_hand(
            visit.db, buyer_id=buyer, refund_id=refund, reference=reference, by=Actor.operator(account.id)
        )
    except RefundNotByHand:
        raise NotFound from None
    except AccountMissing:
        return see_other(visit, here, flash=N_("The buyer has not said where the money is to go."), kind="error")
    return see_other(visit, here, flash=N_("The refund is paid, and the buyer is told."))


@router.post("/operator/refunds/{buyer_id}/{refund_id}/attempts")
async def try_again(visit: VisitDep, buyer_id: str, refund_id: str) -> Response:
    """Have the provider asked once more; a second press finds it on its way."""
    account = operator(visit)
    buyer, refund = parse_id(buyer_id), parse_id(refund_id)
    if buyer is None or refund is None:
        raise NotFound
    tried = await payment_actions.try_refund_again(
        visit.db, buyer_id=buyer, refund_id=refund, by=Actor.operator(account.id)
    )
    if tried is None:
        text = N_("This refund is not one to try again: it is on its way, or paid.")
        return see_other(visit, "/operator/refunds", flash=text, kind="info")
    return see_other(visit, "/operator/refunds", flash=N_("The provider is asked once more."))
