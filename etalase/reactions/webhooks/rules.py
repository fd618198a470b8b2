"""Which message follows from which fact, in the words of the interface; when it is tried again, and when no more. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

import orjson

from etalase.commerce.apps.rules import WEBHOOK_TYPES
from etalase.commerce.orders.rules import State as OrderState
from etalase.foundation.facts import RecordedFact

State = Literal["waiting", "sent", "failed", "dropped"]
STATES: Final = ("waiting", "sent", "failed", "dropped")

WAITS: Final = (
    tuple(timedelta(seconds=seconds) for seconds in (10, 60, 120, 300, 900, 1800, 3600, 3 * 3600, 6 * 3600))
    + (timedelta(hours=12),) * 5
)
"""How long after which failure: ten are over by the time the fourth and last of the original's has failed, and the last comes
after three days."""
HOLD_AFTER: Final = 3
"""So many failures one after the other, and an address is tried with one message at a time."""
HOLD_MIN, HOLD_MAX = timedelta(seconds=5), timedelta(minutes=5)
PAUSE_AFTER: Final = timedelta(hours=24)
PAUSE_FAILURES_MIN: Final = 10
"""An address is dead when every message of a whole day has failed, and those were not just two."""
KEPT: Final = timedelta(days=30)
AGAIN_MAX: Final = 10_000
"""How many messages are sent again at one press."""

SCOPE_OF: Final[Mapping[str, str]] = {
    "ORDER_STATUS_CHANGE": "seller.order.info",
    "RECIPIENT_ADDRESS_UPDATE": "seller.order.info",
    "PACKAGE_UPDATE": "seller.fulfillment.basic",
    "PRODUCT_STATUS_CHANGE": "seller.product.basic",
    "PRODUCT_CREATION": "seller.product.basic",
    "CANCELLATION_STATUS_CHANGE": "seller.return_refund.basic",
    "RETURN_STATUS_CHANGE": "seller.return_refund.basic",
}
"""What an app must have been allowed to be told of it; of its own end (SELLER_DEAUTHORIZATION) it is told anyway."""
SENT: Final = (*SCOPE_OF, "SELLER_DEAUTHORIZATION")
"""What is told of today; the other kinds can be asked for, and nothing of them happens here yet."""

STATUS_OF: Final[Mapping[OrderState, str]] = {
    OrderState.UNPAID: "UNPAID",
    OrderState.NEW: "ON_HOLD",
    OrderState.AWAITING_SHIPMENT: "AWAITING_SHIPMENT",
    OrderState.AWAITING_COLLECTION: "AWAITING_COLLECTION",
    OrderState.IN_TRANSIT: "IN_TRANSIT",
    OrderState.DELIVERED: "DELIVERED",
    OrderState.COMPLETED: "COMPLETED",
    OrderState.CANCELLED: "CANCEL",
}
"""The states of orders as messages spell them: the list knows no partial shipment, and CANCELLED is CANCEL there."""
ROLES: Final = {"buyer": "BUYER", "seller": "SELLER"}
CHANGED_BY: Final = {"buyer": "ROLE_USER", "seller": "ROLE_SELLER", "operator": "ROLE_OPERATOR"}


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A cancellation as messages need it."""

    id: int
    asked_by: str
    requested_at: datetime


@dataclass(frozen=True, slots=True)
class About:
    """What was looked up for a fact: the order's state now, the cancellation it decided, the parcels that are planned now."""

    state: OrderState | None = None
    cancellation: Cancelled | None = None
    packages: tuple[tuple[int, tuple[int, ...]], ...] = ()
    """(package, its orders)"""


@dataclass(frozen=True, slots=True)
class Event:
    """Something to tell: its kind, whose turn it takes, and its data."""

    type: str
    subject_id: int
    data: Mapping[str, Any]


