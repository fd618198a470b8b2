"""A wallet is filled, pays all of a purchase or a part of it, and gets back what it paid; the books hold after each step."""

from datetime import timedelta

import pytest

from etalase.commerce.orders.rules import State
from etalase.commerce.payments import actions as payment_actions
from etalase.commerce.payments import queries as payments
from etalase.commerce.payments.rules import PaymentState, Refund, RefundState, shares_of
from etalase.commerce.wallet import topping_up
from etalase.commerce.wallet.errors import AmountNotAllowed, FeeChanged
from etalase.foundation import clock
from etalase.foundation.sql import Db
from etalase.integrations.payment_providers import settling
from etalase.journeys.cancellations import actions as cancelling
from etalase.journeys.checkout import retrying, settle
from etalase.journeys.checkout.actions import Placed
from etalase.journeys.checkout.errors import MethodNotAllowed
from etalase.journeys.checkout.settle import Outcome
from tests.auditor import audit
from tests.builders.orders import method_of, orders_of, paid_report, pay
from tests.builders.stall import Stall, make_stall
from tests.builders.wallets import a_key, await_top_up, capture, fill, has, place_with_wallet

CASH = 500_000


async def make_payer(db: Db, *, cash: int = CASH) -> Stall:
    stall = await make_stall(db)
    await fill(db, stall.buyer, cash)
    return stall


async def refunds_of(stall: Stall, placed: Placed) -> list[Refund]:
    (order,) = await orders_of(stall.db, stall.buyer, placed)
    async with stall.db.for_buyer(stall.buyer.id).reading() as tx:
        return await payments.refunds_of_order(tx, buyer_id=stall.buyer.id, order_id=order.id)


async def cancel(stall: Stall, placed: Placed, *, to_wallet: bool | None = None) -> None:
    (order,) = await orders_of(stall.db, stall.buyer, placed)
    await cancelling.cancel_by_buyer(
        stall.db, buyer_id=stall.buyer.id, order_id=order.id, reason="changed_mind", to_wallet=to_wallet
    )


async def test_the_wallet_pays_it_all_and_gets_it_back(db: Db, database_url: str) -> None:
    stall = await make_payer(db)
    placed = await place_with_wallet(stall, None)
    (order,) = await orders_of(db, stall.buyer, placed)
    assert await has(db, stall.buyer) == (CASH - order.total_minor, order.total_minor)
    assert audit(database_url) == {}
    assert await capture(db, stall.buyer, placed) is Outcome.PAID
    assert await capture(db, stall.buyer, placed) is Outcome.NOTHING_NEW
    (paid,) = await orders_of(db, stall.buyer, placed)
    assert (paid.state, await has(db, stall.buyer)) == (State.NEW, (CASH - order.total_minor, 0))
    assert audit(database_url) == {}
    await cancel(stall, placed)
    (refund,) = await refunds_of(stall, placed)
    assert (refund.state, refund.to_wallet, refund.amount_minor) == (RefundState.DONE, True, order.total_minor)
    assert await has(db, stall.buyer) == (CASH, 0)
    assert audit(database_url) == {}


async def test_what_a_crash_left_set_aside_is_paid_by_the_janitor_and_never_lapses(db: Db) -> None:
    stall = await make_payer(db)
    placed = await place_with_wallet(stall, None)
    (order,) = await orders_of(db, stall.buyer, placed)
    with pytest.raises(Exception, match="unpaid"):
        await cancel(stall, placed)
    again = await retrying.pay_again(
        db, buyer_id=stall.buyer.id, purchase_id=placed.purchase_id, method=method_of("qris")
    )
    assert again == placed.payment_id, "the wallet's attempt is gone on with"
    clock.set_offset(timedelta(minutes=5))
    await settling.ask_undecided(db)
    (paid,) = await orders_of(db, stall.buyer, placed)
    assert (order.state, paid.state) == (State.UNPAID, State.NEW)


async def test_a_part_waits_with_the_other_method_and_is_paid_with_it(db: Db, database_url: str) -> None:
    stall = await make_payer(db)
    placed = await place_with_wallet(stall, 20_000)
    (order,) = await orders_of(db, stall.buyer, placed)
    assert await has(db, stall.buyer) == (CASH - 20_000, 20_000)
    report = await paid_report(db, stall.buyer, placed)
    assert report.amount_minor == order.total_minor - 20_000
    assert audit(database_url) == {}
    assert await settle.settle(db, report) is Outcome.PAID
    assert await has(db, stall.buyer) == (CASH - 20_000, 0)
    assert audit(database_url) == {}
    async with db.for_buyer(stall.buyer.id).reading() as tx:
        attempts = await payments.payments_of_purchase(tx, buyer_id=stall.buyer.id, purchase_id=placed.purchase_id)
    assert {(a.provider, a.amount_minor, a.state) for a in attempts} == {
        ("wallet", 20_000, PaymentState.PAID), ("sandbox", order.total_minor - 20_000, PaymentState.PAID),
    }  # fmt: skip
    await cancel(stall, placed)
    told = [(refund.amount_minor, refund.to_wallet, refund.state) for refund in await refunds_of(stall, placed)]
    assert told == [(20_000, True, RefundState.DONE), (order.total_minor - 20_000, False, RefundState.APPROVED)]
    assert await has(db, stall.buyer) == (CASH, 0)
    assert audit(database_url) == {}


