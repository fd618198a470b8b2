"""The wallet when a purchase is paid: its part beside another method, all of it, or what comes in for it."""

from collections.abc import Sequence
from datetime import datetime

from etalase.commerce.ledger import actions as ledger
from etalase.commerce.ledger import wallets
from etalase.commerce.ledger.queries import totals_of_wallet
from etalase.commerce.ledger.wallets import Movement
from etalase.commerce.payments import actions as payments
from etalase.commerce.payments import queries
from etalase.commerce.payments.rules import PROVIDER_OF_WALLET, Arrival, Payment, PaymentState
from etalase.commerce.wallet.facts import WalletToppedUp
from etalase.commerce.wallet.limits import room_in
from etalase.foundation.facts import record
from etalase.foundation.facts.model import PROVIDER
from etalase.foundation.ids import PLATFORM, new_id
from etalase.foundation.sql import Tx

ATTEMPT = "wallet"
"""What a wallet's payment is known by: it arrives once."""


async def usable(
    tx: Tx, payment: Payment, arrival: Arrival, *, attempts: Sequence[Payment], came_minor: int
) -> Arrival:
    """What money that came can be used for, when the wallet has been asked; with the wallet against it, it goes back.

    The wallet's part is set aside while its attempt waits. Of an attempt that had ended it must be there again, what the
    attempts in its place have set aside included. Nothing is locked here, for orders and stock are locked later: who loses the
    wallet to somebody faster ends with WalletShort and asks again.
    """
    if arrival.use != "purchase":
        return arrival
    if payment.is_top_up:
        owed = payment.amount_minor - payment.fee_minor
        room = await room_in(tx, owner_id=payment.buyer_id, currency=payment.currency)
        return arrival if owed <= room else Arrival("surplus", came_minor)
    if payment.wallet_minor == 0 or payment.state is PaymentState.PENDING:
        return arrival
    freed = sum(attempt.wallet_minor for attempt in attempts if attempt.state is PaymentState.PENDING)
    has = await totals_of_wallet(tx, owner_id=payment.buyer_id, currency=payment.currency)
    return arrival if payment.wallet_minor <= has["buyer_wallet"] + freed else Arrival("surplus", came_minor)


async def take(tx: Tx, payment: Payment, *, at: datetime) -> None:
    """The wallet pays what it has to pay with this payment (as it stood before it was paid)."""
    if not payment.wallet_minor:
        return
    paid = payments.set_aside(payment, at=at)
    await wallets.debit(tx, paid, is_held=payment.state is PaymentState.PENDING)
    if payment.provider == PROVIDER_OF_WALLET:
        return
    part_id = new_id()
    await queries.insert_wallet_part(tx, payment, part_id=part_id, at=at)
    part = await queries.payment(tx, buyer_id=payment.buyer_id, payment_id=part_id)
    assert part is not None  # noqa: S101 - written just now
    await payments.capture(
        tx, part, attempt=ATTEMPT, amount_minor=part.amount_minor, currency=part.currency, use="purchase", at=at
    )


async def top_up(tx: Tx, payment: Payment, *, at: datetime) -> None:
    """What came is in the wallet, less the fee of the method."""
    amount = payment.amount_minor - payment.fee_minor
    into = Movement(
        owner_id=payment.buyer_id, currency=payment.currency, amount_minor=amount, at=at, reference_id=payment.id
    )
    await wallets.top_up(tx, into)
    if payment.fee_minor:
        await ledger.charge_method_fee(
            tx, currency=payment.currency, amount_minor=payment.fee_minor, at=at, reference_id=payment.id
        )
    fact = WalletToppedUp(
        shop_id=PLATFORM,
        subject_id=payment.id,
        buyer_id=payment.buyer_id,
        amount_minor=amount,
        currency=payment.currency,
    )
    await record(tx, fact, by=PROVIDER, at=at)
