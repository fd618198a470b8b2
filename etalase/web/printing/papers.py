"""What is printed of a parcel: everything a courier and a packer need, and no more of the buyer than that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from etalase.commerce.accounts import regions
from etalase.commerce.orders import queries as orders
from etalase.commerce.orders.rules import OrderLine
from etalase.commerce.shipping import papers, queries
from etalase.commerce.shipping.cod import cod_share
from etalase.commerce.shipping.papers import Recipient
from etalase.commerce.shipping.queries import Parcel, ShopPlace
from etalase.commerce.shipping.rules import Purpose
from etalase.foundation.sql import Tx
from etalase.integrations.carriers.registry import Carrier
from etalase.web.parcel_view import known_carrier, service_name

PHONE_ENDS = (3, 3)


@dataclass(frozen=True, slots=True)
class PaperLine:
    """Units of one variant in the parcel."""

    title: str
    variant: str
    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class PaperOrder:
    """One order in the parcel."""

    number: str
    placed_at: datetime
    note: str
    lines: tuple[PaperLine, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A parcel as its papers show it; names of carrier and service are msgids."""

    parcel: Parcel
    carrier: Carrier
    service: str
    recipient: str
    phone: str
    address: tuple[str, ...]
    city: str
    province: str
    sender: str
    sender_place: str
    zone: str
    weight_grams: int
    cod_minor: int
    currency: str
    orders: tuple[PaperOrder, ...]

    @property
    def number(self) -> str:
        """What the barcode says: the carrier's number, or for the shop's own courier the parcel's."""
        return self.parcel.tracking_number or str(self.parcel.id)


def masked_phone(phone: str) -> str:
    """Enough of the number to know it again: "+62*******789"."""
    first, last = PHONE_ENDS
    return phone[:first] + "*" * max(len(phone) - first - last, 3) + phone[-last:] if phone else ""


async def load_papers(tx: Tx, *, shop_id: int, parcel_ids: Sequence[int]) -> list[Paper]:
    """The printable ones of these parcels, in the order asked for."""
    found = await papers.parcels_of_shop(tx, shop_id=shop_id, parcel_ids=parcel_ids)
    parcels = {parcel.id: parcel for parcel in found if parcel.is_printable}
    order_ids = sorted({order_id for parcel in parcels.values() for order_id in parcel.order_ids})
    recipients = await papers.recipients(tx, shop_id=shop_id, order_ids=order_ids)
    lines = await orders.lines_of_orders(tx, [(shop_id, order_id) for order_id in order_ids])
    place = await queries.place_of_shop(tx, shop_id=shop_id)
    made = []
    for parcel in (parcels[parcel_id] for parcel_id in dict.fromkeys(parcel_ids) if parcel_id in parcels):
        cod_minor = sum([await _cod(tx, parcel, recipients[order_id], lines) for order_id in parcel.order_ids])
        made.append(_paper(parcel, recipients, lines, place, cod_minor=cod_minor))
    return made


async def _cod(tx: Tx, parcel: Parcel, recipient: Recipient, lines: Sequence[OrderLine]) -> int:
    """What the courier takes for this order's units in the parcel."""
    if not recipient.is_cod:
        return 0
    own = [line for line in lines if line.order_id == recipient.order_id]
    parcels = await queries.parcels_of_order(tx, shop_id=parcel.shop_id, order_id=recipient.order_id)
    return cod_share(recipient.kept_minor, own, parcels, parcel_id=parcel.id)


def _paper(
    parcel: Parcel,
    recipients: Mapping[int, Recipient],
    lines: Sequence[OrderLine],
    place: ShopPlace,
    *,
    cod_minor: int,
) -> Paper:
    first, carrier = recipients[parcel.order_id], known_carrier(parcel.carrier)
    buyer, shop = _buyer(first), _shop(place)
    to, sender = (shop, buyer) if parcel.purpose is Purpose.WAY_BACK else (buyer, shop)
    inside = [line for line in lines if line.id in parcel.units]
    return Paper(
        parcel=parcel,
        carrier=carrier,
        service=service_name(carrier, parcel.service),
        recipient=to.name,
        phone=to.phone,
        address=to.address,
        city=to.city,
        province=to.province,
        sender=sender.name,
        sender_place=", ".join(filter(None, (sender.city, sender.region))),
        zone=place.zone,
        weight_grams=sum(line.weight_grams * parcel.units[line.id] for line in inside),
        cod_minor=cod_minor,
        currency=first.currency,
        orders=tuple(_order(parcel, recipients[order_id], inside) for order_id in parcel.order_ids),
    )


@dataclass(frozen=True, slots=True)
class _End:
    """Where a parcel starts or ends; `province` with the postal code, `region` without."""

    name: str
    phone: str
    address: tuple[str, ...]
    city: str
    province: str
    region: str


def _buyer(one: Recipient) -> _End:
    address = one.address
    return _End(
        name=address.get("recipient", one.buyer_name),
        phone=masked_phone(address.get("phone", "")),
        address=tuple(
            filter(None, (address.get("street", ""), address.get("landmark", ""), address.get("district", "")))
        ),
        city=address.get("city", ""),
        province=" ".join(filter(None, (address.get("province", ""), address.get("postal_code", "")))),
        region=address.get("province", ""),
    )


def _shop(place: ShopPlace) -> _End:
    city, province = regions.city(place.city), regions.province(place.province)
    region = province.name if province else ""
    return _End(place.name, "", (), city.name if city else "", region, region)


def _order(parcel: Parcel, recipient: Recipient, inside: Sequence[OrderLine]) -> PaperOrder:
    return PaperOrder(
        number=str(recipient.order_id),
        placed_at=recipient.placed_at,
        note=recipient.buyer_note,
        lines=tuple(
            PaperLine(line.title, line.variant_name, line.seller_sku, parcel.units[line.id])
            for line in inside
            if line.order_id == recipient.order_id
        ),
    )
