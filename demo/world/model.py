"""The shapes of the demo world's content: frozen values, no database, no clock."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Role = Literal["buyer", "seller", "staff", "operator"]
ConfirmMode = Literal["automatic", "manual"]
PictureKind = Literal["main", "alternate", "detail", "card", "color"]


@dataclass(frozen=True, slots=True)
class Palette:
    """Three colors of a thing as `#rrggbb`: the body, what is set on it, and the studio behind it."""

    main: str
    accent: str
    backdrop: str


@dataclass(frozen=True, slots=True)
class Category:
    """A shelf of the shop window; a top has no parent, a leaf carries products."""

    slug: str
    name_id: str
    name_en: str
    icon: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """Hours in the shop's own zone; weekdays count from Monday = 0; times are `HH:MM`."""

    weekdays: tuple[int, ...]
    opens: str
    closes: str


@dataclass(frozen=True, slots=True)
class Location:
    """A place that `etalase.commerce.accounts.regions` knows."""

    province_code: str
    city_code: str
    district: str
    postal_code: str
    street: str


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop as its public page shows it, and how it works its orders."""

    slug: str
    name: str
    tagline_id: str
    tagline_en: str
    description_id: str
    description_en: str
    location: Location
    zone: str
    phone: str
    hours: tuple[OpeningHours, ...]
    carriers: tuple[str, ...]
    confirm_mode: ConfirmMode
    handling_days: int
    joined_on: date
    owner_email: str
    mark: str
    palette: Palette


@dataclass(frozen=True, slots=True)
class Option:
    """A choice the buyer makes, such as Warna or Ukuran, with its values in the order shown."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Variant:
    """What is really sold: one value per option of the product (none if it has no options)."""

    sku: str
    values: tuple[str, ...]
    price_minor: int
    weight_g: int
    stock: int


@dataclass(frozen=True, slots=True)
class Product:
    """A product page; `palettes` holds one palette per value of the color option, or exactly one."""

    slug: str
    shop_slug: str
    title: str
    description: str
    category: str
    options: tuple[Option, ...]
    variants: tuple[Variant, ...]
    drawing: str
    palettes: tuple[Palette, ...]
    color_option: str | None
    size_note: str


@dataclass(frozen=True, slots=True)
class Person:
    """An account of the demo world; `language` is `id` or `en`."""

    email: str
    name: str
    phone: str
    role: Role
    language: str
    joined_on: date
    addresses: tuple["Address", ...]


@dataclass(frozen=True, slots=True)
class Address:
    """A line of a buyer's address book; the first of a person is the default."""

    label: str
    recipient: str
    phone: str
    location: Location
    note: str
