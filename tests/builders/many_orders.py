"""A shop with thousands of orders, written at once: what lists and searches have to cope with."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from demo.loading.rows import keep_sets
from etalase.commerce.orders.rules import State
from etalase.foundation.ids import compose

CARRIERS = ("jne", "jnt", "sicepat")
STATES = (*[State.COMPLETED] * 14, State.CANCELLED, State.CANCELLED, State.DELIVERED, State.NEW)
TITLES = ("Kopi Gayo", "Kopi Toraja", "Teh Melati", "Batik Parang", "Sarung Tenun")
BUYERS = (
    "Rina Wijaya",
    "Budi Santoso",
    "Siti Rahma",
    "Made Sukarta",
    "Andi Kopiansyah",
    "Kopiansyahbinkopiansyah Kopiansyahbinbukan",
)
FIRST_MS = 150_000_000_000


@dataclass(frozen=True, slots=True)
class Made:
    """An order, as a test looks for it."""

    id: int
    state: State
    is_cod: bool
    carrier: str
    words: tuple[str, ...]

    def fits(
        self, *, states: Sequence[State], beginnings: Sequence[str], is_cod: bool | None, carrier: str | None
    ) -> bool:
        """Whether a list so narrowed shows it, decided the simple way."""
        return (
            self.state in states
            and is_cod in (None, self.is_cod)
            and carrier in (None, self.carrier)
            and all(any(word.startswith(beginning) for word in self.words) for beginning in beginnings)
        )


def order(number: int, dice: random.Random, *, is_new: bool = False) -> Made:
    """Order so and so of a shop, a minute after the one before."""
    order_id = compose(ms=FIRST_MS + number * 60_000, node=1010, sequence=number % 4096)
    state = State.NEW if is_new else dice.choice(STATES)
    title = dice.choice(TITLES[:3] if state is State.NEW else TITLES)
    words = [str(order_id), "toko", "sekar", f"sku{dice.randrange(40):02d}", *title.lower().split()]
    words += dice.choice(BUYERS).lower().split()
    if number % 50 == 0:
        words.append(f"jx{number:09d}")
    return Made(order_id, state, number % 97 == 0, dice.choice(CARRIERS), tuple(words))


def write_orders(connection: psycopg.Connection[Any], shop_id: int, orders: Sequence[Made]) -> None:
    """Put them into the database, each with a line, those that wait for the seller with a clock."""
    sets = keep_sets(connection, [{}])
    with connection.cursor().copy(
        "COPY orders (shop_id, id, buyer_id, purchase_id, state, payment_method, is_cod, currency, items_minor, shipping_minor,"
        " total_minor, units, shop_name, buyer_name, address, delivery, policy_set_id, search, placed_at, updated_at) FROM STDIN"
    ) as copy:
        for made in orders:
            copy.write_row(
                (
                    shop_id, made.id, 7, made.id, made.state.value, "cod" if made.is_cod else "gopay", made.is_cod, "IDR", 1000, 0,
                    1000, 1, "Toko", "Rina", "{}", f'{{"carrier": "{made.carrier}"}}', sets[0],
                    " ".join(f"'{word}'" for word in made.words), "2026-01-01Z", "2026-01-01Z",
                )
            )  # fmt: skip
    connection.execute(
        "INSERT INTO order_lines (shop_id, id, order_id, product_id, variant_id, title, variant_name, seller_sku, unit_price_minor,"
        " quantity, weight_grams) SELECT shop_id, id, id, 1, 1, 'Kopi', '', 'SKU', 1000, 1, 100 FROM orders"
        " WHERE shop_id = %(shop_id)s AND id = ANY(%(ids)s)",
        {"shop_id": shop_id, "ids": [made.id for made in orders]},
    )
    connection.execute(
        "INSERT INTO deadlines (shop_id, id, kind, subject_kind, subject_id, order_id, started_at, due_at, policy_key,"
        " policy_version) SELECT shop_id, id, 'confirm.deadline', 'order', id, id, placed_at, placed_at + id %% 1000 * interval '1 h',"
        " 'x', 1 FROM orders WHERE shop_id = %(shop_id)s AND id = ANY(%(ids)s) AND state = 'new'",
        {"shop_id": shop_id, "ids": [made.id for made in orders]},
    )
