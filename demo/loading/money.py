"""Purchases of the story: one payment over one order a shop, and money that goes back."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from demo.loading.moments import spread
from demo.loading.orders import OrderStory, Wish
from demo.loading.telling import CURRENCY, Buyer, Telling
from etalase.commerce.orders.rules import State
from etalase.commerce.payments import facts
from etalase.commerce.payments.methods import payment_method
from etalase.commerce.payments.rules import PROVIDER_OF_COD, PROVIDER_OF_TRANSFERS, PaymentState
from etalase.foundation.deadlines.rules import unpaid_due
from etalase.foundation.facts import Actor, Fact
from etalase.foundation.facts.model import PROVIDER, SYSTEM
from etalase.foundation.ids import PLATFORM
from etalase.foundation.policies.calendar import WorkingCalendar
from etalase.integrations.payment_providers.bank_transfer.matching import code_of
from etalase.integrations.payment_providers.protocol import Instructions, reference_of

SENT_AFTER = timedelta(seconds=3)
NO_WAY_BACK = "the account is closed"


@dataclass(frozen=True, slots=True)
class BookedRefund:
    """A refund as the provider's own book has it."""

    id: int
    reference: str
    amount_minor: int
    status: str


@dataclass(frozen=True, slots=True)
class Booked:
    """A payment as the provider's own book has it."""

    reference: str
    merchant_reference: str
    amount_minor: int
    method: str
    expires_at: datetime
    buyer_name: str
    attempt: str
    paid_at: datetime
    refunds: list[BookedRefund] = field(default_factory=list)


