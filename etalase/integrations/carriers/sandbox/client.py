"""Talking to the sandbox carrier over HTTP."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

import httpx

from etalase.integrations.carriers.protocol import (
    Booked,
    Booking,
    BookingRefused,
    CarrierUnavailable,
    OwnNumber,
    PickupSlot,
    Spot,
    TrackingReport,
)
from etalase.integrations.carriers.sandbox import mapping, signature

ANSWER_WAIT_S = 5.0


class SandboxCarrier:
    """A CarrierGateway to the sandbox peer; keep one per process and `aclose` it."""

    code = "sandbox"

    def __init__(
        self, base_url: str, *, key: str, secret: str, public_url: str | None = None, wait_s: float = ANSWER_WAIT_S
    ) -> None:
        """`key` opens the peer's API, `secret` signs its webhooks, `public_url` is where a browser finds the peer."""
        self._secret = secret
        self._public_url = (public_url or base_url).rstrip("/")
        self._http = httpx.AsyncClient(
            base_url=base_url, timeout=wait_s, headers={"Authorization": f"Bearer {key}"}, trust_env=False
        )

    async def slots(self, carrier_code: str, service_code: str, *, origin: Spot) -> tuple[PickupSlot, ...]:
        """When a courier can come to `origin`, soonest first."""
        asked = {"carrier": carrier_code, "service": service_code, "city": origin.city, "zone": origin.zone}
        answer = await self._ask("GET", "/v1/slots", params=asked)
        try:
            return tuple(
                PickupSlot(datetime.fromisoformat(slot["start"]), datetime.fromisoformat(slot["end"]))
                for slot in answer["slots"]
            )
        except (KeyError, TypeError, ValueError) as problem:
            raise CarrierUnavailable("the pick-up times can't be read") from problem

    async def book(self, booking: Booking) -> Booked:
        """Take the parcel; the same parcel again gets the first answer."""
        answer = await self._ask(
            "POST",
            "/v1/bookings",
            json={
                "reference": booking.reference,
                "carrier": booking.carrier_code,
                "service": booking.service_code,
                "method": booking.method.value,
                "origin": _spot(booking.origin),
                "destination": _spot(booking.destination),
                "weight_grams": booking.weight_grams,
                "receiver": booking.receiver_name,
                "pickup_slot": _slot(booking.slot),
            },
        )
        return Booked(reference=answer["booking"], tracking_number=answer["tracking_number"])

    async def follow(self, own: OwnNumber) -> Booked:
        """Report about a number that was bought elsewhere; a corrected number replaces the former."""
        answer = await self._ask(
            "POST",
            "/v1/trackers",
            json={
                "reference": own.reference,
                "carrier": own.carrier_code,
                "tracking_number": own.tracking_number,
                "service": own.service_code,
                "origin": _spot(own.origin),
                "destination": _spot(own.destination),
                "receiver": own.receiver_name,
            },
        )
        return Booked(reference=answer["booking"], tracking_number=answer["tracking_number"])

    async def track(self, tracking_number: str, *, carrier_code: str) -> tuple[TrackingReport, ...]:
        """Everything known so far, oldest first; empty when the carrier does not know the number."""
        path = f"/v1/tracking/{quote(tracking_number, safe='')}"
        try:
            answer = await self._ask("GET", path, params={"carrier": carrier_code})
        except BookingRefused as refusal:
            if refusal.code == "not_found":
                return ()
            raise
        return tuple(mapping.report_of_event(event) for event in answer["events"])

    async def cancel(self, reference: str) -> None:
        """Call the parcel back; BookingRefused("already_collected") when the courier has it."""
        await self._ask("POST", f"/v1/bookings/{quote(reference, safe='')}/cancel")

    async def advance(self, reference: str, *, to: str, reason: str | None = None) -> None:
        """Make the journey happen now, up to `to` (a TrackingStatus); only a sandbox can do this."""
        await self._ask("POST", f"/v1/bookings/{quote(reference, safe='')}/advance", json={"to": to, "reason": reason})

    async def set_clock(self, offset_seconds: int) -> None:
        """Tell the peer how far the time machine has gone; everything due by then is reported at once."""
        await self._ask("POST", "/v1/clock", json={"offset_seconds": offset_seconds})

    def tracking_page(self, carrier_code: str, tracking_number: str) -> str:
        """The peer's public page for this number: what stands in for the carrier's own page in a demo."""
        return f"{self._public_url}/track/{quote(carrier_code, safe='')}/{quote(tracking_number, safe='')}"

    def verify_webhook(self, headers: Mapping[str, str], body: bytes) -> None:
        """Return quietly, or SignatureNotValid."""
        signature.verify(self._secret, headers=headers, body=body)

    def parse_webhook(self, body: bytes) -> TrackingReport:
        """The report in a webhook's body, or ReportNotUnderstood."""
        return mapping.report_of(body)

    async def aclose(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()

    async def _ask(self, verb: str, path: str, **sent: Any) -> dict[str, Any]:
        try:
            response = await self._http.request(verb, path, **sent)
        except httpx.HTTPError as problem:
            raise CarrierUnavailable(f"{verb} {path}: {type(problem).__name__}") from problem
        if response.status_code >= 500 or response.status_code in {408, 429}:
            raise CarrierUnavailable(f"{verb} {path}: {response.status_code}")
        answer = _decoded(response)
        if response.is_success:
            return answer
        raise BookingRefused(str(answer.get("error", response.status_code)), str(answer.get("message", "")))


def _decoded(response: httpx.Response) -> dict[str, Any]:
    try:
        answer = response.json()
    except ValueError as problem:
        raise CarrierUnavailable("the answer is not JSON") from problem
    if not isinstance(answer, dict):
        raise CarrierUnavailable("the answer is not an object")
    return answer


def _spot(spot: Spot | None) -> dict[str, str] | None:
    return None if spot is None else {"city": spot.city, "zone": spot.zone}


def _slot(slot: PickupSlot | None) -> dict[str, str] | None:
    return None if slot is None else {"start": slot.start.isoformat(), "end": slot.end.isoformat()}
