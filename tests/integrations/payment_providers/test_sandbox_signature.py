"""Who may tell us about payments, and for how long a message is fresh."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.peers import outbox
from etalase.integrations.payment_providers.protocol import SignatureNotValid
from etalase.integrations.payment_providers.sandbox.signature import HEADER, TOLERANCE_S, sign, verify

NOW = 1_795_000_000


@given(st.binary(max_size=300), st.text(min_size=1, max_size=40), st.integers(-TOLERANCE_S, TOLERANCE_S))
def test_what_the_peer_signs_is_taken_within_the_tolerance(body: bytes, secret: str, age_s: int) -> None:
    header = outbox.signature_header(secret, body=body, timestamp_s=NOW)
    assert header == sign(secret, body=body, timestamp_s=NOW)
    verify(secret, headers={HEADER.lower(): header}, body=body, now_s=NOW + age_s)


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_another_body_is_refused(body: bytes, other: bytes) -> None:
    headers = {HEADER: sign("s", body=body, timestamp_s=NOW)}
    if body == other:
        verify("s", headers=headers, body=other, now_s=NOW)
    else:
        with pytest.raises(SignatureNotValid):
            verify("s", headers=headers, body=other, now_s=NOW)


@given(st.text(max_size=120))
def test_no_invented_header_passes(header: str) -> None:
    with pytest.raises(SignatureNotValid):
        verify("s", headers={HEADER: header}, body=b"{}", now_s=NOW)


@pytest.mark.parametrize("age_s", [TOLERANCE_S + 1, -TOLERANCE_S - 1])
def test_an_old_message_and_one_from_the_future_are_refused(age_s: int) -> None:
    with pytest.raises(SignatureNotValid):
        verify("s", headers={HEADER: sign("s", body=b"{}", timestamp_s=NOW)}, body=b"{}", now_s=NOW + age_s)


def test_another_secret_and_no_header_are_refused() -> None:
    with pytest.raises(SignatureNotValid):
        verify("s", headers={HEADER: sign("t", body=b"{}", timestamp_s=NOW)}, body=b"{}", now_s=NOW)
    with pytest.raises(SignatureNotValid):
        verify("s", headers={}, body=b"{}", now_s=NOW)


def test_without_a_given_time_the_machines_clock_decides() -> None:
    verify("s", headers={HEADER: sign("s", body=b"{}", timestamp_s=int(time.time()))}, body=b"{}")
    with pytest.raises(SignatureNotValid):
        verify("s", headers={HEADER: sign("s", body=b"{}", timestamp_s=NOW - 86_400 * 9_000)}, body=b"{}")
