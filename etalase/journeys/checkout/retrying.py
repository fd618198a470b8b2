"""Paying again: after a failure, or with another method, without ordering again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from etalase.commerce.ledger.queries import lock_wallet
from etalase.commerce.orders import queries as orders
from etalase.commerce.orders.rules import Order, State
from etalase.commerce.payments import actions as payments
from etalase.commerce.payments import queries
from etalase.commerce.payments.methods import fee_of, payment_method
from etalase.commerce.payments.rules import Payment, PaymentState
from etalase.foundation import clock
from etalase.foundation.facts import Actor
from etalase.foundation.ids import new_id
from etalase.foundation.policies.queries import load_book
from etalase.foundation.policies.rules import PolicyBook
from etalase.foundation.sql import Db, Tx
from etalase.journeys.checkout import admitting
from etalase.journeys.checkout.errors import MethodNotAllowed, PaymentNotPossible
from etalase.journeys.checkout.rules import COD, WALLET, Method


async def pay_again(
    db: Db, *, buyer_id: int, purchase_id: int, method: Method | None, fee_seen_minor: int | None = None
) -> int:
    """The payment to go on with: the pending one if it is of this method, else a new one in its place.

    What the wallet was to pay with the last attempt it pays with this one, as far as it has it; all of it, with the method
    "wallet". An attempt by the wallet alone is paid in a moment, so it is gone on with. It asks for the orders that still wait, and the time to pay stays what it was, whichever provider takes it. Raises
    PaymentNotPossible when nothing waits for money or the time is over, MethodNotAllowed for cash on delivery, which is
    chosen at placement, for a method that what is ordered can't be paid by ("region", "goods"), and for a fee ("fee") that is not the one the buyer saw, where that is said.
    """
    at = clock.now()
    async with db.for_buyer(buyer_id).transaction() as tx:
        attempts = await queries.lock_payments_of_purchase(tx, buyer_id=buyer_id, purchase_id=purchase_id)
        found = await orders.orders_of_purchase(tx, buyer_id=buyer_id, purchase_id=purchase_id)
        waiting = [order for order in found if order.state is State.UNPAID]
        if not attempts or not waiting or any(a.state is PaymentState.PAID for a in attempts):
            raise PaymentNotPossible
        last = attempts[-1]
        if last.expires_at is not None and last.expires_at <= at:
            raise PaymentNotPossible
        if method is not None and method.kind == COD:
            raise MethodNotAllowed(COD, "closed")
        if last.state is PaymentState.PENDING and (method is None or last.method in (method.code, WALLET)):
            return last.id
        if method is not None and (reason := _refusal(method.kind, waiting)):
            raise MethodNotAllowed(method.code, reason)
        owed = sum(order.total_minor for order in waiting)
        part = await _wallet_part(tx, last, method=method, owed_minor=owed)
        again = _attempt(last, method=method, owed_minor=owed, wallet_minor=part, book=await load_book(tx), at=at)
        if fee_seen_minor is not None and again.fee_minor != fee_seen_minor:
            raise MethodNotAllowed(again.method, "fee")
        await payments.end(
            tx, last, state=PaymentState.CANCELLED, failure="another try", at=at, by=Actor.buyer(buyer_id)
        )
        await payments.open_payment(tx, again)
        return again.id


def _refusal(kind: str, waiting: Sequence[Order]) -> str:
    return next(filter(None, (admitting.refusal_of_order(kind, order) for order in waiting)), "")


async def _wallet_part(tx: Tx, last: Payment, *, method: Method | None, owed_minor: int) -> int:
    """What the wallet pays of it, its money locked; raises MethodNotAllowed if it is to pay all and has not so much."""
    is_whole = (method.code if method else last.method) == WALLET
    if not is_whole and not last.wallet_minor:
        return 0
    freed = last.wallet_minor if last.state is PaymentState.PENDING else 0
    has = freed + await lock_wallet(tx, owner_id=last.buyer_id, currency=last.currency)
    if not is_whole:
        return min(last.wallet_minor, has, owed_minor - 1)
    if has < owed_minor:
        raise MethodNotAllowed(WALLET, "wallet")
    return owed_minor


def _attempt(
    last: Payment, *, method: Method | None, owed_minor: int, wallet_minor: int, book: PolicyBook, at: datetime
) -> Payment:
    code = method.code if method else last.method
    rest = owed_minor if code == WALLET else owed_minor - wallet_minor
    fee = fee_of(str(payment_method(code).kind), amount_minor=rest, currency=last.currency, book=book)
    return replace(
        last,
        id=new_id(),
        provider=method.provider if method else last.provider,
        method=code,
        state=PaymentState.PENDING,
        amount_minor=rest + fee,
        fee_minor=fee,
        wallet_minor=wallet_minor,
        provider_reference=None,
        pay_url=None,
        instructions=None,
        started_at=at,
        paid_at=None,
        failure="",
    )
