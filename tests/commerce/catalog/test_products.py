"""Products as sellers write, edit, show and hide them."""

import asyncio
from dataclasses import replace

import pytest

from etalase.commerce.catalog import actions, queries
from etalase.commerce.catalog.errors import (
    EditConflict,
    NotReadyForSale,
    ProductNotFound,
    ProductRefused,
    TooManyPictures,
)
from etalase.commerce.catalog.rules import Option, PictureDraft, ProductDraft, VariantDraft
from etalase.commerce.catalog.window import queries as window
from etalase.commerce.inventory import actions as inventory
from etalase.commerce.inventory.errors import StockShort
from etalase.commerce.inventory.rules import StockUnits
from etalase.foundation import clock
from etalase.foundation.facts import Actor
from etalase.foundation.sql import Db, parse
from etalase.journeys.offering import actions as offering
from etalase.journeys.offering.actions import Offer
from tests.builders.accounts import make_shop
from tests.builders.catalog import MadeProduct, make_category, make_product, product_draft

SELLER = Actor.seller(7)
COLORS = Option("Warna", ("Merah", "Biru"))
SIZES = Option("Ukuran", ("S", "M"))
FACTS = parse(
    "-- facts --\nSELECT name FROM facts WHERE shop_id = %(shop_id)s AND name LIKE 'product%%' ORDER BY id LIMIT 50"
)[0]
PICTURE = PictureDraft("1" * 64 + ".webp", 960, 960)


async def variants_of(db: Db, product: MadeProduct) -> list[queries.Variant]:
    async with db.for_shop(product.shop_id).reading() as tx:
        return await queries.variants_of_product(tx, shop_id=product.shop_id, product_id=product.id)


async def product_of(db: Db, product: MadeProduct) -> queries.Product:
    async with db.for_shop(product.shop_id).reading() as tx:
        found = await queries.product(tx, shop_id=product.shop_id, product_id=product.id)
    assert found is not None
    return found


async def draft_of(db: Db, product: MadeProduct) -> ProductDraft:
    saved, variants = await product_of(db, product), await variants_of(db, product)
    return ProductDraft(
        title=saved.title,
        description=saved.description,
        category_id=saved.category_id,
        handling_days=saved.handling_days,
        option_names=variants[0].option_names,
        variants=tuple(
            VariantDraft(id=one.id, values=one.values, price_minor=one.price_minor, weight_grams=one.weight_grams, seller_sku=one.seller_sku)
            for one in variants
        ),
    )  # fmt: skip


async def edit(
    db: Db, product: MadeProduct, draft: ProductDraft, *, version: int | None = None, **offer: object
) -> None:
    saved = await product_of(db, product)
    async with db.for_shop(product.shop_id).reading() as tx:
        pictures = await queries.pictures_of_product(tx, shop_id=product.shop_id, product_id=product.id)
    values: dict[str, object] = {"kept_picture_ids": [picture.id for picture in pictures], **offer}
    await offering.edit_product(
        db, shop_id=product.shop_id, product_id=product.id, version=version or saved.version,
        offer=Offer(product=draft, **values), by=SELLER,  # type: ignore[arg-type]
    )  # fmt: skip


async def order(db: Db, product: MadeProduct, *, variant: int = 0) -> None:
    async with db.for_shop(product.shop_id).transaction() as tx:
        units = [StockUnits(product.shop_id, product.variant_ids[variant], 1, 1)]
        await inventory.commit_units(tx, units, at=clock.now())


async def listed(db: Db) -> list[window.Card]:
    async with db.any().reading() as tx:
        return await window.browse(tx, sort="newest", limit=10)


async def test_a_product_gets_its_matrix_its_skus_and_its_stock(db: Db) -> None:
    product = await make_product(db, options=(COLORS, SIZES), stock=3, title="Kemeja Batik")
    variants = await variants_of(db, product)
    assert [variant.name for variant in variants] == ["Merah, S", "Merah, M", "Biru, S", "Biru, M"]
    assert variants[0].seller_sku == "KEM-BAT-MERAH-S"
    assert variants[0].options == [{"name": "Warna", "value": "Merah"}, {"name": "Ukuran", "value": "S"}]
    async with db.for_shop(product.shop_id).reading() as tx:
        facts = await tx.values(FACTS, str, shop_id=product.shop_id)
    assert facts == ["product.created", "product.pictures_changed", "product.activated"]


