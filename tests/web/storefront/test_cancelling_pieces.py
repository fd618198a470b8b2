"""Cancelling some pieces of an order by its pages."""

import httpx
import pytest

from etalase.commerce.orders import queries
from etalase.commerce.orders.rules import State
from etalase.foundation.sql import Db
from tests.builders.stall import make_stall
from tests.builders.web import post, sign_in


@pytest.mark.parametrize("locale", ["en", "id"])
async def test_first_the_pieces_then_what_comes_back(client: httpx.AsyncClient, db: Db, locale: str) -> None:
    stall = await make_stall(db)
    order = await stall.ready(units=3)
    await sign_in(client, stall.buyer)
    client.cookies.set("locale", locale)
    here = f"/orders/{order.id}/cancellation"
    async with db.any().reading() as tx:
        [line] = await queries.lines_of(tx, shop_id=order.shop_id, order_id=order.id)
    field = f"units-{line.id}"
    assert f"{here}?choose=1" in (await client.get(here)).text
    assert f'name="{field}"' in (await client.get(f"{here}?choose=1")).text
    confirm = (await client.get(f"{here}?{field}=2")).text
    assert ("Rp130,000" if locale == "en" else "Rp130.000") in confirm
    assert f'name="{field}" value="2"' in confirm
    for wrong in ("9", "-1", "x"):
        assert "form" in (await client.get(f"{here}?{field}={wrong}")).text
    again = await post(client, here, {field: "2", "reason": "no reason"})
    assert again.headers["location"] == f"{here}?error=reason&{field}=2"
    done = await post(client, here, {field: "2", "reason": "changed_mind"})
    assert (done.status_code, done.headers["location"]) == (303, f"/orders/{order.id}")
    after = await stall.now(order)
    assert (after.state, after.units, after.refunded_minor) == (State.AWAITING_SHIPMENT, 1, 130_000)


async def test_the_seller_reads_which_pieces_are_asked_for(client: httpx.AsyncClient, db: Db) -> None:
    stall = await make_stall(db)
    order = await stall.arranged(order=await stall.ready(units=3))
    await sign_in(client, stall.buyer)
    async with db.any().reading() as tx:
        [line] = await queries.lines_of(tx, shop_id=order.shop_id, order_id=order.id)
    asked = await client.get(f"/orders/{order.id}/cancellation?units-{line.id}=1")
    assert "the seller is asked first" in asked.text
    await post(client, f"/orders/{order.id}/cancellation", {f"units-{line.id}": "1", "reason": "changed_mind"})
    assert "1 of 3: Kopi Gayo 250 g" in (await client.get(f"/orders/{order.id}")).text
    await sign_in(client, stall.seller)
    assert "1 of 3: Kopi Gayo 250 g" in (await client.get(f"/seller/orders/{order.id}")).text
