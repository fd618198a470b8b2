"""Everybody does anything in any order, again and again; after each step the auditor finds nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import psycopg
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from etalase.commerce.accounts.queries import Account, Address
from etalase.commerce.orders import actions as orders
from etalase.commerce.orders import queries as order_queries
from etalase.commerce.orders.rules import Order
from etalase.commerce.shipping import actions as shipping
from etalase.commerce.shipping import queries as parcels
from etalase.commerce.shipping import tracking
from etalase.commerce.shipping.queries import Parcel
from etalase.foundation import clock
from etalase.foundation.deadlines.sweep import sweep_once
from etalase.foundation.facts import Actor
from etalase.foundation.facts.relay import facts_by_id
from etalase.foundation.policies.calendar import WorkingCalendar
from etalase.foundation.sql import Db, open_db
from etalase.journeys.cancellations import actions as cancelling
from etalase.journeys.checkout import retrying, settle
from etalase.journeys.checkout.actions import Placed
from etalase.subscriptions import DEADLINES, SUBSCRIPTIONS
from tests.auditor import audit
from tests.builders.accounts import MadeShop, make_account, make_address, make_shop
from tests.builders.catalog import make_product
from tests.builders.orders import make_basket, method_of, orders_of, paid_report
from tests.builders.shipping import a_number, a_report

STATUSES = ("collected", "delivery_failed", "delivered", "returned", "lost")
REACTIONS = {fact.name: reactions for fact, reactions in SUBSCRIPTIONS.items()}
pick = st.integers(0, 1_000)
few = st.integers(1, 3)


async def start_afresh(db: Db) -> None:
    """Forget what was bought and paid: one run's defects are not the next one's, and its clock was ahead of this one's."""
    async with db.any().transaction() as tx:
        await tx.connection.execute("SET LOCAL session_replication_role = replica")  # the ledger is kept
        await tx.connection.execute(
            "TRUNCATE orders, purchases, deadlines, stock, stock_movements, ledger_entries, ledger_totals, shop_order_counts,"
            " captures, refunds, cancellations, parcels, withdrawals, wallets, wallet_bank_accounts, refund_wishes, payouts,"
            " payout_batches, settlements, statements, seller_bank_accounts CASCADE"
        )


