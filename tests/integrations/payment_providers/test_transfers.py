"""Bank statements: read without guessing, matched without gambling, applied once."""

import asyncio
from dataclasses import replace
from datetime import date
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etalase.commerce.orders.rules import State
from etalase.commerce.payments.transfers import queries
from etalase.foundation.facts import Actor
from etalase.foundation.sql import Db
from etalase.integrations.payment_providers.bank_transfer import desk, matching, statement
from etalase.integrations.payment_providers.bank_transfer.desk import TransferGone
from etalase.integrations.payment_providers.bank_transfer.matching import (
    Awaited,
    Incoming,
    code_in,
    code_of,
    match,
    plan,
)
from etalase.integrations.payment_providers.bank_transfer.statement import StatementNotRead
from etalase.journeys.checkout import settle
from etalase.journeys.checkout.settle import Outcome
from tests.auditor import audit
from tests.builders.payments import await_payment
from tests.builders.stall import make_stall

SAMPLES = resources.files("etalase.integrations.payment_providers.bank_transfer") / "samples"
OPERATOR = Actor.operator(1)


def csv(*rows: str, head: str = "date,description,credit") -> bytes:
    return "\n".join([head, *rows]).encode()


def amounts(data: bytes, currency: str = "IDR") -> list[int]:
    return [line.amount_minor for line in statement.read(data, account="1", currency=currency)]


def test_statements_of_banks_are_read() -> None:
    bca = statement.read((SAMPLES / "bca.csv").read_bytes(), account="1")
    assert [(line.booked_on, line.amount_minor) for line in bca] == [
        (date(2026, 11, 23), 125_000), (date(2026, 11, 23), 2_500_000),
    ]  # fmt: skip
    mandiri = statement.read((SAMPLES / "mandiri.csv").read_bytes(), account="2")
    assert [line.amount_minor for line in mandiri] == [87_500, 87_500]
    assert len({line.digest for line in [*bca, *mandiri]}) == 4  # two transfers that look alike are two


@pytest.mark.parametrize(
    ("text", "minor"),
    [("125000", 125_000), ("125.000", 125_000), ('"125,000"', 125_000), ('"125,000.00"', 125_000), ('"125.000,00"', 125_000),
     ("Rp 125.000", 125_000), ("IDR125000.00 CR", 125_000), ("+5", 5)],
)  # fmt: skip
def test_amounts_are_read_in_both_writings(text: str, minor: int) -> None:
    assert amounts(csv(f"2026-11-23,x,{text}")) == [minor]


@pytest.mark.parametrize(
    ("currency", "text", "minor"), [("IDR", "125000", 125_000), ("JPY", "990", 990), ("USD", "12.50", 1_250)]
)
def test_each_currency_comes_in_by_the_table(currency: str, text: str, minor: int) -> None:
    assert amounts(csv(f"2026-11-23,x,{text}"), currency) == [minor]


@pytest.mark.parametrize("row", ["2026-11-23,x,12.5", "2026-11-23,x,0.50", "soon,x,5", "2026-11-23,x,five", "2026-11-23,x,1e9",
                                 '2026-11-23,x,"1,23"', "2026-13-01,x,5", "2026-11-23,x,9999999999999999"])  # fmt: skip
def test_what_is_unclear_is_refused_with_its_line(row: str) -> None:
    with pytest.raises(StatementNotRead, match="line 2"):
        amounts(csv(row))


def test_what_is_no_statement_is_refused() -> None:
    for data in (b"", b"a,b\n1,2", b"\xff\xfe", csv(head="date,credit")):
        with pytest.raises(StatementNotRead):
            amounts(data)
    with pytest.raises(StatementNotRead, match="large"):
        amounts(b"x" * 1_000_001)
    with pytest.raises(StatementNotRead, match="more than"):
        amounts(csv(*["2026-11-23,x,5"] * 2_001))
    assert amounts(csv("2026-11-23,fee,-500", "2026-11-23,fee,500 DB", ",,", "2026-11-23,zero,0")) == []


@given(st.binary(max_size=200))
def test_rubbish_never_breaks_the_reader(data: bytes) -> None:
    try:
        statement.read(csv() + b"\n" + data, account="1")
    except StatementNotRead:
        return


@given(st.integers(1, 2**62))
def test_a_code_is_found_however_a_bank_writes_it(payment_id: int) -> None:
    code = code_of(payment_id)
    for text in (f"TRSF {code} SITI", code.lower(), code.replace("-", ""), code.replace("-", " "), f"a/{code}/b"):
        assert code_in(text) == code


A, B = Awaited(1, 11, 50_000, "IDR", is_open=True), Awaited(2, 12, 70_000, "IDR", is_open=True)


def line(text: str, amount_minor: int) -> Incoming:
    return Incoming(text, amount_minor, "IDR")


