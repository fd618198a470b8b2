"""Every route tried by everybody it is not meant for: signed out, another buyer, another shop's seller."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import httpx
from fastapi import FastAPI

from etalase.commerce.accounts import queries as accounts
from etalase.commerce.accounts.banks import BankDetails
from etalase.commerce.accounts.queries import Account
from etalase.commerce.apps import actions as apps
from etalase.commerce.apps.rules import AppDraft
from etalase.commerce.payments import actions as payments
from etalase.commerce.shipping import packing, tracking
from etalase.commerce.wallet import topping_up, withdrawing
from etalase.foundation.clock import now
from etalase.foundation.facts import Actor
from etalase.foundation.facts.model import SYSTEM
from etalase.foundation.sql import Db
from etalase.foundation.time_machine import actions as time_machine
from etalase.journeys.checkout import settle
from etalase.journeys.payouts import actions as payouts
from etalase.journeys.returns import asking
from etalase.journeys.returns.asking import Draft
from etalase.journeys.returns.rules import Kind, Return
from tests.builders.accounts import MadeShop, make_account, make_address, make_shop
from tests.builders.catalog import make_product, variant_ids_of
from tests.builders.claims import not_received
from tests.builders.orders import place_order
from tests.builders.shipping import Ready, a_report, arranged, ready_order
from tests.builders.stall import Stall
from tests.builders.wallets import await_top_up, with_bank_account
from tests.builders.web import post, sign_in
from tests.conftest import new_client
from tests.security.routes import OWN, PUBLIC, QUIET, Door, doors

DOORS = doors()


@dataclass(frozen=True)
class World:
    """Somebody's orders, addresses and shop, and the ids of all of it."""

    buyer: Account
    seller: Account
    ids: dict[str, object]


async def make_world(db: Db) -> World:
    buyer, seller = await make_account(db, name="Sari"), await make_account(db, name="Budi")
    shop = await make_shop(db, owner=seller)
    money = await make_money(db, buyer, shop)
    product = await make_product(db, shop, stock=20)
    variants = await variant_ids_of(db, shop.shop_id, product.id)
    address = await make_address(db, buyer)
    placed = await place_order(db, buyer, address, {(shop.shop_id, variants[0]): 1})
    ready = await ready_order(db, shop=(shop.shop_id, seller.id), buyer_id=buyer.id)
    parcel = await arranged(db, ready)
    split = await ready_order(db, shop=(shop.shop_id, seller.id), buyer_id=buyer.id)
    parts = await packing.split(
        db, shop_id=shop.shop_id, order_id=split.order_id, groups=[{split.lines[0]: 1}], by=Actor.seller(seller.id)
    )
    stall = Stall(db, shop, product, buyer, address)
    claim = await not_received(stall, await stall.delivered())
    made = await a_return(db, await ready_order(db, shop=(shop.shop_id, seller.id), buyer_id=buyer.id))
    draft = AppDraft("Gudang ERP", ("https://erp.example/",), ("seller.order.info",))
    app = await apps.register_app(db, draft, owner_id=buyer.id)
    await apps.authorize(db, app, account_id=seller.id, shop_ids=[shop.shop_id])
    ids: dict[str, object] = defaultdict(lambda: "1")
    ids |= {
        "app_id": app.id,
        "shop_id": shop.shop_id,
        "product_id": product.id,
        "variant_id": variants[0],
        "address_id": address.id,
        "purchase_id": placed.purchase_id,
        "order_id": ready.order_id,
        "parcel_id": parcel.id,
        "plan_id": parts[0].id,
        "claim_id": claim.id,
        "return_id": made.id,
        "case_id": claim.id,
        "top_up_id": await a_top_up(db, buyer),
        "payment_id": placed.payment_id,
        "slug": "unknown",
    }
    return World(buyer, seller, ids | money)


