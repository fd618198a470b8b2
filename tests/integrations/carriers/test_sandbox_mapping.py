"""The sandbox carrier's recorded webhooks, read into our words."""

import json
from datetime import UTC, datetime
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etalase.foundation.i18n import translator
from etalase.integrations.carriers.protocol import (
    ReportNotUnderstood,
    TrackingReport,
    TrackingStatus,
    ids_of,
    reference_of,
)
from etalase.integrations.carriers.sandbox import mapping

SAMPLES = resources.files("etalase.integrations.carriers.sandbox") / "samples"


def sample(name: str) -> bytes:
    """A recorded body."""
    return (SAMPLES / f"{name}.json").read_bytes()


@pytest.mark.parametrize("status", list(TrackingStatus))
def test_each_status_has_a_recorded_body(status: TrackingStatus) -> None:
    report = mapping.report_of(sample(status.value))
    assert report.status is status
    assert report.occurred_at.tzinfo is UTC
    assert ids_of(report.our_reference)[0] == 7246811903115264


def test_a_delivery_is_read_whole() -> None:
    assert mapping.report_of(sample("delivered")) == TrackingReport(
        vendor_event_id="cev_99c1d20be47f6a0d12",
        carrier_code="jne",
        tracking_number="011540817524051",
        our_reference="7246811903115264-7246811903119360",
        status=TrackingStatus.DELIVERED,
        code="DLV",
        description="Delivered",
        place="Kota Jayapura",
        zone="Asia/Jayapura",
        occurred_at=datetime(2026, 11, 27, 2, 5, 30, tzinfo=UTC),
        receiver_name="Rina Wijaya",
    )


def test_a_vain_attempt_says_why() -> None:
    assert mapping.report_of(sample("delivery_failed")).attempt_reason == "Nobody was at the address"
    own_words = {**json.loads(sample("delivery_failed")), "reason": "Jalan banjir"}
    assert mapping.report_of_event(own_words).attempt_reason == "Jalan banjir"


@pytest.mark.parametrize(
    "change",
    [
        {"code": "XXX"},
        {"code": None},
        {"zone": "Mars/Olympus"},
        {"zone": "../etc/passwd"},
        {"occurred_at": "yesterday"},
        {"occurred_at": "2026-11-27T11:05:30"},
        {"reference": "12"},
        {"reference": "1-2-3"},
        {"event_id": ""},
        {"place": 5},
    ],
)
def test_what_we_have_no_word_for_is_not_guessed(change: dict[str, Any]) -> None:
    with pytest.raises(ReportNotUnderstood):
        mapping.report_of_event({**json.loads(sample("delivered")), **change})


@given(st.binary(max_size=200))
def test_rubbish_is_refused_and_never_breaks_the_reader(body: bytes) -> None:
    with pytest.raises(ReportNotUnderstood):
        mapping.report_of(body)


@given(st.integers(0, 2**63 - 1), st.integers(0, 2**63 - 1))
def test_our_reference_comes_back_as_it_went(shop_id: int, parcel_id: int) -> None:
    assert ids_of(reference_of(shop_id, parcel_id)) == (shop_id, parcel_id)


def test_what_buyers_read_is_translated() -> None:
    indonesian = translator("id").gettext
    shown = [text for _, text in mapping.CODES.values()] + list(mapping.ATTEMPT_REASONS.values())
    assert [text for text in shown if indonesian(text) == text] == []
