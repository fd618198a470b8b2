"""Xendit: payment requests, invoices, refunds and callbacks, after its documentation."""

import json
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.vendors.serving import basic_user

NOW = "2026-11-23T11:59:35.771Z"
WITHOUT_WAY_BACK = {
    "BCA_VIRTUAL_ACCOUNT",
    "BNI_VIRTUAL_ACCOUNT",
    "BRI_VIRTUAL_ACCOUNT",
    "MANDIRI_VIRTUAL_ACCOUNT",
    "DANA",
}


class Xendit:
    """Its book: requests, invoices and refunds by their ids; a repeated idempotency key gets the first answer."""

    def __init__(self, secret_key: str) -> None:
        self.key = secret_key
        self.things: dict[str, dict[str, Any]] = {}
        self.refunds: list[dict[str, Any]] = []
        self.answers: dict[str, dict[str, Any]] = {}
        self.is_down = False
        self.app = Starlette(
            routes=[
                Route("/v3/payment_requests", self.request_payment, methods=["POST"]),
                Route("/v3/payment_requests/{number}", self.show),
                Route("/v3/payment_requests/{number}/cancel", self.cancel, methods=["POST"]),
                Route("/v2/invoices", self.open_invoice, methods=["POST"]),
                Route("/v2/invoices/{number}", self.show),
                Route("/invoices/{number}/expire!", self.expire, methods=["POST"]),
                Route("/refunds", self.refund, methods=["POST"]),
                Route("/refunds", self.list_refunds),
            ]
        )

    async def _checked(self, request: Request) -> dict[str, Any] | Response:
        if self.is_down:
            return JSONResponse({"error_code": "SERVER_ERROR"}, status_code=500)
        if basic_user(request) != self.key:
            return self._no("INVALID_API_KEY", 401)
        if request.url.path.startswith("/v3/") and request.headers.get("api-version") != "2024-11-11":
            return self._no("API_VERSION_NOT_VALID", 400)
        body = await request.body()
        sent: dict[str, Any] = json.loads(body or b"{}")
        key = request.headers.get("idempotency-key", "")
        return JSONResponse(self.answers[key]) if key in self.answers else sent

    @staticmethod
    def _no(code: str, status: int) -> Response:
        return JSONResponse({"error_code": code, "message": code.lower()}, status_code=status)

    def _made(self, request: Request, thing: dict[str, Any]) -> Response:
        self.answers[request.headers.get("idempotency-key", "")] = thing
        return JSONResponse(thing, status_code=201)

    async def request_payment(self, request: Request) -> Response:
        sent = await self._checked(request)
        if isinstance(sent, Response):
            return sent
        number, channel = f"pr-{len(self.things):08d}", sent["channel_code"]
        actions = [{"type": "REDIRECT_CUSTOMER", "descriptor": "WEB_URL", "value": f"https://wallet.test/{number}"}]
        if channel.endswith("_VIRTUAL_ACCOUNT"):
            value = f"9999{len(self.things):010d}"
            actions = [{"type": "PRESENT_TO_CUSTOMER", "descriptor": "VIRTUAL_ACCOUNT_NUMBER", "value": value}]
        elif channel == "QRIS":
            actions = [{"type": "PRESENT_TO_CUSTOMER", "descriptor": "QR_STRING", "value": f"000201{number}6304"}]
        elif channel == "OVO":
            actions = []
        self.things[number] = {
            "payment_request_id": number, "reference_id": sent["reference_id"], "request_amount": sent["request_amount"],
            "currency": sent["currency"], "country": "ID", "channel_code": channel, "status": "REQUIRES_ACTION",
            "type": "PAY", "actions": actions, "created": NOW, "updated": NOW,
        }  # fmt: skip
        return self._made(request, self.things[number])

    async def open_invoice(self, request: Request) -> Response:
        sent = await self._checked(request)
        if isinstance(sent, Response):
            return sent
        number = f"{len(self.things):024x}"
        self.things[number] = {
            "id": number, "external_id": sent["external_id"], "amount": sent["amount"], "currency": sent["currency"],
            "status": "PENDING", "invoice_url": f"https://invoice.test/{number}", "created": NOW, "updated": NOW,
            "merchant_name": "Etalase", "payment_methods": sent["payment_methods"],
        }  # fmt: skip
        return self._made(request, self.things[number])

    async def show(self, request: Request) -> Response:
        checked = await self._checked(request)
        if isinstance(checked, Response):
            return checked
        thing = self.things.get(request.path_params["number"])
        return JSONResponse(thing) if thing else self._no("DATA_NOT_FOUND", 404)

    async def cancel(self, request: Request) -> Response:
        return await self._end(request, "CANCELED")

    async def expire(self, request: Request) -> Response:
        return await self._end(request, "EXPIRED")

    async def _end(self, request: Request, status: str) -> Response:
        checked = await self._checked(request)
        if isinstance(checked, Response):
            return checked
        thing = self.things[request.path_params["number"]]
        if thing["status"] not in ("REQUIRES_ACTION", "PENDING"):
            return self._no("INVALID_PAYMENT_REQUEST_STATUS", 400)
        thing["status"] = status
        return JSONResponse(thing)

    async def refund(self, request: Request) -> Response:
        sent = await self._checked(request)
        if isinstance(sent, Response):
            return sent
        number = sent.get("payment_request_id") or sent["invoice_id"]
        channel = self.things[number].get("channel_code", "INDOMARET")
        if channel in WITHOUT_WAY_BACK:
            return self._no("REFUND_NOT_SUPPORTED", 400)
        made = {
            "id": f"rfd-{len(self.refunds)}", "payment_request_id": sent.get("payment_request_id"),
            "invoice_id": sent.get("invoice_id"), "payment_id": "py-1", "reference_id": sent["reference_id"],
            "amount": sent["amount"], "currency": sent["currency"], "status": "SUCCEEDED", "channel_code": channel,
            "created": NOW, "updated": NOW,
        }  # fmt: skip
        self.refunds.append(made)
        return self._made(request, made)

    async def list_refunds(self, request: Request) -> Response:
        checked = await self._checked(request)
        if isinstance(checked, Response):
            return checked
        name, value = next(iter(request.query_params.items()))
        return JSONResponse({"data": [one for one in self.refunds if one[name] == value], "has_more": False})

    def pay(self, number: str, *, amount: int | None = None) -> bytes:
        """Somebody pays; the callback that is sent then."""
        thing = self.things[number]
        if "external_id" in thing:
            paid = amount or thing["amount"]
            thing |= {"status": "PAID", "paid_amount": paid, "paid_at": NOW, "payment_method": "CREDIT_CARD"}
            return json.dumps(thing).encode()
        thing |= {"status": "SUCCEEDED", "latest_payment_id": f"py-{number}"}
        data = {**thing, "payment_id": f"py-{number}", "request_amount": amount or thing["request_amount"]}
        return json.dumps({"event": "payment.capture", "business_id": "b", "created": NOW, "data": data}).encode()

    def refund_callback(self, position: int = -1) -> bytes:
        """The callback of a refund: the message inside the message."""
        event = {"event": "refund.succeeded", "business_id": "b", "created": NOW}
        return json.dumps({**event, "data": {**event, "data": self.refunds[position]}}).encode()
