"""What happens to parcels."""

from dataclasses import dataclass

from etalase.foundation.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ParcelArranged(Fact, name="parcel.arranged", subject="parcel"):
    """The seller arranged shipping for some or all units of an order."""

    carrier: str
    service: str
    method: str
    tracking_number: str | None
    units: int
    pickup_from: str | None = None
    pickup_until: str | None = None


@dataclass(frozen=True, kw_only=True)
class ParcelBooked(Fact, name="parcel.booked", subject="parcel"):
    """The carrier took the booking and gave a number."""

    carrier: str
    tracking_number: str


@dataclass(frozen=True, kw_only=True)
class BookingRefused(Fact, name="parcel.booking_refused", subject="parcel"):
    """The carrier will not take the parcel; the seller has to choose another way."""

    carrier: str
    note: str


@dataclass(frozen=True, kw_only=True)
class TrackingNumberCorrected(Fact, name="parcel.number_corrected", subject="parcel"):
    """The seller replaced a wrong tracking number; both are kept."""

    carrier: str
    old_number: str
    new_number: str


@dataclass(frozen=True, kw_only=True)
class DelayNoted(Fact, name="parcel.delay_noted", subject="parcel"):
    """The seller told the buyer about a delay."""

    note: str


@dataclass(frozen=True, kw_only=True)
class ParcelCollected(Fact, name="parcel.collected", subject="parcel"):
    """The carrier scanned the parcel for the first time."""

    carrier: str
    tracking_number: str


@dataclass(frozen=True, kw_only=True)
class ParcelDelivered(Fact, name="parcel.delivered", subject="parcel"):
    """The carrier reports the parcel delivered; of cash on delivery it has taken the money."""

    received_by: str
    is_paid_to_courier: bool = False


@dataclass(frozen=True, kw_only=True)
class DeliveryFailed(Fact, name="parcel.delivery_failed", subject="parcel"):
    """An attempt to deliver failed; another follows, or the parcel goes back."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class ParcelReturned(Fact, name="parcel.returned", subject="parcel"):
    """The carrier brought the parcel back to the seller."""


@dataclass(frozen=True, kw_only=True)
class ParcelLost(Fact, name="parcel.lost", subject="parcel"):
    """The carrier reports the parcel lost."""


@dataclass(frozen=True, kw_only=True)
class ParcelCancelled(Fact, name="parcel.cancelled", subject="parcel"):
    """The parcel was undone before collection."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class ReturnParcelArranged(Fact, name="return_parcel.arranged", subject="parcel"):
    """A parcel of a return was arranged: the way back, or a replacement."""

    case_id: int
    purpose: str
    carrier: str
    service: str
    method: str
    tracking_number: str | None


@dataclass(frozen=True, kw_only=True)
class ReturnParcelBooked(Fact, name="return_parcel.booked", subject="parcel"):
    """The carrier took the booking of a return's parcel and gave a number."""

    case_id: int
    purpose: str
    carrier: str
    tracking_number: str


@dataclass(frozen=True, kw_only=True)
class ReturnParcelRefused(Fact, name="return_parcel.refused", subject="parcel"):
    """The carrier will not take a return's parcel; who sends it has to choose another way."""

    case_id: int
    purpose: str
    carrier: str
    note: str


@dataclass(frozen=True, kw_only=True)
class ReturnParcelMoved(Fact, name="return_parcel.moved", subject="parcel"):
    """A return's parcel was collected, delivered, brought back or lost; the return follows."""

    case_id: int
    purpose: str
    state: str
    carrier: str
    tracking_number: str


@dataclass(frozen=True, kw_only=True)
class ReturnParcelCancelled(Fact, name="return_parcel.cancelled", subject="parcel"):
    """A return's parcel was undone before collection."""

    case_id: int
    purpose: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class OrderSplit(Fact, name="order.split", subject="order"):
    """The seller means to send the order in several parcels."""

    parcels: int


@dataclass(frozen=True, kw_only=True)
class OrderSplitUndone(Fact, name="order.split_undone", subject="order"):
    """The order is to be sent in one parcel after all."""


@dataclass(frozen=True, kw_only=True)
class OrderCombined(Fact, name="order.combined", subject="order"):
    """The seller means to send the order in one parcel with other orders of the same buyer."""

    orders: int


@dataclass(frozen=True, kw_only=True)
class OrderUncombined(Fact, name="order.uncombined", subject="order"):
    """The order is to be sent by itself after all."""


@dataclass(frozen=True, kw_only=True)
class ParcelPrinted(Fact, name="parcel.printed", subject="parcel"):
    """Papers of the parcel were printed for the first time."""

    labels: bool
    slips: bool
