"""From the first rupiah to the last: bought, paid by wallets and providers, cancelled, shipped, returned, refunded, settled, withdrawn.

In any order and again, by everybody; after each step the audit finds nothing and nobody has more than is theirs.
"""

from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

import psycopg
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from etalase.commerce.accounts.banks import BankDetails
from etalase.commerce.orders import queries as order_queries
from etalase.commerce.payments import actions as payments
from etalase.commerce.wallet import queries as wallet_queries
from etalase.commerce.wallet import topping_up, withdrawing
from etalase.commerce.wallet.rules import WithdrawalState
from etalase.foundation import clock
from etalase.foundation.facts import Actor
from etalase.journeys.cancellations import actions as cancelling
from etalase.journeys.checkout import retrying, settle
from etalase.journeys.payouts import actions as payouts
from etalase.journeys.payouts import queries as payout_queries
from etalase.journeys.returns import actions as returns
from etalase.journeys.returns import asking
from etalase.journeys.returns import parcels as return_parcels
from etalase.journeys.returns.actions import Key
from etalase.journeys.returns.asking import Draft
from etalase.journeys.returns.rules import Kind
from etalase.journeys.settlement import actions as settlement
from tests.builders.orders import make_basket, method_of, orders_of
from tests.builders.returns import a_plan
from tests.builders.wallets import a_key, await_top_up, capture, with_bank_account
from tests.races.test_any_order import Bazaar, few, pick

OPERATOR = Actor.operator(1)
BUYERS_HAVE = """
    SELECT b.buyer_id,
           (SELECT coalesce(sum(c.amount_minor), 0) FROM captures c
            JOIN payments p ON p.buyer_id = c.buyer_id AND p.id = c.payment_id
            WHERE c.buyer_id = b.buyer_id AND c.currency = 'IDR' AND p.provider NOT IN ('wallet', 'cod'))
         + (SELECT coalesce(sum(r.amount_minor), 0) FROM refunds r JOIN payments p ON p.buyer_id = r.buyer_id AND p.id = r.payment_id
            WHERE r.buyer_id = b.buyer_id AND p.provider = 'cod') AS gave,
           (SELECT coalesce(-sum(amount_minor), 0) FROM ledger_entries WHERE owner_id = b.buyer_id)
         + (SELECT coalesce(sum(amount_minor), 0) FROM withdrawals w WHERE w.buyer_id = b.buyer_id AND w.state = 'paid')
         + (SELECT coalesce(sum(amount_minor), 0) FROM refunds r
            WHERE r.buyer_id = b.buyer_id AND r.currency = 'IDR' AND NOT r.to_wallet)
         + (SELECT coalesce(sum(o.total_minor - o.refunded_minor), 0) FROM orders o
            WHERE o.buyer_id = b.buyer_id AND NOT o.is_cod AND o.paid_at IS NOT NULL) AS has
    FROM (SELECT DISTINCT buyer_id FROM purchases) b"""
SELLERS_HAVE = """
    SELECT o.shop_id, sum(o.total_minor - o.refunded_minor)::bigint AS kept,
           (SELECT -coalesce(sum(e.amount_minor), 0) FROM ledger_entries e
            WHERE e.shop_id = o.shop_id AND e.account IN ('seller_pending', 'seller_available', 'payout_clearing', 'bank'))::bigint
    FROM orders o GROUP BY o.shop_id"""


