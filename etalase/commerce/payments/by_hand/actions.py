"""The verbs of refunds by hand."""

from etalase.commerce.ledger import actions as ledger
from etalase.commerce.payments import queries as payments
from etalase.commerce.payments.by_hand import queries, rules
from etalase.commerce.payments.by_hand.errors import AccountMissing, AccountNotValid, RefundNotByHand
from etalase.commerce.payments.by_hand.facts import RefundAccountGiven, RefundPaidByHand
from etalase.commerce.payments.by_hand.rules import BankAccount, GivenAccount
from etalase.commerce.payments.facts import RefundDone
from etalase.commerce.payments.rules import Refund, RefundState
from etalase.foundation import clock
from etalase.foundation.facts import Actor, Fact, record
from etalase.foundation.ids import PLATFORM
from etalase.foundation.sealing import seal, unseal
from etalase.foundation.sql import Db, Tx

PURPOSE = "refund account"


async def give_account(db: Db, account: BankAccount, *, buyer_id: int, refund_id: int, key: str) -> None:
    """The buyer says where a refund that no provider sends is to go; only its last digits stay readable.

    Raises AccountNotValid, and RefundNotByHand when the refund does not wait for it.
    """
    if wrong := rules.problems(account):
        raise AccountNotValid(list(wrong))
    at = clock.now()
    async with db.for_buyer(buyer_id).transaction() as tx:
        refund = await _waiting(tx, buyer_id=buyer_id, refund_id=refund_id)
        sealed = seal(key, purpose=PURPOSE, text=account.number)
        given = GivenAccount(buyer_id, refund_id, account.bank, account.holder, sealed, account.number_end, at)
        await queries.keep_account(tx, given)
        fact = RefundAccountGiven(
            shop_id=refund.shop_id or PLATFORM,
            subject_id=refund_id,
            order_id=refund.order_id,
            buyer_id=buyer_id,
            bank=account.bank,
            number_end=account.number_end,
        )
        await record(tx, fact, by=Actor.buyer(buyer_id), at=at)


def number_of(given: GivenAccount, *, key: str) -> str:
    """The whole number, for the operator who pays; raises NotReadable."""
    return unseal(key, purpose=PURPOSE, sealed=given.number_sealed)


async def pay_by_hand(db: Db, *, buyer_id: int, refund_id: int, reference: str, by: Actor) -> None:
    """The operator has transferred the money; raises RefundNotByHand (also when it was paid already), AccountMissing."""
    at = clock.now()
    async with db.for_buyer(buyer_id).transaction() as tx:
        refund = await _waiting(tx, buyer_id=buyer_id, refund_id=refund_id)
        if not await queries.accounts_of_refunds(tx, [refund]):
            raise AccountMissing
        await payments.move_refund(
            tx, buyer_id=buyer_id, refund_id=refund_id, to=RefundState.DONE, at=at, provider_reference=reference
        )
        # the provider still has the buyer's money; what left is the bank's
        await ledger.refund_by_hand(
            tx, currency=refund.currency, amount_minor=refund.amount_minor, at=at, reference_id=refund_id
        )
        for fact in _done_facts(refund, reference=reference):
            await record(tx, fact, by=by, at=at)


def _done_facts(refund: Refund, *, reference: str) -> tuple[Fact, ...]:
    shop_id, currency = refund.shop_id or PLATFORM, refund.currency
    return (
        RefundPaidByHand(
            shop_id=shop_id, subject_id=refund.id, order_id=refund.order_id, buyer_id=refund.buyer_id,
            amount_minor=refund.amount_minor, currency=currency, reference=reference,
        ),
        RefundDone(
            shop_id=shop_id, subject_id=refund.id, order_id=refund.order_id, buyer_id=refund.buyer_id,
            amount_minor=refund.amount_minor, currency=currency,
        ),
    )  # fmt: skip


async def _waiting(tx: Tx, *, buyer_id: int, refund_id: int) -> Refund:
    """The refund, locked, if no provider sends it."""
    await queries.lock_refund(tx, buyer_id=buyer_id, refund_id=refund_id)
    refund = await payments.refund(tx, buyer_id=buyer_id, refund_id=refund_id)
    if refund is None or not refund.needs_account:
        raise RefundNotByHand
    return refund
