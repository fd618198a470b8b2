"""What buyer and operator do about transfers: show, confirm, reject, read statements in. All money ends in `settle`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from etalase.commerce.orders import queries as orders
from etalase.commerce.payments import queries as payments
from etalase.commerce.payments.rules import PROVIDER_OF_TRANSFERS, Payment, PaymentState, Report
from etalase.commerce.payments.transfers import queries
from etalase.commerce.payments.transfers.facts import (
    LineEnded,
    ProofRejected,
    ProofSent,
    StatementImported,
    TransferConfirmed,
)
from etalase.commerce.payments.transfers.queries import AwaitedTransfer, NewLine
from etalase.foundation import clock
from etalase.foundation.facts import Actor, record
from etalase.foundation.ids import PLATFORM, new_id
from etalase.foundation.sql import Db, Tx
from etalase.integrations.payment_providers.bank_transfer import matching
from etalase.integrations.payment_providers.bank_transfer.matching import Awaited, Incoming, Match
from etalase.integrations.payment_providers.bank_transfer.statement import Line
from etalase.journeys.checkout import settle
from etalase.journeys.checkout.settle import Outcome

LOOKED_BACK: Final = timedelta(days=30)
"""Transfers of payments that began longer ago are nobody's until the operator says so."""
PROOFS_MAX: Final = 10
APPLIED: Final = ("code", "amount", "confirmed")


class TransferGone(Exception):
    """The payment does not wait for a transfer (any more), or is nobody's."""


class TooManyProofs(Exception):
    """The buyer has shown enough pictures of this payment."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A line with what it is for."""

    line: NewLine
    match: Match


async def show_proof(db: Db, *, buyer_id: int, purchase_id: int, file_key: str) -> None:
    """Keep the buyer's picture for the operator; raises TransferGone, TooManyProofs."""
    at = clock.now()
    async with db.for_buyer(buyer_id).transaction() as tx:
        attempts = await payments.lock_payments_of_purchase(tx, buyer_id=buyer_id, purchase_id=purchase_id)
        payment = attempts[-1] if attempts else None
        if payment is None or payment.provider != PROVIDER_OF_TRANSFERS or payment.state is not PaymentState.PENDING:
            raise TransferGone
        if len(await queries.proofs_of_payments(tx, [(buyer_id, payment.id)])) >= PROOFS_MAX:
            raise TooManyProofs
        await queries.insert_proof(
            tx, buyer_id=buyer_id, proof_id=new_id(), payment_id=payment.id, file_key=file_key, at=at
        )
        fact = ProofSent(shop_id=PLATFORM, subject_id=payment.id, buyer_id=buyer_id)
        await record(tx, fact, by=Actor.buyer(buyer_id), at=at)


async def reject_proof(db: Db, *, buyer_id: int, payment_id: int, reason: str, by: Actor) -> None:
    """Say why a picture was not enough; the payment goes on waiting. Raises TransferGone."""
    at = clock.now()
    async with db.for_buyer(buyer_id).transaction() as tx:
        payment = await _transfer(tx, buyer_id=buyer_id, payment_id=payment_id)
        decided = await queries.decide_proofs(
            tx, buyer_id=buyer_id, payment_id=payment_id, to="rejected", reason=reason, at=at
        )
        if not decided:
            raise TransferGone
        found = await orders.orders_of_purchase(tx, buyer_id=buyer_id, purchase_id=payment.purchase_id)
        fact = ProofRejected(
            shop_id=found[0].shop_id,
            subject_id=payment_id,
            order_id=found[0].id,
            buyer_id=buyer_id,
            answer=reason,
        )
        await record(tx, fact, by=by, at=at)


async def confirm(db: Db, *, buyer_id: int, payment_id: int, amount_minor: int, reference: str, by: Actor) -> Outcome:
    """The operator sees so much at the bank under this reference, which counts once. Raises TransferGone, AmountNotValid."""
    async with db.for_buyer(buyer_id).reading() as tx:
        payment = await _transfer(tx, buyer_id=buyer_id, payment_id=payment_id)
    attempt = f"{queries.BY_HAND}{reference}"
    outcome = await settle.settle(db, _report(payment, amount_minor=amount_minor, attempt=attempt))
    if outcome is not Outcome.NOTHING_NEW:
        at = clock.now()
        async with db.for_buyer(buyer_id).transaction() as tx:
            await queries.decide_proofs(tx, buyer_id=buyer_id, payment_id=payment_id, to="accepted", at=at)
            fact = TransferConfirmed(
                shop_id=PLATFORM,
                subject_id=payment_id,
                buyer_id=buyer_id,
                amount_minor=amount_minor,
                currency=payment.currency,
                reference=reference,
            )
            await record(tx, fact, by=by, at=at)
    return outcome


async def _transfer(tx: Tx, *, buyer_id: int, payment_id: int) -> Payment:
    payment = await payments.payment(tx, buyer_id=buyer_id, payment_id=payment_id)
    if payment is None or payment.provider != PROVIDER_OF_TRANSFERS:
        raise TransferGone
    return payment


