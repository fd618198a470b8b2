"""The verbs of payouts. The ledger moves with each step; what came back is the seller's again."""

from typing import Literal

from etalase.commerce.accounts.banks import BankDetails, cleaned, problems
from etalase.commerce.ledger import actions as ledger
from etalase.commerce.ledger import queries as ledger_queries
from etalase.commerce.wallet import queries as withdrawals
from etalase.commerce.wallet import withdrawing
from etalase.commerce.wallet.rules import WithdrawalState
from etalase.foundation import clock
from etalase.foundation.facts import Actor, record
from etalase.foundation.ids import PLATFORM, new_id
from etalase.foundation.policies.queries import load_book
from etalase.foundation.sql import Db, Tx
from etalase.journeys.payouts import queries, rules
from etalase.journeys.payouts.errors import DetailsNotValid, NotTheOwner, StepNotAllowed
from etalase.journeys.payouts.facts import (
    BankAccountDecided,
    BankAccountEntered,
    PayoutApproved,
    PayoutPaid,
    PayoutReturned,
    PayoutsProposed,
)
from etalase.journeys.payouts.queries import Payout
from etalase.journeys.payouts.rules import BankAccountState, BatchState, PayoutState

REASON_CHARS_MAX = 200


async def enter_account(db: Db, details: BankDetails, *, shop_id: int, role: str, by: Actor) -> int:
    """Name where the shop wants to be paid; the operator verifies it. Raises NotTheOwner and DetailsNotValid.

    Until then payouts go to the account verified before.
    """
    if role != "owner":
        raise NotTheOwner
    entered = cleaned(details)
    if wrong := problems(entered):
        raise DetailsNotValid(wrong)
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        account_id = await queries.enter_account(tx, entered, shop_id=shop_id, by=by.id or 0, at=at)
        await record(tx, BankAccountEntered(shop_id=shop_id, subject_id=account_id, bank=entered.bank), by=by, at=at)
    return account_id


async def verify_account(db: Db, *, shop_id: int, account_id: int, by: Actor) -> None:
    """The operator has seen that the account is the seller's; a change cools off. Raises StepNotAllowed."""
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        book = await load_book(tx)
        is_first = not await queries.has_had_account(tx, shop_id=shop_id, but=account_id)
        await queries.replace_verified(tx, shop_id=shop_id, but=account_id)
        usable_from = rules.usable_from(
            verified_at=at, is_first=is_first, cooling_hours=int(book.find("payout.cooling_off", shop_id).value)
        )
        is_decided = await queries.decide_account(
            tx, shop_id=shop_id, account_id=account_id, to=BankAccountState.VERIFIED, by=by.id, usable_from=usable_from,
            refusal="", at=at,
        )  # fmt: skip
        if not is_decided:
            raise StepNotAllowed
        fact = BankAccountDecided(shop_id=shop_id, subject_id=account_id, is_verified=True, refusal="")
        await record(tx, fact, by=by, at=at)


async def refuse_account(db: Db, *, shop_id: int, account_id: int, reason: str, by: Actor) -> None:
    """The account is not the seller's, or does not exist; the one before stays. Raises StepNotAllowed."""
    at, refusal = clock.now(), reason.strip()[:REASON_CHARS_MAX]
    async with db.for_shop(shop_id).transaction() as tx:
        is_decided = await queries.decide_account(
            tx, shop_id=shop_id, account_id=account_id, to=BankAccountState.REFUSED, by=by.id, usable_from=None,
            refusal=refusal, at=at,
        )  # fmt: skip
        if not is_decided:
            raise StepNotAllowed
        fact = BankAccountDecided(shop_id=shop_id, subject_id=account_id, is_verified=False, refusal=refusal)
        await record(tx, fact, by=by, at=at)


async def propose_batch(db: Db, *, currency: str, by: Actor) -> int | None:
    """Put every seller who can be paid, and every withdrawal from a wallet, into a batch for approval; none if nobody can. Raises StepNotAllowed while one waits."""
    at, batch_id = clock.now(), new_id()
    async with db.any().transaction() as tx:
        minimum = int((await load_book(tx)).find("payout.minimum").value)
        if not await queries.insert_batch(tx, batch_id=batch_id, by=by.id, at=at):
            raise StepNotAllowed
        found = await queries.propose_payouts(
            tx, batch_id=batch_id, currency=currency, minimum_minor=minimum, at=at
        )  # fmt: skip
        found += await withdrawals.put_in_batch(tx, batch_id=batch_id, currency=currency)
        if not found:
            await queries.move_batch(tx, batch_id=batch_id, to=BatchState.DROPPED, by=by.id, at=at)
            return None
        await record(tx, PayoutsProposed(shop_id=PLATFORM, subject_id=batch_id, payouts=found), by=by, at=at)
    return batch_id


