"""Which notice follows from which fact, and how it reads."""

from datetime import UTC, datetime

import pytest

from etalase.foundation.facts import RecordedFact
from etalase.foundation.i18n import translator
from etalase.reactions.notifications.actions import tell
from etalase.reactions.notifications.rules import ALWAYS, CHOICES, KINDS, kinds_for, kinds_of, text_of
from etalase.subscriptions import SUBSCRIPTIONS

VALUES = {
    "shop": "Rumah Gerabah", "buyer": "Sari", "title": "Cangkir 100% tanah", "currency": "IDR", "carrier": "JNE", "units": 2,
    "tracking_number": "JNE123", "new_number": "JNE124", "note": "Hujan", "answer": "Sudah dikemas", "reason": "Nobody is home.",
    "amount_minor": 25000, "closing_minor": 40000, "refund_minor": 25000, "released_minor": 90000, "kind": "ship.sla",
    "app": "Gudang Pintar", "address": "https://erp.example/hooks", "error": "503", "claimed_minor": 25000, "paid_minor": 25000, "until": "2026-11-25T05:00:00+00:00",
    "percent": 40, "words": "Fotonya jelas", "decision_text": "No decision was made in time", "due_at": "2026-11-23T05:00:00+00:00", "expected_until": "2026-12-07",
}  # fmt: skip


def fact(name: str, **data: object) -> RecordedFact:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    return RecordedFact(1, 2, name, "order", 3, 3, 4, "system", None, at, data)


def test_the_guides_title_is_kept_word_for_word() -> None:
    assert kinds_for(fact("order.placed", is_cod=False)) == ("order.created", "seller.order_new")
    assert (
        text_of("order.created", VALUES, translator("en"), zone="Asia/Jakarta").title == "Store Update: Order Created"
    )


@pytest.mark.parametrize(
    ("name", "data", "kinds"),
    [
        ("order.placed", {"is_cod": True}, ("order.created", "seller.order_new_cod")),
        ("order.confirmed", {"automatic": True}, ("order.confirmed", "seller.to_ship")),
        ("order.confirmed", {"automatic": False}, ("order.confirmed",)),
        ("parcel.arranged", {"tracking_number": "1", "method": "own_number"}, ("order.shipped",)),
        ("parcel.arranged", {"tracking_number": None, "method": "pickup"}, ()),
        ("parcel.booked", {}, ("order.shipped",)),
        ("order.cancelled", {"asked_by": "buyer"}, ("order.cancelled_by_buyer", "seller.cancelled_by_buyer")),
        ("order.cancelled", {"asked_by": "seller"}, ("order.cancelled_by_seller",)),
        ("order.cancelled", {"asked_by": "system"}, ("order.cancelled_by_clock", "seller.cancelled_by_clock")),
        ("order.lines_cancelled", {"asked_by": "seller"}, ("order.lines_cancelled",)),
        ("deadline.near", {"kind": "payment.deadline"}, ("payment.reminder",)),
        ("deadline.near", {"kind": "ship.sla"}, ("deadline.near", "seller.deadline_near")),
        ("deadline.fired", {"kind": "ship.sla"}, ("seller.deadline_late",)),
        ("deadline.fired", {"kind": "payment.deadline"}, ()),
        ("order.hidden", {}, ()),
    ],
)
def test_who_is_told(name: str, data: dict[str, object], kinds: tuple[str, ...]) -> None:
    assert kinds_for(fact(name, **data)) == kinds


def test_every_fact_somebody_is_told_of_is_subscribed_to() -> None:
    assert {told.name for told, reactions in SUBSCRIPTIONS.items() if tell in reactions} == {*ALWAYS, *CHOICES}


@pytest.mark.parametrize("locale", ["en", "id"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_notice_reads_without_gaps(kind: str, locale: str) -> None:
    text = text_of(kind, VALUES, translator(locale), zone="Asia/Jakarta")
    assert text.title
    assert text.body
    assert "%(" not in text.title + text.body
    assert ".." not in text.body
    if locale == "id":
        assert text.body != text_of(kind, VALUES, translator("en"), zone="Asia/Jakarta").body


def test_what_is_not_known_is_left_out() -> None:
    values = {"shop": "Rumah Gerabah", "refund_minor": 0, "carrier": "JNE"}
    words = translator("en")
    assert (
        text_of("order.cancelled_by_seller", values, words, zone="Asia/Jakarta").body
        == "Rumah Gerabah cancelled this order."
    )
    assert "number" not in text_of("order.shipped", values, words, zone="Asia/Jakarta").body


def test_sums_and_times_are_the_readers_own() -> None:
    id_text = text_of("refund.approved", VALUES, translator("id"), zone="Asia/Makassar").body
    assert id_text == "Rp25.000 sedang dikembalikan kepadamu. Perkiraan paling lambat 7 Des 2026."
    near = text_of("seller.deadline_near", VALUES, translator("en"), zone="Asia/Makassar").body
    assert near.startswith("Cangkir 100% tanah: until 23 Nov 2026, 13:00 WITA. If you ")


def test_a_kind_of_a_later_version_does_not_break_the_inbox() -> None:
    assert text_of("order.teleported", VALUES, translator("en"), zone="Asia/Jakarta").title == "order.teleported"


def test_each_kind_lies_in_one_category_of_its_readers() -> None:
    for audience in ("buyer", "seller"):
        assert sorted(kinds_of(audience, "orders") + kinds_of(audience, "system")) == sorted(kinds_of(audience))
