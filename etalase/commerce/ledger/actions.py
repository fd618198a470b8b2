"""The verbs of the ledger, one for each event that moves money; each inside the transaction of what caused it.

Amounts are positive unless a verb says otherwise. The verbs about an order want the order locked. Those of wallets stand
in `wallets`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from etalase.commerce.ledger import queries
from etalase.commerce.ledger.posting import post
from etalase.commerce.ledger.rules import Account, Posting, moved, refunded, split
from etalase.foundation.sql import Tx

# -- an order's money: it arrives, is held, and is the seller's or the buyer's in the end


async def capture(
    tx: Tx, *, shop_id: int, order_id: int, currency: str, amount_minor: int, at: datetime, by_courier: bool = False
) -> None:
    """A buyer's money for an order arrived and is held."""
    # What the provider (or courier) owes us grows by what is held for the order.
    source: Account = "cod_receivable" if by_courier else "provider_clearing"
    entries = moved(taken_from="escrow", put_to=source, amount_minor=amount_minor)
    await post(
        tx, Posting(cause="capture", currency=currency, entries=entries, at=at, shop_id=shop_id, order_id=order_id)
    )


async def release(tx: Tx, *, shop_id: int, order_id: int, currency: str, at: datetime) -> int:
    """The order is completed: all that is held becomes the seller's, to be settled. Returns how much that was."""
    balances = await queries.balances_of_order(tx, shop_id=shop_id, order_id=order_id)
    held = max(0, -balances.get("escrow", 0))
    entries = moved(taken_from="seller_pending", put_to="escrow", amount_minor=held)
    await post(
        tx, Posting(cause="release", currency=currency, entries=entries, at=at, shop_id=shop_id, order_id=order_id)
    )
    return held


async def refund(
    tx: Tx,
    *,
    shop_id: int,
    order_id: int,
    currency: str,
    amount_minor: int,
    at: datetime,
    reference_id: int | None = None,
) -> None:
    """Money of an order goes back to the buyer: what is held first, then what the seller was credited (a clawback).

    What the seller was charged in proportion to the price comes back in that proportion. `reference_id` is the refund's.
    """
    balances = await queries.balances_of_order(tx, shop_id=shop_id, order_id=order_id)
    posting = Posting(
        cause="refund",
        currency=currency,
        entries=refunded(balances, amount_minor),
        at=at,
        shop_id=shop_id,
        order_id=order_id,
        reference_id=reference_id,
    )
    await post(tx, posting)


async def settle(
    tx: Tx, *, shop_id: int, currency: str, parts: Mapping[int, Mapping[Account, int]], at: datetime
) -> None:
    """What waited for each order (by id) is shared out: `seller_available` and what the seller is charged, by account."""
    postings = [
        Posting(
            cause="settlement",
            currency=currency,
            entries=split(from_account="seller_pending", parts=shares),
            at=at,
            shop_id=shop_id,
            order_id=order_id,
        )
        for order_id, shares in parts.items()
    ]
    await post(tx, *postings)


# -- what others add to an order's money, or take


async def subsidize(
    tx: Tx,
    *,
    shop_id: int,
    order_id: int,
    currency: str,
    amount_minor: int,
    at: datetime,
    reference_id: int | None = None,
) -> None:
    """The platform pays a part of the order's price; it is held with the buyer's money."""
    entries = moved(taken_from="escrow", put_to="subsidy", amount_minor=amount_minor)
    posting = Posting(
        cause="subsidy", currency=currency, entries=entries, at=at, shop_id=shop_id, order_id=order_id,
        reference_id=reference_id,
    )  # fmt: skip
    await post(tx, posting)


async def charge_insurance(
    tx: Tx, *, shop_id: int, order_id: int, currency: str, amount_minor: int, at: datetime
) -> None:
    """The premium in what is held for an order is the insurer's: the parcel is under way, the risk has begun."""
    entries = moved(taken_from="insurance", put_to="escrow", amount_minor=amount_minor)
    posting = Posting(
        cause="insurance premium", currency=currency, entries=entries, at=at, shop_id=shop_id, order_id=order_id
    )
    await post(tx, posting)


Bearer = Literal["buyer", "seller"]
_MADE_GOOD: Mapping[Bearer, Account] = {"buyer": "escrow", "seller": "seller_available"}


async def pay_insurance(
    tx: Tx,
    *,
    shop_id: int,
    order_id: int,
    currency: str,
    amount_minor: int,
    to: Bearer,
    at: datetime,
    reference_id: int | None = None,
) -> None:
    """The insurer makes good a loss to who bore it.

    To the buyer: the money is held for the order, and the refund that you approve in the same transaction takes it first.
    """
    entries = moved(taken_from=_MADE_GOOD[to], put_to="insurance", amount_minor=amount_minor)
    posting = Posting(
        cause="insurance claim", currency=currency, entries=entries, at=at, shop_id=shop_id, order_id=order_id,
        reference_id=reference_id,
    )  # fmt: skip
    await post(tx, posting)


async def compensate(
    tx: Tx,
    *,
    shop_id: int,
    order_id: int,
    currency: str,
    amount_minor: int,
    by: Literal["platform", "carrier"],
    to: Bearer,
    at: datetime,
    reference_id: int | None = None,
) -> None:
    """Platform or carrier makes good a loss to who bore it; to the buyer as `pay_insurance` does."""
    source: Account = "subsidy" if by == "platform" else "carrier_receivable"
    entries = moved(taken_from=_MADE_GOOD[to], put_to=source, amount_minor=amount_minor)
    posting = Posting(
        cause="compensation", currency=currency, entries=entries, at=at, shop_id=shop_id, order_id=order_id,
        reference_id=reference_id,
    )  # fmt: skip
    await post(tx, posting)


