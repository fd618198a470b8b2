"""Our words and TikTok Shop's for the same: states of orders, parcels and cancellations, reasons, parties."""

from collections.abc import Mapping
from typing import Final

from etalase.commerce.orders.rules import State
from etalase.commerce.shipping.rules import ParcelState
from etalase.foundation.i18n import N_
from etalase.reactions.webhooks.rules import STATUS_OF

PARTLY: Final = "PARTIALLY_SHIPPING"
ORDER_STATUS: Final[Mapping[State, str]] = {**STATUS_OF, State.CANCELLED: "CANCELLED"}
"""As in messages, which spell CANCELLED otherwise. An order that the shop has not confirmed yet is on hold: the buyer may still cancel freely, and its address is not told."""
STATE_OF_STATUS: Final[Mapping[str, State]] = {
    **{status: state for state, status in ORDER_STATUS.items()},
    PARTLY: State.AWAITING_SHIPMENT,
}

TO_FULFILL: Final = "TO_FULFILL"
PACKAGE_STATUS: Final[Mapping[ParcelState, str]] = {
    ParcelState.AWAITING_COLLECTION: "PROCESSING",
    ParcelState.IN_TRANSIT: "FULFILLING",
    ParcelState.DELIVERED: "COMPLETED",
    ParcelState.RETURNED: "CANCELLED",
    ParcelState.LOST: "CANCELLED",
    ParcelState.CANCELLED: "CANCELLED",
}
PACKAGE_SUB_STATUS: Final[Mapping[ParcelState, str]] = {
    ParcelState.AWAITING_COLLECTION: "RTS",
    ParcelState.IN_TRANSIT: "TTS",
    ParcelState.DELIVERED: "DELIVERED",
    ParcelState.RETURNED: "SHIP_EXCEPTION",
    ParcelState.LOST: "SHIP_EXCEPTION",
    ParcelState.CANCELLED: "CANCELLED",
}
SHIP_EXCEPTION: Final[Mapping[ParcelState, str]] = {
    ParcelState.RETURNED: "RETURNED_TO_SHIPPER",
    ParcelState.LOST: "PACKAGE_LOST",
}
HANDOVER: Final = {"pickup": "PICKUP", "drop_off": "DROP_OFF"}

REASON_KEYS: Final[Mapping[str, str]] = {
    "changed_mind": "ecom_order_to_ship_canceled_reason_no_longer_needed",
    "wrong_address": "ecom_order_to_ship_canceled_reason_wrong_delivery_info",
    "wrong_variant": "ecom_order_to_ship_canceled_reason_created_by_mistakes",
    "cheaper_elsewhere": "ecom_order_to_ship_canceled_reason_better_price",
    "payment_trouble": "ecom_order_to_ship_canceled_reason_change_payment_method",
    "too_slow": "ecom_order_to_ship_canceled_reason_not_shipped_on_time",
    "no_stock": "seller_cancel_reason_out_of_stock",
    "price_error": "seller_cancel_reason_wrong_price",
    "cannot_ship": "seller_cancel_paid_reason_address_not_deliver",
    "damaged": "seller_cancel_reason_damaged",
    "buyer_asked": "seller_cancel_paid_reason_buyer_requested_cancellation",
    "unpaid": "system_cancel_unpaid_time_out",
    "not_confirmed": "system_cancel_order_reason_not_confirmed",
    "not_arranged": "system_cancel_order_reason_shipping_timeout",
    "not_collected": "system_cancel_order_untracked",
    "not_delivered": "system_cancel_order_reason_delivery_timeout",
    "returned": "package_returned",
    "lost": "package_lost",
}
"""Our reasons as clients know them; those that TikTok Shop has no key for are called in the same manner."""
REASON_OF_KEY: Final[Mapping[str, str]] = {key: reason for reason, key in REASON_KEYS.items()}

REJECT_CANCEL: Final = {
    "seller_reject_apply_product_has_been_packed": N_("The order is packed already."),
    "ecom_reverse_reject_cancel_reason_product_packed": N_("The order is packed already."),
    "seller_reject_apply_unable_to_change_address": N_("The address can't be changed any more."),
    "seller_reject_apply_handed_over": N_("The parcel is with the carrier already."),
}
"""Reasons for refusing to cancel, as the buyer reads them."""


def reason_key(reason: str | None) -> str | None:
    """A reason as clients know it; our own word where it is a new one."""
    return REASON_KEYS.get(reason, reason) if reason else None


def reason_of(key: str) -> str:
    """Our word for a reason that a client names by its key, or by our word."""
    return REASON_OF_KEY.get(key, key)


def order_status(state: State, *, is_packed: bool) -> str:
    """An order's status; `is_packed`: some of its units lie in a parcel already."""
    return PARTLY if state is State.AWAITING_SHIPMENT and is_packed else ORDER_STATUS[state]


def role(party: str | None) -> str | None:
    """BUYER, SELLER, OPERATOR or SYSTEM."""
    if not party:
        return None
    return party.upper() if party in ("buyer", "seller", "operator") else "SYSTEM"
