"""Talking to Stripe through its own library."""

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import stripe

from etalase.foundation import clock
from etalase.integrations.payment_providers.asking import ANSWER_WAIT_S, refused
from etalase.integrations.payment_providers.protocol import (
    PaymentReport,
    PaymentStatus,
    ProviderUnavailable,
    RefundStarted,
    SignatureNotValid,
    Started,
    StartPayment,
    StartRefund,
)
from etalase.integrations.payment_providers.stripe import mapping

SESSION_S_MIN, SESSION_S_MAX = 31 * 60, 23 * 3600
"""Stripe lets a page live between half an hour and a day, by its own clock."""
SIGNATURE_AGE_S_MAX = 300
REFUNDS_MAX = 100


class StripePayments:
    """A PaymentProvider at Stripe; its reference is the Checkout Session."""

    code = mapping.CODE

    def __init__(
        self, *, secret_key: str, webhook_secret: str, api_url: str = "", wait_s: float = ANSWER_WAIT_S
    ) -> None:
        self._secret = webhook_secret
        self._http = stripe.HTTPXClient(timeout=wait_s, allow_sync_methods=False)
        self._stripe = stripe.StripeClient(
            secret_key,
            http_client=self._http,
            base_addresses={"api": api_url} if api_url else {},
            max_network_retries=0,
        )

    async def start(self, payment: StartPayment) -> Started:
        """Open a Checkout page; the same reference and attempt key again get the first answer."""
        if payment.currency not in mapping.CURRENCIES:
            raise refused("currency_not_offered", payment.currency)
        if payment.method not in mapping.METHODS:
            raise refused("method_not_offered", payment.method)
        left_s = (payment.expires_at - clock.now()) // timedelta(seconds=1)
        ends_at_s = int(time.time()) + min(max(left_s, SESSION_S_MIN), SESSION_S_MAX)
        try:
            params: Any = mapping.session_of(payment, ends_at_s=ends_at_s)
        except ValueError as problem:
            raise refused("amount_not_valid", problem) from problem
        key = f"{payment.merchant_reference}:{payment.attempt_key}"
        async with _answers():
            session = await self._stripe.v1.checkout.sessions.create_async(params, {"idempotency_key": key})
        if not session.url:
            raise ProviderUnavailable("the session has no page")
        return Started(session.id, session.url)

    async def status(self, provider_reference: str) -> tuple[PaymentReport, ...]:
        """What Stripe says of the session now, and of its refunds once it is paid."""
        async with _answers():
            session = await self._stripe.v1.checkout.sessions.retrieve_async(provider_reference)
            report = mapping.session_report(session.to_dict())
            if report.status is not PaymentStatus.PAID:
                return (report,)
            made = await self._stripe.v1.refunds.list_async(
                {"payment_intent": _intent_of(session), "limit": REFUNDS_MAX}
            )
        return (report, *(mapping.refund_report(one.to_dict()) for one in made.data))

    async def cancel(self, provider_reference: str) -> None:
        """Close the page; PaymentRefused when it is paid or closed."""
        async with _answers():
            await self._stripe.v1.checkout.sessions.expire_async(provider_reference)

    async def refund(self, refund: StartRefund) -> RefundStarted:
        """Give money back; the same refund reference again gets the first answer."""
        async with _answers():
            session = await self._stripe.v1.checkout.sessions.retrieve_async(refund.provider_reference)
            params: Any = {
                "payment_intent": _intent_of(session),
                "amount": mapping.wire_amount(refund.amount_minor, refund.currency),
                "metadata": {
                    "merchant_reference": refund.merchant_reference,
                    "refund_reference": refund.refund_reference,
                },
            }
            made = await self._stripe.v1.refunds.create_async(
                params, {"idempotency_key": f"refund:{refund.refund_reference}"}
            )
        return RefundStarted(refund.refund_reference, made.id)

    async def aclose(self) -> None:
        """Let go of the connections."""
        await self._http.close_async()  # type: ignore[no-untyped-call]


def verify(secret: str, *, headers: Mapping[str, str], body: bytes) -> None:
    """Return quietly, or SignatureNotValid; age is measured on the machine's clock."""
    sent = next((value for name, value in headers.items() if name.lower() == "stripe-signature"), "")
    try:
        stripe.WebhookSignature.verify_header(body.decode(), sent, secret, tolerance=SIGNATURE_AGE_S_MAX)
    except (stripe.SignatureVerificationError, ValueError) as problem:
        raise SignatureNotValid(str(problem)[:200] or "no signature") from problem


def _intent_of(session: stripe.checkout.Session) -> str:
    intent = session.payment_intent
    if intent is None:
        raise refused("not_paid")
    return intent if isinstance(intent, str) else intent.id


@asynccontextmanager
async def _answers() -> AsyncIterator[None]:
    """Stripe's errors in our words: outages and wrong keys are no refusals of a payment."""
    try:
        yield
    except (stripe.CardError, stripe.InvalidRequestError, stripe.IdempotencyError) as problem:
        raise refused(problem.code or "invalid_request", problem.user_message or problem) from problem
    except stripe.StripeError as problem:
        raise ProviderUnavailable(f"{type(problem).__name__}: {problem.http_status}") from problem
