"""Where an order's money goes when it goes back.

1. What the wallet paid of a purchase goes back first, into the wallet, until nothing of it is left; then what the other
   method paid. No payment gives back more than it took.
2. The other method's part goes where it came from, unless the buyer wants it in the wallet.
"""

from dataclasses import dataclass
from datetime import date, datetime

from etalase.commerce.ledger.queries import lock_wallet
from etalase.commerce.orders.rules import Order
from etalase.commerce.payments import actions as payments
from etalase.commerce.payments import queries
from etalase.commerce.payments.methods import MethodKind, payment_method
from etalase.commerce.payments.rules import Payment, PaymentState, shares_of
from etalase.foundation.policies import queries as policies
from etalase.foundation.sql import Tx

REFUND_DAYS_DEFAULT = (3, 14)  # the guide's own range, for methods without a figure


@dataclass(frozen=True, slots=True)
class Cause:
    """Why money of an order goes back, and what it belongs to."""

    reason: str
    cancellation_id: int | None = None
    case_id: int | None = None


async def give_back(tx: Tx, order: Order, amount_minor: int, cause: Cause, *, at: datetime) -> None:
    """Approve the refunds of this sum of a locked order, to the payments that brought it; count it off yourself."""
    attempts = await queries.payments_of_purchase(tx, buyer_id=order.buyer_id, purchase_id=order.purchase_id)
    paid = [attempt for attempt in attempts if attempt.state is PaymentState.PAID]
    to_wallet = await queries.wants_wallet(tx, buyer_id=order.buyer_id, order_id=order.id)
    # Cash of a purchase whose other orders are still on their way is not settled as a whole yet.
    for payment, share in await _shares(tx, paid or attempts[:1], amount_minor):
        await payments.approve_refund(
            tx,
            payment,
            amount_minor=share,
            currency=order.currency,
            reason=cause.reason,
            at=at,
            expected=await expected_days(tx, method="wallet" if to_wallet else payment.method, at=at),
            shop_id=order.shop_id,
            order_id=order.id,
            cancellation_id=cause.cancellation_id,
            case_id=cause.case_id,
            to_wallet=to_wallet,
        )


async def _shares(tx: Tx, paid: list[Payment], amount_minor: int) -> list[tuple[Payment, int]]:
    if len(paid) == 1:
        return [(paid[0], amount_minor)]
    # Orders of one purchase may give back at the same moment: they take turns at what each payment has left.
    await lock_wallet(tx, owner_id=paid[0].buyer_id, currency=paid[0].currency)
    left = await queries.left_of_payments(tx, buyer_id=paid[0].buyer_id, purchase_id=paid[0].purchase_id)
    by_id = {payment.id: payment for payment in paid}
    return [(by_id[payment_id], share) for payment_id, share in shares_of(amount_minor, left)]


async def wallets_share(tx: Tx, order: Order, amount_minor: int) -> int:
    """How much of a refund would go into the wallet whatever the buyer wants, because the wallet paid a part of the purchase."""
    left = await queries.left_of_payments(tx, buyer_id=order.buyer_id, purchase_id=order.purchase_id)
    return max(0, min(amount_minor, left[0][1])) if len(left) > 1 else 0


async def expected_days(tx: Tx, *, method: str, at: datetime) -> tuple[date, date]:
    """Between which days a refund by this method arrives, in working days from now; into a wallet at once."""
    today, kind = at.date(), payment_method(method).kind
    if kind is MethodKind.WALLET:
        return today, today
    book = await policies.load_book(tx)
    calendar = await policies.load_calendar(tx, shop_id=0)
    soonest, latest = book.find("refund.eta").value.get(str(kind), REFUND_DAYS_DEFAULT)
    return calendar.add_working_days(today, int(soonest)), calendar.add_working_days(today, int(latest))
