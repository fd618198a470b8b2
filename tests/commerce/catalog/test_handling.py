"""How long a product may take to prepare is a policy; long ones are sold as pre-orders."""

from dataclasses import replace

import httpx
import pytest

from etalase.commerce.catalog.errors import ProductRefused
from etalase.foundation.facts import Actor
from etalase.foundation.policies.actions import SetPolicy, set_policy
from etalase.foundation.sql import Db
from etalase.journeys.offering import actions as offering
from etalase.journeys.offering.actions import Offer
from tests.builders.accounts import make_shop
from tests.builders.catalog import make_category, make_product, product_draft


async def test_handling_is_held_to_the_policy_of_its_category(db: Db) -> None:
    shop, category = await make_shop(db), await make_category(db)
    wanted = SetPolicy(key="ship.preorder_days", value=[3, 5], scope="category", scope_id=category)
    await set_policy(db, wanted, by=Actor.operator(1))
    draft = product_draft(category)

    async def create(days: int) -> int:
        return await offering.create_product(
            db, shop_id=shop.shop_id, offer=Offer(product=replace(draft, handling_days=days)),
            by=Actor.seller(shop.owner.id),
        )  # fmt: skip

    with pytest.raises(ProductRefused) as refused:
        await create(6)
    assert [problem.code for problem in refused.value.problems] == ["handling_days_too_long"]
    assert await create(5)


async def test_a_pre_order_says_so(db: Db, client: httpx.AsyncClient) -> None:
    product = await make_product(db)
    path = f"/p/{product.shop_id}/{product.id}"
    assert "Pre-order" not in (await client.get(path)).text
    await set_policy(db, SetPolicy(key="ship.preorder_days", value=[1, 30]), by=Actor.operator(1))
    assert "Pre-order" in (await client.get(path)).text
