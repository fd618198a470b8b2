"""From what a provider says to what it does: notifications, the janitor's questions, refunds to be sent.

The payment's row says which provider is asked; a provider's word about another one's payment has no effect.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Final

import structlog

from etalase.commerce.payments import actions, queries
from etalase.commerce.payments.rules import (
    PROVIDER_OF_COD,
    PROVIDER_OF_WALLET,
    Payment,
    PaymentState,
    Refund,
    RefundState,
    Report,
    refund_named,
    report_of_wallet,
)
from etalase.foundation import clock
from etalase.foundation.facts import RecordedFact
from etalase.foundation.inbound.actions import Apply, NotForUs
from etalase.foundation.inbound.queries import InboundEvent
from etalase.foundation.sql import Db
from etalase.integrations.payment_providers.gateway import provider, vendor_of
from etalase.integrations.payment_providers.hooks import HOOKS
from etalase.integrations.payment_providers.protocol import (
    PaymentRefused,
    PaymentReport,
    ProviderUnavailable,
    ReportNotUnderstood,
    StartRefund,
    ids_of,
    reference_of,
)
from etalase.journeys.checkout import settle
from etalase.journeys.checkout.settle import Outcome
from etalase.settings import settings

log = structlog.get_logger()

ASK_AFTER = timedelta(minutes=2)
"""A payment nobody has told us about for so long is asked for; and asked for again after as long."""
ENDED_ASKED_FOR = timedelta(days=4)
"""So long after its start a payment that ended unpaid is still asked for: a day to pay, and three for words to get lost."""
ENDED_ASK_AFTER = timedelta(hours=1)
REFUND_ASK_AFTER = timedelta(hours=1)
LOOKED_AT: Final = frozenset({Outcome.UNKNOWN_PAYMENT, Outcome.NOT_THEIRS})
"""What a genuine message must not end in unnoticed."""


def report_of(told: PaymentReport, *, code: str) -> Report:
    """The provider's report in our words, or ReportNotUnderstood."""
    buyer_id, payment_id = ids_of(told.merchant_reference)
    refund_id, attempt = None, 1
    if told.refund_reference:
        named = refund_named(told.refund_reference)
        if named is None:
            raise ReportNotUnderstood(f"refund {told.refund_reference[:40]!r} is none of ours")
        refund_id, attempt = named
    return Report(
        buyer_id=buyer_id,
        payment_id=payment_id,
        status=told.status.value,
        attempt=told.paid_attempt_id or told.event_id,
        amount_minor=told.amount_minor,
        currency=told.currency,
        refund_id=refund_id,
        refund_attempt=attempt,
        detail=told.status.value,
        provider=code,
    )


async def apply_event(db: Db, event: InboundEvent, *, code: str) -> str:
    """Let a kept notification take effect; says what it did. What nobody understands is set aside for the operator."""
    try:
        reports = [report_of(told, code=code) for told in HOOKS[code].read(event.body)]
        outcomes = [await settle.settle(db, report) for report in reports]
    except (ReportNotUnderstood, ValueError) as problem:
        raise NotForUs(f"not understood: {problem}") from problem
    unclear = LOOKED_AT.intersection(outcomes)
    if unclear:
        raise NotForUs(", ".join(sorted(unclear)))
    return ", ".join(outcomes) or Outcome.NOTHING_NEW


APPLIERS: Final[Mapping[str, Apply]] = {vendor_of(code): partial(apply_event, code=code) for code in HOOKS}
"""By the name under which notifications are kept."""


async def ask_undecided(db: Db) -> int:
    """The janitor: ask about payments and refunds nobody has told us the end of; returns how many were asked for."""
    now = clock.now()
    async with db.any().reading() as tx:
        waiting = await queries.undecided_payments(tx, started_before=now - ASK_AFTER, asked_before=now - ASK_AFTER)
        ended = await queries.ended_payments(
            tx, started_after=now - ENDED_ASKED_FOR, asked_before=now - ENDED_ASK_AFTER
        )
        refunding = await queries.refunds_unconfirmed(
            tx, sent_before=now - REFUND_ASK_AFTER, asked_before=now - REFUND_ASK_AFTER
        )
    for payment in {payment.id: payment for payment in [*waiting, *ended, *refunding]}.values():
        await ask(db, payment)
    return len(waiting) + len(ended) + len(refunding)