class Bazaar(RuleBasedStateMachine):
    """Two shops, two buyers, a courier, a provider and time."""

    url: str

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.opened = open_db(self.url, connections_max=4)
        self.db: Db = self.runner.run(self.opened.__aenter__())
        self.placed: list[tuple[Account, Placed]] = []
        self.reacted = 0

    def teardown(self) -> None:
        self.runner.run(self.opened.__aexit__(None, None, None))
        self.runner.close()
        clock.set_offset(timedelta())

    def do(self, what: Awaitable[Any]) -> Any:
        """Do it; a refusal is an answer, an error of the database or of the program is a defect."""

        async def done() -> Any:
            return await what

        try:
            return self.runner.run(done())
        except (psycopg.Error, TypeError, AttributeError, RuntimeError, AssertionError):
            raise
        except Exception as refusal:
            if not type(refusal).__module__.startswith("etalase."):
                raise
            return None
        finally:
            assert audit(self.url) == {}

    @initialize()
    def open_the_shops(self) -> None:
        async def opened() -> None:
            await start_afresh(self.db)
            self.shops: list[MadeShop] = [await make_shop(self.db), await make_shop(self.db)]
            async with self.db.any().transaction() as tx:
                run = tx.connection.execute
                await run("UPDATE shops SET confirm_mode = 'automatic' WHERE shop_id = %s", (self.shops[1].shop_id,))
                await run("UPDATE shops SET accepts_cod = true")
            products = [await make_product(self.db, shop, stock=60) for shop in self.shops]
            self.goods = [(product.shop_id, product.variant_id) for product in products]
            self.people: list[tuple[Account, Address]] = []
            for _ in range(2):
                buyer = await make_account(self.db)
                self.people.append((buyer, await make_address(self.db, buyer)))
            async with self.db.any().transaction() as tx:
                cursor = await tx.connection.execute("SELECT coalesce(max(id), 0) FROM facts")
                self.reacted = (await cursor.fetchone() or (0,))[0]

        self.runner.run(opened())

    @rule(who=pick, units=st.tuples(few, st.integers(0, 3)), method=st.sampled_from(["qris", "cod"]))
    def place(self, who: int, units: tuple[int, int], method: str) -> None:
        self.place_lines(who, {key: n for key, n in zip(self.goods, units, strict=True) if n}, method)

    def place_lines(self, who: int, lines: dict[tuple[int, int], int], method: str) -> None:
        buyer, address = self.people[who % 2]

        async def placed() -> None:
            basket = await make_basket(self.db, buyer, address, lines, method=method)
            self.placed.append((buyer, await basket.place(self.db)))

        self.do(placed())

    @rule(who=pick, units=few, method=st.sampled_from(["qris", "cod"]), split=st.booleans())
    def arrive_at_the_shop(self, who: int, units: int, method: str, split: bool) -> None:
        """The usual way to an order that waits to be shipped, or to be collected in two parcels."""
        before = len(self.placed)
        self.place_lines(who, {self.goods[0]: units + 1}, method)
        if len(self.placed) == before:
            return
        buyer, placed = self.placed[-1]

        async def ready() -> None:
            if method != "cod":
                await settle.settle(self.db, await paid_report(self.db, buyer, placed))
            (order,) = await orders_of(self.db, buyer, placed)
            await orders.confirm(
                self.db, shop_id=order.shop_id, order_id=order.id, by=Actor.seller(1), calendar=WorkingCalendar(),
                zone="Asia/Jakarta",
            )  # fmt: skip
            async with self.db.for_shop(order.shop_id).reading() as tx:
                (line,) = await order_queries.lines_of(tx, shop_id=order.shop_id, order_id=order.id)
            if split:
                for lines in ({line.id: 1}, None):
                    plan = shipping.ParcelPlan("own_number", "jne", "reg", tracking_number=a_number(), lines=lines)
                    await shipping.arrange(
                        self.db, shop_id=order.shop_id, order_id=order.id, by=Actor.seller(1), plan=plan
                    )

        self.do(ready())

    def purchase(self, which: int) -> tuple[Account, Placed]:
        return self.placed[-1 - which % min(len(self.placed), 3)]

    def order(self, which: int) -> Order:
        buyer, placed = self.purchase(which)
        found: list[Order] = self.runner.run(orders_of(self.db, buyer, placed))
        return found[(which // 7) % len(found)]

    def parcel(self, which: int) -> Parcel | None:
        order = self.order(which)

        async def found() -> list[Parcel]:
            async with self.db.for_shop(order.shop_id).reading() as tx:
                return await parcels.parcels_of_order(tx, shop_id=order.shop_id, order_id=order.id)

        of_order: list[Parcel] = self.runner.run(found())
        return of_order[(which // 3) % len(of_order)] if of_order else None

    @precondition(lambda self: self.placed)
    @rule(which=pick, attempt=st.sampled_from("aab"), extra=st.sampled_from([0, 0, 0, 500]), usd=st.booleans())
    def pay(self, which: int, attempt: str, extra: int, usd: bool) -> None:
        buyer, placed = self.purchase(which)
        if self.order(which).is_cod:
            return

        async def paid() -> None:
            report = await paid_report(self.db, buyer, placed, attempt=f"{attempt}{extra}{usd}")
            currency = "USD" if usd and extra else report.currency
            told = replace(report, amount_minor=report.amount_minor + extra, currency=currency)
            await settle.settle(self.db, told)

        self.do(paid())

    @precondition(lambda self: self.placed)
    @rule(which=pick, method=st.sampled_from([None, "qris", "bca_va"]), fails=st.booleans())
    def try_another_way(self, which: int, method: str | None, fails: bool) -> None:
        buyer, placed = self.purchase(which)

        async def tried() -> None:
            if fails:
                report = await paid_report(self.db, buyer, placed)
                await settle.settle(self.db, replace(report, status="failed"))
            payment_id = await retrying.pay_again(
                self.db, buyer_id=buyer.id, purchase_id=placed.purchase_id, method=method_of(method) if method else None
            )
            self.placed.append((buyer, replace(placed, payment_id=payment_id)))

        self.do(tried())

    @precondition(lambda self: self.placed)
    @rule(which=pick)
    def buyer_cancels(self, which: int) -> None:
        order = self.order(which)
        self.do(cancelling.cancel_by_buyer(self.db, buyer_id=order.buyer_id, order_id=order.id, reason="changed_mind"))

    @precondition(lambda self: self.placed)
    @rule(which=pick, verdict=st.sampled_from(["approve", "reject", "withdraw"]))
    def answer(self, which: int, verdict: str) -> None:
        order = self.order(which)
        if verdict == "withdraw":
            self.do(cancelling.withdraw_request(self.db, buyer_id=order.buyer_id, order_id=order.id))
        else:
            self.do(
                cancelling.answer_request(
                    self.db, shop_id=order.shop_id, order_id=order.id, is_approved=verdict == "approve", answer="",
                    by=Actor.seller(1),
                )
            )  # fmt: skip

    @precondition(lambda self: self.placed)
    @rule(which=pick, units=st.one_of(st.none(), few), restock=st.booleans())
    def seller_cancels(self, which: int, units: int | None, restock: bool) -> None:
        order = self.order(which)

        async def cancelled() -> None:
            async with self.db.for_shop(order.shop_id).reading() as tx:
                lines = await order_queries.lines_of(tx, shop_id=order.shop_id, order_id=order.id)
            await cancelling.cancel_by_seller(
                self.db, shop_id=order.shop_id, order_id=order.id, units={lines[0].id: units} if units else None,
                reason="no_stock", note="", restock=restock, by=Actor.seller(1),
            )  # fmt: skip

        self.do(cancelled())

    @precondition(lambda self: self.placed)
    @rule(which=pick)
    def confirm(self, which: int) -> None:
        order = self.order(which)
        self.do(
            orders.confirm(
                self.db, shop_id=order.shop_id, order_id=order.id, by=Actor.seller(1), calendar=WorkingCalendar(),
                zone="Asia/Jakarta",
            )
        )  # fmt: skip

    @precondition(lambda self: self.placed)
    @rule(which=pick, units=st.one_of(st.none(), few), is_own=st.booleans())
    def arrange(self, which: int, units: int | None, is_own: bool) -> None:
        order = self.order(which)

        async def arranged() -> None:
            async with self.db.for_shop(order.shop_id).reading() as tx:
                lines = await order_queries.lines_of(tx, shop_id=order.shop_id, order_id=order.id)
            plan = shipping.ParcelPlan(
                "own_number", "own" if is_own else "jne", "reg", tracking_number=None if is_own else a_number(),
                lines={lines[0].id: units} if units else None,
            )  # fmt: skip
            await shipping.arrange(self.db, shop_id=order.shop_id, order_id=order.id, by=Actor.seller(1), plan=plan)

        self.do(arranged())

    @precondition(lambda self: self.placed)
    @rule(which=pick)
    def undo(self, which: int) -> None:
        if parcel := self.parcel(which):
            self.do(shipping.undo(self.db, shop_id=parcel.shop_id, parcel_id=parcel.id, by=Actor.seller(1)))

    @precondition(lambda self: self.placed)
    @rule(which=pick, status=st.sampled_from(STATUSES), hours=st.integers(0, 3))
    def report(self, which: int, status: str, hours: int) -> None:
        if parcel := self.parcel(which):
            told = a_report(parcel, status, hours=hours)
            self.do(tracking.record_tracking(self.db, told, vendor="test", parcel=(parcel.shop_id, parcel.id)))

    @precondition(lambda self: self.placed)
    @rule(which=pick, verb=st.sampled_from(["receive", "extend", "hide", "address", "remind"]))
    def buyer_does(self, which: int, verb: str) -> None:
        order = self.order(which)
        verbs: dict[str, Callable[..., Awaitable[Any]]] = {
            "receive": orders.confirm_receipt, "extend": orders.extend_receipt, "hide": orders.hide,
            "remind": orders.remind_seller,
        }  # fmt: skip
        if verb == "address":
            self.do(
                orders.change_address(self.db, buyer_id=order.buyer_id, order_id=order.id, address=dict(order.address))
            )
        else:
            self.do(verbs[verb](self.db, buyer_id=order.buyer_id, order_id=order.id))

    @rule()
    def react(self) -> None:
        self.do(self.reactions())

    async def reactions(self) -> None:
        """What follows from the facts so far; what needs peers is left out."""
        async with self.db.any().transaction() as tx:
            cursor = await tx.connection.execute(
                "SELECT shop_id, id FROM facts WHERE id > %s ORDER BY id", (self.reacted,)
            )
            keys = list(await cursor.fetchall())
            facts = await facts_by_id(tx, keys)
        for fact in facts:
            for reaction in REACTIONS.get(fact.name, []):
                if ".integrations." not in reaction.__module__:
                    await reaction(self.db, fact)
        self.reacted = max([self.reacted, *(key[1] for key in keys)])

    @rule(hours=st.sampled_from([1, 30, 24 * 5, 24 * 30]))
    def time_passes(self, hours: int) -> None:
        clock.set_offset(clock.offset() + timedelta(hours=hours))

        async def swept() -> None:
            await sweep_once(self.db, DEADLINES)
            async with self.db.any().transaction() as tx:
                cursor = await tx.connection.execute(
                    "SELECT kind, last_error FROM deadlines WHERE last_error <> '' AND state = 'running'"
                )
                assert await cursor.fetchall() == []

        self.do(swept())


def test_nothing_that_anybody_does_breaks_the_books(database_url: str) -> None:
    machine = type("Machine", (Bazaar,), {"url": database_url})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=6, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck),
            derandomize=True, database=None, phases=[Phase.generate],
        ),
    )  # fmt: skip
