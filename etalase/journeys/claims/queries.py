"""What can be asked of claims: one typed function per statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg.errors

from etalase.foundation.ids import ID_MAX
from etalase.foundation.sql import Tx, constraint_of, json_value, statements_beside
from etalase.journeys.claims.errors import ClaimMoved, ClaimNotPossible
from etalase.journeys.claims.rules import STEPS, WAITS, Claim, ClaimState, Decision, Party, Step

statements = statements_beside(__file__)
PAGE_SIZE = 30
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClaim:
    """A claim to be written; its id is the case's."""

    shop_id: int
    id: int
    order_id: int
    buyer_id: int
    parcel_id: int
    kind: str
    opened_by: str
    state: ClaimState
    reason: str
    checks: Mapping[str, str]
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Dispute:
    """A row of the operator's desk."""

    shop_id: int
    id: int
    order_id: int
    kind: str
    state: ClaimState
    reason: str
    amount_minor: int
    opened_by: str
    has_answer: bool
    shop_name: str
    buyer_name: str
    currency: str
    due_at: datetime
    deadline_id: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", ClaimState(self.state))


async def insert_claim(tx: Tx, new: NewClaim, *, at: datetime) -> None:
    """Write it; raises ClaimNotPossible if another of its kind is open for the order."""
    try:
        await tx.run(
            statements["insert_claim"], shop_id=new.shop_id, id=new.id, order_id=new.order_id, buyer_id=new.buyer_id,
            parcel_id=new.parcel_id, kind=new.kind, opened_by=new.opened_by, state=new.state, reason=new.reason,
            checks=json_value(dict(new.checks)), amount_minor=new.amount_minor, at=at,
        )  # fmt: skip
    except psycopg.errors.UniqueViolation as error:
        if constraint_of(error) != "claims_one_open":
            raise
        raise ClaimNotPossible from error


async def lock_claim(tx: Tx, *, shop_id: int, claim_id: int) -> Claim | None:
    """The claim, locked until the transaction ends."""
    return await tx.maybe(statements["lock_claim"], Claim, shop_id=shop_id, claim_id=claim_id)


async def claim_of_shop(tx: Tx, *, shop_id: int, claim_id: int) -> Claim | None:
    """The claim, if it is about an order of this shop."""
    return await tx.maybe(statements["claim_of_shop"], Claim, shop_id=shop_id, claim_id=claim_id)


async def claim_of_buyer(tx: Tx, *, buyer_id: int, order_id: int, claim_id: int) -> Claim | None:
    """The claim, if it is about this order of this buyer."""
    return await tx.maybe(
        statements["claim_of_buyer"], Claim, buyer_id=buyer_id, order_id=order_id, claim_id=claim_id
    )  # fmt: skip


async def claims_of_order(tx: Tx, *, shop_id: int, order_id: int) -> list[Claim]:
    """Every claim about the order, newest first."""
    return await tx.all(statements["claims_of_order"], Claim, shop_id=shop_id, order_id=order_id)


async def open_claims_of_shop(tx: Tx, *, shop_id: int, before: int = ID_MAX, limit: int = PAGE_SIZE) -> list[Claim]:
    """The shop's open claims, newest first."""
    return await tx.all(statements["open_claims_of_shop"], Claim, shop_id=shop_id, before=before, limit=limit)


async def move(
    tx: Tx, claim: Claim, step: Step, *, at: datetime, has_answer: bool = False, appealed_by: Party | None = None
) -> Claim:
    """Take a step of the table; raises ClaimMoved if the claim is elsewhere."""
    moved = await tx.maybe(
        statements["move_claim"], Claim, shop_id=claim.shop_id, claim_id=claim.id, to=STEPS[step].to,
        sources=list(STEPS[step].sources), has_answer=has_answer, appealed_by=appealed_by, at=at,
    )  # fmt: skip
    if moved is None:
        raise ClaimMoved(claim.state, step)
    return moved


async def set_decision(
    tx: Tx, claim: Claim, *, decision: Decision, reason: str, text: str, decided_by: int | None, at: datetime
) -> Claim:
    """Keep what was decided; call it with the claim locked."""
    return await tx.one(
        statements["set_decision"], Claim, shop_id=claim.shop_id, claim_id=claim.id, decision=decision, reason=reason,
        text=text, decided_by=decided_by, at=at,
    )  # fmt: skip


async def close(
    tx: Tx, claim: Claim, step: Step, *, outcome: str, paid_minor: int, at: datetime, has_answer: bool = False
) -> Claim:
    """Take a last step; raises ClaimMoved if the claim is elsewhere."""
    closed = await tx.maybe(
        statements["close_claim"], Claim, shop_id=claim.shop_id, claim_id=claim.id, outcome=outcome,
        paid_minor=paid_minor, sources=list(STEPS[step].sources), has_answer=has_answer, at=at,
    )  # fmt: skip
    if closed is None:
        raise ClaimMoved(claim.state, step)
    return closed


async def note_answer(tx: Tx, claim: Claim, *, at: datetime) -> None:
    """Keep that the seller said something."""
    await tx.run(statements["note_answer"], shop_id=claim.shop_id, claim_id=claim.id, at=at)


async def disputes(
    tx: Tx, *, states: Sequence[ClaimState], after: datetime = BEGINNING, after_id: int = 0, limit: int = PAGE_SIZE
) -> list[Dispute]:
    """Open claims of all shops in these states, the next clock first."""
    kinds = [WAITS[state].clock for state in states if state in WAITS]
    return await tx.all(statements["disputes"], Dispute, kinds=kinds, after=after, after_id=after_id, limit=limit)
