"""Which message follows from which fact: words of the interface, taken by the public client's own parser."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from tiktok_shop_api import Webhooks

from etalase.commerce.apps.rules import WEBHOOK_TYPES
from etalase.foundation.facts import RecordedFact
from etalase.reactions.webhooks import rules

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
FACT = RecordedFact(7, 8, "order.placed", "order", 9, 9, 10, "buyer", 10, AT, {})


@pytest.mark.parametrize(
    ("name", "data", "status", "kind"),
    [
        ("return.requested", {"kind": "return_and_refund"}, "RETURN_OR_REFUND_REQUEST_PENDING", "RETURN_AND_REFUND"),
        ("return.requested", {"kind": "exchange"}, "REPLACEMENT_REQUEST_PENDING", "REPLACEMENT"),
        ("return.rejected", {"kind": "refund_only"}, "REFUND_OR_RETURN_REQUEST_REJECT", "REFUND"),
        ("return.approved", {"kind": "return_and_refund"}, "AWAITING_BUYER_SHIP", "RETURN_AND_REFUND"),
        ("return.sent_back", {"kind": "return_and_refund"}, "BUYER_SHIPPED_ITEM", "RETURN_AND_REFUND"),
        ("return.came_back", {"kind": "return_and_refund"}, "AWAITING_BUYER_SHIP", "RETURN_AND_REFUND"),
        ("return.replacement_promised", {"kind": "reship"}, "RETURN_OR_REFUND_REQUEST_SUCCESS", "REPLACEMENT"),
        (
            "return.escalated",
            {"kind": "return_and_refund", "escalated_by": "seller", "has_goods": True},
            "REJECT_RECEIVE_PACKAGE",
            "RETURN_AND_REFUND",
        ),
        ("return.ended", {"kind": "refund_only", "state": "refunded"}, "RETURN_OR_REFUND_REQUEST_COMPLETE", "REFUND"),
        ("return.ended", {"kind": "reship", "state": "settled"}, "REPLACEMENT_REQUEST_COMPLETE", "REPLACEMENT"),
        ("return.ended", {"kind": "refund_only", "state": "withdrawn"}, "RETURN_OR_REFUND_REQUEST_CANCEL", "REFUND"),
    ],
)
def test_returns_are_told(name: str, data: dict[str, Any], status: str, kind: str) -> None:
    [event] = rules.events_of(replace(FACT, name=name, subject_kind="case", subject_id=11, data=data))
    body = rules.body_of(event, message_id=1, shop_id=7, at=AT, says_cancelled=False)
    told = Webhooks.parse(body).data  # type: ignore[union-attr]
    assert (told.return_id, told.order_id, told.return_status, told.return_type) == ("11", "9", status, kind)  # type: ignore[union-attr]


def test_facts_that_concern_no_app_make_no_message() -> None:
    for name in ("order.seller_note_changed", "return.offered", "order.lines_cancelled", "parcel.cancelled"):
        assert rules.events_of(replace(FACT, name=name)) == []
    asked = {"kind": "refund_only", "escalated_by": "buyer", "has_goods": False}
    assert rules.events_of(replace(FACT, name="return.escalated", data=asked)) == []


def test_every_kind_of_message_has_its_scope_and_number() -> None:
    assert {WEBHOOK_TYPES[kind] for kind in rules.SENT} == {1, 3, 4, 5, 6, 11, 12, 16}


def test_waits_grow_and_end_after_three_days() -> None:
    moments = [AT]
    for attempts in range(1, 30):
        again = rules.next_attempt(attempts, at=moments[-1])
        if again is None:
            break
        moments.append(again)
    assert timedelta(days=2.5) < moments[-1] - AT < timedelta(days=3.5)
    waits = [later - earlier for earlier, later in pairwise(moments)]
    assert waits == sorted(waits)


def test_an_address_in_trouble_is_held_longer_and_longer() -> None:
    holds = [rules.held_until(failures, at=AT) for failures in range(1, 12)]
    assert holds[:2] == [None, None]
    held = [moment for moment in holds if moment is not None]
    assert held == sorted(held)
    assert held[-1] - AT == rules.HOLD_MAX
    assert not rules.is_dead(9, AT - timedelta(days=9), at=AT)
    assert not rules.is_dead(99, AT - timedelta(hours=23), at=AT)
    assert rules.is_dead(10, AT - timedelta(hours=24), at=AT)
