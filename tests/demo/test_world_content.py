"""The demo world holds together: enough of everything, nothing doubled, every picture drawn."""

from collections import Counter
from xml.etree import ElementTree as ET

import phonenumbers
import pytest

from demo.world import catalog, people, pictures
from demo.world.drawings import DRAWINGS, draw
from demo.world.drawings.studio import View
from demo.world.model import Location
from demo.world.palettes import PALETTES
from etalase.commerce.accounts import regions

PICTURE_BYTES_MAX = 12_000
CARRIERS = {"jne", "jnt", "sicepat", "anteraja", "ninja", "pos", "lion", "idexpress", "sap", "own"}
BRANDS = (
    "wardah", "emina", "somethinc", "azarine", "skintific", "nike", "adidas", "eiger", "ventela", "compass", "zoya", "rabbani",
    "danar hadi", "keris", "anker", "baseus", "ugreen", "samsung", "apple", "iphone", "xiaomi", "miyako", "cosmos", "philips",
    "tupperware", "kapal api", "kenangan", "indomie", "lego", "yonex", "mikasa", "ikea", "informa", "batik solo trusmi", "uniqlo", "toyobo", "wijsman", "lotto", "dormeuil", "tritan", "teh poci",
)  # fmt: skip


def _leaf_slugs() -> set[str]:
    return {category.slug for category in catalog.categories() if category.parent is not None}


def test_there_is_enough_to_show() -> None:
    assert len(catalog.shops()) >= 8
    assert len(catalog.products()) >= 128
    assert all(len(catalog.products_of(shop.slug)) >= 15 for shop in catalog.shops())
    assert len(DRAWINGS) >= 45
    assert len(people.BUYERS) == people.BUYERS_COUNT


def test_slugs_and_skus_are_unique() -> None:
    slugs = Counter(product.slug for product in catalog.products())
    assert [slug for slug, count in slugs.items() if count > 1] == []
    for shop in catalog.shops():
        skus = Counter(variant.sku for product in catalog.products_of(shop.slug) for variant in product.variants)
        assert [sku for sku, count in skus.items() if count > 1] == []


def test_every_category_hangs_on_an_earlier_top_and_every_leaf_is_filled() -> None:
    seen: set[str] = set()
    for category in catalog.categories():
        assert category.slug not in seen
        assert category.parent is None or category.parent in seen
        assert category.icon in DRAWINGS
        seen.add(category.slug)
    assert {product.category for product in catalog.products()} == _leaf_slugs()


def test_variants_fit_their_options_and_can_be_sold() -> None:
    for product in catalog.products():
        size = 1
        for option in product.options:
            size *= len(option.values)
        assert len({variant.values for variant in product.variants}) == size == len(product.variants) <= 12
        for variant in product.variants:
            assert 5_000 <= variant.price_minor <= 2_000_000
            assert variant.price_minor % 500 == 0
            assert 10 <= variant.weight_g <= 15_000
            assert variant.stock >= 0
        if product.color_option is not None:
            assert product.color_option in [option.name for option in product.options]


def test_descriptions_have_several_lines_and_titles_are_calm() -> None:
    for product in catalog.products():
        assert product.description.count("\n") >= 4, product.slug
        assert 15 <= len(product.title) <= 80
        assert product.title != product.title.upper()


def test_some_shops_confirm_by_hand_and_stock_differs() -> None:
    assert sum(shop.confirm_mode == "manual" for shop in catalog.shops()) >= 2
    stocks = [variant.stock for product in catalog.products() for variant in product.variants]
    assert 0 in stocks
    assert any(1 <= stock <= 4 for stock in stocks)
    assert all(shop.carriers and set(shop.carriers) <= CARRIERS for shop in catalog.shops())


