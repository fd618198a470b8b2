"""What a return does, inside one transaction with its order locked: it moves, its clock changes, money and stock follow."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from etalase.commerce.evidence import actions as evidence
from etalase.commerce.inventory import actions as inventory
from etalase.commerce.inventory.rules import StockUnits
from etalase.commerce.orders import actions as orders
from etalase.commerce.orders import queries as order_queries
from etalase.commerce.orders.rules import Order
from etalase.commerce.shipping import of_returns
from etalase.commerce.shipping.queries import Parcel, place_of_shop
from etalase.commerce.shipping.rules import ParcelState, Purpose
from etalase.foundation.deadlines import actions as deadlines
from etalase.foundation.facts import Actor, Fact, record
from etalase.foundation.policies.queries import load_calendar
from etalase.foundation.policies.rules import book_of
from etalase.foundation.sql import Tx
from etalase.journeys.checkout.refunding import Cause, give_back
from etalase.journeys.returns import facts, queries
from etalase.journeys.returns.errors import ReturnMovedOn, ReturnNotFound
from etalase.journeys.returns.queries import NOTHING, Changes
from etalase.journeys.returns.rules import ENDS, WAITING, Move, Return, ReturnState, is_allowed, worth_of
from etalase.journeys.returns.times import due_of

SUBJECT: Final = "case"


async def lock(tx: Tx, *, shop_id: int, return_id: int) -> tuple[Order, Return]:
    """The return and before it its order, both locked; raises ReturnNotFound."""
    seen = await queries.return_of_shop(tx, shop_id=shop_id, return_id=return_id)
    if seen is None:
        raise ReturnNotFound(return_id)
    order = await orders.lock(tx, shop_id=shop_id, order_id=seen.order_id)
    found = await queries.lock_return(tx, shop_id=shop_id, return_id=return_id)
    if found is None:
        raise ReturnNotFound(return_id)
    return order, found


async def go(
    tx: Tx, order: Order, found: Return, move: Move, changes: Changes = NOTHING, *, by: Actor, at: datetime
) -> Return:
    """Move the return: its clock ends and the next one starts, the fact is recorded; raises ReturnMovedOn."""
    moved = await queries.move_return(tx, found, move, changes, at=at)
    if moved is None:
        raise ReturnMovedOn(found.state, move)
    await deadlines.stop(tx, shop_id=order.shop_id, subject_kind=SUBJECT, subject_id=found.id, at=at)
    if moved.state in ENDS:
        await _call_back(tx, order, moved, by=by, at=at)
        case = await evidence.lock(tx, shop_id=order.shop_id, case_id=found.id)
        await evidence.close_case(tx, case, at=at)
    else:
        await start_clock(tx, order, moved, at=at)
    await record(tx, FACTS[move](moved, order), by=by, at=at)
    return moved


async def _call_back(tx: Tx, order: Order, found: Return, *, by: Actor, at: datetime) -> None:
    """What nobody has collected yet is sent no more: labels lapse, a replacement goes back on the shelf."""
    for parcel in await of_returns.of_case(tx, order, found.id):
        if parcel.state is ParcelState.AWAITING_COLLECTION:
            await take_back(tx, order, parcel, by=by, at=at)


async def take_back(tx: Tx, order: Order, parcel: Parcel, *, by: Actor, at: datetime) -> None:
    """Undo a parcel that nobody collected; the stock of a replacement is the shop's again. Raises ParcelMovedOn."""
    await of_returns.undo(tx, order, parcel, by=by, reason="undone", at=at)
    if parcel.purpose is Purpose.REPLACEMENT:
        await inventory.restock_units(tx, await stock_units(tx, order, parcel.units), at=at)


async def start_clock(tx: Tx, order: Order, found: Return, *, at: datetime) -> None:
    """The clock of the state in which the return is now."""
    waiting = WAITING[found.state]
    place = await place_of_shop(tx, shop_id=order.shop_id)
    calendar = await load_calendar(tx, shop_id=order.shop_id)
    due = due_of(waiting.clock, at, book=book_of(order.policies), calendar=calendar, zone=place.zone)
    clock = due.clock(
        waiting.clock, shop_id=order.shop_id, order_id=order.id, subject_kind=SUBJECT, subject_id=found.id
    )
    await deadlines.start(tx, clock, at=at)


async def approve(tx: Tx, order: Order, found: Return, *, outcome: str, by: Actor, at: datetime) -> Return:
    """What was asked for comes next: the goods back, a replacement (unless the operator decided), or the money."""
    if found.kind.goes_back and not found.is_back:
        return await go(tx, order, found, Move.SEND_FOR, by=by, at=at)
    if found.kind.is_replaced and found.decision is None and is_allowed(found.state, Move.PROMISE):
        return await go(tx, order, found, Move.PROMISE, by=by, at=at)
    return await refund(tx, order, found, outcome=outcome, by=by, at=at)


async def refund(
    tx: Tx, order: Order, found: Return, *, outcome: str, by: Actor, at: datetime, percent: int | None = None
) -> Return:
    """Give the money back to where it came from: what the units are worth, or a part of it while the buyer keeps them."""
    units = await queries.units_of(tx, found)
    lines = await order_queries.lines_of(tx, shop_id=order.shop_id, order_id=order.id)
    worth = worth_of(order, lines, units, reason=found.reason, percent=percent)
    given_up = units if percent is None else {}
    await order_queries.give_up_units(
        tx, shop_id=order.shop_id, order_id=order.id, units=given_up, parts=worth.parts
    )  # fmt: skip
    await order_queries.count_off_units(tx, order, units=0, refund_minor=worth.total_minor, at=at)
    if worth.total_minor:
        await give_back(tx, order, worth.total_minor, Cause("returned", case_id=found.id), at=at)
    changes = Changes(outcome=outcome, refund_minor=worth.total_minor)
    return await go(tx, order, found, Move.REFUND, changes, by=by, at=at)