async def make_money(db: Db, buyer: Account, shop: MadeShop) -> dict[str, object]:
    """A wallet with a withdrawal in a proposed batch, a refund that no provider can send, a bank account to be verified."""
    told = await await_top_up(db, buyer, 300_000)
    for attempt in ("once", "twice"):
        await settle.settle(db, replace(told, attempt=attempt))
    async with db.for_buyer(buyer.id).transaction() as tx:
        cursor = await tx.connection.execute("SELECT id FROM refunds")
        [(refund_id,)] = await cursor.fetchall()
    await payments.refund_failed(db, buyer_id=buyer.id, refund_id=refund_id, failure="closed")
    await with_bank_account(db, buyer)
    await time_machine.advance(db, timedelta(hours=25), actor=SYSTEM)
    one = await withdrawing.request(db, buyer_id=buyer.id, amount_minor=100_000, key="a withdrawal")
    details = BankDetails("bca", "1234567890", "Budi")
    by = Actor.seller(shop.owner.id)
    return {
        "buyer_id": buyer.id,
        "refund_id": refund_id,
        "withdrawal_id": one.id,
        "account_id": await payouts.enter_account(db, details, shop_id=shop.shop_id, role="owner", by=by),
        "batch_id": await payouts.propose_batch(db, currency="IDR", by=Actor.operator(1)),
    }


async def a_top_up(db: Db, buyer: Account) -> int:
    """Money that the buyer's wallet waits for."""
    purchase_id, _ = await topping_up.begin(
        db, buyer_id=buyer.id, amount_minor=50_000, method="qris", provider="sandbox", fee_seen_minor=0, key="a top-up"
    )
    return purchase_id


async def a_return(db: Db, ready: Ready) -> Return:
    """The buyer asks to return something of the order, which has just arrived."""
    parcel = await arranged(db, ready)
    for status in ("collected", "delivered"):
        await tracking.record_tracking(db, a_report(parcel, status), vendor="test", parcel=(parcel.shop_id, parcel.id))
    draft = Draft(Kind.RETURN_AND_REFUND, "changed_mind", {ready.lines[0]: 1})
    return await asking.request(db, buyer_id=ready.buyer_id, order_id=ready.order_id, draft=draft)


async def knock(client: httpx.AsyncClient, door: Door, ids: dict[str, object]) -> httpx.Response:
    """Try a door as a browser would: forms with their token."""
    url = door.url(ids)
    fields = {
        "shop_id": str(ids["shop_id"]),
        "variant_id": str(ids["variant_id"]),
        "reason": "changed_mind",
        "note": "x",
    }
    return await (client.get(url) if door.method == "GET" else post(client, url, fields))


async def finds_nothing(client: httpx.AsyncClient, door: Door, ids: dict[str, object]) -> str:
    """'' if the stranger learns no more than of a thing that does not exist, which is 404 but for the quiet doors."""
    answer = await knock(client, door, ids)
    if answer.status_code == 404:
        return ""
    if door.name in QUIET:
        nothing = await knock(client, door, ids | {name: "1" for name in ids if name.endswith("_id")})
        is_same = (answer.status_code, len(answer.headers.get_list("set-cookie"))) == (
            nothing.status_code,
            len(nothing.headers.get_list("set-cookie")),
        )
        return "" if is_same else said(door, answer)
    return said(door, answer)


def is_turned_away(answer: httpx.Response) -> bool:
    """Sent to the log-in page, told that nothing is there, or (streams) not let in."""
    is_sent_to_login = answer.status_code == 303 and answer.headers["location"].startswith("/login")
    return is_sent_to_login or answer.status_code in (401, 404)


def said(door: Door, answer: httpx.Response) -> str:
    return f"{door.name}: {answer.status_code} {answer.headers.get('location', '')}"


def test_the_public_list_names_real_routes() -> None:
    names = {door.name for door in DOORS}
    assert sorted(set(OWN) - names) == []
    assert len(names - set(PUBLIC)) > 40


async def test_who_is_signed_out_is_sent_to_log_in(client: httpx.AsyncClient, db: Db) -> None:
    world = await make_world(db)
    open_doors = []
    for door in DOORS:
        if not door.is_public:
            answer = await knock(client, door, world.ids)
            open_doors += [] if is_turned_away(answer) else [said(door, answer)]
    assert not open_doors, "\n".join(open_doors)


def is_somebodys(door: Door) -> bool:
    """Whether it leads to one certain thing that belongs to somebody."""
    return "{" in door.path and not door.is_public and door.name not in OWN


