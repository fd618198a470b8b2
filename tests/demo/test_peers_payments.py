"""The sandbox payment provider, driven over HTTP as the shop and as a buyer's browser."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from etalase.commerce.payments.methods import METHODS, MethodKind, PaymentMethod
from etalase.integrations.payment_providers.protocol import (
    PaymentRefused,
    PaymentStatus,
    ProviderUnavailable,
    SignatureNotValid,
    Started,
    StartPayment,
    StartRefund,
)
from etalase.integrations.payment_providers.sandbox.client import SandboxPayments
from tests.demo.peers_process import KEY, SECRET, Peers, Shop, eventually

RETURN_URL = "http://shop.test:8000/purchases/7/payment"


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    """A shop that takes webhooks."""
    opened = Shop()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def peers(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peers]:
    """The peers, calm."""
    running = Peers(tmp_path_factory.mktemp("peers") / "state.db", shop_url=shop.url)
    yield running
    assert running.stop() == 0


@pytest_asyncio.fixture
async def provider(peers: Peers, shop: Shop) -> AsyncIterator[SandboxPayments]:
    """The shop's own client; the clock is set back and the shop has heard nothing."""
    client = SandboxPayments(peers.payment_url, key=KEY, secret=SECRET)
    await client.set_clock(0)
    shop.received.clear()
    yield client
    await client.set_clock(0)
    await client.aclose()


def asked(number: int, *, method: str = "qris", key: str = "first", amount_minor: int = 125_000) -> StartPayment:
    """A payment of buyer 11."""
    return StartPayment(
        merchant_reference=f"11-{number}",
        attempt_key=key,
        amount_minor=amount_minor,
        currency="IDR",
        method=method,
        expires_at=datetime.now(UTC) + timedelta(hours=1),
        return_url=RETURN_URL,
        description="3 products",
        buyer_name="Rina Wijaya",
        buyer_email="rina@etalase.test",
    )


async def press(started: Started, action: str) -> httpx.Response:
    """A button of the hosted page."""
    async with httpx.AsyncClient(trust_env=False) as browser:
        return await browser.post(started.redirect_url, data={"action": action})


async def heard(shop: Shop, started: Started, count: int) -> list[str]:
    """The statuses the shop was told of this payment, once there are so many."""

    def statuses() -> list[str]:
        return [body["status"] for body in shop.bodies("payments") if body["payment"] == started.provider_reference]

    await asyncio.to_thread(eventually, lambda: len(statuses()) >= count)
    return statuses()


async def test_starting_twice_opens_one_payment_and_another_key_another(provider: SandboxPayments) -> None:
    first, again = await provider.start(asked(1)), await provider.start(asked(1))
    assert first == again
    assert (await provider.start(asked(1, key="second"))).provider_reference != first.provider_reference
    with pytest.raises(PaymentRefused, match="key_used_for_another_payment"):
        await provider.start(asked(1, amount_minor=1_000))


async def test_twenty_starts_at_once_open_one_payment(provider: SandboxPayments) -> None:
    started = await asyncio.gather(*(provider.start(asked(2)) for _ in range(20)))
    assert len(set(started)) == 1


async def test_paying_sends_the_browser_back_and_tells_the_shop_signed(provider: SandboxPayments, shop: Shop) -> None:
    started = await provider.start(asked(3))
    answer = await press(started, "pay")
    assert (answer.status_code, answer.headers["location"]) == (303, RETURN_URL)
    assert await heard(shop, started, 1) == ["paid"]
    _, headers, body = shop.received[-1]
    provider.verify_notification(headers, body)
    with pytest.raises(SignatureNotValid):
        provider.verify_notification(headers, body.replace(b"125000", b"125001"))
    pending, paid = await provider.status(started.provider_reference)
    assert provider.parse_notification(body) == (paid,)
    assert (pending.status, paid.status, paid.amount_minor) == (PaymentStatus.PENDING, PaymentStatus.PAID, 125_000)


@pytest.mark.parametrize(("action", "status"), [("fail", "failed"), ("pay", "paid")])
async def test_a_settled_payment_cannot_be_paid_again_by_the_button(
    provider: SandboxPayments, shop: Shop, action: str, status: str
) -> None:
    started = await provider.start(asked(4, key=action))
    await press(started, action)
    assert (await press(started, "pay")).status_code == 409
    assert await heard(shop, started, 1) == [status]


async def test_leaving_pays_nothing_and_goes_back(provider: SandboxPayments) -> None:
    started = await provider.start(asked(5))
    assert (await press(started, "leave")).headers["location"] == RETURN_URL
    assert [report.status for report in await provider.status(started.provider_reference)] == [PaymentStatus.PENDING]
    assert (await press(started, "steal")).status_code == 422


async def test_paying_twice_shows_as_two_attempts(provider: SandboxPayments, shop: Shop) -> None:
    started = await provider.start(asked(6))
    await press(started, "twice")
    assert await heard(shop, started, 2) == ["paid", "paid"]
    paid = [
        report for report in await provider.status(started.provider_reference) if report.status is PaymentStatus.PAID
    ]
    assert len({report.paid_attempt_id for report in paid}) == len({report.event_id for report in paid}) == 2


async def test_paying_late_before_the_end_expires_first(provider: SandboxPayments, shop: Shop) -> None:
    started = await provider.start(asked(7))
    await press(started, "late")
    assert await heard(shop, started, 2) == ["expired", "paid"]


