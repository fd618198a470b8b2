"""The sandbox carrier's addresses."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.peers import http, pages, parcels, slots
from demo.peers.journey import Place
from demo.peers.outbox import Sender
from demo.peers.parcels import Asked
from demo.peers.state import State
from etalase.integrations.carriers import registry
from etalase.integrations.carriers.protocol import ReportNotUnderstood, ids_of
from etalase.integrations.carriers.sandbox.mapping import ATTEMPT_REASONS, CODES


def carrier_app(state: State) -> Starlette:
    """The carrier as an ASGI app; its journeys and webhooks run while the app does."""
    options, desk = state.options, _Desk(state)
    tick = partial(parcels.tick, state)
    keyed = partial(http.keyed, options)

    @asynccontextmanager
    async def at_work(_app: Starlette) -> AsyncIterator[None]:
        sender = Sender(
            state, kind=parcels.KIND, url=f"{options.shop_url}/hooks/carriers/sandbox", secret=options.secret
        )
        tasks = [asyncio.create_task(sender.run()), asyncio.create_task(http.tick_for_ever(tick))]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    return Starlette(
        lifespan=at_work,
        routes=[
            Route("/v1/bookings", keyed(desk.book), methods=["POST"]),
            Route("/v1/slots", keyed(desk.slots), methods=["GET"]),
            Route("/v1/trackers", keyed(desk.follow), methods=["POST"]),
            Route("/v1/bookings/{reference}", keyed(desk.show), methods=["GET"]),
            Route("/v1/bookings/{reference}/cancel", keyed(desk.cancel), methods=["POST"]),
            Route("/v1/bookings/{reference}/advance", keyed(desk.advance), methods=["POST"]),
            Route("/v1/tracking/{number}", keyed(desk.track), methods=["GET"]),
            Route("/v1/clock", keyed(http.clock_endpoint(state, tick)), methods=["POST"]),
            Route("/track/{carrier}/{number}", desk.tracking_page, methods=["GET"]),
            Route("/healthz", http.healthz, methods=["GET"]),
            Route("/", desk.about, methods=["GET"]),
            pages.static(),
        ],
    )


class _Desk:
    """Translates requests into the book's verbs and back."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def book(self, request: Request) -> Response:
        asked = _asked(await http.body_of(request), is_own_number=False, now=self._now())
        return self._answer(parcels.take(self._state, asked)["reference"])

    async def slots(self, request: Request) -> Response:
        asked = request.query_params
        known = _carrier(asked.get("carrier", ""), method="pickup")
        try:
            service = known.service(asked.get("service", ""))
        except registry.CarrierNotKnown:
            raise http.NotAsked("service_not_known") from None
        zone = _zone(asked.get("zone", ""), "zone_not_valid")
        offered = slots.offered(self._now(), zone, is_same_day=service.kind == "same_day")
        return JSONResponse(
            {"slots": [{"start": slot.start.isoformat(), "end": slot.end.isoformat()} for slot in offered]}
        )

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._state.clock(), UTC)

    async def follow(self, request: Request) -> Response:
        asked = _asked(await http.body_of(request), is_own_number=True, now=self._now())
        return self._answer(parcels.take(self._state, asked)["reference"])

    async def show(self, request: Request) -> Response:
        return self._answer(request.path_params["reference"])

    async def cancel(self, request: Request) -> Response:
        try:
            row = parcels.cancel(self._state, request.path_params["reference"])
        except parcels.Refused as refusal:
            return http.no(refusal.code, status=refusal.status)
        return self._answer(row["reference"])

    async def advance(self, request: Request) -> Response:
        sent = await http.body_of(request)
        reason = http.text_of(sent, "reason") if sent.get("reason") else None
        try:
            row = parcels.advance(
                self._state, request.path_params["reference"], to=http.text_of(sent, "to"), reason=reason
            )
        except parcels.Refused as refusal:
            return http.no(refusal.code, status=refusal.status)
        return self._answer(row["reference"])

    async def track(self, request: Request) -> Response:
        try:
            row = parcels.booking_of_number(
                self._state, request.path_params["number"], carrier=request.query_params.get("carrier")
            )
        except parcels.Refused as refusal:
            return http.no(refusal.code, status=refusal.status)
        return self._answer(row["reference"])

    async def tracking_page(self, request: Request) -> Response:
        carrier, number = request.path_params["carrier"], request.path_params["number"]
        try:
            row = parcels.booking_of_number(self._state, number, carrier=carrier)
        except parcels.Refused:
            return pages.page(request, "not_found.html", status=404, peer="carrier", number=number[:60])
        told = [
            {**event, "text": CODES[event["code"]][1], "why": ATTEMPT_REASONS.get(event["reason"], event["reason"])}
            for event in reversed(parcels.events(self._state, row["reference"]))
        ]
        known = registry.carrier(row["carrier"])
        return pages.page(
            request, "track.html", carrier=known, booking=row, events=told, receiver=masked(row["receiver"]),
            service=known.service(row["service"]),
        )  # fmt: skip

    async def about(self, request: Request) -> Response:
        return pages.page(request, "about.html", peer="carrier")

    def _answer(self, reference: str) -> Response:
        try:
            row = parcels.booking(self._state, reference)
        except parcels.Refused as refusal:
            return http.no(refusal.code, status=refusal.status)
        return JSONResponse(
            {
                "booking": row["reference"],
                "reference": row["our_reference"],
                "carrier": row["carrier"],
                "service": row["service"],
                "tracking_number": row["number"],
                "state": row["state"],
                "tracking_page": f"{self._state.options.carrier_url}/track/{row['carrier']}/{row['number']}",
                "events": parcels.events(self._state, row["reference"]),
            }
        )


