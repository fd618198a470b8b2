"""The numbers in the frames of pages: unread notices, what lies in the cart, orders that wait for the seller."""

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


async def load_badges(tx: Tx, *, account_id: int, shop_id: int | None) -> Badges:
    """A buyer's badges, or with a shop those of the Seller Center."""
    unread = await notifications.unread_of(tx, account_id)
    if shop_id is not None:
        return Badges(unread=unread.seller, orders_waiting=await orders.count_to_act_on(tx, shop_id=shop_id))
    return Badges(unread=unread.buyer, cart_count=await cart.count_lines(tx, buyer_id=account_id))
