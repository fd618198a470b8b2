"""What happens at zero: the handler of every clock of a return."""

from etalase.foundation.deadlines.errors import Obsolete
from etalase.foundation.deadlines.rules import Deadline
from etalase.foundation.sql import Db
from etalase.journeys.returns import actions
from etalase.journeys.returns.errors import ReturnMovedOn, ReturnNotFound


async def run_out(db: Db, deadline: Deadline) -> None:
    """Nobody acted in time: the state's default happens."""
    try:
        await actions.at_zero(
            db, shop_id=deadline.shop_id, return_id=deadline.subject_id, clock_kind=deadline.kind
        )  # fmt: skip
    except (ReturnMovedOn, ReturnNotFound) as error:
        raise Obsolete from error
