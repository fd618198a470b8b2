"""The route table as tests see it; whoever adds a route is covered by what is not on the public list."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.routing import Route

from etalase.settings import Settings
from etalase.web.app import create_app
from etalase.web.hooks.doors import DOORS as VENDORS

PUBLIC = {
    "GET /": "the home page",
    "GET /shop": "browsing",
    "GET /c/{slug}": "browsing",
    "GET /search": "browsing",
    "GET /p/{shop_id}/{product_id}": "browsing",
    "GET /s/{slug}": "browsing",
    "GET /media/{name}": "pictures of what is public; names can't be guessed",
    "GET /login": "the way in",
    "POST /login": "the way in",
    "GET /register": "the way in",
    "POST /register": "the way in",
    "POST /logout": "the way out",
    "GET /password/forgot": "the way back in",
    "POST /password/forgot": "the way back in",
    "GET /password/reset/{account_id}/{reset_id}/{secret}": "the way back in; the secret decides",
    "POST /password/reset/{account_id}/{reset_id}/{secret}": "the way back in; the secret decides",
    "POST /language": "a choice of this browser",
    "GET /profile": "signed out it invites to log in",
    "GET /regions/provinces": "lists for address forms",
    "GET /regions/cities": "lists for address forms",
    "GET /regions/districts": "lists for address forms",
    "GET /documents/{token}.pdf": "labels for whoever has the signed address, for a day",
    "GET /t/{token}": "tracking for whoever has the signed link; says nothing of people",
    "GET /healthz": "for machines",
    "GET /readyz": "for machines",
    "GET /favicon.ico": "the icon",
    "GET /-/components": "the components in their states",
    "POST /hooks/payments/sandbox": "signed by the vendor",
    "POST /hooks/payments/midtrans": "signed by the vendor",
    "POST /hooks/payments/xendit": "signed by the vendor",
    "POST /hooks/payments/stripe": "signed by the vendor",
    "POST /hooks/carriers/sandbox": "signed by the vendor",
    "GET /developer": "what the Open API is",
    "GET /developer/connect": "how to ask; in demo mode with the demo's own app",
    "GET /developer/code": "shows what stands in its own address",
    "GET /developer/openapi.json": "the reference",
    "GET /developer/reference": "the reference",
    "GET /developer/reference/{domain}": "the reference",
    "GET /demo/time": "in demo mode alone: everybody's toy",
    "POST /demo/time": "in demo mode alone: everybody's toy",
    "GET /demo/mail": "in demo mode alone: everybody's mailbox",
    "GET /demo/mail/{mail_id}": "in demo mode alone: everybody's mailbox",
}
"""Routes for people who are not signed in, each with its reason."""

OWN = {
    "POST /cart/lines/{shop_id}/{variant_id}": "changes one's own cart; what is sold is public",
    "POST /settings/devices/{session_id}/end": "ends a device of one's own, another's is none of them",
}
"""Routes with ids of things that are not somebody's."""

QUIET = {
    "POST /purchases/{purchase_id}/payment": "says that there is nothing to pay, as of a purchase that does not exist",
}
"""Routes that turn strangers away without a 404."""


@dataclass(frozen=True, slots=True)
class Door:
    """One method of one route."""

    method: str
    path: str

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def is_public(self) -> bool:
        return self.name in PUBLIC

    @property
    def is_of_seller(self) -> bool:
        return self.path.startswith("/seller")

    @property
    def is_of_operator(self) -> bool:
        return self.path.startswith("/operator")

    def url(self, values: Mapping[str, object]) -> str:
        """The path with real ids; KeyError tells that a test world lacks a kind of id."""
        return self.path.format_map(values)


def doors() -> list[Door]:
    """Every way into the app."""
    app = create_app(Settings(DATABASE_URL="unused", mode="demo", secret_key="for the route table alone"))
    found = [Door(method, route.path) for route in _routes(app.routes) for method in sorted(route.methods or ())]
    found += [Door("POST", path) for path in VENDORS]
    return sorted((door for door in found if door.method != "HEAD"), key=lambda door: (door.path, door.method))


def _routes(routes: Any) -> Iterator[Route]:
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is not None:
            yield from _routes(included.routes)
        elif isinstance(route, Route):
            yield route