async def ask(db: Db, payment: Payment) -> None:
    """Ask the provider what became of the payment and its refunds, and let the answer take effect."""
    if payment.provider == PROVIDER_OF_WALLET and payment.state is PaymentState.PENDING:
        await settle.settle(db, report_of_wallet(payment))  # who was to do it at once has died
    for told in await _answers(payment):
        try:
            await settle.settle(db, report_of(told, code=payment.provider))
        except (ReportNotUnderstood, ValueError) as problem:
            log.error("a provider's answer was not understood", payment_id=payment.id, error=str(problem))
    at = clock.now()
    async with db.for_buyer(payment.buyer_id).transaction() as tx:
        await queries.stamp_asked(tx, payment, at=at)
        await queries.stamp_refunds_asked(tx, payment, at=at)


async def _answers(payment: Payment) -> Sequence[PaymentReport]:
    if payment.provider_reference is None or payment.provider == PROVIDER_OF_COD:
        return ()
    try:
        async with provider(settings(), payment.provider) as client:
            return await client.status(payment.provider_reference)
    except (ProviderUnavailable, PaymentRefused, ReportNotUnderstood) as error:
        log.warning("payment not asked for", payment_id=payment.id, error=str(error))
        return ()


async def send_refund(db: Db, recorded: RecordedFact) -> None:
    """Reaction to a refund approved or tried again: the provider is asked to send it; unavailable means again later."""
    buyer_id = recorded.buyer_id
    if buyer_id is None:
        return
    async with db.for_buyer(buyer_id).reading() as tx:
        refund = await queries.refund(tx, buyer_id=buyer_id, refund_id=recorded.subject_id)
        payment = await queries.payment(tx, buyer_id=buyer_id, payment_id=refund.payment_id) if refund else None
    if refund is None or payment is None or refund.state is not RefundState.APPROVED or refund.by_hand:
        return  # by hand: the buyer was asked for an account, the operator transfers
    if payment.provider_reference is None:
        await actions.refund_failed(db, buyer_id=buyer_id, refund_id=refund.id, failure="no way back at the provider")
        return
    try:
        async with provider(settings(), payment.provider) as client:
            sent = await client.refund(_refund_of(payment, refund))
    except PaymentRefused as error:
        await actions.refund_failed(db, buyer_id=buyer_id, refund_id=refund.id, failure=error.code)
        return
    await actions.refund_sent(
        db, buyer_id=buyer_id, refund_id=refund.id, provider_reference=sent.provider_refund_reference
    )


def _refund_of(payment: Payment, refund: Refund) -> StartRefund:
    return StartRefund(
        provider_reference=payment.provider_reference or "",
        merchant_reference=reference_of(payment.buyer_id, payment.id),
        refund_reference=refund.reference,
        amount_minor=refund.amount_minor,
        currency=refund.currency,
        reason=refund.reason,
    )


async def close_payment(db: Db, recorded: RecordedFact) -> None:
    """Reaction to a payment that ended: what was held goes back, and the provider takes no money for it any more."""
    buyer_id = recorded.buyer_id
    if buyer_id is None:
        return
    await settle.return_parts(db, buyer_id=buyer_id, payment_id=recorded.subject_id)
    async with db.for_buyer(buyer_id).reading() as tx:
        payment = await queries.payment(tx, buyer_id=buyer_id, payment_id=recorded.subject_id)
    if recorded.actor_kind == "provider":
        return  # who says so knows
    if payment is None or payment.provider_reference is None or recorded.data.get("state") == "expired":
        return  # an expired one may still be paid late, which has its own end
    try:
        async with provider(settings(), payment.provider) as client:
            await client.cancel(payment.provider_reference)
    except PaymentRefused as error:
        log.info("payment not closed", payment_id=payment.id, error=error.code)
