"""Sending a buyer to pay: after the order is committed, never inside its transaction."""

import structlog

from etalase.commerce.accounts import queries as accounts
from etalase.commerce.payments import actions, queries
from etalase.commerce.payments.rules import Payment, PaymentState
from etalase.foundation import clock
from etalase.foundation.sql import Db
from etalase.integrations.payment_providers.gateway import PROVIDER, provider
from etalase.integrations.payment_providers.protocol import (
    PaymentRefused,
    ProviderUnavailable,
    StartPayment,
    reference_of,
)
from etalase.settings import Settings

__all__ = ["PROVIDER", "start_payment"]

log = structlog.get_logger()


async def start_payment(db: Db, settings: Settings, *, buyer_id: int, payment_id: int) -> str | None:
    """Where the buyer pays; none if the provider does not answer now: the order stands and can be paid from its page."""
    async with db.for_buyer(buyer_id).reading() as tx:
        payment = await queries.payment(tx, buyer_id=buyer_id, payment_id=payment_id)
        account = await accounts.account(tx, account_id=buyer_id)
    if payment is None or payment.state is not PaymentState.PENDING or payment.provider != PROVIDER:
        return None
    if payment.pay_url:
        return payment.pay_url
    try:
        async with provider(settings) as client:
            begun = await client.start(_request(payment, settings, name=account.name, email=account.email))
    except (ProviderUnavailable, PaymentRefused) as error:
        log.warning("payment not started", payment_id=payment_id, error=str(error))
        return None
    is_wanted = await actions.started(
        db,
        buyer_id=buyer_id,
        payment_id=payment_id,
        provider_reference=begun.provider_reference,
        pay_url=begun.redirect_url,
    )
    if not is_wanted:  # ended while we asked: its end could not yet name a page to close
        await _close(settings, begun.provider_reference)
        return None
    return begun.redirect_url


async def _close(settings: Settings, provider_reference: str) -> None:
    try:
        async with provider(settings) as client:
            await client.cancel(provider_reference)
    except (ProviderUnavailable, PaymentRefused) as error:
        log.warning("payment not closed", provider_reference=provider_reference, error=str(error))


def _request(payment: Payment, settings: Settings, *, name: str, email: str | None) -> StartPayment:
    return StartPayment(
        merchant_reference=reference_of(payment.buyer_id, payment.id),
        attempt_key="1",
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        method=payment.method,
        expires_at=payment.expires_at or clock.now(),
        return_url=f"{settings.base_url}/purchases/{payment.purchase_id}",
        description=f"Etalase {payment.purchase_id}",
        buyer_name=name,
        buyer_email=email,
    )