async def drop_batch(db: Db, *, batch_id: int, by: Actor) -> None:
    """Do not pay this batch after all. Raises StepNotAllowed."""
    at = clock.now()
    async with db.any().transaction() as tx:
        if not await queries.move_batch(tx, batch_id=batch_id, to=BatchState.DROPPED, by=by.id, at=at):
            raise StepNotAllowed
        for payout in await queries.payouts_of_batch(tx, batch_id=batch_id):
            await queries.move_payout(
                tx, shop_id=payout.shop_id, payout_id=payout.id, to=PayoutState.DROPPED, at=at
            )  # fmt: skip
        await withdrawals.take_out_of_batch(tx, batch_id=batch_id)


async def approve_batch(db: Db, *, batch_id: int, by: Actor) -> int:
    """Let the batch be paid: each seller's money is set aside. Raises StepNotAllowed.

    A seller who meanwhile has less than was proposed is left out; the next batch will see. Returns how many will be paid.
    """
    at, approved = clock.now(), 0
    async with db.any().transaction() as tx:
        if not await queries.move_batch(tx, batch_id=batch_id, to=BatchState.APPROVED, by=by.id, at=at):
            raise StepNotAllowed
        for payout in await queries.payouts_of_batch(tx, batch_id=batch_id):
            approved += await _approve(tx, payout, by=by)
        for one in await withdrawals.withdrawals_of_batch(tx, batch_id=batch_id):
            approved += await withdrawing.move_in(
                tx, buyer_id=one.buyer_id, withdrawal_id=one.id, to=WithdrawalState.APPROVED, by=by
            )
        await queries.close_batch(tx, batch_id=batch_id, at=at)
    return approved


async def _approve(tx: Tx, payout: Payout, *, by: Actor) -> bool:
    at = clock.now()
    shop_id, payout_id = payout.shop_id, payout.id
    available = await ledger_queries.lock_available(tx, shop_id=payout.shop_id, currency=payout.currency)
    if available < payout.amount_minor:
        await queries.move_payout(
            tx,
            shop_id=shop_id,
            payout_id=payout_id,
            to=PayoutState.DROPPED,
            at=at,
            failure="the balance fell meanwhile",
        )
        return False
    if await queries.move_payout(tx, shop_id=shop_id, payout_id=payout_id, to=PayoutState.APPROVED, at=at) is None:
        return False
    await ledger.payout(
        tx, shop_id=shop_id, payout_id=payout_id, currency=payout.currency, amount_minor=payout.amount_minor, at=at
    )
    fact = PayoutApproved(
        shop_id=payout.shop_id, subject_id=payout.id, amount_minor=payout.amount_minor, currency=payout.currency
    )
    await record(tx, fact, by=by, at=at)
    return True


async def end_payout(
    db: Db, *, shop_id: int, payout_id: int, to: Literal["paid", "returned"], by: Actor, reason: str = ""
) -> None:
    """The bank says that the transfer left, or came back. Raises StepNotAllowed, also for a repeat."""
    at, failure = clock.now(), reason.strip()[:REASON_CHARS_MAX]
    async with db.for_shop(shop_id).transaction() as tx:
        before = await queries.move_payout(
            tx, shop_id=shop_id, payout_id=payout_id, to=PayoutState(to), at=at, failure=failure
        )
        payout = await queries.payout(tx, shop_id=shop_id, payout_id=payout_id)
        if before is None or payout is None:
            raise StepNotAllowed
        await _post_end(tx, payout, was_paid=before is PayoutState.PAID)
        await queries.close_batch(tx, batch_id=payout.batch_id, at=at)
        amount = {"amount_minor": payout.amount_minor}
        about = {"shop_id": shop_id, "subject_id": payout_id, "currency": payout.currency}
        fact = PayoutPaid(**about, **amount) if to == "paid" else PayoutReturned(**about, **amount, failure=failure)  # type: ignore[arg-type]
        await record(tx, fact, by=by, at=at)


async def end_withdrawal(
    db: Db, *, buyer_id: int, withdrawal_id: int, to: WithdrawalState, by: Actor, reason: str = ""
) -> None:
    """What became of a withdrawal of a batch: refused before it is approved, paid, or failed. Raises StepNotAllowed."""
    async with db.for_buyer(buyer_id).transaction() as tx:
        if not await withdrawing.move_in(
            tx, buyer_id=buyer_id, withdrawal_id=withdrawal_id, to=to, by=by, reason=reason
        ):
            raise StepNotAllowed
        one = await withdrawals.withdrawal(tx, buyer_id=buyer_id, withdrawal_id=withdrawal_id)
        if one is not None and one.batch_id is not None:
            await queries.close_batch(tx, batch_id=one.batch_id, at=clock.now())


async def _post_end(tx: Tx, payout: Payout, *, was_paid: bool) -> None:
    at = clock.now()
    if payout.state is PayoutState.PAID:
        await ledger.payout_paid(
            tx, shop_id=payout.shop_id, currency=payout.currency, amount_minor=payout.amount_minor, payout_id=payout.id, at=at
        )  # fmt: skip
        return
    await ledger.payout_returned(
        tx, shop_id=payout.shop_id, currency=payout.currency, amount_minor=payout.amount_minor, payout_id=payout.id, at=at,
        was_paid=was_paid,
    )  # fmt: skip
