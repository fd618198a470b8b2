"""Replaying a policy: the same moments under another figure, nothing written."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etalase.foundation import clock
from etalase.foundation.facts import Actor
from etalase.foundation.ids import new_id
from etalase.foundation.policies.actions import SetPolicy
from etalase.foundation.policies.calendar import WorkingCalendar
from etalase.foundation.policies.defaults import DEFAULTS
from etalase.foundation.sql import Db
from etalase.foundation.time_machine import actions as time_machine
from etalase.journeys.replay import clocks, queries, replaying, rules
from etalase.journeys.replay.clocks import ClockReplay, PastClock
from etalase.journeys.replay.rules import Outcome, PastOrder, Replay
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
    assert isinstance(shown.replay, Replay)
    assert (shown.replay.before.completed, shown.replay.after.completed) == (0, 1)
    assert (shown.shops, shown.is_sample) == (1, False)
    assert counted(database_url) == before
    other = await replaying.preview(
        db, SetPolicy(key="deliver.autocomplete", value=2, scope="product", scope_id=stall.product.id + 1)
    )
    assert other is not None
    assert isinstance(other.replay, Replay)
    assert other.replay.before.orders == 0
    mine = SetPolicy(key="deliver.autocomplete", value=2, scope="shop", scope_id=stall.shop.shop_id)
    assert (await replaying.preview(db, mine)).replay.changed == 1  # type: ignore[union-attr]


@pytest.mark.parametrize("key", sorted(set(DEFAULTS) - {*rules.REPLAYED, *clocks.CLOCKS}))
async def test_what_no_moment_depends_on_has_no_preview(key: str) -> None:
    assert await replaying.preview(None, SetPolicy(key=key, value=0)) is None  # type: ignore[arg-type]


def ended(*, acted_h: float | None) -> PastClock:
    return PastClock("Toko", 7, AT, None if acted_h is None else AT + timedelta(hours=acted_h))


def test_a_shorter_span_leaves_those_no_time_who_took_longer() -> None:
    many = [ended(acted_h=2), ended(acted_h=30), ended(acted_h=None)]
    found = clocks.replay_clocks(many, spans=(timedelta(hours=48), timedelta(hours=24)), now=NOW)
    assert (found.clocks, found.changed) == (3, 2)
    assert (found.before.acted, found.before.ran_out) == (2, 1)
    assert (found.after.acted, found.after.ran_out) == (1, 2)
    assert found.before.hours == pytest.approx((2 + 30 + 48) / 3)
    assert found.after.hours == pytest.approx((2 + 24 + 24) / 3)
    assert [example.clock.acted_at for example in found.examples] == [AT + timedelta(hours=30), None]


def test_a_longer_span_moves_nobody_to_act_and_may_still_run() -> None:
    found = clocks.replay_clocks(
        [ended(acted_h=2), ended(acted_h=None)], spans=(timedelta(hours=48), timedelta(days=90)), now=NOW
    )
    assert (found.after.acted, found.after.ran_out) == (1, 0)
    assert found.examples[0].after.ended_at is None


async def test_answers_to_cancellations_are_reckoned_again(db: Db) -> None:
    """One shop answered after thirty hours, another never; a third was given more time."""
    stalls = [await make_stall(db) for _ in range(3)]
    ends = [("stopped", 30, 0), ("fired", 48, 0), ("stopped", 30, 1)]
    begun = clock.now() - 5 * DAY
    async with db.any().transaction() as tx:
        for stall, (state, hours, extended) in zip(stalls, ends, strict=True):
            await tx.connection.execute(
                "INSERT INTO deadlines (shop_id, id, kind, subject_kind, subject_id, order_id, started_at, due_at, policy_key,"
                " policy_version, state, extended_times, ended_at) VALUES (%s, %s, 'cancel.seller_response', 'cancellation', 1, 1,"
                " %s, %s, 'cancel.seller_response', 0, %s, %s, %s)",
                (stall.shop.shop_id, new_id(), begun, begun + 2 * DAY, state, extended, begun + timedelta(hours=hours)),
            )
    for stall, wanted in zip(stalls, [(1, 0, 0, 1), (0, 1, 0, 1), (0, 0, 0, 0)], strict=True):
        change = SetPolicy(key="cancel.seller_response", value=24, scope="shop", scope_id=stall.shop.shop_id)
        found = await replaying.preview(db, change)
        assert found is not None
        assert isinstance(found.replay, ClockReplay)
        before, after = found.replay.before, found.replay.after
        assert (before.acted, before.ran_out, after.acted, after.ran_out) == wanted


def test_every_clock_that_is_replayed_is_one_span() -> None:
    for key in clocks.CLOCKS:
        assert DEFAULTS[key].is_single
        assert f"'{key}'" in queries.statements["past_clocks"].text, "else the index of them is not used"
        assert clocks.span_of(key, 3) in (timedelta(hours=3), timedelta(days=3))