class Chain(Bazaar):
    """The bazaar with wallets, a bank, returns and the operator who pays everybody."""

    def do(self, what: Awaitable[Any]) -> Any:
        """As at the bazaar; and then what buyers gave is what they have or left in orders, and no seller has more than that."""
        done = super().do(what)
        with psycopg.connect(self.url) as connection:
            for _, gave, has in connection.execute(BUYERS_HAVE).fetchall():
                assert gave == has
            for _, kept, have in connection.execute(SELLERS_HAVE).fetchall():
                assert have <= kept
        return done

    @initialize()
    def open_the_shops(self) -> None:
        super().open_the_shops()

        async def opened() -> None:
            for shop in self.shops:
                account_id = await payouts.enter_account(
                    self.db, BankDetails("bca", "1234567890", "Rina"), shop_id=shop.shop_id, role="owner", by=OPERATOR
                )
                await payouts.verify_account(self.db, shop_id=shop.shop_id, account_id=account_id, by=OPERATOR)
            for buyer, _ in self.people:
                await with_bank_account(self.db, buyer)
                await settle.settle(self.db, await await_top_up(self.db, buyer, 400_000))

        self.runner.run(opened())
        clock.set_offset(clock.offset() + timedelta(hours=25))

    @rule(who=pick, amount=st.sampled_from([-1, 0, 50_000, 3_000_000, 10**12]), extra=st.sampled_from([-1, 0, 0, 7]))
    def top_up(self, who: int, amount: int, extra: int) -> None:
        buyer, _ = self.people[who % 2]

        async def topped() -> None:
            report = await await_top_up(self.db, buyer, amount)
            told = type(report)(
                report.buyer_id, report.payment_id, "paid", f"a{extra}", amount + extra, "IDR", provider="sandbox"
            )
            for _ in range(2):
                await settle.settle(self.db, told)

        self.do(topped())

    @rule(who=pick, units=few, part=st.sampled_from([None, None, 1, 20_000, 10**9]), dies=st.booleans())
    def pay_from_the_wallet(self, who: int, units: int, part: int | None, dies: bool) -> None:
        buyer, address = self.people[who % 2]
        lines = dict.fromkeys(self.goods[: 1 + who % 2], units)
        method, provider = ("wallet", "wallet") if part is None else ("qris", "sandbox")

        async def placed() -> None:
            basket = await make_basket(self.db, buyer, address, lines, method=method, provider=provider)
            whole = basket.checkout.total_seen_minor
            basket = await make_basket(
                self.db, buyer, address, lines, method=method, provider=provider,
                wallet_minor=whole if part is None else part,
            )  # fmt: skip
            made = await basket.place(self.db)
            self.placed.append((buyer, made))
            if part is None and not dies:
                await capture(self.db, buyer, made)

        self.do(placed())

    @precondition(lambda self: self.placed)
    @rule(which=pick)
    def try_the_wallet(self, which: int) -> None:
        buyer, placed = self.purchase(which)

        async def tried() -> None:
            method = method_of("wallet", provider="wallet")
            payment_id = await retrying.pay_again(
                self.db, buyer_id=buyer.id, purchase_id=placed.purchase_id, method=method
            )
            made = type(placed)(placed.purchase_id, payment_id, is_new=False)
            self.placed.append((buyer, made))
            await capture(self.db, buyer, made)

        self.do(tried())

    @precondition(lambda self: self.placed)
    @rule(which=pick)
    def cancel_into_the_wallet(self, which: int) -> None:
        order = self.order(which)
        self.do(
            cancelling.cancel_by_buyer(
                self.db, buyer_id=order.buyer_id, order_id=order.id, reason="changed_mind", to_wallet=True
            )
        )

    @precondition(lambda self: self.placed)
    @rule(which=pick, to_wallet=st.booleans())
    def give_back(self, which: int, to_wallet: bool) -> None:
        order = self.order(which)

        async def given() -> None:
            async with self.db.for_shop(order.shop_id).reading() as tx:
                (line, *_) = await order_queries.lines_of(tx, shop_id=order.shop_id, order_id=order.id)
            draft = Draft(Kind.RETURN_AND_REFUND, "changed_mind", {line.id: 1}, to_wallet=to_wallet)
            made = await asking.request(self.db, buyer_id=order.buyer_id, order_id=order.id, draft=draft)
            seller = Key.of_shop(order.shop_id, return_id=made.id, by=Actor.seller(1))
            await returns.approve(self.db, seller)
            buyer = Key.of_buyer(order.buyer_id, order_id=order.id, return_id=made.id)
            await return_parcels.send_back(self.db, buyer, plan=a_plan("own_number"))
            await returns.receive(self.db, seller)
            await returns.inspect(self.db, seller, received={line.id: 1}, restock=True)

        self.do(given())

    @precondition(lambda self: self.placed)
    @rule(which=pick)
    def refund_fails_and_goes_into_the_wallet(self, which: int) -> None:
        buyer, placed = self.purchase(which)

        async def turned() -> None:
            for order in await orders_of(self.db, buyer, placed):
                async with self.db.for_buyer(buyer.id).transaction() as tx:
                    cursor = await tx.connection.execute(
                        "SELECT id FROM refunds WHERE buyer_id = %s AND order_id = %s", (buyer.id, order.id)
                    )
                    ids = [row[0] for row in await cursor.fetchall()]
                for refund_id in ids:
                    await payments.refund_failed(self.db, buyer_id=buyer.id, refund_id=refund_id, failure="closed")
                    for _ in range(2):
                        await payments.turn_to_wallet(self.db, buyer_id=buyer.id, refund_id=refund_id)

        self.do(turned())

    @rule(who=pick, amount=st.sampled_from([-1, 0, 10_000, 150_000, 10**9]))
    def withdraw(self, who: int, amount: int) -> None:
        buyer, _ = self.people[who % 2]
        key = a_key()

        async def asked() -> None:
            for _ in range(2):
                await withdrawing.request(self.db, buyer_id=buyer.id, amount_minor=amount, key=key)

        self.do(asked())

    @rule(
        which=pick,
        step=st.sampled_from(["propose", "approve", "approve", "drop", "paid", "failed", "refused", "withdrawn"]),
    )
    def operator_pays(self, which: int, step: str) -> None:
        async def stepped() -> None:
            if step == "propose":
                await payouts.propose_batch(self.db, currency="IDR", by=OPERATOR)
                return
            async with self.db.any().reading() as tx:
                batches = await payout_queries.batches(tx)
                if not batches:
                    return
                batch = batches[which % min(2, len(batches))]
                transfers = await payout_queries.payouts_of_batch(tx, batch_id=batch.id)
                found = await wallet_queries.withdrawals_of_batch(tx, batch_id=batch.id)
            if step == "approve":
                await payouts.approve_batch(self.db, batch_id=batch.id, by=OPERATOR)
            elif step == "drop":
                await payouts.drop_batch(self.db, batch_id=batch.id, by=OPERATOR)
            elif found:
                one = found[which % len(found)]
                await payouts.end_withdrawal(
                    self.db, buyer_id=one.buyer_id, withdrawal_id=one.id, to=WithdrawalState(step), by=OPERATOR
                )
            elif transfers and step in ("paid", "failed"):
                paid = transfers[which % len(transfers)]
                to: Any = "paid" if step == "paid" else "returned"
                await payouts.end_payout(self.db, shop_id=paid.shop_id, payout_id=paid.id, to=to, by=OPERATOR)

        self.do(stepped())

    @rule(days=st.sampled_from([0, 4, 9]))
    def the_worker_looks_after_money(self, days: int) -> None:
        clock.set_offset(clock.offset() + timedelta(days=days))

        async def looked_after() -> None:
            await self.reactions()
            await topping_up.lapse(self.db)
            await withdrawing.run_out(self.db)
            await settlement.settle_due(self.db)
            await settlement.issue_statements(self.db)

        self.do(looked_after())


def test_no_party_ends_with_more_than_is_theirs(database_url: str) -> None:
    machine = type("Machine", (Chain,), {"url": database_url})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=4, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck),
            derandomize=True, database=None, phases=[Phase.generate],
        ),
    )  # fmt: skip
