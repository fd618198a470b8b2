"""What vendors wrote, read into our words; what we have no word for is never guessed."""

import json
from decimal import Decimal
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etalase.foundation.money import from_iso_minor, from_major, to_iso_minor, to_major
from etalase.integrations.payment_providers.hooks import HOOKS, without_cards
from etalase.integrations.payment_providers.midtrans import mapping as midtrans
from etalase.integrations.payment_providers.protocol import PaymentReport, PaymentStatus, ReportNotUnderstood
from etalase.integrations.payment_providers.sandbox import mapping as sandbox
from etalase.integrations.payment_providers.stripe import mapping as stripe
from etalase.integrations.payment_providers.xendit import mapping as xendit

REFERENCE = "7246811903098880-7246811903102976"
REFUND = "7246811903123456"
S = PaymentStatus
READ: dict[str, list[tuple[PaymentStatus, int, str | None]]] = {
    "midtrans/pending": [(S.PENDING, 125_000, None)],
    "midtrans/settlement_va": [(S.PAID, 125_000, None)],
    "midtrans/settlement_qris": [(S.PAID, 125_000, None)],
    "midtrans/settlement_gopay": [(S.PAID, 125_000, None)],
    "midtrans/settlement_cstore": [(S.PAID, 125_000, None)],
    "midtrans/settlement_echannel": [(S.PAID, 125_000, None)],
    "midtrans/capture_card": [(S.PAID, 125_000, None)],
    "midtrans/deny_card": [(S.PENDING, 125_000, None)],
    "midtrans/deny": [(S.FAILED, 125_000, None)],
    "midtrans/failure": [(S.FAILED, 125_000, None)],
    "midtrans/cancel": [(S.CANCELLED, 125_000, None)],
    "midtrans/expire": [(S.EXPIRED, 125_000, None)],
    "midtrans/partial_refund": [(S.PAID, 125_000, None), (S.REFUNDED, 25_000, REFUND)],
    "midtrans/refund": [
        (S.PAID, 125_000, None), (S.REFUNDED, 25_000, REFUND), (S.REFUNDED, 100_000, "7246811903123457"),
    ],
    "xendit/invoice_pending": [(S.PENDING, 125_000, None)],
    "xendit/invoice_paid": [(S.PAID, 125_000, None)],
    "xendit/invoice_paid_more": [(S.PAID, 130_000, None)],
    "xendit/invoice_settled": [(S.PAID, 125_000, None)],
    "xendit/invoice_expired": [(S.EXPIRED, 125_000, None)],
    "xendit/payment_va": [(S.PAID, 125_000, None)],
    "xendit/payment_qris": [(S.PAID, 125_000, None)],
    "xendit/payment_dana": [(S.PAID, 125_000, None)],
    "xendit/payment_failed": [(S.FAILED, 125_000, None)],
    "xendit/refund_succeeded": [(S.REFUNDED, 25_000, REFUND)],
    "xendit/refund_failed": [(S.REFUND_FAILED, 25_000, REFUND)],
    "stripe/session_completed": [(S.PAID, 125_000, None)],
    "stripe/session_unpaid": [(S.PENDING, 125_000, None)],
    "stripe/session_expired": [(S.EXPIRED, 125_000, None)],
    "stripe/intent_succeeded": [(S.PAID, 125_000, None)],
    "stripe/intent_failed": [(S.PENDING, 125_000, None)],
    "stripe/intent_canceled": [(S.CANCELLED, 125_000, None)],
    "stripe/refund_pending": [(S.PENDING, 25_000, REFUND)],
    "stripe/refund_succeeded": [(S.REFUNDED, 25_000, REFUND)],
    "stripe/refund_failed": [(S.REFUND_FAILED, 25_000, REFUND)],
    "stripe/charge_succeeded": [],
}  # fmt: skip
NOT_UNDERSTOOD = ["midtrans/challenge_card", "midtrans/chargeback", "xendit/payment_authorized", "stripe/dispute"]


def sample(name: str) -> bytes:
    """A recorded body."""
    vendor, _, file = name.partition("/")
    folder = resources.files(f"etalase.integrations.payment_providers.{vendor}") / "samples"
    return (folder / f"{file}.json").read_bytes()


def read(name: str) -> tuple[PaymentReport, ...]:
    return HOOKS[name.partition("/")[0]].read(sample(name))


@pytest.mark.parametrize("name", READ)
def test_recorded_bodies_are_read(name: str) -> None:
    reports = read(name)
    assert [(report.status, report.amount_minor, report.refund_reference) for report in reports] == READ[name]
    assert {(report.merchant_reference, report.currency) for report in reports} <= {(REFERENCE, "IDR")}
    assert all((report.paid_attempt_id is not None) is (report.status is S.PAID) for report in reports)


@pytest.mark.parametrize("name", NOT_UNDERSTOOD)
def test_what_somebody_has_to_look_at_is_not_guessed(name: str) -> None:
    with pytest.raises(ReportNotUnderstood):
        read(name)


def test_every_recorded_body_is_read_or_known_not_to_be() -> None:
    vendors = ("midtrans", "xendit", "stripe")
    folders = [(one, resources.files(f"etalase.integrations.payment_providers.{one}") / "samples") for one in vendors]
    found = {f"{vendor}/{file.name.removesuffix('.json')}" for vendor, folder in folders for file in folder.iterdir()}
    assert found == {*READ, *NOT_UNDERSTOOD}


