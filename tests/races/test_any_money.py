"""Sellers' money in any order and again: bought, settled, refunded, paid, returned; the audit finds nothing after each step."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

import psycopg
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from etalase.commerce.accounts.banks import BankDetails
from etalase.commerce.orders.rules import Order
from etalase.foundation import clock
from etalase.foundation.facts import Actor
from etalase.foundation.sql import Db, open_db
from etalase.journeys.payouts import actions as payouts
from etalase.journeys.payouts import queries as payout_queries
from etalase.journeys.settlement import actions as settlement
from tests.auditor import audit
from tests.builders.settling import complete, give_back
from tests.builders.stall import Stall, make_stall
from tests.races.test_any_order import start_afresh

OPERATOR = Actor.operator(1)
SELLERS_HAVE = """
    SELECT o.shop_id, sum(o.total_minor - o.refunded_minor)::bigint AS kept,
           (SELECT -sum(e.amount_minor) FROM ledger_entries e
            WHERE e.shop_id = o.shop_id AND e.account IN ('seller_pending', 'seller_available', 'payout_clearing', 'bank'))::bigint
    FROM orders o GROUP BY o.shop_id"""
pick = st.integers(0, 1_000)


class Market(RuleBasedStateMachine):
    """Two shops, the operator, a bank and time."""

    url: str

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.opened = open_db(self.url, connections_max=4)
        self.db: Db = self.runner.run(self.opened.__aenter__())
        self.orders: list[Order] = []

    def teardown(self) -> None:
        self.runner.run(self.opened.__aexit__(None, None, None))
        self.runner.close()
        clock.set_offset(timedelta())

    def do(self, what: Awaitable[Any]) -> Any:
        """Do it, or be refused; then the books hold and no seller has more than buyers left there."""

        async def done() -> Any:
            return await what

        try:
            return self.runner.run(done())
        except psycopg.errors.CheckViolation:
            return None  # more was to go back than was kept
        except Exception as refusal:
            if not type(refusal).__module__.startswith("etalase."):
                raise
            return None
        finally:
            assert audit(self.url) == {}
            with psycopg.connect(self.url) as connection:
                for _shop, kept, have in connection.execute(SELLERS_HAVE).fetchall():
                    assert have <= kept

    @initialize()
    def open_the_shops(self) -> None:
        self.runner.run(start_afresh(self.db))
        self.stalls: list[Stall] = [self.runner.run(make_stall(self.db)) for _ in range(2)]
        for stall in self.stalls:
            self.do(self.entered(stall, verified=True))

    async def entered(self, stall: Stall, *, verified: bool) -> None:
        account_id = await payouts.enter_account(
            self.db, BankDetails("bca", "1234567890", "Rina"), shop_id=stall.shop.shop_id, role="owner",
            by=Actor.seller(stall.seller.id),
        )  # fmt: skip
        if verified:
            await payouts.verify_account(self.db, shop_id=stall.shop.shop_id, account_id=account_id, by=OPERATOR)
        else:
            await payouts.refuse_account(
                self.db, shop_id=stall.shop.shop_id, account_id=account_id, reason="x", by=OPERATOR
            )

    @rule(which=pick)
    def sell(self, which: int) -> None:
        self.orders.append(self.do(complete(self.db, self.stalls[which % 2])))

    @precondition(lambda self: self.orders)
    @rule(which=pick, share=st.sampled_from([0.1, 0.5, 1.0]))
    def refund(self, which: int, share: float) -> None:
        order = self.orders[which % len(self.orders)]
        self.do(give_back(self.db, order, max(1, int(order.total_minor * share))))

    @rule(days=st.sampled_from([1, 8]))
    def time_passes(self, days: int) -> None:
        clock.set_offset(clock.offset() + timedelta(days=days))
        self.do(settlement.settle_due(self.db))

    @rule(verb=st.sampled_from(["settle", "close weeks", "propose", "account", "refused account"]), which=pick)
    def work(self, verb: str, which: int) -> None:
        stall = self.stalls[which % 2]
        verbs: dict[str, Awaitable[Any]] = {
            "settle": settlement.settle_due(self.db),
            "close weeks": settlement.issue_statements(self.db),
            "propose": payouts.propose_batch(self.db, currency="IDR", by=OPERATOR),
            "account": self.entered(stall, verified=True),
            "refused account": self.entered(stall, verified=False),
        }
        for name, chosen in verbs.items():
            if name == verb:
                self.do(chosen)
            else:
                chosen.close()  # type: ignore[attr-defined]

    @rule(step=st.sampled_from(["approve", "approve", "drop", "paid", "paid", "returned"]), which=pick)
    def pay_out(self, step: str, which: int) -> None:
        async def stepped() -> None:
            async with self.db.any().reading() as tx:
                batches = await payout_queries.batches(tx)
                if not batches:
                    return
                batch = batches[which % min(2, len(batches))]
                found = await payout_queries.payouts_of_batch(tx, batch_id=batch.id)
            if step == "approve":
                await payouts.approve_batch(self.db, batch_id=batch.id, by=OPERATOR)
            elif step == "drop":
                await payouts.drop_batch(self.db, batch_id=batch.id, by=OPERATOR)
            elif found:
                one = found[which % len(found)]
                to: Any = step
                await payouts.end_payout(self.db, shop_id=one.shop_id, payout_id=one.id, to=to, by=OPERATOR)

        self.do(stepped())


def test_sellers_money_adds_up_whatever_happens(database_url: str) -> None:
    machine = type("Machine", (Market,), {"url": database_url})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=5, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck),
            derandomize=True, database=None, phases=[Phase.generate],
        ),
    )  # fmt: skip
