"""Orders in bulk: everything that holds of the demo world holds of them too."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from demo.load import load_orders, load_world
from etalase.foundation import clock
from etalase.foundation.facts.relay import relay_once
from etalase.foundation.sql import Tx, open_db
from etalase.integrations.carriers.registry import check_number
from etalase.subscriptions import LINES
from tests.builders.worlds import broken


@pytest.mark.slow
def test_two_thousand_orders_keep_every_invariant(database_url: str, tmp_path: Path) -> None:
    begun_at = datetime.now(UTC)  # what is near its end may come due while we load
    load_world(database_url, var=tmp_path)
    heard: list[tuple[str, float]] = []
    with psycopg.connect(database_url) as connection:
        before = connection.execute("SELECT count(*) FROM orders").fetchone()
    load_orders(database_url, 2_000, hot_share=0.5, progress=lambda step, share: heard.append((step, share)))
    assert broken(database_url) == {}
    assert heard[-1] == ("words", 1.0)
    with psycopg.connect(database_url) as connection:
        after = connection.execute("SELECT count(*) FROM orders").fetchone()
        assert before is not None
        assert after == (before[0] + 2_000,)
        hot = connection.execute(
            "SELECT count(*) FROM orders o JOIN shops s USING (shop_id) WHERE s.slug = 'sekar-laras'"
        ).fetchone()
        assert hot is not None
        assert hot[0] > 1_000
        numbers = connection.execute("SELECT carrier, number FROM parcel_numbers").fetchall()
        assert [check_number(*row) for row in numbers] == [number for _, number in numbers]
        latest = connection.execute("SELECT max(at) FROM facts").fetchone()
        assert latest is not None
        assert latest[0] <= clock.now()
        due = connection.execute(
            "SELECT count(*) FROM deadlines WHERE state = 'running' AND due_at <= %s", [begun_at]
        ).fetchone()
        assert due == (0,)
    assert asyncio.run(_relayed(database_url)) == 0


async def _relayed(url: str) -> int:
    async def hand_over(_tx: Tx, _line: str, _keys: Sequence[object]) -> None:
        raise AssertionError("history was handed over")

    async with open_db(url) as db, db.any().transaction() as tx:
        return await relay_once(tx, LINES, hand_over)


def test_without_anything_to_sell_nothing_is_loaded(database_url: str) -> None:
    with pytest.raises(LookupError):
        load_orders(database_url, 10)