def test_one_payment_told_in_two_ways_is_one_arrival() -> None:
    for one, other in [
        ("stripe/session_completed", "stripe/intent_succeeded"),
        ("xendit/invoice_paid", "xendit/invoice_settled"),
        ("midtrans/settlement_va", "midtrans/refund"),
    ]:
        assert read(one)[0].paid_attempt_id == read(other)[0].paid_attempt_id


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        (name, key, value)
        for name, key in [("midtrans/settlement_va", "gross_amount"), ("xendit/invoice_paid", "paid_amount")]
        for value in ["0.00", "-1", "1.5", "NaN", "Infinity", "1e30", "", "a", True, None, [], 10**16]
    ]
    + [
        ("midtrans/settlement_va", "transaction_status", "settled"),
        ("midtrans/settlement_va", "status_code", "201"),
        ("midtrans/settlement_va", "order_id", "77-x"),
        ("midtrans/settlement_va", "currency", "XXX"),
        ("midtrans/settlement_va", "settlement_time", "soon"),
        ("midtrans/capture_card", "fraud_status", "deny"),
        ("xendit/invoice_paid", "status", "DONE"),
        ("xendit/invoice_paid", "external_id", ""),
        ("xendit/invoice_paid", "id", None),
        ("xendit/invoice_paid", "paid_at", 7),
    ],
)
def test_what_is_not_whole_is_not_understood(name: str, key: str, value: Any) -> None:
    body = json.dumps({**json.loads(sample(name)), key: value})
    with pytest.raises(ReportNotUnderstood):
        HOOKS[name.partition("/")[0]].read(body.encode())


@pytest.mark.parametrize("change", [{"amount_total": 12_500_050}, {"amount_total": 0}, {"amount_total": -100},
                                    {"amount_total": True}, {"currency": "xxx"}, {"payment_status": "maybe"},
                                    {"metadata": {}}])  # fmt: skip
def test_stripes_parts_of_a_rupiah_and_other_oddities_are_not_understood(change: dict[str, Any]) -> None:
    raw = json.loads(sample("stripe/session_completed"))
    raw["data"]["object"] |= change
    with pytest.raises(ReportNotUnderstood):
        HOOKS["stripe"].read(json.dumps(raw).encode())


@pytest.mark.parametrize("vendor", ["midtrans", "xendit", "stripe"])
@given(body=st.binary(max_size=120) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.dictionaries(st.sampled_from(["event", "type", "data", "object", "id", "status"]), inner, max_size=4),
    max_leaves=6,
).map(lambda raw: json.dumps(raw).encode()))  # fmt: skip
def test_rubbish_is_refused_and_never_breaks_a_reader(vendor: str, body: bytes) -> None:
    try:
        reports = HOOKS[vendor].read(body)
    except ReportNotUnderstood:
        return
    assert reports == ()


AMOUNTS = [("IDR", 125_000, "125000"), ("JPY", 990, "990"), ("USD", 1_250, "12.50"), ("KWD", 12_340, "12.340")]


@pytest.mark.parametrize(("currency", "minor", "major"), AMOUNTS)
def test_each_currency_goes_out_and_comes_back_through_each_connector(currency: str, minor: int, major: str) -> None:
    """The one table of exponents, through every vendor's writing of an amount, in both directions."""
    assert str(midtrans.wire_amount(minor, currency)) == major
    (back,) = midtrans.reports_in(
        {**json.loads(sample("midtrans/settlement_va")), "gross_amount": major, "currency": currency}
    )
    assert (back.amount_minor, back.currency) == (minor, currency)

    assert Decimal(str(xendit.wire_amount(minor, currency))) == Decimal(major)
    sent = json.loads(json.dumps({"paid_amount": xendit.wire_amount(minor, currency)}), parse_float=Decimal)
    told = xendit.invoice_report({**json.loads(sample("xendit/invoice_paid")), **sent, "currency": currency})
    assert (told.amount_minor, told.currency) == (minor, currency)

    wire = stripe.wire_amount(minor, currency)
    assert wire == {"IDR": 12_500_000, "JPY": 990, "USD": 1_250, "KWD": 12_340}[currency]
    session = json.loads(sample("stripe/session_completed"))["data"]["object"]
    heard = stripe.session_report({**session, "amount_total": wire, "currency": currency.lower()})
    assert (heard.amount_minor, heard.currency) == (minor, currency)

    event = {**json.loads(sample("sandbox/paid")), "amount_minor": minor, "currency": currency}
    assert (sandbox.report_of_event(event).amount_minor, sandbox.report_of_event(event).currency) == (minor, currency)


def test_a_dinar_that_stripe_cannot_take_exactly_is_refused() -> None:
    with pytest.raises(ValueError, match="last digit"):
        stripe.wire_amount(12_345, "KWD")


@given(st.integers(-(10**14), 10**14), st.sampled_from(["IDR", "JPY", "USD", "KWD"]))
def test_amounts_survive_both_writings(minor: int, currency: str) -> None:
    assert from_major(to_major(minor, currency), currency) == minor
    assert from_major(str(to_major(minor, currency)), currency) == minor
    assert from_iso_minor(to_iso_minor(minor, currency), currency) == minor


@pytest.mark.parametrize(
    ("text", "currency"), [("0.5", "IDR"), ("1.005", "USD"), ("1", "XXX"), ("one", "IDR"), ("1e20", "IDR")]
)
def test_amounts_are_never_rounded_into_being(text: str, currency: str) -> None:
    with pytest.raises(ValueError, match=r"amount|currency"):
        from_major(text, currency)


def test_nothing_of_a_card_is_kept() -> None:
    cleaned = json.loads(without_cards(sample("midtrans/capture_card")))
    assert "masked_card" not in cleaned
    assert cleaned["order_id"] == REFERENCE
    nested = b'{"data":{"object":{"payment_method_details":{"card":{"last4":"4242"}},"id":"ch_1"}}}'
    assert json.loads(without_cards(nested)) == {"data": {"object": {"id": "ch_1"}}}
    assert without_cards(b"no json") == b"no json"
