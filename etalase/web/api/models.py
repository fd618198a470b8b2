"""What is sent and answered. Ids are decimal strings, money whole minor units and a currency, times ISO 8601 in UTC."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,18}$")]


class Sent(BaseModel):
    """Base of what is sent: unknown members are refused, so that a mistyped one is not passed over."""

    model_config = ConfigDict(extra="forbid", str_max_length=2000)


class Money(BaseModel):
    """A sum in minor units; a rupiah has none smaller."""

    amount_minor: int
    currency: str = Field(examples=["IDR"])


class LogIn(Sent):
    """An e-mail address or phone number, and the password."""

    login: str = Field(examples=["buyer@etalase.test"])
    password: str


class Registration(Sent):
    """A new account."""

    name: str
    login: str = Field(description="An e-mail address or phone number")
    password: str


class Account(BaseModel):
    """The account that asks."""

    id: str
    name: str
    email: str | None
    phone: str | None
    locale: str


class SignedIn(BaseModel):
    """A signed-in device: send the token as Authorization: Bearer."""

    token: str
    device_id: str
    account_id: str


class Device(BaseModel):
    """A device that is signed in, browsers included."""

    id: str
    device: str
    address: str
    since: datetime
    seen_at: datetime
    is_this: bool


class Devices(BaseModel):
    """The account's devices, the last seen first."""

    devices: list[Device]


class Category(BaseModel):
    """A branch of the tree of categories."""

    id: str
    parent_id: str | None
    slug: str
    name_id: str
    name_en: str


class Categories(BaseModel):
    """The whole tree, parents before their children."""

    categories: list[Category]


class ProductCard(BaseModel):
    """A product as a list shows it."""

    shop_id: str
    product_id: str
    title: str
    image: str
    price_from: Money
    price_to: Money
    sold_units: int
    is_available: bool
    shop_name: str
    shop_slug: str


class Products(BaseModel):
    """A page of a list; `next_after` goes into `after` for the next one, "" at the end."""

    products: list[ProductCard]
    next_after: str


class ShopView(BaseModel):
    """A shop."""

    id: str
    slug: str
    name: str
    description: str
    city: str
    logo: str
    is_open: bool
    joined_at: datetime


class VariantView(BaseModel):
    """A variant with its price and what is left of it."""

    id: str
    name: str
    price: Money
    available: int
    purchase_limit: int | None


class ProductView(BaseModel):
    """A product with its variants and pictures."""

    shop: ShopView
    product_id: str
    title: str
    description: str
    category_id: str
    sold_units: int
    images: list[str]
    variants: list[VariantView]


class LineKey(Sent):
    """A variant of a shop."""

    shop_id: Id
    variant_id: Id


class LineToPut(LineKey):
    """Units to put into the cart."""

    quantity: int = Field(1, ge=1, le=999)


class LineToChange(Sent):
    """How many units the line is to have; 0 takes it out. And whether the checkout takes it."""

    quantity: int = Field(ge=0, le=999)


class Selection(Sent):
    """The lines that the checkout takes."""

    lines: list[LineKey] = Field(max_length=100)


class CartLine(BaseModel):
    """A line with today's price; `can_buy` says whether it can be had as wanted."""

    shop_id: str
    variant_id: str
    product_id: str | None
    title: str
    variant_name: str
    image: str
    quantity: int
    available: int
    price: Money | None
    price_seen: Money
    is_selected: bool
    can_buy: bool


class Cart(BaseModel):
    """What lies in the cart, newest shop first."""

    lines: list[CartLine]


class AddressToSave(Sent):
    """An address; province and city are codes or names, as GET /regions lists them."""

    recipient: str
    phone: str
    province: str
    city: str
    district: str = ""
    postal_code: str
    street: str
    landmark: str = ""
    label: str = ""
    is_default: bool = False


class Address(BaseModel):
    """An address of the book."""

    id: str
    recipient: str
    phone: str
    province: str
    province_name: str
    city: str
    city_name: str
    district: str
    postal_code: str
    street: str
    landmark: str
    label: str
    is_default: bool


class Addresses(BaseModel):
    """The address book, the default first."""

    addresses: list[Address]


class Done(BaseModel):
    """It is done."""

    ok: bool = True
