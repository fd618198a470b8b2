"""Every form that takes an amount, typed wrongly: it is refused in words, and no rupiah moves."""

import httpx
import psycopg
import pytest

from etalase.commerce.payments.rules import PaymentState
from etalase.foundation.ids import new_id
from etalase.foundation.money import typed_rupiah
from etalase.foundation.sql import Db
from etalase.integrations.payment_providers import starting
from etalase.settings import Settings
from tests.auditor import audit
from tests.builders.accounts import make_account
from tests.builders.payments import await_payment
from tests.builders.returns import asked
from tests.builders.web import post, sign_in
from tests.commerce.wallet.test_withdrawing import make_saver

WRONG = [
    "-1", "-50000", "0", "000", "1", "99999999999", "999999999999999", "9" * 40, "50000.00", "50.000,00", "50,0000", "5.00",
    "1e5", "0x10", "٥٠٠٠٠", "５００００", "NaN", "Infinity", "", " ", "USD 50", "50000 USD", "Rp", "1;2", "+50000",
]  # fmt: skip
MOVED = "SELECT (SELECT count(*) FROM ledger_entries), (SELECT count(*) FROM withdrawals), (SELECT count(*) FROM adjustments),"
MOVED += " (SELECT count(*) FROM payments), (SELECT count(*) FROM refunds), (SELECT count(*) FROM policies)"


def moved(url: str) -> object:
    with psycopg.connect(url) as connection:
        return connection.execute(MOVED.encode()).fetchone()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("50000", 50_000), ("50.000", 50_000), ("Rp50,000", 50_000), ("rp 1.250.000", 1_250_000), (" 7 ", 7), ("0", 0)],
)
def test_amounts_as_people_type_them(typed: str, meant: int) -> None:
    assert typed_rupiah(typed) == meant


@pytest.mark.parametrize(
    "typed", ["50000.00", "50.000,00", "5.00", "50,0000", "1,000.000", "-5", "", "1e5", "٥", "9" * 16]
)
def test_what_could_be_meant_otherwise_is_no_amount(typed: str) -> None:
    assert typed_rupiah(typed) is None


async def test_a_wallet_moves_nothing(db: Db, client: httpx.AsyncClient, database_url: str) -> None:
    stall = await make_saver(db)
    await sign_in(client, stall.buyer)
    before = moved(database_url)
    for typed in WRONG:
        fields = {"key": f"key-{new_id()}", "amount": typed}
        assert (await post(client, "/wallet/withdrawal", fields)).status_code == 422, typed
        if typed != "99999999999":  # more than a wallet holds, refused in its own words
            assert (await post(client, "/wallet/top-up", fields | {"method": "qris:0"})).status_code == 422, typed
    assert (await post(client, "/wallet/top-up", fields | {"amount": "50000", "method": "qris:-9"})).status_code == 303
    assert (await post(client, "/wallet/top-up", fields | {"amount": "50000", "method": "cod:0"})).status_code in (
        303,
        422,
    )
    assert moved(database_url) != before, "the one that was right is awaited"
    assert audit(database_url) == {}


async def test_the_operators_forms_move_nothing(
    db: Db, client: httpx.AsyncClient, database_url: str, settings: Settings
) -> None:
    made = await asked(db)
    transfer = await await_payment(made.stall, method="bank_transfer", provider="bank_transfer")
    await starting.start_payment(db, settings, buyer_id=made.stall.buyer.id, payment_id=transfer.payment_id)
    await sign_in(client, await make_account(db, name="Oki", is_operator=True))
    before = moved(database_url)
    for typed in WRONG:
        for kind in ("credit", "debit", "compensation", "carrier", "subsidy"):
            wish = {
                "form_key": str(new_id()),
                "store": made.stall.shop.slug,
                "kind": kind,
                "amount": typed,
                "reason": "five",
            }
            wish |= {"order": str(made.order.id)}
            if typed != "1":
                answer = await post(client, "/operator/adjustments", wish)
                assert answer.status_code == 422, (kind, typed)
                answer = await post(client, "/operator/adjustments", wish | {"amount": "500", "currency": "USD"})
                assert answer.status_code == 422, "another currency than the books of the seller"
        where = f"/operator/transfers/{transfer.stall.buyer.id}/{transfer.payment_id}"
        if typed not in ("1", "99999999999", "999999999999999"):  # so much may have come to a bank
            await post(client, where, {"amount": typed, "reference": "R-1"})
        if typed not in ("0", "000", "1"):
            fee = {"figure": "fee.order", "scope": "operator", "value": typed, "action": "save"}
            assert (await post(client, "/operator/fees", fee)).status_code == 422, typed
    assert moved(database_url) == before
    assert (await transfer.payment()).state is PaymentState.PENDING
    assert audit(database_url) == {}


async def test_offers_of_a_seller_move_nothing(db: Db, client: httpx.AsyncClient, database_url: str) -> None:
    made = await asked(db)
    await sign_in(client, made.stall.seller)
    before = moved(database_url)
    for typed in [*WRONG, "5", "9", "91", "101"]:
        await post(client, f"/seller/returns/{made.id}", {"verb": "offer", "percent": typed, "words": "x"})
        assert (await made.now()).offer_percent is None, typed
    assert moved(database_url) == before
    await post(client, f"/seller/returns/{made.id}", {"verb": "offer", "percent": "10", "words": "x"})
    assert (await made.now()).offer_percent == 10, "the form that is right is taken"
    assert audit(database_url) == {}
