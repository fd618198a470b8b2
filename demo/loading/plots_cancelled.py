"""Plots that end, wholly or in part, in a cancellation."""

from collections.abc import Callable
from datetime import datetime, timedelta

from demo.loading import cancelling, shipping
from demo.loading.cancelling import Why
from demo.loading.moments import spread
from demo.loading.orders import OrderStory
from demo.loading.parcels import Scan
from demo.loading.plots import FAST, PLOTS, SLOW, Plot, Scene, carry, walk
from demo.loading.timeline import DAY, HOUR, MINUTE, Times
from demo.world.people import CANCEL_NOTES
from etalase.commerce.orders.rules import State
from etalase.foundation.facts import Actor
from etalase.journeys.cancellations.rules import BUYER_REASONS

AGES = (3 * DAY, 118 * DAY)
ANSWERS = (
    "Paket sudah dijemput kurir sore ini, mohon diterima dulu ya kak.",
    "Pesanan sudah dikemas dan masuk antrean jemput, maaf belum bisa dibatalkan.",
)
MONEY_REASONS = ("changed_mind", "wrong_variant", "cheaper_elsewhere", "too_slow", "wrong_address")
NO_PAYMENT_REASONS = ("payment_trouble", "changed_mind", "cheaper_elsewhere")


def _why(scene: Scene, reasons: tuple[str, ...], *, refund: str = "done") -> Why:
    """The buyer's reason, with a word of explanation now and then."""
    dice = scene.telling.dice
    reason = dice.choice([reason for reason in reasons if reason in BUYER_REASONS])
    note = dice.choice(CANCEL_NOTES[:4]) if dice.random() < 0.4 else ""
    return Why(Actor.buyer(scene.buyer.id), reason, note, refund=refund)


def _before(end: datetime, start: datetime, share: float) -> datetime:
    return start + (end - start) * share


def _by_buyer_unpaid(scene: Scene) -> None:
    purchase = walk(scene, until=State.UNPAID)
    at = purchase.placed_at + spread(scene.telling.dice, 4 * MINUTE, 50 * MINUTE)
    for order in purchase.orders:
        cancelling.cancel(order, at, _why(scene, NO_PAYMENT_REASONS))
    purchase.close()


def _by_buyer(refund: str) -> Callable[[Scene], None]:
    """Paid, not yet packed: free to cancel at once."""

    def tell(scene: Scene) -> None:
        purchase = walk(scene, until=State.AWAITING_SHIPMENT)
        order, times = purchase.orders[0], scene.times[0]
        latest = min(times.arranged, scene.telling.now)
        at = _before(latest, times.confirmed, 0.6)
        if refund in ("approved", "sent"):  # steps of the first minutes
            at = max(times.confirmed, scene.telling.now) - spread(scene.telling.dice, MINUTE, 3 * MINUTE)
        cancelling.cancel(order, at, _why(scene, MONEY_REASONS, refund=refund))
        purchase.close()

    return tell


def _by_seller(reason: str, note: str, *, until: State = State.AWAITING_SHIPMENT) -> Callable[[Scene], None]:
    def tell(scene: Scene) -> None:
        purchase = walk(scene, until=until)
        order, times = purchase.orders[0], scene.times[0]
        earliest = max(times.confirmed, order.updated_at)
        latest = min(max(times.arranged, earliest), scene.telling.now)
        cancelling.cancel(order, _before(latest, earliest, 0.8), Why(order.seller, reason, note))
        purchase.close()

    return tell


def _by_clock(kind: str, until: State, *, refund: str = "done") -> Callable[[Scene], None]:
    def tell(scene: Scene) -> None:
        purchase = walk(scene, until=until)
        for order in purchase.orders:
            cancelling.cancel_by_clock(order, kind, refund=refund)
        purchase.close()

    return tell


