"""A shop's stock: four numbers a variant, adjusted for a reason, with the history that adds up to them."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from etalase.commerce.catalog import queries as catalog
from etalase.commerce.inventory import actions as inventory_actions
from etalase.commerce.inventory import queries as inventory
from etalase.commerce.inventory.errors import BadQuantity, StockPromised, UnknownStock
from etalase.commerce.inventory.queries import MovementRow
from etalase.commerce.inventory.rules import ADJUSTMENT_REASONS, NOTE_MAX
from etalase.foundation.facts import Actor
from etalase.foundation.i18n import N_
from etalase.foundation.ids import parse_id
from etalase.integrations.storage.folder import media_url
from etalase.web.request import (
    Member,
    NotFound,
    Visit,
    VisitDep,
    is_htmx,
    member_of_shop,
    read_form,
    render,
    see_other,
)
from etalase.web.seller_center.product_draft import read_number
from etalase.web.storefront import cards

router = APIRouter()

PAGE_SIZE = 30
REASONS = {
    "purchase": N_("Received: bought or made"),
    "count": N_("Counted: so many are there"),
    "damage": N_("Damaged or lost"),
    "transfer": N_("Moved in (or out with a minus)"),
    "return": N_("Came back from a buyer"),
}
MOVEMENTS = {
    "opening": N_("Opening stock"),
    "reservation": N_("Ordered"),
    "release": N_("Order cancelled"),
    "shipment": N_("Shipped"),
    "purchase": N_("Received"),
    "count": N_("Counted"),
    "damage": N_("Damaged or lost"),
    "transfer": N_("Moved"),
    "return": N_("Came back"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A movement with what there was after it."""

    movement: MovementRow
    on_hand_after: int
    committed_after: int


@router.get("/seller/stock")
async def stock(visit: VisitDep, q: str = "", low: str = "", after: str = "") -> Response:
    """Every variant, the scarcest first."""
    member = member_of_shop(visit)
    text = cards.tidy_query(q)
    async with visit.db.for_shop(member.shop_id).reading() as tx:
        rows = await inventory.stock_list(
            tx,
            shop_id=member.shop_id,
            search=text,
            only_low=low == "1",
            after=cards.read_after(after),
            limit=PAGE_SIZE + 1,
        )
    shown = rows[:PAGE_SIZE]
    more = "" if len(rows) <= PAGE_SIZE else cards.address(
        "/seller/stock", q=text, low=low, after=f"{shown[-1].available}.{shown[-1].variant_id}"
    )  # fmt: skip
    return render(
        visit,
        "seller_center/_stock.html" if is_htmx(visit.request) else "seller_center/stock.html",
        rows=[(row, media_url(row.image_key, 200)) for row in shown],
        more=more,
        text=text,
        only_low=low == "1",
    )


@router.get("/seller/stock/{variant_id}")
async def variant_stock(visit: VisitDep, variant_id: str, before: str = "") -> Response:
    """One variant: its numbers, the form to adjust them, its history with running numbers."""
    member = member_of_shop(visit)
    return await _page(visit, member, parse_id(variant_id) or 0, before_id=parse_id(before))


@router.post("/seller/stock/{variant_id}")
async def adjust(visit: VisitDep, request: Request, variant_id: str) -> Response:
    """Change the number on hand for a reason, or say why that can't be."""
    member = member_of_shop(visit)
    sent = await read_form(request)
    number = parse_id(variant_id) or 0
    reason, quantity = str(sent.get("reason", "")), _quantity(sent)
    if reason not in ADJUSTMENT_REASONS:
        return await _page(visit, member, number, sent=sent, errors={"reason": N_("Choose a reason.")})
    if quantity is None:
        return await _page(
            visit, member, number, sent=sent, errors={"quantity": N_("Enter a whole number, such as 10.")}
        )
    try:
        await inventory_actions.adjust_stock(
            visit.db,
            shop_id=member.shop_id,
            variant_id=number,
            reason=reason,
            quantity=quantity,
            note=str(sent.get("note", "")).replace("\x00", ""),
            by=Actor.seller(member.account_id),
        )
    except UnknownStock as error:
        raise NotFound from error
    except BadQuantity:
        return await _page(
            visit, member, number, sent=sent, errors={"quantity": N_("Enter a whole number, such as 10.")}
        )
    except StockPromised as refusal:
        text = visit.page.translator.gettext(
            N_("Only %(n)s can be taken away: %(promised)s are promised to orders."),
            n=refusal.available,
            promised=refusal.promised,
        )
        return await _page(visit, member, number, sent=sent, errors={"quantity": text})
    return see_other(visit, f"/seller/stock/{number}", flash=N_("The stock is changed."))


