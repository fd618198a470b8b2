"""What can be asked of wallets, the bank accounts beside them, and withdrawals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from etalase.commerce.accounts.banks import BankDetails
from etalase.commerce.payments.rules import PaymentState
from etalase.commerce.wallet.rules import (
    ACCOUNT_MOVES,
    CODE_TRIES_MAX,
    WITHDRAWAL_MOVES,
    AccountState,
    Withdrawal,
    WithdrawalState,
    sources_of,
)
from etalase.foundation.ids import ID_MAX, new_id
from etalase.foundation.sql import Tx, statements_beside

statements = statements_beside(__file__)


@dataclass(frozen=True, slots=True)
class Owner:
    """The person whose wallet it is."""

    id: int
    name: str
    email: str | None
    locale: str
    password_changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class BankAccount:
    """Where a person withdraws to."""

    buyer_id: int
    id: int
    state: AccountState
    bank: str
    number: str
    holder: str
    entered_at: datetime
    code_until: datetime | None
    tries: int
    verified_at: datetime | None
    usable_from: datetime | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", AccountState(self.state))


@dataclass(frozen=True, slots=True)
class TopUp:
    """Money for a wallet, awaited or here."""

    id: int
    purchase_id: int
    method: str
    state: PaymentState
    amount_minor: int
    fee_minor: int
    currency: str
    expires_at: datetime | None
    started_at: datetime
    paid_at: datetime | None

    @property
    def into_minor(self) -> int:
        """What the wallet gets."""
        return self.amount_minor - self.fee_minor


@dataclass(frozen=True, slots=True)
class PaymentKey:
    """Which payment it is."""

    buyer_id: int
    id: int


async def open_wallet(tx: Tx, *, buyer_id: int, at: datetime) -> None:
    """Lock the wallet until the transaction ends, so that what may be put in or taken out is decided one after the other."""
    await tx.run(statements["open_wallet"], buyer_id=buyer_id, at=at)


async def is_verified(tx: Tx, *, buyer_id: int) -> bool:
    """Whether the owner has a confirmed bank account."""
    return bool(await tx.value(statements["is_verified"], bool, buyer_id=buyer_id))


async def pending_top_ups(tx: Tx, *, buyer_id: int, currency: str) -> int:
    """What is still awaited for the wallet."""
    return await tx.value(statements["pending_top_ups"], int, buyer_id=buyer_id, currency=currency) or 0


async def top_ups(tx: Tx, *, buyer_id: int, before: int = ID_MAX, limit: int = 10) -> list[TopUp]:
    """What was put in or is awaited, newest first."""
    return await tx.all(statements["top_ups"], TopUp, buyer_id=buyer_id, before=before, limit=limit)


async def top_ups_over(tx: Tx, *, at: datetime) -> list[PaymentKey]:
    """Awaited money whose time is over, of all owners."""
    return await tx.all(statements["top_ups_over"], PaymentKey, at=at)


async def owner(tx: Tx, *, buyer_id: int) -> Owner:
    """Whose wallet it is; raises LookupError for nobody."""
    return await tx.one(statements["owner"], Owner, buyer_id=buyer_id)


async def enter_account(tx: Tx, details: BankDetails, *, buyer_id: int, at: datetime) -> int:
    """Write a new account to be verified; one that waited before is replaced. Returns its id."""
    account_id = new_id()
    await tx.run(statements["replace_accounts"], buyer_id=buyer_id, state=AccountState.ENTERED, but=account_id)
    await tx.run(
        statements["insert_account"], buyer_id=buyer_id, id=account_id, bank=details.bank, number=details.number,
        holder=details.holder, at=at,
    )  # fmt: skip
    return account_id


async def accounts(tx: Tx, *, buyer_id: int) -> list[BankAccount]:
    """The account that is verified and the one that waits to be, newest first."""
    return await tx.all(statements["accounts"], BankAccount, buyer_id=buyer_id)


async def keep_code(tx: Tx, *, buyer_id: int, account_id: int, code_hash: bytes, until: datetime) -> bool:
    """Keep what the mailed code hashes to; false if the account waits for none."""
    keys = {"buyer_id": buyer_id, "account_id": account_id, "tries_max": CODE_TRIES_MAX}
    return await tx.run(statements["keep_code"], **keys, code_hash=code_hash, until=until) == 1


async def try_code(tx: Tx, *, buyer_id: int, account_id: int, at: datetime) -> bytes | None:
    """Count a try; what the code hashes to, or none if there is none to guess."""
    keys = {"buyer_id": buyer_id, "account_id": account_id, "tries_max": CODE_TRIES_MAX}
    return await tx.value(statements["try_code"], bytes, **keys, at=at)


async def verify_account(
    tx: Tx, *, buyer_id: int, account_id: int, usable_from: datetime, at: datetime
) -> str | None:  # fmt: skip
    """Let this account be the one; its bank, or none if it waited no more."""
    await tx.run(statements["replace_accounts"], buyer_id=buyer_id, state=AccountState.VERIFIED, but=account_id)
    sources = sources_of(ACCOUNT_MOVES, AccountState.VERIFIED)
    return await tx.value(
        statements["verify_account"], str, buyer_id=buyer_id, account_id=account_id, usable_from=usable_from, at=at,
        sources=sources,
    )  # fmt: skip


async def insert_withdrawal(tx: Tx, one: Withdrawal) -> bool:
    """Write a request; false if its key was used."""
    return await tx.run(
        statements["insert_withdrawal"], buyer_id=one.buyer_id, id=one.id, request_key=one.request_key,
        currency=one.currency, amount_minor=one.amount_minor, fee_minor=one.fee_minor, bank=one.bank, number=one.number,
        holder=one.holder, at=one.requested_at, due_at=one.due_at,
    ) == 1  # fmt: skip


async def withdrawal_by_key(tx: Tx, *, buyer_id: int, request_key: str) -> Withdrawal | None:
    """What this request made before."""
    return await tx.maybe(statements["withdrawal_by_key"], Withdrawal, buyer_id=buyer_id, request_key=request_key)


async def withdrawal(tx: Tx, *, buyer_id: int, withdrawal_id: int) -> Withdrawal | None:
    """The owner's withdrawal."""
    return await tx.maybe(statements["withdrawal"], Withdrawal, buyer_id=buyer_id, withdrawal_id=withdrawal_id)


