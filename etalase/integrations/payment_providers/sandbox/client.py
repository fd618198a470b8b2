"""Talking to the sandbox payment provider over HTTP."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

import httpx

from etalase.integrations.payment_providers.protocol import (
    PaymentRefused,
    PaymentReport,
    ProviderUnavailable,
    RefundStarted,
    Started,
    StartPayment,
    StartRefund,
)
from etalase.integrations.payment_providers.sandbox import mapping, signature

ANSWER_WAIT_S = 5.0


class SandboxPayments:
    """A PaymentProvider at the sandbox peer; keep one per process and `aclose` it."""

    code = "sandbox"

    def __init__(self, base_url: str, *, key: str, secret: str, wait_s: float = ANSWER_WAIT_S) -> None:
        """`key` opens the peer's API, `secret` signs its notifications."""
        self._secret = secret
        self._http = httpx.AsyncClient(
            base_url=base_url, timeout=wait_s, headers={"Authorization": f"Bearer {key}"}, trust_env=False
        )

    async def start(self, payment: StartPayment) -> Started:
        """Open a payment; the same reference and attempt key again get the first answer."""
        sent = {**asdict(payment), "expires_at": payment.expires_at.isoformat()}
        answer = await self._ask("POST", "/v1/payments", json=sent)
        return Started(provider_reference=answer["payment"], redirect_url=answer["redirect_url"])

    async def status(self, provider_reference: str) -> tuple[PaymentReport, ...]:
        """Every report so far, oldest first; the first one says pending."""
        answer = await self._ask("GET", f"/v1/payments/{quote(provider_reference, safe='')}")
        return tuple(mapping.report_of_event(event) for event in answer["events"])

    async def cancel(self, provider_reference: str) -> None:
        """Close an unpaid payment; PaymentRefused("already_paid") when money came first."""
        await self._ask("POST", f"/v1/payments/{quote(provider_reference, safe='')}/cancel")

    async def refund(self, refund: StartRefund) -> RefundStarted:
        """Give money back; PaymentRefused("more_than_paid" or "not_paid") when there is not so much to give."""
        answer = await self._ask(
            "POST",
            f"/v1/payments/{quote(refund.provider_reference, safe='')}/refunds",
            json={
                "refund_reference": refund.refund_reference,
                "amount_minor": refund.amount_minor,
                "reason": refund.reason,
            },
        )
        return RefundStarted(refund_reference=refund.refund_reference, provider_refund_reference=answer["refund"])

    async def set_clock(self, offset_seconds: int) -> None:
        """Tell the peer how far the time machine has gone; payments past their end expire."""
        await self._ask("POST", "/v1/clock", json={"offset_seconds": offset_seconds})

    def verify_notification(self, headers: Mapping[str, str], body: bytes) -> None:
        """Return quietly, or SignatureNotValid."""
        signature.verify(self._secret, headers=headers, body=body)

    def parse_notification(self, body: bytes) -> tuple[PaymentReport, ...]:
        """The report in a notification's body, or ReportNotUnderstood."""
        return (mapping.report_of(body),)

    async def aclose(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()

    async def _ask(self, verb: str, path: str, **sent: Any) -> dict[str, Any]:
        try:
            response = await self._http.request(verb, path, **sent)
        except httpx.HTTPError as problem:
            raise ProviderUnavailable(f"{verb} {path}: {type(problem).__name__}") from problem
        if response.status_code >= 500 or response.status_code in {408, 429}:
            raise ProviderUnavailable(f"{verb} {path}: {response.status_code}")
        answer = _decoded(response)
        if response.is_success:
            return answer
        raise PaymentRefused(str(answer.get("error", response.status_code)), str(answer.get("message", "")))


def _decoded(response: httpx.Response) -> dict[str, Any]:
    try:
        answer = response.json()
    except ValueError as problem:
        raise ProviderUnavailable("the answer is not JSON") from problem
    if not isinstance(answer, dict):
        raise ProviderUnavailable("the answer is not an object")
    return answer
