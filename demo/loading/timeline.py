"""When the steps of an order would come if everybody did their work: paid, confirmed, packed, carried, received."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from demo.loading.moments import spread
from demo.loading.orders import Wish
from demo.loading.parcels import Scan, failed_first, place_of, way
from demo.loading.telling import Place, Telling
from etalase.commerce.accounts import regions
from etalase.commerce.payments.methods import payment_method
from etalase.commerce.shipping import rates
from etalase.commerce.shipping.rules import OWN_COURIER
from etalase.foundation.deadlines import rules as due
from etalase.foundation.policies.calendar import national_holidays
from etalase.integrations.carriers import registry

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
SLOW_KINDS = ("virtual_account", "minimarket")


@dataclass(frozen=True, slots=True)
class Times:
    """The moments of one order, and until when each step has to be made."""

    placed: datetime
    paid: datetime | None
    confirmed: datetime
    arranged: datetime
    collected: datetime
    scans: tuple[Scan, ...]
    completed: datetime
    confirm_by: datetime
    ship_by: datetime
    arrange_by: datetime
    collect_by: datetime

    @property
    def delivered(self) -> datetime:
        return self.scans[-1].at

    @property
    def complete_by(self) -> datetime:
        """When the order completes by itself."""
        return self.delivered + timedelta(days=7)

    @property
    def is_kept(self) -> bool:
        """Whether every step comes before the clock that waits for it."""
        return self.confirmed < self.confirm_by and self.arranged < self.arrange_by and self.collected < self.collect_by


def paid_at(telling: Telling, placed: datetime, method: str) -> datetime | None:
    """When a purchase placed then would be paid; none if that is the courier's business."""
    kind = str(payment_method(method).kind)
    if kind == "cod":
        return None
    dice = telling.dice
    return placed + (spread(dice, 10 * MINUTE, 4 * HOUR) if kind in SLOW_KINDS else spread(dice, 30, 12 * MINUTE))


def simulate(
    telling: Telling, wish: Wish, place: Place, *, placed: datetime, paid: datetime | None, has_failed_attempt: bool = False
) -> Times:  # fmt: skip
    """Draw the moments of an order placed and paid then; nothing is written."""
    dice, desk = telling.dice, wish.shop.desk
    counted = paid or placed
    by_hand = paid is None or not wish.shop.is_automatic
    confirmed = desk.next(counted + spread(dice, 5 * MINUTE, 2 * HOUR), dice) if by_hand else counted
    arranged = desk.next(confirmed + spread(dice, 20 * MINUTE, 5 * HOUR), dice)
    scans = _scans(telling, wish, place, arranged=arranged)
    if has_failed_attempt:
        scans = failed_first(scans, reason=dice.choice(("nobody_home", "address_not_found")))
    promise: dict[str, Any] = {"zone": wish.shop.zone, "calendar": desk.calendar, "book": telling.book}
    handling = max(good.handling_days for good, _ in wish.goods)
    return Times(
        placed=placed, paid=paid, confirmed=confirmed, arranged=arranged, collected=scans[0].at,
        scans=tuple(scans), completed=scans[-1].at + spread(dice, HOUR, 4 * DAY),
        confirm_by=due.confirm_due(counted, **promise).due_at,
        ship_by=due.ship_due(counted, **promise, handling_days=handling).due_at,
        arrange_by=due.autocancel_due(counted, **promise, handling_days=handling).due_at,
        collect_by=due.collect_due(arranged, counted, **promise, handling_days=handling).due_at,
    )  # fmt: skip


def _scans(telling: Telling, wish: Wish, place: Place, *, arranged: datetime) -> list[Scan]:
    dice, shop = telling.dice, wish.shop
    origin = place_of(shop.city, shop.province)
    if wish.option.carrier == OWN_COURIER:
        collected = arranged + spread(dice, 20 * MINUTE, 90 * MINUTE)
        return [Scan("PUP", origin, collected), Scan("DLV", origin, collected + spread(dice, HOUR, 3 * HOUR))]
    known = registry.carrier(wish.option.carrier).service(wish.option.service)
    extra = rates.route(
        regions.shipping_zone(shop.province, shop.city), regions.shipping_zone(place.province, place.city)
    ).days
    days = dice.randint(max(1, known.days_min), max(1, known.days_max)) + extra
    collected = arranged + spread(dice, 70 * MINUTE, 3 * HOUR)
    days += _holidays(collected.date(), days)
    return way(origin, place_of(place.city, place.province), collected_at=collected, days=days)


def _holidays(start: date, days: int) -> int:
    """By how many days a way that long is held up: couriers rest on holidays."""
    held_up, day, left = 0, start, days
    while left > 0:
        day += timedelta(days=1)
        if day in national_holidays(day.year):
            held_up += 1
        else:
            left -= 1
    return held_up
