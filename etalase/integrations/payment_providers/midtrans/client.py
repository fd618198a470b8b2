"""Talking to Midtrans over HTTP; why not by its own library: docs/decisions/0029."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

from etalase.foundation import clock
from etalase.integrations.payment_providers.asking import ANSWER_WAIT_S, ask, basic_client, refused
from etalase.integrations.payment_providers.midtrans import mapping
from etalase.integrations.payment_providers.protocol import (
    PaymentReport,
    ProviderUnavailable,
    RefundStarted,
    ReportNotUnderstood,
    Started,
    StartPayment,
    StartRefund,
)

MINUTES_MIN = 1


class MidtransPayments:
    """A PaymentProvider at Midtrans; our reference is its order id, so that it can be asked before it has answered."""

    code = mapping.CODE

    def __init__(self, *, server_key: str, api_url: str, snap_url: str, wait_s: float = ANSWER_WAIT_S) -> None:
        self._key = server_key
        self._api = basic_client(api_url, key=server_key, wait_s=wait_s)
        self._snap = basic_client(snap_url, key=server_key, wait_s=wait_s)

    async def start(self, payment: StartPayment) -> Started:
        """Open a payment: a page for cards, numbers for the rest; the same reference again gets the first answer."""
        if payment.currency not in mapping.CURRENCIES:
            raise refused("currency_not_offered", payment.currency)
        if payment.method not in mapping.METHODS:
            raise refused("method_not_offered", payment.method)
        minutes = max(MINUTES_MIN, (payment.expires_at - clock.now()) // timedelta(minutes=1))
        if payment.method in mapping.ON_PAGE:
            return await self._open_page(payment, minutes=minutes)
        body = mapping.charge_of(payment, minutes=minutes, ordered_at=clock.now())
        headers = {"Idempotency-Key": f"{payment.merchant_reference}-{payment.attempt_key}"}
        answer = await self._core("POST", "/v2/charge", json=body, headers=headers)
        if answer["status_code"] == "406":  # the order is known there: its number is what the first answer said
            answer = await self._core("GET", f"/v2/{payment.merchant_reference}/status")
        if answer["status_code"] not in ("200", "201"):
            raise refused(answer["status_code"], answer.get("status_message", ""))
        try:
            told = mapping.instructions_of(answer)
        except ReportNotUnderstood as problem:
            raise ProviderUnavailable(f"charge: {problem}") from problem
        return Started(payment.merchant_reference, "", told)

    async def _open_page(self, payment: StartPayment, *, minutes: int) -> Started:
        status, answer = await ask(
            self._snap, "POST", "/snap/v1/transactions", json=mapping.snap_of(payment, minutes=minutes)
        )
        if status >= 400:
            raise refused(status, answer.get("error_messages", ""))
        page = answer.get("redirect_url")
        if not isinstance(page, str) or not page:
            raise ProviderUnavailable("Snap gave no page")
        return Started(payment.merchant_reference, page)

    async def status(self, provider_reference: str) -> tuple[PaymentReport, ...]:
        """What Midtrans says of the order now; nothing while the buyer has not chosen anything on the page."""
        answer = await self._core("GET", f"/v2/{quote(provider_reference, safe='')}/status")
        if answer["status_code"] == "404":
            return ()
        return mapping.reports_in(answer)

    async def cancel(self, provider_reference: str) -> None:
        """Close an unpaid payment; one that was never begun there is closed already."""
        answer = await self._core("POST", f"/v2/{quote(provider_reference, safe='')}/cancel")
        if answer["status_code"] == "412":
            raise refused("already_paid", answer.get("status_message", ""))
        if answer["status_code"] not in ("200", "404"):
            raise refused(answer["status_code"], answer.get("status_message", ""))

    async def refund(self, refund: StartRefund) -> RefundStarted:
        """Give money back; PaymentRefused for methods without a way back (virtual accounts, minimarkets)."""
        answer = await self._core(
            "POST",
            f"/v2/{quote(refund.provider_reference, safe='')}/refund",
            json={
                "refund_key": refund.refund_reference,
                "amount": mapping.wire_amount(refund.amount_minor, refund.currency),
                "reason": refund.reason or "refund",
            },
        )
        if answer["status_code"] != "200":
            raise refused(answer["status_code"], answer.get("status_message", ""))
        return RefundStarted(
            refund.refund_reference, str(answer.get("refund_chargeback_id") or refund.refund_reference)
        )

    async def aclose(self) -> None:
        """Let go of the connections."""
        await self._api.aclose()
        await self._snap.aclose()

    async def _core(self, verb: str, path: str, **sent: Any) -> dict[str, Any]:
        """An answer of the Core API, whose own `status_code` stands in the body."""
        status, answer = await ask(self._api, verb, path, **sent)
        code = str(answer.get("status_code") or status)
        if code.startswith("5") or code in ("401", "402", "403", "429"):
            raise ProviderUnavailable(f"{verb} {path}: {code}")
        return {**answer, "status_code": code}