async def found_by(app: FastAPI, account: Account, tried: Sequence[Door], ids: dict[str, object]) -> str:
    """What the account finds behind these doors, a line a door."""
    async with new_client(app) as client:
        await sign_in(client, account)
        return "\n".join(filter(None, [await finds_nothing(client, door, ids) for door in tried]))


async def test_another_buyer_finds_nothing(app: FastAPI, db: Db) -> None:
    world = await make_world(db)
    tried = [door for door in DOORS if is_somebodys(door) or door.is_of_seller or door.is_of_operator]
    found = await found_by(app, await make_account(db, name="Stranger"), tried, world.ids)
    assert not found, found
    await is_untouched(db, world)


async def test_another_shops_seller_finds_nothing(app: FastAPI, db: Db) -> None:
    world = await make_world(db)
    other = await make_shop(db)
    found = await found_by(app, other.owner, [door for door in DOORS if is_somebodys(door)], world.ids)
    assert not found, found
    await is_untouched(db, world)


async def test_the_seller_is_not_the_buyer_and_the_buyer_not_the_seller(app: FastAPI, db: Db) -> None:
    world = await make_world(db)
    sellers = [door for door in DOORS if is_somebodys(door) and door.is_of_seller]
    others = [door for door in DOORS if is_somebodys(door) and not door.is_of_seller]
    found = await found_by(app, world.buyer, sellers, world.ids) + await found_by(app, world.seller, others, world.ids)
    assert not found, found
    await is_untouched(db, world)


async def is_untouched(db: Db, world: World) -> None:
    """What belongs to the world's people is as it was."""
    async with db.any().transaction() as tx:
        cursor = await tx.connection.execute(
            "SELECT (SELECT count(*) FROM addresses WHERE deleted_at IS NULL),"
            " (SELECT array_agg(DISTINCT state ORDER BY state) FROM orders),"
            " (SELECT array_agg(DISTINCT state ORDER BY state) FROM parcels),"
            " (SELECT count(*) FROM cancellations), (SELECT count(DISTINCT plan_id) FROM planned_units)"
        )
        states = ["awaiting_collection", "awaiting_shipment", "delivered", "unpaid"]
        assert await cursor.fetchone() == (1, states, ["awaiting_collection", "delivered"], 0, 2)
        assert (await accounts.account(tx, world.buyer.id)).name == "Sari"
        cursor = await tx.connection.execute(
            "SELECT (SELECT array_agg(state) FROM withdrawals), (SELECT array_agg(state) FROM refunds),"
            " (SELECT array_agg(state) FROM payout_batches), (SELECT array_agg(state) FROM seller_bank_accounts),"
            " (SELECT array_agg(state) FROM returns), (SELECT array_agg(state) FROM claims),"
            " (SELECT count(*) FROM payments WHERE is_top_up AND state = 'pending'),"
            " (SELECT count(*) FROM refund_accounts) + (SELECT count(*) FROM adjustments) + (SELECT count(*) FROM cancellations)"
        )
        money = (["requested"], ["failed"], ["proposed"], ["entered"], ["requested"], ["asked"], 1, 0)
        assert await cursor.fetchone() == money


async def test_nobody_ends_anothers_device(app: FastAPI, db: Db) -> None:
    mine, other = await make_account(db), await make_account(db)
    async with new_client(app) as my_phone, new_client(app) as strangers_phone:
        await sign_in(my_phone, mine)
        await sign_in(strangers_phone, other)
        async with db.any().reading() as tx:
            (device,) = await accounts.sessions_of_account(tx, account_id=mine.id, now=now())
        await post(strangers_phone, f"/settings/devices/{device.id}/end")
        assert (await my_phone.get("/settings")).status_code == 200


async def test_no_form_is_taken_without_its_token(client: httpx.AsyncClient, app: FastAPI, db: Db) -> None:
    """Whoever sends it and whatever it would do: 403, in words, and nothing happens."""
    world = await make_world(db)
    await sign_in(client, world.seller)
    taken = []
    for door in DOORS:
        if door.method != "GET" and not door.path.startswith("/hooks/"):
            for fields in ({}, {"csrf_token": "made.up"}):
                answer = await client.post(door.url(world.ids), data=fields)
                is_refused = answer.status_code == 403 and "Nothing was changed" in answer.text
                taken += [] if is_refused else [said(door, answer)]
    assert not taken, "\n".join(taken)
