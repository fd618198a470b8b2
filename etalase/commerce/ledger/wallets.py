"""The verbs of wallets. To the ledger a wallet is a provider like others, whose money is owed to persons.

What a wallet pays for an order passes the providers' account, where the order's `capture` and `refund` find it. No verb can
overdraw: the transaction ends with WalletShort. Who must know before locks with `queries.lock_wallet`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from etalase.commerce.ledger.posting import post
from etalase.commerce.ledger.rules import Account, Cause, Entry, Posting, moved
from etalase.foundation.sql import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """Money of one wallet; `reference_id` is the payment, refund or withdrawal that it moves for."""

    owner_id: int
    currency: str
    amount_minor: int
    at: datetime
    reference_id: int | None = None


def _between(cause: Cause, one: Movement, *, taken_from: Account, put_to: Account) -> Posting:
    """The posting of money that goes from one account to the other; a wallet's is its owner's."""
    owned = {"wallet_held", "buyer_wallet"}
    entries = moved(
        taken_from=taken_from,
        put_to=put_to,
        amount_minor=one.amount_minor,
        from_owner=one.owner_id if taken_from in owned else 0,
        to_owner=one.owner_id if put_to in owned else 0,
    )
    return Posting(
        cause=cause, currency=one.currency, entries=entries, at=one.at, reference_id=one.reference_id
    )  # fmt: skip


async def top_up(tx: Tx, one: Movement) -> None:
    """A buyer's money came in for the wallet."""
    await post(tx, _between("wallet top-up", one, taken_from="buyer_wallet", put_to="provider_clearing"))


async def credit(
    tx: Tx, one: Movement, *, source: Literal["provider_clearing", "subsidy"] = "provider_clearing"
) -> None:
    """Put money in: a refund (the order's `refund` is posted besides), or a gift of the platform (`subsidy`)."""
    await post(tx, _between("wallet credit", one, taken_from="buyer_wallet", put_to=source))


async def debit(tx: Tx, one: Movement, *, is_held: bool = False) -> None:
    """Take money out, or out of what is set aside, to pay; the orders' `capture` is posted besides."""
    put_to: Account = "wallet_held" if is_held else "buyer_wallet"
    await post(tx, _between("wallet debit", one, taken_from="provider_clearing", put_to=put_to))


async def hold(tx: Tx, *movements: Movement) -> None:
    """Set money aside, in any number of wallets."""
    await post(
        tx, *(_between("wallet hold", one, taken_from="wallet_held", put_to="buyer_wallet") for one in movements)
    )


async def release(tx: Tx, one: Movement) -> None:
    """What was set aside can be spent again."""
    await post(tx, _between("wallet release", one, taken_from="buyer_wallet", put_to="wallet_held"))


async def withdraw(tx: Tx, one: Movement, *, fee_minor: int) -> None:
    """What was set aside left the bank, less our fee."""
    await post(tx, _withdrawal("wallet withdrawal", one, account="wallet_held", fee_minor=fee_minor))


async def withdrawal_returned(tx: Tx, one: Movement, *, fee_minor: int) -> None:
    """The bank sent it back: all of it, the fee too, can be spent again."""
    back = _withdrawal("withdrawal returned", one, account="buyer_wallet", fee_minor=fee_minor)
    entries = tuple(Entry(entry.account, -entry.amount_minor, entry.owner_id) for entry in back.entries)
    await post(
        tx,
        Posting(cause=back.cause, currency=back.currency, entries=entries, at=back.at, reference_id=back.reference_id),
    )


def _withdrawal(cause: Cause, one: Movement, *, account: Account, fee_minor: int) -> Posting:
    entries = [
        Entry(account, one.amount_minor, one.owner_id),
        Entry("bank", fee_minor - one.amount_minor),
    ]
    if fee_minor:
        entries.append(Entry("platform_fee", -fee_minor))
    return Posting(
        cause=cause, currency=one.currency, entries=tuple(entries), at=one.at, reference_id=one.reference_id
    )  # fmt: skip
