"""Arrange Shipping for many orders: one form, each order as its buyer chose, and a report that names what was not done."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.commerce.orders import rules
from etalase.commerce.orders.lists import queries as lists
from etalase.commerce.orders.rules import SellerTab, State
from etalase.commerce.shipping import batch, papers
from etalase.commerce.shipping.actions import ParcelPlan
from etalase.commerce.shipping.batch import BATCH_MAX, PROBLEMS, Wanted
from etalase.commerce.shipping.papers import Recipient
from etalase.commerce.shipping.rules import OWN_COURIER
from etalase.foundation.facts import Actor
from etalase.foundation.i18n import N_
from etalase.foundation.ids import parse_id
from etalase.integrations.carriers import registry
from etalase.integrations.carriers.handover import pickup_slots
from etalase.integrations.carriers.protocol import PickupSlot
from etalase.integrations.carriers.registry import CarrierNotKnown, ShippingMethod
from etalase.web.request import Member, Visit, VisitDep, read_form, render, see_other, with_query
from etalase.web.seller_center.arranging import METHOD_LABELS, methods_of
from etalase.web.seller_center.orders import Asked, asked_of, at_shop_time
from etalase.web.seller_center.slots import options_of, slot_in

router = APIRouter()

NOTHING_CHOSEN = N_("Tick the orders to ship.")
WAYS_ASKED_MAX = 6
"""Of how many services the pick-up times are asked for one form; with more of them carriers decide."""


@dataclass(frozen=True, slots=True)
class Refused:
    """An order of the batch that was not arranged, and why (a msgid)."""

    order_id: int
    buyer_name: str
    why: str


@router.get("/seller/shipping")
async def show_many(request: Request, visit: VisitDep) -> Response:
    """The form for the chosen orders, or with `all` for as many as fit of the list that was asked for."""
    member = at_shop_time(visit)
    asked = asked_of(request.query_params)
    chosen = ids_in(request.query_params.getlist("order"))
    if request.query_params.get("all"):
        chosen = await _all_that_fit(visit, member, asked)
    return await _form(visit, member, chosen)


async def _all_that_fit(visit: Visit, member: Member, asked: Asked) -> list[int]:
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        page = await lists.page_of_shop(
            tx,
            shop_id=member.shop_id,
            states=rules.SELLER_TABS[SellerTab.READY],
            narrowed=asked.narrowed(member.shop.zone),
            before=asked.before,
            size=BATCH_MAX,
        )
    return [card.id for card in page.cards]


async def _form(visit: Visit, member: Member, chosen: Sequence[int], *, problem: str = "") -> Response:
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        found = await papers.recipients(tx, shop_id=member.shop_id, order_ids=chosen)
    waiting = [one for one in found.values() if one.state is State.AWAITING_SHIPMENT]
    if not waiting:
        return see_other(visit, "/seller/orders?tab=ready", flash=NOTHING_CHOSEN, kind="warning")
    methods = [method for method in methods_of(visit) if method is not ShippingMethod.OWN_NUMBER]
    return render(
        visit,
        "seller_center/parcels/arrange_many.html",
        status=422 if problem else 200,
        orders=waiting,
        left_out=len(chosen) - len(waiting),
        methods=[(method, *METHOD_LABELS[method]) for method in methods],
        slots=options_of(await _common_slots(visit, member, waiting), visit=visit),
        problem=problem,
    )


async def _common_slots(visit: Visit, member: Member, orders: Sequence[Recipient]) -> list[PickupSlot]:
    """The times at which every carrier of these orders can come; none when one of them can't be asked."""
    ways = sorted({way_of(order) for order in orders if way_of(order)[0] != OWN_COURIER})
    if not 0 < len(ways) <= WAYS_ASKED_MAX:
        return []
    answers = await asyncio.gather(
        *(
            pickup_slots(visit.db, visit.settings, shop_id=member.shop_id, carrier=carrier, service=service)
            for carrier, service in ways
        )
    )
    first, *others = [set(answer or ()) for answer in answers]
    return sorted(first.intersection(*others), key=lambda slot: slot.start)


def way_of(order: Recipient) -> tuple[str, str]:
    """(carrier, service) as the buyer chose."""
    return str(order.delivery.get("carrier", "")), str(order.delivery.get("service", ""))


