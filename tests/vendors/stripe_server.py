"""`localstripe` with Checkout Sessions, on a free port: `python -m tests.vendors.stripe_server`; it ends with its parent."""

import asyncio
import sys
import threading
from typing import Any

from aiohttp import web
from localstripe import resources
from localstripe.server import api_create, api_extra, api_retrieve, app

CARD = {"number": "4242424242424242", "exp_month": "12", "exp_year": "2040", "cvc": "123"}


class Session(resources.StripeObject):  # type: ignore[misc]
    """A page that makes a PaymentIntent of the fake's own."""

    object = "checkout.session"
    _id_prefix = "cs_"

    def __init__(self, line_items: Any = None, payment_intent_data: Any = None, **said: Any) -> None:
        price = line_items[0]["price_data"]
        super().__init__()
        self.status, self.payment_status = "open", "unpaid"
        self.currency, self.amount_total = price["currency"], int(price["unit_amount"])
        self.metadata, self.client_reference_id = said["metadata"], said["client_reference_id"]
        self.url, self.expires_at = f"https://checkout.test/{self.id}", int(said["expires_at"])
        self.payment_intent = None
        self._metadata = payment_intent_data["metadata"]

    @classmethod
    def _api_expire(cls, id: str) -> Any:  # noqa: A002 - the fake's own word
        session = cls._api_retrieve(id)
        if session.status != "open":
            raise resources.UserError(400, "Only sessions that are open can be expired")
        session.status = "expired"
        return session

    @classmethod
    def _api_pay(cls, id: str) -> Any:  # noqa: A002 - the fake's own word
        session = cls._api_retrieve(id)
        method = resources.PaymentMethod._api_create(type="card", card=CARD)
        intent = resources.PaymentIntent._api_create(
            amount=session.amount_total, currency=session.currency, metadata=session._metadata, payment_method=method.id
        )
        paid = resources.PaymentIntent._api_confirm(intent.id)
        session.payment_intent, session.status, session.payment_status = intent.id, "complete", "paid"
        return paid


async def _serve() -> None:
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    sys.stdout.write(f"http://{host}:{port}\n")
    sys.stdout.flush()
    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    threading.Thread(target=lambda: (sys.stdin.read(), loop.call_soon_threadsafe(ended.set)), daemon=True).start()
    await ended.wait()
    await runner.cleanup()


if __name__ == "__main__":
    resources.Store.dump_to_disk = lambda _self: None  # it would keep its store in a file for the next run
    app.router.add_route("POST", "/v1/checkout/sessions", api_create(Session, ""))
    app.router.add_route("GET", "/v1/checkout/sessions/{id}", api_retrieve(Session, ""))
    app.router.add_route("POST", "/v1/checkout/sessions/{id}/expire", api_extra(Session._api_expire, ""))
    app.router.add_route("POST", "/_test/pay/{id}", api_extra(Session._api_pay, ""))
    asyncio.run(_serve())
