"""Postings, each inside the transaction of what caused it."""

from datetime import datetime

from etalase.commerce.ledger import queries
from etalase.commerce.ledger.rules import Account, Entry, check_balanced, moved
from etalase.foundation.ids import PLATFORM
from etalase.foundation.sql import Tx


async def capture(
    tx: Tx, *, shop_id: int, order_id: int, currency: str, amount_minor: int, at: datetime, by_courier: bool = False
) -> None:
    """A buyer's money for an order arrived and is held."""
    source: Account = "cod_receivable" if by_courier else "provider_clearing"
    # What the provider (or courier) owes us grows by what is held for the order.
    await _post(
        tx,
        shop_id,
        order_id,
        currency,
        moved(taken_from="escrow", put_to=source, amount_minor=amount_minor),
        "capture",
        at,
    )


async def refund(tx: Tx, *, shop_id: int, order_id: int, currency: str, amount_minor: int, at: datetime) -> None:
    """Held money of an order goes back to the buyer."""
    entries = moved(taken_from="provider_clearing", put_to="escrow", amount_minor=amount_minor)
    await _post(tx, shop_id, order_id, currency, entries, "refund", at)


async def release(tx: Tx, *, shop_id: int, order_id: int, currency: str, amount_minor: int, at: datetime) -> None:
    """The order is completed: what is held becomes the seller's."""
    entries = moved(taken_from="seller_pending", put_to="escrow", amount_minor=amount_minor)
    await _post(tx, shop_id, order_id, currency, entries, "release", at)


async def capture_surplus(tx: Tx, *, currency: str, amount_minor: int, at: datetime) -> None:
    """Money arrived that no order is owed."""
    entries = moved(taken_from="surplus", put_to="provider_clearing", amount_minor=amount_minor)
    await _post(tx, PLATFORM, None, currency, entries, "surplus", at)


async def refund_surplus(tx: Tx, *, currency: str, amount_minor: int, at: datetime) -> None:
    """Such money goes back."""
    entries = moved(taken_from="provider_clearing", put_to="surplus", amount_minor=amount_minor)
    await _post(tx, PLATFORM, None, currency, entries, "surplus refund", at)


async def _post(
    tx: Tx, shop_id: int, order_id: int | None, currency: str, entries: tuple[Entry, ...], cause: str, at: datetime
) -> None:
    check_balanced(entries)
    if entries:
        await queries.insert_entries(
            tx, entries, shop_id=shop_id, currency=currency, cause=cause, order_id=order_id, at=at
        )
