"""When clocks run out."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etalase.foundation.deadlines import rules
from etalase.foundation.deadlines.kinds import KINDS, Audience
from etalase.foundation.deadlines.rules import Deadline, Due
from etalase.foundation.i18n import translator
from etalase.foundation.policies.calendar import WorkingCalendar
from etalase.foundation.policies.rules import BEGINNING, PolicyBook, PolicyRow

DEFAULT = PolicyBook.of([], at=BEGINNING)
NATIONAL = WorkingCalendar()
WIB = "Asia/Jakarta"
ZONES = st.sampled_from(["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"])
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=1060)).map(
    lambda passed: datetime(2025, 1, 1, tzinfo=UTC) + passed
)
SIDES: list[tuple[Audience, str]] = [("buyer", "en"), ("seller", "en"), ("buyer", "id")]
OVERRIDES = st.dictionaries(st.dates(date(2025, 1, 1), date(2028, 3, 1)), st.booleans(), max_size=20)


def wib(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(WIB))


def ship(paid: str, *, handling_days: int = 1, calendar: WorkingCalendar = NATIONAL) -> datetime:
    due = rules.ship_due(wib(paid), zone=WIB, calendar=calendar, book=DEFAULT, handling_days=handling_days)
    return due.due_at.astimezone(ZoneInfo(WIB))


@pytest.mark.parametrize(
    ("paid", "due"),
    [
        ("2026-11-27 11:59", "2026-11-27 23:59"),  # Friday before noon: the same day
        ("2026-11-27 12:00", "2026-11-30 23:59"),  # Friday noon: Monday
        ("2026-11-28 09:00", "2026-11-30 23:59"),  # Saturday morning: Monday, whatever the hour
        ("2026-03-17 13:00", "2026-03-25 23:59"),  # the afternoon before Nyepi and Idul Fitri
        ("2026-12-31 13:00", "2027-01-04 23:59"),  # the afternoon before New Year's Day, a Friday
    ],
)
def test_the_day_to_ship_by(paid: str, due: str) -> None:
    assert ship(paid) == wib(due)


def test_a_longer_handling_time_is_counted_in_working_days() -> None:
    assert ship("2026-11-26 09:00", handling_days=3) == wib("2026-11-30 23:59")
    assert ship("2026-11-26 09:00", handling_days=0) == wib("2026-11-26 23:59")


def test_a_shops_day_off_puts_its_shipping_off() -> None:
    own = WorkingCalendar({date(2026, 11, 27): False})
    assert ship("2026-11-27 09:00", calendar=own) == wib("2026-11-30 23:59")


def test_the_cutoff_is_local_to_the_shop() -> None:
    """04:30 UTC is 11:30 in Jakarta, before the cutoff, and 13:30 in Jayapura, after it."""
    paid_at = datetime(2026, 11, 25, 4, 30, tzinfo=UTC)
    dues = [
        rules.ship_due(paid_at, zone=zone, calendar=NATIONAL, book=DEFAULT, handling_days=1).due_at.astimezone(
            ZoneInfo(zone)
        )
        for zone in ("Asia/Jakarta", "Asia/Jayapura")
    ]
    assert [due.date() for due in dues] == [date(2026, 11, 25), date(2026, 11, 26)]


def test_cancelling_for_not_arranging_leaves_two_working_days_after_the_ship_by_day() -> None:
    due = rules.autocancel_due(wib("2026-11-27 09:00"), zone=WIB, calendar=NATIONAL, book=DEFAULT, handling_days=1)
    assert due == Due(wib("2026-12-01 23:59").astimezone(UTC), "ship.autocancel", 0)


def test_the_carrier_has_three_working_days_from_the_later_of_ship_by_and_arranging() -> None:
    paid = wib("2026-11-23 09:00")
    dues = [
        rules.collect_due(
            wib(arranged), paid, zone=WIB, calendar=NATIONAL, book=DEFAULT, handling_days=1
        ).due_at.astimezone(ZoneInfo(WIB))
        for arranged in ("2026-11-23 10:00", "2026-11-25 10:00")
    ]
    assert dues == [wib("2026-11-26 23:59"), wib("2026-11-30 23:59")]


@pytest.mark.parametrize(
    ("kind", "minutes"), [("qris", 60), ("e_wallet", 60), ("card", 60), ("virtual_account", 1440), ("minimarket", 1440)]
)
def test_each_way_to_pay_has_its_time(kind: str, minutes: int) -> None:
    placed = wib("2026-11-27 09:00")
    due = rules.unpaid_due(placed, kind, DEFAULT)
    assert due is not None
    assert due.due_at - placed == timedelta(minutes=minutes)


def test_cash_on_delivery_never_expires_unpaid() -> None:
    assert rules.unpaid_due(wib("2026-11-27 09:00"), "cod", DEFAULT) is None


def test_a_due_time_names_the_version_that_says_so() -> None:
    book = PolicyBook.of([PolicyRow("operator", 0, "deliver.autocomplete", 3, 2, BEGINNING)], at=BEGINNING)
    delivered = wib("2026-11-27 09:00")
    clock = rules.autocomplete_due(delivered, book).clock("deliver.autocomplete", shop_id=5, order_id=6)
    assert (clock.due_at, clock.policy_key, clock.policy_version) == (
        delivered + timedelta(days=2), "deliver.autocomplete", 3,
    )  # fmt: skip
    assert (clock.subject_kind, clock.subject_id, clock.order_id, clock.shop_id) == ("order", 6, 6, 5)


def test_answers_and_own_couriers_have_their_time() -> None:
    at = wib("2026-11-27 09:00")
    assert rules.seller_response_due(at, DEFAULT).due_at == at + timedelta(hours=48)
    assert rules.own_courier_due(at, DEFAULT).due_at == at + timedelta(days=15)


@given(paid=MOMENTS, zone=ZONES, overrides=OVERRIDES, handling=st.integers(0, 30))
def test_clocks_in_working_days_end_on_working_days_and_in_order(
    paid: datetime, zone: str, overrides: dict[date, bool], handling: int
) -> None:
    calendar = WorkingCalendar(overrides)
    terms = {"zone": zone, "calendar": calendar, "book": DEFAULT}
    ship_by = rules.ship_due(paid, **terms, handling_days=handling).due_at  # type: ignore[arg-type]
    cancel = rules.autocancel_due(paid, **terms, handling_days=handling).due_at  # type: ignore[arg-type]
    collect = rules.collect_due(paid, paid, **terms, handling_days=handling).due_at  # type: ignore[arg-type]
    confirm = rules.confirm_due(paid, **terms).due_at  # type: ignore[arg-type]
    assert paid < ship_by < cancel < collect
    assert paid < confirm
    for due in (ship_by, cancel, collect, confirm):
        local = due.astimezone(ZoneInfo(zone))
        assert calendar.is_working(local.date())
        assert (local.hour, local.minute) == (23, 59)


@given(paid=MOMENTS, later=st.timedeltas(timedelta(0), timedelta(days=10)), zone=ZONES, overrides=OVERRIDES)
def test_who_pays_later_is_never_due_earlier(
    paid: datetime, later: timedelta, zone: str, overrides: dict[date, bool]
) -> None:
    calendar = WorkingCalendar(overrides)
    first, second = (
        rules.shipping_clocks(
            shop_id=1, order_id=2, paid_at=moment, zone=zone, calendar=calendar, book=DEFAULT, handling_days=1
        )
        for moment in (paid, paid + later)
    )
    assert [clock.due_at for clock in first] <= [clock.due_at for clock in second]
    assert all(a.due_at <= b.due_at for a, b in zip(first, second, strict=True))


@given(paid=MOMENTS, handling=st.integers(0, 29), zone=ZONES)
def test_a_longer_handling_time_is_never_due_earlier(paid: datetime, handling: int, zone: str) -> None:
    dues = [
        rules.ship_due(paid, zone=zone, calendar=NATIONAL, book=DEFAULT, handling_days=days).due_at
        for days in (handling, handling + 1)
    ]
    assert dues[0] <= dues[1]


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (timedelta(hours=24), "calm"), (timedelta(hours=23, minutes=59), "soon"), (timedelta(hours=6), "soon"),
        (timedelta(hours=5, minutes=59), "urgent"), (timedelta(seconds=1), "urgent"), (timedelta(0), "late"),
        (timedelta(hours=-5), "late"),
    ],
)  # fmt: skip
def test_urgency(left: timedelta, expected: str) -> None:
    now = wib("2026-11-27 09:00")
    assert rules.urgency(now + left, now) == expected


def test_a_payment_is_reminded_of_at_half_and_at_nine_tenths_of_its_time() -> None:
    start = wib("2026-11-27 09:00")
    due = start + timedelta(minutes=60)
    warnings, after = [], start
    while (moment := rules.next_warning("payment.deadline", started_at=start, due_at=due, after=after)) is not None:
        warnings.append(moment)
        after = moment
    assert warnings == [start + timedelta(minutes=30), start + timedelta(minutes=54)]


@given(
    run=st.timedeltas(timedelta(minutes=1), timedelta(days=40)), part=st.floats(0, 2), kind=st.sampled_from(list(KINDS))
)
def test_warnings_come_after_the_moment_and_before_zero(run: timedelta, part: float, kind: str) -> None:
    start = wib("2026-11-27 09:00")
    after = start + run * part
    moment = rules.next_warning(kind, started_at=start, due_at=start + run, after=after)
    assert moment is None or after < moment < start + run


def deadline(kind: str, *, hours: int = 1, state: str = "running", id_: int = 1) -> Deadline:
    now = wib("2026-11-27 09:00")
    return Deadline(
        shop_id=5, id=id_, kind=kind, subject_kind="order", subject_id=6, order_id=6, started_at=now,
        due_at=now + timedelta(hours=hours), policy_key=kind, policy_version=2, state=state, paused_since=None,
        extended_times=0, ended_at=None, attempts=0, retry_at=None, last_error=None, warn_at=None,
    )  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_both_sides_see_the_same_clock_in_their_own_words_and_language(kind: str) -> None:
    now = wib("2026-11-27 09:00")
    buyer, seller, indonesian = (
        rules.strip([deadline(kind)], now=now, audience=audience, translator=translator(locale))[0]
        for audience, locale in SIDES
    )
    assert replace(buyer, consequence="") == replace(seller, consequence="")
    assert buyer.consequence != seller.consequence
    assert buyer.consequence != indonesian.consequence
    assert buyer.label != indonesian.label
    assert buyer.rule == f"{kind} v2"


def test_the_strip_shows_open_clocks_the_next_first() -> None:
    rows = [
        deadline("ship.autocancel", hours=40, id_=1),
        deadline("cancel.seller_response", hours=3, id_=2),
        deadline("payment.deadline", hours=-9, state="fired", id_=3),
        deadline("confirm.deadline", hours=1, state="stopped", id_=4),
    ]
    items = rules.strip(rows, now=wib("2026-11-27 09:00"), audience="seller", translator=translator("en"))
    assert [(item.kind, item.urgency) for item in items] == [
        ("cancel.seller_response", "urgent"),
        ("ship.autocancel", "calm"),
    ]


def test_a_missed_ship_by_stays_late_until_the_order_leaves_or_ends() -> None:
    missed = deadline("ship.sla", hours=-2, state="fired")
    now = wib("2026-11-27 09:00")
    running = rules.strip(
        [missed, deadline("ship.autocancel", id_=2)], now=now, audience="buyer", translator=translator("en")
    )
    over = rules.strip(
        [missed, deadline("ship.autocancel", state="stopped", id_=2)],
        now=now,
        audience="buyer",
        translator=translator("en"),
    )
    assert [(item.kind, item.urgency) for item in running] == [("ship.sla", "late"), ("ship.autocancel", "urgent")]
    assert over == []


def test_a_paused_clock_is_calm_and_says_so() -> None:
    item = rules.strip(
        [deadline("deliver.autocomplete", hours=-1, state="paused")],
        now=wib("2026-11-27 09:00"),
        audience="buyer",
        translator=translator("en"),
    )[0]
    assert (item.is_paused, item.urgency) == (True, "calm")
