"""Payment methods by place, goods, sum and what a buyer did before: refused when placing, with the reason on the page."""

from datetime import timedelta

import httpx
import pytest

from etalase.commerce.shipping import queries as parcels
from etalase.foundation import clock
from etalase.foundation.facts import Actor
from etalase.foundation.ids import new_id
from etalase.foundation.policies.actions import SetPolicy, set_policy
from etalase.foundation.policies.defaults import DEFAULTS
from etalase.foundation.sql import Db, statement_log
from etalase.integrations.carriers.registry import all_carriers
from etalase.journeys.cancellations import actions as cancelling
from etalase.journeys.checkout import actions, retrying
from etalase.journeys.checkout.errors import MethodNotAllowed
from tests.builders.orders import make_basket, method_of
from tests.builders.stall import Stall, make_stall
from tests.builders.web import post, sign_in

OPERATOR = Actor.operator(1)


async def let(db: Db, key: str, method: str, value: object, **scope: object) -> None:
    whole = {**DEFAULTS[key].value, method: value}
    await set_policy(db, SetPolicy(key=key, value=whole, **scope), by=OPERATOR)  # type: ignore[arg-type]


async def refused(stall: Stall, method: str) -> str:
    with pytest.raises(MethodNotAllowed) as found:
        await stall.unpaid(method=method)
    return found.value.reason


async def checkout_page(client: httpx.AsyncClient, stall: Stall) -> str:
    await sign_in(client, stall.buyer)
    line = {"shop_id": str(stall.shop.shop_id), "variant_id": str(stall.product.variant_id), "quantity": "1"}
    await post(client, "/cart/lines", line)
    return (await client.get("/checkout")).text


async def test_a_method_is_closed_by_place_goods_and_sum_and_the_page_says_why(
    db: Db, client: httpx.AsyncClient
) -> None:
    stall = await make_stall(db)
    await let(db, "method.not_in", "qris", f"00,{stall.address.city}")
    await let(db, "method.goods", "card", "no", scope="product", scope_id=stall.product.id)
    await let(db, "method.limits", "minimarket", [500_000, 900_000])
    assert await refused(stall, "qris") == "region"
    assert await refused(stall, "card") == "goods"
    assert (await stall.unpaid(method="gopay")).payment_method == "gopay"
    page = await checkout_page(client, stall)
    assert "This payment method is not offered at this address." in page
    assert page.count("This payment method is not available for this sum.") == 2
    assert "Something in this order can&#39;t be paid this way." in page


async def test_what_is_ordered_is_not_paid_by_a_method_that_was_closed_to_it(db: Db, client: httpx.AsyncClient) -> None:
    stall = await make_stall(db)
    await let(db, "method.not_in", "e_wallet", stall.address.province)
    await let(db, "method.goods", "card", "no", scope="product", scope_id=stall.product.id)
    order = await stall.unpaid()
    for method, reason in (("gopay", "region"), ("card", "goods")):
        with pytest.raises(MethodNotAllowed) as found:
            await retrying.pay_again(
                db, buyer_id=stall.buyer.id, purchase_id=order.purchase_id, method=method_of(method)
            )
        assert found.value.reason == reason
    await sign_in(client, stall.buyer)
    page = (await client.get(f"/purchases/{order.purchase_id}")).text
    assert "GoPay" not in page
    assert "Indomaret" in page


async def not_taken(stall: Stall) -> None:
    """A parcel paid on delivery that comes back."""
    order = await stall.arranged(order=await stall.confirm(await stall.unpaid(method="cod")))
    await stall.report(order, "collected")
    await stall.report(order, "returned")
    async with stall.db.for_shop(order.shop_id).reading() as tx:
        [parcel] = await parcels.parcels_of_order(tx, shop_id=order.shop_id, order_id=order.id)
    await cancelling.parcel_failed(
        stall.db, shop_id=order.shop_id, order_id=order.id, parcel_id=parcel.id, fact_id=new_id(), reason="returned"
    )


async def test_who_left_parcels_at_the_door_pays_before(db: Db, client: httpx.AsyncClient) -> None:
    stall = await make_stall(db)
    await not_taken(stall)
    await not_taken(stall)
    assert await refused(stall, "cod") == "history"
    assert "parcels that came to your door were not taken" in await checkout_page(client, stall)
    other = await make_stall(db, shop=stall.shop)
    assert (await other.unpaid(method="cod")).is_cod, "others may"
    clock.set_offset(timedelta(days=61))
    assert (await stall.unpaid(method="cod")).is_cod


async def test_a_batch_asks_once_after_those_who_pay_on_delivery_and_never_after_others(db: Db) -> None:
    stall = await make_stall(db)
    stalls = [stall, *[await make_stall(db, shop=stall.shop) for _ in range(2)]]
    asked = {}
    for methods in (("qris", "gopay", "qris"), ("cod", "cod", "qris")):
        baskets = [
            await make_basket(
                db, one.buyer, one.address, {(one.shop.shop_id, one.product.variant_id): 1}, method=method
            )
            for one, method in zip(stalls, methods, strict=True)
        ]
        names: list[str] = []
        token = statement_log.set(names)
        try:
            placed = await actions.place_all(db, [basket.checkout for basket in baskets], carriers=all_carriers())
        finally:
            statement_log.reset(token)
        assert all(isinstance(one, actions.Placed) for one in placed)
        asked[methods[0]] = names
    assert asked["cod"].count("refused_at_the_door") == 1
    assert "lock_stock" in asked["qris"]
    assert "refused_at_the_door" not in asked["qris"]