async def put_on_shelf(
    tx: Tx, order: Order, found: Return, *, received: Mapping[int, int], restock: bool, at: datetime
) -> None:
    """Write down what came back; what can be sold again goes back on sale."""
    await queries.count_received(tx, found, received=received)
    if not restock:
        return
    units = await stock_units(tx, order, received)
    if units:
        await inventory.restock_units(tx, units, at=at)


async def stock_units(tx: Tx, order: Order, units: Mapping[int, int]) -> list[StockUnits]:
    """Units of order lines as stock knows them."""
    lines = await order_queries.lines_of(tx, shop_id=order.shop_id, order_id=order.id)
    return [
        StockUnits(order.shop_id, line.variant_id, units[line.id], order.id) for line in lines if units.get(line.id)
    ]


async def carry_out(tx: Tx, order: Order, found: Return, *, by: Actor, at: datetime) -> Return:
    """Do what the operator decided."""
    if found.decision == "none":
        return await go(tx, order, found, Move.CLOSE, Changes(outcome="decided"), by=by, at=at)
    if found.decision == "part":
        percent = found.decision_percent
        return await refund(tx, order, found, outcome="decided", percent=percent, by=by, at=at)
    return await approve(tx, order, found, outcome="decided", by=by, at=at)


def _about(found: Return) -> dict[str, Any]:
    return {
        "shop_id": found.shop_id, "subject_id": found.id, "order_id": found.order_id, "buyer_id": found.buyer_id,
        "kind": found.kind.value,
    }  # fmt: skip


def _ended(found: Return, order: Order) -> Fact:
    return facts.ReturnEnded(
        **_about(found), state=found.state.value, outcome=found.outcome, refund_minor=found.refund_minor,
        currency=order.currency,
    )  # fmt: skip


def _offered(found: Return, order: Order) -> Fact:
    percent = found.offer_percent or 0
    amount = found.amount_minor * percent // 100
    return facts.ReturnOffered(**_about(found), percent=percent, amount_minor=amount, currency=order.currency)


FACTS: Final[Mapping[Move, Callable[[Return, Order], Fact]]] = {
    Move.OFFER: _offered,
    Move.DECLINE: lambda found, _: facts.ReturnOfferDeclined(**_about(found)),
    Move.REJECT: lambda found, _: facts.ReturnRejected(
        **_about(found), reason_code=found.outcome, answer=found.answer
    ),
    Move.CONTEST: lambda found, _: facts.ReturnContested(**_about(found)),
    Move.SEND_FOR: lambda found, _: facts.ReturnApproved(**_about(found)),
    Move.SEND_BACK: lambda found, _: facts.ReturnSentBack(
        **_about(found), carrier=found.carrier, tracking_number=found.tracking_number
    ),
    Move.COME_BACK: lambda found, _: facts.ReturnCameBack(**_about(found)),
    Move.RECEIVE: lambda found, _: facts.ReturnReceived(**_about(found)),
    Move.PROMISE: lambda found, _: facts.ReplacementPromised(**_about(found)),
    Move.REPLACE: lambda found, _: facts.ReplacementSent(
        **_about(found), carrier=found.new_carrier, tracking_number=found.new_number
    ),
    Move.ESCALATE: lambda found, _: facts.ReturnEscalated(
        **_about(found), escalated_by=found.escalated_by or "", has_goods=found.received_at is not None
    ),
    Move.DECIDE: lambda found, _: facts.ReturnDecided(
        **_about(found), decision=found.decision or "", words=found.decision_reason
    ),
    Move.APPEAL: lambda found, _: facts.ReturnAppealed(**_about(found), appealed_by=found.appealed_by or ""),
    Move.SETTLE: _ended,
    Move.REFUND: _ended,
    Move.CLOSE: _ended,
    Move.WITHDRAW: _ended,
}  # fmt: skip
"""What is recorded of each move."""

DEFAULTS: Final[Mapping[ReturnState, tuple[Move | None, str]]] = {
    ReturnState.REQUESTED: (None, "silence"),
    ReturnState.OFFERED: (Move.DECLINE, ""),
    ReturnState.REJECTED: (Move.CLOSE, "not_contested"),
    ReturnState.AWAITING_RETURN: (Move.CLOSE, "not_sent_back"),
    ReturnState.RETURNING: (Move.REFUND, "not_arrived"),
    ReturnState.RECEIVED: (None, "not_inspected"),
    ReturnState.REPLACING: (Move.REFUND, "not_replaced"),
    ReturnState.REPLACED: (Move.REFUND, "replacement_late"),
    ReturnState.ESCALATED: (None, "undecided"),
}
"""What a state becomes at zero and with which outcome; no move means: as if the seller had approved."""


async def default(tx: Tx, order: Order, found: Return, *, by: Actor, at: datetime) -> Return:
    """Nobody acted in time: what the state's clock promises happens."""
    if found.state in (ReturnState.DECIDED, ReturnState.APPEALED):
        return await carry_out(tx, order, found, by=by, at=at)
    move, outcome = DEFAULTS[found.state]
    if move is None:
        return await approve(tx, order, found, outcome=outcome, by=by, at=at)
    if move is Move.REFUND:
        return await refund(tx, order, found, outcome=outcome, by=by, at=at)
    changes = Changes(outcome=outcome) if outcome else NOTHING
    return await go(tx, order, found, move, changes, by=by, at=at)
