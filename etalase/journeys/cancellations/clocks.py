"""What happens at zero, and what parcels do to requests: handlers of deadlines and reactions to facts."""

from etalase.commerce.orders import actions as orders
from etalase.commerce.orders.errors import MoveNotAllowed, OrderNotFound
from etalase.foundation.deadlines.errors import Obsolete
from etalase.foundation.deadlines.rules import Deadline
from etalase.foundation.facts import RecordedFact
from etalase.foundation.sql import Db
from etalase.journeys.cancellations import actions
from etalase.journeys.cancellations.errors import RequestGone


async def cancel(db: Db, deadline: Deadline) -> None:
    """Nobody acted in time: the order is cancelled, and what was paid goes back."""
    try:
        await actions.cancel_by_clock(db, shop_id=deadline.shop_id, order_id=deadline.order_id, kind=deadline.kind)
    except (MoveNotAllowed, OrderNotFound) as error:
        raise Obsolete from error


async def approve(db: Db, deadline: Deadline) -> None:
    """The seller did not answer in time: the buyer's request to cancel counts as approved."""
    try:
        await actions.approve_by_clock(db, shop_id=deadline.shop_id, order_id=deadline.order_id)
    except (MoveNotAllowed, OrderNotFound, RequestGone) as error:
        raise Obsolete from error


async def complete(db: Db, deadline: Deadline) -> None:
    """The time to check is over: the order completes by itself."""
    try:
        await orders.complete_by_clock(db, shop_id=deadline.shop_id, order_id=deadline.order_id)
    except (MoveNotAllowed, OrderNotFound) as error:
        raise Obsolete from error


async def mark_late(db: Db, deadline: Deadline) -> None:
    """The promised time to ship is over. The fired clock itself is the mark; both sides see it."""


async def give_up_own_courier(db: Db, deadline: Deadline) -> None:
    """The shop's own courier did not deliver in time: the order ends and the money goes back."""
    try:
        await actions.cancel_undelivered(db, shop_id=deadline.shop_id, order_id=deadline.order_id)
    except (MoveNotAllowed, OrderNotFound) as error:
        raise Obsolete from error


async def lapse_request(db: Db, recorded: RecordedFact) -> None:
    """Reaction to a collected parcel: a request to cancel that nobody answered has come too late."""
    if recorded.order_id is not None:
        await actions.lapse_request(db, shop_id=recorded.shop_id, order_id=recorded.order_id)


async def parcel_failed(db: Db, recorded: RecordedFact) -> None:
    """Reaction to a returned or lost parcel: its units end and their money goes back."""
    if recorded.order_id is not None:
        reason = "lost" if recorded.name == "parcel.lost" else "returned"
        await actions.parcel_failed(
            db, shop_id=recorded.shop_id, order_id=recorded.order_id, parcel_id=recorded.subject_id,
            fact_id=recorded.id, reason=reason,
        )  # fmt: skip
