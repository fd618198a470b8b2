"""What happens to money."""

from dataclasses import dataclass

from etalase.foundation.facts import Fact


@dataclass(frozen=True, kw_only=True)
class PaymentStarted(Fact, name="payment.started", subject="payment"):
    """A buyer set out to pay a purchase."""

    method: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class PaymentCaptured(Fact, name="payment.captured", subject="payment"):
    """The provider reports money that arrived."""

    amount_minor: int
    currency: str
    use: str


@dataclass(frozen=True, kw_only=True)
class PaymentEnded(Fact, name="payment.ended", subject="payment"):
    """A payment failed, expired or was cancelled."""

    state: str
    failure: str


@dataclass(frozen=True, kw_only=True)
class RefundApproved(Fact, name="refund.approved", subject="refund"):
    """Money goes back to the buyer; by hand where no provider sends it, to a bank account that the buyer names."""

    reason: str
    amount_minor: int
    currency: str
    expected_until: str
    by_hand: bool = False


@dataclass(frozen=True, kw_only=True)
class RefundTriedAgain(Fact, name="refund.tried_again", subject="refund"):
    """The operator has the provider asked once more to send money back; `attempt` counts from one."""

    attempt: int
    last_failure: str


@dataclass(frozen=True, kw_only=True)
class RefundDone(Fact, name="refund.done", subject="refund"):
    """The provider reports that the money went back."""

    amount_minor: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class RefundFailed(Fact, name="refund.failed", subject="refund"):
    """The provider could not send the money back."""

    failure: str


@dataclass(frozen=True, kw_only=True)
class MethodFailed(Fact, name="payment_method.failed", subject="platform"):
    """A way to pay did not work: it is hidden until `hidden_until`, or until it works."""

    provider: str
    method: str
    failures: int
    hidden_until: str
    error: str


@dataclass(frozen=True, kw_only=True)
class MethodRecovered(Fact, name="payment_method.recovered", subject="platform"):
    """A way to pay that had failed works again."""

    provider: str
    method: str


@dataclass(frozen=True, kw_only=True)
class MethodSwitched(Fact, name="payment_method.switched", subject="platform"):
    """The operator took a way to pay away, or gave it back."""

    method: str
    is_on: bool
    reason: str
