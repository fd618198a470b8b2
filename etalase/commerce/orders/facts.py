"""What happens to orders."""

from dataclasses import dataclass

from etalase.foundation.facts import Fact


@dataclass(frozen=True, kw_only=True)
class OrderPlaced(Fact, name="order.placed", subject="order"):
    """A buyer placed the order; it is unpaid, or new when nothing has to be paid beforehand."""

    total_minor: int
    currency: str
    is_cod: bool
    title: str
    image_key: str | None
    units: int


@dataclass(frozen=True, kw_only=True)
class OrderPaid(Fact, name="order.paid", subject="order"):
    """The money arrived."""

    amount_minor: int
    currency: str
    method: str


@dataclass(frozen=True, kw_only=True)
class OrderReinstated(Fact, name="order.reinstated", subject="order"):
    """The money arrived after the payment deadline and there was still stock."""


@dataclass(frozen=True, kw_only=True)
class OrderConfirmed(Fact, name="order.confirmed", subject="order"):
    """The seller (or the shop's setting) accepted the order for shipping."""

    automatic: bool


@dataclass(frozen=True, kw_only=True)
class OrderArranged(Fact, name="order.arranged", subject="order"):
    """Every unit of the order lies in a parcel that waits for its carrier."""


@dataclass(frozen=True, kw_only=True)
class OrderInTransit(Fact, name="order.in_transit", subject="order"):
    """The last parcel of the order was collected by its carrier."""


@dataclass(frozen=True, kw_only=True)
class OrderDelivered(Fact, name="order.delivered", subject="order"):
    """The last parcel of the order was delivered."""


@dataclass(frozen=True, kw_only=True)
class OrderCompleted(Fact, name="order.completed", subject="order"):
    """The buyer confirmed receipt, or the clock did."""

    automatic: bool
    released_minor: int


@dataclass(frozen=True, kw_only=True)
class OrderCancelled(Fact, name="order.cancelled", subject="order"):
    """The whole order, or what was left of it, was cancelled."""

    asked_by: str
    reason: str
    refund_minor: int


@dataclass(frozen=True, kw_only=True)
class OrderLinesCancelled(Fact, name="order.lines_cancelled", subject="order"):
    """Some units were cancelled; the rest goes on."""

    asked_by: str
    reason: str
    units: int
    refund_minor: int


@dataclass(frozen=True, kw_only=True)
class CancellationRequested(Fact, name="cancellation.requested", subject="cancellation"):
    """A buyer asks to cancel what is already arranged; the seller answers, or the clock does."""

    reason: str
    units: int = 0


@dataclass(frozen=True, kw_only=True)
class CancellationRejected(Fact, name="cancellation.rejected", subject="cancellation"):
    """The seller refused a buyer's request to cancel."""

    answer: str


@dataclass(frozen=True, kw_only=True)
class CancellationWithdrawn(Fact, name="cancellation.withdrawn", subject="cancellation"):
    """The request to cancel ended without effect, for the parcel had been collected or the buyer took it back."""


@dataclass(frozen=True, kw_only=True)
class AddressChanged(Fact, name="order.address_changed", subject="order"):
    """The buyer changed where the order goes, once, before shipping."""


@dataclass(frozen=True, kw_only=True)
class SellerReminded(Fact, name="order.seller_reminded", subject="order"):
    """The buyer reminded the seller to ship."""


@dataclass(frozen=True, kw_only=True)
class ReceiptExtended(Fact, name="order.receipt_extended", subject="order"):
    """The buyer asked for more time before the order completes by itself."""

    until: str


@dataclass(frozen=True, kw_only=True)
class SellerNoteChanged(Fact, name="order.seller_note_changed", subject="order"):
    """The seller changed the shop's own note on the order."""


@dataclass(frozen=True, kw_only=True)
class OrderHidden(Fact, name="order.hidden", subject="order"):
    """The buyer took a finished order off the list."""


@dataclass(frozen=True, kw_only=True)
class OrderReferenced(Fact, name="order.referenced", subject="order"):
    """Another program of the seller knows the order by a number of its own."""

    platform: str
    external_id: str