async def withdrawals_of_buyer(tx: Tx, *, buyer_id: int, before: int = ID_MAX, limit: int = 10) -> list[Withdrawal]:
    """The owner's withdrawals, newest first."""
    return await tx.all(statements["withdrawals_of_buyer"], Withdrawal, buyer_id=buyer_id, before=before, limit=limit)


async def withdrawals_waiting(tx: Tx) -> list[Withdrawal]:
    """What is asked for and in no batch, of all owners, the longest waiting first."""
    return await tx.all(statements["withdrawals_waiting"], Withdrawal)


async def withdrawals_over(tx: Tx, *, at: datetime) -> list[Withdrawal]:
    """Withdrawals of all owners whose time is over."""
    return await tx.all(statements["withdrawals_over"], Withdrawal, at=at)


async def withdrawals_of_batch(tx: Tx, *, batch_id: int) -> list[Withdrawal]:
    """The withdrawals of a payout batch."""
    return await tx.all(statements["withdrawals_of_batch"], Withdrawal, batch_id=batch_id)


async def put_in_batch(tx: Tx, *, batch_id: int, currency: str) -> int:
    """Put everything that is asked for into a batch; returns how many they are."""
    return await tx.run(statements["put_in_batch"], batch_id=batch_id, currency=currency)


async def take_out_of_batch(tx: Tx, *, batch_id: int) -> None:
    """Let what was not approved wait for the next batch."""
    await tx.run(statements["take_out_of_batch"], batch_id=batch_id)


async def move_withdrawal(
    tx: Tx, one: Withdrawal, *, to: WithdrawalState, due_at: datetime | None, at: datetime, failure: str = ""
) -> WithdrawalState | None:
    """Take the next step; where it stood, or none if it can't be taken from there."""
    sources: Sequence[WithdrawalState] = sources_of(WITHDRAWAL_MOVES, to)
    before = await tx.value(
        statements["move_withdrawal"], str, buyer_id=one.buyer_id, withdrawal_id=one.id, to=to, due_at=due_at, at=at,
        failure=failure, sources=sources,
    )  # fmt: skip
    return WithdrawalState(before) if before is not None else None
