"""The verbs of a rehearsal: bring orders into a state, play a scene. Each step is the action that people take on their pages."""

import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

import httpx

from etalase.commerce.catalog import queries as catalog
from etalase.commerce.orders import actions as orders
from etalase.commerce.orders import queries as order_queries
from etalase.commerce.orders.rules import Order, State
from etalase.commerce.payments import queries as payments
from etalase.commerce.payments.methods import payment_method
from etalase.commerce.payments.rules import PaymentState, Report
from etalase.commerce.shipping import actions as shipping
from etalase.commerce.shipping import queries as parcels
from etalase.commerce.shipping import tracking
from etalase.commerce.shipping.actions import ParcelPlan
from etalase.commerce.shipping.errors import ParcelNotFound
from etalase.commerce.shipping.queries import Parcel
from etalase.foundation import clock
from etalase.foundation.facts import Actor
from etalase.foundation.i18n import N_
from etalase.foundation.ids import new_id
from etalase.foundation.policies import queries as policies
from etalase.foundation.sql import Db
from etalase.integrations.carriers import booking
from etalase.integrations.carriers.gateway import carrier_gateway
from etalase.integrations.carriers.protocol import TrackingReport, TrackingStatus, reference_of
from etalase.integrations.carriers.registry import all_carriers
from etalase.integrations.payment_providers import settling, starting
from etalase.integrations.payment_providers.routing import SANDBOX
from etalase.integrations.rehearsing import company, returning
from etalase.integrations.rehearsing.errors import CannotRehearse
from etalase.journeys.cancellations import actions as cancelling
from etalase.journeys.checkout import actions as checkout
from etalase.journeys.checkout import quoting, settle
from etalase.journeys.checkout.errors import Refusal
from etalase.journeys.checkout.rules import Checkout, Method, WantedLine
from etalase.settings import Settings

