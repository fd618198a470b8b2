"""Decisions about what a shop offers, from values in hand."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product as combinations
from typing import Final, Literal

TITLE_MIN: Final = 3
TITLE_MAX: Final = 200
DESCRIPTION_MAX: Final = 10_000
HANDLING_DAYS_MAX: Final = 30
OPTIONS_MAX: Final = 3
OPTION_NAME_MAX: Final = 30
OPTION_VALUE_MAX: Final = 40
VARIANTS_MAX: Final = 100
PICTURES_MAX: Final = 9
SKU_MAX: Final = 60
PRICE_MINOR_MAX: Final = 1_000_000_000
WEIGHT_GRAMS_MAX: Final = 500_000
SEARCH_WORDS_MAX: Final = 8
SEARCH_WORD_CHARS_MAX: Final = 40

ProductState = Literal["draft", "active", "inactive"]
Missing = Literal["picture", "variant"]
Values = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One way in which variants differ: "Warna" with its values."""

    name: str
    values: Values


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantDraft:
    """A variant as the seller wants it; `values` stand in the order of the product's options. No id: it is new."""

    values: Values = ()
    price_minor: int
    weight_grams: int
    seller_sku: str = ""
    is_active: bool = True
    purchase_limit: int | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductDraft:
    """A product as the seller wants it."""

    title: str
    description: str
    category_id: int
    handling_days: int
    option_names: Values
    variants: tuple[VariantDraft, ...]
    is_fragile: bool = False
    """Whether it is sent insured alone."""


@dataclass(frozen=True, slots=True)
class PictureDraft:
    """A stored file to show of a product."""

    file_key: str
    width: int
    height: int
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a draft. `row` is the position of the variant it is about, if it is about one."""

    field: str
    code: str
    row: int | None = None


def check_product(draft: ProductDraft) -> list[Problem]:
    """Everything that keeps a draft from being saved; nothing means that it can be."""
    problems = []
    if not TITLE_MIN <= len(draft.title) <= TITLE_MAX:
        problems.append(Problem("title", "title_length"))
    if len(draft.description) > DESCRIPTION_MAX:
        problems.append(Problem("description", "description_length"))
    if not 0 <= draft.handling_days <= HANDLING_DAYS_MAX:
        problems.append(Problem("handling_days", "handling_days_range"))
    return [*problems, *_check_options(draft), *_check_variants(draft.variants)]


def _check_options(draft: ProductDraft) -> list[Problem]:
    problems = []
    names = [name.casefold() for name in draft.option_names]
    if len(names) > OPTIONS_MAX or len(set(names)) != len(names):
        problems.append(Problem("options", "option_names_repeat"))
    if any(not 1 <= len(name) <= OPTION_NAME_MAX for name in names):
        problems.append(Problem("options", "option_name_length"))
    if len(draft.variants) > VARIANTS_MAX:
        problems.append(Problem("options", "too_many_variants"))
    if any(len(variant.values) != len(names) for variant in draft.variants):
        problems.append(Problem("options", "values_missing"))
    if any(not 1 <= len(value) <= OPTION_VALUE_MAX for variant in draft.variants for value in variant.values):
        problems.append(Problem("options", "option_value_length"))
    if len({variant.values for variant in draft.variants}) != len(draft.variants):
        problems.append(Problem("options", "values_repeat"))
    return problems


def _check_variants(variants: Sequence[VariantDraft]) -> list[Problem]:
    problems = []
    seen: set[str] = set()
    for row, variant in enumerate(variants):
        if not 1 <= variant.price_minor <= PRICE_MINOR_MAX:
            problems.append(Problem("price", "price_range", row))
        if not 1 <= variant.weight_grams <= WEIGHT_GRAMS_MAX:
            problems.append(Problem("weight", "weight_range", row))
        if len(variant.seller_sku) > SKU_MAX:
            problems.append(Problem("sku", "sku_length", row))
        if variant.seller_sku and variant.seller_sku in seen:
            problems.append(Problem("sku", "sku_repeats", row))
        seen.add(variant.seller_sku)
    return problems


def matrix(options: Sequence[Option]) -> list[Values]:
    """Every combination of values, the last option changing fastest; no options make one variant without values."""
    return list(combinations(*(option.values for option in options)))


def variant_name(values: Values) -> str:
    """How a variant is called: "Merah, L"; '' for a product's only form."""
    return ", ".join(values)


def with_skus(draft: ProductDraft, taken: set[str]) -> ProductDraft:
    """The draft with a SKU for every variant that has none, made of title and values, none of them `taken`."""
    used = taken | {variant.seller_sku for variant in draft.variants if variant.seller_sku}
    variants = []
    for variant in draft.variants:
        sku = variant.seller_sku or _free_sku(suggested_sku(draft.title, variant.values), used)
        used.add(sku)
        variants.append(replace(variant, seller_sku=sku))
    return replace(draft, variants=tuple(variants))


def suggested_sku(title: str, values: Values) -> str:
    """A readable SKU: "Kemeja Batik Parang", ("Merah", "L") -> "KEM-BAT-PAR-MERAH-L"."""
    words = re.findall(r"[A-Z0-9]+", title.upper())[:3]
    parts = [word[:3] for word in words] + ["".join(re.findall(r"[A-Z0-9]+", value.upper()))[:8] for value in values]
    return "-".join(part for part in parts if part)[: SKU_MAX - 5] or "SKU"


def _free_sku(wanted: str, used: set[str]) -> str:
    candidates = (wanted if number == 1 else f"{wanted}-{number}" for number in range(1, len(used) + 2))
    return next(sku for sku in candidates if sku not in used)


def missing_for_sale(*, pictures: int, active_variants: int) -> list[Missing]:
    """What a product still needs before buyers may see it (price and weight no variant is ever without)."""
    missing: list[Missing] = []
    if pictures == 0:
        missing.append("picture")
    if active_variants == 0:
        missing.append("variant")
    return missing


def search_query(text: str) -> str:
    """A query for PostgreSQL's to_tsquery out of whatever somebody typed: all words, each also as a beginning; '' for none."""
    words = [word for word in re.findall(r"[^\W_]+", text[:1000].casefold()) if word.isprintable()]
    return " & ".join(f"'{word[:SEARCH_WORD_CHARS_MAX]}':*" for word in words[:SEARCH_WORDS_MAX])
