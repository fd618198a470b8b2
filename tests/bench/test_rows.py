"""Every row runs on a small world, and pgbench's side writes what the product writes."""

from collections import Counter
from pathlib import Path

import psycopg
import pytest

from bench.figures import Figure
from bench.flash import flash
from bench.inbox import inbox
from bench.lists import lists
from bench.page_twin import asked_in
from bench.pages import pages
from bench.placing import place, place_by_hand
from bench.processes import House
from bench.run import Run
from bench.streams import streams
from bench.tracking import webhooks
from bench.twin import PlacingTwin, tables_of
from tests.bench.conftest import BUYERS
from tests.builders.worlds import broken


@pytest.fixture
def run(grown_house: House) -> Run:
    """A run that takes hardly any time."""
    return Run(grown_house, is_quick=True, buyers=BUYERS, pace=0.1, clients=(2,), open_pages=30, every_case=20)


def test_pgbench_writes_the_rows_of_a_placement(run: Run, tmp_path: Path) -> None:
    spread, hot = run.goods()
    with run.house.web() as web:
        placement = place_by_hand(run, web, hot)
    written = {table: len(rows) for table, rows in placement.rows.items()}
    assert {"orders", "order_lines", "purchases", "payments", "facts", "deadlines", "stock", "stock_movements"} <= set(
        written
    )
    twin = PlacingTwin(run.house.url, tmp_path, placement, buyers=BUYERS, clients=(1,))
    for is_pipelined, goods in ((False, [hot]), (True, spread)):
        twin.run(goods, clients=1, is_pipelined=is_pipelined, transactions=1)
        assert _written_last(run.house.url) == written
        assert _full_carts(run.house.url) == BUYERS - 200 - 1
    assert broken(run.house.url) == {}


def _written_last(url: str) -> dict[str, int]:
    """Rows in each table that the last transaction with a fact has written."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT max(recorded_xid::text::bigint) FROM facts").fetchone()
        assert row is not None
        counted = Counter[str]()
        for table in tables_of(connection):
            found = connection.execute(f"SELECT count(*) FROM {table} WHERE xmin::text = %s", [str(row[0] % 2**32)])
            counted[table] = (found.fetchone() or (0,))[0]
    return {table: rows for table, rows in counted.items() if rows}


def _full_carts(url: str) -> int:
    """Carts of extra buyers that are not empty."""
    with psycopg.connect(url) as connection:
        query = "SELECT count(*) FROM cart_lines WHERE (buyer_id >> 12) & 1023 = 1010"
        return int((connection.execute(query).fetchone() or (0,))[0])


@pytest.mark.slow
def test_every_row_runs(run: Run) -> None:
    with run.house.web():
        found: list[Figure] = []
        for row in (place, flash, pages, lists, webhooks, inbox, streams):
            figures = list(row(run))
            assert figures, row
            found += figures
    assert all(figure.value > 0 for figure in found if figure.row != "flash-p99")
    exact = next(figure for figure in found if figure.row == "flash-exact")
    assert exact.is_met is True
    assert {figure.row for figure in found if figure.twin} >= {"place-hot-128", "place-spread-128", "webhooks"}


def test_the_log_tells_what_a_page_asked() -> None:
    log = (
        "2026-01-05 10:00:00.123 UTC [77] LOG:  execute <unnamed>: SELECT a\n\tFROM t WHERE b = $1 AND c = $2\n"
        "2026-01-05 10:00:00.123 UTC [77] DETAIL:  Parameters: $1 = 'it''s', $2 = NULL\n"
        "2026-01-05 10:00:00.124 UTC [77] LOG:  statement: BEGIN\n"
        "2026-01-05 10:00:00.125 UTC [78] LOG:  execute _pg3_1: SELECT offset_seconds FROM clock_offset\n"
    )
    assert asked_in(log) == [("SELECT a\nFROM t WHERE b = $1 AND c = $2", {"1": "it's", "2": None})]