def test_nothing_bears_a_real_brand() -> None:
    told = [text for product in catalog.products() for text in (product.title, product.description)]
    told += [f"{shop.name} {shop.description_id} {shop.description_en}" for shop in catalog.shops()]
    words = " ".join(" ".join("".join(c if c.isalnum() else " " for c in text.lower()).split()) for text in told)
    assert [brand for brand in BRANDS if f" {brand} " in f" {words} "] == []


@pytest.mark.parametrize("key", sorted(DRAWINGS))
@pytest.mark.parametrize("view", ["main", "alternate", "detail"])
def test_each_drawing_is_valid_small_and_the_same_each_time(key: str, view: View) -> None:
    palette, other = PALETTES["Sogan"], PALETTES["Toska"]
    made = draw(key, palette, 5, view=view, other=other)
    root = ET.fromstring(made)  # noqa: S314
    assert root.attrib["viewBox"] == "0 0 800 800"
    assert len(made.encode()) < PICTURE_BYTES_MAX
    assert made == draw(key, palette, 5, view=view, other=other)
    assert made != draw(key, other, 5, view=view, other=palette)


def test_each_product_has_a_gallery_with_names_of_its_own() -> None:
    names = Counter(
        picture.file_name
        for product in catalog.products()
        for picture in (*pictures.gallery_of(product), *pictures.color_pictures_of(product))
    )
    assert max(names.values()) == 1
    for product in catalog.products():
        kinds = [picture.kind for picture in pictures.gallery_of(product)]
        assert kinds == ["main", "alternate", "detail", "card"]
        card = pictures.gallery_of(product)[-1].svg()
        assert product.size_note in "".join(ET.fromstring(card).itertext())  # noqa: S314
        assert len(pictures.color_pictures_of(product)) == (len(product.palettes) if product.color_option else 0)


def test_shops_and_people_have_faces() -> None:
    for shop in catalog.shops():
        assert ET.fromstring(pictures.shop_logo(shop)).attrib["viewBox"] == "0 0 400 400"  # noqa: S314
        assert ET.fromstring(pictures.shop_banner(shop)).attrib["viewBox"] == "0 0 1200 400"  # noqa: S314
    for category in catalog.categories():
        assert ET.fromstring(pictures.category_icon(category)).attrib["viewBox"] == "0 0 400 400"  # noqa: S314
    faces = {pictures.avatar(person.name) for person in people.BUYERS}
    assert len(faces) > 60


def _problems(location: Location) -> list[regions.Problem]:
    return regions.check_region(
        province_code=location.province_code,
        city_code=location.city_code,
        district=location.district,
        postal_code=location.postal_code,
    )


def test_every_address_is_a_real_place() -> None:
    persons = (*people.CAST, *people.BUYERS)
    for address in (address for person in persons for address in person.addresses):
        assert _problems(address.location) == [], address
    for shop in catalog.shops():
        assert _problems(shop.location) == [], shop.slug
        assert regions.zone_of(shop.location.province_code) == shop.zone
    zones = {regions.zone_of(a.location.province_code) for person in people.BUYERS for a in person.addresses}
    assert zones == {"Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"}


def test_people_can_be_told_apart_and_called() -> None:
    persons = (*people.CAST, *people.BUYERS)
    assert len({person.email for person in persons}) == len(persons)
    assert len({person.phone for person in persons}) == len(persons)
    for person in persons:
        number = phonenumbers.parse(person.phone)
        assert phonenumbers.is_valid_number(number), person.phone
        assert phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) == person.phone
    assert any(not person.name.isascii() for person in people.BUYERS)
    assert max(len(person.name) for person in people.BUYERS) > 60


def test_the_cast_owns_what_was_promised() -> None:
    owners = Counter(shop.owner_email for shop in catalog.shops())
    assert owners["seller@etalase.test"] == 2
    assert owners["seller2@etalase.test"] == 1
    emails = {person.email for person in people.CAST}
    assert set(owners) <= emails
    assert {email for _, email in people.SHOP_STAFF} <= emails
    assert people.CAST[0].email == "buyer@etalase.test"
    assert len(people.CAST[0].addresses) == 2
