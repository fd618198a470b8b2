"""A database for each test: one PostgreSQL a test run, one migrated template, a clone of it a test.

The server starts when the first test asks for a database. With pytest-xdist the workers share it: the first one that gets
the file lock starts and migrates, the process that began the run stops it at the end. `TEST_DATABASE_URL` uses a server that
runs already (its user must be allowed to make databases).
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from psycopg import sql

from etalase.foundation import clock, database
from etalase.foundation.sql import Db, open_db
from etalase.settings import Settings

FOLDER = "ETALASE_TEST_FOLDER"
# Tests lose nothing in a power cut; commits stay real, waiting for the disk does not.
FAST = """
fsync = off
full_page_writes = off
synchronous_commit = off
max_connections = 200
wal_level = minimal
max_wal_senders = 0
max_wal_size = 256MB
"""
MEMORY = Path("/dev/shm")  # noqa: S108 - the folder made in it has a name nobody knows
MEMORY_NEEDED = 2 << 30
"""A clone is a thousand small files: made in memory it takes a twentieth of the time."""


def pytest_configure(config: pytest.Config) -> None:
    """The process that begins the run names the folder; workers inherit it."""
    if not hasattr(config, "workerinput"):
        has_memory = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > MEMORY_NEEDED
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="etalase-tests-", dir=MEMORY if has_memory else None)
        Path(os.environ[FOLDER]).chmod(0o755)  # as root the server runs as another user


def pytest_unconfigure(config: pytest.Config) -> None:
    """The process that began the run stops the server, or leaves a given one as it was."""
    if hasattr(config, "workerinput") or FOLDER not in os.environ:
        return
    folder = Path(os.environ.pop(FOLDER))
    if (folder / "postgres").exists():
        server, _ = database.start_embedded(folder)
        database.stop_embedded(server)
    elif (folder / "url").exists():
        _drop((folder / "url").read_text(), _template(folder))
    shutil.rmtree(folder, ignore_errors=True)


def _template(folder: Path) -> str:
    return folder.name.replace("-", "_")


def _drop(url: str, name: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """The server of this run, with the migrated template on it."""
    folder = Path(os.environ[FOLDER])
    with _locked(folder / "lock"):
        kept = folder / "url"
        if not kept.exists():
            kept.write_text(_start(folder))
        url = kept.read_text()
    yield url
    _drop_left(url)


def _start(folder: Path) -> str:
    url = os.environ.get("TEST_DATABASE_URL")
    if url is None:
        server, _ = database.start_embedded(folder)
        database.stop_embedded(server)
        with (folder / "postgres" / "postgresql.conf").open("a", encoding="utf-8") as conf:
            conf.write(FAST)
        server, url = database.start_embedded(folder)
    name = _template(folder)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    database.migrate(_on(url, name))
    return url


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _on(url: str, name: str) -> str:
    """The same server, another database, still as a URL (yoyo reads nothing else)."""
    head, _, query = url.partition("?")
    scheme, _, rest = head.partition("://")
    host = rest.split("/", 1)[0]
    return f"{scheme}://{host}/{name}" + (f"?{query}" if query else "")


@pytest.fixture(scope="session")
def template_name(server_url: str) -> str:
    """The migrated database that tests get clones of; only to be read from."""
    return _template(Path(os.environ[FOLDER]))


_left: list[str] = []
"""The database of the test before: dropped once its connections have ended, for which dropping would have to wait."""


def _drop_left(url: str) -> None:
    while _left:
        _drop(url, _left.pop())


@pytest.fixture
def database_url(server_url: str) -> Iterator[str]:
    """An empty migrated database of this test's own."""
    name, template = f"test_{uuid4().hex}", _template(Path(os.environ[FOLDER]))
    clone = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(clone.format(sql.Identifier(name), sql.Identifier(template)))
    _drop_left(server_url)
    yield _on(server_url, name)
    _left.append(name)


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Db]:
    """A pool of connections to this test's database."""
    async with open_db(database_url, connections_max=20) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _clock_at_rest() -> Iterator[None]:
    """The clock of one test does not move another's."""
    yield
    clock.set_offset(clock.offset() * 0)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of a demo installation on this test's database."""
    return Settings(
        DATABASE_URL=database_url,
        var=tmp_path,
        mode="demo",
        public_url="http://testserver",
        secret_key="a key for tests, long enough to sign with",
        connections_max=10,
    )


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    """The running web app (its start and stop included)."""
    from etalase.web.app import create_app

    made = create_app(settings)
    async with made.router.lifespan_context(made):
        yield made


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A browser with cookies that follows no redirect by itself. See tests/builders/web.py: sign_in, post."""
    async with new_client(app) as opened:
        yield opened


def new_client(app: FastAPI) -> httpx.AsyncClient:
    """A further browser with cookies of its own."""
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, raise_app_exceptions=False, client=("10.0.0.1", 4711)),
        base_url="http://testserver",
        headers={"Accept-Language": "en", "User-Agent": "Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile"},
    )
