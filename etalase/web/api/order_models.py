"""What is sent and answered about checkout, orders and the inbox."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from etalase.web.api.models import Id, Money, Sent


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
    insurance: Money = Field(description="The premium, if the shipment is insured")
    must_insure: bool = Field(description="Fragile goods: sent insured, whether asked for or not")
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
    """A way to pay; `refusal` says why it can't be used now, "" if it can. `fee_minor` comes on top of the total."""

    code: str
    label: str
    kind: str
    refusal: str
    fee_minor: int


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
    fee_seen_minor: int = Field(0, ge=0, le=10**15, description="As the quote said of the method: another is refused")
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
    """Where to pay; "" when the provider does not answer now: the order is safe, ask again.

    `instructions` is what the buyer types or scans where the provider has no page of its own; `pay_url` is ours then.
    """

    pay_url: str
    instructions: dict[str, str] | None = None


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
