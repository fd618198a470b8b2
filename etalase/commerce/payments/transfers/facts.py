"""What happens around transfers; the money itself is `payment.captured`."""

from dataclasses import dataclass

from etalase.foundation.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ProofSent(Fact, name="transfer.proof_sent", subject="payment"):
    """The buyer shows a picture of the transfer."""


@dataclass(frozen=True, kw_only=True)
class ProofRejected(Fact, name="transfer.proof_rejected", subject="payment"):
    """The operator could not find the money that a picture shows."""

    answer: str


@dataclass(frozen=True, kw_only=True)
class TransferConfirmed(Fact, name="transfer.confirmed", subject="payment"):
    """The operator saw money at the bank, before any statement said so."""

    amount_minor: int
    currency: str
    reference: str


@dataclass(frozen=True, kw_only=True)
class StatementImported(Fact, name="transfer.statement_imported", subject="statement"):
    """The operator read a bank statement in."""

    lines: int
    new_lines: int


@dataclass(frozen=True, kw_only=True)
class LineEnded(Fact, name="transfer.line_ended", subject="statement_line"):
    """A line of a statement was used for a payment, or set aside."""

    amount_minor: int
    currency: str
    state: str
    payment_id: str
