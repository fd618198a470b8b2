"""Which payments the provider is asked about."""

from datetime import datetime, timedelta

from etalase.commerce.payments import actions, queries
from etalase.foundation import clock
from etalase.foundation.sql import Db
from etalase.journeys.cancellations import actions as cancelling
from tests.builders.orders import orders_of, place_order
from tests.builders.stall import make_stall

HOUR = timedelta(hours=1)


async def asked_for(db: Db, now: datetime) -> list[int]:
    async with db.any().reading() as tx:
        found = await queries.ended_payments(tx, started_after=now - timedelta(days=4), asked_before=now - HOUR)
    return [payment.id for payment in found]


async def test_a_payment_that_expired_is_asked_for_some_days_more(db: Db) -> None:
    stall = await make_stall(db)
    lines = {(stall.shop.shop_id, stall.product.variant_id): 1}
    placed = await place_order(db, stall.buyer, stall.address, lines)
    assert placed.payment_id is not None
    await actions.started(
        db, buyer_id=stall.buyer.id, payment_id=placed.payment_id, provider_reference="p-1", pay_url="http://pay.test/1"
    )
    now = clock.now()
    assert await asked_for(db, now) == []
    (order,) = await orders_of(db, stall.buyer, placed)
    await cancelling.cancel_by_clock(db, shop_id=order.shop_id, order_id=order.id, kind="payment.deadline")
    assert await asked_for(db, now) == [placed.payment_id]
    async with db.for_buyer(stall.buyer.id).transaction() as tx:
        payment = await queries.payment(tx, buyer_id=stall.buyer.id, payment_id=placed.payment_id)
        assert payment is not None
        await queries.stamp_asked(tx, payment, at=now)
    assert await asked_for(db, now + HOUR / 2) == []
    assert await asked_for(db, now + 2 * HOUR) == [placed.payment_id]
    assert await asked_for(db, now + timedelta(days=5)) == []
