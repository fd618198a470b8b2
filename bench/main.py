"""`etalase bench`: makes a world, measures the rows on it, says what it found."""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from bench import documents, world
from bench.figures import Figure, Need, aligned, table
from bench.flash import flash
from bench.inbox import inbox
from bench.lists import Costs, costs, growth, lists
from bench.load import own_cost
from bench.open_api import open_api
from bench.pages import pages
from bench.placing import place
from bench.processes import House, forget_environment
from bench.run import Run
from bench.starting import start
from bench.streams import streams
from bench.tracking import webhooks
from etalase.foundation import database

ORDERS: Final = 1_000_000
ORDERS_QUICK: Final = 40_000
BUYERS_QUICK: Final = 10_000
EVERY_CASE_QUICK: Final = 2
ROWS: Final[dict[str, Callable[[Run], Iterator[Figure]]]] = {
    "place": place, "flash": flash, "pages": pages, "lists": lists, "webhooks": webhooks, "inbox": inbox, "streams": streams, "start": start,
    "api": open_api,
}  # fmt: skip


def main(
    *, quick: bool, only: Sequence[str], keep: Path | None, orders: int | None, strict: bool, write_docs: bool
) -> int:
    """Run the chosen rows (all unless told); 0, or with `strict` 1 when a threshold is missed."""
    forget_environment()
    if unknown := set(only) - {*ROWS, "growth"}:
        raise SystemExit(f"no such row: {', '.join(sorted(unknown))}; there are {', '.join([*ROWS, 'growth'])}")
    with _house(keep) as house:
        run = Run(
            house, is_quick=quick, buyers=BUYERS_QUICK if quick else world.BUYERS, every_case=EVERY_CASE_QUICK if quick else 1
        )  # fmt: skip
        is_curve = "growth" in only or not (only or quick)
        sizes = _sizes(orders or (ORDERS_QUICK if quick else ORDERS), is_curve=is_curve)
        figures = [*_build(run, sizes, is_curve=is_curve), *_measure(run, only)]
        told = _about(run, figures)
    sys.stdout.write(aligned(table(figures)) + "\n")
    _keep(told)
    if write_docs:
        documents.write(told)
    return 1 if strict and any(figure.is_met is False for figure in figures) else 0


def _sizes(orders: int, *, is_curve: bool) -> list[int]:
    """The sizes at which lists are measured: a hundredth, a tenth, all (at least a pattern's worth)."""
    return [max(orders // 100, 2_000), orders // 10, orders] if is_curve and orders >= 40_000 else [orders]


def _build(run: Run, sizes: Sequence[int], *, is_curve: bool) -> Iterator[Figure]:
    """Make the world, or use the one that is there; on the way, what lists cost at each size."""
    house = run.house
    database.migrate(house.url)  # a world that was kept may be older than the code
    if not (house.folder / "world").exists():
        world.make_base(house.url, var=house.folder, buyers=run.buyers, progress=run.progress)
        (house.folder / "world").touch()
    world.repair(house.url)
    by_size: dict[int, Costs] = {}
    for size in sizes:
        if world.count_orders(house.url) < size or size == sizes[-1]:
            world.grow(house.url, size, buyers=run.buyers, progress=run.progress)
            there = world.count_orders(house.url)
            run.say(f"the world has {there:,} orders")
            if is_curve:
                by_size[size] = costs(run)
    if len(by_size) > 1:
        yield from growth(by_size)


def _measure(run: Run, only: Sequence[str]) -> Iterator[Figure]:
    chosen = [name for name in ROWS if not only or name in only]
    for number, name in enumerate(chosen):
        run.progress(name, number / len(chosen))
        try:
            yield from ROWS[name](run)
        except Exception as problem:  # noqa: BLE001 - whatever it was, the other rows are worth having
            run.say(f"{name} could not be measured: {problem!r}")
            yield Figure(
                name,
                f"{name}: could not be measured",
                float("nan"),
                "",
                need=Need("exactly", 0),
                note=repr(problem)[:120],
            )


def _about(run: Run, figures: Sequence[Figure]) -> dict[str, Any]:
    """Everything there is to know about this run."""
    rate, each_us = own_cost()
    run.say(f"the load generator alone: {rate:.0f} requests/s, {each_us:.0f} us of CPU for each")
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"), "quick": run.is_quick,
        "orders": world.count_orders(run.house.url), "cores": os.cpu_count(), "took_s": round(run.took_s()),
        "generator": {"per_second": rate, "cpu_us": each_us}, "figures": [figure.told() for figure in figures],
    }  # fmt: skip


def _keep(told: dict[str, Any]) -> None:
    folder = Path("var/bench")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    path.write_text(json.dumps(told, indent=1))
    sys.stdout.write(f"\nIt took {told['took_s']} s; all of it is in {path}\n")


@contextmanager
def _house(keep: Path | None) -> Iterator[House]:
    """A house in the folder that is kept, or in one that is thrown away at the end."""
    folder = keep.resolve() if keep else Path(tempfile.mkdtemp(prefix="etalase-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)  # as root the database runs as another user
    house = House(folder)
    house.open()
    try:
        yield house
    finally:
        house.close()
        if keep is None:
            shutil.rmtree(folder, ignore_errors=True)
