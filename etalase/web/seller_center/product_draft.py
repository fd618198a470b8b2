"""A product as it stands in the form: every text as typed, until it can be saved. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import prod

import orjson

from etalase.commerce.catalog import rules
from etalase.commerce.catalog.queries import Picture, Product, Variant
from etalase.commerce.catalog.rules import Option, PictureDraft, Problem, ProductDraft, Values, VariantDraft
from etalase.commerce.inventory.rules import UNITS_MAX, Stock
from etalase.foundation.ids import parse_id
from etalase.integrations.storage.folder import StoredFile

MONEY = re.compile(r"\d{1,3}(?:[.,\s]\d{3})+|\d{1,12}")
NUMBER = re.compile(r"\d{1,9}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One variant in the form."""

    values: Values = ()
    id: int | None = None
    price: str = ""
    weight: str = ""
    sku: str = ""
    stock: str = ""
    is_active: bool = True
    on_hand: int | None = None

    @property
    def name(self) -> str:
        return rules.variant_name(self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRow:
    """One picture in the form: of the product already (then it has an id), or uploaded with the form."""

    file: PictureDraft
    id: int | None = None
    position: str = ""
    is_removed: bool = False

    @property
    def token(self) -> str:
        return str(self.id) if self.id else self.file.file_key


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductForm:
    """All fields of the form."""

    title: str = ""
    description: str = ""
    category: str = ""
    handling_days: str = "1"
    options: tuple[tuple[str, str], ...] = ()
    rows: tuple[Row, ...] = (Row(),)
    pictures: tuple[PictureRow, ...] = ()
    is_fragile: bool = False
    version: int = 0
    fill: Mapping[str, str] = field(default_factory=dict)

    @property
    def option_fields(self) -> list[tuple[str, str]]:
        return [*self.options, *[("", "")] * rules.OPTIONS_MAX][: rules.OPTIONS_MAX]


def of_product(
    product: Product, variants: Sequence[Variant], pictures: Sequence[Picture], stock: Sequence[Stock]
) -> ProductForm:
    """The form of a product as it is saved; variants taken off for good are left out."""
    on_hand = {row.variant_id: row.on_hand for row in stock}
    shown = [variant for variant in variants if variant.is_active or variant.position < rules.VARIANTS_MAX]
    rows = tuple(
        Row(
            values=variant.values,
            id=variant.id,
            price=f"{variant.price_minor:,}".replace(",", "."),
            weight=str(variant.weight_grams),
            sku=variant.seller_sku,
            is_active=variant.is_active,
            on_hand=on_hand.get(variant.id, 0),
        )
        for variant in shown
    )
    return ProductForm(
        title=product.title,
        description=product.description,
        category=str(product.category_id),
        handling_days=str(product.handling_days),
        options=_options_of(shown),
        rows=rows or (Row(),),
        pictures=tuple(picture_row(picture, at) for at, picture in enumerate(pictures, 1)),
        is_fragile=product.is_fragile,
        version=product.version,
    )


def picture_row(picture: Picture, at: int) -> PictureRow:
    """A kept picture in the form."""
    draft = PictureDraft(picture.file_key, picture.width, picture.height, picture.alt)
    return PictureRow(file=draft, id=picture.id, position=str(at))


def _options_of(variants: Sequence[Variant]) -> tuple[tuple[str, str], ...]:
    if not variants:
        return ()
    names = variants[0].option_names
    alike = [variant.values for variant in variants if variant.option_names == names]
    return tuple((name, ", ".join(dict.fromkeys(values[at] for values in alike))) for at, name in enumerate(names))


def read(form: Mapping[str, str], *, known: ProductForm) -> ProductForm:
    """The fields as they were sent; what is not sent by the form (what is on hand) comes from `known`."""
    on_hand = {row.id: row.on_hand for row in known.rows if row.id}
    rows = tuple(_rows(form, on_hand))
    return ProductForm(
        title=" ".join(_text(form, "title", rules.TITLE_MAX * 4).split()),
        description=_text(form, "description", rules.DESCRIPTION_MAX * 2).strip().replace("\r\n", "\n"),
        category=_text(form, "category", 20),
        handling_days=_text(form, "handling_days", 20).strip(),
        options=tuple(
            (_text(form, f"option-name-{at}", 200).strip(), _text(form, f"option-values-{at}", 4000).strip())
            for at in range(rules.OPTIONS_MAX)
        ),
        rows=rows or (Row(),),
        is_fragile=form.get("is_fragile") == "1",
        version=int(parse_id(form.get("version", "")) or 0),
        fill={name: _text(form, f"fill-{name}", 20).strip() for name in ("price", "weight", "stock")},
    )


def _text(form: Mapping[str, str], name: str, length_max: int) -> str:
    return form.get(name, "").replace("\x00", "")[:length_max]


def _rows(form: Mapping[str, str], on_hand: Mapping[int, int | None]) -> Iterator[Row]:
    for at in range(rules.VARIANTS_MAX):
        if f"row-{at}-values" not in form:
            return
        variant_id = parse_id(form.get(f"row-{at}-id", ""))
        yield Row(
            values=_values(form[f"row-{at}-values"]),
            id=variant_id if variant_id in on_hand else None,
            price=_text(form, f"row-{at}-price", 40).strip(),
            weight=_text(form, f"row-{at}-weight", 40).strip(),
            sku=_text(form, f"row-{at}-sku", 200).strip(),
            stock=_text(form, f"row-{at}-stock", 40).strip(),
            is_active=f"row-{at}-active" in form,
            on_hand=on_hand.get(variant_id or 0),
        )


def _values(text: str) -> Values:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return ()
    return tuple(str(value) for value in found)[: rules.OPTIONS_MAX] if isinstance(found, list) else ()


def with_matrix(form: ProductForm) -> tuple[ProductForm, list[Problem]]:
    """The form with one row for every combination of option values; rows keep what was typed into them."""
    options = read_options(form)
    if prod(len(option.values) for option in options) > rules.VARIANTS_MAX:
        return form, [Problem("options", "too_many_variants")]
    old = list(form.rows)
    fill = dict(form.fill)
    if len(old) == 1:  # the only variant becomes several: they cost and weigh the same until told otherwise
        fill = {**fill, "price": fill.get("price") or old[0].price, "weight": fill.get("weight") or old[0].weight}
    rows = [_filled(replace(_taken(old, values), values=values), fill) for values in rules.matrix(options)]
    return replace(form, rows=tuple(rows), options=tuple((one.name, ", ".join(one.values)) for one in options)), []


def read_options(form: ProductForm) -> list[Option]:
    """The options as typed, those without values left out, repeated values once."""
    options = []
    for name, text in form.options:
        by_key = {value.strip().casefold(): value.strip() for value in re.split(r"[,;\n]", text) if value.strip()}
        if by_key:
            options.append(Option(name, tuple(by_key.values())))
    return options


def _taken(old: list[Row], values: Values) -> Row:
    """The old row that becomes the one for `values`: the same values, or else some that are a part of them."""
    same = next((row for row in old if row.values == values), None)
    found = same or next((row for row in old if set(row.values) < set(values) or set(values) < set(row.values)), None)
    if found is None:
        return Row()
    old.remove(found)
    return found


def _filled(row: Row, fill: Mapping[str, str]) -> Row:
    return replace(
        row,
        price=row.price or fill.get("price", ""),
        weight=row.weight or fill.get("weight", ""),
        stock=row.stock if row.id else row.stock or fill.get("stock", ""),
    )


def to_draft(form: ProductForm) -> tuple[ProductDraft, dict[Values, int], list[Problem]]:
    """What the form asks for, the opening stock of new variants, and what is wrong that the rules can't see."""
    problems = [
        Problem("stock", "stock_range", at)
        for at, row in enumerate(form.rows)
        if row.id is None and row.stock and read_number(row.stock) is None
    ]
    draft = ProductDraft(
        title=form.title,
        description=form.description,
        category_id=parse_id(form.category) or 0,
        handling_days=_or(read_number(form.handling_days), -1),
        option_names=tuple(option.name for option in read_options(form)),
        variants=tuple(
            VariantDraft(
                values=row.values,
                id=row.id,
                price_minor=read_money(row.price) or 0,
                weight_grams=read_number(row.weight) or 0,
                seller_sku=row.sku,
                is_active=row.is_active,
            )
            for row in form.rows
        ),
        is_fragile=form.is_fragile,
    )
    opening = {row.values: read_number(row.stock) or 0 for row in form.rows if row.id is None}
    return draft, opening, problems


def _or(number: int | None, otherwise: int) -> int:
    return otherwise if number is None else number


def read_money(text: str) -> int | None:
    """ "25000", "25.000", "Rp 25.000" -> 25000; none for what is no amount."""
    amount = text.strip().removeprefix("Rp").strip(" .")
    return int(re.sub(r"\D", "", amount)) if amount.isascii() and MONEY.fullmatch(amount) else None


def read_number(text: str) -> int | None:
    """A whole number not above UNITS_MAX, dots between thousands allowed."""
    digits = text.strip().replace(".", "")
    return int(digits) if digits.isascii() and NUMBER.fullmatch(digits) and int(digits) <= UNITS_MAX else None


def with_pictures(
    form: ProductForm, sent: Mapping[str, Sequence[str]], *, known: ProductForm, kept: Mapping[str, StoredFile]
) -> ProductForm:
    """The form with its pictures as sent: those of the product, and those kept in the storage from an earlier try."""
    own = {row.token: row for row in known.pictures}
    removed, rows = set(sent.get("picture-remove", ())), []
    for token, position in zip(sent.get("picture", ()), sent.get("picture-position", ()), strict=False):
        row = own.get(token) or (_uploaded(kept[token]) if token in kept else None)
        if row is not None:
            rows.append(replace(row, position=position[:3], is_removed=token in removed))
    return replace(form, pictures=tuple(rows))


def _uploaded(file: StoredFile) -> PictureRow:
    return PictureRow(file=PictureDraft(file.key, file.width, file.height))


def add_uploads(form: ProductForm, files: Sequence[StoredFile]) -> ProductForm:
    """The form with further pictures behind those it has; the same picture is taken once."""
    have = {row.file.file_key for row in form.pictures}
    fresh = [_uploaded(file) for file in dict.fromkeys(files) if file.key not in have]
    rows = [*form.pictures, *fresh]
    return replace(
        form, pictures=tuple(replace(row, position=row.position or str(at)) for at, row in enumerate(rows, 1))
    )


def pictures_in_order(form: ProductForm) -> list[PictureRow]:
    """The pictures that stay, by the positions given, else as they stand."""
    staying = [row for row in form.pictures if not row.is_removed]
    return sorted(staying, key=lambda row: _or(read_number(row.position), 99))
