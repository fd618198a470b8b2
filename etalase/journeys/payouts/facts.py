"""What is recorded of payouts and the accounts they go to."""

from dataclasses import dataclass

from etalase.foundation.facts import Fact


@dataclass(frozen=True, kw_only=True)
class BankAccountEntered(Fact, name="bank_account.entered", subject="bank_account"):
    """A seller wants to be paid to this account."""

    bank: str


@dataclass(frozen=True, kw_only=True)
class BankAccountDecided(Fact, name="bank_account.decided", subject="bank_account"):
    """The operator verified or refused it."""

    is_verified: bool
    refusal: str


@dataclass(frozen=True, kw_only=True)
class PayoutsProposed(Fact, name="payouts.proposed", subject="payout_batch"):
    """A batch of payouts waits for approval."""

    payouts: int


@dataclass(frozen=True, kw_only=True)
class PayoutApproved(Fact, name="payout.approved", subject="payout"):
    """The operator lets the seller be paid."""

    amount_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class PayoutPaid(Fact, name="payout.paid", subject="payout"):
    """The transfer to the seller left the bank."""

    amount_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class PayoutReturned(Fact, name="payout.returned", subject="payout"):
    """The transfer came back; the money is the seller's to be paid again."""

    amount_minor: int
    currency: str
    failure: str
