"""Labels and packing slips: which parcels they are printed for, and that they were."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from etalase.commerce.orders.rules import State
from etalase.commerce.shipping.facts import ParcelPrinted
from etalase.commerce.shipping.queries import Parcel, statements
from etalase.foundation import clock
from etalase.foundation.facts import Actor, record
from etalase.foundation.sql import Db, Tx

PRINTED_AT_ONCE_MAX = 100


@dataclass(frozen=True, slots=True)
class Recipient:
    """To whom an order goes and how, and what a courier has to take for it."""

    order_id: int
    state: State
    buyer_name: str
    address: dict[str, str]
    delivery: dict[str, Any]
    units: int
    is_cod: bool
    currency: str
    kept_minor: int
    buyer_note: str
    placed_at: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", State(self.state))


@dataclass(frozen=True, slots=True)
class _Printed:
    parcel_id: int
    order_id: int
    buyer_id: int


async def parcels_of_shop(tx: Tx, *, shop_id: int, parcel_ids: Sequence[int]) -> list[Parcel]:
    """Those of the parcels that are this shop's, each with all that lies in it, in the order of their ids."""
    return await tx.all(statements["parcels_of_shop"], Parcel, shop_id=shop_id, parcel_ids=list(parcel_ids))


async def recipients(tx: Tx, *, shop_id: int, order_ids: Sequence[int]) -> dict[int, Recipient]:
    """To whom those of the orders go that are this shop's, by order id."""
    found = await tx.all(statements["recipients"], Recipient, shop_id=shop_id, order_ids=list(order_ids))
    return {one.order_id: one for one in found}


async def live_parcels_of_orders(tx: Tx, *, shop_id: int, order_ids: Sequence[int]) -> list[int]:
    """The ids of the parcels that orders of this shop travel in; undone ones are left out."""
    return await tx.values(statements["live_parcels_of_orders"], int, shop_id=shop_id, order_ids=list(order_ids))


async def mark_printed(
    db: Db, *, shop_id: int, parcel_ids: Sequence[int], labels: bool, slips: bool, by: Actor
) -> list[int]:
    """Keep that labels or packing slips were printed; the first time counts. Returns the parcels that had none yet."""
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        printed = await tx.all(
            statements["mark_printed"],
            _Printed,
            shop_id=shop_id,
            parcel_ids=list(parcel_ids),
            labels=labels,
            slips=slips,
            at=at,
        )
        facts = [
            ParcelPrinted(
                shop_id=shop_id, subject_id=row.parcel_id, order_id=row.order_id, buyer_id=row.buyer_id,
                labels=labels, slips=slips,
            )
            for row in printed
        ]  # fmt: skip
        if facts:
            await record(tx, *facts, by=by, at=at)
        return sorted({row.parcel_id for row in printed})
