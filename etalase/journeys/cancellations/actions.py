"""The verbs of cancelling: by buyer, seller and clock; asking and answering."""

from collections import Counter
from collections.abc import Mapping, Sequence

from etalase.commerce.orders import actions as orders
from etalase.commerce.orders import queries as order_queries
from etalase.commerce.orders.errors import MoveNotAllowed, OrderNotFound
from etalase.commerce.orders.facts import CancellationRejected, CancellationRequested, CancellationWithdrawn
from etalase.commerce.orders.rules import Move, Order, OrderLine, State, is_allowed
from etalase.commerce.payments import queries as payment_queries
from etalase.commerce.payments.rules import PROVIDER_OF_WALLET, PaymentState
from etalase.commerce.shipping import actions as shipping_actions
from etalase.commerce.shipping import queries as shipping
from etalase.commerce.shipping import rules as shipping_rules
from etalase.commerce.shipping.progress import packed
from etalase.commerce.shipping.queries import Parcel
from etalase.commerce.shipping.rules import OWN_COURIER, ParcelState
from etalase.foundation import clock
from etalase.foundation.deadlines import actions as deadlines
from etalase.foundation.deadlines import rules as due
from etalase.foundation.facts import Actor, record
from etalase.foundation.facts.model import SYSTEM
from etalase.foundation.policies.rules import book_of
from etalase.foundation.sql import Db, Tx
from etalase.journeys.cancellations import effects, queries, rules
from etalase.journeys.cancellations.effects import Cause
from etalase.journeys.cancellations.errors import CancelNotPossible, ReasonUnknown, RequestGone, UnitsInParcel
from etalase.journeys.cancellations.queries import Cancellation
from etalase.journeys.cancellations.rules import Rule

NOTE_CHARS_MAX = 500


async def cancel_by_buyer(
    db: Db, *, buyer_id: int, order_id: int, reason: str, note: str = "", units: Mapping[int, int] | None = None,
    to_wallet: bool | None = None,
) -> Rule:  # fmt: skip
    """Cancel the order, or units of it (line id -> quantity), at once or ask the seller, by the rule that applies now.

    Says which it was. `to_wallet` says where the buyer wants the money; none leaves what was said before. Raises OrderNotFound, ReasonUnknown, TooManyUnits, CancelNotPossible with the rule, or MoveNotAllowed
    for units of an unpaid order, whose sum to pay is fixed.
    """
    if reason not in rules.BUYER_REASONS:
        raise ReasonUnknown(reason)
    cause = Cause(Actor.buyer(buyer_id), reason, note[:NOTE_CHARS_MAX])
    async with db.for_buyer(buyer_id).transaction() as tx:
        order = await order_queries.order_of_buyer(tx, buyer_id=buyer_id, order_id=order_id)
        if order is None:
            raise OrderNotFound(order_id)
        order = await _lock_after_payments(tx, order)
        if to_wallet is not None:
            await payment_queries.wish(tx, buyer_id=buyer_id, order_id=order_id, to_wallet=to_wallet, at=clock.now())
        lines = await order_queries.lines_of(tx, shop_id=order.shop_id, order_id=order.id)
        rule = await rule_now(tx, order)
        if rule is not Rule.AT_ONCE and rule is not Rule.ASKS_SELLER:
            raise CancelNotPossible(rule)
        chosen = rules.chosen_units(lines, units)
        if rule is Rule.AT_ONCE and not rules.is_all_of(lines, chosen):
            return await _cancel_units_at_once(tx, order, lines, chosen, cause)
        if rule is Rule.AT_ONCE:
            await _cancel(tx, order, cause, payment_state=PaymentState.CANCELLED)
        else:
            await _ask(tx, order, cause, chosen)
        return rule


