"""The demo world as it is loaded: consistent, in the past, and with something on every page."""

import asyncio
import os
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from demo.load import load_world
from etalase.commerce.accounts.passwords import verify_password
from etalase.commerce.apps.credentials import demo_app
from etalase.commerce.orders.placing import NewLine, NewOrder
from etalase.commerce.orders.rules import BUYER_TABS, SELLER_CLOCKS, SELLER_TABS, SellerTab, State, Tab
from etalase.foundation import clock
from etalase.foundation.facts.relay import oldest_waiting, relay_once
from etalase.foundation.sql import Tx, open_db
from etalase.integrations.carriers.registry import check_number
from etalase.integrations.storage.folder import Folder
from etalase.settings import Settings
from etalase.subscriptions import LINES
from etalase.web.app import create_app
from etalase.web.media import private_storage
from tests.builders.open_api import Connector
from tests.builders.worlds import broken
from tests.conftest import FOLDER, new_client

SELLERS = ("seller@etalase.test", "seller2@etalase.test")


@dataclass(frozen=True)
class World:
    """A loaded database, with the folder of its files."""

    url: str
    var: Path
    began_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    """When loading began: what was due by then has been told, what comes due while tests run has not."""

    def rows(self, query: str, **params: object) -> list[Any]:
        """What a query answers."""
        with psycopg.connect(self.url) as connection:
            return connection.execute(query, params).fetchall()

    def value(self, query: str, **params: object) -> Any:
        """The first column of the first row."""
        return self.rows(query, **params)[0][0]