NOTHING: Final = About()
REACHED: Final[Mapping[str, OrderState]] = {
    "order.paid": OrderState.NEW,
    "order.reinstated": OrderState.NEW,
    "order.confirmed": OrderState.AWAITING_SHIPMENT,
    "order.arranged": OrderState.AWAITING_COLLECTION,
    "order.in_transit": OrderState.IN_TRANSIT,
    "order.delivered": OrderState.DELIVERED,
    "order.completed": OrderState.COMPLETED,
    "order.cancelled": OrderState.CANCELLED,
}
REQUESTS: Final[Mapping[str, str]] = {
    "cancellation.requested": "CANCELLATION_REQUEST_PENDING",
    "cancellation.rejected": "CANCELLATION_REQUEST_CANCELLED",
    "cancellation.withdrawn": "CANCELLATION_REQUEST_CANCELLED",
}
PACKED: Final[Mapping[str, str]] = {
    "order.split": "SPLIT",
    "order.split_undone": "CANCEL_SPLIT",
    "order.combined": "COMBINE",
    "order.uncombined": "CANCEL_COMBINE",
}
RETURN_TYPES: Final = {"refund_only": "REFUND", "return_and_refund": "RETURN_AND_REFUND"}
"""What a return asks for, as messages call it; exchanges and reshipments are replacements."""
RETURN_STATUS: Final[Mapping[str, tuple[str, str]]] = {
    "return.requested": ("RETURN_OR_REFUND_REQUEST_PENDING", "REPLACEMENT_REQUEST_PENDING"),
    "return.given": ("RETURN_OR_REFUND_REQUEST_PENDING", "REPLACEMENT_REQUEST_PENDING"),
    "return.contested": ("RETURN_OR_REFUND_REQUEST_PENDING", "REPLACEMENT_REQUEST_PENDING"),
    "return.rejected": ("REFUND_OR_RETURN_REQUEST_REJECT", "REPLACEMENT_REQUEST_REJECT"),
    "return.approved": ("AWAITING_BUYER_SHIP", "AWAITING_BUYER_SHIP"),
    "return.sent_back": ("BUYER_SHIPPED_ITEM", "BUYER_SHIPPED_ITEM"),
    "return.came_back": ("AWAITING_BUYER_SHIP", "AWAITING_BUYER_SHIP"),
    "return.replacement_promised": ("RETURN_OR_REFUND_REQUEST_SUCCESS", "RETURN_OR_REFUND_REQUEST_SUCCESS"),
    "rejected_goods": ("REJECT_RECEIVE_PACKAGE", "REJECT_RECEIVE_PACKAGE"),
    "refunded": ("RETURN_OR_REFUND_REQUEST_COMPLETE", "REPLACEMENT_REQUEST_REFUND_SUCCESS"),
    "settled": ("RETURN_OR_REFUND_REQUEST_COMPLETE", "REPLACEMENT_REQUEST_COMPLETE"),
    "closed": ("RETURN_OR_REFUND_REQUEST_CANCEL", "REPLACEMENT_REQUEST_CANCEL"),
    "withdrawn": ("RETURN_OR_REFUND_REQUEST_CANCEL", "REPLACEMENT_REQUEST_CANCEL"),
}
"""By the fact, or by the state in which a return ended: of money, and of a replacement. Offers have no status in messages."""
NEEDS_CANCELLATION: Final = ("order.cancelled", "order.lines_cancelled")
NEEDS_PACKAGES: Final = tuple(PACKED)
NEEDS_STATE: Final = ("parcel.cancelled",)


def events_of(fact: RecordedFact, about: About = NOTHING) -> list[Event]:
    """What apps are told because of a fact; nothing for most."""
    make = MAKERS.get(fact.name)
    return make(fact, about) if make else []


def _status(fact: RecordedFact, state: OrderState) -> Event:
    order_id = fact.order_id or fact.subject_id
    told = {
        "is_on_hold_order": state is OrderState.NEW,
        "order_id": str(order_id),
        "order_status": STATUS_OF[state],
        "update_time": _seconds(fact.at),
    }
    return Event("ORDER_STATUS_CHANGE", order_id, told)


def _placed(fact: RecordedFact, _about: About) -> list[Event]:
    return [_status(fact, OrderState.NEW if fact.data.get("is_cod") else OrderState.UNPAID)]


def _reached(fact: RecordedFact, about: About) -> list[Event]:
    return [_status(fact, REACHED[fact.name]), *_cancelled(fact, about)]


def _cancelled(fact: RecordedFact, about: About) -> list[Event]:
    found = about.cancellation
    if found is None:
        return []
    role = ROLES.get(found.asked_by, "SYSTEM")
    return [_cancel(fact, found.id, "CANCELLATION_REQUEST_COMPLETE", role=role, at=found.requested_at)]


def _request(fact: RecordedFact, _about: About) -> list[Event]:
    return [_cancel(fact, fact.subject_id, REQUESTS[fact.name], role="BUYER", at=fact.at)]


def _cancel(fact: RecordedFact, cancel_id: int, status: str, *, role: str, at: datetime) -> Event:
    told = {
        "cancel_id": str(cancel_id),
        "cancel_status": status,
        "cancellations_role": role,
        "create_time": _seconds(at),
        "order_id": str(fact.order_id),
    }
    return Event("CANCELLATION_STATUS_CHANGE", fact.order_id or fact.subject_id, told)


def _unarranged(fact: RecordedFact, about: About) -> list[Event]:
    """A parcel was undone, and the order is to be shipped again; of those that were cancelled their own fact tells."""
    if about.state is not OrderState.AWAITING_SHIPMENT or fact.order_id is None:
        return []
    return [_status(fact, OrderState.AWAITING_SHIPMENT)]