async def _cancel_units_at_once(
    tx: Tx, order: Order, lines: list[OrderLine], chosen: Mapping[int, int], cause: Cause
) -> Rule:
    """Of what lies in no parcel yet; for packed units the seller is asked."""
    if order.state is State.UNPAID:
        raise MoveNotAllowed(order.state, Move.CANCEL)
    if not rules.lie_free(chosen, await _free_units(tx, order, lines)):
        await _ask(tx, order, cause, chosen)
        return Rule.ASKS_SELLER
    await effects.cancel_some(tx, order, lines, chosen, cause, at=clock.now())
    return Rule.AT_ONCE


async def _free_units(tx: Tx, order: Order, lines: Sequence[OrderLine]) -> dict[int, int]:
    """Line id -> units that lie in no parcel."""
    parcels = await shipping.parcels_of_order(tx, shop_id=order.shop_id, order_id=order.id)
    return shipping_rules.units_left({line.id: line.open_quantity for line in lines}, packed(parcels))


async def rule_now(tx: Tx, order: Order) -> Rule:
    """The rule for the buyer's cancel button at this moment, as the order's own policies have it."""
    parcels = await shipping.parcels_of_order(tx, shop_id=order.shop_id, order_id=order.id)
    request = await queries.lock_request(tx, shop_id=order.shop_id, order_id=order.id)
    return rules.rule_for_buyer(
        order,
        free_until=str(book_of(order.policies).find("cancel.free_until").value),
        has_open_request=request is not None,
        has_collected_parcel=has_left(parcels),
    )


async def _lock_after_payments(tx: Tx, seen: Order) -> Order:
    """Payments are locked before orders everywhere, so an unpaid order's payment comes first.

    What the wallet pays whole is as good as paid: raises MoveNotAllowed for the moment until it is.
    """
    attempts = []
    if seen.state is State.UNPAID:
        attempts = await payment_queries.lock_payments_of_purchase(
            tx, buyer_id=seen.buyer_id, purchase_id=seen.purchase_id
        )
    order = await orders.lock(tx, shop_id=seen.shop_id, order_id=seen.id)
    if any((one.provider, one.state) == (PROVIDER_OF_WALLET, PaymentState.PENDING) for one in attempts):
        raise MoveNotAllowed(order.state, Move.CANCEL)
    return order


async def _cancel(
    tx: Tx, order: Order, cause: Cause, *, payment_state: PaymentState, request_id: int | None = None
) -> Order:
    at = clock.now()
    was_unpaid = order.state is State.UNPAID
    cancelled = await effects.cancel_all(tx, order, cause, at=at, request_id=request_id)
    if was_unpaid:
        await effects.end_pending_payment(tx, order, state=payment_state, by=cause.by, at=at)
    return cancelled


async def _ask(tx: Tx, order: Order, cause: Cause, units: Mapping[int, int]) -> None:
    at = clock.now()
    request_id = await queries.insert_cancellation(
        tx,
        order,
        state="requested",
        by=cause.by,
        reason=cause.reason,
        note=cause.note,
        restock=True,
        refund_minor=0,
        at=at,
    )
    await queries.insert_cancellation_lines(tx, shop_id=order.shop_id, cancellation_id=request_id, units=units)
    limit = due.seller_response_due(at, book_of(order.policies))
    await deadlines.start(
        tx,
        limit.clock(
            "cancel.seller_response",
            shop_id=order.shop_id,
            order_id=order.id,
            subject_kind="cancellation",
            subject_id=request_id,
        ),
        at=at,
    )
    fact = CancellationRequested(
        shop_id=order.shop_id,
        subject_id=request_id,
        order_id=order.id,
        buyer_id=order.buyer_id,
        reason=cause.reason,
        units=sum(units.values()),
    )
    await record(tx, fact, by=cause.by, at=at)


async def answer_request(db: Db, *, shop_id: int, order_id: int, is_approved: bool, answer: str, by: Actor) -> Order:
    """The seller's answer to a buyer who asks to cancel; raises RequestGone or MoveNotAllowed."""
    async with db.for_shop(shop_id).transaction() as tx:
        order = await orders.lock(tx, shop_id=shop_id, order_id=order_id)
        if is_approved:
            return await _approve(tx, order, by=by)
        await _end_request(tx, order, state="rejected", answer=answer[:NOTE_CHARS_MAX], by=by)
        return order


