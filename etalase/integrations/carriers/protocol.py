"""What Etalase asks of a carrier and what it gets back, whichever carrier it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from etalase.integrations.carriers.registry import ShippingMethod


class TrackingStatus(StrEnum):
    """Where a parcel is, in the words all carriers are translated into."""

    BOOKED = "booked"
    COLLECTED = "collected"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERY_FAILED = "delivery_failed"
    DELIVERED = "delivered"
    RETURNED = "returned"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Spot:
    """A city and its IANA zone: where a parcel starts or ends."""

    city: str
    zone: str


@dataclass(frozen=True, slots=True)
class PickupSlot:
    """A window in which the carrier's courier comes, in UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Booking:
    """What a carrier must know to take a parcel."""

    shop_id: int
    parcel_id: int
    carrier_code: str
    service_code: str
    method: ShippingMethod
    origin: Spot
    destination: Spot
    weight_grams: int
    receiver_name: str
    slot: PickupSlot | None = None
    """When to pick it up; none leaves it to the carrier."""

    @property
    def reference(self) -> str:
        """Our reference of the parcel at every carrier."""
        return reference_of(self.shop_id, self.parcel_id)


@dataclass(frozen=True, slots=True)
class OwnNumber:
    """A tracking number the seller brought along, to be followed from now on."""

    shop_id: int
    parcel_id: int
    carrier_code: str
    tracking_number: str
    service_code: str | None = None
    origin: Spot | None = None
    destination: Spot | None = None
    receiver_name: str = ""

    @property
    def reference(self) -> str:
        """Our reference of the parcel at every carrier."""
        return reference_of(self.shop_id, self.parcel_id)


@dataclass(frozen=True, slots=True)
class Booked:
    """The carrier's answer: its own reference (needed to cancel) and the number on the label."""

    reference: str
    tracking_number: str


@dataclass(frozen=True, slots=True)
class TrackingReport:
    """One thing that happened to a parcel; `our_reference` is "shop_id-parcel_id", `occurred_at` is UTC.

    `code` is the carrier's own word, kept for disputes; `description` is English where we know the code (a msgid),
    the carrier's own text otherwise.
    """

    vendor_event_id: str
    carrier_code: str
    tracking_number: str
    our_reference: str
    status: TrackingStatus
    code: str
    description: str
    place: str
    zone: str
    occurred_at: datetime
    receiver_name: str | None = None
    attempt_reason: str | None = None


class CarrierUnavailable(Exception):
    """The carrier did not answer in time, or answered that it is ill: ask again later."""


class BookingRefused(Exception):
    """The carrier understood and said no; asking again gives the same answer. `code` says why."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code


class SignatureNotValid(Exception):
    """The message is not from whom it claims, was altered, or is too old."""


class ReportNotUnderstood(Exception):
    """The message is genuine but says something we have no word for: keep it and look at it."""


class CarrierGateway(Protocol):
    """A way to carriers; every verb may be repeated and raises CarrierUnavailable or BookingRefused."""

    code: str

    async def slots(self, carrier_code: str, service_code: str, *, origin: Spot) -> tuple[PickupSlot, ...]:
        """When a courier can come to `origin`, soonest first."""
        ...

    async def book(self, booking: Booking) -> Booked:
        """Take the parcel; the same parcel again gets the first answer.

        BookingRefused("slot_not_available") when the courier can't come at the time chosen.
        """
        ...

    async def follow(self, own: OwnNumber) -> Booked:
        """Report about a number that was bought elsewhere."""
        ...

    async def track(self, tracking_number: str, *, carrier_code: str) -> tuple[TrackingReport, ...]:
        """Everything known so far, oldest first; empty when the carrier does not know the number."""
        ...

    async def cancel(self, reference: str) -> None:
        """Call the parcel back; BookingRefused("already_collected") when the courier has it."""
        ...

    def verify_webhook(self, headers: Mapping[str, str], body: bytes) -> None:
        """Return quietly, or SignatureNotValid."""
        ...

    def parse_webhook(self, body: bytes) -> TrackingReport:
        """The report in a webhook's body, or ReportNotUnderstood."""
        ...


def reference_of(shop_id: int, parcel_id: int) -> str:
    """Our reference of a parcel: carries the shop, so that a report finds its owner without a search."""
    return f"{shop_id}-{parcel_id}"


def ids_of(reference: str) -> tuple[int, int]:
    """(shop_id, parcel_id) of our reference, or ReportNotUnderstood."""
    shop, dash, parcel = reference.partition("-")
    if not (dash and shop.isascii() and shop.isdigit() and parcel.isascii() and parcel.isdigit()):
        raise ReportNotUnderstood(f"reference {reference[:60]!r}")
    return int(shop), int(parcel)
