"""Midtrans: Core API, Snap and notifications, after its documentation. It writes its signature by itself."""

import hashlib
import json
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.vendors.serving import basic_user

WITHOUT_WAY_BACK = {"bank_transfer", "echannel", "cstore"}


class Midtrans:
    """Its book: transactions by order id."""

    def __init__(self, server_key: str) -> None:
        self.key = server_key
        self.orders: dict[str, dict[str, Any]] = {}
        self.is_down = False
        self.asked: list[tuple[str, str, Any]] = []
        self.app = Starlette(
            routes=[
                Route("/v2/charge", self.charge, methods=["POST"]),
                Route("/v2/{order}/status", self.status),
                Route("/v2/{order}/cancel", self.cancel, methods=["POST"]),
                Route("/v2/{order}/refund", self.refund, methods=["POST"]),
                Route("/snap/v1/transactions", self.snap, methods=["POST"]),
            ]
        )

    async def _checked(self, request: Request) -> dict[str, Any] | Response:
        if self.is_down:
            return JSONResponse({"status_code": "503"}, status_code=503)
        if basic_user(request) != self.key:
            return self._no("401", "Access denied")
        body = await request.body()
        sent: dict[str, Any] = json.loads(body or b"{}")
        self.asked.append((request.method, request.url.path, sent))
        return sent

    @staticmethod
    def _no(code: str, message: str) -> Response:
        # the Core API answers 200 and says the code in the body for some of its refusals, and both for others
        return JSONResponse({"status_code": code, "status_message": message}, status_code=int(code))

    async def charge(self, request: Request) -> Response:
        sent = await self._checked(request)
        if isinstance(sent, Response):
            return sent
        details, kind = sent["transaction_details"], sent["payment_type"]
        if not isinstance(details["gross_amount"], int):
            return self._no("400", "gross_amount must be a whole number for IDR")
        order = details["order_id"]
        if order in self.orders:
            return self._no("406", "order_id has already been taken")
        told: dict[str, Any] = {}
        digits = hashlib.sha256(order.encode()).hexdigest()
        number = str(int(digits[:12], 16)).zfill(12)[:12]
        if kind == "bank_transfer":
            told = {"va_numbers": [{"bank": sent["bank_transfer"]["bank"], "va_number": f"8000{number}"}]}
        elif kind == "echannel":
            told = {"bill_key": number, "biller_code": "70012"}
        elif kind == "cstore":
            told = {"payment_code": number, "store": sent["cstore"]["store"]}
        elif kind in ("qris", "gopay"):
            told = {"qr_string": f"00020101021226{number}5204539953033605802ID6304ABCD", "actions": []}
            if kind == "gopay":
                told["actions"] = [
                    {"name": "deeplink-redirect", "method": "GET", "url": "https://gojek.test/gopay/merchanttransfer"}
                ]
        elif kind == "shopeepay":
            told = {"actions": [{"name": "deeplink-redirect", "method": "GET", "url": "https://shopee.test/pay"}]}
        self._open(order, details["gross_amount"], kind, told)
        return JSONResponse(self._said(order), status_code=201)

    async def snap(self, request: Request) -> Response:
        sent = await self._checked(request)
        if isinstance(sent, Response):
            return sent
        details = sent["transaction_details"]
        token = hashlib.sha256(details["order_id"].encode()).hexdigest()[:20]
        return JSONResponse({"token": token, "redirect_url": f"https://snap.test/{token}"}, status_code=201)

    async def status(self, request: Request) -> Response:
        checked = await self._checked(request)
        if isinstance(checked, Response):
            return checked
        order = request.path_params["order"]
        if order not in self.orders:
            return self._no("404", "Transaction doesn't exist.")
        return JSONResponse(self._said(order))

    async def cancel(self, request: Request) -> Response:
        checked = await self._checked(request)
        if isinstance(checked, Response):
            return checked
        found = self.orders.get(request.path_params["order"])
        if found is None:
            return self._no("404", "Transaction doesn't exist.")
        if found["transaction_status"] != "pending":
            return self._no("412", "Merchant cannot modify the status of the transaction")
        found |= {"transaction_status": "cancel", "status_code": "200"}
        return JSONResponse(self._said(request.path_params["order"]))

    async def refund(self, request: Request) -> Response:
        sent = await self._checked(request)
        if isinstance(sent, Response):
            return sent
        order = request.path_params["order"]
        found = self.orders[order]
        if found["payment_type"] in WITHOUT_WAY_BACK:
            return self._no("418", "Payment provider doesn't allow refund within this payment method")
        refunds = found.setdefault("refunds", [])
        known = [one for one in refunds if one["refund_key"] == sent["refund_key"]]
        if not known:
            if sum(int(float(one["refund_amount"])) for one in refunds) + sent["amount"] > self._gross(order):
                return self._no("414", "Refund amount exceeds the amount of the transaction")
            refunds.append(
                {
                    "refund_chargeback_id": len(refunds) + 1, "refund_key": sent["refund_key"], "reason": sent["reason"],
                    "refund_amount": f"{sent['amount']}.00", "created_at": "2026-11-24 09:00:00",
                }
            )  # fmt: skip
        found["transaction_status"] = "refund" if self._refunded(order) == self._gross(order) else "partial_refund"
        return JSONResponse(
            {**self._said(order), "refund_chargeback_id": len(refunds), "refund_key": sent["refund_key"]}
        )

    def pay(self, order: str, *, kind: str = "credit_card", amount: int = 0) -> bytes:
        """Somebody pays; the notification that is sent then. `kind` is for what begins on the Snap page."""
        if order not in self.orders:
            self._open(order, amount, kind, {})
        self.orders[order] |= {"transaction_status": "settlement", "status_code": "200", "fraud_status": "accept"}
        return self.notification(order)

    def notification(self, order: str, **changed: Any) -> bytes:
        """What is sent to the shop, signed."""
        said = {**self._said(order), **changed}
        signed = said["order_id"] + said["status_code"] + said["gross_amount"] + self.key
        return json.dumps({**said, "signature_key": hashlib.sha512(signed.encode()).hexdigest()}).encode()

    def _open(self, order: str, amount: int, kind: str, told: dict[str, Any]) -> None:
        self.orders[order] = {
            "status_code": "201", "status_message": "Success", "transaction_id": f"t-{len(self.orders)}", "order_id": order,
            "gross_amount": f"{amount}.00", "currency": "IDR", "payment_type": kind, "transaction_status": "pending",
            "transaction_time": "2026-11-23 18:30:02", "merchant_id": "G1", **told,
        }  # fmt: skip

    def _gross(self, order: str) -> int:
        return int(float(self.orders[order]["gross_amount"]))

    def _refunded(self, order: str) -> int:
        return sum(int(float(one["refund_amount"])) for one in self.orders[order].get("refunds", []))

    def _said(self, order: str) -> dict[str, Any]:
        return dict(self.orders[order])
