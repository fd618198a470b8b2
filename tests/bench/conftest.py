"""One small world for all tests of the bench: making it takes longer than they do."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from bench import world
from bench.processes import House
from tests.conftest import _drop, _on

BUYERS = 400


@pytest.fixture(scope="session")
def small_house(server_url: str, template_name: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house on the tests' database server, with two hundred orders as the loader writes them and as many as copies."""
    name = f"bench_{uuid4().hex}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template_name))
        )
    house = House(tmp_path_factory.mktemp("bench"))
    house.url = _on(server_url, name)
    world.make_base(house.url, var=house.folder, buyers=BUYERS, progress=_quietly)
    yield house
    _drop(server_url, name)


def _quietly(_step: str, _share: float) -> None:
    """Nobody looks."""


@pytest.fixture(scope="session")
def grown_house(small_house: House) -> House:
    """Copies of the pattern in two steps, as the curve of growth makes them."""
    indexes = _indexes(small_house.url)
    for orders in (900, 1_200):
        world.grow(small_house.url, orders, buyers=BUYERS, progress=_quietly)
    assert _indexes(small_house.url) == indexes
    return small_house


def _indexes(url: str) -> list[tuple[str]]:
    with psycopg.connect(url) as connection:
        query = "SELECT pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class c ON c.oid = indrelid WHERE relnamespace = 'public'::regnamespace ORDER BY 1"
        return connection.execute(query).fetchall()