def _asked(
    end: Callable[[Scene, OrderStory, cancelling.Request, Times], None], *, is_open: bool = False
) -> Callable[[Scene], None]:
    """Shipping was arranged when the buyer asked to cancel, and no courier has come, to this day if it `is_open`."""

    def tell(scene: Scene) -> None:
        purchase = walk(scene, until=State.AWAITING_COLLECTION)
        order, times = purchase.orders[0], scene.times[0]
        latest = scene.telling.now if is_open else times.collected
        at = _before(latest, max(times.arranged, latest - timedelta(hours=20)), 0.4)
        end(scene, order, cancelling.ask(order, at, _why(scene, MONEY_REASONS)), times)
        purchase.close()

    return tell


def _leave(_scene: Scene, order: OrderStory, request: cancelling.Request, _times: Times) -> None:
    cancelling.leave(order, request)
    order.telling.journeys.pop(order.parcels[0].id)  # no courier comes before the answer


def _reject(scene: Scene, order: OrderStory, request: cancelling.Request, times: Times) -> None:
    """The parcel goes its way after all."""
    latest = min(times.collected, scene.telling.now)
    cancelling.reject(order, request, _before(latest, request.at, 0.6), scene.telling.dice.choice(ANSWERS))
    carry(order, order.parcels[0], times.scans)


def _approve(_scene: Scene, order: OrderStory, request: cancelling.Request, times: Times) -> None:
    cancelling.approve(order, request, _before(times.collected, request.at, 0.7))


def _silent(_scene: Scene, order: OrderStory, request: cancelling.Request, _times: Times) -> None:
    """The carrier did not come and the seller did not answer."""
    at = order.clocks.due_at("cancel.seller_response") + timedelta(seconds=2)
    cancelling.approve(order, request, at, by_clock=True)


def _part(*, until: State) -> Callable[[Scene], None]:
    """One line turns out to be sold out; the rest is sent."""

    def tell(scene: Scene) -> None:
        purchase = walk(scene, until=State.AWAITING_SHIPMENT)
        order, times = purchase.orders[0], scene.times[0]
        at = _before(min(times.arranged, scene.telling.now), times.confirmed, 0.7)
        last = order.lines[-1]
        why = Why(order.seller, "no_stock", CANCEL_NOTES[4])
        cancelling.cancel_units(order, at, why, {last.id: last.open})
        if until is not State.AWAITING_SHIPMENT:
            carry(order, shipping.arrange(order, times.arranged), times.scans)
            _receive(order, times)
        purchase.close()

    return tell


def _receive(order: OrderStory, times: Times) -> None:
    if order.state is State.DELIVERED and times.completed <= order.telling.now:
        order.complete(min(times.completed, order.clocks.due_at("deliver.autocomplete")))


def _fails(code: str, reason: str) -> Callable[[Scene], None]:
    """The carrier lost it, or brought it back after a vain attempt."""

    def tell(scene: Scene) -> None:
        purchase = walk(scene, until=State.AWAITING_SHIPMENT)
        order, times = purchase.orders[0], scene.times[0]
        parcel = shipping.arrange(order, times.arranged)
        half = max(2, len(times.scans) - 2)
        where = times.scans[0].place if code == "RTN" else times.scans[half - 1].place
        end = Scan(code, where, times.delivered + timedelta(days=3))
        carry(order, parcel, (*times.scans[:half], end))
        cancelling.lose(order, end.at + timedelta(minutes=1), reason)
        purchase.close()

    return tell


def _past(days: float) -> Callable[[Times, datetime], bool]:
    return lambda times, now: max(times.placed + timedelta(days=days), times.confirmed + timedelta(minutes=10)) < now


def _lapsed(step: Callable[[Times], datetime]) -> Callable[[Times, datetime], bool]:
    """The clock of a step ran out some time ago."""
    return lambda times, now: max(step(times), times.arranged) + timedelta(hours=2) < now


def _collected(times: Times, now: datetime) -> bool:
    return times.collected < now


