"""The sandbox payment provider's addresses: its API and its hosted page."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from demo.peers import http, pages, payments
from demo.peers.outbox import Sender
from demo.peers.state import State
from etalase.commerce.payments import methods
from etalase.integrations.payment_providers.protocol import ReportNotUnderstood, ids_of

# the bank's own digits, then digits of the payment: 16 in all, as a teller machine asks for
VA_PREFIXES = {"bca_va": "80777", "mandiri_va": "88608", "bni_va": "8810", "bri_va": "26215"}
VA_DIGITS = 16
MINIMARKET_DIGITS = 12


def payment_app(state: State) -> Starlette:
    """The provider as an ASGI app; ends, refunds and notifications run while the app does."""
    options, desk = state.options, _Desk(state)
    tick = partial(payments.tick, state)
    keyed = partial(http.keyed, options)

    @asynccontextmanager
    async def at_work(_app: Starlette) -> AsyncIterator[None]:
        sender = Sender(
            state, kind=payments.KIND, url=f"{options.shop_url}/hooks/payments/sandbox", secret=options.secret
        )
        tasks = [asyncio.create_task(sender.run()), asyncio.create_task(http.tick_for_ever(tick))]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    return Starlette(
        lifespan=at_work,
        routes=[
            Route("/v1/payments", keyed(desk.start), methods=["POST"]),
            Route("/v1/payments/{reference}", keyed(desk.show), methods=["GET"]),
            Route("/v1/payments/{reference}/cancel", keyed(desk.cancel), methods=["POST"]),
            Route("/v1/payments/{reference}/refunds", keyed(desk.refund), methods=["POST"]),
            Route("/v1/controls", keyed(desk.control), methods=["POST"]),
            Route("/v1/clock", keyed(http.clock_endpoint(state, tick)), methods=["POST"]),
            Route("/pay/{token}", desk.hosted_page, methods=["GET"]),
            Route("/pay/{token}", desk.press, methods=["POST"]),
            Route("/pay/{token}/qr.svg", desk.qr, methods=["GET"]),
            Route("/healthz", http.healthz, methods=["GET"]),
            Route("/", desk.about, methods=["GET"]),
            pages.static(),
        ],
    )


class _Desk:
    """Translates requests into the book's verbs and back."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def start(self, request: Request) -> Response:
        asked = _asked(await http.body_of(request))
        return self._answered(lambda: payments.start(self._state, asked)["reference"])

    async def show(self, request: Request) -> Response:
        return self._answered(lambda: str(request.path_params["reference"]))

    async def cancel(self, request: Request) -> Response:
        reference = request.path_params["reference"]
        return self._answered(lambda: payments.cancel(self._state, reference)["reference"])

    async def refund(self, request: Request) -> Response:
        sent = await http.body_of(request)
        wanted, amount = http.text_of(sent, "refund_reference"), http.amount_of(sent, "amount_minor")
        try:
            row = payments.refund(
                self._state, request.path_params["reference"], refund_reference=wanted, amount_minor=amount
            )
        except payments.Refused as refusal:
            return http.no(refusal.code, status=refusal.status)
        return JSONResponse(
            {"refund": row["reference"], "status": row["status"], "refund_reference": wanted}, status_code=202
        )

    async def control(self, request: Request) -> Response:
        refunds = http.text_of(await http.body_of(request), "refunds")
        if refunds not in {"work", "fail"}:
            raise http.NotAsked("refunds_not_valid")
        self._state.set_setting("refunds", refunds)
        return JSONResponse({"refunds": refunds})

    async def hosted_page(self, request: Request) -> Response:
        return self._page(request)

    async def press(self, request: Request) -> Response:
        """A button of the hosted page; the browser goes back to the shop, the notification goes its own way."""
        row = payments.payment_of_token(self._state, request.path_params["token"])
        if row is None:
            return pages.page(request, "not_found.html", status=404, peer="payment", number="")
        try:
            action = parse_qs((await http.raw_body(request)).decode("latin-1")).get("action", [""])[0]
            self._press(row["reference"], action)
        except http.NotAsked as refusal:
            return http.no(refusal.code, status=refusal.status)
        except payments.Refused:
            return self._page(request, status=409)
        return RedirectResponse(row["return_url"], status_code=303, headers={"Cache-Control": "no-store"})

    def _press(self, reference: str, action: str) -> None:
        verbs: dict[str, Callable[[], None]] = {
            "pay": lambda: payments.pay(self._state, reference),
            "twice": lambda: payments.pay(self._state, reference, times=2),
            "late": lambda: payments.pay_late(self._state, reference),
            "fail": lambda: payments.fail(self._state, reference),
            "leave": lambda: None,
        }
        if action not in verbs:
            raise http.NotAsked("action_not_valid")
        verbs[action]()

    async def qr(self, request: Request) -> Response:
        """The code to scan: it leads to this very page, never to real money."""
        import segno  # late: only QRIS needs it

        row = payments.payment_of_token(self._state, request.path_params["token"])
        if row is None:
            return Response(status_code=404)
        drawn = io.BytesIO()
        segno.make(self._url(row["token"]), error="m").save(
            drawn, kind="svg", scale=6, border=3, light="#fff", xmldecl=True
        )
        headers = http.page_headers()
        if request.query_params.get("save"):
            headers["Content-Disposition"] = 'attachment; filename="qris-sandbox.svg"'
        return Response(drawn.getvalue(), media_type="image/svg+xml", headers=headers)

    async def about(self, request: Request) -> Response:
        return pages.page(request, "about.html", peer="payment")

    def _page(self, request: Request, *, status: int = 200) -> Response:
        row = payments.payment_of_token(self._state, request.path_params["token"])
        if row is None:
            return pages.page(request, "not_found.html", status=404, peer="payment", number="")
        left_s = max(0, int(row["expires_at"] - self._state.clock()))
        is_open = row["status"] == "pending" and left_s > 0
        return pages.page(
            request, "pay.html", status=status, form_targets=(row["return_url"],), payment=row,
            method=methods.payment_method(row["method"]), left_s=left_s, is_open=is_open,
            is_payable_late=row["status"] in payments.PAYABLE_LATE and row["paid_late_at"] is None,
            countdown=f"{left_s // 3600:02d}:{left_s // 60 % 60:02d}:{left_s % 60:02d}",
            code=_code_to_pay(row["method"], row["reference"]),
        )  # fmt: skip

    def _url(self, token: str) -> str:
        return f"{self._state.options.payment_url}/pay/{token}"

    def _answered(self, verb: Callable[[], str]) -> Response:
        try:
            row = payments.payment(self._state, verb())
        except payments.Refused as refusal:
            return http.no(refusal.code, status=refusal.status)
        return JSONResponse(
            {
                "payment": row["reference"],
                "merchant_reference": row["merchant_reference"],
                "status": row["status"],
                "amount_minor": row["amount_minor"],
                "currency": row["currency"],
                "method": row["method"],
                "redirect_url": self._url(row["token"]),
                "events": payments.events(self._state, row["reference"]),
            }
        )


