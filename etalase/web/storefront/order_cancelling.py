"""Cancelling by the buyer: what it would do now, for the whole order or some pieces of it, and doing it."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from etalase.commerce.orders.errors import MoveNotAllowed, OrderNotFound
from etalase.commerce.orders.rules import State
from etalase.commerce.payments.methods import MethodKind, payment_method
from etalase.commerce.shipping.progress import packed
from etalase.commerce.shipping.rules import units_left
from etalase.foundation.i18n import N_
from etalase.foundation.policies.rules import book_of
from etalase.journeys.cancellations import actions, rules
from etalase.journeys.cancellations.errors import CancelNotPossible, ReasonUnknown, RequestGone
from etalase.journeys.cancellations.rules import Rule, TooManyUnits
from etalase.journeys.checkout.refunding import expected_days, wallets_share
from etalase.journeys.checkout.rules import WALLET
from etalase.web.request import NotFound, SignedIn, Visit, VisitDep, read_form, render, see_other, signed_in, with_query
from etalase.web.storefront.order_page import CANCEL_RULES, OrderView, order_or_404, view_of
from etalase.web.storefront.order_verbs import id_or_404, moved_on
from etalase.web.units import PREFIX, chosen_lines, units_in

router = APIRouter()

ANSWERS = {
    Rule.AT_ONCE: N_("The order is cancelled."),
    Rule.ASKS_SELLER: N_("The seller has been asked. You will hear from us at the latest when the clock runs out."),
}
SOME_CANCELLED = N_("The chosen pieces are cancelled. The rest goes on.")
REFUSALS = {
    Rule.ANSWER_PENDING: N_("You have already asked to cancel. The seller's answer is awaited."),
    Rule.TOO_LATE: N_("The parcel is already with the carrier, so the order can't be cancelled any more."),
    Rule.FINISHED: N_("This order is finished; there is nothing left to cancel."),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be cancelled and what that does at this moment."""

    view: OrderView
    units: Mapping[int, int]

    @property
    def is_whole(self) -> bool:
        return rules.is_all_of(self.view.lines, self.units)

    @property
    def can_choose(self) -> bool:
        """Whether some pieces may go and others stay: not of an unpaid order, whose sum is fixed."""
        pieces = sum(line.open_quantity for line in self.view.lines)
        return pieces > 1 and self.view.order.state is not State.UNPAID

    @property
    def rule(self) -> Rule:
        """The rule for these pieces: what is packed is not taken out of its parcel without the seller."""
        if self.view.rule is Rule.AT_ONCE and not self.is_whole:
            open_units = {line.id: line.open_quantity for line in self.view.lines}
            free = units_left(open_units, packed(self.view.parcels))
            return Rule.AT_ONCE if rules.lie_free(self.units, free) else Rule.ASKS_SELLER
        return self.view.rule

    @property
    def goes_back_minor(self) -> int:
        order = self.view.order
        return rules.refund_of(order, self.view.lines, self.units) if order.is_paid else 0


@router.get("/orders/{order_id}/cancellation")
async def ask_to_cancel(request: Request, visit: VisitDep, order_id: str) -> Response:
    """What cancelling would do now: which pieces, the rule, what goes back, when."""
    account = signed_in(visit)
    asked = units_in(request.query_params.multi_items())
    async with visit.db.for_buyer(account.id).reading() as tx:
        order = await order_or_404(tx, account=account, order_id=order_id)
        view = await view_of(tx, visit, order)
        expected = await expected_days(tx, method=order.payment_method, at=visit.page.now)
        plan, is_refused = _plan(view, asked)
        to_wallet_minor = await wallets_share(tx, order, plan.goes_back_minor)
    method = payment_method(WALLET if 0 < plan.goes_back_minor == to_wallet_minor else order.payment_method)
    return render(
        visit,
        "storefront/orders/cancel.html",
        order=order,
        plan=plan,
        chosen=chosen_lines(view.lines, plan.units),
        is_choosing=plan.can_choose and ("choose" in request.query_params or is_refused),
        is_refused=is_refused,
        rule=plan.rule,
        rule_text=CANCEL_RULES[plan.rule],
        reasons=rules.BUYER_REASONS,
        goes_back_minor=plan.goes_back_minor,
        to_wallet_minor=to_wallet_minor,
        can_choose_wallet=method.kind is not MethodKind.WALLET,
        expected=expected,
        answer_hours=int(book_of(order.policies).find("cancel.seller_response").value),
        method=method,
        error=request.query_params.get("error", ""),
    )


def _plan(view: OrderView, asked: Mapping[int, int]) -> tuple[Plan, bool]:
    """The plan for what was asked for, and whether that was refused; then it is for the whole order."""
    whole = Plan(view, {line.id: line.open_quantity for line in view.lines})
    if not asked or not whole.can_choose:
        return whole, False
    try:
        return Plan(view, rules.chosen_units(view.lines, asked)), False
    except TooManyUnits:
        return whole, True


@router.post("/orders/{order_id}/cancellation")
async def cancel(request: Request, visit: VisitDep, order_id: str) -> Response:
    """Cancel by the rule that applies at this moment; the page before said which."""
    account = signed_in(visit, back_to=f"/orders/{order_id}")
    form = await read_form(request)
    here = f"/orders/{order_id}"
    try:
        if form.get("withdraw"):
            await actions.withdraw_request(visit.db, buyer_id=account.id, order_id=id_or_404(order_id))
            return see_other(visit, here, flash=N_("Your request to cancel is taken back."))
        return await _cancel(visit, account, order_id, form)
    except OrderNotFound:
        raise NotFound from None
    except ReasonUnknown:
        return see_other(visit, with_query(f"{here}/cancellation", {"error": "reason", **_fields(form)}))
    except TooManyUnits:
        text = N_("Choose pieces to cancel, no more than the order still has.")
        return see_other(visit, f"{here}/cancellation?choose=1", flash=text, kind="error")
    except RequestGone:
        return see_other(visit, here, flash=N_("There is no request to take back: it has been answered."), kind="info")
    except CancelNotPossible as error:
        return see_other(visit, here, flash=REFUSALS[error.rule], kind="error")
    except MoveNotAllowed as error:
        return moved_on(visit, order_id, error)


async def _cancel(visit: Visit, account: SignedIn, order_id: str, form: FormData) -> Response:
    units = units_in(form.multi_items()) or None
    rule = await actions.cancel_by_buyer(
        visit.db,
        buyer_id=account.id,
        order_id=id_or_404(order_id),
        reason=str(form.get("reason", "")),
        note=str(form.get("note", "")),
        units=units,
        to_wallet=wants_wallet(form),
    )
    is_part = bool(units) and rule is Rule.AT_ONCE
    return see_other(visit, f"/orders/{order_id}", flash=SOME_CANCELLED if is_part else ANSWERS[rule])


def wants_wallet(form: FormData) -> bool | None:
    """Where the buyer wants the money, if the form asks for that."""
    return {"wallet": True, "method": False}.get(str(form.get("refund_to", "")))


def _fields(form: FormData) -> dict[str, str]:
    return {name: str(value) for name, value in form.multi_items() if name.startswith(PREFIX)}
