"""Settings against each other: `python tools/measure_settings.py WORLD [--rounds 4] [name ...]`.

WORLD is a folder that `etalase bench --keep WORLD` has made. Each round measures every variant once, so that what the machine
does meanwhile falls on all of them; told are the medians. Another server can be tried with `app` and `python -m bench.load`:
`granian --interface asgi --loop uvloop --no-ws --factory tools.measure_settings:app`.
"""

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from statistics import median

import click
import psycopg
from fastapi import FastAPI

from bench import pages, shoppers
from bench.load import Measured, measure
from bench.processes import WEB_PROCESSES, House, Web, forget_environment
from bench.run import Run
from etalase.foundation import database
from etalase.settings import settings
from etalase.web.app import create_app

BUYERS = 20_000
WARM_S, LOAD_S = 0.7, 2.0
CASES = ("order-center", "product", "seller-list")


@dataclass(frozen=True)
class Variant:
    """What is otherwise: settings of PostgreSQL, the environment, the number of web processes."""

    database: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    webs: int = WEB_PROCESSES


VARIANTS = {
    "as it is": Variant(),
    "shared_buffers 256MB": Variant({"shared_buffers": "256MB"}),
    "wal_compression off": Variant({"wal_compression": "off"}),
    "commit_delay 200": Variant({"commit_delay": "200", "commit_siblings": "3"}),
    "5 connections": Variant(environment={"ETALASE_CONNECTIONS_MAX": "5"}),
    "20 connections": Variant(environment={"ETALASE_CONNECTIONS_MAX": "20"}),
    "1 web process": Variant(webs=1),
    "3 web processes": Variant(webs=3),
}


def app() -> FastAPI:
    """What another server serves; the environment says where the world's database is."""
    return create_app(settings())


@contextmanager
def changed(house: House, variant: Variant) -> Iterator[None]:
    """The house with the variant's settings; as it was afterwards."""
    _set(house, variant.database)
    house.web_processes = variant.webs
    os.environ.update(variant.environment)
    try:
        yield
    finally:
        house.web_processes = WEB_PROCESSES
        for name in variant.environment:
            os.environ.pop(name)
        _set(house, dict.fromkeys(variant.database, "DEFAULT"))


def _set(house: House, values: Mapping[str, str]) -> None:
    if not values:
        return
    with psycopg.connect(house.url, autocommit=True) as connection:
        for name, value in values.items():
            told = value if value == "DEFAULT" else f"'{value}'"
            connection.execute(f"ALTER SYSTEM SET {name} = {told}")
    house.close()
    house.open()


def measured(run: Run, web: Web, rounds: dict[str, list[Measured]]) -> None:
    """One load of each kind."""
    spread, _hot = run.goods()
    cases = {case.key: case for case in pages.cases(run)}
    for name in ("place", *CASES):
        if name == "place":
            buyers = run.shoppers()
            shoppers.fill_carts(run.house.url, buyers, spread)
            requests, connections = iter(shoppers.placements(buyers, spread)), 128
        else:
            requests, connections = cycle(cases[name].requests), cases[name].connections
        measure(web.port, requests, connections=connections, seconds=WARM_S)
        rounds[name].append(run.measure(web, name, requests, connections=connections, seconds=LOAD_S))


@click.command()
@click.argument("world", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--rounds", default=4, show_default=True)
@click.argument("names", nargs=-1, type=click.Choice(list(VARIANTS)))
def main(world: Path, rounds: int, names: tuple[str, ...]) -> None:
    """Measure the variants, all of them or these."""
    forget_environment()
    found: dict[str, dict[str, list[Measured]]] = defaultdict(lambda: defaultdict(list))
    house = House(world)
    house.open()
    try:
        database.migrate(house.url)
        for _ in range(rounds):
            for name in names or VARIANTS:
                with changed(house, VARIANTS[name]), house.web() as web:
                    measured(Run(house, is_quick=True, buyers=BUYERS), web, found[name])
    finally:
        house.close()
    for name, loads in found.items():
        for load, several in loads.items():
            rate, tail, web_ms, database_ms = (
                median(values)
                for values in zip(
                    *((one.per_second, one.quantile_ms(0.99), one.web_ms, one.database_ms) for one in several),
                    strict=True,
                )
            )
            click.echo(
                f"{name:24} {load:14} {rate:7.0f}/s  p99 {tail:6.1f} ms  CPU ms: web {web_ms:.2f}, database {database_ms:.2f}"
            )


if __name__ == "__main__":
    main()
