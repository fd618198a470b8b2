"""From what the provider says to what it does: notifications, the janitor's questions, refunds to be sent."""

from collections.abc import Sequence
from datetime import timedelta

import structlog

from etalase.commerce.payments import actions, queries
from etalase.commerce.payments.rules import Payment, RefundState, Report
from etalase.foundation import clock
from etalase.foundation.facts import RecordedFact
from etalase.foundation.inbound.queries import InboundEvent
from etalase.foundation.sql import Db
from etalase.integrations.payment_providers.gateway import PROVIDER, provider
from etalase.integrations.payment_providers.protocol import (
    PaymentRefused,
    PaymentReport,
    ProviderUnavailable,
    ReportNotUnderstood,
    ids_of,
)
from etalase.integrations.payment_providers.sandbox import mapping
from etalase.journeys.checkout import settle
from etalase.settings import settings

log = structlog.get_logger()

ASK_AFTER = timedelta(minutes=2)
"""A payment nobody has told us about for so long is asked for; and asked for again after as long."""
ENDED_ASKED_FOR = timedelta(days=4)
"""So long after its start a payment that ended unpaid is still asked for: a day to pay, and three for words to get lost."""
ENDED_ASK_AFTER = timedelta(hours=1)


def report_of(told: PaymentReport) -> Report:
    """The provider's report in our words."""
    buyer_id, payment_id = ids_of(told.merchant_reference)
    return Report(
        buyer_id=buyer_id,
        payment_id=payment_id,
        status=told.status.value,
        attempt=told.paid_attempt_id or told.event_id,
        amount_minor=told.amount_minor,
        currency=told.currency,
        refund_id=int(told.refund_reference) if told.refund_reference else None,
        detail=told.status.value,
    )


async def apply_event(db: Db, event: InboundEvent) -> str:
    """Let a kept notification take effect; says what it did. What can't be understood is kept and not tried again."""
    try:
        report = report_of(mapping.report_of(event.body))
    except (ReportNotUnderstood, ValueError) as problem:
        return f"not understood: {problem}"
    return await settle.settle(db, report)


async def ask_undecided(db: Db) -> int:
    """The janitor: ask the provider about payments nobody has told us about; returns how many were asked for."""
    now = clock.now()
    async with db.any().reading() as tx:
        waiting = await queries.undecided_payments(tx, started_before=now - ASK_AFTER, asked_before=now - ASK_AFTER)
        ended = await queries.ended_payments(
            tx, started_after=now - ENDED_ASKED_FOR, asked_before=now - ENDED_ASK_AFTER
        )
    for payment in [*waiting, *ended]:
        await ask(db, payment)
    return len(waiting) + len(ended)


async def ask(db: Db, payment: Payment) -> None:
    """Ask the provider what became of the payment and let the answer take effect."""
    if payment.provider_reference is None or payment.provider != PROVIDER:
        reports: Sequence[PaymentReport] = ()
    else:
        try:
            async with provider(settings()) as client:
                reports = await client.status(payment.provider_reference)
        except (ProviderUnavailable, PaymentRefused) as error:
            log.warning("payment not asked for", payment_id=payment.id, error=str(error))
            reports = ()
    for told in reports:
        await settle.settle(db, report_of(told))
    async with db.for_buyer(payment.buyer_id).transaction() as tx:
        await queries.stamp_asked(tx, payment, at=clock.now())


async def send_refund(db: Db, recorded: RecordedFact) -> None:
    """Reaction to an approved refund: the provider is asked to send it; unavailable means again later."""
    buyer_id = recorded.buyer_id
    if buyer_id is None:
        return
    async with db.for_buyer(buyer_id).reading() as tx:
        refund = await queries.refund(tx, buyer_id=buyer_id, refund_id=recorded.subject_id)
        payment = await queries.payment(tx, buyer_id=buyer_id, payment_id=refund.payment_id) if refund else None
    if refund is None or payment is None or refund.state not in (RefundState.APPROVED, RefundState.FAILED):
        return
    if payment.provider_reference is None:
        await actions.refund_failed(db, buyer_id=buyer_id, refund_id=refund.id, failure="no way back at the provider")
        return
    try:
        async with provider(settings()) as client:
            sent = await client.refund(
                payment.provider_reference,
                refund_reference=str(refund.id),
                amount_minor=refund.amount_minor,
                reason=refund.reason,
            )
    except PaymentRefused as error:
        await actions.refund_failed(db, buyer_id=buyer_id, refund_id=refund.id, failure=error.code)
        return
    await actions.refund_sent(
        db, buyer_id=buyer_id, refund_id=refund.id, provider_reference=sent.provider_refund_reference
    )


async def close_payment(db: Db, recorded: RecordedFact) -> None:
    """Reaction to a payment that we ended: the provider is told to take no money for it any more."""
    buyer_id = recorded.buyer_id
    if buyer_id is None or recorded.actor_kind == "provider":
        return
    async with db.for_buyer(buyer_id).reading() as tx:
        payment = await queries.payment(tx, buyer_id=buyer_id, payment_id=recorded.subject_id)
    if payment is None or payment.provider_reference is None or recorded.data.get("state") == "expired":
        return  # an expired one may still be paid late, which has its own end
    try:
        async with provider(settings()) as client:
            await client.cancel(payment.provider_reference)
    except PaymentRefused as error:
        log.info("payment not closed", payment_id=payment.id, error=error.code)