async def test_skus_made_for_a_second_product_of_the_name_differ(db: Db) -> None:
    first = await make_product(db, title="Kopi Gayo")
    second = await make_product(db, first.shop, title="Kopi Gayo")
    skus = {(await variants_of(db, one))[0].seller_sku for one in (first, second)}
    assert skus == {"KOP-GAY", "KOP-GAY-2"}


async def test_everything_wrong_is_said_at_once(db: Db) -> None:
    product = await make_product(db)
    draft = replace(
        product_draft(category_id=5, title="Ko", price_minor=0, weight_grams=0, options=(COLORS,)),
        description="x" * 10_001,
    )
    draft = replace(draft, variants=tuple(replace(one, seller_sku="SAMA") for one in draft.variants))
    with pytest.raises(ProductRefused) as refusal:
        await offering.create_product(db, shop_id=product.shop_id, offer=Offer(product=draft), by=SELLER)
    codes = [problem.code for problem in refusal.value.problems]
    assert codes == [
        "title_length", "description_length", "price_range", "weight_range", "price_range", "weight_range", "sku_repeats",
        "category_unknown",
    ]  # fmt: skip


async def test_a_sku_of_another_product_is_refused(db: Db) -> None:
    product = await make_product(db)
    [variant] = await variants_of(db, product)
    category_id = await make_category(db)
    draft = product_draft(category_id)
    draft = replace(draft, variants=(replace(draft.variants[0], seller_sku=variant.seller_sku),))
    with pytest.raises(ProductRefused) as refusal:
        await offering.create_product(db, shop_id=product.shop_id, offer=Offer(product=draft), by=SELLER)
    assert [(one.code, one.row) for one in refusal.value.problems] == [("sku_taken", 0)]


async def test_the_second_of_two_editors_is_refused_and_nothing_is_lost(db: Db) -> None:
    product = await make_product(db)
    draft, version = await draft_of(db, product), (await product_of(db, product)).version
    answers = await asyncio.gather(
        edit(db, product, replace(draft, title="Judul pertama"), version=version),
        edit(db, product, replace(draft, title="Judul kedua"), version=version),
        return_exceptions=True,
    )
    conflicts = [answer for answer in answers if isinstance(answer, EditConflict)]
    assert len(conflicts) == 1
    saved = await product_of(db, product)
    assert conflicts[0].version == saved.version
    await edit(db, product, replace(draft, title="Judul ketiga"), version=saved.version)
    assert (await listed(db))[0].title == "Judul ketiga"


async def test_a_variant_no_order_knows_is_removed_and_one_with_orders_is_kept_off_sale(db: Db) -> None:
    product = await make_product(db, options=(COLORS,))
    await order(db, product, variant=0)
    draft = await draft_of(db, product)
    only_new = VariantDraft(values=("Hijau",), price_minor=70_000, weight_grams=300)
    await edit(db, product, replace(draft, variants=(only_new,)), opening={("Hijau",): 4})
    red, green = sorted(await variants_of(db, product), key=lambda one: one.id)
    assert (red.id, red.is_active) == (product.variant_ids[0], False)
    assert (green.name, green.is_active) == ("Hijau", True)
    async with db.for_shop(product.shop_id).transaction() as tx:
        with pytest.raises(StockShort):
            await inventory.commit_units(
                tx, [StockUnits(product.shop_id, product.variant_ids[1], 1, 2)], at=clock.now()
            )