@router.post("/seller/stock/{variant_id}/low-level")
async def set_low_level(visit: VisitDep, request: Request, variant_id: str) -> Response:
    """From how few on the variant counts as running low."""
    member = member_of_shop(visit)
    sent = await read_form(request)
    number, low_at = parse_id(variant_id) or 0, read_number(str(sent.get("low_at", "")))
    if low_at is None:
        return await _page(visit, member, number, sent=sent, errors={"low_at": N_("Enter a whole number, such as 10.")})
    try:
        await inventory_actions.set_low_level(
            visit.db, shop_id=member.shop_id, variant_id=number, low_at=low_at, by=Actor.seller(member.account_id)
        )
    except UnknownStock as error:
        raise NotFound from error
    return see_other(visit, f"/seller/stock/{number}", flash=N_("We will warn you from then on."))


def _quantity(sent: FormData) -> int | None:
    text = str(sent.get("quantity", "")).strip().replace("−", "-")
    number = read_number(text.removeprefix("-"))
    return None if number is None else -number if text.startswith("-") else number


async def _page(
    visit: Visit,
    member: Member,
    variant_id: int,
    *,
    before_id: int | None = None,
    sent: FormData | None = None,
    errors: dict[str, str] | None = None,
) -> Response:
    shop_id = member.shop_id
    async with visit.db.for_shop(shop_id).reading() as tx:
        found = await catalog.variants_for_sale(tx, shop_ids=[shop_id], variant_ids=[variant_id])
        stock = await inventory.stock_of(tx, shop_ids=[shop_id], variant_ids=[variant_id])
        if not found or not stock:
            raise NotFound
        movements = await inventory.movements_of_variant(
            tx, shop_id=shop_id, variant_id=variant_id, before_id=before_id, limit=PAGE_SIZE + 1
        )
        balance = await inventory.moved_until(tx, shop_id=shop_id, variant_id=variant_id, before_id=before_id)
    said = {name: visit.page.translator.gettext(text) for name, text in (errors or {}).items()}
    entries = running(movements[:PAGE_SIZE], on_hand=balance.on_hand, committed=balance.committed)
    more = len(movements) > PAGE_SIZE
    return render(
        visit,
        "seller_center/_movements.html" if is_htmx(visit.request) else "seller_center/variant_stock.html",
        status=422 if errors else 200,
        variant=found[0],
        stock=stock[0],
        image=media_url(found[0].image_key, 200),
        entries=entries,
        more=f"/seller/stock/{variant_id}?before={movements[PAGE_SIZE - 1].id}" if more else "",
        reasons=[(key, visit.page.translator.gettext(text)) for key, text in REASONS.items()],
        movement_names=MOVEMENTS,
        typed={name: str(sent.get(name, "")) for name in ("reason", "quantity", "note", "low_at")} if sent else {},
        errors=said,
        field_errors=[(f"field-{name}", text) for name, text in said.items()],
        note_max=NOTE_MAX,
    )


def running(movements: list[MovementRow], *, on_hand: int, committed: int) -> list[Entry]:
    """The movements, newest first, each with the numbers that stood after it; given are those after the first."""
    entries = []
    for movement in movements:
        entries.append(Entry(movement, on_hand, committed))
        on_hand -= movement.on_hand_change
        committed -= movement.committed_change
    return entries
