"""What buyer and seller do about an open claim: agree, refuse, take it back, accept, appeal, say more."""

from collections.abc import Sequence

from etalase.commerce.evidence import actions as evidence
from etalase.commerce.evidence.rules import NewFile
from etalase.foundation import clock
from etalase.foundation.facts import Actor, record
from etalase.foundation.sql import Db, Tx
from etalase.journeys.claims import effects, queries, rules
from etalase.journeys.claims.errors import ClaimMoved, ClaimNotFound, NotTheLoser, TextTooShort
from etalase.journeys.claims.facts import ClaimAppealed, ClaimEscalated
from etalase.journeys.claims.opening import lock, start_clock
from etalase.journeys.claims.rules import Claim, Party, Step


async def agree(db: Db, *, shop_id: int, claim_id: int, by: Actor) -> Claim:
    """The seller agrees that it was not received: the money goes back at once. Raises ClaimNotFound, ClaimMoved."""
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        order, claim = await lock(tx, shop_id=shop_id, claim_id=claim_id)
        _check_against_seller(claim)
        return await effects.end(tx, order, claim, Step.AGREE, outcome="agreed", by=by, at=at, has_answer=True)


async def refuse(
    db: Db, *, shop_id: int, claim_id: int, text: str, files: Sequence[NewFile] = (), by: Actor
) -> Claim:  # fmt: skip
    """The seller refuses, with a reason: customer service takes over. Raises ClaimNotFound, ClaimMoved, TextTooShort."""
    at = clock.now()
    if len(text.strip()) < rules.TEXT_MIN:
        raise TextTooShort
    async with db.for_shop(shop_id).transaction() as tx:
        order, claim = await lock(tx, shop_id=shop_id, claim_id=claim_id)
        _check_against_seller(claim)
        moved = await queries.move(tx, claim, Step.REFUSE, at=at, has_answer=True)
        case = await evidence.lock(tx, shop_id=shop_id, case_id=claim_id)
        await evidence.put_down(tx, case, by=by, text=text, files=files, at=at)
        until = await start_clock(tx, order, claim_id=claim_id, state=moved.state, at=at)
        await record(tx, _escalated(moved, by_clock=False, until=until), by=by, at=at)
        return moved


def _check_against_seller(claim: Claim) -> None:
    if claim.kind != "not_received":
        raise ClaimMoved(claim.state)


def _escalated(claim: Claim, *, by_clock: bool, until: str) -> ClaimEscalated:
    return ClaimEscalated(
        shop_id=claim.shop_id, subject_id=claim.id, order_id=claim.order_id, buyer_id=claim.buyer_id,
        by_clock=by_clock, until=until,
    )  # fmt: skip


async def escalate_by_clock(tx: Tx, *, shop_id: int, claim_id: int, by: Actor) -> Claim:
    """The seller fell silent: customer service takes over. Raises ClaimNotFound, ClaimMoved."""
    at = clock.now()
    order, claim = await lock(tx, shop_id=shop_id, claim_id=claim_id)
    moved = await queries.move(tx, claim, Step.FALL_SILENT, at=at)
    until = await start_clock(tx, order, claim_id=claim_id, state=moved.state, at=at)
    await record(tx, _escalated(moved, by_clock=True, until=until), by=by, at=at)
    return moved


async def withdraw(db: Db, *, shop_id: int, claim_id: int, by: Actor, party: Party) -> Claim:
    """Who claims takes it back: the parcel was found. Raises ClaimNotFound (also for the other side), ClaimMoved."""
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        order, claim = await lock(tx, shop_id=shop_id, claim_id=claim_id)
        if claim.opened_by != party:
            raise ClaimNotFound(claim_id)
        return await effects.end(tx, order, claim, Step.WITHDRAW, outcome="withdrawn", by=by, at=at)


async def say(
    db: Db, *, shop_id: int, claim_id: int, text: str, files: Sequence[NewFile] = (), by: Actor
) -> None:  # fmt: skip
    """Add words or files to an open claim. Raises ClaimNotFound, and what `evidence.say` raises."""
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        _, claim = await lock(tx, shop_id=shop_id, claim_id=claim_id)
        case = await evidence.lock(tx, shop_id=shop_id, case_id=claim_id)
        await evidence.say(tx, case, by=by, text=text, files=files, at=at)
        if by.kind == "seller" and not claim.has_answer:
            await queries.note_answer(tx, claim, at=at)


async def appeal(
    db: Db, *, shop_id: int, claim_id: int, text: str, files: Sequence[NewFile] = (), by: Actor, party: Party
) -> Claim:  # fmt: skip
    """Who lost asks the operator to look again, once. Raises ClaimNotFound, NotTheLoser, ClaimMoved, TextTooShort."""
    at = clock.now()
    if len(text.strip()) < rules.TEXT_MIN:
        raise TextTooShort
    async with db.for_shop(shop_id).transaction() as tx:
        order, claim = await lock(tx, shop_id=shop_id, claim_id=claim_id)
        if claim.loser != party or claim.appealed_by is not None:
            raise NotTheLoser
        moved = await queries.move(tx, claim, Step.APPEAL, at=at, appealed_by=party, has_answer=party == "seller")
        case = await evidence.lock(tx, shop_id=shop_id, case_id=claim_id)
        await evidence.put_down(tx, case, by=by, text=text, files=files, at=at)
        await start_clock(tx, order, claim_id=claim_id, state=moved.state, at=at)
        fact = ClaimAppealed(
            shop_id=shop_id, subject_id=claim_id, order_id=order.id, buyer_id=order.buyer_id, appealed_by=party
        )
        await record(tx, fact, by=by, at=at)
        return moved


async def accept(db: Db, *, shop_id: int, claim_id: int, by: Actor, party: Party) -> Claim:
    """Who lost accepts: the decision takes effect now. Raises ClaimNotFound, NotTheLoser, ClaimMoved."""
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        order, claim = await lock(tx, shop_id=shop_id, claim_id=claim_id)
        if claim.loser != party:
            raise NotTheLoser
        outcome = outcome_of(claim)
        return await effects.end(tx, order, claim, Step.ACCEPT, outcome=outcome, by=by, at=at)


def outcome_of(claim: Claim) -> str:
    """How a decided claim ends."""
    return "granted" if claim.decision == "grant" else "rejected"
