"""Notices for tests, told through the reaction that tells them."""

from dataclasses import dataclass

from etalase.commerce.accounts.queries import Account
from etalase.commerce.orders.facts import OrderPaid
from etalase.commerce.orders.rules import Order
from etalase.foundation import clock
from etalase.foundation.facts import Actor, Fact, RecordedFact, record
from etalase.foundation.facts.relay import facts_by_id
from etalase.foundation.sql import Db
from etalase.reactions.notifications.kinds import Audience
from etalase.reactions.notifications.queries import Notice, Unread, notices, unread_of
from etalase.reactions.notifications.rules import kinds_of
from tests.builders.accounts import MadeShop, make_account, make_address, make_shop
from tests.builders.orders import orders_of, place_order
from tests.builders.shipping import a_variant


@dataclass(frozen=True)
class Placed:
    """A buyer's order in a shop."""

    buyer: Account
    shop: MadeShop
    order: Order


async def placed_order(db: Db, *, buyer: Account | None = None, shop: MadeShop | None = None) -> Placed:
    """An order that was just placed; its facts are recorded and nobody has reacted yet."""
    buyer, shop = buyer or await make_account(db), shop or await make_shop(db)
    _, variant_id = await a_variant(db, shop.shop_id, stock=5)
    placed = await place_order(db, buyer, await make_address(db, buyer), {(shop.shop_id, variant_id): 1})
    (order,) = await orders_of(db, buyer, placed)
    return Placed(buyer, shop, order)


def paid(placed: Placed) -> OrderPaid:
    """That it has been paid."""
    return OrderPaid(
        shop_id=placed.order.shop_id, subject_id=placed.order.id, order_id=placed.order.id, buyer_id=placed.buyer.id,
        amount_minor=1000, currency="IDR", method="qris",
    )  # fmt: skip


async def recorded(db: Db, fact: Fact, *, by: Actor | None = None) -> RecordedFact:
    """The fact, recorded now."""
    async with db.for_shop(fact.shop_id).transaction() as tx:
        (fact_id,) = await record(tx, fact, by=by or Actor("system"), at=clock.now())
    async with db.for_shop(fact.shop_id).reading() as tx:
        return (await facts_by_id(tx, [(fact.shop_id, fact_id)]))[0]


async def inbox_of(db: Db, account: Account, audience: Audience = "buyer") -> list[Notice]:
    """What lies in the inbox, newest first."""
    async with db.for_buyer(account.id).reading() as tx:
        return await notices(tx, account_id=account.id, audience=audience, kinds=kinds_of(audience))


async def unread_now(db: Db, account: Account) -> Unread:
    """The exact numbers."""
    async with db.for_buyer(account.id).reading() as tx:
        return await unread_of(tx, account.id)
