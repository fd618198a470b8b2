"""What can be asked of refunds by hand."""

from collections.abc import Sequence

from etalase.commerce.payments.by_hand.rules import GivenAccount
from etalase.commerce.payments.rules import Refund, RefundState
from etalase.foundation.sql import Tx, statements_beside

statements = statements_beside(__file__)


async def keep_account(tx: Tx, account: GivenAccount) -> None:
    """Keep where the money is to go; the last word counts."""
    await tx.run(
        statements["keep_account"],
        buyer_id=account.buyer_id,
        refund_id=account.refund_id,
        bank=account.bank,
        holder=account.holder,
        number_sealed=account.number_sealed,
        number_end=account.number_end,
        at=account.given_at,
    )


async def accounts_of_refunds(tx: Tx, refunds: Sequence[Refund]) -> dict[int, GivenAccount]:
    """Where the money of these refunds is to go, by refund; those without a word are left out."""
    found = await tx.all(
        statements["accounts_of_refunds"],
        GivenAccount,
        buyer_ids=[refund.buyer_id for refund in refunds],
        refund_ids=[refund.id for refund in refunds],
    )
    return {account.refund_id: account for account in found}


async def lock_refund(tx: Tx, *, buyer_id: int, refund_id: int) -> RefundState | None:
    """The refund's state, locked; none if the buyer has no such refund."""
    state = await tx.value(statements["lock_refund"], str, buyer_id=buyer_id, refund_id=refund_id)
    return None if state is None else RefundState(state)


async def refunds_of_purchase(tx: Tx, *, buyer_id: int, purchase_id: int) -> list[Refund]:
    """Money going back for a purchase that belongs to none of its orders, oldest first."""
    return await tx.all(statements["refunds_of_purchase"], Refund, buyer_id=buyer_id, purchase_id=purchase_id)
