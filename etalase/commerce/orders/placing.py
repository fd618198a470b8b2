"""Writing new orders: whole batches with one statement a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from etalase.commerce.orders.queries import statements
from etalase.commerce.orders.rules import State, search_text
from etalase.foundation.sql import Tx


@dataclass(frozen=True, slots=True)
class NewLine:
    """A line to be written."""

    id: int
    product_id: int
    variant_id: int
    title: str
    variant_name: str
    seller_sku: str
    image_key: str | None
    unit_price_minor: int
    quantity: int
    weight_grams: int


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An order to be written, with copies of everything it is placed with."""

    shop_id: int
    id: int
    buyer_id: int
    purchase_id: int
    state: State
    payment_method: str
    is_cod: bool
    currency: str
    shipping_minor: int
    shop_name: str
    buyer_name: str
    address: dict[str, str]
    delivery: dict[str, Any]
    policies: dict[str, Any]
    buyer_note: str
    lines: tuple[NewLine, ...]
    confirmed_at: datetime | None = None
    """Set for an order that the shop accepts in the moment it is placed."""

    @property
    def items_minor(self) -> int:
        return sum(line.unit_price_minor * line.quantity for line in self.lines)

    @property
    def total_minor(self) -> int:
        return self.items_minor + self.shipping_minor

    @property
    def units(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def search_text(self) -> str:
        """Number, shop, buyer, recipient, the phone's last digits, titles and SKUs."""
        words = [
            str(self.id),
            self.shop_name,
            self.buyer_name,
            self.address.get("recipient", ""),
            self.address.get("phone", "")[-4:],
        ]
        for line in self.lines:
            words += [line.title, line.variant_name, line.seller_sku]
        return search_text(words)


async def insert_orders(tx: Tx, orders: Sequence[NewOrder], *, at: datetime) -> None:
    """Write the orders and their lines; counters are the caller's to change."""
    await tx.run(statements["insert_orders"], at=at, **_order_columns(orders))
    lines = [(order, line) for order in orders for line in order.lines]
    await tx.run(
        statements["insert_lines"],
        shop_ids=[order.shop_id for order, _ in lines],
        order_ids=[order.id for order, _ in lines],
        ids=[line.id for _, line in lines],
        product_ids=[line.product_id for _, line in lines],
        variant_ids=[line.variant_id for _, line in lines],
        titles=[line.title for _, line in lines],
        variant_names=[line.variant_name for _, line in lines],
        seller_skus=[line.seller_sku for _, line in lines],
        image_keys=[line.image_key for _, line in lines],
        unit_prices_minor=[line.unit_price_minor for _, line in lines],
        quantities=[line.quantity for _, line in lines],
        weights_grams=[line.weight_grams for _, line in lines],
    )


def _order_columns(orders: Sequence[NewOrder]) -> dict[str, list[Any]]:
    return {
        "shop_ids": [order.shop_id for order in orders],
        "ids": [order.id for order in orders],
        "buyer_ids": [order.buyer_id for order in orders],
        "purchase_ids": [order.purchase_id for order in orders],
        "states": [order.state for order in orders],
        "payment_methods": [order.payment_method for order in orders],
        "are_cod": [order.is_cod for order in orders],
        "currencies": [order.currency for order in orders],
        "items_minor": [order.items_minor for order in orders],
        "shipping_minor": [order.shipping_minor for order in orders],
        "units": [order.units for order in orders],
        "shop_names": [order.shop_name for order in orders],
        "buyer_names": [order.buyer_name for order in orders],
        "addresses": [_json(order.address) for order in orders],
        "deliveries": [_json(order.delivery) for order in orders],
        "policies": [_json(order.policies) for order in orders],
        "buyer_notes": [order.buyer_note for order in orders],
        "search_texts": [order.search_text for order in orders],
        "confirmed_ats": [order.confirmed_at for order in orders],
    }


def _json(value: dict[str, Any]) -> str:
    return orjson.dumps(value).decode()
