"""Purchases that wait for a provider's word, and what has become of their money."""

from dataclasses import dataclass

from etalase.commerce.orders.rules import Order
from etalase.commerce.payments import actions, queries
from etalase.commerce.payments.queries import Capture
from etalase.commerce.payments.rules import Payment, Refund, Report
from etalase.foundation.sql import Db
from etalase.integrations.payment_providers.protocol import reference_of
from tests.builders.orders import make_basket, orders_of
from tests.builders.stall import Stall


@dataclass(frozen=True)
class Awaited:
    """A purchase with one attempt to pay."""

    stall: Stall
    purchase_id: int
    payment_id: int

    @property
    def db(self) -> Db:
        return self.stall.db

    @property
    def reference(self) -> str:
        """Our reference, as a provider has it."""
        return reference_of(self.stall.buyer.id, self.payment_id)

    async def payment(self) -> Payment:
        async with self.db.for_buyer(self.stall.buyer.id).reading() as tx:
            found = await queries.payment(tx, buyer_id=self.stall.buyer.id, payment_id=self.payment_id)
        assert found is not None
        return found

    async def order(self) -> Order:
        async with self.db.for_buyer(self.stall.buyer.id).reading() as tx:
            from etalase.commerce.orders.queries import orders_of_purchase

            (found,) = await orders_of_purchase(tx, buyer_id=self.stall.buyer.id, purchase_id=self.purchase_id)
        return found

    async def captures(self) -> list[Capture]:
        async with self.db.for_buyer(self.stall.buyer.id).reading() as tx:
            return await queries.captures_of_payment(tx, buyer_id=self.stall.buyer.id, payment_id=self.payment_id)

    async def refunds(self) -> list[Refund]:
        """Money going back, in the order in which it was promised."""
        async with self.db.for_buyer(self.stall.buyer.id).transaction() as tx:
            cursor = await tx.connection.execute(
                "SELECT id FROM refunds WHERE payment_id = %s ORDER BY id", (self.payment_id,)
            )
            ids = [row[0] for row in await cursor.fetchall()]
            found = [await queries.refund(tx, buyer_id=self.stall.buyer.id, refund_id=one) for one in ids]
        return [refund for refund in found if refund is not None]

    async def report(self, amount_minor: int, *, attempt: str = "a-1", currency: str = "IDR") -> Report:
        """What the provider says when so much arrives."""
        return Report(
            buyer_id=self.stall.buyer.id, payment_id=self.payment_id, status="paid", attempt=attempt,
            amount_minor=amount_minor, currency=currency, provider=(await self.payment()).provider,
        )  # fmt: skip


async def await_payment(
    stall: Stall, *, method: str = "qris", provider: str = "sandbox", fee_minor: int = 0, reference: str = ""
) -> Awaited:
    """Place one piece with this method at this provider; `reference` is what the provider calls the payment."""
    lines = {(stall.shop.shop_id, stall.product.variant_id): 1}
    basket = await make_basket(
        stall.db, stall.buyer, stall.address, lines, method=method, provider=provider, fee_minor=fee_minor
    )
    placed = await basket.place(stall.db)
    assert placed.payment_id is not None
    assert len(await orders_of(stall.db, stall.buyer, placed)) == 1
    if reference:
        await actions.started(
            stall.db, buyer_id=stall.buyer.id, payment_id=placed.payment_id, provider_reference=reference, pay_url="/"
        )
    return Awaited(stall, placed.purchase_id, placed.payment_id)