async def test_a_variant_taken_off_comes_back_under_its_old_id(db: Db) -> None:
    product = await make_product(db, options=(COLORS,))
    await order(db, product, variant=1)
    draft = await draft_of(db, product)
    await edit(db, product, replace(draft, variants=draft.variants[:1]))
    again = replace(draft.variants[1], id=None, seller_sku="")
    await edit(db, product, replace(draft, variants=(draft.variants[0], again)))
    assert [(one.id, one.is_active) for one in await variants_of(db, product)] == [
        (product.variant_ids[0], True), (product.variant_ids[1], True),
    ]  # fmt: skip


async def test_prices_show_in_the_window_at_once(db: Db) -> None:
    product = await make_product(db, options=(COLORS,), price_minor=50_000)
    draft = await draft_of(db, product)
    dearer = replace(draft.variants[1], price_minor=80_000)
    await edit(db, product, replace(draft, variants=(draft.variants[0], dearer)))
    [card] = await listed(db)
    assert (card.price_min_minor, card.price_max_minor) == (50_000, 80_000)


async def test_what_is_missing_is_listed_before_buyers_may_see_it(db: Db) -> None:
    shop, category_id = await make_shop(db), await make_category(db)
    draft = replace(product_draft(category_id), variants=())
    product_id = await offering.create_product(db, shop_id=shop.shop_id, offer=Offer(product=draft), by=SELLER)
    with pytest.raises(NotReadyForSale) as refusal:
        await actions.activate_product(db, shop_id=shop.shop_id, product_id=product_id, by=SELLER)
    assert refusal.value.missing == ("picture", "variant")
    assert await listed(db) == []


async def test_taken_off_sale_it_leaves_the_window_and_comes_back_with_what_it_sold(db: Db) -> None:
    product = await make_product(db)
    await order(db, product)
    async with db.for_shop(product.shop_id).transaction() as tx:
        await inventory.ship_units(tx, [StockUnits(product.shop_id, product.variant_id, 1, 1)], at=clock.now())
    await actions.deactivate_product(db, shop_id=product.shop_id, product_id=product.id, by=SELLER)
    assert await listed(db) == []
    async with db.any().reading() as tx:
        [variant] = await queries.variants_for_sale(tx, shop_ids=[product.shop_id], variant_ids=[product.variant_id])
    assert not variant.is_for_sale
    await actions.activate_product(db, shop_id=product.shop_id, product_id=product.id, by=SELLER)
    assert (await listed(db))[0].sold_units == 1


async def test_losing_the_last_picture_takes_it_off_sale(db: Db) -> None:
    product = await make_product(db)
    await edit(db, product, await draft_of(db, product), kept_picture_ids=[])
    assert (await product_of(db, product)).state == "inactive"
    assert await listed(db) == []


async def test_pictures_are_added_ordered_and_limited(db: Db) -> None:
    product = await make_product(db)
    where = {"shop_id": product.shop_id, "product_id": product.id, "by": SELLER}
    await actions.add_pictures(db, pictures=[PICTURE], **where)  # type: ignore[arg-type]
    async with db.for_shop(product.shop_id).reading() as tx:
        before = await queries.pictures_of_product(tx, shop_id=product.shop_id, product_id=product.id)
    await edit(db, product, await draft_of(db, product), kept_picture_ids=[picture.id for picture in reversed(before)])
    assert (await listed(db))[0].cover_key == PICTURE.file_key
    with pytest.raises(TooManyPictures):
        await actions.add_pictures(db, pictures=[PICTURE] * 8, **where)  # type: ignore[arg-type]


async def test_another_shop_finds_nothing(db: Db) -> None:
    product, other = await make_product(db), await make_shop(db)
    with pytest.raises(ProductNotFound):
        await actions.activate_product(db, shop_id=other.shop_id, product_id=product.id, by=SELLER)
    with pytest.raises(ProductNotFound):
        await offering.edit_product(
            db, shop_id=other.shop_id, product_id=product.id, version=1,
            offer=Offer(product=await draft_of(db, product)), by=SELLER,
        )  # fmt: skip
    async with db.any().reading() as tx:
        assert await queries.variants_for_sale(tx, shop_ids=[other.shop_id], variant_ids=[product.variant_id]) == []
