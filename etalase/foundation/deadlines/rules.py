"""When clocks run out, when they are near, how urgent they are. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from etalase.foundation.deadlines.kinds import KINDS, Audience, consequence, label
from etalase.foundation.i18n import Translator
from etalase.foundation.policies.calendar import WorkingCalendar
from etalase.foundation.policies.rules import Policy, PolicyBook

Urgency = Literal["calm", "soon", "urgent", "late"]
SOON: Final = timedelta(hours=24)
URGENT: Final = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock to start."""

    kind: str
    subject_kind: str
    subject_id: int
    order_id: int
    shop_id: int
    due_at: datetime
    policy_key: str
    policy_version: int


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due, and which version of which policy says so."""

    due_at: datetime
    policy_key: str
    policy_version: int

    @classmethod
    def by(cls, policy: Policy, due_at: datetime) -> "Due":
        return cls(due_at, policy.key, policy.version)

    def clock(
        self, kind: str, *, shop_id: int, order_id: int, subject_kind: str = "order", subject_id: int | None = None
    ) -> Clock:
        """The clock of this due time; its subject is the order unless another is named."""
        subject = order_id if subject_id is None else subject_id
        return Clock(kind, subject_kind, subject, order_id, shop_id, self.due_at, self.policy_key, self.policy_version)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A clock as it stands in its row."""

    shop_id: int
    id: int
    kind: str
    subject_kind: str
    subject_id: int
    order_id: int
    started_at: datetime
    due_at: datetime
    policy_key: str
    policy_version: int
    state: str
    paused_since: datetime | None
    extended_times: int
    ended_at: datetime | None
    attempts: int
    retry_at: datetime | None
    last_error: str | None
    warn_at: datetime | None

    @property
    def rule(self) -> str:
        """Which policy version says so, as both sides read it."""
        return f"{self.policy_key} v{self.policy_version}"

    @property
    def is_open(self) -> bool:
        """Whether it may still reach zero."""
        return self.state in ("running", "paused")


def unpaid_due(placed_at: datetime, method_kind: str, book: PolicyBook) -> Due | None:
    """Until when an order waits for its payment; none for methods that are not paid beforehand (R15.a)."""
    policy = book.find("payment.deadline")
    minutes = policy.value.get(method_kind)
    return None if minutes is None else Due.by(policy, placed_at + timedelta(minutes=minutes))


def counts_from(paid_at: datetime, *, zone: str, calendar: WorkingCalendar, book: PolicyBook) -> date:
    """The working day that an order counts from: its own until the cutoff, else the next (R16, R38)."""
    local = paid_at.astimezone(ZoneInfo(zone))
    cutoff = time.fromisoformat(book.find("ship.cutoff").value)
    if local.time() < cutoff and calendar.is_working(local.date()):
        return local.date()
    return calendar.add_working_days(local.date(), 1)


def _ship_day(paid_at: datetime, *, zone: str, calendar: WorkingCalendar, book: PolicyBook, handling_days: int) -> date:
    days = max(int(book.find("ship.sla").value), handling_days, 1)
    first = counts_from(paid_at, zone=zone, calendar=calendar, book=book)
    return calendar.add_working_days(first, days - 1)


def ship_due(paid_at: datetime, *, zone: str, calendar: WorkingCalendar, book: PolicyBook, handling_days: int) -> Due:
    """Until when an order is handed over: 23:59 of the working day the policy, or a longer handling time, allows."""
    day = _ship_day(paid_at, zone=zone, calendar=calendar, book=book, handling_days=handling_days)
    return Due.by(book.find("ship.sla"), calendar.end_of_working_day(day, zone))


def autocancel_due(
    paid_at: datetime, *, zone: str, calendar: WorkingCalendar, book: PolicyBook, handling_days: int
) -> Due:
    """Until when shipping has to be arranged: some working days after the day it should have been handed over."""
    policy = book.find("ship.autocancel")
    day = _ship_day(paid_at, zone=zone, calendar=calendar, book=book, handling_days=handling_days)
    last = calendar.add_working_days(day, int(policy.value["arrange"]))
    return Due.by(policy, calendar.end_of_working_day(last, zone))


def collect_due(
    arranged_at: datetime,
    paid_at: datetime,
    *,
    zone: str,
    calendar: WorkingCalendar,
    book: PolicyBook,
    handling_days: int,
) -> Due:
    """Until when the carrier has to have collected it: working days after the ship-by day, or after arranging if that was later."""
    policy = book.find("ship.autocancel")
    ship_day = _ship_day(paid_at, zone=zone, calendar=calendar, book=book, handling_days=handling_days)
    day = max(ship_day, arranged_at.astimezone(ZoneInfo(zone)).date())
    last = calendar.add_working_days(day, int(policy.value["collect"]))
    return Due.by(policy, calendar.end_of_working_day(last, zone))