def test_a_line_is_for_whom_it_names_or_for_the_only_one_who_owes_it() -> None:
    assert match(line(f"x {code_of(11)}", 1), [A, B]) == matching.Match("code", A)
    assert match(line("x", 70_000), [A, B]) == matching.Match("amount", B)
    assert match(line("x", 60_000), [A, B]).payment is None
    assert match(line("x", 50_000), [A, replace(B, missing_minor=50_000)]).found == "several"
    assert match(line("x", 50_000), [replace(A, is_open=False)]).found == "none"
    assert match(line(code_of(11), 50_000), [replace(A, is_open=False)]).payment is not None
    assert match(replace(line(code_of(11), 50_000), currency="USD"), [A]).found == "none"


def test_what_one_line_pays_is_not_owed_to_the_next() -> None:
    found = plan([line("x", 50_000), line("x", 50_000), line(code_of(12), 20_000), line("x", 50_000)], [A, B])
    assert [(one.found, one.payment.payment_id if one.payment else 0) for one in found] == [
        ("amount", 11), ("none", 0), ("code", 12), ("amount", 12),
    ]  # fmt: skip


async def read_in(db: Db, *rows: str) -> int:
    return await desk.read_in(db, statement.read(csv(*rows), account="1"), by=OPERATOR)


async def test_a_statement_pays_once_however_often_it_is_read_and_applied(db: Db, database_url: str) -> None:
    awaited = await await_payment(await make_stall(db), method="bank_transfer", provider="bank_transfer")
    amount = (await awaited.payment()).amount_minor
    rows = [
        f"2026-11-23,{code_of(awaited.payment_id)} a,{amount - 1_000}",
        f"2026-11-23,{code_of(awaited.payment_id)},1500",
    ]
    assert await read_in(db, *rows) == 2
    assert await read_in(db, *rows) == 0
    assert await awaited.captures() == []  # a preview moves nothing
    assert sum(await asyncio.gather(*(desk.apply_matched(db, by=OPERATOR) for _ in range(3)))) == 2
    assert await desk.apply_matched(db, by=OPERATOR) == 0
    assert (await awaited.order()).state is State.NEW
    assert [(r.amount_minor, r.reason) for r in await awaited.refunds()] == [(500, "overpaid")]
    assert audit(database_url) == {}


async def test_money_confirmed_by_hand_is_not_counted_again_by_the_statement(db: Db, database_url: str) -> None:
    awaited = await await_payment(await make_stall(db), method="bank_transfer", provider="bank_transfer")
    buyer, amount = awaited.stall.buyer.id, (await awaited.payment()).amount_minor
    confirmed = [
        await desk.confirm(
            db, buyer_id=buyer, payment_id=awaited.payment_id, amount_minor=amount, reference="R-1", by=OPERATOR
        )
        for _ in range(2)
    ]
    assert confirmed == [Outcome.PAID, Outcome.NOTHING_NEW]
    code = code_of(awaited.payment_id)
    await read_in(db, f"2026-11-23,{code},{amount}", f"2026-11-24,{code} again,{amount}")
    assert await desk.apply_matched(db, by=OPERATOR) == 2
    assert [(r.amount_minor, r.reason) for r in await awaited.refunds()] == [(amount, "paid_twice")]
    assert audit(database_url) == {}


async def test_the_operator_decides_what_no_code_says(db: Db) -> None:
    stall = await make_stall(db)
    one = await await_payment(stall, method="bank_transfer", provider="bank_transfer")
    two = await await_payment(stall, method="bank_transfer", provider="bank_transfer")
    amount = (await one.payment()).amount_minor
    await read_in(db, f"2026-11-23,no code,{amount}", "2026-11-23,gift,77")
    assert await desk.apply_matched(db, by=OPERATOR) == 0
    async with db.any().reading() as tx:
        first, gift = await queries.new_lines(tx)
    with pytest.raises(TransferGone):
        await desk.assign(db, line_id=first.id, code="ETL-222222", by=OPERATOR)
    await desk.assign(db, line_id=first.id, code=code_of(two.payment_id).lower(), by=OPERATOR)
    with pytest.raises(TransferGone):
        await desk.assign(db, line_id=first.id, code=code_of(one.payment_id), by=OPERATOR)
    await desk.set_aside(db, line_id=gift.id, by=OPERATOR)
    assert ((await one.order()).state, (await two.order()).state) == (State.UNPAID, State.NEW)
    for amount_minor in (0, -5, 10**15):
        with pytest.raises(settle.AmountNotValid):
            await desk.confirm(
                db,
                buyer_id=stall.buyer.id,
                payment_id=one.payment_id,
                amount_minor=amount_minor,
                reference="R",
                by=OPERATOR,
            )


async def test_other_providers_payments_are_not_confirmed_by_hand(db: Db) -> None:
    awaited = await await_payment(await make_stall(db), provider="midtrans")
    with pytest.raises(TransferGone):
        await desk.confirm(
            db,
            buyer_id=awaited.stall.buyer.id,
            payment_id=awaited.payment_id,
            amount_minor=5,
            reference="R",
            by=OPERATOR,
        )
    with pytest.raises(TransferGone):
        await desk.show_proof(db, buyer_id=awaited.stall.buyer.id, purchase_id=awaited.purchase_id, file_key="x")
