"""Sellers' money in the story: completed orders are settled when due, two shops are paid, one waits to be verified."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from demo.loading.telling import CURRENCY, Shop, Telling
from etalase.commerce.ledger.rules import Posting, moved, split
from etalase.foundation.facts import Actor
from etalase.foundation.facts.model import SYSTEM
from etalase.journeys.payouts.facts import BankAccountEntered, PayoutApproved, PayoutPaid
from etalase.journeys.settlement import rules
from etalase.journeys.settlement.facts import OrderSettled
from etalase.journeys.settlement.rules import SoldLine

PAID_AGO: Final = timedelta(days=3)
MINIMUM: Final = 10_000
PAID: Final = ("sekar-laras", "kedai-lereng")


@dataclass(frozen=True, slots=True)
class Done:
    """What a settlement goes by, of an order of the story."""

    shop_id: int
    id: int
    currency: str
    policies: dict[str, Any]
    shipping_minor: int
    placed_at: datetime
    delivered_at: datetime | None
    completed_at: datetime | None


def settle(telling: Telling, order: Any, *, at: datetime) -> None:
    """The completed order waits; if its time has come by now, it was settled then."""
    copy = order.copy
    done = Done(
        copy.shop_id, order.id, CURRENCY, copy.policies, copy.shipping_minor, order.placed_at,
        order.stamps.get("delivered_at"), at,
    )  # fmt: skip
    due = rules.release_due(done)
    row = {"shop_id": copy.shop_id, "order_id": order.id, "currency": CURRENCY, "due_at": due}
    nothing = dict.fromkeys(
        ("pending_minor", "base_minor", "commission_minor", "fee_minor", "tax_minor", "shipping_minor"), 0
    )
    if due > telling.now:
        telling.rows.add("settlements", **row, **nothing, state="waiting", net_minor=0, policies={}, settled_at=None)
        return
    pending = order.kept_minor - min(copy.insurance_minor, order.kept_minor)
    is_carried = any(parcel.booking == "booked" for parcel in order.parcels)
    sold = [SoldLine(line.id, line.product_id, *[line.unit_price_minor * line.quantity] * 2) for line in copy.lines]
    shares = rules.shares_of(done, sold, pending_minor=pending, carrier_minor=copy.shipping_minor if is_carried else 0)
    entries = split(from_account="seller_pending", parts=shares.parts)
    telling.write_posting(
        Posting(cause="settlement", currency=CURRENCY, entries=entries, at=due, shop_id=copy.shop_id, order_id=order.id)
    )
    fact = OrderSettled(
        shop_id=copy.shop_id, subject_id=order.id, order_id=order.id, net_minor=shares.net_minor, currency=CURRENCY
    )
    telling.record(fact, by=SYSTEM, at=due)
    amounts = {name: getattr(shares, name) for name in (*nothing, "net_minor")}
    telling.rows.add("settlements", **row, **amounts, state="settled", policies=rules.applied(done), settled_at=due)
    for line in shares.lines:
        telling.rows.add("settlement_lines", shop_id=copy.shop_id, order_id=order.id, **asdict(line))
    telling.settled.append((copy.shop_id, due, shares.net_minor))


def pay_out(telling: Telling, shops: Sequence[Shop], *, operator_id: int) -> None:
    """Shops of the demo's sellers were paid some days ago; a further one has just entered its account."""
    shops = sorted(shops, key=lambda shop: (shop.slug not in PAID, shop.shop_id))
    at = telling.now - PAID_AGO
    batch_id = telling.ids.at(at)
    paid = [
        _pay(telling, shop, number, batch_id=batch_id, by=operator_id, at=at) for number, shop in enumerate(shops[:2])
    ]
    if any(paid):
        telling.rows.add(
            "payout_batches", id=batch_id, state="closed", proposed_by=operator_id, proposed_at=at, approved_by=operator_id,
            approved_at=at, ended_at=at + timedelta(hours=2),
        )  # fmt: skip
    for number, shop in enumerate(shops[2:3]):
        _account(telling, shop, 7 + number, state="entered", by=operator_id, at=telling.now - timedelta(hours=5))


def _account(telling: Telling, shop: Shop, number: int, *, state: str, by: int, at: datetime) -> dict[str, str]:
    where = {
        "bank": ("bca", "mandiri", "bri")[number % 3],
        "number": f"{4_120_071_183 + 7919 * number}",
        "holder": shop.name.upper(),
    }
    is_verified = state == "verified"
    account_id = telling.ids.at(at)
    telling.rows.add(
        "seller_bank_accounts", shop_id=shop.shop_id, id=account_id, state=state, **where, entered_by=shop.members[0],
        entered_at=at, decided_by=by if is_verified else None, decided_at=at + timedelta(hours=3) if is_verified else None,
        usable_from=at + timedelta(hours=3) if is_verified else None,
    )  # fmt: skip
    fact = BankAccountEntered(shop_id=shop.shop_id, subject_id=account_id, bank=where["bank"])
    telling.record(fact, by=Actor.seller(shop.members[0]), at=at)
    return where


def _pay(telling: Telling, shop: Shop, number: int, *, batch_id: int, by: int, at: datetime) -> bool:
    """All that was available then goes out; false if that was too little."""
    where = _account(telling, shop, number, state="verified", by=by, at=at - timedelta(days=20))
    amount = sum(net for shop_id, settled_at, net in telling.settled if shop_id == shop.shop_id and settled_at < at)
    if amount < MINIMUM:
        return False
    payout_id, left_at = telling.ids.at(at), at + timedelta(hours=2)
    about: dict[str, Any] = {"shop_id": shop.shop_id, "currency": CURRENCY, "reference_id": payout_id}
    aside = moved(taken_from="payout_clearing", put_to="seller_available", amount_minor=amount)
    telling.write_posting(Posting(cause="payout", entries=aside, at=at, **about))
    gone = moved(taken_from="bank", put_to="payout_clearing", amount_minor=amount)
    telling.write_posting(Posting(cause="payout paid", entries=gone, at=left_at, **about))
    told = {"shop_id": shop.shop_id, "subject_id": payout_id, "amount_minor": amount, "currency": CURRENCY}
    telling.record(PayoutApproved(**told), by=Actor.operator(by), at=at)  # type: ignore[arg-type]
    telling.record(PayoutPaid(**told), by=Actor.operator(by), at=left_at)  # type: ignore[arg-type]
    telling.rows.add(
        "payouts", shop_id=shop.shop_id, id=payout_id, batch_id=batch_id, state="paid", currency=CURRENCY, amount_minor=amount,
        **where, proposed_at=at, approved_at=at, paid_at=left_at, ended_at=left_at,
    )  # fmt: skip
    return True
