"""The way in for vendors' messages: those that come together are kept by one commit, each is answered after it."""

from collections.abc import Sequence
from typing import Final

from etalase.foundation.inbound import queries
from etalase.foundation.inbound.queries import Message
from etalase.foundation.lane import Lane
from etalase.foundation.sql import Db, is_outage

BATCH_MAX: Final = 500
WAITING_MAX: Final = 2_000
"""More than is kept in a second: whoever comes then is asked to come again."""


class NotKept(Exception):
    """The database did not answer: nobody knows whether the message is safe, the vendor has to send it again."""


class Intake:
    """The messages that this process is about to keep."""

    def __init__(self, db: Db) -> None:
        self._db = db
        self._lane = Lane(self._keep_all, batch_max=BATCH_MAX, waiting_max=WAITING_MAX)

    async def keep(self, message: Message) -> None:
        """Return when the message is durable, this time or before; raises LaneFull, NotKept."""
        try:
            await self._lane.submit(message)
        except Exception as problem:
            if is_outage(problem):
                raise NotKept(str(problem)) from problem
            raise

    async def _keep_all(self, messages: Sequence[Message]) -> Sequence[None]:
        async with self._db.any().transaction() as tx:
            await queries.insert_events(tx, messages)
        return [None] * len(messages)