def masked(name: str) -> str:
    """A receiver's name as a page open to everyone may show it: "Rina Wijaya" -> "R*** W***"."""
    return " ".join(f"{word[0]}***" for word in name.split()[:4])


def _asked(sent: dict[str, Any], *, is_own_number: bool, now: datetime) -> Asked:
    method = "own_number" if is_own_number else http.text_of(sent, "method")
    if method == "own_number" and not is_own_number:
        raise http.NotAsked("method_not_offered")
    known = _carrier(http.text_of(sent, "carrier"), method=method)
    service_code = sent.get("service") or (known.services[0].code if is_own_number else "")
    try:
        service = known.service(str(service_code))
        number = registry.check_number(known.code, http.text_of(sent, "tracking_number")) if is_own_number else None
        ids_of(http.text_of(sent, "reference"))
    except registry.CarrierNotKnown:
        raise http.NotAsked("service_not_known") from None
    except registry.NumberNotValid:
        raise http.NotAsked("tracking_number_not_valid") from None
    except ReportNotUnderstood:
        raise http.NotAsked("reference_not_valid") from None
    if not is_own_number:
        http.amount_of(sent, "weight_grams")
    origin = _place(sent, "origin", is_needed=not is_own_number)
    return Asked(
        reference=sent["reference"],
        carrier=known,
        service=service,
        number=number,
        origin=origin,
        destination=_place(sent, "destination", is_needed=not is_own_number),
        receiver=str(sent.get("receiver") or "")[:120],
        slot=_slot(sent, method=method, service=service, origin=origin, now=now),
    )


def _slot(
    sent: dict[str, Any], *, method: str, service: registry.Service, origin: Place | None, now: datetime
) -> slots.Slot | None:
    """The pick-up window that was chosen; only one that is offered now."""
    given = sent.get("pickup_slot")
    if given is None:
        return None
    if method != "pickup" or not isinstance(given, dict) or origin is None:
        raise http.NotAsked("slot_not_available")
    for slot in slots.offered(now, origin.zone, is_same_day=service.kind == "same_day"):
        if (slot.start.isoformat(), slot.end.isoformat()) == (given.get("start"), given.get("end")):
            return slot
    raise http.NotAsked("slot_not_available")


def _carrier(code: str, *, method: str) -> registry.Carrier:
    try:
        known = registry.carrier(code)
    except registry.CarrierNotKnown:
        raise http.NotAsked("carrier_not_known") from None
    if method not in set(known.methods):
        raise http.NotAsked("method_not_offered")
    if known.code == "own":
        raise http.NotAsked("own_courier_is_not_followed")
    return known


def _place(sent: dict[str, Any], key: str, *, is_needed: bool) -> Place | None:
    given = sent.get(key)
    if given is None and not is_needed:
        return None
    if not isinstance(given, dict):
        raise http.NotAsked(f"{key}_not_valid")
    return Place(http.text_of(given, "city"), _zone(http.text_of(given, "zone"), f"{key}_zone_not_valid"))


def _zone(name: str, refusal: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ValueError, OSError, LookupError):
        raise http.NotAsked(refusal) from None