def _report(payment: Payment, *, amount_minor: int, attempt: str) -> Report:
    return Report(
        buyer_id=payment.buyer_id,
        payment_id=payment.id,
        status="paid",
        attempt=attempt,
        amount_minor=amount_minor,
        currency=payment.currency,
        provider=PROVIDER_OF_TRANSFERS,
    )


async def read_in(db: Db, lines: Sequence[Line], *, by: Actor) -> int:
    """Keep the lines of a statement; how many were not known. They move nothing until they are applied."""
    at, import_id = clock.now(), new_id()
    rows = [(new_id(), x.digest, x.booked_on, x.description, x.amount_minor, x.currency) for x in lines]
    async with db.any().transaction() as tx:
        new = await queries.insert_lines(tx, rows, import_id=import_id, at=at)
        fact = StatementImported(shop_id=PLATFORM, subject_id=import_id, lines=len(rows), new_lines=new)
        await record(tx, fact, by=by, at=at)
    return new


async def awaited(tx: Tx) -> list[AwaitedTransfer]:
    """Payments that a transfer may be for now."""
    return await queries.awaited_transfers(tx, started_after=clock.now() - LOOKED_BACK)


async def preview(tx: Tx) -> list[Planned]:
    """What each line that waits is for; applying does this and nothing else."""
    lines = await queries.new_lines(tx)
    found = await awaited(tx)
    told = await queries.lines_set_aside(tx, [one.payment_id for one in found])
    known = []
    for one in found:
        confirmed = list(one.confirmed_minor)
        for amount in one.confirmed_minor:
            if told[one.payment_id, amount] > 0:
                told[one.payment_id, amount] -= 1
                confirmed.remove(amount)
        known.append(
            Awaited(one.buyer_id, one.payment_id, one.missing_minor, one.currency, one.is_open, tuple(confirmed))
        )
    matches = matching.plan([Incoming(x.description, x.amount_minor, x.currency) for x in lines], known)
    return [Planned(line, match) for line, match in zip(lines, matches, strict=True)]


async def apply_matched(db: Db, *, by: Actor) -> int:
    """Let every line whose payment is known take effect; how many that were. A repeat, or two at once, changes nothing more."""
    async with db.any().reading() as tx:
        planned = await preview(tx)
    applied = 0
    for one in planned:
        payment = one.match.payment
        if payment is None:
            continue
        if one.match.found == "confirmed":
            applied += await _end(db, one.line, to="left", payment=payment, by=by)
        else:
            applied += await _use(db, one.line, payment=payment, by=by)
    return applied


async def assign(db: Db, *, line_id: int, code: str, by: Actor) -> None:
    """The operator says which payment a line is for, by its code. Raises TransferGone."""
    async with db.any().reading() as tx:
        line = await queries.line(tx, line_id=line_id)
        wanted = matching.code_in(code)
        named = [one for one in await awaited(tx) if wanted and matching.code_of(one.payment_id) == wanted]
    if line is None or len(named) != 1:
        raise TransferGone
    (found,) = named
    await _use(
        db, line, payment=Awaited(found.buyer_id, found.payment_id, found.missing_minor, found.currency, found.is_open),
        by=by,
    )  # fmt: skip


async def set_aside(db: Db, *, line_id: int, by: Actor) -> None:
    """The operator says that a line is no buyer's. Raises TransferGone."""
    async with db.any().reading() as tx:
        line = await queries.line(tx, line_id=line_id)
    if line is None or not await _end(db, line, to="left", payment=None, by=by):
        raise TransferGone


async def _use(db: Db, line: NewLine, *, payment: Awaited, by: Actor) -> bool:
    async with db.for_buyer(payment.buyer_id).reading() as tx:
        row = await _transfer(tx, buyer_id=payment.buyer_id, payment_id=payment.payment_id)
    # the line's own id is the attempt: whoever comes second finds the money known
    report = _report(row, amount_minor=line.amount_minor, attempt=f"statement-{line.id}")
    await settle.settle(db, report)
    return await _end(db, line, to="applied", payment=payment, by=by)


async def _end(db: Db, line: NewLine, *, to: str, payment: Awaited | None, by: Actor) -> bool:
    at = clock.now()
    async with db.any().transaction() as tx:
        has_ended = await queries.end_line(
            tx,
            line_id=line.id,
            to=to,
            at=at,
            buyer_id=payment.buyer_id if payment else None,
            payment_id=payment.payment_id if payment else None,
        )
        if has_ended:
            fact = LineEnded(
                shop_id=PLATFORM,
                subject_id=line.id,
                amount_minor=line.amount_minor,
                currency=line.currency,
                state=to,
                payment_id=str(payment.payment_id) if payment else "",
            )
            await record(tx, fact, by=by, at=at)
            if payment is not None and to == "applied":
                await queries.decide_proofs(
                    tx, buyer_id=payment.buyer_id, payment_id=payment.payment_id, to="accepted", at=at
                )
    return has_ended