ORDERS_MAX: Final = 50
METHOD: Final = "qris"
PEER_WAIT_S: Final = 5.0
TARGETS: Final = (
    "UNPAID", "ON_HOLD", "AWAITING_SHIPMENT", "AWAITING_COLLECTION", "IN_TRANSIT", "DELIVERED", "COMPLETED", "CANCELLED",
)  # fmt: skip
"""The states that orders can be brought into, as connectors call them."""
WAY: Final[Mapping[str, State]] = {
    "UNPAID": State.UNPAID,
    "ON_HOLD": State.NEW,
    "AWAITING_SHIPMENT": State.AWAITING_SHIPMENT,
    "AWAITING_COLLECTION": State.AWAITING_COLLECTION,
    "IN_TRANSIT": State.IN_TRANSIT,
    "DELIVERED": State.DELIVERED,
    "COMPLETED": State.COMPLETED,
}
SCENES: Final[Mapping[str, str]] = {
    "late_cancel": N_(
        "A buyer asks to cancel an order whose parcel is arranged: approve or reject it before the clock does."
    ),
    "lost_parcel": N_("The carrier loses a parcel that it has collected: the order ends and the money goes back."),
    "failed_delivery": N_("The courier finds nobody at home; the next attempt follows."),
    "returned_to_sender": N_(
        "The carrier brings the parcel back to the seller: the order ends and the money goes back."
    ),
    "return_request": N_(
        "What arrived is damaged, and the buyer asks for the money: approve or reject it before the clock does."
    ),
    "return_dispute": N_("The seller refuses a return, the operator decides for the buyer, and the money goes back."),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """A shop in which is rehearsed, and its seller, in whose name things are done."""

    shop_id: int
    seller_id: int


async def make_orders(db: Db, settings: Settings, stage: Stage, *, state: str, count: int) -> list[int]:
    """Orders of the shop that now stand in a state (one of TARGETS); their ids. Raises CannotRehearse."""
    rehearsal = Rehearsal(db, settings, stage, goods=await company.goods(db, stage.shop_id))
    return [await rehearsal.bring(state, number) for number in range(min(count, ORDERS_MAX))]


async def play(db: Db, settings: Settings, stage: Stage, *, scene: str) -> int:
    """One of SCENES with an order of its own; its id. Raises CannotRehearse."""
    rehearsal = Rehearsal(db, settings, stage, goods=await company.goods(db, stage.shop_id))
    if scene == "late_cancel":
        order_id = await rehearsal.bring("AWAITING_COLLECTION", 0)
        await rehearsal.ask_to_cancel(order_id)
        return order_id
    if scene in ("return_request", "return_dispute"):
        order_id = await rehearsal.bring("DELIVERED", 0)
        asked = await returning.ask(db, settings, await rehearsal.now(order_id))
        if scene == "return_dispute":
            await returning.dispute(db, asked, seller=rehearsal.seller)
        return order_id
    order_id = await rehearsal.bring("IN_TRANSIT", 0)
    ends = {"lost_parcel": "lost", "failed_delivery": "delivery_failed", "returned_to_sender": "returned"}
    await rehearsal.travel(order_id, to=ends[scene])
    return order_id


class Rehearsal:
    """One go: who buys what in turn, and each step an order can take."""

    def __init__(self, db: Db, settings: Settings, stage: Stage, *, goods: Sequence[int]) -> None:
        self.db, self.settings, self.stage, self.goods = db, settings, stage, goods
        self.lane = checkout.open_lane(db, carriers=all_carriers())

    async def bring(self, state: str, number: int) -> int:
        """An order in this state; `number` says whose turn it is."""
        order = await self.place(number)
        steps = (self.pay, self.confirm, self.arrange, self.collect, self.deliver, self.complete)
        if state == "CANCELLED":
            await self.pay(order)
            await self.cancel(order)
            return order.id
        for step in steps[: list(WAY).index(state)]:
            await step(order)
        now = await self.now(order.id)
        if now.state is not WAY[state]:
            raise CannotRehearse(f"order {order.id} is {now.state} by now: the shop or somebody else went on with it")
        return order.id

    async def now(self, order_id: int) -> Order:
        async with self.db.for_shop(self.stage.shop_id).reading() as tx:
            found = await order_queries.order_of_shop(tx, shop_id=self.stage.shop_id, order_id=order_id)
        if found is None:
            raise LookupError(order_id)
        return found

    async def place(self, number: int) -> Order:
        """A buyer orders one or two pieces of something."""
        buyer, address = await company.buyer(self.db, number % len(company.BUYERS))
        variant_id = self.goods[number % len(self.goods)]
        wanted = (WantedLine(self.stage.shop_id, variant_id, 1 + number % 2),)
        async with self.db.any().reading() as tx:
            quote = await quoting.quote(
                tx,
                buyer_id=buyer.id,
                wanted=wanted,
                address=address,
                carriers=all_carriers(),
                chosen={},
                now=clock.now(),
            )
        method = payment_method(METHOD)
        asked = Checkout(
            buyer_id=buyer.id, buyer_name=buyer.name, placement_key=f"rehearsal-{secrets.token_urlsafe(12)}",
            address_id=address.id, lines=wanted, delivery={}, notes={}, total_seen_minor=quote.total_minor,
            method=Method(method.code, str(method.kind), SANDBOX),
        )  # fmt: skip
        try:
            placed = await checkout.place(self.lane, asked)
        except Refusal as refusal:
            raise CannotRehearse(f"nothing could be ordered: {refusal or type(refusal).__name__}") from None
        async with self.db.for_buyer(buyer.id).reading() as tx:
            [order] = await order_queries.orders_of_purchase(tx, buyer_id=buyer.id, purchase_id=placed.purchase_id)
        return order

    async def pay(self, order: Order) -> None:
        """The buyer pays on the sandbox provider's page; where there is none, its word is given as it would be."""
        async with self.db.for_buyer(order.buyer_id).reading() as tx:
            [payment] = await payments.payments_of_purchase(tx, buyer_id=order.buyer_id, purchase_id=order.purchase_id)
        if self.settings.payment_url is not None:
            await self._press_pay(order.buyer_id, payment.id)
            async with self.db.for_buyer(order.buyer_id).reading() as tx:
                found = await payments.payment(tx, buyer_id=order.buyer_id, payment_id=payment.id)
            if found is not None and found.state is PaymentState.PENDING:
                await settling.ask(self.db, found)
            return
        report = Report(
            buyer_id=order.buyer_id, payment_id=payment.id, status="paid", attempt=f"rehearsal-{new_id()}",
            amount_minor=payment.amount_minor, currency=payment.currency,
        )  # fmt: skip
        await settle.settle(self.db, report)

    async def _press_pay(self, buyer_id: int, payment_id: int) -> None:
        url = await starting.start_payment(self.db, self.settings, buyer_id=buyer_id, payment_id=payment_id)
        if url is None or urlsplit(url).scheme not in ("http", "https"):
            raise CannotRehearse("the sandbox payment provider does not answer")
        try:
            async with httpx.AsyncClient(timeout=PEER_WAIT_S, trust_env=False) as browser:
                answer = await browser.post(url, data={"action": "pay"})
        except httpx.HTTPError:
            raise CannotRehearse("the sandbox payment provider does not answer") from None
        if answer.is_error:
            raise CannotRehearse(f"the sandbox payment provider answered {answer.status_code}")

    async def confirm(self, order: Order) -> None:
        """The seller confirms, unless the shop does so by itself."""
        if (await self.now(order.id)).state is not State.NEW:
            return
        async with self.db.any().reading() as tx:
            calendar = await policies.load_calendar(tx, shop_id=self.stage.shop_id)
            [shop] = await catalog.shops_by_id(tx, [self.stage.shop_id])
        await orders.confirm(
            self.db, shop_id=self.stage.shop_id, order_id=order.id, by=self.seller, calendar=calendar, zone=shop.zone
        )

    @property
    def seller(self) -> Actor:
        return Actor.seller(self.stage.seller_id)

    async def arrange(self, order: Order) -> None:
        """The seller drops the parcel off at the carrier that the buyer chose."""
        chosen = order.delivery
        plan = ParcelPlan("drop_off", str(chosen["carrier"]), str(chosen["service"]))
        if self.settings.carrier_url is None:  # nobody takes bookings: a number of the shop's own
            plan = ParcelPlan("own_number", "jne", "reg", tracking_number=f"88{order.id % 10**13:013d}")
        parcel = await shipping.arrange(
            self.db, shop_id=self.stage.shop_id, order_id=order.id, by=self.seller, plan=plan
        )
        await self._book(order, parcel)

    async def _book(self, order: Order, parcel: Parcel) -> None:
        """What the worker does as well, at once: who of the two is second finds it done."""
        async with self.db.for_shop(order.shop_id).reading() as tx:
            told = await order_queries.timeline_of(tx, shop_id=order.shop_id, order_id=order.id)
        facts = [fact for fact in told if fact.name == "parcel.arranged" and fact.subject_id == parcel.id]
        async with carrier_gateway(self.settings) as gateway:
            for fact in facts:
                await booking.book(self.db, fact, gateway=gateway)

    async def collect(self, order: Order) -> None:
        await self.travel(order.id, to="collected")

    async def deliver(self, order: Order) -> None:
        await self.travel(order.id, to="delivered")

    async def complete(self, order: Order) -> None:
        """The buyer confirms receipt."""
        await orders.confirm_receipt(self.db, buyer_id=order.buyer_id, order_id=order.id)

    async def travel(self, order_id: int, *, to: str) -> None:
        """The carrier gets as far as this, and its reports are taken in at once."""
        async with self.db.for_shop(self.stage.shop_id).reading() as tx:
            found = await parcels.parcels_of_order(tx, shop_id=self.stage.shop_id, order_id=order_id)
        for parcel in (one for one in found if one.is_open):
            for report in await self._reports(parcel, to):
                with suppress(ParcelNotFound):
                    await tracking.record_tracking(
                        self.db, report, vendor="carriers.sandbox", parcel=(parcel.shop_id, parcel.id)
                    )

    async def _reports(self, parcel: Parcel, to: str) -> Sequence[TrackingReport]:
        async with carrier_gateway(self.settings) as gateway:
            if gateway is not None and parcel.tracking_number:
                reference = reference_of(parcel.shop_id, parcel.id)
                await gateway.advance(reference, to=to)
                told = await gateway.track(parcel.tracking_number, carrier_code=parcel.carrier)
                return [report for report in told if report.our_reference == reference]
        return [_said(parcel, to)]

    async def cancel(self, order: Order) -> None:
        """The seller cancels: there is none left."""
        await cancelling.cancel_by_seller(
            self.db, shop_id=self.stage.shop_id, order_id=order.id, units=None, reason="no_stock", note="",
            restock=True, by=self.seller,
        )  # fmt: skip

    async def ask_to_cancel(self, order_id: int) -> None:
        """The buyer has thought better of it, late."""
        order = await self.now(order_id)
        await cancelling.cancel_by_buyer(
            self.db,
            buyer_id=order.buyer_id,
            order_id=order.id,
            reason="changed_mind",
            note="Maaf, saya berubah pikiran.",
        )


def _said(parcel: Parcel, status: str) -> TrackingReport:
    """What a carrier would report; for installations without one."""
    return TrackingReport(
        vendor_event_id=f"rehearsal-{parcel.id}-{status}",
        carrier_code=parcel.carrier,
        tracking_number=parcel.tracking_number or "",
        our_reference=reference_of(parcel.shop_id, parcel.id),
        status=TrackingStatus(status),
        code=status.upper(),
        description="",
        place="Jakarta",
        zone="Asia/Jakarta",
        occurred_at=clock.now() + timedelta(milliseconds=1),
        receiver_name="Rina" if status == "delivered" else None,
        attempt_reason="nobody_home" if status == "delivery_failed" else None,
    )
