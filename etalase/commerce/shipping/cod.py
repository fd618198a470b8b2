"""What the courier takes for each parcel of an order that is paid on delivery. Pure."""

from collections.abc import Sequence

from etalase.commerce.orders.rules import OrderLine
from etalase.commerce.shipping.queries import Parcel
from etalase.commerce.shipping.rules import ParcelState
from etalase.foundation.money import allocate


def cod_share(kept_minor: int, lines: Sequence[OrderLine], parcels: Sequence[Parcel], *, parcel_id: int) -> int:
    """What the order still costs, split over its parcels by the worth of what lies in them; they sum to all of it.

    `lines` are the order's, `parcels` as the order sees them; what lies in none yet has its share too.
    """
    price = {line.id: line.unit_price_minor for line in lines}
    going = [p for p in parcels if p.state is not ParcelState.CANCELLED and not p.units_ended]
    weights = [sum(price.get(line_id, 0) * n for line_id, n in parcel.units.items()) for parcel in going]
    unpacked = sum(price[line.id] * line.open_quantity for line in lines) - sum(weights)
    if not any(weights):  # everything was given away: the first parcel bears what is left, its shipping
        weights = [1 if index == 0 else 0 for index in range(len(going))]
    shares = allocate(kept_minor, [*weights, max(unpacked, 0)])
    return next((share for parcel, share in zip(going, shares, strict=False) if parcel.id == parcel_id), 0)