async def test_the_time_machine_ends_payments_and_late_money_still_comes(provider: SandboxPayments, shop: Shop) -> None:
    started = await provider.start(asked(8))
    await provider.set_clock(2 * 3600)
    assert await heard(shop, started, 1) == ["expired"]
    assert (await press(started, "pay")).status_code == 409
    assert (await press(started, "late")).status_code == 303
    assert await heard(shop, started, 2) == ["expired", "paid"]
    paid = (await provider.status(started.provider_reference))[-1]
    assert paid.occurred_at > datetime.now(UTC) + timedelta(hours=1, minutes=59)


async def test_cancelling_closes_once_and_not_after_money_came(provider: SandboxPayments, shop: Shop) -> None:
    started = await provider.start(asked(9))
    await provider.cancel(started.provider_reference)
    await provider.cancel(started.provider_reference)
    assert await heard(shop, started, 1) == ["cancelled"]
    paid = await provider.start(asked(9, key="second"))
    await press(paid, "pay")
    with pytest.raises(PaymentRefused, match="already_paid"):
        await provider.cancel(paid.provider_reference)


def refund_of(reference: str, refund_reference: str, amount_minor: int) -> StartRefund:
    return StartRefund(reference, "1-2", refund_reference, amount_minor, "IDR")


async def test_refunds_are_given_once_and_never_more_than_paid(provider: SandboxPayments, shop: Shop) -> None:
    started = await provider.start(asked(10))
    reference = started.provider_reference
    with pytest.raises(PaymentRefused, match="not_paid"):
        await provider.refund(refund_of(reference, "r1", 1))
    await press(started, "pay")
    first = await provider.refund(refund_of(reference, "r1", 100_000))
    assert await provider.refund(refund_of(reference, "r1", 100_000)) == first
    with pytest.raises(PaymentRefused, match="more_than_paid"):
        await provider.refund(refund_of(reference, "r2", 25_001))
    assert await heard(shop, started, 2) == ["paid", "refunded"]
    report = (await provider.status(reference))[-1]
    assert (report.refund_reference, report.amount_minor) == ("r1", 100_000)


async def test_a_refund_that_fails_is_told_and_leaves_the_money_there(
    provider: SandboxPayments, peers: Peers, shop: Shop
) -> None:
    started = await provider.start(asked(11))
    await press(started, "pay")
    async with httpx.AsyncClient(
        base_url=peers.payment_url, headers={"Authorization": f"Bearer {KEY}"}, trust_env=False
    ) as http:
        await http.post("/v1/controls", json={"refunds": "fail"})
        await provider.refund(refund_of(started.provider_reference, "r1", 125_000))
        assert await heard(shop, started, 2) == ["paid", "refund_failed"]
        await http.post("/v1/controls", json={"refunds": "work"})
    await provider.refund(refund_of(started.provider_reference, "r2", 125_000))
    assert (await heard(shop, started, 3))[-1] == "refunded"


@pytest.mark.parametrize(
    "method",
    [method for method in METHODS if method.kind not in (MethodKind.COD, MethodKind.BANK_TRANSFER)],
    ids=lambda method: method.code,
)
async def test_each_method_has_its_page(provider: SandboxPayments, method: PaymentMethod) -> None:
    code = method.code
    started = await provider.start(asked(12, method=code, key=code))
    async with httpx.AsyncClient(trust_env=False) as browser:
        page = await browser.get(started.redirect_url, headers={"Accept-Language": "en-GB,en"})
        indonesian = await browser.get(started.redirect_url, headers={"Accept-Language": "id-ID"})
        qr = await browser.get(f"{started.redirect_url}/qr.svg")
    assert "Rp125,000" in page.text
    assert "Rp125.000" in indonesian.text
    assert "Bayar sekarang" in indonesian.text
    for text in ("Pay now", "Payment fails", "Leave without paying", "Pay late", "Pay twice"):
        assert text in page.text
    assert "style=" not in page.text
    assert "<input" not in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "form-action 'self' http://shop.test:8000;" in policy
    assert qr.headers["content-type"].startswith("image/svg+xml")


async def test_strangers_and_nonsense_are_refused(provider: SandboxPayments, peers: Peers) -> None:
    stranger = SandboxPayments(peers.payment_url, key="guess", secret=SECRET)
    with pytest.raises(PaymentRefused, match="key_not_valid"):
        await stranger.start(asked(13))
    await stranger.aclose()
    with pytest.raises(PaymentRefused, match="method_not_offered"):
        await provider.start(asked(13, method="cod"))
    with pytest.raises(PaymentRefused, match="amount_minor_not_valid"):
        await provider.start(asked(13, amount_minor=0))
    with pytest.raises(PaymentRefused, match="not_found"):
        await provider.status("pay_unknown")
    async with httpx.AsyncClient(base_url=peers.payment_url, trust_env=False) as browser:
        assert (await browser.get("/pay/guess")).status_code == 404
        assert (await browser.post("/pay/guess", data={"action": "pay"})).status_code == 404


async def test_a_provider_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    nobody = SandboxPayments("http://127.0.0.1:9", key=KEY, secret=SECRET, wait_s=1)
    with pytest.raises(ProviderUnavailable):
        await nobody.start(asked(14))
    await nobody.aclose()
