"""The numbers in the frames of pages: unread notices, what lies in the cart, orders that wait for the seller."""

import asyncio
from dataclasses import dataclass

from etalase.commerce.orders.lists import queries as orders
from etalase.foundation.sql import Tx
from etalase.journeys.cart import queries as cart
from etalase.reactions.notifications import queries as notifications


@dataclass(frozen=True, slots=True)
class Badges:
    """What the frame shows beside its icons."""

    unread: int = 0
    cart_count: int = 0
    orders_waiting: int = 0


async def buyer_badges(tx: Tx, *, account_id: int) -> Badges:
    """What a buyer's pages show."""
    unread, lines = await asyncio.gather(
        notifications.unread_of(tx, account_id), cart.count_lines(tx, buyer_id=account_id)
    )
    return Badges(unread=unread.buyer, cart_count=lines)


async def seller_badges(tx: Tx, *, account_id: int, shop_id: int) -> Badges:
    """What the Seller Center shows."""
    unread, waiting = await asyncio.gather(
        notifications.unread_of(tx, account_id), orders.count_to_act_on(tx, shop_id=shop_id)
    )
    return Badges(unread=unread.seller, orders_waiting=waiting)
