"""Sending a buyer to pay: after the order is committed, never inside its transaction."""

from dataclasses import asdict

import structlog

from etalase.commerce.accounts import queries as accounts
from etalase.commerce.accounts.queries import Account
from etalase.commerce.payments import actions, health, queries
from etalase.commerce.payments.rules import PROVIDER_OF_COD, PROVIDER_OF_WALLET, Payment, PaymentState, report_of_wallet
from etalase.foundation import clock
from etalase.foundation.sql import Db
from etalase.integrations.payment_providers import availability
from etalase.integrations.payment_providers.gateway import provider
from etalase.integrations.payment_providers.protocol import (
    NotSetUp,
    PaymentRefused,
    ProviderUnavailable,
    Started,
    StartPayment,
    reference_of,
)
from etalase.journeys.checkout import settle
from etalase.settings import Settings

log = structlog.get_logger()


async def start_payment(db: Db, settings: Settings, *, buyer_id: int, payment_id: int) -> str | None:
    """Where the buyer pays: the provider's page, or our own with what to type in.

    None if the provider does not answer now: the order stands and can be paid from its page. The method is hidden then
    until it works again.
    """
    async with db.for_buyer(buyer_id).reading() as tx:
        payment = await queries.payment(tx, buyer_id=buyer_id, payment_id=payment_id)
        account = await accounts.account(tx, account_id=buyer_id)
    if payment is None or payment.state is not PaymentState.PENDING or payment.provider == PROVIDER_OF_COD:
        return None
    if payment.provider == PROVIDER_OF_WALLET:
        await settle.settle(db, report_of_wallet(payment))
        return f"/purchases/{payment.purchase_id}"
    if payment.pay_url:
        return payment.pay_url
    begun = await _begin(db, settings, payment, account)
    if begun is None:
        return None
    pay_url = begun.redirect_url or f"/purchases/{payment.purchase_id}"
    is_wanted = await actions.started(
        db,
        buyer_id=buyer_id,
        payment_id=payment_id,
        provider_reference=begun.provider_reference,
        pay_url=pay_url,
        instructions=asdict(begun.instructions) if begun.instructions else None,
    )
    if not is_wanted:  # ended while we asked: its end could not yet name a page to close
        await _close(settings, payment, begun.provider_reference)
        return None
    return pay_url


async def _begin(db: Db, settings: Settings, payment: Payment, account: Account) -> Started | None:
    """The provider's answer; what it says about the method's health is kept for everybody."""
    try:
        async with provider(settings, payment.provider) as client:
            begun = await client.start(_request(payment, settings, account))
    except NotSetUp as error:
        log.error("payment not started", payment_id=payment.id, error=str(error))
        return None
    except ProviderUnavailable as error:
        log.warning("payment not started", payment_id=payment.id, error=str(error))
        await health.failed(db, provider=payment.provider, method=payment.method, error=str(error))
        availability.forget()
        return None
    except PaymentRefused as error:
        log.warning("payment refused", payment_id=payment.id, error=str(error))
        return None
    if await _has_failed(db, payment):
        await health.works(db, provider=payment.provider, method=payment.method)
        availability.forget()
    return begun


async def _has_failed(db: Db, payment: Payment) -> bool:
    async with db.any().reading() as tx:
        found = await availability.unusable(tx)
    return any((one.provider, one.method) == (payment.provider, payment.method) for one in found)


async def _close(settings: Settings, payment: Payment, provider_reference: str) -> None:
    try:
        async with provider(settings, payment.provider) as client:
            await client.cancel(provider_reference)
    except (ProviderUnavailable, PaymentRefused) as error:
        log.warning("payment not closed", provider_reference=provider_reference, error=str(error))


def _request(payment: Payment, settings: Settings, account: Account) -> StartPayment:
    return StartPayment(
        merchant_reference=reference_of(payment.buyer_id, payment.id),
        attempt_key="1",
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        method=payment.method,
        expires_at=payment.expires_at or clock.now(),
        return_url=f"{settings.base_url}/purchases/{payment.purchase_id}",
        description=f"Etalase {payment.purchase_id}",
        buyer_name=account.name,
        buyer_email=account.email,
        buyer_phone=account.phone,
    )
