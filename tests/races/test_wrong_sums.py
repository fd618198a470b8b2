"""Late, double, too little, too much, in another currency: each end that docs/payments.md states, and the ledger agrees."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from etalase.commerce.orders.rules import State
from etalase.commerce.payments import actions as payment_actions
from etalase.commerce.payments.rules import PaymentState, RefundState
from etalase.foundation.facts import Actor
from etalase.foundation.policies import actions as policies
from etalase.foundation.policies.actions import SetPolicy
from etalase.foundation.sql import Db
from etalase.journeys.cancellations import actions as cancelling
from etalase.journeys.checkout import retrying, settle
from etalase.journeys.checkout.errors import MethodNotAllowed
from etalase.journeys.checkout.settle import Outcome
from tests.auditor import audit
from tests.builders.orders import method_of
from tests.builders.payments import Awaited, await_payment
from tests.builders.stall import make_stall

PROVIDERS = [
    ("qris", "midtrans"),
    ("dana", "xendit"),
    ("card", "stripe"),
    ("qris", "sandbox"),
    ("bank_transfer", "bank_transfer"),
]


async def awaited_at(db: Db, method: str, provider: str, **more: Any) -> tuple[Awaited, int]:
    awaited = await await_payment(await make_stall(db), method=method, provider=provider, reference="there-1", **more)
    return awaited, (await awaited.payment()).amount_minor


@pytest.mark.parametrize(("method", "provider"), PROVIDERS)
async def test_too_much_pays_the_order_and_the_difference_goes_back(
    db: Db, database_url: str, method: str, provider: str
) -> None:
    awaited, amount = await awaited_at(db, method, provider)
    assert await settle.settle(db, await awaited.report(amount + 700)) is Outcome.PAID
    assert (await awaited.order()).state is State.NEW
    assert [(r.amount_minor, r.reason) for r in await awaited.refunds()] == [(700, "overpaid")]
    assert audit(database_url) == {}


@pytest.mark.parametrize(("method", "provider"), PROVIDERS[:-1])
async def test_too_little_goes_back_whole(db: Db, database_url: str, method: str, provider: str) -> None:
    awaited, amount = await awaited_at(db, method, provider)
    assert await settle.settle(db, await awaited.report(amount - 1)) is Outcome.SURPLUS_RETURNED
    assert (await awaited.order()).state is State.UNPAID
    assert [(r.amount_minor, r.reason) for r in await awaited.refunds()] == [(amount - 1, "wrong_amount")]
    assert audit(database_url) == {}


async def test_transfers_add_up_within_the_time(db: Db, database_url: str) -> None:
    awaited, amount = await awaited_at(db, "bank_transfer", "bank_transfer")
    assert await settle.settle(db, await awaited.report(1_000, attempt="a-1")) is Outcome.PART_HELD
    assert await settle.settle(db, await awaited.report(1_000, attempt="a-1")) is Outcome.NOTHING_NEW
    assert await settle.settle(db, await awaited.report(2_000, attempt="a-2")) is Outcome.PART_HELD
    assert (await awaited.order()).state is State.UNPAID
    assert audit(database_url) == {}
    assert await settle.settle(db, await awaited.report(amount - 2_500, attempt="a-3")) is Outcome.PAID
    assert (await awaited.order()).state is State.NEW
    assert [(r.amount_minor, r.reason) for r in await awaited.refunds()] == [(500, "overpaid")]
    assert audit(database_url) == {}


async def test_parts_go_back_whole_when_the_time_is_over_once(db: Db, database_url: str) -> None:
    awaited, amount = await awaited_at(db, "bank_transfer", "bank_transfer")
    await settle.settle(db, await awaited.report(1_000, attempt="a-1"))
    await settle.settle(db, await awaited.report(2_000, attempt="a-2"))
    assert await settle.return_parts(db, buyer_id=awaited.stall.buyer.id, payment_id=awaited.payment_id) == 0
    order = await awaited.order()
    await cancelling.cancel_by_clock(db, shop_id=order.shop_id, order_id=order.id, kind="payment.deadline")
    returned = await asyncio.gather(
        *(settle.return_parts(db, buyer_id=awaited.stall.buyer.id, payment_id=awaited.payment_id) for _ in range(4))
    )
    assert sorted(returned) == [0, 0, 0, 3_000]
    assert [(r.amount_minor, r.reason) for r in await awaited.refunds()] == [(3_000, "paid_too_little")]
    assert audit(database_url) == {}
    assert await settle.settle(db, await awaited.report(amount - 3_000, attempt="a-3")) is Outcome.SURPLUS_RETURNED
    assert audit(database_url) == {}


@pytest.mark.parametrize("method", ["qris", "bank_transfer"])
async def test_parts_and_the_rest_at_the_same_moment(db: Db, database_url: str, method: str) -> None:
    awaited, amount = await awaited_at(db, method, "bank_transfer" if method == "bank_transfer" else "sandbox")
    reports = [await awaited.report(amount // 2 + 1, attempt=f"a-{n}") for n in range(3)]
    outcomes = await asyncio.gather(*(settle.settle(db, report) for report in [*reports, *reports]))
    assert outcomes.count(Outcome.NOTHING_NEW) == 3
    assert (await awaited.order()).state is (State.NEW if method == "bank_transfer" else State.UNPAID)
    assert audit(database_url) == {}


@pytest.mark.parametrize(("method", "provider"), PROVIDERS)
async def test_paying_twice_leaves_the_order_paid(db: Db, database_url: str, method: str, provider: str) -> None:
    awaited, amount = await awaited_at(db, method, provider)
    for attempt in ("a-1", "a-2"):
        await settle.settle(db, await awaited.report(amount, attempt=attempt))
    assert (await awaited.order()).state is State.NEW
    assert [(r.amount_minor, r.reason) for r in await awaited.refunds()] == [(amount, "paid_twice")]
    assert audit(database_url) == {}


@pytest.mark.parametrize("amount_minor", [0, -1, 10**15, 10**18])
async def test_sums_that_no_money_has_are_refused(db: Db, amount_minor: int) -> None:
    awaited, _ = await awaited_at(db, "qris", "midtrans")
    with pytest.raises(settle.AmountNotValid):
        await settle.settle(db, await awaited.report(amount_minor))
    assert await awaited.captures() == []


@pytest.mark.parametrize(("method", "provider"), PROVIDERS)
async def test_another_currency_goes_back_as_it_came(db: Db, database_url: str, method: str, provider: str) -> None:
    awaited, amount = await awaited_at(db, method, provider)
    assert await settle.settle(db, await awaited.report(amount, currency="JPY")) is Outcome.SURPLUS_RETURNED
    assert [(r.amount_minor, r.currency) for r in await awaited.refunds()] == [(amount, "JPY")]
    assert (await awaited.order()).state is State.UNPAID
    assert audit(database_url) == {}


async def test_a_refund_is_told_by_its_own_provider_alone(db: Db) -> None:
    awaited, amount = await awaited_at(db, "qris", "midtrans")
    await settle.settle(db, await awaited.report(amount + 700))
    (refund,) = await awaited.refunds()
    report = replace(await awaited.report(700), status="refunded", refund_id=refund.id, attempt="r")
    assert await settle.settle(db, replace(report, provider="xendit")) is Outcome.NOT_THEIRS
    assert await settle.settle(db, replace(report, refund_id=refund.id + 1)) is Outcome.UNKNOWN_PAYMENT
    assert (await awaited.refunds())[0].state is RefundState.APPROVED
    assert await settle.settle(db, report) is Outcome.REFUND_DONE
    assert await settle.settle(db, report) is Outcome.NOTHING_NEW


async def set_fee(db: Db, minor: int) -> None:
    value = dict.fromkeys(("qris", "e_wallet", "card", "virtual_account", "minimarket", "bank_transfer"), minor)
    await policies.set_policy(db, SetPolicy(key="method.fee", value=value, seen_version=None), by=Actor.operator(1))


async def test_a_fee_is_asked_for_as_it_was_shown_and_kept_apart(db: Db, database_url: str) -> None:
    await set_fee(db, 2_500)
    awaited, amount = await awaited_at(db, "qris", "midtrans", fee_minor=2_500)
    payment, order = await awaited.payment(), await awaited.order()
    assert (payment.fee_minor, payment.amount_minor) == (2_500, order.total_minor + 2_500)
    assert await settle.settle(db, await awaited.report(amount)) is Outcome.PAID
    assert audit(database_url) == {}
    async with db.any().transaction() as tx:
        cursor = await tx.connection.execute(
            "SELECT sum(amount_minor) FROM ledger_entries WHERE account = 'platform_fee' AND cause = 'method fee'"
        )
        assert (await cursor.fetchone() or [0])[0] == -2_500


async def test_a_fee_for_an_order_that_could_not_be_kept_goes_back(db: Db, database_url: str) -> None:
    await set_fee(db, 2_500)
    awaited, amount = await awaited_at(db, "qris", "midtrans", fee_minor=2_500)
    order = await awaited.order()
    await cancelling.cancel_by_buyer(db, buyer_id=awaited.stall.buyer.id, order_id=order.id, reason="changed_mind")
    assert await settle.settle(db, await awaited.report(amount)) is Outcome.PAID
    assert sum(refund.amount_minor for refund in await awaited.refunds()) == amount
    assert audit(database_url) == {}


async def test_paying_again_goes_to_another_provider_with_its_fee(db: Db, database_url: str) -> None:
    awaited, _ = await awaited_at(db, "qris", "midtrans")
    await set_fee(db, 1_000)
    buyer = awaited.stall.buyer.id
    other = method_of("bca_va", provider="xendit")
    with pytest.raises(MethodNotAllowed):
        await retrying.pay_again(db, buyer_id=buyer, purchase_id=awaited.purchase_id, method=other, fee_seen_minor=0)
    assert (await awaited.payment()).state is PaymentState.PENDING
    number = await retrying.pay_again(
        db, buyer_id=buyer, purchase_id=awaited.purchase_id, method=other, fee_seen_minor=1_000
    )
    again = replace(awaited, payment_id=number)
    payment = await again.payment()
    assert (payment.provider, payment.method, payment.fee_minor) == ("xendit", "bca_va", 1_000)
    await payment_actions.started(db, buyer_id=buyer, payment_id=number, provider_reference="pr-1", pay_url="/")
    assert await settle.settle(db, await again.report(payment.amount_minor)) is Outcome.PAID
    assert (await again.order()).state is State.NEW
    assert audit(database_url) == {}
