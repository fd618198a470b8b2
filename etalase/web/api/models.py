"""What is sent and answered. Ids are decimal strings, money whole minor units and a currency, times ISO 8601 in UTC."""

from datetime import date, datetime
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


class Delivery(Sent):
    """How one shop's part is to be brought, as the quote offers it."""

    shop_id: Id
    carrier: str
    service: str


class QuoteAsked(Sent):
    """What the chosen lines of the cart would cost, brought where and how; without an address the default one."""

    address_id: Id | None = None
    delivery: list[Delivery] = Field([], max_length=100)
    insured_shop_ids: list[Id] = Field([], max_length=100)


class DeliveryOption(BaseModel):
    """One way to have it brought, and when it would come."""

    carrier: str
    service: str
    name: str
    price: Money
    promised_from: date
    promised_until: date
    is_chosen: bool


class QuotedLine(BaseModel):
    """A line at today's price."""

    variant_id: str
    title: str
    quantity: int
    price: Money


class ShopQuote(BaseModel):
    """One shop's part, which becomes one order."""

    shop_id: str
    lines: list[QuotedLine]
    items: Money
    shipping: Money
    total: Money
    delivery: list[DeliveryOption]


class Trouble(BaseModel):
    """Why a line can't be had as wanted: gone, sold_out, fewer_left, limit, price."""

    shop_id: str
    variant_id: str
    trouble: str
    title: str
    left: int


class Method(BaseModel):
    """A way to pay; `refusal` says why it can't be used now, "" if it can."""

    code: str
    label: str
    kind: str
    refusal: str


class Quote(BaseModel):
    """The whole checkout at today's prices. Send `total_minor` back as `total_seen_minor` when placing."""

    address_id: str | None
    shops: list[ShopQuote]
    troubles: list[Trouble]
    total_minor: int
    currency: str
    is_deliverable: bool
    methods: list[Method]


class Note(Sent):
    """A note to one of the shops."""

    shop_id: Id
    text: str = Field(max_length=300)


class Placement(Sent):
    """Place the chosen lines of the cart."""

    address_id: Id
    method: str
    total_seen_minor: int = Field(ge=0, le=10**15, description="As the quote said: another total is refused")
    delivery: list[Delivery] = Field([], max_length=100)
    insured_shop_ids: list[Id] = Field([], max_length=100)
    notes: list[Note] = Field([], max_length=100)


class Placed(BaseModel):
    """What was placed; `pay_url` is the provider's page, "" where nothing is to be paid now or it does not answer."""

    purchase_id: str
    order_ids: list[str]
    pay_url: str


class PaymentAsked(Sent):
    """Go on paying, or with another method."""

    method: str | None = None


class PaymentView(BaseModel):
    """Where to pay; "" when the provider does not answer now: the order is safe, ask again."""

    pay_url: str


class Purchase(BaseModel):
    """What one checkout paid for, and how the payment stands."""

    id: str
    payment_method: str
    payment_state: str
    total: Money
    placed_at: datetime
    order_ids: list[str]


class OrderCard(BaseModel):
    """An order as the list shows it."""

    id: str
    shop_id: str
    shop_name: str
    state: str
    title: str
    image: str
    units: int
    total: Money
    placed_at: datetime
    due_at: datetime | None
    due_for: str | None


class Tab(BaseModel):
    """A tab of the Order Center and how many orders it has."""

    tab: str
    orders: int


class Orders(BaseModel):
    """A page of orders, newest first; `next_before` goes into `before` for the next one, "" at the end."""

    orders: list[OrderCard]
    next_before: str
    tabs: list[Tab]


class OrderLineView(BaseModel):
    """A line as it was called and priced when the order was placed."""

    id: str
    product_id: str
    variant_id: str
    title: str
    variant_name: str
    image: str
    quantity: int
    cancelled_quantity: int
    unit_price: Money


class Clock(BaseModel):
    """A running clock: what happens when."""

    kind: str
    due_at: datetime


class OrderView(BaseModel):
    """An order with its lines, clocks, and what the buyer may do now."""

    id: str
    purchase_id: str
    shop_id: str
    shop_name: str
    state: str
    payment_method: str
    is_cod: bool
    lines: list[OrderLineView]
    items: Money
    shipping: Money
    discount: Money
    total: Money
    refunded: Money
    recipient: str
    address: str
    note: str
    placed_at: datetime
    paid_at: datetime | None
    arranged_at: datetime | None
    delivered_at: datetime | None
    completed_at: datetime | None
    cancelled_at: datetime | None
    clocks: list[Clock]
    cancel_rule: str = Field(description="at_once, asks_seller, answer_pending, too_late or finished")
    can_confirm_receipt: bool


class TrackingEvent(BaseModel):
    """One report of the carrier."""

    status: str
    description: str
    place: str
    at: datetime


class ParcelView(BaseModel):
    """A parcel with its reports, newest first."""

    id: str
    state: str
    carrier: str
    service: str
    tracking_number: str | None
    promised_from: datetime | None
    promised_until: datetime | None
    events: list[TrackingEvent]


class Tracking(BaseModel):
    """Where the order's parcels are."""

    parcels: list[ParcelView]


class CancelAsked(Sent):
    """Why; one of the reasons that the quote of cancelling offers."""

    reason: str = Field(examples=["changed_mind"])
    note: str = Field("", max_length=500)


class CancelView(BaseModel):
    """How it was taken: at_once, or asks_seller."""

    rule: str


class NoticeView(BaseModel):
    """A notice in the account's language."""

    id: str
    kind: str
    title: str
    text: str
    order_id: str | None
    at: datetime
    is_unread: bool


class Inbox(BaseModel):
    """A page of the inbox, newest first, and how much is unread in all."""

    notices: list[NoticeView]
    next_before: str
    unread: int


class ReadUntil(Sent):
    """Mark everything up to this notice as read; without it, everything."""

    until: Id | None = None


class Done(BaseModel):
    """It is done."""

    ok: bool = True
