"""Paying again: after a failure, or with another method, without ordering again."""

from etalase.commerce.orders import queries as orders
from etalase.commerce.orders.rules import State
from etalase.commerce.payments import actions as payments
from etalase.commerce.payments import queries
from etalase.commerce.payments.rules import Payment, PaymentState
from etalase.foundation import clock
from etalase.foundation.facts import Actor
from etalase.foundation.ids import new_id
from etalase.foundation.sql import Db
from etalase.journeys.checkout.errors import MethodNotAllowed, PaymentNotPossible
from etalase.journeys.checkout.rules import COD, Method


async def pay_again(db: Db, *, buyer_id: int, purchase_id: int, method: Method | None) -> int:
    """The payment to go on with: the pending one if it is of this method, else a new one in its place.

    The time to pay stays what it was. Raises PaymentNotPossible when nothing waits for money,
    MethodNotAllowed for cash on delivery, which is chosen when the order is placed.
    """
    at = clock.now()
    async with db.for_buyer(buyer_id).transaction() as tx:
        attempts = await queries.lock_payments_of_purchase(tx, buyer_id=buyer_id, purchase_id=purchase_id)
        found = await orders.orders_of_purchase(tx, buyer_id=buyer_id, purchase_id=purchase_id)
        waiting = [order for order in found if order.state is State.UNPAID]
        if not attempts or len(waiting) < len(found) or any(a.state is PaymentState.PAID for a in attempts):
            raise PaymentNotPossible
        if method is not None and method.kind == COD:
            raise MethodNotAllowed(COD, "closed")
        last = attempts[-1]
        if last.state is PaymentState.PENDING and (method is None or method.code == last.method):
            return last.id
        await payments.end(
            tx, last, state=PaymentState.CANCELLED, failure="another try", at=at, by=Actor.buyer(buyer_id)
        )
        again = Payment(
            buyer_id=buyer_id,
            id=new_id(),
            purchase_id=purchase_id,
            provider=method.provider if method else last.provider,
            method=method.code if method else last.method,
            state=PaymentState.PENDING,
            amount_minor=last.amount_minor,
            currency=last.currency,
            provider_reference=None,
            pay_url=None,
            expires_at=last.expires_at,
            started_at=at,
            paid_at=None,
            failure="",
        )
        await payments.open_payment(tx, again)
        return again.id
