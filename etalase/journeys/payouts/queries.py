"""What can be asked of payouts and the accounts they go to."""

from dataclasses import dataclass
from datetime import datetime

from etalase.commerce.accounts.banks import BankDetails
from etalase.foundation.ids import new_id
from etalase.foundation.sql import Tx, statements_beside
from etalase.journeys.payouts.rules import (
    ACCOUNT_MOVES,
    BATCH_MOVES,
    PAYOUT_MOVES,
    BankAccountState,
    BatchState,
    PayoutState,
    sources_of,
)

statements = statements_beside(__file__)
PAYOUTS_MAX = 500
"""Payouts of one batch; the rest are in the next one."""


@dataclass(frozen=True, slots=True)
class BankAccount:
    """Where a seller wants to be paid."""

    shop_id: int
    id: int
    state: BankAccountState
    bank: str
    number: str
    holder: str
    entered_at: datetime
    decided_at: datetime | None
    usable_from: datetime | None
    refusal: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", BankAccountState(self.state))


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch with what its payouts come to."""

    id: int
    state: BatchState
    proposed_at: datetime
    approved_at: datetime | None
    ended_at: datetime | None
    payouts: int
    amount_minor: int
    on_the_way: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", BatchState(self.state))


@dataclass(frozen=True, slots=True)
class Payout:
    """A transfer to a seller."""

    shop_id: int
    id: int
    batch_id: int
    state: PayoutState
    currency: str
    amount_minor: int
    bank: str
    number: str
    holder: str
    proposed_at: datetime
    approved_at: datetime | None
    paid_at: datetime | None
    ended_at: datetime | None
    failure: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", PayoutState(self.state))


async def enter_account(tx: Tx, details: BankDetails, *, shop_id: int, by: int, at: datetime) -> int:
    """Write a new account to be verified; one that waited before is replaced. Returns its id."""
    account_id = new_id()
    await tx.run(statements["replace_entered"], shop_id=shop_id)
    await tx.run(
        statements["insert_account"], shop_id=shop_id, id=account_id, bank=details.bank, number=details.number,
        holder=details.holder, entered_by=by, at=at,
    )  # fmt: skip
    return account_id


async def accounts_of_shop(tx: Tx, *, shop_id: int) -> list[BankAccount]:
    """The shop's accounts, newest first."""
    return await tx.all(statements["accounts_of_shop"], BankAccount, shop_id=shop_id)


async def accounts_to_verify(tx: Tx) -> list[BankAccount]:
    """Accounts of all shops that wait for the operator."""
    return await tx.all(statements["accounts_to_verify"], BankAccount)


async def replace_verified(tx: Tx, *, shop_id: int, but: int) -> bool:
    """Take the account out of use that was paid to; whether there was one."""
    return await tx.value(statements["replace_verified"], int, shop_id=shop_id, account_id=but) is not None


async def has_had_account(tx: Tx, *, shop_id: int, but: int) -> bool:
    """Whether another account of the shop was ever verified."""
    return bool(await tx.value(statements["has_had_account"], bool, shop_id=shop_id, account_id=but))


async def decide_account(
    tx: Tx,
    *,
    shop_id: int,
    account_id: int,
    to: BankAccountState,
    by: int | None,
    usable_from: datetime | None,
    refusal: str,
    at: datetime,
) -> bool:
    """Verify or refuse; false if it was decided or replaced."""
    return await tx.run(
        statements["decide_account"], shop_id=shop_id, account_id=account_id, to=to, by=by, at=at, usable_from=usable_from,
        refusal=refusal, sources=sources_of(ACCOUNT_MOVES, to),
    ) == 1  # fmt: skip


async def insert_batch(tx: Tx, *, batch_id: int, by: int | None, at: datetime) -> bool:
    """Begin a batch; false while another one waits for approval."""
    return await tx.run(statements["insert_batch"], id=batch_id, by=by, at=at) == 1


async def propose_payouts(tx: Tx, *, batch_id: int, currency: str, minimum_minor: int, at: datetime) -> int:
    """Fill the batch with every seller who can be paid; returns how many they are."""
    return await tx.run(
        statements["propose_payouts"], batch_id=batch_id, first_id=batch_id, currency=currency, minimum_minor=minimum_minor, at=at
    )  # fmt: skip


async def batches(tx: Tx) -> list[Batch]:
    """Batches, newest first."""
    return await tx.all(statements["batches"], Batch)


async def payouts_of_batch(tx: Tx, *, batch_id: int) -> list[Payout]:
    """The payouts of a batch."""
    return await tx.all(statements["payouts_of_batch"], Payout, batch_id=batch_id)


async def payouts_of_shop(tx: Tx, *, shop_id: int) -> list[Payout]:
    """The shop's payouts, newest first."""
    return await tx.all(statements["payouts_of_shop"], Payout, shop_id=shop_id)


async def payouts_before(
    tx: Tx, *, shop_id: int, before: int, span: tuple[datetime, datetime], limit: int
) -> list[Payout]:  # fmt: skip
    """The shop's payouts that were proposed in a span of time, newest first, below an id."""
    since, until = span
    return await tx.all(
        statements["payouts_before"], Payout, shop_id=shop_id, before=before, since=since, until=until, limit=limit
    )


async def payout(tx: Tx, *, shop_id: int, payout_id: int) -> Payout | None:
    """One payout."""
    return await tx.maybe(statements["payout"], Payout, shop_id=shop_id, payout_id=payout_id)


async def move_batch(tx: Tx, *, batch_id: int, to: BatchState, by: int | None, at: datetime) -> bool:
    """Take the batch's next step; false if it can't be taken from where it stands."""
    sources = sources_of(BATCH_MOVES, to)
    return await tx.run(statements["move_batch"], batch_id=batch_id, to=to, by=by, at=at, sources=sources) == 1


async def move_payout(
    tx: Tx, *, shop_id: int, payout_id: int, to: PayoutState, at: datetime, failure: str = ""
) -> PayoutState | None:
    """Take the payout's next step; where it stood, or none if it can't be taken from there."""
    before = await tx.value(
        statements["move_payout"], str, shop_id=shop_id, payout_id=payout_id, to=to, at=at, failure=failure,
        sources=sources_of(PAYOUT_MOVES, to),
    )  # fmt: skip
    return PayoutState(before) if before is not None else None


async def close_batch(tx: Tx, *, batch_id: int, at: datetime) -> None:
    """Close the batch if nothing of it is on its way any more."""
    await tx.run(statements["close_batch"], batch_id=batch_id, at=at)
