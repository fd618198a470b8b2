"""What can be asked of the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from etalase.commerce.ledger.rules import Entry
from etalase.foundation.ids import new_id
from etalase.foundation.sql import Tx, statements_beside

statements = statements_beside(__file__)


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account holds."""

    account: str
    amount_minor: int


async def insert_entries(
    tx: Tx, entries: Sequence[Entry], *, shop_id: int, currency: str, cause: str, order_id: int | None, at: datetime
) -> None:
    """Append one posting."""
    await tx.run(
        statements["insert_entries"],
        shop_id=shop_id,
        ids=[new_id() for _ in entries],
        posting_id=new_id(),
        accounts=[entry.account for entry in entries],
        amounts_minor=[entry.amount_minor for entry in entries],
        currency=currency,
        cause=cause,
        order_id=order_id,
        at=at,
    )


async def balances_of_order(tx: Tx, *, shop_id: int, order_id: int) -> dict[str, int]:
    """What each account holds for the order."""
    rows = await tx.all(statements["balances_of_order"], Balance, shop_id=shop_id, order_id=order_id)
    return {row.account: row.amount_minor for row in rows}


async def unbalanced_postings(tx: Tx, *, shop_id: int) -> list[int]:
    """Postings that don't sum to zero (at most 100): anything here is a defect."""
    return await tx.values(statements["unbalanced_postings"], int, shop_id=shop_id)
