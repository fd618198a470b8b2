"""Finding products: order, pages, words, and whatever else is typed into a search field."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etalase.commerce.catalog import rules
from etalase.commerce.catalog.window import queries as window
from etalase.foundation.sql import Db
from tests.builders.catalog import make_category, make_product


async def titles(db: Db, text: str, *, sort: window.Sort = "relevant") -> list[str]:
    async with db.any().reading() as tx:
        found = await window.search(tx, query=rules.search_query(text), sort=sort, limit=10)
    return [card.title for card in found]


async def test_all_words_must_be_there_also_as_beginnings_and_by_category_or_shop(db: Db) -> None:
    category_id = await make_category(db, name="Sepatu Lari", name_en="Running Shoes")
    shoe = await make_product(db, title="Cemara Ringan Pria", category_id=category_id)
    await make_product(db, title="Kopi Gayo Wine")
    assert await titles(db, "cemara ring") == ["Cemara Ringan Pria"]
    assert await titles(db, "running shoes") == ["Cemara Ringan Pria"]
    assert await titles(db, shoe.shop.name.split()[-1] + " cemara") == ["Cemara Ringan Pria"]
    assert await titles(db, "cemara kopi") == []
    assert await titles(db, "CEMARA!!! 👟") == ["Cemara Ringan Pria"]


async def test_lists_go_on_where_they_ended_in_every_order(db: Db) -> None:
    first = await make_product(db, title="Teh Melati 1", price_minor=10_000)
    for number in range(2, 8):
        await make_product(db, first.shop, title=f"Teh Melati {number}", price_minor=10_000 if number % 2 else 20_000)
    async with db.any().reading() as tx:
        for sort in ("newest", "popular", "cheapest"):
            whole = await window.browse(tx, sort=sort, limit=10)
            found = await window.search(tx, query="'teh':*", sort=sort, limit=10)
            assert [card.product_id for card in found] == [card.product_id for card in whole]
            for page in (window.browse, lambda *a, **k: window.search(*a, query="'teh':*", **k)):
                seen, after = [], None
                while cards := await page(tx, sort=sort, limit=2, after=after):
                    seen += [card.product_id for card in cards]
                    after = (cards[-1].sort_key, cards[-1].product_id)
                assert seen == [card.product_id for card in whole]


HOSTILE = [
    "'; DROP TABLE listings; --",
    "a' & !('b'",
    ":*",
    "<->",
    "\\",
    "%_%",
    "👟👟",
    "ﷺ",
    "x" * 10_000,
    "_ __",
    "é ß İ",
    "''",
    "½ ²",
]


async def test_whatever_is_typed_only_searches(db: Db) -> None:
    await make_product(db, title="Kopi Gayo")
    for text in HOSTILE:
        query = rules.search_query(text)
        assert isinstance(await titles(db, text) if query else [], list)
    assert await titles(db, "kopi") == ["Kopi Gayo"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=80))
async def test_no_text_breaks_the_search(db: Db, text: str) -> None:
    query = rules.search_query(text)
    if query:
        async with db.any().reading() as tx:
            assert await window.search(tx, query=query, sort="relevant", limit=1) == []


@given(text=st.text())
def test_a_query_is_short_and_made_of_quoted_words(text: str) -> None:
    query = rules.search_query(text)
    parts = query.split(" & ") if query else []
    assert len(parts) <= rules.SEARCH_WORDS_MAX
    assert all(part.startswith("'") and part.endswith("':*") and "'" not in part[1:-3] for part in parts)