def _just_confirmed(times: Times, now: datetime) -> bool:
    return times.confirmed + timedelta(minutes=4) < now < times.arrange_by - timedelta(hours=1)


def _asked_today(times: Times, now: datetime) -> bool:
    return times.arranged + timedelta(minutes=15) < now < times.collect_by - timedelta(hours=3)


def _under_way(times: Times, now: datetime) -> bool:
    return times.collected + timedelta(hours=1) < now < times.delivered - timedelta(hours=3)


def _silence_fits(times: Times, now: datetime) -> bool:
    return _collected(times, now - timedelta(days=4)) and times.arranged + timedelta(hours=50) < times.collect_by


def _lost_long_ago(times: Times, now: datetime) -> bool:
    return times.delivered + timedelta(days=4) < now and len(times.scans) > 4


CANCELLED: dict[str, Plot] = {
    "cancelled_unpaid": Plot(_past(1), _by_buyer_unpaid, AGES, SLOW),
    "cancelled_by_buyer": Plot(_past(4), _by_buyer("done"), AGES),
    "cancelled_just_now": Plot(_just_confirmed, _by_buyer("approved"), (15 * MINUTE, 14 * DAY), FAST),
    "cancelled_today": Plot(_just_confirmed, _by_buyer("sent"), (15 * MINUTE, 14 * DAY), FAST),
    "cancelled_refund_failed": Plot(_past(4), _by_buyer("failed"), (4 * DAY, 20 * DAY), ("card", "bca_va")),
    "cancelled_no_stock": Plot(_past(4), _by_seller("no_stock", CANCEL_NOTES[4]), AGES),
    "cancelled_cannot_ship": Plot(_past(4), _by_seller("cannot_ship", ""), AGES),
    "cancelled_buyer_asked": Plot(_past(4), _by_seller("buyer_asked", CANCEL_NOTES[1]), AGES),
    "cancelled_cod": Plot(_past(4), _by_seller("price_error", ""), AGES, ("cod",)),
    "lapsed_unpaid": Plot(_past(2), _by_clock("payment.deadline", State.UNPAID), (2 * DAY, 118 * DAY), SLOW),
    "lapsed_unconfirmed": Plot(_lapsed(lambda times: times.confirm_by), _by_clock("confirm.deadline", State.NEW), (14 * DAY, 118 * DAY), by_hand=True),
    "lapsed_unarranged": Plot(
        _lapsed(lambda times: times.arrange_by), _by_clock("ship.autocancel", State.AWAITING_SHIPMENT), (21 * DAY, 118 * DAY)
    ),
    "lapsed_uncollected": Plot(
        _lapsed(lambda times: times.collect_by), _by_clock("collect.autocancel", State.AWAITING_COLLECTION), (21 * DAY, 118 * DAY)
    ),
    "request_open": Plot(_asked_today, _asked(_leave, is_open=True), (3 * HOUR, 16 * DAY)),
    "request_rejected": Plot(_under_way, _asked(_reject), (8 * HOUR, 16 * DAY)),
    "request_approved": Plot(_collected, _asked(_approve), (10 * DAY, 118 * DAY)),
    "request_unanswered": Plot(_silence_fits, _asked(_silent), (12 * DAY, 118 * DAY)),
    "part_cancelled": Plot(_past(21), _part(until=State.COMPLETED), (21 * DAY, 118 * DAY), lines=(3,)),
    "part_cancelled_under_way": Plot(_under_way, _part(until=State.COMPLETED), (8 * HOUR, 16 * DAY), lines=(3,)),
    "returned": Plot(_lost_long_ago, _fails("RTN", "returned"), (18 * DAY, 118 * DAY)),
    "lost": Plot(_lost_long_ago, _fails("LST", "lost"), (18 * DAY, 118 * DAY)),
}  # fmt: skip
ALL_PLOTS: dict[str, Plot] = PLOTS | CANCELLED
