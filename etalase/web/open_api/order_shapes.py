"""An order as it is answered."""

from typing_extensions import TypedDict


class DistrictInfo(TypedDict, total=False):
    """One level of where an address is."""

    address_level: str
    address_level_name: str
    address_name: str
    iso_code: str


class RecipientAddress(TypedDict, total=False):
    """Where the order goes; not told before the order waits for shipment."""

    name: str
    first_name: str
    last_name: str
    phone_number: str
    full_address: str
    address_detail: str
    address_line1: str
    address_line2: str
    address_line3: str
    address_line4: str
    postal_code: str
    region_code: str
    district_info: list[DistrictInfo]


class Payment(TypedDict, total=False):
    """What the buyer pays."""

    currency: str
    sub_total: str
    shipping_fee: str
    seller_discount: str
    platform_discount: str
    total_amount: str
    original_total_product_price: str
    original_shipping_fee: str
    shipping_fee_seller_discount: str
    shipping_fee_platform_discount: str
    shipping_fee_cofunded_discount: str
    tax: str
    product_tax: str
    shipping_fee_tax: str
    small_order_fee: str
    buyer_service_fee: str
    handling_fee: str
    shipping_insurance_fee: str
    item_insurance_fee: str


class LineItem(TypedDict, total=False):
    """One unit: there is no quantity."""

    id: str
    sku_id: str
    product_id: str
    product_name: str
    sku_name: str
    sku_image: str
    seller_sku: str
    original_price: str
    sale_price: str
    seller_discount: str
    platform_discount: str
    currency: str
    display_status: str
    package_id: str | None
    package_status: str | None
    tracking_number: str | None
    shipping_provider_id: str | None
    shipping_provider_name: str | None
    rts_time: int | None
    is_gift: bool
    is_dangerous_good: bool
    cancel_reason: str | None
    cancel_user: str | None
    room_id: str


class PackageOfOrder(TypedDict):
    """A parcel of the order."""

    id: str


class HandlingDuration(TypedDict, total=False):
    """How long the shop takes before it ships."""

    days: str
    type: str


class Order(TypedDict, total=False):
    """An order with everything that is told of it."""

    id: str
    status: str
    order_type: str
    create_time: int
    update_time: int
    paid_time: int | None
    user_id: str
    buyer_nickname: str
    buyer_message: str
    seller_note: str
    payment: Payment
    payment_method_name: str
    payment_method_code: str
    recipient_address: RecipientAddress
    packages: list[PackageOfOrder]
    line_items: list[LineItem]
    shipping_type: str
    delivery_type: str
    delivery_option_id: str
    delivery_option_name: str
    fulfillment_type: str
    tracking_number: str | None
    shipping_provider: str | None
    shipping_provider_id: str | None
    warehouse_id: str
    split_or_combine_tag: str | None
    handling_duration: HandlingDuration
    cancel_reason: str | None
    cancellation_initiator: str | None
    is_cod: bool
    is_on_hold_order: bool
    is_sample_order: bool
    is_replacement_order: bool
    is_exchange_order: bool
    is_buyer_request_cancel: bool
    has_updated_recipient_address: bool
    rts_time: int | None
    rts_sla_time: int | None
    tts_sla_time: int | None
    delivery_sla_time: int | None
    cancel_order_sla_time: int | None
    shipping_due_time: int | None
    collection_due_time: int | None
    delivery_option_required_delivery_time: int | None
    collection_time: int | None
    delivery_time: int | None
    cancel_time: int | None
    request_cancel_time: int | None


class OrdersFound(TypedDict, total=False):
    """A page of orders."""

    orders: list[Order]
    next_page_token: str
    total_count: int


class OrderDetails(TypedDict):
    """The orders that were asked for."""

    orders: list[Order]
