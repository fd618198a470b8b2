"""`etalase bench`: makes a world, measures the rows on it, says what it found."""

import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bench import world
from bench.figures import Figure, aligned, table
from bench.pages import pages
from bench.placing import place
from bench.processes import House, forget_environment
from bench.run import Run
from etalase.foundation import database

ORDERS: Final = 1_000_000
ORDERS_QUICK: Final = 20_000
BUYERS_QUICK: Final = 10_000
ROWS: Final[dict[str, Callable[[Run], Iterator[Figure]]]] = {"place": place, "pages": pages}


def main(*, quick: bool, only: Sequence[str], keep: Path | None, orders: int | None, strict: bool) -> int:
    """Run the chosen rows (all unless told); 0, or with `strict` 1 when a threshold is missed."""
    forget_environment()
    wanted = orders or (ORDERS_QUICK if quick else ORDERS)
    with _house(keep) as house:
        run = Run(house, is_quick=quick)
        buyers = BUYERS_QUICK if quick else world.BUYERS
        database.migrate(house.url)  # a world that was kept may be older than the code
        if not (house.folder / "world").exists():
            world.make_base(house.url, var=house.folder, buyers=buyers, progress=_progress)
            (house.folder / "world").touch()
        world.grow(house.url, wanted, buyers=buyers, progress=_progress)
        run.say(f"the world has {world.count_orders(house.url)} orders")
        figures = [figure for name, row in ROWS.items() if not only or name in only for figure in row(run)]
    sys.stdout.write(aligned(table(figures)) + "\n")
    _keep(figures)
    missed = [figure for figure in figures if figure.is_met is False]
    return 1 if missed and strict else 0


def _progress(step: str, share: float) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{share:4.0%} {step}")


def _keep(figures: Sequence[Figure]) -> None:
    folder = Path("var/bench")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    path.write_text(json.dumps([figure.told() for figure in figures], indent=1))
    sys.stdout.write(f"\n{path}\n")


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
