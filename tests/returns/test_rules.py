"""Every state has a clock and a default, everything ends, and reasons lead somewhere."""

from datetime import UTC, datetime

import pytest

from etalase.foundation.deadlines.kinds import KINDS
from etalase.foundation.policies.calendar import WorkingCalendar
from etalase.foundation.policies.rules import book_of
from etalase.journeys.returns import effects, rules
from etalase.journeys.returns.rules import ENDS, OPEN, REASONS, TRANSITIONS, WAITING, Kind, Move, ReturnState
from etalase.journeys.returns.times import due_of
from etalase.subscriptions import DEADLINES


@pytest.mark.parametrize("state", OPEN)
def test_a_state_waits_for_somebody_by_a_clock_that_something_follows(state: ReturnState) -> None:
    waiting = WAITING[state]
    assert waiting.clock in KINDS
    assert waiting.clock in DEADLINES
    decided = (ReturnState.DECIDED, ReturnState.APPEALED)
    assert state in decided or state in effects.DEFAULTS
    at = datetime(2026, 11, 23, 5, tzinfo=UTC)
    due = due_of(waiting.clock, at, book=book_of({}), calendar=WorkingCalendar(), zone="Asia/Jakarta")
    assert due.due_at > at


def test_every_state_is_reached_and_every_way_ends() -> None:
    reached = {ReturnState.REQUESTED} | {transition.to for transition in TRANSITIONS.values()}
    assert reached == set(ReturnState)
    for state in OPEN:
        seen: set[ReturnState] = set()
        left: set[ReturnState] = {state}
        while left:
            seen |= left
            left = {t.to for t in TRANSITIONS.values() if set(t.sources) & left} - seen
        assert seen & set(ENDS), state
    assert not any(set(transition.sources) & set(ENDS) for transition in TRANSITIONS.values())


def test_every_move_records_a_fact() -> None:
    assert set(effects.FACTS) == set(Move)


@pytest.mark.parametrize("code", REASONS)
def test_a_reason_leads_somewhere(code: str) -> None:
    reason = REASONS[code]
    assert reason.kinds
    assert reason.is_fault or Kind.REFUND_ONLY not in reason.kinds, "nobody keeps goods and money for a whim"


def test_who_may_ask_the_operator() -> None:
    assert set(rules.ESCALATED_FROM["buyer"] + rules.ESCALATED_FROM["seller"]) <= set(
        TRANSITIONS[Move.ESCALATE].sources
    )
