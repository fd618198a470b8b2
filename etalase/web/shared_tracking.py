"""A link to an order's tracking for whoever has it: signed, so that it can't be guessed, and silent about people."""

import base64
import binascii
import hashlib
import hmac
import struct
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from etalase.commerce.orders import queries as orders
from etalase.commerce.orders.rules import Order
from etalase.commerce.shipping import queries
from etalase.commerce.shipping.queries import Parcel, TrackingEvent
from etalase.commerce.shipping.rules import ParcelState
from etalase.settings import Settings
from etalase.web.parcel_view import STATUS_ICONS, STATUS_LABELS, TimelineEvent, known_carrier, status_of
from etalase.web.request import NotFound, Visit, VisitDep, render

router = APIRouter()

PURPOSE: Final = b"etalase shared tracking "
KEY: Final = struct.Struct(">QQ")
SEAL_BYTES: Final = 16


def share_url(settings: Settings, order: Order) -> str:
    """The link to the order's tracking."""
    return f"{settings.base_url}/t/{token_of(settings, shop_id=order.shop_id, order_id=order.id)}"


def token_of(settings: Settings, *, shop_id: int, order_id: int) -> str:
    """Names the order and carries our seal; the same for an order as long as the installation keeps its key."""
    named = KEY.pack(shop_id, order_id)
    return base64.urlsafe_b64encode(named + _seal(settings, named)).rstrip(b"=").decode()


def order_of(settings: Settings, token: str) -> tuple[int, int] | None:
    """(shop_id, order_id) of a token with our seal, else none."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(raw) != KEY.size + SEAL_BYTES:
        return None
    named, seal = raw[: KEY.size], raw[KEY.size :]
    if not hmac.compare_digest(seal, _seal(settings, named)):
        return None
    shop_id, order_id = KEY.unpack(named)
    return shop_id, order_id


def _seal(settings: Settings, named: bytes) -> bytes:
    return hmac.digest(settings.key().encode(), PURPOSE + named, hashlib.sha256)[:SEAL_BYTES]


@router.get("/t/{token}")
async def show_shared(visit: VisitDep, token: str) -> Response:
    """Where the order's parcels are: states, times and cities, without anybody's name, address or phone."""
    named = order_of(visit.settings, token)
    if named is None:
        raise NotFound
    shop_id, order_id = named
    async with visit.db.for_shop(shop_id).reading() as tx:
        order = await orders.order_of_shop(tx, shop_id=shop_id, order_id=order_id)
        if order is None:
            raise NotFound
        parcels = await queries.parcels_of_order(tx, shop_id=shop_id, order_id=order_id)
        events = await queries.events_of_order(tx, shop_id=shop_id, order_id=order_id)
    shown = [parcel for parcel in parcels if parcel.state is not ParcelState.CANCELLED]
    answer = render(
        visit,
        "storefront/tracking/shared.html",
        city=order.address.get("city", ""),
        parcels=[_public(parcel, events, visit=visit) for parcel in shown],
    )
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _public(parcel: Parcel, events: list[TrackingEvent], *, visit: Visit) -> dict[str, object]:
    """What anybody may know of the parcel; the carrier's own texts may name people and are left out."""
    _ = visit.page.translator.gettext
    status, tone = status_of(parcel)
    return {
        "carrier": known_carrier(parcel.carrier).name,
        "status": status,
        "tone": tone,
        "is_open": parcel.is_open,
        "eta_from": parcel.eta_from,
        "eta_until": parcel.eta_until,
        "delivered_at": parcel.delivered_at,
        "events": [
            TimelineEvent(
                at=event.occurred_at,
                description=_(STATUS_LABELS.get(event.status, STATUS_LABELS[""])),
                place=_city(event.place),
                icon=STATUS_ICONS.get(event.status, "package"),
                zone=event.zone,
            )
            for event in events
            if event.parcel_id == parcel.id
        ],
    }


def _city(place: str) -> str:
    """The city of a place as carriers write it: what follows the last comma."""
    return place.rpartition(",")[2].strip()
