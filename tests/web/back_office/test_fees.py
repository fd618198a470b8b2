"""The operator's page of commission and fees: rules in force, a preview that writes nothing, refusals, parties that read it."""

from datetime import date, timedelta

import httpx
import pytest

from etalase.foundation.policies import queries
from etalase.foundation.policies.rules import Policy
from etalase.foundation.sql import Db
from etalase.journeys.settlement.rules import COMMISSION
from tests.builders.accounts import make_account, make_shop
from tests.builders.settling import settled_order
from tests.builders.stall import make_stall
from tests.builders.web import post, sign_in

PATH = "/operator/fees"


async def in_force(db: Db, **place: int) -> Policy:
    async with db.any().reading() as tx:
        return (await queries.load_book(tx)).find(COMMISSION, **place)


async def test_a_rule_is_previewed_saved_and_read_by_the_parties(db: Db, client: httpx.AsyncClient) -> None:
    stall = await make_stall(db)
    order = await settled_order(db, stall)
    operator = await make_account(db, is_operator=True)
    await sign_in(client, operator)
    assert "2.5%" in (await client.get(PATH)).text
    rule = {"figure": COMMISSION, "scope": "shop", "subject": stall.shop.slug, "value": "5,25", "from": ""}
    shown = await post(client, PATH, {**rule, "action": "preview"})
    assert shown.status_code == 200
    base = order.total_minor - order.shipping_minor
    for rate in (250, 525):
        assert f"Rp{base * rate // 10_000:,}" in shown.text
    assert (await in_force(db, shop_id=stall.shop.shop_id)).value == 250
    assert (await post(client, PATH, {**rule, "action": "save"})).status_code == 303
    assert (await in_force(db, shop_id=stall.shop.shop_id)).value == 525
    page = (await client.get(PATH)).text
    assert "5.25%" in page
    later = {**rule, "value": "9", "from": week_after(page), "action": "save"}
    assert (await post(client, PATH, later)).status_code == 303
    assert (await in_force(db, shop_id=stall.shop.shop_id)).value == 525, "not before its day"
    assert "9%" in (await client.get(PATH)).text


def week_after(page: str) -> str:
    """A week after the first day that the form allows."""
    today = page.split('min="', 1)[1].split('"', 1)[0]
    return (date.fromisoformat(today) + timedelta(days=7)).isoformat()


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": "-1"},
        {"value": "2.555"},
        {"value": "99"},
        {"value": "NaN"},
        {"value": ""},
        {"from": "2020-01-01"},
        {"from": "soon"},
        {"scope": "shop", "subject": "nobody"},
        {"scope": "category", "category": ""},
        {"figure": "fee.order", "scope": "category"},
        {"figure": "fee.order", "value": "2.5%"},
    ],
)
async def test_what_can_not_be_a_rule_is_refused(db: Db, client: httpx.AsyncClient, wrong: dict[str, str]) -> None:
    await sign_in(client, await make_account(db, is_operator=True))
    form = {"figure": COMMISSION, "scope": "operator", "value": "3", "action": "save", **wrong}
    assert (await post(client, PATH, form)).status_code == 422
    assert (await in_force(db)).version == 0


async def test_sellers_find_no_fees_page(db: Db, client: httpx.AsyncClient) -> None:
    await sign_in(client, (await make_shop(db)).owner)
    assert (await client.get(PATH)).status_code == 404
    assert (await post(client, PATH, {"value": "0"})).status_code == 404


async def test_each_party_reads_rate_and_reason_of_each_line(db: Db, client: httpx.AsyncClient) -> None:
    stall = await make_stall(db)
    order = await settled_order(db, stall)
    await sign_in(client, stall.seller)
    money = (await client.get(f"/seller/orders/{order.id}/money")).text
    assert "Commission, line by line" in money
    assert "The rate for everybody · commission.rate v0" in money
    assert "2.5% · The rate for everybody" in (await client.get("/seller/finance/statements/current")).text
    assert "2.5% · The rate for everybody" in (await client.get("/seller/finance/statements/current/csv")).text
