"""The verbs of a shop's offer. Those that take `tx` are parts of a larger verb, see `journeys/offering`."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

import psycopg

from etalase.commerce.catalog import queries, rules
from etalase.commerce.catalog.errors import (
    EditConflict,
    NotReadyForSale,
    ProductNotFound,
    ProductRefused,
    TooManyPictures,
)
from etalase.commerce.catalog.facts import (
    PicturesChanged,
    ProductActivated,
    ProductCreated,
    ProductDeactivated,
    ProductDeleted,
    ProductEdited,
    VariantRepriced,
)
from etalase.commerce.catalog.queries import Product, Variant
from etalase.commerce.catalog.rules import PictureDraft, Problem, ProductDraft, VariantDraft
from etalase.foundation import clock
from etalase.foundation.facts import Actor, record
from etalase.foundation.ids import new_id
from etalase.foundation.policies.queries import load_book
from etalase.foundation.sql import Db, Tx, constraint_of

CURRENCY = "IDR"
SKUS_LOOKED_AT_MAX = 1000


async def create_product(
    tx: Tx, *, shop_id: int, draft: ProductDraft, by: Actor, at: datetime
) -> tuple[int, list[int]]:
    """Write down a new product, not yet on sale: its id, and its variants' ids in the draft's order.

    Raises ProductRefused with everything that is wrong.
    """
    product_id = new_id()
    draft = await _checked(tx, shop_id=shop_id, product_id=product_id, draft=draft)
    await queries.insert_product(tx, shop_id=shop_id, product_id=product_id, draft=draft, at=at)
    placed = [(new_id(), variant) for variant in draft.variants]
    await _put_variants(tx, shop_id=shop_id, product_id=product_id, draft=draft, placed=placed)
    fact = ProductCreated(shop_id=shop_id, subject_id=product_id, title=draft.title, variants=len(placed))
    await record(tx, fact, by=by, at=at)
    return product_id, [variant_id for variant_id, _ in placed]


async def edit_product(
    tx: Tx,
    *,
    shop_id: int,
    product_id: int,
    draft: ProductDraft,
    version: int,
    forgotten: Sequence[int],
    by: Actor,
    at: datetime,
) -> list[int]:
    """Change a product and its variants; answers the variants' ids in the draft's order. Orders keep their copies.

    Variants that the draft leaves out are removed if they are among `forgotten` (no order knows them), else taken off
    sale. Raises EditConflict if another version stands by now, ProductNotFound, ProductRefused.
    """
    draft = await _checked(tx, shop_id=shop_id, product_id=product_id, draft=draft)
    changed = await queries.change_product(
        tx, shop_id=shop_id, product_id=product_id, draft=draft, version=version, at=at
    )
    if changed is None:
        raise await _refusal(tx, shop_id=shop_id, product_id=product_id)
    known = {v.id: v for v in await queries.variants_of_product(tx, shop_id=shop_id, product_id=product_id)}
    placed = _placed(draft, known)
    removed = known.keys() - {variant_id for variant_id, _ in placed}
    await _remove_variants(tx, shop_id=shop_id, product_id=product_id, removed=removed, forgotten=set(forgotten))
    await _put_variants(tx, shop_id=shop_id, product_id=product_id, draft=draft, placed=placed)
    fact = ProductEdited(
        shop_id=shop_id,
        subject_id=product_id,
        version=changed,
        title=draft.title,
        added=len({variant_id for variant_id, _ in placed} - known.keys()),
        removed=len(removed),
    )
    await record(tx, fact, *_repriced(known, placed), by=by, at=at)
    await _redo_window(tx, shop_id=shop_id, product_id=product_id, by=by, at=at)
    return [variant_id for variant_id, _ in placed]


async def arrange_pictures(
    tx: Tx,
    *,
    shop_id: int,
    product_id: int,
    kept_ids: Sequence[int],
    added: Sequence[PictureDraft],
    by: Actor,
    at: datetime,
) -> None:
    """Show the kept pictures in this order, then the added ones; pictures not named are removed. The first is the cover.

    Raises ProductNotFound and TooManyPictures; ids that are no pictures of the product are passed over.
    """
    if await queries.lock_product(tx, shop_id=shop_id, product_id=product_id) is None:
        raise ProductNotFound(product_id)
    before = await queries.pictures_of_product(tx, shop_id=shop_id, product_id=product_id)
    known = {
        picture.id: PictureDraft(picture.file_key, picture.width, picture.height, picture.alt) for picture in before
    }
    pictures = [(one, known[one]) for one in dict.fromkeys(kept_ids) if one in known]
    pictures += [(new_id(), picture) for picture in added]
    if len(pictures) > rules.PICTURES_MAX:
        raise TooManyPictures
    if [one for one, _ in pictures] == [picture.id for picture in before]:
        return
    await queries.put_pictures(tx, shop_id=shop_id, product_id=product_id, pictures=pictures)
    await record(tx, PicturesChanged(shop_id=shop_id, subject_id=product_id, pictures=len(pictures)), by=by, at=at)
    await _redo_window(tx, shop_id=shop_id, product_id=product_id, by=by, at=at)


async def add_pictures(db: Db, *, shop_id: int, product_id: int, pictures: Sequence[PictureDraft], by: Actor) -> None:
    """Show further pictures of a product; raises ProductNotFound and TooManyPictures."""
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        kept = await queries.pictures_of_product(tx, shop_id=shop_id, product_id=product_id)
        await arrange_pictures(
            tx,
            shop_id=shop_id,
            product_id=product_id,
            kept_ids=[picture.id for picture in kept],
            added=pictures,
            by=by,
            at=at,
        )


async def activate_product(db: Db, *, shop_id: int, product_id: int, by: Actor) -> None:
    """Let buyers see and buy the product; raises ProductNotFound, and NotReadyForSale with what is missing."""
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        product = await _locked(tx, shop_id=shop_id, product_id=product_id)
        if missing := await missing_of(tx, shop_id=shop_id, product_id=product_id):
            raise NotReadyForSale(missing)
        if product.state != "active":
            await queries.set_state(tx, shop_id=shop_id, product_id=product_id, state="active", at=at)
            fact = ProductActivated(shop_id=shop_id, subject_id=product_id, title=product.title)
            await record(tx, fact, by=by, at=at)
        await queries.refresh_listings(tx, shop_id=shop_id, product_ids=[product_id], at=at)


async def deactivate_product(db: Db, *, shop_id: int, product_id: int, by: Actor) -> None:
    """Take the product off sale; what was ordered stays ordered. Raises ProductNotFound."""
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        product = await _locked(tx, shop_id=shop_id, product_id=product_id)
        if product.state == "active":
            await _deactivate(tx, product, by=by, at=at)


async def delete_product(db: Db, *, shop_id: int, product_id: int, by: Actor) -> None:
    """Take the product off sale for good; what was ordered stays ordered, its SKUs are free again. Raises ProductNotFound."""
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        product = await _locked(tx, shop_id=shop_id, product_id=product_id)
        if product.state == "active":
            await _deactivate(tx, product, by=by, at=at)
        await queries.delete_product(tx, shop_id=shop_id, product_id=product_id, at=at)
        await record(tx, ProductDeleted(shop_id=shop_id, subject_id=product_id, title=product.title), by=by, at=at)


async def missing_of(tx: Tx, *, shop_id: int, product_id: int) -> list[rules.Missing]:
    """What the product still needs before buyers may see it."""
    pictures = await queries.pictures_of_product(tx, shop_id=shop_id, product_id=product_id)
    variants = await queries.variants_of_product(tx, shop_id=shop_id, product_id=product_id)
    return rules.missing_for_sale(
        pictures=len(pictures), active_variants=len([variant for variant in variants if variant.is_active])
    )


async def refresh_listings_of(tx: Tx, *, shop_id: int, variant_ids: Sequence[int]) -> None:
    """Redo the shop windows that show these variants of a shop, in the caller's transaction."""
    product_ids = await queries.products_of_variants(tx, shop_id=shop_id, variant_ids=variant_ids)
    if product_ids:
        await queries.refresh_listings(tx, shop_id=shop_id, product_ids=product_ids, at=clock.now())


