"""What the provider's word does to a purchase. The browser's return, the notification and the janitor all end here."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from etalase.commerce.inventory import actions as inventory
from etalase.commerce.inventory.errors import StockShort
from etalase.commerce.inventory.queries import lock_stock
from etalase.commerce.inventory.rules import StockUnits
from etalase.commerce.ledger import actions as ledger
from etalase.commerce.ledger.errors import WalletShort
from etalase.commerce.orders import actions as orders
from etalase.commerce.orders import queries as order_queries
from etalase.commerce.orders.facts import OrderPaid, OrderReinstated
from etalase.commerce.orders.rules import Move, Order, State
from etalase.commerce.payments import actions as payments
from etalase.commerce.payments import queries as payment_queries
from etalase.commerce.payments.rules import (
    PROVIDER_OF_WALLET,
    Arrival,
    Payment,
    PaymentState,
    Report,
    is_of_this_attempt,
    use_of_capture,
)
from etalase.foundation import clock
from etalase.foundation.deadlines import actions as deadlines
from etalase.foundation.facts import record
from etalase.foundation.facts.model import PROVIDER
from etalase.foundation.money import AMOUNT_LIMIT
from etalase.foundation.policies.rules import book_of
from etalase.foundation.sql import Db, Tx
from etalase.journeys.checkout import wallet_part
from etalase.journeys.checkout.accepting import accept
from etalase.journeys.checkout.refunding import Cause, expected_days, give_back

ROUNDS_MAX = 5


class Outcome(StrEnum):
    """What a report did."""

    UNKNOWN_PAYMENT = "unknown payment"
    NOT_THEIRS = "another provider's payment"
    NOTHING_NEW = "nothing new"
    PAID = "paid"
    PART_HELD = "part held"
    SURPLUS_RETURNED = "surplus returned"
    ENDED = "ended"
    REFUND_DONE = "refund done"
    REFUND_FAILED = "refund failed"


class AmountNotValid(ValueError):
    """No money arrives in amounts like this."""


async def settle(db: Db, report: Report) -> Outcome:
    """Let a provider's report take effect, once however often it comes and in whatever order; raises AmountNotValid."""
    match report.status:
        case "paid":
            return await _money_arrived(db, report)
        case "failed" | "expired" | "cancelled":
            return await _attempt_ended(db, report)
        case "refunded" | "refund_failed" if report.refund_id is not None:
            return await _refund_ended(db, report)
        case _:
            return Outcome.NOTHING_NEW


async def _refund_ended(db: Db, report: Report) -> Outcome:
    refund_id = report.refund_id or 0
    async with db.for_buyer(report.buyer_id).reading() as tx:
        refund = await payment_queries.refund(tx, buyer_id=report.buyer_id, refund_id=refund_id)
        payment = await payment_queries.payment(tx, buyer_id=report.buyer_id, payment_id=report.payment_id)
    if refund is None or payment is None or refund.payment_id != payment.id:
        return Outcome.UNKNOWN_PAYMENT
    if not _is_theirs(payment, report):
        return Outcome.NOT_THEIRS
    if report.status == "refunded":
        done = await payments.refund_done(db, buyer_id=report.buyer_id, refund_id=refund_id)
        return Outcome.REFUND_DONE if done else Outcome.NOTHING_NEW
    if not is_of_this_attempt(refund, report.refund_attempt):
        return Outcome.NOTHING_NEW
    failed = await payments.refund_failed(db, buyer_id=report.buyer_id, refund_id=refund_id, failure=report.detail)
    return Outcome.REFUND_FAILED if failed else Outcome.NOTHING_NEW


def _is_theirs(payment: Payment, report: Report) -> bool:
    """Whether who says so is the one that was asked to take the money."""
    return report.provider in ("", payment.provider)


async def _attempt_ended(db: Db, report: Report) -> Outcome:
    at = clock.now()
    async with db.for_buyer(report.buyer_id).transaction() as tx:
        payment = await payment_queries.lock_payment(tx, buyer_id=report.buyer_id, payment_id=report.payment_id)
        if payment is None:
            return Outcome.UNKNOWN_PAYMENT
        if not _is_theirs(payment, report):
            return Outcome.NOT_THEIRS
        state = PaymentState(report.status)
        has_ended = await payments.end(tx, payment, state=state, failure=report.detail, at=at, by=PROVIDER)
        return Outcome.ENDED if has_ended else Outcome.NOTHING_NEW


async def _money_arrived(db: Db, report: Report) -> Outcome:
    if not 0 < report.amount_minor < AMOUNT_LIMIT:
        raise AmountNotValid(f"{report.amount_minor} {report.currency} arrived")
    for _ in range(ROUNDS_MAX):
        try:
            return await _arrive(db, report)
        except WalletShort:
            continue  # spent at this very moment; what is left is seen now
    raise WalletShort


