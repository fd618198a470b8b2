"""The audit finds nothing in honest books, and every lie that a hand in psql can tell."""

import json
from datetime import UTC, datetime, timedelta
from typing import cast

import httpx
import psycopg
import pytest
from click.testing import CliRunner

from etalase.cli import main
from etalase.commerce.ledger import wallets
from etalase.commerce.ledger.wallets import Movement
from etalase.foundation import clock
from etalase.foundation.facts import Actor
from etalase.foundation.sql import Db
from etalase.journeys.auditing import actions, queries
from etalase.journeys.auditing.proving import Proof, prove
from etalase.journeys.auditing.rules import FINDINGS_MAX, PROOFS, AuditState, Finding, is_nightly_due
from etalase.settings import settings
from tests.auditor import OneConnection
from tests.builders.accounts import make_account
from tests.builders.settling import complete
from tests.builders.stall import Stall, make_stall
from tests.builders.web import post, sign_in

LIES = {
    "postings balance": "UPDATE ledger_entries SET amount_minor = amount_minor + 1 WHERE account = 'escrow'",
    "entries have their order": "UPDATE ledger_entries SET order_id = order_id + 1",
    "orders are paid what they cost": "UPDATE orders SET refunded_minor = 1 WHERE state = 'new'",
    "held money": "UPDATE ledger_entries SET account = 'shipping' WHERE account = 'escrow'",
    "credited to sellers": "UPDATE ledger_entries SET account = 'rounding' WHERE account = 'seller_pending'",
    "settlements": "UPDATE settlements SET net_minor = 1, pending_minor = 1",
    "commission by line": "INSERT INTO settlement_lines SELECT shop_id, order_id, 1, 9, 250, 0, 1 FROM settlements",
    "payouts": "UPDATE ledger_entries SET account = 'payout_clearing' WHERE account = 'escrow'",
    "statements": "INSERT INTO statements SELECT shop_id, 1, 'IDR', now(), now() + interval '1 day', 0, 7, 1, now() FROM shops",
    "refunds of orders": "DELETE FROM refunds",
    "refunds are posted": "UPDATE ledger_entries SET cause = 'adjustment' WHERE cause = 'refund'",
    "refunds within payments": "UPDATE refunds SET amount_minor = amount_minor * 10",
    "running totals": "UPDATE ledger_totals SET amount_minor = amount_minor - 1 WHERE account = 'seller_pending'",
    "wallets": "UPDATE ledger_totals SET amount_minor = amount_minor - 1 WHERE account = 'buyer_wallet'",
    "set aside in wallets": "UPDATE payments SET wallet_minor = 1, state = 'pending' WHERE state = 'paid'",
    "paid by wallets": "UPDATE payments SET provider = 'wallet'",
    "refunds to wallets": "UPDATE refunds SET to_wallet = true",
    "top-ups": "UPDATE payments SET is_top_up = true",
    "withdrawals": "UPDATE ledger_entries SET account = 'bank', cause = 'wallet withdrawal' WHERE account = 'escrow'",
    "captures": "DELETE FROM captures",
    "refunds paid out": "DELETE FROM refunds",
    "surplus": "UPDATE ledger_entries SET account = 'surplus' WHERE account = 'provider_clearing' AND cause = 'capture'",
}


async def make_books(db: Db) -> Stall:
    """An order paid, one completed, one cancelled, and a wallet."""
    stall = await make_stall(db)
    await stall.new()
    await complete(db, stall)
    await stall.cancelled()
    async with db.for_buyer(stall.buyer.id).transaction() as tx:
        gift = Movement(owner_id=stall.buyer.id, currency="IDR", amount_minor=5, at=clock.now())
        await wallets.credit(tx, gift, source="subsidy")
    return stall


def lie(url: str, text: str) -> None:
    """Change what is written past every trigger and constraint between rows."""
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(text)


def test_there_is_a_lie_for_every_proof() -> None:
    assert set(LIES) == set(PROOFS)


async def test_honest_books_hold_and_every_lie_is_found(db: Db, database_url: str) -> None:
    await make_books(db)
    honest = await prove(db)
    assert (honest.findings, honest.orders, honest.refunds) == ([], 3, 1)
    async with await psycopg.AsyncConnection.connect(
        database_url, autocommit=True, prepare_threshold=None
    ) as connection:
        await connection.execute("SET session_replication_role = replica")
        for name, text in LIES.items():
            await connection.execute("BEGIN")
            await connection.execute(text)
            found = (await prove(cast("Db", OneConnection(connection)))).findings
            await connection.execute("ROLLBACK")
            assert name in {finding.proof for finding in found}, f"believed: {text}"
    assert (await prove(db)).findings == []


