"""Replaying a policy: the same moments under another figure, nothing written."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etalase.foundation.facts import Actor
from etalase.foundation.policies.actions import SetPolicy
from etalase.foundation.policies.calendar import WorkingCalendar
from etalase.foundation.policies.defaults import DEFAULTS
from etalase.foundation.sql import Db
from etalase.foundation.time_machine import actions as time_machine
from etalase.journeys.replay import replaying, rules
from etalase.journeys.replay.rules import Outcome, PastOrder
from tests.builders.stall import make_stall

AT = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)  # a Monday morning in Jakarta
NOW = AT + timedelta(days=60)
DAY = timedelta(days=1)


def past(**moments: Any) -> PastOrder:
    """An order that went well: confirmed in an hour, collected next day, delivered on the third, completed by its clock."""
    usual: dict[str, Any] = {
        "shop_id": 1, "id": 2, "shop_name": "Toko", "state": "completed", "payment_method": "qris", "is_cod": False,
        "currency": "IDR", "total_minor": 100_000, "zone": "Asia/Jakarta", "handling_days": 1, "policies": {},
        "placed_at": AT, "paid_at": AT + timedelta(minutes=10), "confirmed_at": AT + timedelta(hours=1),
        "arranged_at": AT + timedelta(hours=3), "collected_at": AT + timedelta(hours=9), "delivered_at": AT + 3 * DAY,
        "completed_at": AT + 10 * DAY, "cancelled_at": None, "cancel_reason": None, "extended_at": None,
    }  # fmt: skip
    return PastOrder(**(usual | moments))


def outcome(order: PastOrder, **policies: Any) -> Outcome:
    copy = {key.replace("__", "."): [0, value] for key, value in policies.items()}
    return rules.outcome_of(order, copy, calendar=WorkingCalendar(), now=NOW)


def test_what_went_well_goes_well_under_the_usual_figures() -> None:
    assert outcome(past()) == Outcome("", False, AT + 10 * DAY)


def test_each_figure_moves_what_it_is_about() -> None:
    slow = past(paid_at=AT + timedelta(minutes=50))
    assert outcome(slow, payment__deadline={"qris": 30}, payment__late_grace="refund").cancelled == "unpaid"
    assert outcome(slow, payment__deadline={"qris": 30}, payment__late_grace="accept_if_stock").cancelled == ""
    late = past(collected_at=AT + 2 * DAY)
    assert outcome(late).is_late
    assert not outcome(late, ship__sla=3).is_late
    unarranged = past(arranged_at=AT + 4 * DAY, collected_at=AT + 4 * DAY, delivered_at=None, completed_at=None)
    assert outcome(unarranged).cancelled == "not_arranged"
    assert outcome(unarranged, ship__autocancel={"arrange": 9, "collect": 9}).cancelled == ""
    assert outcome(past(), deliver__autocomplete=2).completed_at == AT + 5 * DAY


def test_a_buyer_who_confirmed_early_would_have_done_so_all_the_same() -> None:
    early = past(completed_at=AT + 4 * DAY)
    assert outcome(early, deliver__autocomplete=30).completed_at == AT + 4 * DAY


def test_who_cancelled_for_another_reason_was_not_stopped_by_the_clock() -> None:
    gone = past(
        state="cancelled", confirmed_at=None, arranged_at=None, collected_at=None, delivered_at=None, completed_at=None,
        cancelled_at=AT + timedelta(hours=2), cancel_reason="changed_mind",
    )  # fmt: skip
    assert outcome(gone).cancelled == ""


@given(days=st.integers(1, 60), more=st.integers(0, 30), hours=st.integers(0, 24 * 20))
def test_more_time_never_makes_more_orders_late_or_cancelled(days: int, more: int, hours: int) -> None:
    order = past(collected_at=AT + timedelta(hours=9 + hours), delivered_at=None, completed_at=None)
    strict, lenient = outcome(order, ship__sla=min(days, 30)), outcome(order, ship__sla=min(days + more, 60))
    assert lenient.is_late <= strict.is_late
    assert bool(lenient.cancelled) <= bool(strict.cancelled)


def test_a_replay_counts_both_and_names_those_that_differ() -> None:
    orders = [past(id=number, collected_at=AT + number * DAY) for number in range(1, 5)]
    made = rules.replay(orders, key="ship.sla", values=(1, 30), calendars={1: WorkingCalendar()}, now=NOW)
    assert (made.before.late, made.after.late) == (4, 0)
    assert made.changed == len(made.examples) == 4
    assert made.before.orders == made.after.orders == 4


def counted(url: str) -> list[Any]:
    with psycopg.connect(url) as connection:
        return connection.execute(
            "SELECT (SELECT count(*) FROM facts), (SELECT count(*) FROM policies), (SELECT count(*) FROM deadlines)"
        ).fetchall()


async def test_a_preview_reads_the_installations_orders_and_writes_nothing(db: Db, database_url: str) -> None:
    stall = await make_stall(db)
    await stall.delivered()
    await time_machine.advance(db, timedelta(days=5), actor=Actor("operator", 1))
    before = counted(database_url)
    shown = await replaying.preview(db, SetPolicy(key="deliver.autocomplete", value=2))
    assert shown is not None
    assert (shown.replay.before.completed, shown.replay.after.completed) == (0, 1)
    assert (shown.shops, shown.is_sample) == (1, False)
    assert counted(database_url) == before
    other = await replaying.preview(
        db, SetPolicy(key="deliver.autocomplete", value=2, scope="product", scope_id=stall.product.id + 1)
    )
    assert other is not None
    assert other.replay.before.orders == 0
    mine = SetPolicy(key="deliver.autocomplete", value=2, scope="shop", scope_id=stall.shop.shop_id)
    assert (await replaying.preview(db, mine)).replay.changed == 1  # type: ignore[union-attr]


@pytest.mark.parametrize("key", sorted(set(DEFAULTS) - set(rules.REPLAYED)))
async def test_what_no_moment_depends_on_has_no_preview(key: str) -> None:
    assert await replaying.preview(None, SetPolicy(key=key, value=0)) is None  # type: ignore[arg-type]