async def _arrive(db: Db, report: Report) -> Outcome:
    at = clock.now()
    async with db.for_buyer(report.buyer_id).transaction() as tx:
        payment, attempts = await _locked(tx, report)
        if payment is None:
            return Outcome.UNKNOWN_PAYMENT
        if not _is_theirs(payment, report):
            return Outcome.NOT_THEIRS
        arrival = use_of_capture(
            payment,
            amount_minor=report.amount_minor,
            currency=report.currency,
            is_purchase_paid=any(attempt.state is PaymentState.PAID for attempt in attempts),
            parts_minor=await payment_queries.parts_held(tx, payment),
        )
        if payment.provider == PROVIDER_OF_WALLET and payment.state is not PaymentState.PENDING:
            return Outcome.NOTHING_NEW  # what was set aside has been let go of: no money came
        arrival = await wallet_part.usable(tx, payment, arrival, attempts=attempts, came_minor=report.amount_minor)
        is_new = await payments.capture(
            tx,
            payment,
            attempt=report.attempt,
            amount_minor=report.amount_minor,
            currency=report.currency,
            use=arrival.use,
            at=at,
        )
        if not is_new:
            return Outcome.NOTHING_NEW
        return await _use(tx, payment, report, attempts=attempts, arrival=arrival, at=at)


async def _use(
    tx: Tx, payment: Payment, report: Report, *, attempts: Sequence[Payment], arrival: Arrival, at: datetime
) -> Outcome:
    currency = report.currency
    if arrival.use == "part":
        await ledger.capture_surplus(tx, currency=currency, amount_minor=report.amount_minor, at=at)
        return Outcome.PART_HELD
    if arrival.use == "surplus":
        reason = _reason_back(payment, report, attempts)
        await _give_back(tx, payment, amount_minor=report.amount_minor, currency=currency, reason=reason, at=at)
        return Outcome.SURPLUS_RETURNED
    parts = await payment_queries.use_parts(tx, payment, use="purchase")
    await ledger.use_surplus(tx, currency=currency, amount_minor=parts, at=at, reference_id=payment.id)
    await _pay(tx, payment, attempts, at=at)
    if arrival.goes_back_minor:
        await _give_back(tx, payment, amount_minor=arrival.goes_back_minor, currency=currency, reason="overpaid", at=at)
    return Outcome.PAID


def _reason_back(payment: Payment, report: Report, attempts: Sequence[Payment]) -> str:
    """Why it goes back, where that is not its amount or its being the second one."""
    is_enough = report.amount_minor >= payment.amount_minor and report.currency == payment.currency
    if not is_enough or any(attempt.state is PaymentState.PAID for attempt in attempts):
        return ""
    return "wallet_full" if payment.is_top_up else "wallet_short" if payment.wallet_minor else ""


async def _locked(tx: Tx, report: Report) -> tuple[Payment | None, Sequence[Payment]]:
    seen = await payment_queries.payment(tx, buyer_id=report.buyer_id, payment_id=report.payment_id)
    if seen is None:
        return None, ()
    attempts = await payment_queries.lock_payments_of_purchase(tx, buyer_id=seen.buyer_id, purchase_id=seen.purchase_id)
    return next(attempt for attempt in attempts if attempt.id == seen.id), attempts


async def _give_back(
    tx: Tx, payment: Payment, *, amount_minor: int, currency: str, at: datetime, reason: str = ""
) -> None:
    """Money that no order is owed goes back as it came."""
    await ledger.capture_surplus(tx, currency=currency, amount_minor=amount_minor, at=at)
    is_twice = (amount_minor, currency) == (payment.amount_minor, payment.currency)
    await payments.approve_refund(
        tx,
        payment,
        amount_minor=amount_minor,
        currency=currency,
        reason=reason or ("paid_twice" if is_twice else "wrong_amount"),
        at=at,
        expected=await expected_days(tx, method=payment.method, at=at),
    )


async def return_parts(db: Db, *, buyer_id: int, payment_id: int) -> int:
    """What was held for the rest goes back once the payment has ended unpaid; returns how much, once."""
    at = clock.now()
    async with db.for_buyer(buyer_id).transaction() as tx:
        payment = await payment_queries.lock_payment(tx, buyer_id=buyer_id, payment_id=payment_id)
        if payment is None or payment.state in (PaymentState.PENDING, PaymentState.PAID):
            return 0
        parts = await payment_queries.use_parts(tx, payment, use="surplus")
        if parts:  # it stands in the ledger as surplus since it came
            await payments.approve_refund(
                tx,
                payment,
                amount_minor=parts,
                currency=payment.currency,
                reason="paid_too_little",
                at=at,
                expected=await expected_days(tx, method=payment.method, at=at),
            )
        return parts


