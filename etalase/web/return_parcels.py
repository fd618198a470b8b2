"""How goods of a return travel, as forms choose it: a booked label or a number of one's own."""

from dataclasses import dataclass

from starlette.datastructures import FormData

from etalase.commerce.catalog import queries as catalog
from etalase.commerce.orders.rules import Order
from etalase.commerce.shipping import of_returns
from etalase.commerce.shipping.actions import ParcelPlan
from etalase.commerce.shipping.queries import Parcel
from etalase.commerce.shipping.rules import Purpose
from etalase.foundation.i18n import N_
from etalase.foundation.sql import Tx
from etalase.integrations.carriers import registry
from etalase.integrations.carriers.registry import Carrier, CarrierNotKnown, ShippingMethod
from etalase.journeys.returns.rules import Return
from etalase.settings import Settings
from etalase.web.parcel_view import REFUSAL_TEXTS, known_carrier, status_of

NUMBER_CHARS_MAX = 60
BOOKED = (ShippingMethod.DROP_OFF, ShippingMethod.PICKUP)
LABEL_METHODS = {
    ShippingMethod.DROP_OFF: (N_("Drop-off"), N_("You bring it to the carrier's counter."), "map-pin"),
    ShippingMethod.PICKUP: (N_("Pick-up"), N_("The courier comes to you."), "truck"),
}


class WayNotOffered(ValueError):
    """Nobody carries it this way: another carrier, or another way of handing over."""


@dataclass(frozen=True, slots=True)
class ReturnParcel:
    """A parcel of a return as its pages show it; texts are msgids."""

    parcel: Parcel
    carrier_name: str
    status: str
    tone: str
    refusal: str

    @property
    def is_back(self) -> bool:
        """Whether it goes to the shop."""
        return self.parcel.purpose is Purpose.WAY_BACK

    @property
    def has_label(self) -> bool:
        """Whether the buyer has a label to print for it."""
        return self.is_back and self.parcel.is_printable and self.parcel.method != ShippingMethod.OWN_NUMBER

    @property
    def can_undo(self) -> bool:
        """Whether nobody has collected it, and a label can be had in another way."""
        return self.parcel.state == "awaiting_collection" and self.parcel.method != ShippingMethod.OWN_NUMBER


async def parcels_of(tx: Tx, order: Order, found: Return) -> list[ReturnParcel]:
    """What travels because of the return, newest first."""
    parcels = await of_returns.of_case(tx, order, found.id)
    return [_view(parcel) for parcel in reversed(parcels)]


def _view(parcel: Parcel) -> ReturnParcel:
    status, tone = status_of(parcel)
    is_refused = parcel.booking == "refused" and parcel.method != ShippingMethod.OWN_NUMBER
    return ReturnParcel(
        parcel=parcel,
        carrier_name=known_carrier(parcel.carrier).name,
        status=status,
        tone=tone,
        refusal=REFUSAL_TEXTS.get(parcel.booking_note, N_("The carrier did not accept the parcel.")) if is_refused else "",
    )  # fmt: skip


def can_book(settings: Settings) -> bool:
    """Whether carriers can be asked to take parcels here."""
    return settings.carrier_url is not None


async def carriers_of_shop(tx: Tx, shop_id: int) -> list[Carrier]:
    """Who can be booked: the carriers the shop works with."""
    shop = (await catalog.shops_by_id(tx, [shop_id]))[0]
    return [one for one in registry.all_carriers() if one.code in shop.carriers and set(BOOKED) <= one.methods]


def plan_in(form: FormData, *, is_bookable: bool, method: str = "") -> ParcelPlan:
    """What the form chose; `method` where it leaves no choice. Raises WayNotOffered, NumberNotValid."""
    code, _, wanted = str(form.get("carrier_service", "")).partition(":")
    try:
        carrier = registry.carrier(code or str(form.get("carrier", "")))
        chosen = ShippingMethod(method or str(form.get("method", "")))
    except (CarrierNotKnown, ValueError):
        raise WayNotOffered from None
    if chosen not in carrier.methods or (chosen in BOOKED and not is_bookable):
        raise WayNotOffered
    number = None
    if chosen is ShippingMethod.OWN_NUMBER:
        number = registry.check_number(carrier.code, str(form.get("tracking_number", ""))[:NUMBER_CHARS_MAX])
    service = next((one for one in carrier.services if one.code == wanted), carrier.services[0])
    return ParcelPlan(
        method=chosen, carrier=carrier.code, service=service.code, tracking_number=number,
        days=(service.days_min, service.days_max), accept_duplicate=form.get("accept_duplicate") == "1",
    )  # fmt: skip