@router.post("/seller/shipping")
async def arrange_many(request: Request, visit: VisitDep) -> Response:
    """Arrange each of the orders as its buyer chose; what was arranged before is not arranged again."""
    member = at_shop_time(visit)
    form = await read_form(request)
    chosen = ids_in([str(value) for value in form.getlist("order")])
    method, slot = str(form.get("method", "")), slot_in(str(form.get("slot", "")))
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        found = await papers.recipients(tx, shop_id=member.shop_id, order_ids=chosen)
        keys = await batch.parcels_to_arrange(tx, shop_id=member.shop_id, order_ids=chosen)
    plans = {order_id: plan_of(order, method, slot) for order_id, order in found.items()}
    if not any(plans.values()):
        return await _form(visit, member, chosen, problem=N_("Choose pick-up or drop-off."))
    wanted = [
        Wanted(order_id, plan, plan_id) for order_id, plan_id in keys if (plan := plans.get(order_id)) is not None
    ]
    outcomes = await batch.arrange_many(
        visit.db, shop_id=member.shop_id, wanted=wanted[:BATCH_MAX], by=Actor.seller(member.account_id)
    )
    report = {
        "done": ".".join(str(one.parcel.id) for one in outcomes if one.parcel),
        "refused": ".".join(
            [
                *(f"{one.wanted.order_id}-{one.problem}" for one in outcomes if one.problem),
                *(f"{order_id}-not_carried" for order_id, plan in plans.items() if plan is None),
                *(f"{order_id}-not_found" for order_id in chosen if order_id not in found),
                *(f"{one.order_id}-too_many_parcels" for one in wanted[BATCH_MAX:]),
            ]
        ),
    }
    return see_other(visit, with_query("/seller/shipping/report", report))


def plan_of(order: Recipient, method: str, slot: tuple[datetime, datetime] | None) -> ParcelPlan | None:
    """How the order is sent: as its buyer chose, handed over as the seller chose; none if the carrier does not do that."""
    carrier_code, service_code = way_of(order)
    try:
        carrier = registry.carrier(carrier_code)
        service = carrier.service(service_code)
    except CarrierNotKnown:
        return None
    if carrier.code == OWN_COURIER:
        method, slot = ShippingMethod.OWN_NUMBER, None
    elif method not in (ShippingMethod.PICKUP, ShippingMethod.DROP_OFF) or method not in carrier.methods:
        return None
    days = (service.days_min, service.days_max)
    return ParcelPlan(method=str(method), carrier=carrier.code, service=service.code, days=days, slot=slot)


@router.get("/seller/shipping/report")
async def show_report(request: Request, visit: VisitDep) -> Response:
    """What became of each order of a batch."""
    member = at_shop_time(visit)
    done = ids_in(request.query_params.get("done", "").split("."))
    problems = _problems(request.query_params.get("refused", ""))
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        parcels = await papers.parcels_of_shop(tx, shop_id=member.shop_id, parcel_ids=done)
        order_ids = {*problems, *(order_id for parcel in parcels for order_id in parcel.order_ids)}
        people = await papers.recipients(tx, shop_id=member.shop_id, order_ids=sorted(order_ids))
    return render(
        visit,
        "seller_center/parcels/report.html",
        parcels=parcels,
        people=people,
        names={carrier.code: carrier.name for carrier in registry.all_carriers()},
        printable=[parcel.id for parcel in parcels if parcel.is_printable],
        refused=[
            Refused(order_id, people[order_id].buyer_name if order_id in people else "", TEXTS[code])
            for order_id, code in problems.items()
        ],
    )


TEXTS: Mapping[str, str] = {**PROBLEMS, "too_many_parcels": N_("Too many parcels for one batch; arrange it next.")}


def _problems(text: str) -> dict[int, str]:
    pairs = [part.partition("-") for part in text.split(".")[: 3 * BATCH_MAX]]
    return {order_id: code for number, _, code in pairs if (order_id := parse_id(number)) and code in TEXTS}


def ids_in(texts: Sequence[str]) -> list[int]:
    """The numbers among what was sent, each once, no more than a batch holds."""
    return list(dict.fromkeys(number for text in texts if (number := parse_id(text)) is not None))[:BATCH_MAX]