async def approve_by_clock(db: Db, *, shop_id: int, order_id: int) -> Order:
    """Nobody answered in time: the buyer's request counts as approved."""
    async with db.for_shop(shop_id).transaction() as tx:
        order = await orders.lock(tx, shop_id=shop_id, order_id=order_id)
        return await _approve(tx, order, by=SYSTEM)


async def _approve(tx: Tx, order: Order, *, by: Actor) -> Order:
    at = clock.now()
    request = await queries.lock_request(tx, shop_id=order.shop_id, order_id=order.id)
    if request is None:
        raise RequestGone
    if not is_allowed(order.state, Move.CANCEL) or await _has_left(tx, order):
        raise MoveNotAllowed(order.state, Move.CANCEL)
    lines = await order_queries.lines_of(tx, shop_id=order.shop_id, order_id=order.id)
    units = await _units_asked_for(tx, request, lines)
    if not units:  # the shop has cancelled them meanwhile
        await _end_request(tx, order, state="withdrawn", answer="", by=by)
        return order
    await queries.decide_request(
        tx,
        request,
        state="done",
        decided_by=by.kind,
        answer="",
        refund_minor=rules.refund_of(order, lines, units) if order.is_paid else 0,
        at=at,
    )
    cause = Cause(Actor("buyer", request.actor_id), request.reason, request.note)
    if rules.is_all_of(lines, units):
        return await _cancel(tx, order, cause, payment_state=PaymentState.CANCELLED, request_id=request.id)
    await deadlines.stop(tx, shop_id=order.shop_id, subject_kind="cancellation", subject_id=request.id, at=at)
    if not rules.lie_free(units, await _free_units(tx, order, lines)):
        await shipping_actions.cancel_parcels(tx, order, by=by, reason=cause.reason, at=at)
    return await effects.cancel_some(tx, order, lines, units, cause, at=at, request_id=request.id)


async def _units_asked_for(tx: Tx, request: Cancellation, lines: Sequence[OrderLine]) -> dict[int, int]:
    """Line id -> units of the request that the order still has."""
    asked = await queries.units_of(tx, shop_id=request.shop_id, cancellation_ids=[request.id])
    open_units = {line.id: line.open_quantity for line in lines}
    units = {unit.order_line_id: min(unit.quantity, open_units[unit.order_line_id]) for unit in asked}
    return {line_id: quantity for line_id, quantity in units.items() if quantity}


async def _has_left(tx: Tx, order: Order) -> bool:
    return has_left(await shipping.parcels_of_order(tx, shop_id=order.shop_id, order_id=order.id))


def has_left(parcels: Sequence[Parcel]) -> bool:
    """Whether a courier has taken anything of what the order still is; what failed and was settled does not count."""
    return any(parcel.collected_at is not None and not parcel.units_ended for parcel in parcels)


async def withdraw_request(db: Db, *, buyer_id: int, order_id: int) -> None:
    """The buyer takes the request back; raises OrderNotFound or RequestGone."""
    async with db.for_buyer(buyer_id).transaction() as tx:
        order = await orders.lock_of_buyer(tx, buyer_id=buyer_id, order_id=order_id)
        await _end_request(tx, order, state="withdrawn", answer="", by=Actor.buyer(buyer_id))


async def lapse_request(db: Db, *, shop_id: int, order_id: int) -> None:
    """The parcel was collected before the seller answered: the request ends; the buyer may refuse or return the parcel."""
    async with db.for_shop(shop_id).transaction() as tx:
        order = await orders.lock(tx, shop_id=shop_id, order_id=order_id)
        if await queries.lock_request(tx, shop_id=shop_id, order_id=order_id) is not None:
            await _end_request(tx, order, state="withdrawn", answer="", by=SYSTEM)


