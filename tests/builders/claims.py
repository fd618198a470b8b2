"""Claims as people make them, and their clocks run to zero."""

from collections.abc import Mapping

from etalase.commerce.orders.rules import Order
from etalase.foundation.deadlines.sweep import sweep_once
from etalase.foundation.facts import Actor
from etalase.foundation.sql import Db
from etalase.foundation.time_machine import actions as time_machine
from etalase.journeys.claims import opening, queries
from etalase.journeys.claims.opening import Told
from etalase.journeys.claims.rules import Claim
from etalase.subscriptions import DEADLINES
from tests.builders.stall import Stall

CHECKS: Mapping[str, str] = {"address": "right", "neighbors": "asked", "receiver": "unknown"}
TEXT = "The status says delivered, but nobody here has it."


async def not_received(stall: Stall, order: Order, *, text: str = TEXT) -> Claim:
    """The buyer goes through the guided check and tells the seller."""
    told = Told(text=text, checks=CHECKS)
    claim_id = await opening.ask_seller(stall.db, buyer_id=stall.buyer.id, order_id=order.id, told=told)
    return await claim_now(stall, claim_id)


async def claim_now(stall: Stall, claim_id: int) -> Claim:
    """The claim as it stands."""
    async with stall.db.for_shop(stall.shop.shop_id).reading() as tx:
        found = await queries.claim_of_shop(tx, shop_id=stall.shop.shop_id, claim_id=claim_id)
    assert found is not None
    return found


async def to_zero(db: Db) -> None:
    """Let the next clock run out, and its default happen."""
    await time_machine.to_next_deadline(db, actor=Actor("operator", 1))
    await sweep_once(db, DEADLINES)