async def count_sold(tx: Tx, units: Mapping[tuple[int, int], int]) -> None:
    """Count units by (shop_id, variant_id) as sold (negative: as come back), in the caller's transaction."""
    if units:
        await queries.count_sold(tx, units)


async def _checked(tx: Tx, *, shop_id: int, product_id: int, draft: ProductDraft) -> ProductDraft:
    problems = rules.check_product(draft)
    _, most_days = (await load_book(tx)).find("ship.preorder_days", shop_id, draft.category_id, product_id).value
    if int(most_days) < draft.handling_days <= rules.HANDLING_DAYS_MAX:
        problems.append(Problem("handling_days", "handling_days_too_long"))
    if not await queries.is_leaf_category(tx, draft.category_id):
        problems.append(Problem("category", "category_unknown"))
    taken = await queries.taken_skus(
        tx,
        shop_id=shop_id,
        product_id=product_id,
        skus=[variant.seller_sku for variant in draft.variants],
        beginning=rules.suggested_sku(draft.title, ()),
        limit=SKUS_LOOKED_AT_MAX,
    )
    problems += [
        Problem("sku", "sku_taken", row) for row, variant in enumerate(draft.variants) if variant.seller_sku in taken
    ]
    if problems:
        raise ProductRefused(problems)
    return rules.with_skus(draft, taken)