async def test_everything_goes_into_the_wallet_when_the_buyer_says_so(db: Db, database_url: str) -> None:
    stall = await make_payer(db)
    placed = await place_with_wallet(stall, 20_000)
    await pay(db, stall.buyer, placed)
    (order,) = await orders_of(db, stall.buyer, placed)
    await cancel(stall, placed, to_wallet=True)
    assert [refund.state for refund in await refunds_of(stall, placed)] == [RefundState.DONE] * 2
    assert await has(db, stall.buyer) == (CASH + order.total_minor - 20_000, 0)
    assert audit(database_url) == {}


async def test_a_part_is_let_go_of_when_nothing_is_paid_and_taken_again_for_late_money(
    db: Db, database_url: str
) -> None:
    stall = await make_payer(db)
    placed = await place_with_wallet(stall, 20_000)
    report = await paid_report(db, stall.buyer, placed)
    await cancel(stall, placed)
    assert await has(db, stall.buyer) == (CASH, 0)
    assert audit(database_url) == {}
    assert await settle.settle(db, report) is Outcome.PAID, "the cancelled order's money goes back, each to its own"
    assert sorted(refund.amount_minor for refund in await refunds_of(stall, placed)) == sorted(
        [20_000, report.amount_minor]
    )
    assert await has(db, stall.buyer) == (CASH, 0)
    assert audit(database_url) == {}


async def test_late_money_goes_back_when_the_wallet_was_spent_meanwhile(db: Db, database_url: str) -> None:
    stall = await make_payer(db, cash=60_000)
    placed = await place_with_wallet(stall, 60_000, units=2)
    report = await paid_report(db, stall.buyer, placed)
    await cancel(stall, placed)
    await place_with_wallet(stall, 60_000, units=2)
    assert await settle.settle(db, report) is Outcome.SURPLUS_RETURNED
    assert await has(db, stall.buyer) == (0, 60_000)
    assert audit(database_url) == {}


async def test_another_method_keeps_the_part_and_the_wallet_may_take_it_all(db: Db, database_url: str) -> None:
    stall = await make_payer(db)
    placed = await place_with_wallet(stall, 20_000)
    (order,) = await orders_of(db, stall.buyer, placed)
    keys = {"buyer_id": stall.buyer.id, "purchase_id": placed.purchase_id}
    second = await retrying.pay_again(db, **keys, method=method_of("gopay"))
    assert await has(db, stall.buyer) == (CASH - 20_000, 20_000)
    first_report = await paid_report(db, stall.buyer, placed)
    third = await retrying.pay_again(db, **keys, method=method_of("wallet", provider="wallet"))
    assert len({placed.payment_id, second, third}) == 3
    assert await has(db, stall.buyer) == (CASH - order.total_minor, order.total_minor)
    assert audit(database_url) == {}
    assert await settle.settle(db, first_report) is Outcome.PAID, "whoever pays first pays; the rest is let go of"
    assert await has(db, stall.buyer) == (CASH - 20_000, 0)
    assert audit(database_url) == {}


@pytest.mark.parametrize("part", [-1, 1, CASH + 1, 10**12])
async def test_nobody_pays_from_a_wallet_what_it_has_not(db: Db, part: int) -> None:
    stall = await make_stall(db)
    if part > 1:
        await fill(db, stall.buyer, CASH)
    with pytest.raises(MethodNotAllowed):
        await place_with_wallet(stall, part, units=50)
    with pytest.raises(MethodNotAllowed):
        await place_with_wallet(await make_stall(db), None)


async def test_refunds_of_pieces_never_exceed_what_each_paid() -> None:
    left = [(1, 300), (2, 700)]
    assert shares_of(200, left) == [(1, 200)]
    assert shares_of(400, left) == [(1, 300), (2, 100)]
    assert shares_of(1000, left) == [(1, 300), (2, 700)]
    assert shares_of(100, [(1, 0), (2, 700)]) == [(2, 100)]


async def test_a_refund_that_nobody_can_send_goes_into_the_wallet(db: Db, database_url: str) -> None:
    stall = await make_payer(db)
    placed = await place_with_wallet(stall, 20_000)
    await pay(db, stall.buyer, placed)
    await cancel(stall, placed)
    refund = (await refunds_of(stall, placed))[1]
    await payment_actions.refund_failed(db, buyer_id=stall.buyer.id, refund_id=refund.id, failure="no way back")
    other = await make_stall(db)
    assert not await payment_actions.turn_to_wallet(db, buyer_id=other.buyer.id, refund_id=refund.id)
    assert await payment_actions.turn_to_wallet(db, buyer_id=stall.buyer.id, refund_id=refund.id)
    assert not await payment_actions.turn_to_wallet(db, buyer_id=stall.buyer.id, refund_id=refund.id)
    assert await has(db, stall.buyer) == (CASH + refund.amount_minor, 0)
    assert audit(database_url) == {}


