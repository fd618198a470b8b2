"""Money by hand: moved once, within bounds, for the shop's own orders; who owes something is told once."""

import asyncio
from dataclasses import replace

import psycopg
import pytest

from etalase.commerce.ledger import queries as ledger
from etalase.commerce.orders.actions import confirm_receipt
from etalase.foundation.facts import Actor
from etalase.foundation.facts.relay import facts_by_id
from etalase.foundation.ids import new_id
from etalase.foundation.sql import Db
from etalase.integrations.mail import queries as mail
from etalase.integrations.mail import seller_money
from etalase.journeys.settlement import adjusting
from etalase.journeys.settlement.adjusting import AdjustmentKind, AdjustmentRefused, Wish
from etalase.reactions.notifications.actions import tell
from tests.auditor import audit
from tests.builders.notices import inbox_of
from tests.builders.settling import complete
from tests.builders.stall import Stall, make_stall

OPERATOR = Actor.operator(1)


def a_wish(stall: Stall, **changes: object) -> Wish:
    wish = Wish(
        shop_id=stall.shop.shop_id, kind=AdjustmentKind.CREDIT, amount_minor=12_000, reason="Lost in our warehouse",
        form_key=new_id(),
    )  # fmt: skip
    return replace(wish, **changes)  # type: ignore[arg-type]


async def available(db: Db, stall: Stall) -> int:
    async with db.for_shop(stall.shop.shop_id).reading() as tx:
        return (await ledger.totals_of_seller(tx, shop_id=stall.shop.shop_id, currency="IDR"))["seller_available"]


async def test_each_kind_moves_what_it_says_once(db: Db, database_url: str) -> None:
    stall = await make_stall(db)
    delivered = await stall.delivered()
    credit = a_wish(stall)
    made = await asyncio.gather(*(adjusting.adjust(db, credit, by=OPERATOR) for _ in range(3)))
    assert len({one.id for one in made}) == 1
    assert await available(db, stall) == 12_000
    await adjusting.adjust(db, a_wish(stall, kind=AdjustmentKind.DEBIT, amount_minor=2_000), by=OPERATOR)
    for kind in (AdjustmentKind.COMPENSATION, AdjustmentKind.CARRIER):
        await adjusting.adjust(db, a_wish(stall, kind=kind, order_id=delivered.id, amount_minor=500), by=OPERATOR)
    assert await available(db, stall) == 11_000
    await adjusting.adjust(
        db, a_wish(stall, kind=AdjustmentKind.SUBSIDY, order_id=delivered.id, amount_minor=700), by=OPERATOR
    )
    done = await confirm_receipt(db, buyer_id=stall.buyer.id, order_id=delivered.id)
    async with db.for_shop(stall.shop.shop_id).reading() as tx:
        balances = await ledger.balances_of_order(tx, shop_id=done.shop_id, order_id=done.id)
    assert balances["seller_pending"] == -(done.total_minor + 700)
    assert audit(database_url) == {}


WRONG = [
    ("amount", {"amount_minor": 0}),
    ("amount", {"amount_minor": -1}),
    ("amount", {"amount_minor": 10_000_001}),
    ("amount", {"currency": "USD"}),
    ("order", {"order_id": 7}),
    ("order", {"kind": AdjustmentKind.CARRIER}),
    ("order", {"kind": AdjustmentKind.SUBSIDY}),
    ("reason", {"reason": " no "}),
    ("reason", {"reason": "x" * 301}),
]


async def test_what_can_not_be_is_refused_and_nothing_moves(db: Db, database_url: str) -> None:
    stall = await make_stall(db)
    for field, changes in WRONG:
        with pytest.raises(AdjustmentRefused) as refused:
            await adjusting.adjust(db, a_wish(stall, **changes), by=OPERATOR)  # type: ignore[arg-type]
        assert field in refused.value.problems, changes
    with psycopg.connect(database_url) as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM adjustments), (SELECT count(*) FROM ledger_entries)"
        ).fetchone()
    assert row == (0, 0)


async def test_other_shops_orders_and_more_than_an_order_cost_are_refused(db: Db) -> None:
    mine, other = await make_stall(db), await make_stall(db)
    order = await mine.new()
    for stall, amount in ((other, 500), (mine, order.total_minor + 1)):
        with pytest.raises(AdjustmentRefused):
            await adjusting.adjust(
                db, a_wish(stall, kind=AdjustmentKind.COMPENSATION, order_id=order.id, amount_minor=amount), by=OPERATOR
            )
    with pytest.raises(AdjustmentRefused):
        await adjusting.adjust(db, a_wish(mine, kind=AdjustmentKind.SUBSIDY, order_id=order.id), by=OPERATOR)


async def test_who_owes_is_told_once_in_the_inbox_and_by_mail_until_it_is_paid(db: Db, database_url: str) -> None:
    stall = await make_stall(db)
    await complete(db, stall)
    assert await adjusting.note_debts(db) == 0
    await adjusting.adjust(db, a_wish(stall, kind=AdjustmentKind.DEBIT, amount_minor=5_000), by=OPERATOR)
    assert await adjusting.note_debts(db) == 1
    assert await adjusting.note_debts(db) == 0
    with psycopg.connect(database_url) as connection:
        keys = connection.execute("SELECT shop_id, id FROM facts WHERE name LIKE 'seller_money.%'").fetchall()
    async with db.any().reading() as tx:
        facts = await facts_by_id(tx, keys)
    for fact in facts:
        await tell(db, fact)
        await tell(db, fact)
        if fact.name == "seller_money.below_zero":
            await seller_money.send(db, fact)
            await seller_money.send(db, fact)
    kinds = {notice.kind for notice in await inbox_of(db, stall.seller, "seller")}
    assert {"seller.money_taken", "seller.below_zero"} <= kinds
    async with db.any().reading() as tx:
        (sent,) = await mail.latest_mails(tx)
    assert sent.recipient == stall.seller.email
    assert "5,000" in sent.body or "5.000" in sent.body
    await adjusting.adjust(db, a_wish(stall, amount_minor=5_000), by=OPERATOR)
    assert await adjusting.note_debts(db) == 0
    await adjusting.adjust(db, a_wish(stall, kind=AdjustmentKind.DEBIT), by=OPERATOR)
    assert await adjusting.note_debts(db) == 1
