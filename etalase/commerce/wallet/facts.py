"""What is recorded of wallets."""

from dataclasses import dataclass

from etalase.foundation.facts import Fact


@dataclass(frozen=True, kw_only=True)
class WalletToppedUp(Fact, name="wallet.topped_up", subject="payment"):
    """Money came in for a wallet."""

    amount_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class WalletAccountEntered(Fact, name="wallet_account.entered", subject="wallet_account"):
    """Somebody wants to withdraw to this bank account; a code is mailed."""

    bank: str


@dataclass(frozen=True, kw_only=True)
class WalletAccountVerified(Fact, name="wallet_account.verified", subject="wallet_account"):
    """The mailed code was given back; withdrawals go there once it has cooled off."""

    bank: str
    until: str


@dataclass(frozen=True, kw_only=True)
class WithdrawalRequested(Fact, name="withdrawal.requested", subject="withdrawal"):
    """Somebody wants money from the wallet at the bank; it is set aside."""

    amount_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class WithdrawalMoved(Fact, name="withdrawal.moved", subject="withdrawal"):
    """A withdrawal took its next step: approved, paid, failed, refused or withdrawn; `failure` says why."""

    state: str
    amount_minor: int
    currency: str
    failure: str
