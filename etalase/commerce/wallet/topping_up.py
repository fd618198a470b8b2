"""Putting money into a wallet: a purchase without orders, paid like others.

Enough once is in the wallet, late too while there is room. What is too much goes back as it came, and so does all of it when it
is too little, came a second time, or finds the wallet too full.
"""

from etalase.commerce.payments import actions as payments
from etalase.commerce.payments import queries as payment_queries
from etalase.commerce.payments.methods import fee_of, payment_method
from etalase.commerce.payments.rules import Payment, PaymentState, Purchase
from etalase.commerce.wallet import queries, rules
from etalase.commerce.wallet.errors import AmountNotAllowed, FeeChanged
from etalase.commerce.wallet.limits import room_in
from etalase.foundation import clock
from etalase.foundation.deadlines.rules import unpaid_due
from etalase.foundation.ids import new_id
from etalase.foundation.policies.queries import load_book
from etalase.foundation.sql import Db, Tx


async def begin(
    db: Db, *, buyer_id: int, amount_minor: int, method: str, provider: str, fee_seen_minor: int, key: str
) -> tuple[int, int]:
    """Ask for money for the wallet: (purchase, payment) to start at its provider; a repeated key answers the first ones.

    Raises AmountNotAllowed (what is awaited already counts as being in the wallet) and FeeChanged.
    """
    at, kind = clock.now(), str(payment_method(method).kind)
    async with db.for_buyer(buyer_id).transaction() as tx:
        room = await room_in(tx, owner_id=buyer_id, currency=rules.CURRENCY)
        before = await payment_queries.purchases_by_keys(tx, [(buyer_id, key)])
        if before:
            return before[0].purchase_id, before[0].payment_id or 0
        book = await load_book(tx)
        rules.check_bounds(amount_minor, book.find("wallet.top_up").value)
        room -= await queries.pending_top_ups(tx, buyer_id=buyer_id, currency=rules.CURRENCY)
        if amount_minor > room:
            raise AmountNotAllowed("room", max(0, room))
        fee = fee_of(kind, amount_minor=amount_minor, currency=rules.CURRENCY, book=book)
        if fee != fee_seen_minor:
            raise FeeChanged
        limit = unpaid_due(at, kind, book)
        purchase = Purchase(buyer_id, new_id(), key, method, rules.CURRENCY, amount_minor, at)
        payment = Payment(
            buyer_id=buyer_id, id=new_id(), purchase_id=purchase.id, provider=provider, method=method,
            state=PaymentState.PENDING, amount_minor=amount_minor + fee, fee_minor=fee, currency=rules.CURRENCY,
            provider_reference=None, pay_url=None, expires_at=limit.due_at if limit else None, started_at=at, paid_at=None,
            failure="", is_top_up=True,
        )  # fmt: skip
        await payment_queries.insert_purchases(tx, [purchase])
        await payments.open_payment(tx, payment)
        return purchase.id, payment.id


async def lapse(db: Db) -> int:
    """End what was not paid in time, for a worker; returns how many."""
    at = clock.now()
    async with db.any().reading() as tx:
        over = await queries.top_ups_over(tx, at=at)
    for key in over:
        async with db.for_buyer(key.buyer_id).transaction() as tx:
            await _expire(tx, buyer_id=key.buyer_id, payment_id=key.id)
    return len(over)


async def _expire(tx: Tx, *, buyer_id: int, payment_id: int) -> None:
    payment = await payment_queries.lock_payment(tx, buyer_id=buyer_id, payment_id=payment_id)
    if payment is not None:
        await payments.end(tx, payment, state=PaymentState.EXPIRED, failure="not paid in time", at=clock.now())


async def give_up(db: Db, *, buyer_id: int, payment_id: int) -> bool:
    """The buyer does not want to put it in after all; false if it is none of theirs, paid or over."""
    async with db.for_buyer(buyer_id).transaction() as tx:
        payment = await payment_queries.lock_payment(tx, buyer_id=buyer_id, payment_id=payment_id)
        if payment is None or not payment.is_top_up:
            return False
        return await payments.end(tx, payment, state=PaymentState.CANCELLED, failure="given up", at=clock.now())
