"""The sandbox provider's recorded notifications, read into our words."""

import json
from datetime import UTC, datetime
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etalase.integrations.payment_providers.protocol import (
    PaymentReport,
    PaymentStatus,
    ReportNotUnderstood,
    ids_of,
    reference_of,
)
from etalase.integrations.payment_providers.sandbox import mapping

SAMPLES = resources.files("etalase.integrations.payment_providers.sandbox") / "samples"


def sample(name: str) -> bytes:
    """A recorded body."""
    return (SAMPLES / f"{name}.json").read_bytes()


@pytest.mark.parametrize("status", list(PaymentStatus))
def test_each_status_has_a_recorded_body(status: PaymentStatus) -> None:
    report = mapping.report_of(sample(status.value))
    assert report.status is status
    assert report.occurred_at.tzinfo is UTC


def test_a_payment_is_read_whole() -> None:
    assert mapping.report_of(sample("paid")) == PaymentReport(
        provider_reference="pay_4bc098cb0e67e5cfd0",
        merchant_reference="7246811903098880-7246811903102976",
        event_id="pev_d90d1bb98815fe9f12",
        status=PaymentStatus.PAID,
        amount_minor=125_000,
        currency="IDR",
        method="qris",
        occurred_at=datetime(2026, 11, 23, 11, 59, 35, 771468, tzinfo=UTC),
        paid_attempt_id="att_5bd2c9013e77f0a8c4",
    )


def test_a_double_payment_is_visible_as_two_attempts() -> None:
    first, second = mapping.report_of(sample("paid")), mapping.report_of(sample("paid_again"))
    assert first.provider_reference == second.provider_reference
    assert first.event_id != second.event_id
    assert first.paid_attempt_id != second.paid_attempt_id


def test_a_refund_names_ours() -> None:
    report = mapping.report_of(sample("refunded"))
    assert (report.refund_reference, report.amount_minor, report.paid_attempt_id) == ("7246811903123456", 25_000, None)


@pytest.mark.parametrize(
    "change",
    [
        {"status": "settled"},
        {"amount_minor": True},
        {"amount_minor": -1},
        {"amount_minor": 1.5},
        {"amount_minor": "125000"},
        {"currency": ""},
        {"occurred_at": "2026-11-23T11:59:35"},
        {"merchant_reference": "abc"},
        {"event_id": None},
    ],
)
def test_what_we_have_no_word_for_is_not_guessed(change: dict[str, Any]) -> None:
    with pytest.raises(ReportNotUnderstood):
        mapping.report_of_event({**json.loads(sample("paid")), **change})


@given(st.binary(max_size=200))
def test_rubbish_is_refused_and_never_breaks_the_reader(body: bytes) -> None:
    with pytest.raises(ReportNotUnderstood):
        mapping.report_of(body)


@given(st.integers(0, 2**63 - 1), st.integers(0, 2**63 - 1))
def test_our_reference_comes_back_as_it_went(buyer_id: int, payment_id: int) -> None:
    assert ids_of(reference_of(buyer_id, payment_id)) == (buyer_id, payment_id)
