"""Writing new orders: whole batches with one statement a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from etalase.commerce.orders.queries import statements
from etalase.commerce.orders.rules import State, search_text
from etalase.foundation.policies.queries import keep_sets
from etalase.foundation.sql import Tx, json_rows


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
    insurance_minor: int = 0
    """The premium, where the buyer insured the shipment."""

    @property
    def items_minor(self) -> int:
        return sum(line.unit_price_minor * line.quantity for line in self.lines)

    @property
    def total_minor(self) -> int:
        return self.items_minor + self.shipping_minor + self.insurance_minor

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
    sets = await keep_sets(tx, [order.policies for order in orders])
    await tx.run(statements["insert_orders"], orders=json_rows(map(_order_row, orders, sets)), at=at)
    lines = (_line_row(order, line) for order in orders for line in order.lines)
    await tx.run(statements["insert_lines"], lines=json_rows(lines))


def _order_row(order: NewOrder, policy_set_id: UUID) -> dict[str, object]:
    return {
        "shop_id": order.shop_id,
        "id": order.id,
        "buyer_id": order.buyer_id,
        "purchase_id": order.purchase_id,
        "state": order.state,
        "payment_method": order.payment_method,
        "is_cod": order.is_cod,
        "currency": order.currency,
        "items_minor": order.items_minor,
        "shipping_minor": order.shipping_minor,
        "insurance_minor": order.insurance_minor,
        "units": order.units,
        "shop_name": order.shop_name,
        "buyer_name": order.buyer_name,
        "address": order.address,
        "delivery": order.delivery,
        "policy_set_id": policy_set_id,
        "buyer_note": order.buyer_note,
        "search_text": order.search_text,
        "confirmed_at": order.confirmed_at,
    }


def _line_row(order: NewOrder, line: NewLine) -> dict[str, object]:
    return {
        "shop_id": order.shop_id,
        "id": line.id,
        "order_id": order.id,
        "product_id": line.product_id,
        "variant_id": line.variant_id,
        "title": line.title,
        "variant_name": line.variant_name,
        "seller_sku": line.seller_sku,
        "image_key": line.image_key,
        "unit_price_minor": line.unit_price_minor,
        "quantity": line.quantity,
        "weight_grams": line.weight_grams,
    }