async def _end_request(tx: Tx, order: Order, *, state: str, answer: str, by: Actor) -> None:
    at = clock.now()
    request = await queries.lock_request(tx, shop_id=order.shop_id, order_id=order.id)
    if request is None:
        raise RequestGone
    await queries.decide_request(tx, request, state=state, decided_by=by.kind, answer=answer, refund_minor=0, at=at)
    await deadlines.stop(tx, shop_id=order.shop_id, subject_kind="cancellation", subject_id=request.id, at=at)
    about = {"shop_id": order.shop_id, "subject_id": request.id, "order_id": order.id, "buyer_id": order.buyer_id}
    fact = CancellationRejected(**about, answer=answer) if state == "rejected" else CancellationWithdrawn(**about)
    await record(tx, fact, by=by, at=at)


async def cancel_by_seller(
    db: Db,
    *,
    shop_id: int,
    order_id: int,
    units: Mapping[int, int] | None,
    reason: str,
    note: str,
    restock: bool,
    by: Actor,
) -> Order:
    """Cancel the order, or units of it (line id -> quantity) that lie in no parcel; stock and money go back.

    Raises OrderNotFound, ReasonUnknown, MoveNotAllowed, TooManyUnits, UnitsInParcel.
    """
    if reason not in rules.SELLER_REASONS:
        raise ReasonUnknown(reason)
    cause = Cause(by, reason, note[:NOTE_CHARS_MAX], restock=restock)
    async with db.for_shop(shop_id).transaction() as tx:
        seen = await order_queries.order_of_shop(tx, shop_id=shop_id, order_id=order_id)
        if seen is None:
            raise OrderNotFound(order_id)
        order = await _lock_after_payments(tx, seen)
        if not is_allowed(order.state, Move.CANCEL):
            raise MoveNotAllowed(order.state, Move.CANCEL)
        lines = await order_queries.lines_of(tx, shop_id=shop_id, order_id=order_id)
        chosen = rules.chosen_units(lines, units)
        if chosen == rules.chosen_units(lines, None):
            return await _cancel_whole(tx, order, cause)
        if order.state is State.UNPAID:
            raise MoveNotAllowed(
                order.state, Move.CANCEL
            )  # the sum to pay is fixed: an unpaid order is cancelled whole
        if not rules.lie_free(chosen, await _free_units(tx, order, lines)):
            raise UnitsInParcel
        return await effects.cancel_some(tx, order, lines, chosen, cause, at=clock.now())


async def _cancel_whole(tx: Tx, order: Order, cause: Cause) -> Order:
    if await _has_left(tx, order):
        raise UnitsInParcel
    request = await queries.lock_request(tx, shop_id=order.shop_id, order_id=order.id)
    if request is not None:
        lines = await order_queries.lines_of(tx, shop_id=order.shop_id, order_id=order.id)
        if rules.is_all_of(lines, await _units_asked_for(tx, request, lines)):
            return await _approve(tx, order, by=cause.by)
    return await _cancel(tx, order, cause, payment_state=PaymentState.CANCELLED)


CLOCK_REASONS = {
    "payment.deadline": "unpaid",
    "confirm.deadline": "not_confirmed",
    "ship.autocancel": "not_arranged",
    "collect.autocancel": "not_collected",
}


async def cancel_by_clock(db: Db, *, shop_id: int, order_id: int, kind: str) -> Order:
    """A clock ran out with nobody acting: the order is cancelled for that reason. Raises MoveNotAllowed if somebody acted."""
    async with db.for_shop(shop_id).transaction() as tx:
        seen = await order_queries.order_of_shop(tx, shop_id=shop_id, order_id=order_id)
        if seen is None:
            raise OrderNotFound(order_id)
        order = await _lock_after_payments(tx, seen)
        if order.state not in CLOCK_STATES[kind]:
            raise MoveNotAllowed(order.state, Move.CANCEL)
        cause = Cause(SYSTEM, CLOCK_REASONS[kind])
        if await _has_left(tx, order):
            return await _cancel_unsent(tx, order, cause)
        return await _cancel(tx, order, cause, payment_state=PaymentState.EXPIRED)