async def _put_variants(
    tx: Tx, *, shop_id: int, product_id: int, draft: ProductDraft, placed: Sequence[tuple[int, VariantDraft]]
) -> None:
    try:
        await queries.put_variants(
            tx,
            shop_id=shop_id,
            product_id=product_id,
            currency=CURRENCY,
            option_names=draft.option_names,
            variants=placed,
        )
    except psycopg.errors.UniqueViolation as error:
        if constraint_of(error) != "variants_sku_once":
            raise
        raise ProductRefused([Problem("sku", "sku_taken")]) from error


def _placed(draft: ProductDraft, known: Mapping[int, Variant]) -> list[tuple[int, VariantDraft]]:
    """The drafts with the ids to keep them under: their own, that of the same values taken off sale before, or a new one."""
    named = {variant.id for variant in draft.variants}
    by_values = {variant.values: variant.id for variant in known.values() if variant.id not in named}
    placed = []
    for variant in draft.variants:
        own = variant.id if variant.id is not None and variant.id in known else None
        placed.append((own or by_values.get(variant.values) or new_id(), variant))
    return placed


def _repriced(known: Mapping[int, Variant], placed: Sequence[tuple[int, VariantDraft]]) -> list[VariantRepriced]:
    return [
        VariantRepriced(
            shop_id=known[one].shop_id,
            subject_id=one,
            product_id=known[one].product_id,
            before_minor=known[one].price_minor,
            after_minor=draft.price_minor,
            currency=known[one].currency,
        )
        for one, draft in placed
        if one in known and known[one].price_minor != draft.price_minor
    ]


async def _locked(tx: Tx, *, shop_id: int, product_id: int) -> Product:
    found = await queries.lock_product(tx, shop_id=shop_id, product_id=product_id)
    if found is None:
        raise ProductNotFound(product_id)
    return found


async def _refusal(tx: Tx, *, shop_id: int, product_id: int) -> Exception:
    stands = await queries.product(tx, shop_id=shop_id, product_id=product_id)
    return ProductNotFound(product_id) if stands is None else EditConflict(stands.version)


async def _remove_variants(
    tx: Tx, *, shop_id: int, product_id: int, removed: AbstractSet[int], forgotten: AbstractSet[int]
) -> None:
    gone, kept = sorted(removed & forgotten), sorted(removed - forgotten)
    await queries.delete_variants(tx, shop_id=shop_id, product_id=product_id, variant_ids=gone)
    await queries.retire_variants(tx, shop_id=shop_id, product_id=product_id, variant_ids=kept)


async def _redo_window(tx: Tx, *, shop_id: int, product_id: int, by: Actor, at: datetime) -> None:
    """Redo the product's window; without picture or variant it goes off sale, for buyers must not meet it half empty."""
    product = await _locked(tx, shop_id=shop_id, product_id=product_id)
    if product.state == "active" and await missing_of(tx, shop_id=shop_id, product_id=product_id):
        await _deactivate(tx, product, by=by, at=at)
    else:
        await queries.refresh_listings(tx, shop_id=shop_id, product_ids=[product_id], at=at)


async def _deactivate(tx: Tx, product: Product, *, by: Actor, at: datetime) -> None:
    await queries.set_state(tx, shop_id=product.shop_id, product_id=product.id, state="inactive", at=at)
    fact = ProductDeactivated(shop_id=product.shop_id, subject_id=product.id, title=product.title)
    await record(tx, fact, by=by, at=at)
    await queries.refresh_listings(tx, shop_id=product.shop_id, product_ids=[product.id], at=at)
