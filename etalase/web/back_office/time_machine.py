"""The demo's time machine: moves the clock, waits until everything due has happened, and shows what did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.commerce.catalog import queries as catalog
from etalase.commerce.orders import queries as orders
from etalase.foundation import clock
from etalase.foundation.deadlines import queries as deadlines
from etalase.foundation.deadlines.kinds import KINDS, outcome
from etalase.foundation.deadlines.rules import Deadline, Urgency, urgency
from etalase.foundation.facts import Actor
from etalase.foundation.i18n import N_
from etalase.foundation.sql import Tx
from etalase.foundation.time_machine import actions, queries
from etalase.web.clockwork import tell_peers, until_fired
from etalase.web.request import NotFound, Visit, VisitDep, read_form, render, see_other

router = APIRouter()

MOVES: Final = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
NEXT_SHOWN: Final = 12
FIRED_SHOWN: Final = 30


@dataclass(frozen=True, slots=True)
class Row:
    """A clock as the page lists it; `href` only for whoever may open the order."""

    order_id: int
    text: str
    shop: str
    moment: datetime
    urgency: Urgency
    href: str


@router.get("/demo/time")
async def show_time(visit: VisitDep) -> Response:
    """The demo's time, what is due next and what happened after the last move."""
    _only_in_demo(visit)
    async with visit.db.any().reading() as tx:
        offset = timedelta(seconds=await queries.offset_seconds(tx))
        moved_at = await queries.last_moved_at(tx)
        upcoming = await deadlines.next_due(tx, after=visit.page.now, limit=NEXT_SHOWN)
        fired = await deadlines.fired_since(tx, since=moved_at, limit=FIRED_SHOWN) if moved_at else []
        waiting = await deadlines.count_waiting(tx, at=visit.page.now)
        rows = await _rows(tx, visit, [*upcoming, *fired])
    return render(
        visit,
        "back_office/time_machine.html",
        offset=offset,
        was_moved=moved_at is not None,
        upcoming=rows[: len(upcoming)],
        fired=rows[len(upcoming) :],
        waiting=waiting,
    )


def _only_in_demo(visit: Visit) -> None:
    if not visit.settings.is_demo:
        raise NotFound


async def _rows(tx: Tx, visit: Visit, found: Sequence[Deadline]) -> list[Row]:
    known = [deadline for deadline in found if deadline.kind in KINDS]
    shops = {shop.shop_id: shop.name for shop in await catalog.shops_by_id(tx, sorted({d.shop_id for d in known}))}
    links = {d.order_id: await _link(tx, visit, d) for d in {d.order_id: d for d in known}.values()}
    _ = visit.page.translator.gettext
    return [
        Row(
            order_id=d.order_id,
            text=_(outcome(d.kind)) if d.state == "fired" else _(KINDS[d.kind].label),
            shop=shops.get(d.shop_id, ""),
            moment=d.due_at,
            urgency=urgency(d.due_at, visit.page.now),
            href=links[d.order_id],
        )
        for d in known
    ]


async def _link(tx: Tx, visit: Visit, deadline: Deadline) -> str:
    """Where this reader may see the order: in the store worked in now, or as its buyer; else nowhere."""
    if visit.account is None:
        return ""
    if any(shop.id == deadline.shop_id and shop.is_current for shop in visit.page.shops):
        return f"/seller/orders/{deadline.order_id}"
    order = await orders.order_of_buyer(tx, buyer_id=visit.account.id, order_id=deadline.order_id)
    return f"/orders/{deadline.order_id}" if order else ""


@router.post("/demo/time")
async def move_time(request: Request, visit: VisitDep) -> Response:
    """Move the clock forward; answers when everything due has happened, or after FIRING_SECONDS_MAX."""
    _only_in_demo(visit)
    form = await read_form(request)
    before = clock.now()
    actor = Actor("system", visit.account.id if visit.account else None)
    move = str(form.get("move", ""))
    if move == "next":
        if await actions.to_next_deadline(visit.db, actor=actor) is None:
            return see_other(visit, "/demo/time", flash=_text(visit, N_("No deadline is running.")), kind="info")
    elif move in MOVES:
        await actions.advance(visit.db, MOVES[move], actor=actor)
    else:
        return see_other(visit, "/demo/time", flash=_text(visit, N_("Choose how far to move the clock.")), kind="error")
    is_told = await tell_peers(visit.db, visit.settings)
    waiting, fired = await until_fired(visit.db, since=before)
    return _answer(visit, is_told=is_told, waiting=waiting, fired=fired)


def _answer(visit: Visit, *, is_told: bool, waiting: int, fired: int) -> Response:
    text = visit.page.translator
    said = [
        text.ngettext(
            "The clock was moved. %(n)s deadline fired.", "The clock was moved. %(n)s deadlines fired.", fired
        )
    ]
    if waiting:
        said.append(_text(visit, N_("Some deadlines are still being carried out; reload in a moment.")))
    if not is_told:
        said.append(_text(visit, N_("The carrier does not answer; parcels will follow with the next move.")))
    return see_other(visit, "/demo/time", flash=" ".join(said), kind="success" if is_told else "warning")


def _text(visit: Visit, msgid: str) -> str:
    return visit.page.translator.gettext(msgid)
