"""What other programs ask of orders: one typed function per statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from etalase.commerce.orders.rules import State
from etalase.foundation.ids import ID_MAX
from etalase.foundation.sql import Tx, json_rows, statements_beside

statements = statements_beside(__file__)

LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
FAR_AHEAD: Final = datetime(9999, 12, 31, tzinfo=UTC)
CROWDED: Final = (State.COMPLETED, State.CANCELLED)
"""Where most orders end: any stretch of the list has some, so it is read along the time of change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which orders are asked for; times are half open, `is_packed` says that units of it lie in a parcel."""

    state: State | None = None
    created_from: datetime = LONG_AGO
    created_until: datetime = FAR_AHEAD
    updated_from: datetime = LONG_AGO
    updated_until: datetime = FAR_AHEAD
    from_id: int = 0
    until_id: int = ID_MAX
    buyer_id: int | None = None
    is_own: bool | None = None
    is_packed: bool | None = None
    is_asked: bool | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """An order of a page, what the page is sorted by, and how many were counted along with it."""

    id: int
    updated_at: datetime
    counted: int


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """After which order a page begins: its time of change and its id."""

    at: datetime
    id: int


async def by_update(
    tx: Tx, wanted: Wanted, *, shop_id: int, after: Place | None, is_descending: bool, limit: int, count: int
) -> list[Seen]:
    """Orders in the order in which they changed, from `after` on; up to `count` are counted, `limit` of them told."""
    is_narrow = wanted.state is not None and wanted.state not in CROWDED
    name = f"{'in_state_by_update' if is_narrow else 'by_update'}_{'desc' if is_descending else 'asc'}"
    begin = _begin(wanted, after, is_descending=is_descending)
    params = _params(wanted, "from_id", "until_id")
    return await tx.all(
        statements[name], Seen, shop_id=shop_id, after_at=begin.at, after_id=begin.id, limit=limit, count=count, **params
    )  # fmt: skip


def _begin(wanted: Wanted, after: Place | None, *, is_descending: bool) -> Place:
    """Where to begin. Of two bounds PostgreSQL goes to the place along the index, and then reads up to the time: they are made one."""
    if is_descending:
        latest = Place(wanted.updated_until, 0)
        return min(after, latest) if after else latest
    first = Place(wanted.updated_from, 0)
    return max(after, first) if after else first


async def by_number(
    tx: Tx, wanted: Wanted, *, shop_id: int, after_id: int | None, is_descending: bool, limit: int, count: int
) -> list[Seen]:
    """Orders in the order in which they were placed, from `after_id` on; up to `count` are counted, `limit` of them told."""
    name = f"{'in_state_by_number' if wanted.state else 'by_number'}_{'desc' if is_descending else 'asc'}"
    after = after_id if after_id is not None else ID_MAX if is_descending else 0
    params = _params(wanted, *(() if wanted.state else ("state",)))
    return await tx.all(statements[name], Seen, shop_id=shop_id, after_id=after, limit=limit, count=count, **params)


STATEMENTS: Final = (
    "by_update_asc", "by_update_desc", "in_state_by_update_asc", "in_state_by_update_desc",
    "by_number_asc", "by_number_desc", "in_state_by_number_asc", "in_state_by_number_desc",
)  # fmt: skip
"""What the two functions above choose from."""


def _params(wanted: Wanted, *but: str) -> dict[str, object]:
    return {name: getattr(wanted, name) for name in Wanted.__dataclass_fields__ if name not in but}


@dataclass(frozen=True, slots=True)
class _Clock:
    order_id: int
    kind: str
    due_at: datetime


async def clocks_of_orders(tx: Tx, *, shop_id: int, order_ids: Sequence[int]) -> dict[int, dict[str, datetime]]:
    """When the clocks of orders reach zero or reached it, by order and kind; of a kind the one started last."""
    rows = await tx.all(statements["clocks_of_orders"], _Clock, shop_id=shop_id, order_ids=list(order_ids))
    found: dict[int, dict[str, datetime]] = {}
    for row in rows:
        found.setdefault(row.order_id, {}).setdefault(row.kind, row.due_at)
    return found


@dataclass(frozen=True, slots=True)
class ExternalOrder:
    """By which number a program knows an order; `lines` are pairs of its line's number and ours."""

    order_id: int
    platform: str
    external_id: str
    lines: Sequence[Sequence[str]] = field(default_factory=tuple)


async def put_external_orders(tx: Tx, *, shop_id: int, references: Sequence[ExternalOrder], at: datetime) -> set[int]:
    """Keep them; returns which of the orders are this shop's."""
    rows: list[Mapping[str, object]] = [
        {
            "shop_id": shop_id, "order_id": one.order_id, "platform": one.platform, "external_id": one.external_id,
            "lines": one.lines,
        }
        for one in references
    ]  # fmt: skip
    return set(await tx.values(statements["put_external_orders"], int, references=json_rows(rows), at=at))


async def external_orders_of(tx: Tx, *, shop_id: int, order_id: int, platform: str) -> list[ExternalOrder]:
    """By which numbers a program knows the order."""
    return await tx.all(
        statements["external_orders_of"], ExternalOrder, shop_id=shop_id, order_id=order_id, platform=platform
    )


async def orders_by_external(tx: Tx, *, shop_id: int, platform: str, external_id: str) -> list[ExternalOrder]:
    """The orders that a program knows by this number."""
    return await tx.all(
        statements["orders_by_external"], ExternalOrder, shop_id=shop_id, platform=platform, external_id=external_id
    )