async def _cancel_unsent(tx: Tx, order: Order, cause: Cause) -> Order:
    """Some of the order is under way: only what no courier has taken is cancelled."""
    at = clock.now()
    await shipping_actions.cancel_parcels(tx, order, by=SYSTEM, reason=cause.reason, at=at)
    lines = await order_queries.lines_of(tx, shop_id=order.shop_id, order_id=order.id)
    return await effects.cancel_some(tx, order, lines, await _free_units(tx, order, lines), cause, at=at)


CLOCK_STATES: Mapping[str, tuple[State, ...]] = {
    "payment.deadline": (State.UNPAID,),
    "confirm.deadline": (State.NEW,),
    "ship.autocancel": (State.NEW, State.AWAITING_SHIPMENT),
    "collect.autocancel": (State.AWAITING_COLLECTION,),
}


async def parcel_failed(
    db: Db, *, shop_id: int, order_id: int, parcel_id: int, fact_id: int, reason: str
) -> Order | None:
    """A parcel came back or was lost: its units end and their money goes back; with the last parcel the order ends.

    None when this was done before (`fact_id` names the cancellation), or when the order has finished otherwise.
    """
    async with db.for_shop(shop_id).transaction() as tx:
        order = await orders.lock(tx, shop_id=shop_id, order_id=order_id)
        done = await queries.cancellations_of_order(tx, shop_id=shop_id, order_id=order_id)
        if order.is_finished or any(cancellation.id == fact_id for cancellation in done):
            return None
        parcels = await shipping.parcels_of_order(tx, shop_id=shop_id, order_id=order_id)
        failed = next(parcel for parcel in parcels if parcel.id == parcel_id)
        if failed.units_ended:
            return None
        await shipping.end_units(tx, failed)
        cause = Cause(SYSTEM, reason, restock=False, move=Move.LOSE, id=fact_id)
        lives_on = any(parcel.state in ("awaiting_collection", "in_transit", "delivered") for parcel in parcels)
        if not lives_on and is_allowed(order.state, Move.LOSE):
            return await _cancel(tx, order, cause, payment_state=PaymentState.CANCELLED)
        lines = await order_queries.lines_of(tx, shop_id=shop_id, order_id=order_id)
        return await effects.cancel_some(tx, order, lines, failed.units, cause, at=clock.now())


async def cancel_undelivered(db: Db, *, shop_id: int, order_id: int) -> Order:
    """The shop's own courier did not deliver in time: what it carries ends and its money goes back.

    The order ends with it unless other parcels arrived or are under way. Raises MoveNotAllowed when nothing is late.
    """
    async with db.for_shop(shop_id).transaction() as tx:
        order = await orders.lock(tx, shop_id=shop_id, order_id=order_id)
        if not is_allowed(order.state, Move.LOSE):
            raise MoveNotAllowed(order.state, Move.LOSE)
        cause = Cause(SYSTEM, "not_delivered", restock=False, move=Move.LOSE)
        parcels = await shipping.parcels_of_order(tx, shop_id=shop_id, order_id=order_id)
        # one that another order in it has given up already is lost, and still holds this order's units
        late = [
            parcel
            for parcel in parcels
            if parcel.carrier == OWN_COURIER
            and (parcel.state is ParcelState.IN_TRANSIT or parcel.state is ParcelState.LOST)
            and not parcel.units_ended
        ]
        if not late:
            raise MoveNotAllowed(order.state, Move.LOSE)
        for parcel in late:
            await shipping.compare_and_set(
                tx, parcel, ParcelState.LOST, sources=[ParcelState.IN_TRANSIT], at=clock.now()
            )
            await shipping.end_units(tx, parcel)
        if not any(parcel.is_open or parcel.state is ParcelState.DELIVERED for parcel in parcels if parcel not in late):
            return await _cancel(tx, order, cause, payment_state=PaymentState.CANCELLED)
        lines = await order_queries.lines_of(tx, shop_id=shop_id, order_id=order_id)
        units = sum((Counter(parcel.units) for parcel in late), Counter[int]())
        return await effects.cancel_some(tx, order, lines, units, cause, at=clock.now())
