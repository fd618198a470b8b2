"""The verbs of payments and refunds; what an arrival of money means for orders is the journey `checkout.settle`."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from etalase.commerce.ledger import actions as ledger
from etalase.commerce.ledger import wallets
from etalase.commerce.ledger.wallets import Movement
from etalase.commerce.payments import queries
from etalase.commerce.payments.by_hand.queries import lock_refund
from etalase.commerce.payments.facts import (
    PaymentCaptured,
    PaymentEnded,
    PaymentStarted,
    RefundApproved,
    RefundDone,
    RefundFailed,
    RefundTriedAgain,
)
from etalase.commerce.payments.rules import (
    PAID_BACK_BY_HAND,
    PROVIDER_OF_WALLET,
    Payment,
    PaymentState,
    Refund,
    RefundState,
)
from etalase.foundation import clock
from etalase.foundation.facts import Actor, record
from etalase.foundation.facts.model import PROVIDER, SYSTEM
from etalase.foundation.ids import PLATFORM, new_id
from etalase.foundation.sql import Db, Tx


async def open_payment(tx: Tx, payment: Payment) -> None:
    """Write a new attempt to pay inside the caller's transaction; what the wallet pays with it is set aside.

    Whether the wallet covers that is asked before (`ledger.queries.lock_wallet`): otherwise the transaction fails at its end.
    """
    await queries.insert_payments(tx, [payment])
    if payment.wallet_minor:
        await wallets.hold(tx, set_aside(payment, at=payment.started_at))
    await record(tx, started_fact(payment), by=Actor.buyer(payment.buyer_id), at=payment.started_at)


def set_aside(payment: Payment, *, at: datetime) -> Movement:
    """The wallet's part in an attempt to pay, for those who write many attempts at once."""
    return Movement(
        owner_id=payment.buyer_id, currency=payment.currency, amount_minor=payment.wallet_minor, at=at,
        reference_id=payment.id,
    )  # fmt: skip


def started_fact(payment: Payment) -> PaymentStarted:
    """What an attempt to pay begins with, for those who write many attempts at once."""
    return PaymentStarted(
        shop_id=PLATFORM,
        subject_id=payment.id,
        buyer_id=payment.buyer_id,
        method=payment.method,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
    )


async def started(
    db: Db,
    *,
    buyer_id: int,
    payment_id: int,
    provider_reference: str,
    pay_url: str,
    instructions: Mapping[str, Any] | None = None,
) -> bool:
    """Keep where the provider lets the buyer pay; false if the payment has ended meanwhile.

    The provider's reference is kept even then: if the buyer pays there all the same, money can go back that way.
    """
    async with db.for_buyer(buyer_id).transaction() as tx:
        return await queries.set_started(
            tx,
            buyer_id=buyer_id,
            payment_id=payment_id,
            provider_reference=provider_reference,
            pay_url=pay_url,
            instructions=instructions,
        )


async def capture(
    tx: Tx, payment: Payment, *, attempt: str, amount_minor: int, currency: str, use: str, at: datetime
) -> bool:
    """Write down money that arrived; false if this arrival was known, and then nothing else may follow from it."""
    is_new = await queries.insert_capture(
        tx, payment, attempt=attempt, amount_minor=amount_minor, currency=currency, use=use, at=at
    )
    if is_new:
        fact = PaymentCaptured(
            shop_id=PLATFORM,
            subject_id=payment.id,
            buyer_id=payment.buyer_id,
            amount_minor=amount_minor,
            currency=currency,
            use=use,
        )
        await record(tx, fact, by=PROVIDER, at=at)
    return is_new


async def end(tx: Tx, payment: Payment, *, state: PaymentState, failure: str, at: datetime, by: Actor = SYSTEM) -> bool:
    """End a pending payment unpaid, and let go of what the wallet had set aside for it; false if it had ended."""
    has_ended = await queries.end_payment(tx, payment, state=state, failure=failure)
    if has_ended:
        if payment.wallet_minor:
            await wallets.release(tx, set_aside(payment, at=at))
        fact = PaymentEnded(
            shop_id=PLATFORM, subject_id=payment.id, buyer_id=payment.buyer_id, state=state, failure=failure
        )
        await record(tx, fact, by=by, at=at)
    return has_ended


async def approve_refund(
    tx: Tx,
    payment: Payment,
    *,
    amount_minor: int,
    currency: str,
    reason: str,
    at: datetime,
    expected: tuple[date, date],
    shop_id: int | None = None,
    order_id: int | None = None,
    cancellation_id: int | None = None,
    case_id: int | None = None,
    to_wallet: bool = False,
) -> int:
    """Promise money back, with its entry in the ledger; a reaction to the fact sends it. Returns the refund's id.

    Where there is no provider to send it, the buyer is asked for a bank account at once. What a wallet paid, and what the buyer
    wants there, is in the wallet when the transaction ends.
    """
    refund_id, to_wallet = new_id(), to_wallet or payment.provider == PROVIDER_OF_WALLET
    by_hand = payment.provider in PAID_BACK_BY_HAND and not to_wallet
    await queries.insert_refund(
        tx, payment=payment, refund_id=refund_id, shop_id=shop_id, order_id=order_id, cancellation_id=cancellation_id,
        case_id=case_id, reason=reason, amount_minor=amount_minor, currency=currency, at=at, expected=expected,
        by_hand=by_hand, to_wallet=to_wallet,
    )  # fmt: skip
    await _post_refund(
        tx, refund_id, shop_id=shop_id, order_id=order_id, amount_minor=amount_minor, currency=currency, at=at
    )
    fact = RefundApproved(
        shop_id=shop_id or PLATFORM, subject_id=refund_id, order_id=order_id, buyer_id=payment.buyer_id, reason=reason,
        amount_minor=amount_minor, currency=currency, expected_until=expected[1].isoformat(), by_hand=by_hand,
    )  # fmt: skip
    await record(tx, fact, by=SYSTEM, at=at)
    if to_wallet:
        await _into_wallet(tx, buyer_id=payment.buyer_id, refund_id=refund_id, at=at)
    return refund_id