class PurchaseStory:
    """A purchase with its payment as they stand at this moment of the story."""

    def __init__(
        self, telling: Telling, buyer: Buyer, wishes: Sequence[Wish], *, method: str, at: datetime, place: int = 0
    ) -> None:
        self.telling, self.buyer, self.method, self.placed_at = telling, buyer, method, at
        self.kind = str(payment_method(method).kind)
        self.is_cod = self.kind == "cod"
        self.id = telling.ids.at(at)
        self.payment_id = telling.ids.at(at + timedelta(milliseconds=1))
        self.state, self.paid_at, self.failure = PaymentState.PENDING, None, ""  # type: PaymentState, datetime | None, str
        self.reference: str | None = None
        self.instructions: dict[str, Any] | None = None
        if self.provider == PROVIDER_OF_TRANSFERS:
            self.reference = code_of(self.payment_id)
            self.instructions = asdict(Instructions("transfer", self.reference))
        self.booked: Booked | None = None
        self.orders = [
            OrderStory(
                telling, buyer, wish, purchase_id=self.id, method=method, is_cod=self.is_cod, at=at, place=place
            )
            for wish in wishes
        ]  # fmt: skip
        self.total_minor = sum(order.total_minor for order in self.orders)
        limit = unpaid_due(at, self.kind, telling.book)
        self.expires_at = limit.due_at if limit else None
        self._place()

    @property
    def provider(self) -> str:
        """Who takes the money."""
        return {"cod": PROVIDER_OF_COD, PROVIDER_OF_TRANSFERS: PROVIDER_OF_TRANSFERS}.get(self.kind, "sandbox")

    def _place(self) -> None:
        self._tell(
            facts.PaymentStarted, by=Actor.buyer(self.buyer.id), at=self.placed_at, method=self.method,
            amount_minor=self.total_minor, currency=CURRENCY,
        )  # fmt: skip
        for order in self.orders:
            order.money = self
            order.place()
            order.start_to_pay(self.kind)

    def _tell(self, fact: type[Fact], *, by: Actor, at: datetime, **data: object) -> None:
        about = {"shop_id": PLATFORM, "subject_id": self.payment_id, "buyer_id": self.buyer.id}
        self.telling.record(fact(**about, **data), by=by, at=at)  # type: ignore[arg-type]

    def pay(self, at: datetime) -> None:
        """The provider reports the money; every order of the purchase is paid."""
        dice = self.telling.dice
        self.reference = f"pay_{dice.getrandbits(72):018x}"
        attempt = f"att_{dice.getrandbits(72):018x}"
        self._capture(attempt, self.total_minor, at)
        self._settle(at)
        self.booked = Booked(
                self.reference, reference_of(self.buyer.id, self.payment_id), self.total_minor, self.method,
                self.expires_at or at, self.buyer.name, attempt, at,
        )  # fmt: skip
        self.telling.payments.append(self.booked)
        for order in self.orders:
            order.pay(at)

    def collect_cash(self, order: OrderStory, at: datetime) -> None:
        """The courier took the money of an order paid at the door; the last one settles the payment."""
        if not self.is_cod:
            return
        at += timedelta(seconds=1)
        self._capture(f"cod-{order.id}", order.kept_minor, at)
        others = [one for one in self.orders if one is not order]
        if all(one.state in (State.DELIVERED, State.COMPLETED, State.CANCELLED) for one in others):
            self._settle(at)

    def _settle(self, at: datetime) -> None:
        self.state, self.paid_at = PaymentState.PAID, at

    def _capture(self, attempt: str, amount_minor: int, at: datetime) -> None:
        self.telling.rows.add(
            "captures", buyer_id=self.buyer.id, payment_id=self.payment_id, attempt=attempt, amount_minor=amount_minor,
            currency=CURRENCY, at=at, use="purchase",
        )  # fmt: skip
        self._tell(
            facts.PaymentCaptured, by=PROVIDER, at=at, amount_minor=amount_minor, currency=CURRENCY, use="purchase"
        )

    def end(self, at: datetime, *, state: PaymentState, by: Actor) -> None:
        """Nothing is left to pay: the payment ends, unless another order still waits for it."""
        if self.state is not PaymentState.PENDING or any(
            order.state is State.UNPAID or (self.is_cod and order.state is not State.CANCELLED) for order in self.orders
        ):
            return
        self.state, self.failure = state, "nothing left to pay"
        self._tell(facts.PaymentEnded, by=by, at=at, state=state, failure=self.failure)

    def refund(
        self, order: OrderStory, at: datetime, *, amount_minor: int, ends: str, cancellation_id: int | None = None,
        case_id: int | None = None, reason: str = "cancelled",
    ) -> None:  # fmt: skip
        """Money of an order goes back, as far as `ends` (approved, sent, done or failed) and the present allow."""
        refund_id = self.telling.ids.at(at)
        calendar, today = WorkingCalendar(), at.date()
        soonest, latest = self.telling.book.find("refund.eta").value[self.kind]
        expected_until = calendar.add_working_days(today, latest)
        self.telling.post(
            **order.keys, taken_from="provider_clearing", put_to="escrow", amount_minor=amount_minor, cause="refund", at=at
        )  # fmt: skip
        order.tell(
            facts.RefundApproved, by=SYSTEM, at=at, subject_id=refund_id, reason=reason, amount_minor=amount_minor,
            currency=CURRENCY, expected_until=expected_until.isoformat(),
        )  # fmt: skip
        steps = self._refund_steps(order, refund_id, at, amount_minor=amount_minor, ends=ends)
        if self.booked and steps["provider_reference"]:
            status = {"sent": "pending"}.get(steps["state"], steps["state"])
            self.booked.refunds.append(BookedRefund(refund_id, steps["provider_reference"], amount_minor, status))
        self.telling.rows.add(
            "refunds", buyer_id=self.buyer.id, id=refund_id, payment_id=self.payment_id, shop_id=order.shop.shop_id,
            order_id=order.id, cancellation_id=cancellation_id, case_id=case_id, reason=reason, amount_minor=amount_minor,
            currency=CURRENCY, approved_at=at, expected_from=calendar.add_working_days(today, soonest),
            expected_until=expected_until, **steps,
        )  # fmt: skip

    def _refund_steps(
        self, order: OrderStory, refund_id: int, at: datetime, *, amount_minor: int, ends: str
    ) -> dict[str, Any]:
        dice, now = self.telling.dice, self.telling.now
        steps: dict[str, Any] = {
            "state": "approved", "provider_reference": None, "sent_at": None, "done_at": None, "attempts": 0, "failure": ""
        }  # fmt: skip
        sent_at, ended_at = at + SENT_AFTER, at + SENT_AFTER + spread(dice, 3600, 30 * 3600)
        if ends == "approved" or sent_at > now:
            return steps
        steps |= {
            "state": "sent",
            "provider_reference": f"ref_{dice.getrandbits(72):018x}",
            "sent_at": sent_at,
            "attempts": 1,
        }
        if ends == "failed":
            failed_at = sent_at + timedelta(seconds=2)
            order.tell(facts.RefundFailed, by=PROVIDER, at=failed_at, subject_id=refund_id, failure=NO_WAY_BACK)
            return steps | {"state": "failed", "failure": NO_WAY_BACK}
        if ends == "sent" or ended_at > now:
            return steps
        order.tell(
            facts.RefundDone,
            by=PROVIDER,
            at=ended_at,
            subject_id=refund_id,
            amount_minor=amount_minor,
            currency=CURRENCY,
        )
        return steps | {"state": "done", "done_at": ended_at}

    def close(self) -> None:
        """Write the purchase, its payment and its orders as they stand at present."""
        self.telling.rows.add(
            "purchases", buyer_id=self.buyer.id, id=self.id, placement_key=f"story-{self.id}", payment_method=self.method,
            currency=CURRENCY, total_minor=self.total_minor, placed_at=self.placed_at,
        )  # fmt: skip
        self.telling.rows.add(
            "payments", buyer_id=self.buyer.id, id=self.payment_id, purchase_id=self.id,
            provider=self.provider, method=self.method, state=self.state, instructions=self.instructions,
            amount_minor=self.total_minor, currency=CURRENCY, provider_reference=self.reference, expires_at=self.expires_at,
            started_at=self.placed_at, paid_at=self.paid_at, failure=self.failure, is_top_up=False,
        )  # fmt: skip
        for order in self.orders:
            self.telling.rows.add(
                "purchase_orders", buyer_id=self.buyer.id, purchase_id=self.id, shop_id=order.shop.shop_id,
                order_id=order.id, total_minor=order.total_minor,
            )  # fmt: skip
            order.close()
