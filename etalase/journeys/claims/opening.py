"""How claims begin: the buyer asks the seller for a parcel that never came, or who bore an insured loss claims it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from etalase.commerce.evidence import actions as evidence
from etalase.commerce.evidence.rules import NewFile
from etalase.commerce.orders import actions as orders
from etalase.commerce.orders import queries as order_queries
from etalase.commerce.orders.errors import OrderNotFound
from etalase.commerce.orders.rules import Order
from etalase.commerce.shipping import queries as shipping
from etalase.foundation import clock
from etalase.foundation.deadlines import actions as deadlines
from etalase.foundation.facts import Actor, record
from etalase.foundation.policies.rules import book_of
from etalase.foundation.sql import Db, Tx
from etalase.journeys.claims import queries, rules
from etalase.journeys.claims.errors import ChecksMissing, ClaimNotFound, ClaimNotPossible, ReasonUnknown, TextTooShort
from etalase.journeys.claims.facts import ClaimOpened
from etalase.journeys.claims.queries import NewClaim
from etalase.journeys.claims.rules import Claim, ClaimState, Kind, Party


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What somebody says when opening a claim."""

    text: str
    reason: str = "not_received"
    checks: Mapping[str, str] = field(default_factory=dict)
    files: Sequence[NewFile] = ()
    parcel_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Opening:
    kind: Kind
    by: Actor
    party: Party
    state: ClaimState
    parcel_id: int
    amount_minor: int


async def ask_seller(db: Db, *, buyer_id: int, order_id: int, told: Told) -> int:
    """Tell the seller that a delivered parcel was not received; the seller's clock starts. Returns the claim's id.

    Raises OrderNotFound, ClaimNotPossible, ChecksMissing, TextTooShort.
    """
    if missing := rules.wrong_checks(told.checks):
        raise ChecksMissing(missing)
    at = clock.now()
    async with db.for_buyer(buyer_id).transaction() as tx:
        order = await orders.lock_of_buyer(tx, buyer_id=buyer_id, order_id=order_id)
        parcels = await shipping.parcels_of_order(tx, shop_id=order.shop_id, order_id=order.id)
        before = await queries.claims_of_order(tx, shop_id=order.shop_id, order_id=order.id)
        claimable = rules.claimable_parcels(order, parcels)
        parcel = next((p for p in claimable if told.parcel_id in (None, p.id)), None)
        if parcel is None or not rules.can_claim(order, parcels, before):
            raise ClaimNotPossible
        lines = await order_queries.lines_of(tx, shop_id=order.shop_id, order_id=order.id)
        worth = rules.worth_of(order, lines, parcel).total_minor
        opening = _Opening("not_received", Actor.buyer(buyer_id), "buyer", ClaimState.ASKED, parcel.id, worth)
        return await _open(tx, order, opening, told, at=at)


async def claim_insurance_as_buyer(db: Db, *, buyer_id: int, order_id: int, told: Told) -> int:
    """The buyer claims an insured loss. Raises OrderNotFound, ClaimNotPossible, ReasonUnknown, TextTooShort."""
    async with db.for_buyer(buyer_id).transaction() as tx:
        order = await orders.lock_of_buyer(tx, buyer_id=buyer_id, order_id=order_id)
        return await _claim_insurance(tx, order, told, by=Actor.buyer(buyer_id), party="buyer")


async def claim_insurance_as_seller(db: Db, *, shop_id: int, order_id: int, told: Told, by: Actor) -> int:
    """The seller claims an insured loss that was paid back to the buyer. Raises as the buyer's."""
    async with db.for_shop(shop_id).transaction() as tx:
        order = await orders.lock(tx, shop_id=shop_id, order_id=order_id)
        return await _claim_insurance(tx, order, told, by=by, party="seller")


async def _claim_insurance(tx: Tx, order: Order, told: Told, *, by: Actor, party: Party) -> int:
    at = clock.now()
    if told.reason not in ("lost", "damaged"):
        raise ReasonUnknown(told.reason)
    before = await queries.claims_of_order(tx, shop_id=order.shop_id, order_id=order.id)
    parcels = await shipping.parcels_of_order(tx, shop_id=order.shop_id, order_id=order.id)
    taken = [p for p in parcels if p.collected_at is not None and told.parcel_id in (None, p.id)]
    if not taken or not rules.can_claim_insurance(order, before, by=party, now=at):
        raise ClaimNotPossible
    loss = rules.insured_loss(order, by=party)
    opening = _Opening("insurance", by, party, ClaimState.REVIEW, taken[0].id, loss)
    return await _open(tx, order, opening, told, at=at)


async def _open(tx: Tx, order: Order, opening: _Opening, told: Told, *, at: datetime) -> int:
    if len(told.text.strip()) < rules.TEXT_MIN:
        raise TextTooShort
    if opening.amount_minor <= 0:
        raise ClaimNotPossible
    case = await evidence.open_case(
        tx, shop_id=order.shop_id, order_id=order.id, buyer_id=order.buyer_id,
        kind="claim" if opening.kind == "not_received" else "insurance", at=at,
    )  # fmt: skip
    new = NewClaim(
        shop_id=order.shop_id, id=case.id, order_id=order.id, buyer_id=order.buyer_id, parcel_id=opening.parcel_id,
        kind=opening.kind, opened_by=opening.party, state=opening.state, reason=told.reason, checks=told.checks,
        amount_minor=opening.amount_minor,
    )  # fmt: skip
    await queries.insert_claim(tx, new, at=at)
    await evidence.put_down(tx, case, by=opening.by, text=told.text, files=told.files, at=at)
    await start_clock(tx, order, claim_id=case.id, state=opening.state, at=at)
    fact = ClaimOpened(
        shop_id=order.shop_id, subject_id=case.id, order_id=order.id, buyer_id=order.buyer_id, kind=opening.kind,
        opened_by=opening.party, claimed_minor=opening.amount_minor,
    )  # fmt: skip
    await record(tx, fact, by=opening.by, at=at)
    return case.id


async def start_clock(tx: Tx, order: Order, *, claim_id: int, state: ClaimState, at: datetime) -> str:
    """End the claim's clock and start the one of the state it is in now; returns until when that runs ('' for none)."""
    await deadlines.stop(tx, shop_id=order.shop_id, subject_kind="case", subject_id=claim_id, at=at)
    limit = rules.clock_of(
        state, book_of(order.policies), shop_id=order.shop_id, order_id=order.id, claim_id=claim_id, at=at
    )
    if limit is None:
        return ""
    await deadlines.start(tx, limit, at=at)
    return limit.due_at.isoformat()


async def lock(tx: Tx, *, shop_id: int, claim_id: int) -> tuple[Order, Claim]:
    """The claim and its order, locked in this order; raises ClaimNotFound."""
    seen = await queries.claim_of_shop(tx, shop_id=shop_id, claim_id=claim_id)
    if seen is None:
        raise ClaimNotFound(claim_id)
    try:
        order = await orders.lock(tx, shop_id=shop_id, order_id=seen.order_id)
    except OrderNotFound as error:
        raise ClaimNotFound(claim_id) from error
    claim = await queries.lock_claim(tx, shop_id=shop_id, claim_id=claim_id)
    assert claim is not None  # noqa: S101 - claims are never deleted
    return order, claim
