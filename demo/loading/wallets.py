"""A wallet with a past: topped up, a bank account confirmed, a withdrawal that waits for the operator."""

from datetime import timedelta
from typing import Any, Final

from demo.loading.telling import CURRENCY, Buyer, Telling
from etalase.commerce.ledger.rules import Posting, moved
from etalase.commerce.payments.facts import PaymentCaptured, PaymentStarted
from etalase.commerce.payments.rules import PaymentState
from etalase.commerce.wallet.facts import WalletToppedUp, WithdrawalRequested
from etalase.foundation.facts import Actor
from etalase.foundation.facts.model import PROVIDER
from etalase.foundation.ids import PLATFORM

TOPPED_UP_AGO: Final = timedelta(days=6)
ASKED_AGO: Final = timedelta(hours=5)
PUT_IN: Final = 750_000
TAKEN_OUT: Final = 200_000
FEE: Final = 2_500


def fill_wallet(telling: Telling, buyer: Buyer, *, holder: str) -> None:
    """Rp750,000 came in, Rp200,000 is to go to the bank."""
    _top_up(telling, buyer)
    _withdraw(telling, buyer, holder=holder.upper())


def _top_up(telling: Telling, buyer: Buyer) -> None:
    at = telling.now - TOPPED_UP_AGO
    paid_at = at + timedelta(minutes=2)
    purchase_id, payment_id = telling.ids.at(at), telling.ids.at(at)
    telling.rows.add(
        "purchases", buyer_id=buyer.id, id=purchase_id, placement_key=f"story-{purchase_id}", payment_method="qris",
        currency=CURRENCY, total_minor=PUT_IN, placed_at=at,
    )  # fmt: skip
    telling.rows.add(
        "payments", buyer_id=buyer.id, id=payment_id, purchase_id=purchase_id, provider="sandbox", method="qris",
        state=PaymentState.PAID, amount_minor=PUT_IN, currency=CURRENCY, expires_at=at + timedelta(hours=1), started_at=at,
        paid_at=paid_at, provider_reference=None, instructions=None, failure="", is_top_up=True,
    )  # fmt: skip
    telling.rows.add(
        "captures", buyer_id=buyer.id, payment_id=payment_id, attempt=f"story-{payment_id}", amount_minor=PUT_IN,
        currency=CURRENCY, at=paid_at, use="purchase",
    )  # fmt: skip
    came = moved(taken_from="buyer_wallet", put_to="provider_clearing", amount_minor=PUT_IN, from_owner=buyer.id)
    telling.write_posting(
        Posting(cause="wallet top-up", currency=CURRENCY, entries=came, at=paid_at, reference_id=payment_id)
    )
    about: dict[str, Any] = {"shop_id": PLATFORM, "subject_id": payment_id, "buyer_id": buyer.id}
    money: dict[str, Any] = {"amount_minor": PUT_IN, "currency": CURRENCY}
    telling.record(PaymentStarted(**about, **money, method="qris"), by=Actor.buyer(buyer.id), at=at)
    telling.record(PaymentCaptured(**about, **money, use="purchase"), by=PROVIDER, at=paid_at)
    telling.record(WalletToppedUp(**about, **money), by=PROVIDER, at=paid_at)


def _withdraw(telling: Telling, buyer: Buyer, *, holder: str) -> None:
    at, verified_at = telling.now - ASKED_AGO, telling.now - TOPPED_UP_AGO + timedelta(hours=1)
    where = {"bank": "bca", "number": "8820113347", "holder": holder}
    telling.rows.add(
        "wallet_bank_accounts", buyer_id=buyer.id, id=telling.ids.at(verified_at), state="verified", **where,
        entered_at=verified_at, verified_at=verified_at, usable_from=verified_at + timedelta(hours=24),
    )  # fmt: skip
    withdrawal_id = telling.ids.at(at)
    telling.rows.add(
        "withdrawals", buyer_id=buyer.id, id=withdrawal_id, request_key=f"story-{withdrawal_id}", state="requested",
        currency=CURRENCY, amount_minor=TAKEN_OUT, fee_minor=FEE, **where, requested_at=at, due_at=at + timedelta(hours=72),
    )  # fmt: skip
    aside = moved(
        taken_from="wallet_held", put_to="buyer_wallet", amount_minor=TAKEN_OUT, from_owner=buyer.id, to_owner=buyer.id
    )
    telling.write_posting(
        Posting(cause="wallet hold", currency=CURRENCY, entries=aside, at=at, reference_id=withdrawal_id)
    )
    asked = WithdrawalRequested(
        shop_id=PLATFORM, subject_id=withdrawal_id, buyer_id=buyer.id, amount_minor=TAKEN_OUT, currency=CURRENCY
    )
    telling.record(asked, by=Actor.buyer(buyer.id), at=at)
