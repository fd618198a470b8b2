"""Plots that end in a claim which waits for somebody: the seller, the operator, or who lost."""

from collections.abc import Callable
from datetime import datetime, timedelta

from demo.loading.claims import ClaimStory
from demo.loading.plots import FAST, Plot, Scene, walk
from demo.loading.timeline import DAY, Times
from etalase.commerce.orders.rules import State

ASKED_AFTER, ANSWERED_AFTER = timedelta(hours=1), timedelta(hours=5)
REVIEWED_AFTER = ANSWERED_AFTER + timedelta(hours=48)
DECIDED_AFTER = REVIEWED_AFTER + timedelta(hours=9)


def _between(first: timedelta, last: timedelta) -> Callable[[Times, datetime], bool]:
    def fits(times: Times, now: datetime) -> bool:
        return times.delivered + first + timedelta(minutes=20) < now < times.delivered + last - timedelta(hours=3)

    return fits


def _claimed(*, until: str) -> Callable[[Scene], None]:
    def tell(scene: Scene) -> None:
        purchase = walk(scene, until=State.DELIVERED)
        order, delivered = purchase.orders[0], scene.times[0].delivered
        claim = ClaimStory(order, delivered + ASKED_AFTER)
        if until != "asked":
            claim.refuse(delivered + ANSWERED_AFTER)
            claim.review()
        if until == "decided":
            claim.decide(delivered + DECIDED_AFTER, operator_id=scene.telling.operator_id)
        claim.close()
        purchase.close()

    return tell


CLAIMED: dict[str, Plot] = {
    "claim_asked": Plot(
        _between(ASKED_AFTER, ASKED_AFTER + timedelta(hours=48)), _claimed(until="asked"), (2 * DAY, 23 * DAY), FAST
    ),
    "claim_review": Plot(
        _between(REVIEWED_AFTER, REVIEWED_AFTER + timedelta(hours=72)), _claimed(until="review"), (3 * DAY, 23 * DAY), FAST
    ),
    "claim_decided": Plot(
        _between(DECIDED_AFTER, DECIDED_AFTER + timedelta(hours=48)), _claimed(until="decided"), (3 * DAY, 23 * DAY), FAST
    ),
}  # fmt: skip
