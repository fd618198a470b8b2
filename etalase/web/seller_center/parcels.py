"""What a seller does with a parcel once it is arranged: correct its number, tell of a delay, undo it, deliver it."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.commerce.shipping import actions, queries, tracking
from etalase.commerce.shipping.errors import DuplicateNumber, NotByHand, ParcelMovedOn
from etalase.commerce.shipping.rules import Purpose
from etalase.foundation.facts import Actor
from etalase.foundation.i18n import N_
from etalase.foundation.ids import parse_id
from etalase.foundation.ui.page import FlashKind
from etalase.integrations.carriers import registry
from etalase.integrations.carriers.registry import NumberNotValid
from etalase.journeys.returns import parcels as returns
from etalase.journeys.returns.actions import Key
from etalase.web.request import Member, NotFound, Visit, VisitDep, member_of_shop, read_form, see_other
from etalase.web.seller_center.arranging import NUMBER_CHARS_MAX, number_refused

router = APIRouter()

RECEIVER_CHARS_MAX = 80
MOVED_ON = N_("The parcel has moved on in the meantime. This is how it stands now.")


@router.post("/seller/parcels/{parcel_id}/number")
async def correct_number(request: Request, visit: VisitDep, parcel_id: str) -> Response:
    """Replace the tracking number of a parcel; a number that does not fit says how it should look."""
    member = member_of_shop(visit)
    parcel = await _parcel(visit, member, parcel_id)
    form = await read_form(request)
    try:
        number = registry.check_number(parcel.carrier, str(form.get("number", ""))[:NUMBER_CHARS_MAX])
        await actions.correct_number(
            visit.db, shop_id=member.shop_id, parcel_id=parcel.id, number=number, by=Actor.seller(member.account_id),
            accept_duplicate=form.get("accept_duplicate") == "1",
        )  # fmt: skip
    except NumberNotValid as problem:
        return _back(visit, parcel, number_refused(visit, problem, offered=()).text, kind="error")
    except DuplicateNumber:
        text = N_("Another parcel has this tracking number. Tick the box if it is right all the same.")
        return _back(visit, parcel, text, kind="error")
    except ParcelMovedOn:
        return _back(visit, parcel, MOVED_ON, kind="warning")
    return _back(visit, parcel, N_("The tracking number is corrected; the former one is kept."))


@router.post("/seller/parcels/{parcel_id}/delay")
async def note_delay(request: Request, visit: VisitDep, parcel_id: str) -> Response:
    """Tell the buyer about a delay."""
    member = member_of_shop(visit)
    parcel = await _parcel(visit, member, parcel_id)
    note = str((await read_form(request)).get("note", "")).strip()
    if not note:
        return _back(visit, parcel, N_("Write what the buyer should know."), kind="error")
    try:
        await actions.note_delay(
            visit.db, shop_id=member.shop_id, parcel_id=parcel.id, note=note, by=Actor.seller(member.account_id)
        )
    except ParcelMovedOn:
        return _back(visit, parcel, MOVED_ON, kind="warning")
    return _back(visit, parcel, N_("The buyer has been told about the delay."))


@router.post("/seller/parcels/{parcel_id}/cancellation")
async def undo_parcel(visit: VisitDep, parcel_id: str) -> Response:
    """Take everything out of a parcel that the courier has not collected."""
    member = member_of_shop(visit)
    parcel = await _parcel(visit, member, parcel_id)
    by = Actor.seller(member.account_id)
    try:
        if parcel.case_id is not None:
            key = Key.of_shop(member.shop_id, return_id=parcel.case_id, by=by)
            await returns.undo(visit.db, key, parcel_id=parcel.id)
        else:
            await actions.undo(visit.db, shop_id=member.shop_id, parcel_id=parcel.id, by=by)
    except ParcelMovedOn:
        return _back(visit, parcel, MOVED_ON, kind="warning")
    return _back(visit, parcel, N_("The parcel is undone. Its units can be shipped again."))


@router.post("/seller/parcels/{parcel_id}/handover")
async def hand_over(visit: VisitDep, parcel_id: str) -> Response:
    """The shop's own courier has left with the parcel."""
    member = member_of_shop(visit)
    parcel = await _parcel(visit, member, parcel_id)
    try:
        await tracking.hand_over(
            visit.db, shop_id=member.shop_id, parcel_id=parcel.id, by=Actor.seller(member.account_id)
        )
    except (ParcelMovedOn, NotByHand):
        return _back(visit, parcel, MOVED_ON, kind="warning")
    return _back(visit, parcel, N_("The parcel is on its way."))


@router.post("/seller/parcels/{parcel_id}/delivery")
async def mark_delivered(request: Request, visit: VisitDep, parcel_id: str) -> Response:
    """The shop's own courier has delivered; who took the parcel is the proof."""
    member = member_of_shop(visit)
    parcel = await _parcel(visit, member, parcel_id)
    received_by = str((await read_form(request)).get("received_by", "")).strip()[:RECEIVER_CHARS_MAX]
    if not received_by:
        return _back(visit, parcel, N_("Enter who took the parcel."), kind="error")
    try:
        await tracking.deliver_by_hand(
            visit.db, shop_id=member.shop_id, parcel_id=parcel.id, by=Actor.seller(member.account_id),
            received_by=received_by,
        )  # fmt: skip
    except (ParcelMovedOn, NotByHand):
        return _back(visit, parcel, MOVED_ON, kind="warning")
    return _back(visit, parcel, N_("The parcel is marked as delivered."))


async def _parcel(visit: Visit, member: Member, parcel_id: str) -> queries.Parcel:
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        parcel = await queries.parcel_of_shop(tx, shop_id=member.shop_id, parcel_id=parse_id(parcel_id) or 0)
    if parcel is None or parcel.purpose is Purpose.WAY_BACK:  # the buyer's to deal with
        raise NotFound
    return parcel


def _back(visit: Visit, parcel: queries.Parcel, text: str, *, kind: FlashKind = "success") -> Response:
    return see_other(visit, f"/seller/orders/{parcel.order_id}", flash=text, kind=kind)
