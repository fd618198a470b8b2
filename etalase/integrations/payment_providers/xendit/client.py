"""Talking to Xendit over HTTP; why not by its own library: docs/decisions/0029."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from etalase.foundation import clock
from etalase.integrations.payment_providers.asking import ANSWER_WAIT_S, ask, basic_client, refused
from etalase.integrations.payment_providers.protocol import (
    PaymentReport,
    PaymentStatus,
    ProviderUnavailable,
    RefundStarted,
    ReportNotUnderstood,
    Started,
    StartPayment,
    StartRefund,
)
from etalase.integrations.payment_providers.xendit import mapping

API_VERSION = "2024-11-11"
SECONDS_MIN = 60


class XenditPayments:
    """A PaymentProvider at Xendit: `pr-` references are payment requests, the others invoices."""

    code = mapping.CODE

    def __init__(self, *, secret_key: str, callback_token: str, api_url: str, wait_s: float = ANSWER_WAIT_S) -> None:
        self._token = callback_token
        self._http = basic_client(api_url, key=secret_key, wait_s=wait_s, headers={"api-version": API_VERSION})

    async def start(self, payment: StartPayment) -> Started:
        """Open a payment; the same reference and attempt key again get the first answer."""
        if payment.currency not in mapping.CURRENCIES:
            raise refused("currency_not_offered", payment.currency)
        headers = {"idempotency-key": f"{payment.merchant_reference}-{payment.attempt_key}"}
        if payment.method in mapping.INVOICE_METHODS:
            return await self._open_invoice(payment, headers)
        if payment.method not in mapping.CHANNELS:
            raise refused("method_not_offered", payment.method)
        if payment.method == "ovo" and not payment.buyer_phone:
            raise refused("phone_needed")
        answer = await self._asked("POST", "/v3/payment_requests", json=mapping.request_of(payment), headers=headers)
        try:
            return Started(str(answer["payment_request_id"]), "", mapping.instructions_of(answer))
        except (KeyError, ReportNotUnderstood) as problem:
            raise ProviderUnavailable(f"payment request: {problem}") from problem

    async def _open_invoice(self, payment: StartPayment, headers: Mapping[str, str]) -> Started:
        seconds = max(SECONDS_MIN, (payment.expires_at - clock.now()) // timedelta(seconds=1))
        body = mapping.invoice_of(payment, seconds=seconds)
        answer = await self._asked("POST", "/v2/invoices", json=body, headers=headers)
        try:
            return Started(str(answer["id"]), str(answer["invoice_url"]))
        except KeyError as problem:
            raise ProviderUnavailable("the invoice has no page") from problem

    async def status(self, provider_reference: str) -> tuple[PaymentReport, ...]:
        """What Xendit says of the payment now, and of its refunds once there can be any."""
        number = quote(provider_reference, safe="")
        if _is_request(provider_reference):
            report = mapping.payment_report(await self._asked("GET", f"/v3/payment_requests/{number}"))
            which = {"payment_request_id": provider_reference}
        else:
            report = mapping.invoice_report(await self._asked("GET", f"/v2/invoices/{number}"))
            which = {"invoice_id": provider_reference}
        if report.status is not PaymentStatus.PAID:
            return (report,)
        refunds = (await self._asked("GET", "/refunds", params=which)).get("data") or []
        return (report, *(mapping.refund_report(one) for one in refunds))

    async def cancel(self, provider_reference: str) -> None:
        """Close an unpaid payment; PaymentRefused when money came first or it is closed."""
        number = quote(provider_reference, safe="")
        if _is_request(provider_reference):
            await self._asked("POST", f"/v3/payment_requests/{number}/cancel")
        else:
            await self._asked("POST", f"/invoices/{number}/expire!")

    async def refund(self, refund: StartRefund) -> RefundStarted:
        """Give money back; PaymentRefused for channels without a way back (virtual accounts, minimarkets, some wallets)."""
        which = "payment_request_id" if _is_request(refund.provider_reference) else "invoice_id"
        answer = await self._asked(
            "POST",
            "/refunds",
            json={
                which: refund.provider_reference,
                "reference_id": mapping.refund_reference_of(refund.merchant_reference, refund.refund_reference),
                "amount": mapping.wire_amount(refund.amount_minor, refund.currency),
                "currency": refund.currency,
                "reason": "REQUESTED_BY_CUSTOMER" if refund.reason != "cancelled" else "CANCELLATION",
            },
            headers={"idempotency-key": refund.refund_reference},
        )
        return RefundStarted(refund.refund_reference, str(answer.get("id", "")))

    async def aclose(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()

    async def _asked(self, verb: str, path: str, **sent: Any) -> dict[str, Any]:
        status, answer = await ask(self._http, verb, path, **sent)
        if status >= 400:
            raise refused(answer.get("error_code", status), answer.get("message", ""))
        return answer


def _is_request(provider_reference: str) -> bool:
    return provider_reference.startswith("pr-")