@pytest.fixture(scope="module")
def world(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One world for all tests that only look."""
    name, template = f"world_{uuid4().hex}", Path(os.environ[FOLDER]).name.replace("-", "_")
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
    head, _, query = server_url.partition("?")
    url = f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")
    made = World(url, tmp_path_factory.mktemp("var"))
    load_world(made.url, var=made.var)
    yield made
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def test_every_invariant_holds(world: World) -> None:
    assert broken(world.url) == {}


def test_is_large_enough_to_look_like_a_market(world: World) -> None:
    assert world.value("SELECT count(*) FROM orders") >= 400
    assert world.value("SELECT count(DISTINCT shop_id) FROM orders") == 9
    assert world.value("SELECT count(*) FROM listings") > 120
    assert (
        world.value(
            "SELECT count(*) FROM orders o JOIN accounts a ON a.id = o.buyer_id WHERE a.email = 'buyer@etalase.test'"
        )
        >= 40
    )


def test_loading_twice_changes_nothing(world: World) -> None:
    tables = [row[0] for row in world.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")]

    def counts() -> list[Any]:
        with psycopg.connect(world.url) as connection:
            queries = [sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)) for table in tables]
            return [connection.execute(query).fetchone() for query in queries]

    before = counts()
    load_world(world.url, var=world.var)
    assert counts() == before


def test_everybody_logs_in_with_the_password_that_is_shown(world: World) -> None:
    stored = {row[0] for row in world.rows("SELECT password_hash FROM accounts")}
    assert len(stored) == 1
    assert asyncio.run(verify_password("etalase-demo", stored.pop()))


@pytest.mark.parametrize("email", ["buyer@etalase.test", "buyer2@etalase.test"])
def test_every_tab_of_the_order_center_shows_something(world: World, email: str) -> None:
    found = world.rows(
        "SELECT o.state, o.refunded_minor > 0 AND NOT o.is_cod FROM orders o JOIN accounts a ON a.id = o.buyer_id"
        " WHERE a.email = %(email)s AND o.hidden_at IS NULL",
        email=email,
    )
    for tab, states in BUYER_TABS.items():
        assert [row for row in found if row[0] in states and (tab is not Tab.RETURNS or row[1])], tab


def _shops_of(world: World, email: str) -> list[int]:
    return [
        row[0]
        for row in world.rows(
            "SELECT m.shop_id FROM shop_members m JOIN accounts a ON a.id = m.account_id WHERE a.email = %(email)s",
            email=email,
        )
    ]


def test_demo_sellers_work_in_two_shops_and_one(world: World) -> None:
    assert [len(_shops_of(world, email)) for email in SELLERS] == [2, 1]


@pytest.mark.parametrize("email", SELLERS)
def test_every_tab_of_their_seller_center_shows_something(world: World, email: str) -> None:
    for shop_id in _shops_of(world, email):
        states = {
            row[0]
            for row in world.rows("SELECT DISTINCT state FROM orders WHERE shop_id = %(shop_id)s", shop_id=shop_id)
        }
        for tab, wanted in SELLER_TABS.items():
            if tab is not SellerTab.ACTION:
                assert states & set(wanted), tab
        kinds = world.rows(
            "SELECT DISTINCT kind FROM deadlines WHERE shop_id = %(shop_id)s AND state = 'running' AND kind = ANY(%(kinds)s)",
            shop_id=shop_id, kinds=list(SELLER_CLOCKS),
        )  # fmt: skip
        assert {row[0] for row in kinds} >= {"confirm.deadline", "ship.autocancel", "cancel.seller_response"}


def test_the_first_buyer_has_orders_of_every_sort(world: World) -> None:
    about = "FROM orders o JOIN accounts a ON a.id = o.buyer_id AND a.email = 'buyer@etalase.test'"
    by_state = dict(world.rows(f"SELECT o.state, count(*) {about} GROUP BY 1"))
    assert {state: by_state.get(state, 0) >= 2 for state in State} == dict.fromkeys(State, True)
    reasons = {row[0] for row in world.rows(f"SELECT DISTINCT o.cancelled_by {about} WHERE o.state = 'cancelled'")}
    assert reasons == {"buyer", "seller", "system"}
    refunds = {row[0] for row in world.rows(f"SELECT DISTINCT r.state {about} JOIN refunds r ON r.order_id = o.id")}
    assert refunds == {"approved", "sent", "done", "failed"}
    requests = {
        row[0] for row in world.rows(f"SELECT DISTINCT c.state {about} JOIN cancellations c ON c.order_id = o.id")
    }
    assert requests >= {"requested", "done", "rejected"}
    assert world.value(
        f"SELECT count(*) {about} JOIN parcel_orders x ON x.order_id = o.id JOIN parcels p ON p.id = x.parcel_id AND p.delay_note <> ''"
    )
    assert world.value(
        f"SELECT count(*) {about} WHERE (SELECT count(*) FROM parcel_orders x WHERE x.order_id = o.id) = 2"
    )
    assert world.value(f"SELECT count(*) {about} JOIN parcel_numbers n ON NOT n.is_current AND n.parcel_id IN (SELECT x.parcel_id FROM parcel_orders x WHERE x.order_id = o.id)")  # fmt: skip
    assert world.value(f"SELECT count(*) {about} JOIN deadlines d ON d.order_id = o.id AND d.kind = 'ship.sla' AND d.state = 'fired' WHERE o.state = 'awaiting_shipment'")  # fmt: skip


def test_the_cart_has_a_dearer_line_and_a_sold_out_one(world: World) -> None:
    lines = world.rows(
        "SELECT v.price_minor > c.price_seen_minor, s.on_hand = s.committed FROM cart_lines c"
        " JOIN variants v ON v.shop_id = c.shop_id AND v.id = c.variant_id"
        " JOIN stock s ON s.shop_id = c.shop_id AND s.variant_id = c.variant_id"
        " JOIN accounts a ON a.id = c.buyer_id AND a.email = 'buyer@etalase.test'"
    )
    assert (True, False) in lines
    assert (False, True) in lines


def test_tracking_numbers_look_like_their_carriers(world: World) -> None:
    numbers = world.rows("SELECT carrier, number FROM parcel_numbers")
    assert len(numbers) > 200
    assert [check_number(carrier, number) for carrier, number in numbers] == [number for _, number in numbers]


MAY_BE_TO_COME = {
    "due_at", "warn_at", "expires_at", "access_expires_at", "refresh_expires_at", "eta_from", "eta_until", "leased_until",
}  # fmt: skip


def test_nothing_lies_in_the_future(world: World) -> None:
    columns = world.rows(
        "SELECT table_name, column_name FROM information_schema.columns JOIN pg_tables ON tablename = table_name"
        " WHERE table_schema = 'public' AND data_type = 'timestamp with time zone' AND table_name !~ '^(procrastinate|_yoyo|yoyo)'"
    )
    looked_at = [(table, column) for table, column in columns if column not in MAY_BE_TO_COME]
    assert ("facts", "at") in looked_at
    now = clock.now()
    for table, column in looked_at:
        latest = sql.SQL("SELECT max({}) FROM {}").format(sql.Identifier(column), sql.Identifier(table))
        with psycopg.connect(world.url) as connection:
            row = connection.execute(latest).fetchone()
        assert row is not None
        assert row[0] is None or row[0] <= now, (table, column)


def test_clocks_that_run_are_due_later(world: World) -> None:
    assert world.value("SELECT count(*) FROM deadlines WHERE state = 'running'") > 50
    due = "SELECT count(*) FROM deadlines WHERE state = 'running' AND due_at <= %(by)s"
    assert world.value(due, by=world.began_at) == 0


def test_facts_sort_as_they_happened(world: World) -> None:
    assert (
        world.rows(
            "SELECT shop_id, id FROM (SELECT shop_id, id, at, lag(at) OVER (PARTITION BY shop_id ORDER BY id) AS before FROM facts) f"
            " WHERE at < before - interval '1 millisecond'"
        )
        == []
    )


async def test_nothing_follows_from_history(world: World) -> None:
    handed: list[object] = []

    async def hand_over(_tx: Tx, _line: str, keys: Sequence[object]) -> None:
        handed.extend(keys)

    async with open_db(world.url) as db:
        async with db.any().transaction() as tx:
            assert await relay_once(tx, LINES, hand_over) == 0
        async with db.any().reading() as tx:
            assert await oldest_waiting(tx) is None
    assert handed == []


def test_inboxes_have_read_and_unread_notices(world: World) -> None:
    for email, audience in (("buyer@etalase.test", "buyer"), *((seller, "seller") for seller in SELLERS)):
        rows = world.rows(
            "SELECT n.read_at IS NULL FROM notifications n JOIN accounts a ON a.id = n.account_id"
            " WHERE a.email = %(email)s AND n.audience = %(audience)s",
            email=email, audience=audience,
        )  # fmt: skip
        assert {row[0] for row in rows} == {True, False}, email


def test_every_picture_is_kept(world: World) -> None:
    files = Folder(world.var / "files")
    keys = world.rows(
        "SELECT file_key FROM product_media UNION SELECT logo_key FROM shops UNION SELECT banner_key FROM shops"
        " UNION SELECT avatar_key FROM accounts UNION SELECT image_key FROM order_lines"
    )
    assert len(keys) > 500
    assert [key for (key,) in keys if files.path(key) is None] == []


def test_orders_are_found_by_the_words_that_placing_indexes(world: World) -> None:
    columns = "o.shop_id, o.id, o.shop_name, o.buyer_name, o.address, o.search::text"
    for shop_id, order_id, shop_name, buyer_name, address, search in world.rows(
        f"SELECT {columns} FROM orders o ORDER BY o.id LIMIT 60"
    ):
        lines = world.rows(
            "SELECT id, product_id, variant_id, title, variant_name, seller_sku, image_key, unit_price_minor, quantity, weight_grams"
            " FROM order_lines WHERE shop_id = %(shop_id)s AND order_id = %(order_id)s ORDER BY id",
            shop_id=shop_id, order_id=order_id,
        )  # fmt: skip
        order = NewOrder(
            shop_id=shop_id, id=order_id, buyer_id=0, purchase_id=0, state=State.NEW, payment_method="", is_cod=False, currency="IDR",
            shipping_minor=0, shop_name=shop_name, buyer_name=buyer_name, address=address, delivery={}, policies={}, buyer_note="",
            lines=tuple(NewLine(*line) for line in lines),
        )  # fmt: skip
        numbers = [
            row[0]
            for row in world.rows(
                "SELECT n.number FROM parcel_numbers n JOIN parcel_orders p ON p.shop_id = n.shop_id"
                " AND p.parcel_id = n.parcel_id WHERE p.shop_id = %(shop_id)s AND p.order_id = %(order_id)s"
                " ORDER BY n.entered_at, n.parcel_id",
                shop_id=shop_id, order_id=order_id,
            )
        ]  # fmt: skip
        words = world.value(
            "SELECT to_tsvector('simple', %(words)s)::text", words=" ".join([order.search_text, *numbers])
        )
        assert search == words


def test_the_sandbox_peers_know_what_is_under_way(world: World) -> None:
    with sqlite3.connect(world.var / "peers.json") as book:
        payments = {row[0] for row in book.execute("SELECT reference FROM payments WHERE status = 'paid'")}
        numbers = {row[0] for row in book.execute("SELECT number FROM bookings WHERE state = 'open'")}
        told = {row[0] for row in book.execute("SELECT event_id FROM steps WHERE event_id IS NOT NULL")}
        early = book.execute(
            "SELECT count(*) FROM steps WHERE event_id IS NULL AND real_due <= ?", [world.began_at.timestamp()]
        )
        assert early.fetchone() == (0,)
    assert payments == {
        row[0]
        for row in world.rows(
            "SELECT provider_reference FROM payments WHERE provider = 'sandbox' AND provider_reference IS NOT NULL"
        )
    }
    open_parcels = world.rows("SELECT tracking_number FROM parcels WHERE state = 'in_transit' AND booking = 'booked'")
    assert {row[0] for row in open_parcels} <= numbers
    assert told <= {row[0] for row in world.rows("SELECT event_id FROM tracking_events")}


async def test_the_demos_app_works_at_once(world: World) -> None:
    settings = Settings(DATABASE_URL=world.url, var=world.var, mode="demo")
    app, known = create_app(settings), demo_app(settings.key())
    async with app.router.lifespan_context(app), new_client(app) as client:
        connector = Connector(client, known.key, known.secret, known.access_token)
        shops = (await connector.call("GET", "/authorization/202309/shops"))["shops"]
        assert {shop["code"] for shop in shops} == {"sekar-laras", "kedai-lereng"}
        for shop in shops:
            own = connector.other(cipher=shop["cipher"])
            assert await own.call("GET", "/logistics/202309/warehouses")
        page = (await client.get("/developer")).text
    assert known.secret in page
    assert known.access_token in page


def test_returns_and_a_transfer_wait_on_their_pages(world: World) -> None:
    buyer = "(SELECT id FROM accounts WHERE email = 'buyer@etalase.test')"
    states = {row[0] for row in world.rows(f"SELECT state FROM returns WHERE buyer_id = {buyer}")}
    sorts = {"requested", "returning", "escalated", "refunded", "replaced"}
    assert len(states & sorts) >= 3, "holidays leave out some, never most"
    running = "SELECT FROM deadlines d WHERE d.subject_id = r.id AND d.state = 'running'"
    assert world.value(f"SELECT count(*) FROM returns r WHERE (r.ended_at IS NULL) <> EXISTS ({running})") == 0
    astray = (
        "SELECT count(*) FROM parcels p JOIN returns r ON r.shop_id = p.shop_id AND r.id = p.case_id"
        " WHERE p.tracking_number NOT IN (r.tracking_number, r.new_number)"
    )
    assert world.value(astray) == 0
    shown = "SELECT count(*) FROM transfer_proofs t JOIN payments p ON p.buyer_id = t.buyer_id AND p.id = t.payment_id"
    assert world.value(f"{shown} WHERE p.state = 'pending' AND p.provider = 'bank_transfer'")
    slips = private_storage(Settings(DATABASE_URL=world.url, var=world.var))
    assert all(slips.kept(key) for (key,) in world.rows("SELECT file_key FROM transfer_proofs")), "where the desk looks"
