"""Printing: labels and packing slips of one parcel, of an order, or of many, in one PDF."""

import asyncio
from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.commerce.shipping import papers
from etalase.commerce.shipping.papers import PRINTED_AT_ONCE_MAX
from etalase.foundation.facts import Actor
from etalase.foundation.i18n import N_
from etalase.foundation.ids import parse_id
from etalase.web.printing.papers import load_papers
from etalase.web.printing.sheet import Papers, Size, pdf_of
from etalase.web.request import (
    Member,
    NotFound,
    Visit,
    VisitDep,
    local_path,
    member_of_shop,
    read_form,
    see_other,
    with_query,
)

router = APIRouter()


@router.post("/seller/papers")
async def print_papers(request: Request, visit: VisitDep) -> Response:
    """Mark the parcels (or those of the orders) as printed and go on to their papers."""
    member = member_of_shop(visit)
    form = await read_form(request)
    sent = {name: [str(value) for value in form.getlist(name)] for name in ("parcel", "order")}
    back = local_path(str(form.get("back", "")), "/seller/orders?tab=shipping")
    which, size = choice_in({name: str(value) for name, value in form.items()})
    asked, ready = await _printable(visit, member, sent)
    if not ready:
        text = N_("There is nothing to print yet: the carrier has not issued a number, or the parcels are undone.")
        return see_other(visit, back, flash=text, kind="warning")
    await papers.mark_printed(
        visit.db,
        shop_id=member.shop_id,
        parcel_ids=ready,
        labels=which is not Papers.SLIPS,
        slips=which is not Papers.LABELS,
        by=Actor.seller(member.account_id),
    )
    query = {"parcels": ".".join(map(str, ready)), "papers": which.value, "size": size.value}
    url = with_query("/seller/papers", query)
    if len(ready) == asked:
        return see_other(visit, url)
    text = N_("%(n)s parcels without a tracking number were left out.")
    return see_other(visit, url, flash=text, kind="warning", n=asked - len(ready))


async def _printable(visit: Visit, member: Member, sent: Mapping[str, Sequence[str]]) -> tuple[int, list[int]]:
    """How many parcels were asked for, and those that can be printed."""
    parcel_ids, order_ids = _ids(sent["parcel"]), _ids(sent["order"])
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        if order_ids:
            parcel_ids += await papers.live_parcels_of_orders(tx, shop_id=member.shop_id, order_ids=order_ids)
        wanted = list(dict.fromkeys(parcel_ids))[:PRINTED_AT_ONCE_MAX]
        found = await papers.parcels_of_shop(tx, shop_id=member.shop_id, parcel_ids=wanted)
    return len(wanted), [parcel.id for parcel in found if parcel.is_printable]


@router.get("/seller/papers")
async def show_papers(request: Request, visit: VisitDep) -> Response:
    """The PDF; parcels that have no papers are left out, and without any there is no page."""
    member = member_of_shop(visit)
    asked = request.query_params
    which, size = choice_in(asked)
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        found = await load_papers(tx, shop_id=member.shop_id, parcel_ids=_ids(asked.get("parcels", "").split(".")))
    if not found:
        raise NotFound
    # drawing takes tens of milliseconds a label: other requests go on meanwhile
    pdf = await asyncio.to_thread(pdf_of, found, which=which, size=size, translator=visit.page.translator)
    name = f"{which.value}-{found[0].number if len(found) == 1 else len(found)}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(pdf, media_type="application/pdf", headers=headers)


def choice_in(fields: Mapping[str, str]) -> tuple[Papers, Size]:
    """Which papers on which sheet; what can't be read is a label on A6."""
    papers_, size = fields.get("papers", ""), fields.get("size", "")
    return (
        Papers(papers_) if papers_ in list(Papers) else Papers.LABELS,
        Size(size) if size in list(Size) else Size.A6,
    )


def _ids(texts: Sequence[str]) -> list[int]:
    found = dict.fromkeys(number for text in texts if (number := parse_id(text)) is not None)
    return list(found)[:PRINTED_AT_ONCE_MAX]
