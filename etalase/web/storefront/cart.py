"""The cart page and what is done on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.commerce.catalog import queries as catalog
from etalase.commerce.catalog.queries import Shop, VariantForSale
from etalase.commerce.inventory import queries as inventory
from etalase.foundation.i18n import N_
from etalase.foundation.ids import parse_id
from etalase.foundation.sql import Tx
from etalase.journeys.cart import actions, queries
from etalase.journeys.cart.errors import CartFull, NotEnough, VariantGone
from etalase.journeys.cart.queries import CartLine
from etalase.web.request import NotFound, VisitDep, local_path, read_form, render, see_other, signed_in

router = APIRouter()
Key = tuple[int, int]


@dataclass(frozen=True, slots=True)
class SeenLine:
    """A cart line with today's truth beside it."""

    line: CartLine
    variant: VariantForSale | None
    left: int

    @property
    def can_buy(self) -> bool:
        return self.variant is not None and self.variant.is_for_sale and self.left > 0

    @property
    def was_cheaper(self) -> bool:
        return self.variant is not None and self.variant.price_minor > self.line.price_seen_minor

    @property
    def was_dearer(self) -> bool:
        return self.variant is not None and self.variant.price_minor < self.line.price_seen_minor

    @property
    def quantity(self) -> int:
        return min(self.line.quantity, self.left) if self.can_buy else self.line.quantity

    @property
    def total_minor(self) -> int:
        return self.variant.price_minor * self.quantity if self.variant and self.can_buy else 0

    @property
    def field(self) -> str:
        """How forms name the line."""
        return f"{self.line.shop_id}-{self.line.variant_id}"


@dataclass(frozen=True, slots=True)
class SeenShop:
    """A shop's lines in the cart."""

    shop: Shop
    lines: tuple[SeenLine, ...]


async def cart_of(tx: Tx, buyer_id: int) -> list[SeenShop]:
    """The cart by shop, with today's prices and stock."""
    lines = await queries.cart_of_buyer(tx, buyer_id=buyer_id)
    if not lines:
        return []
    shop_ids, variant_ids = [line.shop_id for line in lines], [line.variant_id for line in lines]
    variants = {
        (v.shop_id, v.variant_id): v
        for v in await catalog.variants_for_sale(tx, shop_ids=shop_ids, variant_ids=variant_ids)
    }
    left = {
        (s.shop_id, s.variant_id): s.available
        for s in await inventory.stock_of(tx, shop_ids=shop_ids, variant_ids=variant_ids)
    }
    shops = {shop.shop_id: shop for shop in await catalog.shops_by_id(tx, sorted(set(shop_ids)))}
    return _grouped(lines, variants, left, shops)


def _grouped(
    lines: Sequence[CartLine],
    variants: Mapping[Key, VariantForSale],
    left: Mapping[Key, int],
    shops: Mapping[int, Shop],
) -> list[SeenShop]:
    by_shop: dict[int, list[SeenLine]] = {}
    for line in lines:
        key = (line.shop_id, line.variant_id)
        by_shop.setdefault(line.shop_id, []).append(SeenLine(line, variants.get(key), left.get(key, 0)))
    return [SeenShop(shops[shop_id], tuple(seen)) for shop_id, seen in by_shop.items()]


@router.get("/cart")
async def show_cart(visit: VisitDep) -> Response:
    """What lies in the cart, grouped by shop; prices that changed are said once."""
    account = signed_in(visit)
    async with visit.db.for_buyer(account.id).reading() as tx:
        shops = await cart_of(tx, account.id)
    lines = [line for shop in shops for line in shop.lines]
    changed = [line for line in lines if line.was_cheaper or line.was_dearer]
    if changed:
        prices = [(x.line.shop_id, x.line.variant_id, x.variant.price_minor) for x in changed if x.variant]
        await actions.see_prices(visit.db, buyer_id=account.id, prices=prices)
    selected = [line for line in lines if line.line.is_selected and line.can_buy]
    return render(
        visit,
        "storefront/cart/cart.html",
        shops=shops,
        selected_units=sum(line.quantity for line in selected),
        selected_minor=sum(line.total_minor for line in selected),
    )


