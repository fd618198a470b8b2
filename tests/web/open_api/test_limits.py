"""Buckets of tokens: a second's worth at once, filled evenly, one for each app, shop and call."""

from etalase.web.open_api import limits
from etalase.web.open_api.limits import Limits


def test_a_bucket_empties_and_fills() -> None:
    at = [100.0]
    kept = Limits(4, clock=lambda: at[0])
    assert [kept.wait_s(1, 1, "a") for _ in range(5)] == [None] * 4 + [1]
    assert kept.wait_s(1, 1, "b") is None
    assert kept.wait_s(1, 2, "a") is None
    assert kept.wait_s(2, 1, "a") is None
    at[0] += 0.5
    assert [kept.wait_s(1, 1, "a") for _ in range(3)] == [None, None, 1]
    at[0] += 60
    assert [kept.wait_s(1, 1, "a") for _ in range(5)] == [None] * 4 + [1]


def test_full_buckets_are_forgotten() -> None:
    at = [100.0]
    kept = Limits(1, clock=lambda: at[0])
    for app_id in range(limits.BUCKETS_MAX):
        kept.wait_s(app_id, 0, "a")
    at[0] += 2
    assert kept.wait_s(0, 0, "a") is None
    assert len(kept._buckets) == 1
