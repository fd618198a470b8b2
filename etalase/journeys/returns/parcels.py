"""What travels because of a return: the way back and replacements; carriers' scans move the return.

The order stays where it is. Verbs raise ReturnNotFound, ReturnMovedOn, and what arranging a parcel raises.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from etalase.commerce.inventory import actions as inventory
from etalase.commerce.shipping import of_returns
from etalase.commerce.shipping.actions import ParcelPlan
from etalase.commerce.shipping.errors import ParcelMovedOn, ParcelNotFound
from etalase.commerce.shipping.queries import Parcel, parcel_of_shop
from etalase.commerce.shipping.rules import FAILED, ParcelState, Purpose
from etalase.foundation.facts import RecordedFact
from etalase.foundation.facts.model import CARRIER
from etalase.foundation.sql import Db
from etalase.journeys.returns import effects, queries
from etalase.journeys.returns.actions import Key, Work, at_work
from etalase.journeys.returns.errors import ParcelAlreadyThere, ReturnMovedOn, ReturnNotFound
from etalase.journeys.returns.queries import Changes
from etalase.journeys.returns.rules import Move, Return, ReturnState

GONE: Final = (ParcelState.IN_TRANSIT, ParcelState.DELIVERED, *FAILED)
ENDS_OF_REPLACEMENTS: Final[Mapping[ParcelState, str]] = {
    ParcelState.LOST: "replacement_lost",
    ParcelState.RETURNED: "replacement_returned",
}
"""Why a return ends with money after all, by what became of the replacement."""


async def arrange_replacement(db: Db, key: Key, *, plan: ParcelPlan) -> Parcel:
    """A replacement that waits for its carrier; its stock is taken. The clock to send it runs until it is collected.

    Raises StockShort, ParcelAlreadyThere.
    """
    async with at_work(db, key) as work:
        work.need(Move.REPLACE)
        await _need_none(work, Purpose.REPLACEMENT)
        units = await queries.units_of(work.tx, work.found)
        made = await _arrange(work, plan, Purpose.REPLACEMENT, units)
        stock = await effects.stock_units(work.tx, work.order, units)
        await inventory.commit_units(work.tx, stock, at=work.at)
        await inventory.ship_units(work.tx, stock, at=work.at)
        return made


async def refund_instead(db: Db, key: Key) -> Return:
    """The shop can't send a replacement: the money goes back at once."""
    async with at_work(db, key) as work:
        work.need(Move.REPLACE)
        return await effects.refund(
            work.tx, work.order, work.found, outcome="no_stock", by=work.by, at=work.at
        )  # fmt: skip


async def ask_for_label(db: Db, key: Key, *, plan: ParcelPlan) -> Parcel:
    """A label for the way back. The clock to hand it over runs until the carrier has it; raises ParcelAlreadyThere."""
    async with at_work(db, key) as work:
        work.need(Move.SEND_BACK)
        await _need_none(work, Purpose.WAY_BACK)
        return await _arrange(work, plan, Purpose.WAY_BACK, await queries.units_of(work.tx, work.found))


async def send_back(db: Db, key: Key, *, plan: ParcelPlan) -> Return:
    """The goods are with a carrier of the buyer's own choice, under its number; a label that was asked for lapses."""
    async with at_work(db, key) as work:
        work.need(Move.SEND_BACK)
        for parcel in await of_returns.of_case(work.tx, work.order, work.found.id):
            if parcel.state is ParcelState.AWAITING_COLLECTION:
                await effects.take_back(work.tx, work.order, parcel, by=work.by, at=work.at)
        own = replace(plan, method="own_number", accept_duplicate=True)
        made = await _arrange(work, own, Purpose.WAY_BACK, await queries.units_of(work.tx, work.found))
        return await work.go(Move.SEND_BACK, _way_back(made))


async def undo(db: Db, key: Key, *, parcel_id: int) -> None:
    """Take back a label, or a replacement that nobody collected; raises ParcelNotFound, ParcelMovedOn."""
    purpose = Purpose.WAY_BACK if key.by.kind == "buyer" else Purpose.REPLACEMENT
    async with at_work(db, key) as work:
        parcels = await of_returns.of_case(work.tx, work.order, work.found.id)
        found = next((one for one in parcels if one.id == parcel_id and one.purpose is purpose), None)
        if found is None:
            raise ParcelNotFound(parcel_id)
        if found.state is not ParcelState.AWAITING_COLLECTION:
            raise ParcelMovedOn(found.state)
        await effects.take_back(work.tx, work.order, found, by=work.by, at=work.at)


async def _need_none(work: Work, purpose: Purpose) -> None:
    """A parcel that failed may be followed by another; one that waits or travels may not."""
    parcels = await of_returns.of_case(work.tx, work.order, work.found.id)
    if any(parcel.purpose is purpose and parcel.is_open for parcel in parcels):
        raise ParcelAlreadyThere


async def _arrange(work: Work, plan: ParcelPlan, purpose: Purpose, units: Mapping[int, int]) -> Parcel:
    return await of_returns.arrange(
        work.tx, work.order, plan, case_id=work.found.id, purpose=purpose, units=units, by=work.by, at=work.at
    )  # fmt: skip


async def follow(db: Db, recorded: RecordedFact) -> None:
    """Reaction to a return's parcel that moved: the return goes where the parcel is now, whichever report came first."""
    key = Key.of_shop(recorded.shop_id, return_id=int(recorded.data["case_id"]), by=CARRIER)
    try:
        async with at_work(db, key) as work:
            parcel = await parcel_of_shop(work.tx, shop_id=recorded.shop_id, parcel_id=recorded.subject_id)
            if parcel is not None and parcel.state in GONE:
                step = _way_back_moved if parcel.purpose is Purpose.WAY_BACK else _replacement_moved
                await step(work, parcel)
    except (ReturnMovedOn, ReturnNotFound):
        return  # somebody or some clock was faster


async def _way_back_moved(work: Work, parcel: Parcel) -> None:
    if work.found.state is ReturnState.AWAITING_RETURN and parcel.state is not ParcelState.RETURNED:
        work.found = await work.go(Move.SEND_BACK, _way_back(parcel))
    if work.found.state is not ReturnState.RETURNING or work.found.tracking_number != (parcel.tracking_number or ""):
        return  # the seller has said so already, or this is the parcel of an earlier try
    if parcel.state is ParcelState.DELIVERED:
        await work.go(Move.RECEIVE)
    elif parcel.state is ParcelState.RETURNED:
        await work.go(Move.COME_BACK)
    elif parcel.state is ParcelState.LOST:
        await effects.refund(work.tx, work.order, work.found, outcome="lost_back", by=work.by, at=work.at)


async def _replacement_moved(work: Work, parcel: Parcel) -> None:
    if work.found.state is ReturnState.REPLACING:
        changes = Changes(new_carrier=parcel.carrier, new_number=parcel.tracking_number or "", outcome="replaced")
        work.found = await work.go(Move.REPLACE, changes)
    if work.found.state is not ReturnState.REPLACED:
        return
    if parcel.state is ParcelState.DELIVERED:
        await work.go(Move.SETTLE)
    elif outcome := ENDS_OF_REPLACEMENTS.get(parcel.state):
        if parcel.state is ParcelState.RETURNED:
            stock = await effects.stock_units(work.tx, work.order, parcel.units)
            await inventory.restock_units(work.tx, stock, at=work.at)
        await effects.refund(work.tx, work.order, work.found, outcome=outcome, by=work.by, at=work.at)


def _way_back(parcel: Parcel) -> Changes:
    return Changes(carrier=parcel.carrier, tracking_number=parcel.tracking_number or "")