def _readdressed(fact: RecordedFact, _about: About) -> list[Event]:
    told = {"order_id": str(fact.subject_id), "update_time": _seconds(fact.at)}
    return [Event("RECIPIENT_ADDRESS_UPDATE", fact.subject_id, told)]


def _packed(fact: RecordedFact, about: About) -> list[Event]:
    told = {
        "package_list": [
            {"order_id_list": [str(order_id) for order_id in orders], "package_id": str(package_id)}
            for package_id, orders in about.packages
        ],
        "role_type": CHANGED_BY.get(fact.actor_kind, "ROLE_SYSTEM"),
        "sc_type": PACKED[fact.name],
        "update_time": _seconds(fact.at),
    }
    return [Event("PACKAGE_UPDATE", fact.subject_id, told)]


def _product(fact: RecordedFact, _about: About) -> list[Event]:
    """Products are told by number, not by text: so the interface has it in these two kinds."""
    told = {"product_id": fact.subject_id, "update_time": _seconds(fact.at)}
    if fact.name == "product.created":
        return [Event("PRODUCT_CREATION", fact.subject_id, told)]
    return [Event("PRODUCT_STATUS_CHANGE", fact.subject_id, told | {"status": "PRODUCT_STATUS_CHANGED"})]


def _returned(fact: RecordedFact, _about: About) -> list[Event]:
    status = RETURN_STATUS.get(_return_step(fact))
    if status is None or fact.order_id is None:
        return []
    kind = RETURN_TYPES.get(str(fact.data["kind"]), "REPLACEMENT")
    told: dict[str, Any] = {
        "order_id": str(fact.order_id),
        "return_id": str(fact.subject_id),
        "return_role": "SELLER" if fact.name == "return.given" or fact.data.get("outcome") == "given" else "BUYER",
        "return_status": status[kind == "REPLACEMENT"],
        "return_type": kind,
        "update_time": _seconds(fact.at),
    }
    if fact.name in ("return.requested", "return.given"):
        told["create_time"] = told["update_time"]
    return [Event("RETURN_STATUS_CHANGE", fact.order_id, told)]


def _return_step(fact: RecordedFact) -> str:
    """Under which name RETURN_STATUS has it."""
    if fact.name == "return.ended":
        return str(fact.data["state"])
    if fact.name == "return.escalated":
        return "rejected_goods" if fact.data.get("has_goods") else "asks the operator"
    return fact.name


def _deauthorized(fact: RecordedFact, _about: About) -> list[Event]:
    words = "The seller has ended the authorization of the app for this shop."
    return [Event("SELLER_DEAUTHORIZATION", fact.subject_id, {"message": words})]


Maker = Callable[[RecordedFact, About], list[Event]]
MAKERS: Final[Mapping[str, Maker]] = {
    "order.placed": _placed,
    **dict.fromkeys(REACHED, _reached),
    "order.lines_cancelled": _cancelled,
    **dict.fromkeys(REQUESTS, _request),
    "parcel.cancelled": _unarranged,
    "order.address_changed": _readdressed,
    **dict.fromkeys(PACKED, _packed),
    "product.created": _product,
    "product.activated": _product,
    "product.deactivated": _product,
    **{name: _returned for name in RETURN_STATUS if name.startswith("return.")},
    "return.ended": _returned,
    "return.escalated": _returned,
    "app.deauthorized": _deauthorized,
}


def body_of(event: Event, *, message_id: int, shop_id: int, at: datetime, says_cancelled: bool) -> str:
    """The message as it is signed and sent, byte for byte the same however often it is."""
    data = dict(event.data)
    if says_cancelled and data.get("order_status") == "CANCEL":
        data["order_status"] = "CANCELLED"
    told = {
        "type": WEBHOOK_TYPES[event.type],
        "tts_notification_id": str(message_id),
        "shop_id": str(shop_id),
        "timestamp": _seconds(at),
        "data": data,
    }
    return orjson.dumps(told).decode()


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def next_attempt(attempts: int, *, at: datetime) -> datetime | None:
    """When a message that has failed so many times is tried again; none when it is given up."""
    return at + WAITS[attempts - 1] if attempts <= len(WAITS) else None


def held_until(failures: int, *, at: datetime) -> datetime | None:
    """Until when nothing is sent to an address that failed so many times in a row; none while it may just be one message."""
    if failures < HOLD_AFTER:
        return None
    return at + min(HOLD_MIN * (1 << min(failures - HOLD_AFTER, 10)), HOLD_MAX)


def is_dead(failures: int, failing_since: datetime, *, at: datetime) -> bool:
    """Whether an address is given up until its owner says otherwise."""
    return failures >= PAUSE_FAILURES_MIN and at - failing_since >= PAUSE_AFTER
