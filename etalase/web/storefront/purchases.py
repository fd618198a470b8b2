"""One purchase: where the browser returns to after paying, and where paying is tried again."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.commerce.orders import queries as orders
from etalase.commerce.orders.rules import State
from etalase.commerce.payments import queries
from etalase.commerce.payments.methods import MethodKind, chosen_method, methods_for, payment_method
from etalase.commerce.payments.rules import PaymentState
from etalase.foundation.i18n import N_
from etalase.foundation.ids import parse_id
from etalase.integrations.payment_providers import settling, starting
from etalase.journeys.checkout import retrying
from etalase.journeys.checkout.errors import MethodNotAllowed, PaymentNotPossible
from etalase.journeys.checkout.rules import Method
from etalase.web.request import NotFound, SignedIn, Visit, VisitDep, read_form, render, see_other, signed_in
from etalase.web.storefront.orders import card_views

router = APIRouter()


@router.get("/purchases/{purchase_id}")
async def show_purchase(visit: VisitDep, purchase_id: str) -> Response:
    """What became of the purchase. The provider is asked, for its notification may still be on the way."""
    account = signed_in(visit)
    number = parse_id(purchase_id)
    if number is None:
        raise NotFound
    async with visit.db.for_buyer(account.id).reading() as tx:
        attempts = await queries.payments_of_purchase(tx, buyer_id=account.id, purchase_id=number)
    if attempts and attempts[0].state is PaymentState.PENDING and attempts[0].provider == starting.PROVIDER:
        await settling.ask(visit.db, attempts[0])
    async with visit.db.for_buyer(account.id).reading() as tx:
        purchase = await queries.purchase_of_buyer(tx, buyer_id=account.id, purchase_id=number)
        if purchase is None:
            raise NotFound
        attempts = await queries.payments_of_purchase(tx, buyer_id=account.id, purchase_id=number)
        found = await orders.orders_of_purchase(tx, buyer_id=account.id, purchase_id=number)
        cards = await orders.cards_of_orders(tx, buyer_id=account.id, order_ids=[order.id for order in found])
        views = await card_views(tx, cards, visit)
    unpaid = [order for order in found if order.state is State.UNPAID]
    return render(
        visit,
        "storefront/orders/purchase.html",
        purchase=purchase,
        payment=attempts[0] if attempts else None,
        method=payment_method(purchase.payment_method),
        unpaid=unpaid,
        to_pay_minor=sum(order.total_minor for order in unpaid) if unpaid else purchase.total_minor,
        cards=views,
        methods=[m for m in methods_for(purchase.total_minor) if m.kind is not MethodKind.COD],
    )


@router.post("/purchases/{purchase_id}/payment")
async def pay(request: Request, visit: VisitDep, purchase_id: str) -> Response:
    """Go on paying, or pay with another method; the orders stay as they are."""
    account = signed_in(visit, back_to=f"/purchases/{purchase_id}")
    number = parse_id(purchase_id)
    if number is None:
        raise NotFound
    form = await read_form(request)
    method = chosen_method(str(form.get("method", "")))
    here = f"/purchases/{purchase_id}"
    try:
        if method is not None and not method.is_available_for(await _owed(visit, account, number)):
            raise MethodNotAllowed(method.code, "closed")
        payment_id = await retrying.pay_again(
            visit.db,
            buyer_id=account.id,
            purchase_id=number,
            method=Method(method.code, str(method.kind), starting.PROVIDER) if method else None,
        )
    except PaymentNotPossible:
        return see_other(visit, here, flash=N_("There is nothing left to pay here."), kind="info")
    except MethodNotAllowed:
        return see_other(visit, here, flash=N_("Choose another payment method."), kind="error")
    pay_url = await starting.start_payment(visit.db, visit.settings, buyer_id=account.id, payment_id=payment_id)
    if pay_url is None:
        return see_other(
            visit,
            here,
            flash=N_("The payment service does not answer right now. Your order is safe; try again in a moment."),
            kind="error",
        )
    return see_other(visit, pay_url)


async def _owed(visit: Visit, account: SignedIn, purchase_id: int) -> int:
    """What the purchase's unpaid orders ask for together."""
    async with visit.db.for_buyer(account.id).reading() as tx:
        found = await orders.orders_of_purchase(tx, buyer_id=account.id, purchase_id=purchase_id)
    return sum(order.total_minor for order in found if order.state is State.UNPAID)
