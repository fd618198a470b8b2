"""What the end of a claim does, inside one transaction: money, the order, the case, clocks."""

from datetime import datetime

from etalase.commerce.evidence import actions as evidence
from etalase.commerce.ledger import actions as ledger
from etalase.commerce.orders import actions as orders
from etalase.commerce.orders import queries as order_queries
from etalase.commerce.orders.rules import Order, State
from etalase.commerce.shipping import queries as shipping
from etalase.foundation.deadlines import actions as deadlines
from etalase.foundation.facts import Actor, record
from etalase.foundation.sql import Tx
from etalase.journeys.checkout.refunding import Cause, give_back
from etalase.journeys.claims import queries, rules
from etalase.journeys.claims.facts import ClaimClosed
from etalase.journeys.claims.rules import Claim, Step


async def end(
    tx: Tx, order: Order, claim: Claim, step: Step, *, outcome: str, by: Actor, at: datetime, has_answer: bool = False
) -> Claim:
    """Close a locked claim: pay what it grants, close its case, tell. With all money back the order is complete."""
    is_granted = outcome in ("granted", "agreed")
    paid_minor = await _pay(tx, order, claim, at=at) if is_granted else 0
    closed = await queries.close(
        tx, claim, step, outcome=outcome, paid_minor=paid_minor, at=at, has_answer=has_answer
    )  # fmt: skip
    await deadlines.stop(tx, shop_id=order.shop_id, subject_kind="case", subject_id=claim.id, at=at)
    case = await evidence.lock(tx, shop_id=order.shop_id, case_id=claim.id)
    await evidence.close_case(tx, case, at=at)
    fact = ClaimClosed(
        shop_id=order.shop_id, subject_id=claim.id, order_id=order.id, buyer_id=order.buyer_id, kind=claim.kind,
        outcome=outcome, opened_by=claim.opened_by, paid_minor=paid_minor,
    )  # fmt: skip
    await record(tx, fact, by=by, at=at)
    await _complete_if_empty(tx, order, by=by, at=at)
    return closed


async def _pay(tx: Tx, order: Order, claim: Claim, *, at: datetime) -> int:
    if claim.kind == "not_received":
        amount = min(claim.amount_minor, await _give_up(tx, order, claim))
        await _refund(tx, order, amount, claim=claim, at=at)
        return amount
    amount = claim.amount_minor if claim.opened_by == "seller" else min(claim.amount_minor, order.kept_minor)
    await ledger.pay_insurance(
        tx, shop_id=order.shop_id, order_id=order.id, currency=order.currency, amount_minor=amount, to=claim.opened_by,
        at=at, reference_id=claim.id,
    )  # fmt: skip
    if claim.opened_by == "buyer":
        await _refund(tx, order, amount, claim=claim, at=at)
    return amount


async def _give_up(tx: Tx, order: Order, claim: Claim) -> int:
    """Take the parcel's units off what can still be returned; answers what they are worth now."""
    keys = {"shop_id": order.shop_id, "order_id": order.id}
    lines = await order_queries.lines_of(tx, **keys)
    parcels = await shipping.parcels_of_order(tx, **keys)
    parcel = next(parcel for parcel in parcels if parcel.id == claim.parcel_id)
    worth = rules.worth_of(order, lines, parcel)
    await order_queries.give_up_units(tx, **keys, units=rules.units_of(lines, parcel), parts=worth.parts)
    return worth.total_minor


async def _refund(tx: Tx, order: Order, amount_minor: int, *, claim: Claim, at: datetime) -> None:
    """Send money of the order back to the buyer, by the way it came."""
    if amount_minor <= 0:
        return
    await give_back(tx, order, amount_minor, Cause("claim", case_id=claim.id), at=at)
    await order_queries.count_off_units(tx, order, units=0, refund_minor=amount_minor, at=at)


async def _complete_if_empty(tx: Tx, order: Order, *, by: Actor, at: datetime) -> None:
    """A delivered order of which nothing is kept has nothing left to wait for."""
    now = await orders.lock(tx, shop_id=order.shop_id, order_id=order.id)
    if now.state is State.DELIVERED and now.kept_minor == 0:
        await orders.complete_locked(tx, now, by=by, at=at)
