"""Cancelling in the story: by buyer, seller and clock; asking and answering; parcels that never arrive."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from demo.loading import shipping
from demo.loading.orders import OrderStory
from etalase.commerce.orders import facts
from etalase.commerce.orders.rules import Move, State
from etalase.commerce.payments.rules import PaymentState
from etalase.foundation.deadlines import rules as due
from etalase.foundation.facts import Actor
from etalase.foundation.facts.model import SYSTEM
from etalase.journeys.cancellations.actions import CLOCK_REASONS
from etalase.journeys.cancellations.rules import can_restock


@dataclass(frozen=True, slots=True)
class Why:
    """Who cancels and for what; how far the refund comes."""

    by: Actor
    reason: str
    note: str = ""
    refund: str = "done"
    move: Move = Move.CANCEL


@dataclass(frozen=True, slots=True)
class Request:
    """A buyer's wish to cancel that waits for an answer."""

    id: int
    reason: str
    note: str
    at: datetime
    units: Mapping[int, int]


def cancel(order: OrderStory, at: datetime, why: Why, *, request: Request | None = None) -> None:
    """Cancel what is left of the order: parcels undone, stock back, money back, clocks stopped."""
    was_unpaid = order.state is State.UNPAID
    units = {line.id: line.open for line in order.lines if line.open}
    if why.move is Move.CANCEL:
        shipping.cancel_parcels(order, at, by=why.by, reason=why.reason)
        order.stock("release" if can_restock(why.reason) else "damage", units, at=at)
    back = _take_off(order, at, why, units, amount_minor=order.kept_minor, request=request)
    order.clocks.stop(at=at)
    order.tell(facts.OrderCancelled, by=why.by, at=at, asked_by=why.by.kind, reason=why.reason, refund_minor=back)
    order.move(why.move, at=at)
    order.stamps |= {"cancelled_by": _party(why.by), "cancel_reason": why.reason}
    if was_unpaid:
        is_late = why.by.kind == "system"
        order.money.end(at, state=PaymentState.EXPIRED if is_late else PaymentState.CANCELLED, by=why.by)
    elif order.is_cod:
        order.money.end(at, state=PaymentState.CANCELLED, by=SYSTEM)


def cancel_units(order: OrderStory, at: datetime, why: Why, units: Mapping[int, int]) -> None:
    """Cancel units that lie in no parcel; the rest goes on."""
    prices = {line.id: line.good.price_minor for line in order.lines}
    amount_minor = min(sum(prices[line_id] * n for line_id, n in units.items()), order.kept_minor)
    order.stock("release" if can_restock(why.reason) else "damage", units, at=at)
    back = _take_off(order, at, why, units, amount_minor=amount_minor, request=None)
    order.tell(
        facts.OrderLinesCancelled, by=why.by, at=at, asked_by=why.by.kind, reason=why.reason, units=sum(units.values()),
        refund_minor=back,
    )  # fmt: skip
    order.updated_at = at
    shipping.follow(order, at, by=why.by)


def cancel_by_clock(order: OrderStory, kind: str, *, refund: str = "done") -> datetime:
    """Nobody acted in time; returns when."""
    at = order.clocks.due_at(kind) + shipping.HEARD_AFTER / 10
    order.clocks.fire(kind, at=at)
    cancel(order, at, Why(SYSTEM, CLOCK_REASONS[kind], refund=refund))
    return at


def _party(by: Actor) -> str:
    return by.kind if by.kind in ("buyer", "seller", "operator") else "system"


def _take_off(
    order: OrderStory, at: datetime, why: Why, units: Mapping[int, int], *, amount_minor: int, request: Request | None
) -> int:
    for line in order.lines:
        line.cancelled += units.get(line.id, 0)
    back = amount_minor if order.is_paid else 0
    cancellation_id = request.id if request else order.telling.ids.at(at)
    if request is None:
        done = {"state": "done", "decided_at": at, "decided_by": _party(why.by), "answer": ""}
        _write(order, why, cancellation_id, units, at=at, refund_minor=back, **done)
    if back:
        order.money.refund(order, at, amount_minor=back, cancellation_id=cancellation_id, ends=why.refund)
    order.refunded_minor += amount_minor if order.is_paid or order.is_cod else 0
    return back


def _write(
    order: OrderStory, why: Why, cancellation_id: int, units: Mapping[int, int], *, at: datetime, refund_minor: int,
    **decision: object,
) -> None:  # fmt: skip
    shop_id = order.shop.shop_id
    order.telling.rows.add(
        "cancellations", shop_id=shop_id, id=cancellation_id, order_id=order.id, asked_by=_party(why.by), actor_id=why.by.id,
        reason=why.reason, note=why.note, restock=can_restock(why.reason), refund_minor=refund_minor, requested_at=at,
        **decision,
    )  # fmt: skip
    for line_id, quantity in sorted(units.items()):
        order.telling.rows.add(
            "cancellation_lines",
            shop_id=shop_id,
            cancellation_id=cancellation_id,
            order_line_id=line_id,
            quantity=quantity,
        )


def ask(order: OrderStory, at: datetime, why: Why) -> Request:
    """The buyer asks to cancel what is arranged already; `leave` or one of the answers ends it."""
    request = Request(
        order.telling.ids.at(at), why.reason, why.note, at, {line.id: line.open for line in order.lines if line.open}
    )
    limit = due.seller_response_due(at, order.book)
    clock = limit.clock("cancel.seller_response", **order.keys, subject_kind="cancellation", subject_id=request.id)
    order.clocks.start(clock, at=at)
    order.tell(facts.CancellationRequested, by=why.by, at=at, subject_id=request.id, reason=why.reason)
    return request


def _decide(order: OrderStory, request: Request, *, refund_minor: int = 0, **decision: object) -> None:
    why = Why(Actor.buyer(order.buyer.id), request.reason, request.note)
    _write(order, why, request.id, request.units, at=request.at, refund_minor=refund_minor, **decision)


def leave(order: OrderStory, request: Request) -> None:
    """Nobody has answered yet."""
    _decide(order, request, state="requested", decided_at=None, decided_by=None, answer="")


def reject(order: OrderStory, request: Request, at: datetime, answer: str) -> None:
    """The seller goes on with the order."""
    _decide(order, request, state="rejected", decided_at=at, decided_by="seller", answer=answer)
    order.clocks.stop("cancel.seller_response", at=at)
    order.tell(facts.CancellationRejected, by=order.seller, at=at, subject_id=request.id, answer=answer)


def approve(order: OrderStory, request: Request, at: datetime, *, by_clock: bool = False, refund: str = "done") -> None:
    """The seller agrees, or did not answer in time."""
    if by_clock:
        order.clocks.fire("cancel.seller_response", at=at)
    _decide(
        order, request, state="done", decided_at=at, decided_by="system" if by_clock else "seller", answer="",
        refund_minor=order.kept_minor if order.is_paid else 0,
    )  # fmt: skip
    why = Why(Actor.buyer(order.buyer.id), request.reason, request.note, refund=refund)
    cancel(order, at, why, request=request)


def lose(order: OrderStory, at: datetime, reason: str, *, refund: str = "done") -> None:
    """The parcel came back or is lost: the order ends and the money goes back."""
    cancel(order, at, Why(SYSTEM, reason, refund=refund, move=Move.LOSE))
