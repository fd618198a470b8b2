"""What can be asked of the ledger."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from etalase.commerce.ledger.rules import Posting, TotalKey
from etalase.foundation.ids import ID_MAX, new_id
from etalase.foundation.sql import Tx, json_rows, statements_beside

statements = statements_beside(__file__)


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account holds."""

    account: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class OrderBalance:
    """What an account holds for an order."""

    order_id: int
    account: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Total:
    """A running total; `amount_minor` is as in entries, negative is what the owner has."""

    account: str
    currency: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class WrittenEntry:
    """An entry as it stands in its row."""

    id: int
    posting_id: int
    cause: str
    account: str
    owner_id: int
    currency: str
    amount_minor: int
    order_id: int | None
    reference_id: int | None
    at: datetime


async def insert_entries(tx: Tx, postings: Sequence[Posting]) -> None:
    """Append postings, with one statement however many there are."""
    rows = []
    for posting in postings:
        posting_id = new_id()
        rows += [
            {
                "shop_id": posting.shop_id,
                "id": new_id(),
                "posting_id": posting_id,
                "account": entry.account,
                "owner_id": entry.owner_id,
                "currency": posting.currency,
                "amount_minor": entry.amount_minor,
                "cause": posting.cause,
                "order_id": posting.order_id,
                "reference_id": posting.reference_id,
                "at": posting.at,
            }
            for entry in posting.entries
        ]
    await tx.run(statements["insert_entries"], entries=json_rows(rows))


async def add_to_totals(tx: Tx, changes: Sequence[tuple[TotalKey, int]]) -> None:
    """Change running totals, each key once; the database refuses a wallet that would be overdrawn."""
    columns = list(zip(*(key for key, _ in changes), strict=True))
    names = ("shop_ids", "accounts", "owner_ids", "currencies", "slots")
    await tx.run(
        statements["add_to_totals"],
        **{name: list(column) for name, column in zip(names, columns, strict=True)},
        changes=[change for _, change in changes],
    )


async def balances_of_order(tx: Tx, *, shop_id: int, order_id: int) -> dict[str, int]:
    """What each account holds for the order."""
    rows = await tx.all(statements["balances_of_order"], Balance, shop_id=shop_id, order_id=order_id)
    return {row.account: row.amount_minor for row in rows}


async def balances_of_orders(tx: Tx, *, shop_id: int, order_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """What each account holds for each of the orders, by order; an order without entries is left out."""
    rows = await tx.all(statements["balances_of_orders"], OrderBalance, shop_id=shop_id, order_ids=list(order_ids))
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for row in rows:
        found[row.order_id][row.account] = row.amount_minor
    return dict(found)


async def totals_of_seller(tx: Tx, *, shop_id: int, currency: str) -> dict[str, int]:
    """What the shop has, as positive amounts: `seller_pending` (not yet settled) and `seller_available`, which may be owed."""
    rows = await tx.all(statements["totals_of_seller"], Total, shop_id=shop_id)
    owned = {row.account: -row.amount_minor for row in rows if row.currency == currency}
    return {"seller_pending": 0, "seller_available": 0} | owned


async def totals_of_wallet(tx: Tx, *, owner_id: int, currency: str) -> dict[str, int]:
    """What the person has, as positive amounts: `buyer_wallet` (to spend) and `wallet_held` (set aside)."""
    rows = await tx.all(statements["totals_of_wallet"], Total, buyer_id=owner_id)
    owned = {row.account: -row.amount_minor for row in rows if row.currency == currency}
    return {"buyer_wallet": 0, "wallet_held": 0} | owned


async def lock_available(tx: Tx, *, shop_id: int, currency: str) -> int:
    """What the seller can be paid (negative: owes), locked until the transaction ends; take this lock last."""
    return -(await tx.value(statements["lock_available"], int, shop_id=shop_id, currency=currency) or 0)


async def entries_of_order(tx: Tx, *, shop_id: int, order_id: int) -> list[WrittenEntry]:
    """Every entry about the order, oldest first."""
    return await tx.all(statements["entries_of_order"], WrittenEntry, shop_id=shop_id, order_id=order_id)


@dataclass(frozen=True, slots=True)
class WalletEntry:
    """One movement of a wallet, amounts positive where more is the owner's, with what there was after it."""

    id: int
    cause: str
    reference_id: int | None
    at: datetime
    amount_minor: int
    held_minor: int
    available_after_minor: int
    held_after_minor: int


@dataclass(frozen=True, slots=True)
class Available:
    """What can be spent from a wallet."""

    owner_id: int
    available_minor: int


async def lock_wallets(tx: Tx, *, owner_ids: Sequence[int], currency: str) -> dict[int, int]:
    """What each can spend from the wallet, locked until the transaction ends; after orders and stock, before counters."""
    rows = await tx.all(statements["lock_wallets"], Available, buyer_ids=list(owner_ids), currency=currency)
    return dict.fromkeys(owner_ids, 0) | {row.owner_id: row.available_minor for row in rows}


async def lock_wallet(tx: Tx, *, owner_id: int, currency: str) -> int:
    """As `lock_wallets`, for one."""
    return (await lock_wallets(tx, owner_ids=[owner_id], currency=currency))[owner_id]


async def entries_of_wallet(
    tx: Tx, *, owner_id: int, currency: str, before: int = ID_MAX, limit: int = 30
) -> list[WalletEntry]:
    """What went in and out of the person's wallet before a position, newest first, with running balances."""
    return await tx.all(
        statements["entries_of_wallet"],
        WalletEntry,
        buyer_id=owner_id,
        currency=currency,
        before=before,
        limit=limit,
    )