class TestTopUps:
    """Each way in which money may come for a wallet has its end."""

    async def test_once_however_often_it_is_told_or_asked_for(self, db: Db, database_url: str) -> None:
        stall = await make_stall(db)
        first = await await_top_up(db, stall.buyer, 50_000, key="the same key")
        again = await await_top_up(db, stall.buyer, 50_000, key="the same key")
        assert first.payment_id == again.payment_id
        assert await settle.settle(db, first) is Outcome.PAID
        assert await settle.settle(db, first) is Outcome.NOTHING_NEW
        assert await has(db, stall.buyer) == (50_000, 0)
        assert audit(database_url) == {}

    @pytest.mark.parametrize(
        ("came", "outcome", "inside"),
        [
            (49_999, Outcome.SURPLUS_RETURNED, 0),
            (50_000, Outcome.PAID, 50_000),
            (60_000, Outcome.PAID, 50_000),
        ],
    )
    async def test_too_little_goes_back_and_so_does_what_is_too_much(
        self, db: Db, database_url: str, came: int, outcome: Outcome, inside: int
    ) -> None:
        stall = await make_stall(db)
        report = await await_top_up(db, stall.buyer, 50_000)
        told = type(report)(report.buyer_id, report.payment_id, "paid", "a", came, "IDR", provider="sandbox")
        assert await settle.settle(db, told) is outcome
        assert await has(db, stall.buyer) == (inside, 0)
        assert audit(database_url) == {}

    async def test_twice_goes_back_and_late_is_taken_while_there_is_room(self, db: Db, database_url: str) -> None:
        stall = await make_stall(db)
        late = await await_top_up(db, stall.buyer, 50_000)
        clock.set_offset(timedelta(hours=3))
        assert await topping_up.lapse(db) == 1
        assert await topping_up.lapse(db) == 0
        assert await settle.settle(db, late) is Outcome.PAID
        twice = type(late)(late.buyer_id, late.payment_id, "paid", "b", 50_000, "IDR", provider="sandbox")
        assert await settle.settle(db, twice) is Outcome.SURPLUS_RETURNED
        assert await has(db, stall.buyer) == (50_000, 0)
        assert audit(database_url) == {}

    async def test_late_money_finds_the_wallet_full(self, db: Db, database_url: str) -> None:
        stall = await make_stall(db)
        late = await await_top_up(db, stall.buyer, 1_500_000)
        clock.set_offset(timedelta(hours=3))
        await topping_up.lapse(db)
        await fill(db, stall.buyer, 1_000_000)
        assert await settle.settle(db, late) is Outcome.SURPLUS_RETURNED
        assert await has(db, stall.buyer) == (1_000_000, 0)
        assert audit(database_url) == {}

    @pytest.mark.parametrize("amount", [-50_000, 0, 9_999, 2_000_001, 10_000_001])
    async def test_amounts_have_bounds_and_what_is_awaited_counts(self, db: Db, amount: int) -> None:
        stall = await make_stall(db)
        with pytest.raises(AmountNotAllowed):
            await await_top_up(db, stall.buyer, amount)
        await await_top_up(db, stall.buyer, 1_995_000)
        with pytest.raises(AmountNotAllowed) as refused:
            await await_top_up(db, stall.buyer, 10_000)
        assert (refused.value.bound, refused.value.bound_minor) == ("room", 5_000)

    async def test_another_currency_or_fee_is_refused(self, db: Db) -> None:
        stall = await make_stall(db)
        report = await await_top_up(db, stall.buyer, 50_000)
        foreign = type(report)(report.buyer_id, report.payment_id, "paid", "a", 50_000, "USD", provider="sandbox")
        assert await settle.settle(db, foreign) is Outcome.SURPLUS_RETURNED
        assert await has(db, stall.buyer) == (0, 0)
        with pytest.raises(FeeChanged):
            await topping_up.begin(
                db, buyer_id=stall.buyer.id, amount_minor=50_000, method="qris", provider="sandbox", fee_seen_minor=1,
                key=a_key(),
            )  # fmt: skip

    async def test_only_the_owner_gives_it_up(self, db: Db) -> None:
        stall, other = await make_stall(db), await make_stall(db)
        report = await await_top_up(db, stall.buyer, 50_000)
        assert not await topping_up.give_up(db, buyer_id=other.buyer.id, payment_id=report.payment_id)
        assert await topping_up.give_up(db, buyer_id=stall.buyer.id, payment_id=report.payment_id)
        assert not await topping_up.give_up(db, buyer_id=stall.buyer.id, payment_id=report.payment_id)
