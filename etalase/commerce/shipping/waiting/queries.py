"""What can be asked of parcels to be, and of all parcels of a shop by when they changed: one typed function per statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

from etalase.commerce.shipping.rules import ParcelState
from etalase.foundation.ids import ID_MAX
from etalase.foundation.sql import Tx, statements_beside

statements = statements_beside(__file__)

LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
FAR_AHEAD: Final = datetime(9999, 12, 31, tzinfo=UTC)
STATEMENTS: Final = (
    "parcels_by_update_asc", "parcels_by_update_desc", "parcels_by_number_asc", "parcels_by_number_desc",
)  # fmt: skip
"""What `parcels` chooses from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedParcels:
    """Which parcels are asked for; times are half open."""

    states: Sequence[ParcelState] = tuple(ParcelState)
    with_waiting: bool = True
    created_from: datetime = LONG_AGO
    created_until: datetime = FAR_AHEAD
    updated_from: datetime = LONG_AGO
    updated_until: datetime = FAR_AHEAD


@dataclass(frozen=True, slots=True)
class Named:
    """A parcel of a page. "order": what is left of that order; "plan": planned by splitting or combining; "parcel": arranged."""

    id: int
    kind: Literal["order", "plan", "parcel"]
    order_id: int
    created_at: datetime
    updated_at: datetime


async def parcels(
    tx: Tx,
    wanted: WantedParcels,
    *,
    shop_id: int,
    by_update: bool,
    is_descending: bool,
    after: tuple[datetime, int] | None,
    limit: int,
) -> list[Named]:
    """Parcels by when they changed or by their numbers, from `after` (time of change, id) on."""
    at, after_id = after or ((FAR_AHEAD, ID_MAX) if is_descending else (LONG_AGO, 0))
    name = f"parcels_by_{'update' if by_update else 'number'}_{'desc' if is_descending else 'asc'}"
    params: dict[str, object] = {name: getattr(wanted, name) for name in WantedParcels.__dataclass_fields__}
    params |= {"states": list(wanted.states), "shop_id": shop_id, "after_id": after_id, "limit": limit}
    return await tx.all(statements[name], Named, **params, **({"after_at": at} if by_update else {}))


@dataclass(frozen=True, slots=True)
class NextParcel:
    """The number that an order's next parcel will have, and since when."""

    parcel_id: int
    named_at: datetime


@dataclass(frozen=True, slots=True)
class _NextOfOrder:
    order_id: int
    parcel_id: int
    named_at: datetime


async def name_next_parcel(tx: Tx, *, shop_id: int, order_id: int, parcel_id: int, at: datetime) -> None:
    """Say which number the order's next parcel will have, unless that is said already."""
    await tx.run(statements["name_next_parcel"], shop_id=shop_id, order_id=order_id, parcel_id=parcel_id, at=at)


async def take_next_parcel(tx: Tx, *, shop_id: int, order_id: int) -> NextParcel | None:
    """The number that was said, to be used now; it is forgotten."""
    return await tx.maybe(statements["take_next_parcel"], NextParcel, shop_id=shop_id, order_id=order_id)


async def next_parcels(tx: Tx, *, shop_id: int, order_ids: Sequence[int]) -> dict[int, NextParcel]:
    """The numbers of the next parcels of those orders that have one, by order id."""
    rows = await tx.all(statements["next_parcels_of_orders"], _NextOfOrder, shop_id=shop_id, order_ids=list(order_ids))
    return {row.order_id: NextParcel(row.parcel_id, row.named_at) for row in rows}


async def order_of_next_parcel(tx: Tx, *, shop_id: int, parcel_id: int) -> int | None:
    """The order whose next parcel will have this number."""
    return await tx.value(statements["order_of_next_parcel"], int, shop_id=shop_id, parcel_id=parcel_id)
