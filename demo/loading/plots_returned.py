"""Plots that end in a return: asked for, on its way back, disputed, refunded, or with a replacement on its way."""

from collections.abc import Callable
from datetime import datetime, timedelta

from demo.loading.plots import FAST, Plot, Scene, walk
from demo.loading.returning import ReturnStory
from demo.loading.timeline import DAY, Times
from etalase.commerce.orders.rules import State
from etalase.journeys.returns.rules import Kind

HOURS = timedelta(hours=1)
ASKED, ANSWERED, DISPUTED, LABELLED, COLLECTED = 2 * HOURS, 7 * HOURS, 9 * HOURS, 10 * HOURS, 26 * HOURS
INSPECTED, SENT_AGAIN, COLLECTED_AGAIN = 90 * HOURS, 92 * HOURS, 96 * HOURS
"""When things happen after the delivery."""


def _between(first: timedelta, last: timedelta) -> Callable[[Times, datetime], bool]:
    def fits(times: Times, now: datetime) -> bool:
        return times.delivered + first + timedelta(minutes=20) < now < times.delivered + last

    return fits


def _returned(*, until: str, kind: Kind = Kind.RETURN_AND_REFUND) -> Callable[[Scene], None]:
    def tell(scene: Scene) -> None:
        purchase = walk(scene, until=State.DELIVERED)
        order, delivered = purchase.orders[0], scene.times[0].delivered
        story = ReturnStory(order, delivered + ASKED, kind=kind)
        if until == "disputed":
            story.dispute(delivered + ANSWERED, delivered + DISPUTED)
        elif until != "asked":
            story.approve(delivered + ANSWERED)
            story.send_back(delivered + LABELLED, collected_at=delivered + COLLECTED)
        if until in ("refunded", "replaced"):
            story.inspect(delivered + INSPECTED)
        if until == "replaced":
            story.replace(delivered + SENT_AGAIN, collected_at=delivered + COLLECTED_AGAIN)
        story.close()
        purchase.close()

    return tell


RETURNED: dict[str, Plot] = {
    "return_asked": Plot(_between(ASKED, 46 * HOURS), _returned(until="asked"), (2 * DAY, 23 * DAY), FAST),
    "return_back": Plot(_between(COLLECTED, 60 * HOURS), _returned(until="back"), (3 * DAY, 23 * DAY), FAST),
    "return_disputed": Plot(_between(DISPUTED, 72 * HOURS), _returned(until="disputed"), (2 * DAY, 23 * DAY), FAST),
    "return_refunded": Plot(_between(INSPECTED, 8 * 24 * HOURS), _returned(until="refunded"), (5 * DAY, 23 * DAY), FAST),
    "return_exchange": Plot(
        _between(COLLECTED_AGAIN, COLLECTED_AGAIN + 36 * HOURS), _returned(until="replaced", kind=Kind.EXCHANGE),
        (5 * DAY, 23 * DAY), FAST,
    ),
}  # fmt: skip
