"""Stripe's connector against `localstripe`, through Stripe's own library."""

from dataclasses import replace
from typing import Any

import pytest

from etalase.integrations.payment_providers.protocol import (
    PaymentRefused,
    PaymentStatus,
    ProviderUnavailable,
    SignatureNotValid,
    StartRefund,
)
from etalase.integrations.payment_providers.stripe import client as stripe_client
from etalase.integrations.payment_providers.stripe import mapping
from etalase.integrations.payment_providers.stripe.client import StripePayments
from tests.integrations.payment_providers.test_vendors import asked
from tests.vendors import stripe as fake

SECRET = "whsec_test"


async def test_a_card_is_paid_asked_for_and_refunded_in_each_currency() -> None:
    async with fake.served() as url:
        client = StripePayments(secret_key=fake.KEY, webhook_secret=SECRET, api_url=url)
        for number, (currency, minor) in enumerate([("IDR", 125_000), ("JPY", 990), ("USD", 1_250), ("KWD", 12_340)]):
            payment = asked("card", number, currency=currency, amount_minor=minor)
            begun = await client.start(payment)
            assert begun.redirect_url.startswith("https://checkout.test/")
            (waiting,) = await client.status(begun.provider_reference)
            assert waiting.status is PaymentStatus.PENDING
            intent = await fake.pay(url, begun.provider_reference)
            (paid,) = await client.status(begun.provider_reference)
            assert (paid.status, paid.amount_minor, paid.currency) == (PaymentStatus.PAID, minor, currency)
            body, headers = fake.event("payment_intent.succeeded", intent, secret=SECRET)
            stripe_client.verify(SECRET, headers=headers, body=body)
            (told,) = mapping.reports_of(body)
            assert (told.paid_attempt_id, told.amount_minor) == (paid.paid_attempt_id, minor)
            back = minor // 10 // 10 * 10 or 10
            refund = StartRefund(begun.provider_reference, payment.merchant_reference, f"50{number}", back, currency)
            await client.refund(refund)
            _, refunded = await client.status(begun.provider_reference)
            assert (refunded.status, refunded.amount_minor, refunded.refund_reference) == (
                PaymentStatus.REFUNDED, back, f"50{number}",
            )  # fmt: skip
            with pytest.raises(PaymentRefused):
                await client.cancel(begun.provider_reference)
        left = await client.start(asked("card", 9))
        with pytest.raises(PaymentRefused, match="not_paid"):
            await client.refund(StartRefund(left.provider_reference, "77-9", "509", 1, "IDR"))
        await client.cancel(left.provider_reference)
        (ended,) = await client.status(left.provider_reference)
        assert ended.status is PaymentStatus.EXPIRED
        await client.aclose()
    with pytest.raises(ProviderUnavailable):
        await StripePayments(secret_key=fake.KEY, webhook_secret=SECRET, api_url=url, wait_s=2).start(asked("card", 8))


@pytest.mark.parametrize(
    "changed", [{"currency": "XXX"}, {"method": "qris"}, {"currency": "KWD", "amount_minor": 12_345}]
)
async def test_what_stripe_cannot_take_is_refused_before_it_is_asked(changed: dict[str, Any]) -> None:
    client = StripePayments(secret_key=fake.KEY, webhook_secret=SECRET, api_url="http://127.0.0.1:9")
    with pytest.raises(PaymentRefused, match=r"not_offered|not_valid"):
        await client.start(replace(asked("card"), **changed))


def test_signatures_age_and_fit() -> None:
    body, headers = fake.event("charge.succeeded", {"id": "ch_1"}, secret=SECRET)
    stripe_client.verify(SECRET, headers=headers, body=body)
    _, old = fake.event("charge.succeeded", {"id": "ch_1"}, secret=SECRET, age_s=3600)
    for bad, sent in [(old, body), (headers, body + b" "), ({}, body), ({"Stripe-Signature": "t=1,v1=0"}, body)]:
        with pytest.raises(SignatureNotValid):
            stripe_client.verify(SECRET, headers=bad, body=sent)
    with pytest.raises(SignatureNotValid):
        stripe_client.verify("whsec_other", headers=headers, body=body)
    with pytest.raises(SignatureNotValid):
        stripe_client.verify(SECRET, headers=headers, body=b"\xff")