def confirm_due(paid_at: datetime, *, zone: str, calendar: WorkingCalendar, book: PolicyBook) -> Due:
    """Until when a shop that confirms by hand has to: the end of a working day after the one the order counts from (R30.b)."""
    policy = book.find("confirm.deadline")
    first = counts_from(paid_at, zone=zone, calendar=calendar, book=book)
    last = calendar.add_working_days(first, int(policy.value))
    return Due.by(policy, calendar.end_of_working_day(last, zone))


def autocomplete_due(delivered_at: datetime, book: PolicyBook) -> Due:
    """When a delivered order completes by itself (R18.d)."""
    policy = book.find("deliver.autocomplete")
    return Due.by(policy, delivered_at + timedelta(days=int(policy.value)))


def seller_response_due(requested_at: datetime, book: PolicyBook) -> Due:
    """Until when a cancellation request has to be answered; silence approves it (R19, R36.c)."""
    policy = book.find("cancel.seller_response")
    return Due.by(policy, requested_at + timedelta(hours=int(policy.value)))


def own_courier_due(collected_at: datetime, book: PolicyBook) -> Due:
    """Until when a shop's own courier has to have delivered."""
    policy = book.find("ship.own_courier_max")
    return Due.by(policy, collected_at + timedelta(days=int(policy.value)))


def shipping_clocks(
    *,
    shop_id: int,
    order_id: int,
    paid_at: datetime,
    zone: str,
    calendar: WorkingCalendar,
    book: PolicyBook,
    handling_days: int,
) -> list[Clock]:
    """The clocks of an order that may be shipped: hand it over, and arrange it before it is cancelled."""
    ship = ship_due(paid_at, zone=zone, calendar=calendar, book=book, handling_days=handling_days)
    cancel = autocancel_due(paid_at, zone=zone, calendar=calendar, book=book, handling_days=handling_days)
    return [
        ship.clock("ship.sla", shop_id=shop_id, order_id=order_id),
        cancel.clock("ship.autocancel", shop_id=shop_id, order_id=order_id),
    ]


def collection_clocks(
    *,
    shop_id: int,
    order_id: int,
    arranged_at: datetime,
    paid_at: datetime,
    zone: str,
    calendar: WorkingCalendar,
    book: PolicyBook,
    handling_days: int,
) -> list[Clock]:
    """The clock of an order that waits for its carrier."""
    due = collect_due(arranged_at, paid_at, zone=zone, calendar=calendar, book=book, handling_days=handling_days)
    return [due.clock("collect.autocancel", shop_id=shop_id, order_id=order_id)]


def accepts_late_payment(book: PolicyBook) -> bool:
    """Whether money that arrives after the deadline revives the order while there is stock (R15.c)."""
    return bool(book.find("payment.late_grace").value == "accept_if_stock")


def next_warning(kind: str, *, started_at: datetime, due_at: datetime, after: datetime) -> datetime | None:
    """When both sides are next told that the clock is near, later than `after`; none if they were told often enough."""
    parts = KINDS[kind].near if kind in KINDS else ()
    moments = (started_at + (due_at - started_at) * part for part in parts)
    return next((moment for moment in moments if moment > after), None)


def urgency(due_at: datetime, now: datetime) -> Urgency:
    """How a clock is coloured (R16.b): late at zero and after, urgent under 6 h, soon under 24 h."""
    left = due_at - now
    if left <= timedelta(0):
        return "late"
    if left < URGENT:
        return "urgent"
    return "soon" if left < SOON else "calm"


@dataclass(frozen=True, slots=True)
class StripItem:
    """One clock as the page shows it, in the reader's language; see `ui.deadline_strip`."""

    kind: str
    label: str
    due_at: datetime
    consequence: str
    urgency: Urgency
    rule: str
    is_paused: bool


def strip(
    deadlines: Iterable[Deadline], *, now: datetime, audience: Audience, translator: Translator
) -> list[StripItem]:
    """The clocks of one order, the next to reach zero first: the same rows for buyer and seller, each in their words.

    A missed ship-by stays visible as late for as long as the clock that cancels the order runs.
    """
    known = [deadline for deadline in deadlines if deadline.kind in KINDS]
    has_shipping_clock = any(d.is_open and d.kind in ("ship.autocancel", "collect.autocancel") for d in known)
    shown = [d for d in known if d.is_open or (d.kind == "ship.sla" and d.state == "fired" and has_shipping_clock)]
    return [
        _strip_item(deadline, now=now, audience=audience, translator=translator)
        for deadline in sorted(shown, key=lambda d: (d.due_at, d.id))
    ]


def _strip_item(deadline: Deadline, *, now: datetime, audience: Audience, translator: Translator) -> StripItem:
    is_paused = deadline.state == "paused"
    return StripItem(
        kind=deadline.kind,
        label=translator.gettext(label(deadline.kind)),
        due_at=deadline.due_at,
        consequence=translator.gettext(consequence(deadline.kind, audience)),
        urgency="calm" if is_paused else urgency(deadline.due_at, now),
        rule=deadline.rule,
        is_paused=is_paused,
    )