async def _pay(tx: Tx, payment: Payment, attempts: Sequence[Payment], *, at: datetime) -> None:
    await payment_queries.set_payment_paid(tx, payment, at=at)
    for other in attempts:
        if other.id != payment.id:
            await payments.end(tx, other, state=PaymentState.CANCELLED, failure="paid otherwise", at=at)
    if payment.is_top_up:
        await wallet_part.top_up(tx, payment, at=at)
        return
    await wallet_part.take(tx, payment, at=at)
    found = await order_queries.orders_of_purchase(tx, buyer_id=payment.buyer_id, purchase_id=payment.purchase_id)
    locked = [await orders.lock(tx, shop_id=order.shop_id, order_id=order.id) for order in found]
    # An order that was cancelled before this attempt began is not in its sum.
    covered = [order for order in locked if order.cancelled_at is None or order.cancelled_at >= payment.started_at]
    await _lock_goods(tx, [order for order in covered if order.state is State.CANCELLED])
    kept = 0
    for order in covered:
        await ledger.capture(
            tx, shop_id=order.shop_id, order_id=order.id, currency=order.currency, amount_minor=order.total_minor, at=at
        )
        if order.payment_method != payment.method:
            await order_queries.set_payment_method(tx, shop_id=order.shop_id, order_id=order.id, method=payment.method)
        if order.state is State.UNPAID:
            await _order_paid(tx, order, Move.PAY, payment=payment, at=at)
        elif not await _reinstate(tx, order, payment=payment, at=at):
            await _return_share(tx, order, at=at)
            continue
        kept += 1
    if payment.fee_minor:
        await _take_fee(tx, payment, is_earned=kept > 0, at=at)


async def _take_fee(tx: Tx, payment: Payment, *, is_earned: bool, at: datetime) -> None:
    """The fee is for having paid: where no order could be kept, it goes back with the rest."""
    if is_earned:
        await ledger.charge_method_fee(
            tx, currency=payment.currency, amount_minor=payment.fee_minor, at=at, reference_id=payment.id
        )
    else:
        await _give_back(
            tx, payment, amount_minor=payment.fee_minor, currency=payment.currency, reason="paid_late", at=at
        )


async def _lock_goods(tx: Tx, lapsed: Sequence[Order]) -> None:
    """All stock first and in key order, as placing does: order by order, two purchases could wait for each other in a ring."""
    if lapsed:
        lines = await order_queries.lines_of_orders(tx, [(order.shop_id, order.id) for order in lapsed])
        await lock_stock(tx, shop_ids=[line.shop_id for line in lines], variant_ids=[line.variant_id for line in lines])


async def _order_paid(tx: Tx, order: Order, move: Move, *, payment: Payment, at: datetime) -> None:
    await deadlines.stop(
        tx, shop_id=order.shop_id, subject_kind="order", subject_id=order.id, kinds=["payment.deadline"], at=at
    )
    fact = OrderPaid(
        shop_id=order.shop_id,
        subject_id=order.id,
        order_id=order.id,
        buyer_id=order.buyer_id,
        amount_minor=order.total_minor,
        currency=order.currency,
        method=payment.method,
    )
    await record(tx, fact, by=PROVIDER, at=at)
    paid = await orders.move(tx, order, move, at=at)
    await accept(tx, paid, at=at)


async def _reinstate(tx: Tx, order: Order, *, payment: Payment, at: datetime) -> bool:
    """Paid too late: the order lives again if it lapsed unpaid, the policy says so and everything is still there."""
    lapsed = order.state is State.CANCELLED and order.cancel_reason == "unpaid"
    if not lapsed or book_of(order.policies).find("payment.late_grace").value != "accept_if_stock":
        return False
    lines = await order_queries.lines_of(tx, shop_id=order.shop_id, order_id=order.id)
    units = [StockUnits(order.shop_id, line.variant_id, line.quantity, order.id) for line in lines]
    try:
        await inventory.commit_units(tx, units, at=at)
    except StockShort:
        return False
    await order_queries.restore_units(tx, shop_id=order.shop_id, order_id=order.id)
    fact = OrderReinstated(shop_id=order.shop_id, subject_id=order.id, order_id=order.id, buyer_id=order.buyer_id)
    await record(tx, fact, by=PROVIDER, at=at)
    await _order_paid(tx, order, Move.REINSTATE, payment=payment, at=at)
    return True


async def _return_share(tx: Tx, order: Order, *, at: datetime) -> None:
    await give_back(tx, order, order.total_minor, Cause("paid_late"), at=at)
    await order_queries.count_off_units(tx, order, units=0, refund_minor=order.total_minor, at=at)