def _asked(sent: dict[str, Any]) -> dict[str, Any]:
    """The payment asked for, checked, or NotAsked."""
    return {
        "merchant_reference": _reference(http.text_of(sent, "merchant_reference")),
        "attempt_key": http.text_of(sent, "attempt_key"),
        "amount_minor": http.amount_of(sent, "amount_minor"),
        "currency": http.text_of(sent, "currency", length_max=3),
        "method": _method(http.text_of(sent, "method")),
        "expires_at": _instant(http.text_of(sent, "expires_at")),
        "return_url": _web_address(http.text_of(sent, "return_url", length_max=2_000)),
        "description": http.text_of(sent, "description"),
        "buyer_name": http.text_of(sent, "buyer_name"),
    }


def _reference(text: str) -> str:
    try:
        ids_of(text)
    except ReportNotUnderstood:
        raise http.NotAsked("merchant_reference_not_valid") from None
    return text


def _method(code: str) -> str:
    try:
        kind = methods.payment_method(code).kind
    except methods.MethodNotKnown:
        raise http.NotAsked("method_not_known") from None
    if kind in (methods.MethodKind.COD, methods.MethodKind.BANK_TRANSFER):
        raise http.NotAsked("method_not_offered")
    return code


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise http.NotAsked("expires_at_not_valid") from None
    if instant.tzinfo is None:
        raise http.NotAsked("expires_at_not_valid")
    return instant


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc or any(sign in text for sign in " ;,\r\n"):
        raise http.NotAsked("return_url_not_valid")
    return text


def _code_to_pay(method: str, reference: str) -> str:
    """The account number or till code of a payment: always the same digits for the same payment."""
    digits = str(int(reference.removeprefix("pay_"), 16))
    if method in VA_PREFIXES:
        prefix = VA_PREFIXES[method]
        return prefix + digits[-(VA_DIGITS - len(prefix)) :]
    return digits[-MINIMARKET_DIGITS:]