async def test_one_shop_is_proved_alone(db: Db, database_url: str) -> None:
    stall = await make_books(db)
    other = await make_stall(db)
    await other.new()
    lie(database_url, LIES["orders are paid what they cost"])
    found = await prove(db, shop_id=stall.shop.shop_id)
    assert {finding.shop_id for finding in found.findings} == {stall.shop.shop_id}
    assert found.orders == 3
    assert {finding.shop_id for finding in (await prove(db)).findings} == {stall.shop.shop_id, other.shop.shop_id}


def test_findings_beyond_what_is_kept_are_counted() -> None:
    proof = Proof()
    for number in range(3):
        proof.find([Finding("held money", 1, number, "IDR", 0, 1)] * 100)
    assert (proof.findings_count, len(proof.findings)) == (300, FINDINGS_MAX)


async def test_a_worker_audits_by_night_and_on_demand_and_once_at_a_time(db: Db) -> None:
    await make_books(db)
    operator = Actor.operator((await make_account(db, is_operator=True)).id)
    assert await actions.look_after(db) == 1, "nobody has ever looked"
    assert await actions.look_after(db) == 0, "once a night"
    clock.set_offset(timedelta(hours=25))
    assert await actions.look_after(db) == 1
    assert await actions.ask(db, by=operator)
    assert not await actions.ask(db, by=operator), "one waits already"
    assert await actions.look_after(db) == 1
    async with db.any().reading() as tx:
        kept = await queries.audits(tx)
    assert [(audit.cause, audit.state, audit.findings_count) for audit in kept] == [
        ("operator", AuditState.DONE, 0),
        ("nightly", AuditState.DONE, 0),
        ("nightly", AuditState.DONE, 0),
    ]
    assert kept[0].orders == 3


@pytest.mark.parametrize(
    ("last", "now", "is_due"),
    [  # moments of Jakarta, seven hours ahead
        ("2026-11-24 15:00", "2026-11-25 01:59", False),
        ("2026-11-24 15:00", "2026-11-25 02:00", True),
        ("2026-11-25 02:00", "2026-11-25 15:00", False),
        ("2026-11-25 01:00", "2026-11-25 15:00", True),
        ("2026-11-20 15:00", "2026-11-25 01:00", True),
    ],
)
def test_the_night_begins_at_two_in_jakarta(last: str, now: str, is_due: bool) -> None:
    moments = [datetime.fromisoformat(f"{told}+07:00").astimezone(UTC) for told in (last, now)]
    assert is_nightly_due(moments[0], now=moments[1]) is is_due
    assert is_nightly_due(None, now=moments[1]), "nobody has ever looked"


async def test_an_audit_whose_worker_died_is_given_up(db: Db) -> None:
    await actions.ask(db, by=Actor.operator(1))
    async with db.any().transaction() as tx:
        assert await queries.claim(tx, at=clock.now()) is not None
    clock.set_offset(timedelta(hours=1))
    await actions.look_after(db)
    async with db.any().reading() as tx:
        states = [audit.state for audit in await queries.audits(tx)]
    assert states[-1] is AuditState.FAILED


async def test_the_operator_audits_and_reads_what_is_wrong(
    db: Db, database_url: str, client: httpx.AsyncClient
) -> None:
    stall = await make_books(db)
    await sign_in(client, stall.seller)
    assert (await client.get("/operator/audit")).status_code == 404
    assert (await post(client, "/operator/audit")).status_code == 404
    await sign_in(client, await make_account(db, is_operator=True))
    assert "Nothing was audited yet" in (await client.get("/operator/audit")).text
    assert (await post(client, "/operator/audit")).status_code == 303
    assert "every 2s" in (await client.get("/operator/audit/latest")).text
    await actions.look_after(db)
    assert "Every rupiah is where it belongs." in (await client.get("/operator/audit")).text
    lie(database_url, LIES["running totals"])
    await post(client, "/operator/audit")
    await actions.look_after(db)
    page = (await client.get("/operator/audit")).text
    assert "Running totals equal the sums of their entries" in page
    assert stall.shop.name in page
    assert "every 2s" not in page


def test_the_command_ends_with_one_when_something_is_wrong(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    settings.cache_clear()
    try:
        honest = CliRunner().invoke(main, ["audit"])
        assert (honest.exit_code, honest.output.splitlines()[-1]) == (0, "0 orders, 0 entries, 0 findings")
        lie(
            database_url,
            "INSERT INTO ledger_entries (shop_id, id, posting_id, account, currency, amount_minor, cause, at)"
            " VALUES (0, 1, 2, 'bank', 'IDR', 5, 'payout', now())",
        )
        answer = CliRunner().invoke(main, ["audit", "--json"])
        assert answer.exit_code == 1
        (finding,) = json.loads(answer.output)["findings"]
        assert (finding["proof"], finding["subject_id"], finding["found_minor"]) == ("postings balance", 2, 5)
    finally:
        settings.cache_clear()