async def turn_to_wallet(db: Db, *, buyer_id: int, refund_id: int) -> bool:
    """The buyer wants a refund in the wallet that no provider could send; false for all others.

    Once a bank account is named the operator may have transferred it, and only its reference is missing: it stays as said.
    """
    async with db.for_buyer(buyer_id).transaction() as tx:
        await lock_refund(tx, buyer_id=buyer_id, refund_id=refund_id)  # whoever names an account locks it too
        is_turned = await queries.turn_to_wallet(tx, buyer_id=buyer_id, refund_id=refund_id)
        if is_turned:
            await _into_wallet(tx, buyer_id=buyer_id, refund_id=refund_id, at=clock.now())
    return is_turned


async def _into_wallet(tx: Tx, *, buyer_id: int, refund_id: int, at: datetime) -> None:
    refund = await queries.move_refund(tx, buyer_id=buyer_id, refund_id=refund_id, to=RefundState.DONE, at=at)
    if refund is not None:
        into = Movement(
            owner_id=buyer_id, currency=refund.currency, amount_minor=refund.amount_minor, at=at, reference_id=refund.id
        )
        await wallets.credit(tx, into)
        await record(tx, _done_fact(refund), by=SYSTEM, at=at)


async def _post_refund(
    tx: Tx, refund_id: int, *, shop_id: int | None, order_id: int | None, amount_minor: int, currency: str, at: datetime
) -> None:
    if shop_id is None or order_id is None:
        await ledger.refund_surplus(tx, currency=currency, amount_minor=amount_minor, at=at, reference_id=refund_id)
        return
    await ledger.refund(
        tx,
        shop_id=shop_id,
        order_id=order_id,
        currency=currency,
        amount_minor=amount_minor,
        at=at,
        reference_id=refund_id,
    )


async def refund_sent(db: Db, *, buyer_id: int, refund_id: int, provider_reference: str) -> None:
    """The provider took the refund; its notification says when it is done."""
    async with db.for_buyer(buyer_id).transaction() as tx:
        await queries.move_refund(
            tx,
            buyer_id=buyer_id,
            refund_id=refund_id,
            to=RefundState.SENT,
            at=clock.now(),
            provider_reference=provider_reference,
        )


async def refund_done(db: Db, *, buyer_id: int, refund_id: int) -> Refund | None:
    """The provider reports that the money went back; none if that was known."""
    at = clock.now()
    async with db.for_buyer(buyer_id).transaction() as tx:
        refund = await queries.move_refund(tx, buyer_id=buyer_id, refund_id=refund_id, to=RefundState.DONE, at=at)
        if refund is not None:
            await record(tx, _done_fact(refund), by=PROVIDER, at=at)
        return refund


def _done_fact(refund: Refund) -> RefundDone:
    return RefundDone(
        shop_id=refund.shop_id or PLATFORM,
        subject_id=refund.id,
        order_id=refund.order_id,
        buyer_id=refund.buyer_id,
        amount_minor=refund.amount_minor,
        currency=refund.currency,
    )


async def refund_failed(db: Db, *, buyer_id: int, refund_id: int, failure: str) -> Refund | None:
    """The provider could not send the money back; the operator sees it. None if it is done or known."""
    at = clock.now()
    async with db.for_buyer(buyer_id).transaction() as tx:
        refund = await queries.move_refund(
            tx, buyer_id=buyer_id, refund_id=refund_id, to=RefundState.FAILED, at=at, failure=failure
        )
        if refund is not None:
            fact = RefundFailed(
                shop_id=refund.shop_id or PLATFORM,
                subject_id=refund.id,
                order_id=refund.order_id,
                buyer_id=buyer_id,
                failure=failure,
            )
            await record(tx, fact, by=PROVIDER, at=at)
        return refund


async def try_refund_again(db: Db, *, buyer_id: int, refund_id: int, by: Actor) -> Refund | None:
    """The provider is asked once more to send a refund that failed; none if it is on its way, done, or was never the provider's."""
    at = clock.now()
    async with db.for_buyer(buyer_id).transaction() as tx:
        known = await queries.refund(tx, buyer_id=buyer_id, refund_id=refund_id)
        if known is None or not known.can_be_tried_again:
            return None
        refund = await queries.move_refund(tx, buyer_id=buyer_id, refund_id=refund_id, to=RefundState.APPROVED, at=at)
        if refund is not None:
            fact = RefundTriedAgain(
                shop_id=refund.shop_id or PLATFORM,
                subject_id=refund.id,
                order_id=refund.order_id,
                buyer_id=buyer_id,
                attempt=refund.attempts + 1,
                last_failure=known.failure,
            )
            await record(tx, fact, by=by, at=at)
        return refund
