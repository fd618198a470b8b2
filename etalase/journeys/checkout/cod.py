"""Cash on delivery: the courier's delivery is the payment."""

from etalase.commerce.orders import queries as orders
from etalase.commerce.orders.rules import State
from etalase.commerce.payments import actions as payments
from etalase.commerce.payments import queries
from etalase.commerce.payments.rules import PROVIDER_OF_COD, PaymentState
from etalase.foundation import clock
from etalase.foundation.facts import RecordedFact
from etalase.foundation.sql import Db


async def collect(db: Db, recorded: RecordedFact) -> None:
    """Reaction to a delivered or cancelled order: its cash counts, and the payment is settled with the purchase's last order."""
    if recorded.buyer_id is None or recorded.order_id is None:
        return
    at = clock.now()
    async with db.for_buyer(recorded.buyer_id).transaction() as tx:
        order = await orders.order_of_buyer(tx, buyer_id=recorded.buyer_id, order_id=recorded.order_id)
        if order is None or not order.is_cod:
            return
        attempts = await queries.lock_payments_of_purchase(tx, buyer_id=order.buyer_id, purchase_id=order.purchase_id)
        cash = next((attempt for attempt in attempts if attempt.provider == PROVIDER_OF_COD), None)
        if cash is None:
            return
        if order.state in (State.DELIVERED, State.COMPLETED) and order.kept_minor:
            await payments.capture(
                tx,
                cash,
                attempt=f"cod-{order.id}",
                amount_minor=order.kept_minor,
                currency=order.currency,
                use="purchase",
                at=at,
            )
        siblings = await orders.orders_of_purchase(tx, buyer_id=order.buyer_id, purchase_id=order.purchase_id)
        if all(sibling.state is State.CANCELLED for sibling in siblings):
            await payments.end(tx, cash, state=PaymentState.CANCELLED, failure="nothing left to pay", at=at)
        elif all(sibling.is_finished or sibling.state is State.DELIVERED for sibling in siblings):
            await queries.set_payment_paid(tx, cash, at=at)
