"""Several providers in one installation: who takes what, who hides, who is asked."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from etalase.commerce.orders.rules import State
from etalase.commerce.payments import actions as payment_actions
from etalase.commerce.payments import health, queries
from etalase.commerce.payments.methods import METHODS, payment_method
from etalase.commerce.payments.rules import PaymentState, RefundState, hidden_for
from etalase.foundation import clock
from etalase.foundation.facts import Actor, RecordedFact
from etalase.foundation.policies.queries import load_book
from etalase.foundation.sql import Db
from etalase.integrations.payment_providers import availability, settling, starting
from etalase.integrations.payment_providers.routing import bank_accounts, page_addresses, provider_of, routes, set_up
from etalase.journeys.checkout import settle
from etalase.settings import Settings
from tests.builders.payments import Awaited, await_payment
from tests.builders.stall import make_stall
from tests.vendors.midtrans import Midtrans
from tests.vendors.serving import served
from tests.vendors.xendit import Xendit

KEY = "a-server-key"


def shop(**values: Any) -> Settings:
    keys = {name: SecretStr(value) if "key" in name else value for name, value in values.items()}
    return Settings(mode="production").model_copy(update=keys)


ALL = {
    "midtrans_server_key": "a", "xendit_secret_key": "b", "stripe_secret_key": "c", "payment_url": "http://pay.test",
    "bank_accounts": "BCA 123 PT Etalase",
}  # fmt: skip


def test_a_bare_installation_takes_cash_alone() -> None:
    assert set_up(shop()) == {"cod"}
    assert [method.code for method in METHODS if provider_of(shop(), method.code)] == ["cod"]


def test_each_method_says_who_takes_it() -> None:
    here = shop(**ALL)
    taken = {code: provider_of(here, code) for code in ("qris", "ovo", "card", "bank_transfer", "cod", "cheque")}
    assert taken == {
        "qris": "midtrans", "ovo": "xendit", "card": "midtrans", "bank_transfer": "bank_transfer", "cod": "cod",
        "cheque": None,
    }  # fmt: skip
    routed = shop(**ALL, payment_routes="card=stripe, qris = xendit")
    assert (provider_of(routed, "card"), provider_of(routed, "qris")) == ("stripe", "xendit")
    lost = shop(payment_routes="card=stripe", payment_url="http://pay.test")
    assert provider_of(lost, "card") is None  # who is named and not set up is not replaced by another
    for currency in ("USD", "JPY", "KWD"):
        assert provider_of(here, "card", currency=currency) == "stripe"
        assert provider_of(shop(midtrans_server_key="a"), "card", currency=currency) is None


@pytest.mark.parametrize("wrong", ["card", "card=nobody", "ovo=midtrans", "=stripe"])
def test_routes_that_name_nothing_are_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="ETALASE_PAYMENT_ROUTES"):
        routes(shop(payment_routes=wrong))


def test_accounts_are_read_or_refused() -> None:
    found = bank_accounts(shop(bank_accounts="BCA 123 PT Etalase; Mandiri 456 Etalase;"))
    assert [(one.bank, one.number, one.holder) for one in found] == [
        ("BCA", "123", "PT Etalase"), ("Mandiri", "456", "Etalase"),
    ]  # fmt: skip
    for wrong in ("BCA", "BCA x Etalase", "BCA 123"):
        with pytest.raises(ValueError, match="ETALASE_BANK_ACCOUNTS"):
            bank_accounts(shop(bank_accounts=wrong))
    assert "https://checkout.stripe.com" in page_addresses(shop(**ALL))


def test_hiding_grows_and_ends() -> None:
    waits = [hidden_for(failures) for failures in range(1, 9)]
    assert waits[0] == timedelta(seconds=30)
    assert waits == sorted(waits)
    assert hidden_for(1_000) == timedelta(minutes=15)


async def refusal_of(db: Db, here: Settings, code: str, *, amount_minor: int = 125_000, currency: str = "IDR") -> str:
    availability.forget()
    async with db.any().reading() as tx:
        found = await availability.offers(
            tx, here, amount_minor=amount_minor, currency=currency, book=await load_book(tx)
        )
    return next(offer.refusal for offer in found if offer.method.code == code)


async def test_a_method_is_hidden_at_once_comes_back_by_itself_and_by_working(db: Db) -> None:
    here = shop(**ALL)
    assert await refusal_of(db, here, "qris") == ""
    await health.failed(db, provider="midtrans", method="qris", error="503")
    assert await refusal_of(db, here, "qris") == "failing"
    assert await refusal_of(db, shop(**ALL, payment_routes="qris=xendit"), "qris") == ""  # another's is not ill
    clock.set_offset(timedelta(seconds=31))
    assert await refusal_of(db, here, "qris") == ""
    await health.failed(db, provider="midtrans", method="qris", error="503")
    clock.set_offset(timedelta(seconds=31 + 40))
    assert await refusal_of(db, here, "qris") == "failing"
    await health.works(db, provider="midtrans", method="qris")
    assert await refusal_of(db, here, "qris") == ""


async def test_the_operators_switch_and_the_limits(db: Db) -> None:
    here = shop(**ALL)
    assert await health.switch_off(db, method="qris", reason="dispute", by=Actor.operator(1))
    assert not await health.switch_off(db, method="qris", reason="again", by=Actor.operator(1))
    assert await refusal_of(db, here, "qris") == "off"
    assert await health.switch_on(db, method="qris", by=Actor.operator(1))
    assert await refusal_of(db, here, "qris") == ""
    for amount_minor in (0, -1, payment_method("qris").maximum_minor + 1, 10**15):
        assert await refusal_of(db, here, "qris", amount_minor=amount_minor) == "closed"
    assert await refusal_of(db, here, "qris", currency="USD") == "closed"
    assert await refusal_of(db, here, "card", currency="USD", amount_minor=5) == ""


async def payment_of(db: Db, buyer_id: int, payment_id: int) -> Any:
    async with db.for_buyer(buyer_id).reading() as tx:
        return await queries.payment(tx, buyer_id=buyer_id, payment_id=payment_id)


async def test_the_payments_own_provider_is_started_asked_refunded_and_closed(
    db: Db, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    """Two providers side by side: each payment goes to the one its row names, and an outage of one hides only its method."""
    midtrans, xendit = Midtrans(KEY), Xendit(KEY)
    async with served(midtrans.app) as one, served(xendit.app) as other:
        here = shop(
            midtrans_server_key=KEY, midtrans_url=one, midtrans_snap_url=one, xendit_secret_key=KEY, xendit_url=other
        )
        monkeypatch.setattr(settling, "settings", lambda: here)
        stall = await make_stall(db)
        first = await await_payment(stall, method="qris", provider="midtrans")
        second = await await_payment(stall, method="shopeepay", provider="xendit")
        third = await await_payment(stall, method="bca_va", provider="midtrans")
        buyer = stall.buyer.id
        for awaited in (first, second):
            url = await starting.start_payment(db, here, buyer_id=buyer, payment_id=awaited.payment_id)
            assert url == f"/purchases/{awaited.purchase_id}"
            assert (await awaited.payment()).instructions is not None
        midtrans.is_down = True
        assert await starting.start_payment(db, here, buyer_id=buyer, payment_id=third.payment_id) is None
        assert await refusal_of(db, here, "bca_va") == "failing"
        midtrans.is_down = False
        assert await starting.start_payment(db, here, buyer_id=buyer, payment_id=third.payment_id) is not None
        assert await refusal_of(db, here, "bca_va") == ""

        midtrans.pay((await first.payment()).provider_reference or "")
        xendit.pay((await second.payment()).provider_reference or "")
        clock.set_offset(timedelta(minutes=3))
        assert await settling.ask_undecided(db) == 3  # nobody notified: the janitor asked
        assert ((await first.order()).state, (await second.order()).state) == (State.NEW, State.NEW)
        assert (await third.order()).state is State.UNPAID

        await refunds_go_to_their_own_provider(db, first, second)
        async with db.for_buyer(buyer).transaction() as tx:
            payment = await third.payment()
            await payment_actions.end(tx, payment, state=PaymentState.CANCELLED, failure="x", at=clock.now())
        await settling.close_payment(db, fact_of("payment.ended", third.payment_id, buyer))
        assert midtrans.orders[third.reference]["transaction_status"] == "cancel"


async def refunds_go_to_their_own_provider(db: Db, *paid: Awaited) -> None:
    for awaited in paid:
        await settle.settle(db, await awaited.report(5_000, attempt="more"))
        (refund,) = await awaited.refunds()
        await settling.send_refund(db, fact_of("refund.approved", refund.id, awaited.stall.buyer.id))
        assert (await awaited.refunds())[0].state is RefundState.SENT
    clock.set_offset(timedelta(hours=2))
    await settling.ask_undecided(db)  # nobody told the end of the refunds either
    assert [(await one.refunds())[0].state for one in paid] == [RefundState.DONE] * len(paid)


def fact_of(name: str, subject_id: int, buyer_id: int) -> RecordedFact:
    return RecordedFact(
        shop_id=0, id=1, name=name, subject_kind="x", subject_id=subject_id, order_id=None, buyer_id=buyer_id,
        actor_kind="system", actor_id=None, at=clock.now(), data={},
    )  # fmt: skip
