"""The statements of `queries.sql`, typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from etalase.commerce.catalog.queries import like_pattern
from etalase.commerce.inventory.rules import Movement, Reason, Stock
from etalase.foundation.ids import new_id
from etalase.foundation.sql import Tx, statements_beside

statements = statements_beside(__file__)


@dataclass(frozen=True, slots=True)
class StockRow:
    """A line of the Seller Center's stock list."""

    shop_id: int
    variant_id: int
    on_hand: int
    committed: int
    held: int
    low_at: int
    product_id: int
    title: str
    variant_name: str
    seller_sku: str
    is_for_sale: bool
    image_key: str | None

    @property
    def available(self) -> int:
        return self.on_hand - self.committed - self.held

    @property
    def is_low(self) -> bool:
        return self.available <= self.low_at


@dataclass(frozen=True, slots=True)
class MovementRow:
    """A movement as the history shows it."""

    id: int
    reason: Reason
    on_hand_change: int
    committed_change: int
    order_id: int | None
    note: str
    actor_id: int | None
    at: datetime
    actor_name: str | None


@dataclass(frozen=True, slots=True)
class Balance:
    """What movements add up to."""

    on_hand: int
    committed: int


async def lock_stock(tx: Tx, *, shop_ids: Sequence[int], variant_ids: Sequence[int]) -> list[Stock]:
    """The stock of these variants (position by position), locked in key order until the transaction ends."""
    return await tx.all(statements["lock_stock"], Stock, shop_ids=list(shop_ids), variant_ids=list(variant_ids))


async def stock_of(tx: Tx, *, shop_ids: Sequence[int], variant_ids: Sequence[int]) -> list[Stock]:
    """The stock of these variants as it is now; it may change the next moment."""
    return await tx.all(statements["stock_of"], Stock, shop_ids=list(shop_ids), variant_ids=list(variant_ids))


async def stock_of_product(tx: Tx, *, shop_id: int, product_id: int) -> list[Stock]:
    """The stock of a product's variants as it is now."""
    return await tx.all(statements["stock_of_product"], Stock, shop_id=shop_id, product_id=product_id)


async def move_stock(
    tx: Tx, movements: Sequence[Movement], *, reason: Reason, at: datetime, note: str = "", actor_id: int | None = None
) -> None:
    """Apply and write down movements of stock rows that this transaction has locked."""
    await tx.run(
        statements["move_stock"],
        ids=[new_id() for _ in movements],
        shop_ids=[movement.shop_id for movement in movements],
        variant_ids=[movement.variant_id for movement in movements],
        on_hand_changes=[movement.on_hand_change for movement in movements],
        committed_changes=[movement.committed_change for movement in movements],
        order_ids=[movement.order_id for movement in movements],
        reason=reason,
        note=note,
        actor_id=actor_id,
        at=at,
    )


async def open_stock(tx: Tx, *, shop_id: int, variant_ids: Sequence[int]) -> None:
    """Empty stock rows for variants that have none."""
    await tx.run(statements["open_stock"], shop_id=shop_id, variant_ids=list(variant_ids))


async def set_low_at(tx: Tx, *, shop_id: int, variant_id: int, low_at: int) -> int:
    """From how few on a variant counts as running low; returns how many rows changed."""
    return await tx.run(statements["set_low_at"], shop_id=shop_id, variant_id=variant_id, low_at=low_at)


async def stock_list(
    tx: Tx, *, shop_id: int, search: str, only_low: bool, after: tuple[int, int] | None, limit: int
) -> list[StockRow]:
    """A shop's stock, the scarcest first; `after` is the (available, variant_id) of the last row seen."""
    return await tx.all(
        statements["stock_list"],
        StockRow,
        shop_id=shop_id,
        search=search,
        pattern=like_pattern(search),
        only_low=only_low,
        after_available=after[0] if after else None,
        after_id=after[1] if after else None,
        limit=limit,
    )


async def low_count(tx: Tx, *, shop_id: int) -> int:
    """How many variants on sale run low; a hundred stands for a hundred and more."""
    return await tx.value(statements["low_count"], int, shop_id=shop_id) or 0


async def movements_of_variant(
    tx: Tx, *, shop_id: int, variant_id: int, before_id: int | None, limit: int
) -> list[MovementRow]:
    """A variant's movements, the newest first, older than `before_id`."""
    return await tx.all(
        statements["movements_of_variant"],
        MovementRow,
        shop_id=shop_id,
        variant_id=variant_id,
        before_id=before_id,
        limit=limit,
    )


async def moved_until(tx: Tx, *, shop_id: int, variant_id: int, before_id: int | None) -> Balance:
    """What all movements older than `before_id` add up to (all there are, when it is none)."""
    return await tx.one(statements["moved_until"], Balance, shop_id=shop_id, variant_id=variant_id, before_id=before_id)


async def forget_stock(tx: Tx, *, shop_id: int, variant_ids: Sequence[int]) -> list[int]:
    """Remove the stock, locked before, of variants of which no order ever knew; answers which these were."""
    return await tx.values(statements["forget_stock"], int, shop_id=shop_id, variant_ids=list(variant_ids))
