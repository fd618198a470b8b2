"""What the form of a product says when something is wrong. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from etalase.commerce.catalog import rules
from etalase.commerce.catalog.rules import Missing, Problem
from etalase.foundation.i18n import N_, Translator

TEXTS = {
    "title_length": N_("Give the product a title of 3 to 200 characters."),
    "description_length": N_("The description is too long: at most 10,000 characters."),
    "handling_days_range": N_("Handling takes 0 to 30 working days."),
    "handling_days_too_long": N_("So long a handling time is not allowed here. Choose fewer working days."),
    "category_unknown": N_("Choose a category."),
    "option_names_repeat": N_("Two options have the same name."),
    "option_name_length": N_("Give every option that has values a name, such as Color."),
    "option_value_length": N_("Option values have at most 40 characters."),
    "too_many_variants": N_("These options make more than 100 variants. Leave some values out."),
    "values_missing": N_("Tap “Update variants” after changing the options."),
    "values_repeat": N_("Two variants have the same values."),
    "price_range": N_("Enter a price in whole rupiah, such as 25.000."),
    "weight_range": N_("Enter the weight in grams with packing, such as 250."),
    "stock_range": N_("Enter how many there are, such as 10."),
    "sku_length": N_("A SKU has at most 60 characters."),
    "sku_repeats": N_("This SKU is used twice here."),
    "sku_taken": N_("Another product of the shop has this SKU."),
    "too_many_pictures": N_("A product has at most 9 pictures."),
    "too_large": N_("A picture may have at most 10 MB."),
    "too_many_pixels": N_("A picture may have at most 40 megapixels."),
    "too_small": N_("A picture must be at least 100 pixels wide and high."),
    "not_a_picture": N_("One file is no picture we can read. Use JPEG, PNG or WebP."),
    "edit_conflict": N_(
        "Somebody else changed this product while you were editing. Your entries are kept: compare them, then save again to replace the other changes."
    ),
}
MISSING = {
    "picture": N_("a picture"),
    "variant": N_("a variant on sale with price and weight"),
}
FIELD_IDS = {"options": "field-option-name-0", "category": "field-category", "pictures": "field-pictures"}


@dataclass(frozen=True, slots=True)
class Texts:
    """Errors by the id of their field, and all of them for the box above the form."""

    by_field: dict[str, str]
    summary: list[tuple[str, str]]


def problem_texts(problems: Sequence[Problem], *, translator: Translator) -> Texts:
    """Each problem said once beside its field and once in the box."""
    by_field: dict[str, str] = {}
    summary: dict[tuple[str, str], None] = {}
    for problem in problems:
        target, text = field_id(problem), translator.gettext(TEXTS[problem.code])
        by_field.setdefault(target, text)
        place = "" if problem.row is None else translator.gettext(N_("Variant %(n)s: "), n=problem.row + 1)
        summary[target, place + text] = None
    return Texts(by_field, list(summary)[: rules.VARIANTS_MAX])


def field_id(problem: Problem) -> str:
    """The id of the field a problem is about, '' for the whole form."""
    if problem.row is not None:
        return f"row-{problem.row}-{problem.field}"
    return FIELD_IDS.get(problem.field) or (f"field-{problem.field}" if problem.field not in ("", "sku") else "")


def missing_text(missing: Sequence[Missing], *, translator: Translator) -> str:
    """One sentence with all that a product still needs."""
    parts = [translator.gettext(MISSING[one]) for one in missing]
    return translator.gettext(N_("Saved, but not on sale yet. Still missing: %(what)s."), what=", ".join(parts))
