"""What can be asked of transfers."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from etalase.commerce.payments.rules import PaymentState
from etalase.foundation.sql import Tx, statements_beside

statements = statements_beside(__file__)

BY_HAND = "hand-"
"""How attempts begin that the operator confirmed."""
AWAITED_MAX = 1_000
LINES_MAX = 500


@dataclass(frozen=True, slots=True)
class AwaitedTransfer:
    """A payment that a transfer may be for."""

    buyer_id: int
    payment_id: int
    purchase_id: int
    state: PaymentState
    amount_minor: int
    currency: str
    expires_at: datetime | None
    started_at: datetime
    buyer_name: str
    held_minor: int
    confirmed_minor: list[int]

    @property
    def missing_minor(self) -> int:
        """What has not come yet."""
        return self.amount_minor - self.held_minor

    @property
    def is_open(self) -> bool:
        return self.state == PaymentState.PENDING


@dataclass(frozen=True, slots=True)
class Proof:
    """A picture of a transfer slip."""

    buyer_id: int
    id: int
    payment_id: int
    file_key: str
    state: str
    reason: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class NewLine:
    """A line of a statement that has had no effect yet."""

    id: int
    booked_on: date
    description: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class _SetAside:
    payment_id: int
    amount_minor: int


async def awaited_transfers(tx: Tx, *, started_after: datetime) -> list[AwaitedTransfer]:
    """Payments that a transfer may be for, the oldest first."""
    return await tx.all(
        statements["awaited_transfers"],
        AwaitedTransfer,
        started_after=started_after,
        by_hand=BY_HAND,
        limit=AWAITED_MAX,
    )


async def insert_proof(tx: Tx, *, buyer_id: int, proof_id: int, payment_id: int, file_key: str, at: datetime) -> None:
    """Keep which picture the buyer shows."""
    await tx.run(
        statements["insert_proof"], buyer_id=buyer_id, id=proof_id, payment_id=payment_id, file_key=file_key, at=at
    )


async def proofs_of_payments(tx: Tx, payments: Sequence[tuple[int, int]]) -> list[Proof]:
    """What buyers showed for these payments (buyer_id, payment_id), the latest first."""
    return await tx.all(
        statements["proofs_of_payments"],
        Proof,
        buyer_ids=[buyer_id for buyer_id, _ in payments],
        payment_ids=[payment_id for _, payment_id in payments],
    )


async def decide_proofs(tx: Tx, *, buyer_id: int, payment_id: int, to: str, at: datetime, reason: str = "") -> int:
    """The pictures that waited have been looked at; how many there were."""
    return await tx.run(
        statements["decide_proofs"], buyer_id=buyer_id, payment_id=payment_id, to=to, reason=reason, at=at
    )


async def insert_lines(
    tx: Tx, lines: Sequence[tuple[int, str, date, str, int, str]], *, import_id: int, at: datetime
) -> int:
    """Keep lines (id, digest, day, text, amount_minor, currency); how many were new."""
    columns = ("ids", "digests", "days", "descriptions", "amounts_minor", "currencies")
    return await tx.run(
        statements["insert_lines"],
        import_id=import_id,
        at=at,
        **{name: [line[position] for line in lines] for position, name in enumerate(columns)},
    )


async def new_lines(tx: Tx, *, limit: int = LINES_MAX) -> list[NewLine]:
    """Lines that have had no effect yet, in the order of the statement."""
    return await tx.all(statements["new_lines"], NewLine, limit=limit)


async def line(tx: Tx, *, line_id: int) -> NewLine | None:
    """One line, if it has had no effect yet."""
    return await tx.maybe(statements["line"], NewLine, line_id=line_id)


async def end_line(
    tx: Tx, *, line_id: int, to: str, at: datetime, buyer_id: int | None = None, payment_id: int | None = None
) -> bool:
    """The line has had its effect, or is set aside; false if somebody was faster."""
    ended = await tx.run(
        statements["end_line"], line_id=line_id, to=to, at=at, buyer_id=buyer_id, payment_id=payment_id
    )
    return ended == 1


async def lines_set_aside(tx: Tx, payment_ids: Sequence[int]) -> Counter[tuple[int, int]]:
    """How often each (payment_id, amount_minor) of money confirmed by hand has been found in a statement."""
    found = await tx.all(statements["lines_set_aside"], _SetAside, payment_ids=list(payment_ids), limit=AWAITED_MAX)
    return Counter((one.payment_id, one.amount_minor) for one in found)
