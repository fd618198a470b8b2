"""What a refund is taken from, and that every posting balances."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etalase.commerce.ledger.rules import (
    ACCOUNT_LABELS,
    ACCOUNTS,
    Account,
    Entry,
    Posting,
    Unbalanced,
    check_balanced,
    moved,
    refunded,
    split,
    total_key,
)
from etalase.foundation import clock

amounts = st.integers(0, 10_000_000)


def test_every_account_has_a_name() -> None:
    assert set(ACCOUNT_LABELS) == set(ACCOUNTS) == set(get_args(Account))


def test_a_posting_that_does_not_balance_cannot_be_made() -> None:
    with pytest.raises(Unbalanced):
        Posting(cause="capture", currency="IDR", entries=(Entry("escrow", -5), Entry("bank", 4)), at=clock.now())


@given(amounts)
def test_moving_balances_and_nothing_moves_nothing(amount: int) -> None:
    entries = moved(taken_from="escrow", put_to="provider_clearing", amount_minor=amount)
    check_balanced(entries)
    assert len(entries) == (2 if amount else 0)


@given(st.dictionaries(st.sampled_from(["seller_available", "commission", "shipping"]), st.integers(-(10**6), 10**6)))
def test_splitting_balances_even_when_a_part_is_owed(parts: dict[Account, int]) -> None:
    entries = split(from_account="seller_pending", parts=parts)
    check_balanced(entries)
    assert all(entry.amount_minor for entry in entries)


@given(
    paid=st.integers(1, 10_000_000), commission=st.integers(0, 3_000), shares=st.lists(st.integers(1, 1000), max_size=6)
)
def test_refunds_after_settlement_take_back_what_was_credited_and_no_more(
    paid: int, commission: int, shares: list[int]
) -> None:
    """Piece by piece or at once: in the end nobody has anything of the order, and no account goes beyond nothing."""
    charged = paid * commission // 10_000
    balances = {"provider_clearing": paid, "seller_available": charged - paid, "commission": -charged}
    left = paid
    for share in [*shares, 1000]:
        amount = left if share == 1000 else left * share // 1000
        for entry in refunded(balances, amount):
            balances[entry.account] = balances.get(entry.account, 0) + entry.amount_minor
        left -= amount
        assert sum(balances.values()) == 0
        assert -balances["seller_available"] >= 0
        assert balances["commission"] <= 0
    assert set(balances.values()) == {0}


@given(held=amounts, pending=amounts, share=st.integers(0, 1000))
def test_what_is_held_goes_before_what_the_seller_waits_for(held: int, pending: int, share: int) -> None:
    balances = {"provider_clearing": held + pending, "escrow": -held, "seller_pending": -pending}
    amount = (held + pending) * share // 1000
    taken = {entry.account: entry.amount_minor for entry in refunded(balances, amount)}
    assert taken.get("escrow", 0) == min(held, amount)
    assert taken.get("seller_pending", 0) == amount - min(held, amount)
    assert "seller_available" not in taken


def test_totals_are_kept_for_owners_alone_and_wallets_under_the_platform() -> None:
    posting = Posting(cause="payout", currency="IDR", entries=(), at=clock.now(), shop_id=7, order_id=9 << 22)
    assert total_key(posting, Entry("escrow", 5)) is None
    assert total_key(posting, Entry("seller_pending", 5)) == (7, "seller_pending", 0, "IDR", 9)
    assert total_key(posting, Entry("seller_available", 5)) == (7, "seller_available", 0, "IDR", 0)
    assert total_key(posting, Entry("buyer_wallet", 5, owner_id=3)) == (0, "buyer_wallet", 3, "IDR", 0)
