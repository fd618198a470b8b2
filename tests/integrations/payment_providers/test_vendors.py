"""Each connector against a server that checks who asks and answers as the vendor's documentation has it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from etalase.foundation import clock
from etalase.integrations.payment_providers.midtrans.client import MidtransPayments
from etalase.integrations.payment_providers.protocol import (
    PaymentRefused,
    PaymentStatus,
    ProviderUnavailable,
    StartPayment,
    StartRefund,
)
from etalase.integrations.payment_providers.xendit.client import XenditPayments
from tests.vendors.midtrans import Midtrans
from tests.vendors.serving import served
from tests.vendors.xendit import Xendit

KEY = "a-server-key"


def asked(method: str, number: int = 1, **changed: Any) -> StartPayment:
    payment = StartPayment(
        merchant_reference=f"77-{number}", attempt_key="1", amount_minor=125_000, currency="IDR", method=method,
        expires_at=clock.now() + timedelta(hours=1), return_url="http://shop.test/purchases/1", description="Etalase 1",
        buyer_name="Siti", buyer_email="siti@example.test", buyer_phone="+6281234567890",
    )  # fmt: skip
    return replace(payment, **changed)


def refund_of(reference: str, payment: StartPayment, amount_minor: int, *, key: str = "501") -> StartRefund:
    return StartRefund(reference, payment.merchant_reference, key, amount_minor, "IDR", "cancelled")


@pytest.fixture
async def midtrans() -> AsyncIterator[tuple[Midtrans, MidtransPayments]]:
    vendor = Midtrans(KEY)
    async with served(vendor.app) as url:
        client = MidtransPayments(server_key=KEY, api_url=url, snap_url=url)
        yield vendor, client
        await client.aclose()


@pytest.fixture
async def xendit() -> AsyncIterator[tuple[Xendit, XenditPayments]]:
    vendor = Xendit(KEY)
    async with served(vendor.app) as url:
        client = XenditPayments(secret_key=KEY, callback_token="t", api_url=url)
        yield vendor, client
        await client.aclose()


async def test_midtrans_gives_numbers_codes_and_pages(midtrans: tuple[Midtrans, MidtransPayments]) -> None:
    vendor, client = midtrans
    kinds = {}
    for number, method in enumerate(["bca_va", "mandiri_va", "indomaret", "qris", "gopay", "shopeepay"], start=1):
        begun = await client.start(asked(method, number))
        again = await client.start(asked(method, number)) if method == "bca_va" else begun
        assert again == begun  # known there already: the same number, not a refusal
        assert begun.instructions is not None
        assert begun.redirect_url == ""
        kinds[method] = begun.instructions.kind
    assert kinds == {
        "bca_va": "virtual_account", "mandiri_va": "virtual_account", "indomaret": "code", "qris": "qr", "gopay": "qr",
        "shopeepay": "app",
    }  # fmt: skip
    page = await client.start(asked("card", 9))
    assert page.redirect_url.startswith("https://snap.test/")
    assert page.instructions is None
    assert await client.status(page.provider_reference) == ()
    await client.cancel(page.provider_reference)
    assert {sent["transaction_details"]["gross_amount"] for verb, _, sent in vendor.asked if sent} == {125_000}


async def test_midtrans_is_asked_cancelled_and_refunds(midtrans: tuple[Midtrans, MidtransPayments]) -> None:
    vendor, client = midtrans
    payment = asked("qris")
    begun = await client.start(payment)
    (report,) = await client.status(begun.provider_reference)
    assert report.status is PaymentStatus.PENDING
    vendor.pay(begun.provider_reference)
    with pytest.raises(PaymentRefused, match="already_paid"):
        await client.cancel(begun.provider_reference)
    first = await client.refund(refund_of(begun.provider_reference, payment, 25_000))
    assert await client.refund(refund_of(begun.provider_reference, payment, 25_000)) == first
    with pytest.raises(PaymentRefused, match="414"):
        await client.refund(refund_of(begun.provider_reference, payment, 100_001, key="502"))
    paid, refunded = await client.status(begun.provider_reference)
    assert (paid.status, paid.amount_minor) == (PaymentStatus.PAID, 125_000)
    assert (refunded.status, refunded.amount_minor, refunded.refund_reference) == (
        PaymentStatus.REFUNDED,
        25_000,
        "501",
    )
    account = await client.start(asked("bca_va", 2))
    vendor.pay(account.provider_reference)
    with pytest.raises(PaymentRefused, match="418"):
        await client.refund(refund_of(account.provider_reference, asked("bca_va", 2), 125_000))


async def test_xendit_gives_numbers_codes_and_pages(xendit: tuple[Xendit, XenditPayments]) -> None:
    _, client = xendit
    kinds = {}
    for number, method in enumerate(["bca_va", "mandiri_va", "qris", "ovo", "dana", "shopeepay"], start=1):
        begun = await client.start(asked(method, number))
        assert await client.start(asked(method, number)) == begun
        assert begun.instructions is not None
        kinds[method] = begun.instructions.kind
    assert kinds == {
        "bca_va": "virtual_account", "mandiri_va": "virtual_account", "qris": "qr", "ovo": "app", "dana": "app",
        "shopeepay": "app",
    }  # fmt: skip
    for number, method in enumerate(["card", "indomaret", "alfamart"], start=10):
        assert (await client.start(asked(method, number))).redirect_url.startswith("https://invoice.test/")
    with pytest.raises(PaymentRefused, match="phone_needed"):
        await client.start(asked("ovo", 20, buyer_phone=None))


@pytest.mark.parametrize("method", ["shopeepay", "card"])
async def test_xendit_is_asked_cancelled_and_refunds(xendit: tuple[Xendit, XenditPayments], method: str) -> None:
    vendor, client = xendit
    payment = asked(method)
    begun = await client.start(payment)
    (report,) = await client.status(begun.provider_reference)
    assert report.status is PaymentStatus.PENDING
    vendor.pay(begun.provider_reference)
    with pytest.raises(PaymentRefused):
        await client.cancel(begun.provider_reference)
    first = await client.refund(refund_of(begun.provider_reference, payment, 25_000))
    assert await client.refund(refund_of(begun.provider_reference, payment, 25_000)) == first
    paid, refunded = await client.status(begun.provider_reference)
    assert (paid.status, paid.amount_minor) == (PaymentStatus.PAID, 125_000)
    assert (refunded.status, refunded.refund_reference, refunded.merchant_reference) == (
        PaymentStatus.REFUNDED, "501", payment.merchant_reference,
    )  # fmt: skip
    other = await client.start(asked(method, 2))
    await client.cancel(other.provider_reference)
    (ended,) = await client.status(other.provider_reference)
    assert ended.status in (PaymentStatus.CANCELLED, PaymentStatus.EXPIRED)


async def test_wrong_keys_and_outages_are_no_refusals(
    midtrans: tuple[Midtrans, MidtransPayments], xendit: tuple[Xendit, XenditPayments]
) -> None:
    for vendor, client in (midtrans, xendit):
        vendor.key = "another"
        with pytest.raises(ProviderUnavailable):
            await client.start(asked("qris"))
        vendor.key, vendor.is_down = KEY, True
        with pytest.raises(ProviderUnavailable):
            await client.start(asked("qris"))
        vendor.is_down = False
        changes: list[dict[str, Any]] = [{"currency": "USD"}, {"currency": "JPY"}, {"method": "cheque"}]
        for changed in changes:
            with pytest.raises(PaymentRefused, match="not_offered"):
                await client.start(replace(asked("qris"), **changed))
