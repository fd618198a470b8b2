"""What can be asked of carts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from etalase.foundation.sql import Tx, statements_beside

statements = statements_beside(__file__)

CART_LINES_MAX = 100
LINE_UNITS_MAX = 999


@dataclass(frozen=True, slots=True)
class CartLine:
    """Units of a variant in a cart, with the price the buyer last saw."""

    buyer_id: int
    shop_id: int
    variant_id: int
    quantity: int
    price_seen_minor: int
    is_selected: bool
    added_at: datetime


async def add_line(
    tx: Tx, *, buyer_id: int, shop_id: int, variant_id: int, quantity: int, price_minor: int, at: datetime
) -> None:
    """Put units into the cart."""
    await tx.run(
        statements["add_line"],
        buyer_id=buyer_id,
        shop_id=shop_id,
        variant_id=variant_id,
        quantity=quantity,
        price_minor=price_minor,
        at=at,
        quantity_max=LINE_UNITS_MAX,
    )


async def set_line(tx: Tx, *, buyer_id: int, shop_id: int, variant_id: int, quantity: int) -> bool:
    """Change the number of units; false if the line is not there."""
    params = {"buyer_id": buyer_id, "shop_id": shop_id, "variant_id": variant_id, "quantity": quantity}
    return await tx.run(statements["set_line"], **params) == 1


async def remove_lines(tx: Tx, *, buyer_id: int, keys: Sequence[tuple[int, int]]) -> int:
    """Take lines (shop_id, variant_id) out; returns how many there were."""
    return await tx.run(
        statements["remove_lines"],
        buyer_id=buyer_id,
        shop_ids=[key[0] for key in keys],
        variant_ids=[key[1] for key in keys],
    )


async def remove_bought(tx: Tx, keys: Sequence[tuple[int, int, int]]) -> None:
    """Take what was bought, (buyer_id, shop_id, variant_id), out of several buyers' carts."""
    await tx.run(
        statements["remove_bought"],
        buyer_ids=[key[0] for key in keys],
        shop_ids=[key[1] for key in keys],
        variant_ids=[key[2] for key in keys],
    )


async def chosen_of_buyers(tx: Tx, buyer_ids: Sequence[int]) -> list[CartLine]:
    """What these buyers have chosen to check out, buyer by buyer."""
    limit = CART_LINES_MAX * len(buyer_ids)
    return await tx.all(statements["chosen_of_buyers"], CartLine, buyer_ids=list(buyer_ids), limit=limit)


async def select_lines(tx: Tx, *, buyer_id: int, keys: Sequence[tuple[int, int]]) -> None:
    """Choose which lines the checkout takes."""
    await tx.run(
        statements["select_lines"],
        buyer_id=buyer_id,
        shop_ids=[key[0] for key in keys],
        variant_ids=[key[1] for key in keys],
    )


async def see_prices(tx: Tx, *, buyer_id: int, prices: Sequence[tuple[int, int, int]]) -> None:
    """Remember prices the buyer has been shown: (shop_id, variant_id, price_minor)."""
    await tx.run(
        statements["see_prices"],
        buyer_id=buyer_id,
        shop_ids=[p[0] for p in prices],
        variant_ids=[p[1] for p in prices],
        prices_minor=[p[2] for p in prices],
    )


async def cart_of_buyer(tx: Tx, *, buyer_id: int) -> list[CartLine]:
    """What lies in the cart, newest shop first."""
    return await tx.all(statements["cart_of_buyer"], CartLine, buyer_id=buyer_id, limit=CART_LINES_MAX)


async def count_lines(tx: Tx, *, buyer_id: int) -> int:
    """How many lines lie in the cart."""
    return await tx.value(statements["count_lines"], int, buyer_id=buyer_id, limit=CART_LINES_MAX) or 0