async def adjust(
    tx: Tx,
    *,
    shop_id: int,
    currency: str,
    amount_minor: int,
    at: datetime,
    reference_id: int,
    order_id: int | None = None,
) -> None:
    """The platform gives the seller (or takes, if negative) what a reason written elsewhere says."""
    entries = moved(taken_from="seller_available", put_to="subsidy", amount_minor=amount_minor)
    posting = Posting(
        cause="adjustment", currency=currency, entries=entries, at=at, shop_id=shop_id, order_id=order_id,
        reference_id=reference_id,
    )  # fmt: skip
    await post(tx, posting)


# -- sellers are paid


async def payout(tx: Tx, *, shop_id: int, currency: str, amount_minor: int, payout_id: int, at: datetime) -> None:
    """The seller's money is set aside for a transfer; check `queries.lock_available` before."""
    entries = moved(taken_from="payout_clearing", put_to="seller_available", amount_minor=amount_minor)
    await post(
        tx, Posting(cause="payout", currency=currency, entries=entries, at=at, shop_id=shop_id, reference_id=payout_id)
    )


async def payout_paid(tx: Tx, *, shop_id: int, currency: str, amount_minor: int, payout_id: int, at: datetime) -> None:
    """The transfer left the bank."""
    entries = moved(taken_from="bank", put_to="payout_clearing", amount_minor=amount_minor)
    posting = Posting(
        cause="payout paid", currency=currency, entries=entries, at=at, shop_id=shop_id, reference_id=payout_id
    )
    await post(tx, posting)


async def payout_returned(
    tx: Tx, *, shop_id: int, currency: str, amount_minor: int, payout_id: int, at: datetime, was_paid: bool
) -> None:
    """The transfer came back, or never left: the money is the seller's to be paid again."""
    source: Account = "bank" if was_paid else "payout_clearing"
    entries = moved(taken_from="seller_available", put_to=source, amount_minor=amount_minor)
    posting = Posting(
        cause="payout returned", currency=currency, entries=entries, at=at, shop_id=shop_id, reference_id=payout_id
    )
    await post(tx, posting)


# -- the platform's own: money no order is owed, and what providers take


async def capture_surplus(tx: Tx, *, currency: str, amount_minor: int, at: datetime) -> None:
    """Money arrived that no order is owed."""
    entries = moved(taken_from="surplus", put_to="provider_clearing", amount_minor=amount_minor)
    await post(tx, Posting(cause="surplus", currency=currency, entries=entries, at=at))


async def refund_surplus(
    tx: Tx, *, currency: str, amount_minor: int, at: datetime, reference_id: int | None = None
) -> None:
    """Such money goes back."""
    entries = moved(taken_from="provider_clearing", put_to="surplus", amount_minor=amount_minor)
    await post(
        tx, Posting(cause="surplus refund", currency=currency, entries=entries, at=at, reference_id=reference_id)
    )


async def use_surplus(
    tx: Tx, *, currency: str, amount_minor: int, at: datetime, reference_id: int | None = None
) -> None:
    """Money that was held until the rest came pays an order now: the order's capture counts it."""
    entries = moved(taken_from="provider_clearing", put_to="surplus", amount_minor=amount_minor)
    await post(tx, Posting(cause="parts used", currency=currency, entries=entries, at=at, reference_id=reference_id))


async def refund_by_hand(
    tx: Tx, *, currency: str, amount_minor: int, at: datetime, reference_id: int | None = None
) -> None:
    """A refund was paid from the bank: the provider that would not send it still owes us the money."""
    entries = moved(taken_from="bank", put_to="provider_clearing", amount_minor=amount_minor)
    await post(
        tx, Posting(cause="refund by hand", currency=currency, entries=entries, at=at, reference_id=reference_id)
    )


async def charge_method_fee(
    tx: Tx, *, currency: str, amount_minor: int, at: datetime, reference_id: int | None = None
) -> None:
    """The buyer paid for using a payment method; `reference_id` is the payment's."""
    entries = moved(taken_from="platform_fee", put_to="provider_clearing", amount_minor=amount_minor)
    await post(tx, Posting(cause="method fee", currency=currency, entries=entries, at=at, reference_id=reference_id))


async def capture_difference(
    tx: Tx, *, currency: str, amount_minor: int, at: datetime, reference_id: int | None = None
) -> None:
    """What arrived differs from what was owed, within what we tolerate: more (kept) or, negative, less (borne by us).

    The orders are captured in full besides.
    """
    entries = moved(taken_from="rounding", put_to="provider_clearing", amount_minor=amount_minor)
    await post(tx, Posting(cause="difference", currency=currency, entries=entries, at=at, reference_id=reference_id))


async def provider_fee(
    tx: Tx, *, currency: str, amount_minor: int, at: datetime, reference_id: int | None = None
) -> None:
    """A provider kept its fee from what it owes us; `reference_id` is the payment's."""
    entries = moved(taken_from="provider_clearing", put_to="provider_fee", amount_minor=amount_minor)
    await post(tx, Posting(cause="provider fee", currency=currency, entries=entries, at=at, reference_id=reference_id))
