"""Taking money out of a wallet: it is set aside at once, approved with a payout batch, and leaves when the bank has it."""

from datetime import datetime

from etalase.commerce.ledger import wallets
from etalase.commerce.ledger.errors import WalletShort
from etalase.commerce.ledger.queries import lock_wallet
from etalase.commerce.ledger.wallets import Movement
from etalase.commerce.wallet import queries, rules
from etalase.commerce.wallet.errors import AccountMissing, CoolingOff, StepNotAllowed
from etalase.commerce.wallet.facts import WithdrawalMoved, WithdrawalRequested
from etalase.commerce.wallet.queries import BankAccount
from etalase.commerce.wallet.rules import AccountState, Withdrawal, WithdrawalState
from etalase.foundation import clock
from etalase.foundation.facts import Actor, record
from etalase.foundation.facts.model import SYSTEM
from etalase.foundation.ids import PLATFORM, new_id
from etalase.foundation.policies.queries import load_book
from etalase.foundation.policies.rules import PolicyBook
from etalase.foundation.sql import Db, Tx

REASON_CHARS_MAX = 200


async def request(db: Db, *, buyer_id: int, amount_minor: int, key: str) -> Withdrawal:
    """Ask for money at the bank; it is set aside. A repeated key answers the first request.

    Raises AmountNotAllowed, AccountMissing, CoolingOff, WalletShort.
    """
    at = clock.now()
    async with db.for_buyer(buyer_id).transaction() as tx:
        await queries.open_wallet(tx, buyer_id=buyer_id, at=at)
        before = await queries.withdrawal_by_key(tx, buyer_id=buyer_id, request_key=key)
        if before is not None:
            return before
        book = await load_book(tx)
        rules.check_bounds(amount_minor, book.find("withdrawal.bounds").value)
        account = await _account(tx, book, buyer_id=buyer_id, at=at)
        if await lock_wallet(tx, owner_id=buyer_id, currency=rules.CURRENCY) < amount_minor:
            raise WalletShort
        made = _withdrawal(account, book, amount_minor=amount_minor, key=key, at=at)
        await queries.insert_withdrawal(tx, made)
        await wallets.hold(tx, _movement(made, at=at))
        fact = WithdrawalRequested(
            shop_id=PLATFORM, subject_id=made.id, buyer_id=buyer_id, amount_minor=amount_minor, currency=made.currency
        )
        await record(tx, fact, by=Actor.buyer(buyer_id), at=at)
        return made


async def _account(tx: Tx, book: PolicyBook, *, buyer_id: int, at: datetime) -> BankAccount:
    known = await queries.accounts(tx, buyer_id=buyer_id)
    account = next((one for one in known if one.state is AccountState.VERIFIED), None)
    if account is None or account.usable_from is None:
        raise AccountMissing
    person = await queries.owner(tx, buyer_id=buyer_id)
    hours = int(book.find("withdrawal.cooling_off").value)
    until = rules.cool_from(
        usable_from=account.usable_from, password_changed_at=person.password_changed_at, hours=hours
    )  # fmt: skip
    if at < until:
        raise CoolingOff(until)
    return account


def _withdrawal(account: BankAccount, book: PolicyBook, *, amount_minor: int, key: str, at: datetime) -> Withdrawal:
    state = WithdrawalState.REQUESTED
    return Withdrawal(
        buyer_id=account.buyer_id, id=new_id(), request_key=key, state=state, currency=rules.CURRENCY,
        amount_minor=amount_minor, fee_minor=int(book.find("withdrawal.fee").value), bank=account.bank,
        number=account.number, holder=account.holder, batch_id=None, requested_at=at,
        due_at=rules.due_of(state, at, book), approved_at=None, ended_at=None, failure="",
    )  # fmt: skip


def _movement(one: Withdrawal, *, at: datetime) -> Movement:
    return Movement(
        owner_id=one.buyer_id, currency=one.currency, amount_minor=one.amount_minor, at=at, reference_id=one.id
    )  # fmt: skip


async def take_back(db: Db, *, buyer_id: int, withdrawal_id: int) -> None:
    """The owner does not want it after all; raises StepNotAllowed once it is approved."""
    await move(
        db, buyer_id=buyer_id, withdrawal_id=withdrawal_id, to=WithdrawalState.WITHDRAWN, by=Actor.buyer(buyer_id)
    )  # fmt: skip


async def move(
    db: Db, *, buyer_id: int, withdrawal_id: int, to: WithdrawalState, by: Actor, reason: str = ""
) -> None:  # fmt: skip
    """Take the next step; what does not reach the bank is back in the wallet. Raises StepNotAllowed, also for a repeat."""
    async with db.for_buyer(buyer_id).transaction() as tx:
        if not await move_in(tx, buyer_id=buyer_id, withdrawal_id=withdrawal_id, to=to, by=by, reason=reason):
            raise StepNotAllowed


async def move_in(
    tx: Tx, *, buyer_id: int, withdrawal_id: int, to: WithdrawalState, by: Actor, reason: str = ""
) -> bool:  # fmt: skip
    """As `move`, inside a transaction; false if the step can't be taken from where it stands."""
    at, failure = clock.now(), reason.strip()[:REASON_CHARS_MAX]
    one = await queries.withdrawal(tx, buyer_id=buyer_id, withdrawal_id=withdrawal_id)
    if one is None:
        return False
    due_at = rules.due_of(to, at, await load_book(tx))
    before = await queries.move_withdrawal(tx, one, to=to, due_at=due_at, at=at, failure=failure)
    if before is None:
        return False
    await _post(tx, one, before, to=to, at=at)
    fact = WithdrawalMoved(
        shop_id=PLATFORM, subject_id=one.id, buyer_id=buyer_id, state=to, amount_minor=one.amount_minor,
        currency=one.currency, failure=failure,
    )  # fmt: skip
    await record(tx, fact, by=by, at=at)
    return True


async def _post(tx: Tx, one: Withdrawal, before: WithdrawalState, *, to: WithdrawalState, at: datetime) -> None:
    moved = _movement(one, at=at)
    if to is WithdrawalState.PAID:
        await wallets.withdraw(tx, moved, fee_minor=one.fee_minor)
    elif before is WithdrawalState.PAID:
        await wallets.withdrawal_returned(tx, moved, fee_minor=one.fee_minor)
    elif to is not WithdrawalState.APPROVED:
        await wallets.release(tx, moved)


async def run_out(db: Db) -> int:
    """What becomes of withdrawals whose time is over, for a worker; returns how many moved."""
    async with db.any().reading() as tx:
        over = await queries.withdrawals_over(tx, at=clock.now())
    moved = 0
    for one in over:
        to = rules.DEFAULTS[one.state]
        reason = rules.NOT_APPROVED if to is WithdrawalState.REFUSED else ""
        async with db.for_buyer(one.buyer_id).transaction() as tx:
            moved += await move_in(
                tx, buyer_id=one.buyer_id, withdrawal_id=one.id, to=to, by=SYSTEM, reason=reason
            )  # fmt: skip
    return moved
