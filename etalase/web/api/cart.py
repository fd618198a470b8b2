"""The cart."""

from fastapi import APIRouter

from etalase.commerce.catalog import queries as catalog
from etalase.commerce.catalog.queries import VariantForSale
from etalase.commerce.inventory import queries as inventory
from etalase.integrations.storage.folder import media_url
from etalase.journeys.cart import actions, queries
from etalase.journeys.cart.errors import CartFull, NotEnough, VariantGone
from etalase.journeys.cart.queries import CartLine
from etalase.web.api import models
from etalase.web.api.access import BuyerDep, id_of
from etalase.web.api.problems import Problem, not_found

router = APIRouter(prefix="/api/v1", tags=["cart"])


@router.get("/cart")
async def show_cart(buyer: BuyerDep) -> models.Cart:
    """What lies in the cart, with today's prices and stock."""
    async with buyer.db.for_buyer(buyer.id).reading() as tx:
        lines = await queries.cart_of_buyer(tx, buyer_id=buyer.id)
        shop_ids, variant_ids = [line.shop_id for line in lines], [line.variant_id for line in lines]
        sold = await catalog.variants_for_sale(tx, shop_ids=shop_ids, variant_ids=variant_ids) if lines else []
        stock = await inventory.stock_of(tx, shop_ids=shop_ids, variant_ids=variant_ids) if lines else []
    variants = {(one.shop_id, one.variant_id): one for one in sold}
    left = {(one.shop_id, one.variant_id): max(0, one.available) for one in stock}
    keys = [(line.shop_id, line.variant_id) for line in lines]
    return models.Cart(
        lines=[_line(line, variants.get(key), left.get(key, 0)) for line, key in zip(lines, keys, strict=True)]
    )


def _line(line: CartLine, variant: VariantForSale | None, left: int) -> models.CartLine:
    currency = variant.currency if variant else "IDR"
    return models.CartLine(
        shop_id=str(line.shop_id),
        variant_id=str(line.variant_id),
        product_id=str(variant.product_id) if variant else None,
        title=variant.title if variant else "",
        variant_name=variant.variant_name if variant else "",
        image=media_url(variant.image_key, 200) if variant else "",
        quantity=line.quantity,
        available=left,
        price=models.Money(amount_minor=variant.price_minor, currency=currency) if variant else None,
        price_seen=models.Money(amount_minor=line.price_seen_minor, currency=currency),
        is_selected=line.is_selected,
        can_buy=variant is not None and variant.is_for_sale and left >= line.quantity,
    )


@router.post("/cart/lines")
async def put(buyer: BuyerDep, sent: models.LineToPut) -> models.Cart:
    """Put units into the cart, on top of those that lie there."""
    try:
        await actions.put(
            buyer.db,
            buyer_id=buyer.id,
            shop_id=id_of(sent.shop_id),
            variant_id=id_of(sent.variant_id),
            quantity=sent.quantity,
        )
    except VariantGone:
        raise not_found() from None
    except NotEnough as error:
        raise Problem(409, "not_enough", "There is less in stock.", more={"left": error.left}) from None
    except CartFull:
        raise Problem(409, "cart_full", "Buy or remove something first.") from None
    return await show_cart(buyer)


@router.put("/cart/lines/{shop_id}/{variant_id}")
async def change(buyer: BuyerDep, shop_id: str, variant_id: str, sent: models.LineToChange) -> models.Cart:
    """Change the number of units of a line; 0 takes it out."""
    try:
        await actions.change(
            buyer.db,
            buyer_id=buyer.id,
            shop_id=id_of(shop_id),
            variant_id=id_of(variant_id),
            quantity=sent.quantity,
        )
    except NotEnough as error:
        raise Problem(409, "not_enough", "There is less in stock.", more={"left": error.left}) from None
    return await show_cart(buyer)


@router.put("/cart/selection")
async def select(buyer: BuyerDep, sent: models.Selection) -> models.Cart:
    """Choose the lines that the checkout takes; all others wait."""
    keys = [(id_of(line.shop_id), id_of(line.variant_id)) for line in sent.lines]
    await actions.select(buyer.db, buyer_id=buyer.id, keys=keys)
    return await show_cart(buyer)