@router.post("/cart/lines")
async def put_in_cart(request: Request, visit: VisitDep) -> Response:
    """Put units into the cart; "Buy now" goes on to the checkout with just this line chosen."""
    form = await read_form(request)
    shop_id, variant_id = parse_id(str(form.get("shop_id", ""))), parse_id(str(form.get("variant_id", "")))
    if shop_id is None or variant_id is None:
        return see_other(
            visit, local_path(str(form.get("back", "/shop"))), flash=N_("Choose a variant first."), kind="error"
        )
    account = signed_in(visit, back_to=str(form.get("back", "")) or None)
    back, onward = local_path(str(form.get("back", "/cart"))), local_path(str(form.get("next", "")) or "")
    quantity = max(1, min(_number(form.get("quantity"), 1), queries.LINE_UNITS_MAX))
    refusal: tuple[str, dict[str, object]] | None = None
    try:
        await actions.put(visit.db, buyer_id=account.id, shop_id=shop_id, variant_id=variant_id, quantity=quantity)
    except VariantGone:
        refusal = N_("This product is not for sale any more."), {}
    except NotEnough as error:
        refusal = N_("Only %(left)s left in stock; your cart may hold some already."), {"left": error.left}
    except CartFull:
        refusal = N_("Your cart is full. Buy or remove something first."), {}
    buys_now = onward == "/checkout"
    if refusal and not (buys_now and await _is_in_cart(visit, account.id, (shop_id, variant_id))):
        return see_other(visit, back, flash=refusal[0], kind="error", **refusal[1])
    if buys_now:
        await actions.select(visit.db, buyer_id=account.id, keys=[(shop_id, variant_id)])
        return see_other(visit, "/checkout")
    return see_other(visit, back, flash=N_("Added to your cart."))


async def _is_in_cart(visit: VisitDep, buyer_id: int, key: Key) -> bool:
    async with visit.db.for_buyer(buyer_id).reading() as tx:
        return any(
            (line.shop_id, line.variant_id) == key for line in await queries.cart_of_buyer(tx, buyer_id=buyer_id)
        )


@router.post("/cart/lines/{shop_id}/{variant_id}")
async def change_line(request: Request, visit: VisitDep, shop_id: str, variant_id: str) -> Response:
    """Change the number of units; 0 or "remove" takes the line out."""
    account = signed_in(visit, back_to="/cart")
    shop, variant = parse_id(shop_id), parse_id(variant_id)
    if shop is None or variant is None:
        raise NotFound
    form = await read_form(request)
    quantity = 0 if form.get("remove") else _number(form.get("quantity"), 1)
    try:
        await actions.change(visit.db, buyer_id=account.id, shop_id=shop, variant_id=variant, quantity=quantity)
    except NotEnough as error:
        return see_other(visit, "/cart", flash=N_("Only %(left)s left in stock."), kind="error", left=error.left)
    return see_other(visit, "/cart")


@router.post("/cart")
async def change_cart(request: Request, visit: VisitDep) -> Response:
    """Save quantities and the choice of lines, and go to the checkout if that was pressed."""
    account = signed_in(visit, back_to="/cart")
    form = await read_form(request)
    keys = [key for value in form.getlist("line") if (key := _key(str(value)))]
    await actions.select(visit.db, buyer_id=account.id, keys=keys)
    short = await _save_quantities(visit, account.id, {name: str(value) for name, value in form.items()})
    if short:
        return see_other(
            visit,
            "/cart",
            flash=N_("There is less in stock than you wanted; the numbers show what is left."),
            kind="error",
        )
    if form.get("action") != "checkout":
        return see_other(visit, "/cart")
    if not keys:
        return see_other(visit, "/cart", flash=N_("Choose at least one product to buy."), kind="error")
    return see_other(visit, "/checkout")


async def _save_quantities(visit: VisitDep, buyer_id: int, fields: Mapping[str, str]) -> bool:
    async with visit.db.for_buyer(buyer_id).reading() as tx:
        lines = await queries.cart_of_buyer(tx, buyer_id=buyer_id)
    short = False
    for line in lines:
        wanted = _number(fields.get(f"quantity-{line.shop_id}-{line.variant_id}"), line.quantity)
        if wanted == line.quantity:
            continue
        try:
            await actions.change(
                visit.db, buyer_id=buyer_id, shop_id=line.shop_id, variant_id=line.variant_id, quantity=wanted
            )
        except NotEnough:
            short = True
    return short


def _key(text: str) -> Key | None:
    shop, _, variant = text.partition("-")
    shop_id, variant_id = parse_id(shop), parse_id(variant)
    return (shop_id, variant_id) if shop_id and variant_id else None


def _number(value: object, otherwise: int) -> int:
    text = str(value or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else otherwise
