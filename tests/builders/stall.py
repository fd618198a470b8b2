"""A shop with something to sell and a buyer, and its orders in every state, each brought there as people bring it."""

from dataclasses import dataclass

from etalase.commerce.accounts.queries import Account, Address
from etalase.commerce.orders import actions, queries
from etalase.commerce.orders.rules import Order
from etalase.commerce.shipping import actions as shipping
from etalase.commerce.shipping import queries as parcels
from etalase.commerce.shipping import tracking
from etalase.commerce.shipping.actions import ParcelPlan
from etalase.foundation.facts import Actor
from etalase.foundation.policies.calendar import WorkingCalendar
from etalase.foundation.sql import Db
from etalase.journeys.cancellations import actions as cancelling
from tests.builders.accounts import MadeShop, make_account, make_address, make_shop
from tests.builders.catalog import MadeProduct, make_product
from tests.builders.orders import make_basket, orders_of, pay
from tests.builders.shipping import a_number, a_report


@dataclass(frozen=True)
class Stall:
    """A shop with something to sell, its seller and a buyer."""

    db: Db
    shop: MadeShop
    product: MadeProduct
    buyer: Account
    address: Address

    @property
    def seller(self) -> Account:
        return self.shop.owner

    async def unpaid(self, *, units: int = 1, method: str = "qris", note: str = "") -> Order:
        """An order as it is placed."""
        lines = {(self.shop.shop_id, self.product.variant_id): units}
        basket = await make_basket(
            self.db, self.buyer, self.address, lines, method=method, notes={self.shop.shop_id: note}
        )
        placed = await basket.place(self.db)
        return (await orders_of(self.db, self.buyer, placed))[0]

    async def new(self, *, units: int = 1, note: str = "") -> Order:
        """A paid order."""
        lines = {(self.shop.shop_id, self.product.variant_id): units}
        basket = await make_basket(self.db, self.buyer, self.address, lines, notes={self.shop.shop_id: note})
        placed = await basket.place(self.db)
        await pay(self.db, self.buyer, placed)
        return (await orders_of(self.db, self.buyer, placed))[0]

    async def confirm(self, order: Order) -> Order:
        return await actions.confirm(
            self.db, shop_id=self.shop.shop_id, order_id=order.id, by=Actor.seller(self.seller.id),
            calendar=WorkingCalendar(), zone="Asia/Jakarta",
        )  # fmt: skip

    async def ready(self, *, units: int = 1) -> Order:
        """A confirmed order."""
        return await self.confirm(await self.new(units=units))

    async def arranged(self, number: str | None = None, *, order: Order | None = None) -> Order:
        """An order whose parcel waits for its carrier."""
        order = order or await self.ready()
        plan = ParcelPlan("own_number", "jne", "reg", tracking_number=number or a_number())
        await shipping.arrange(
            self.db, shop_id=self.shop.shop_id, order_id=order.id, by=Actor.seller(self.seller.id), plan=plan
        )
        return await self.now(order)

    async def report(self, order: Order, status: str) -> Order:
        """The carrier says something about the order's parcel."""
        async with self.db.for_shop(self.shop.shop_id).reading() as tx:
            [parcel] = await parcels.parcels_of_order(tx, shop_id=self.shop.shop_id, order_id=order.id)
        await tracking.record_tracking(
            self.db, a_report(parcel, status, hours=1), vendor="test", parcel=(parcel.shop_id, parcel.id)
        )
        return await self.now(order)

    async def delivered(self) -> Order:
        order = await self.arranged()
        await self.report(order, "collected")
        return await self.report(order, "delivered")

    async def completed(self) -> Order:
        order = await self.delivered()
        return await actions.confirm_receipt(self.db, buyer_id=self.buyer.id, order_id=order.id)

    async def cancelled(self) -> Order:
        return await self.cancel(await self.new())

    async def cancel(self, order: Order) -> Order:
        return await cancelling.cancel_by_seller(
            self.db, shop_id=self.shop.shop_id, order_id=order.id, units=None, reason="no_stock", note="",
            restock=True, by=Actor.seller(self.seller.id),
        )  # fmt: skip

    async def now(self, order: Order) -> Order:
        async with self.db.for_shop(self.shop.shop_id).reading() as tx:
            found = await queries.order_of_shop(tx, shop_id=self.shop.shop_id, order_id=order.id)
        assert found is not None
        return found


async def make_stall(db: Db, *, shop: MadeShop | None = None) -> Stall:
    """A shop that confirms by hand, with plenty of coffee, and a buyer with an address."""
    shop = shop or await make_shop(db)
    product = await make_product(db, shop, stock=500)
    buyer = await make_account(db, name="Rina Wijaya")
    return Stall(db, shop, product, buyer, await make_address(db, buyer))
