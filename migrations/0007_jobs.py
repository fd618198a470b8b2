"""The job queue's own tables, as the pinned procrastinate ships them."""

from procrastinate.schema import SchemaManager
from yoyo import step

__depends__ = {"0006_reactions"}

DROP = """
DROP TABLE IF EXISTS procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs, procrastinate_workers CASCADE;
"""


def apply(connection: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute(SchemaManager.get_schema())


steps = [step(apply, DROP)]
