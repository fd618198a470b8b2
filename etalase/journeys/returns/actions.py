"""The verbs of a return after it was asked for: of its buyer, of the shop, of the operator, and of the clock.

Those about what travels are in `parcels`.
Each is one transaction that locks the order first. All raise ReturnNotFound for a return that is not theirs, and ReturnMovedOn
when somebody or some clock was faster.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from etalase.commerce.evidence import actions as evidence
from etalase.commerce.evidence.rules import NewFile, Proof, needs_evidence
from etalase.commerce.orders.rules import Order
from etalase.foundation import clock
from etalase.foundation.facts import Actor
from etalase.foundation.facts.model import SYSTEM
from etalase.foundation.policies.rules import book_of
from etalase.foundation.sql import Db, Tx
from etalase.journeys.returns import effects, queries, rules
from etalase.journeys.returns.errors import (
    EvidenceMissing,
    OfferNotAllowed,
    ReasonUnknown,
    ReturnMovedOn,
    ReturnNotFound,
    TooManyDisputes,
    WordsMissing,
)
from etalase.journeys.returns.queries import NOTHING, Changes
from etalase.journeys.returns.rules import Move, Return, ReturnState

WORDS_MAX = 500
Decision = Literal["refund", "part", "none"]


@dataclass(frozen=True, slots=True)
class Key:
    """Whose return: a buyer's (with its order) or a shop's. The actor is who acts."""

    by: Actor
    return_id: int
    shop_id: int = 0
    order_id: int = 0

    @classmethod
    def of_buyer(cls, buyer_id: int, *, order_id: int, return_id: int) -> "Key":
        return cls(Actor.buyer(buyer_id), return_id, order_id=order_id)

    @classmethod
    def of_shop(cls, shop_id: int, *, return_id: int, by: Actor) -> "Key":
        return cls(by, return_id, shop_id=shop_id)


@dataclass(slots=True)
class Work:
    """A return with its order, locked."""

    tx: Tx
    order: Order
    found: Return
    by: Actor
    at: datetime

    async def go(self, move: Move, changes: Changes = NOTHING) -> Return:
        return await effects.go(self.tx, self.order, self.found, move, changes, by=self.by, at=self.at)

    def need(self, move: Move) -> None:
        """Raises ReturnMovedOn unless the return may make the move; for what has to be known before anything is written."""
        if not rules.is_allowed(self.found.state, move):
            raise ReturnMovedOn(self.found.state, move)

    async def put_down(self, words: str, files: Sequence[NewFile] = ()) -> None:
        """Words and files of the verb, in the conversation."""
        if words.strip() or files:
            case = await evidence.lock(self.tx, shop_id=self.order.shop_id, case_id=self.found.id)
            await evidence.put_down(self.tx, case, by=self.by, text=words, files=files, at=self.at)


@asynccontextmanager
async def at_work(db: Db, key: Key) -> AsyncIterator[Work]:
    """The return and its order, locked, for the length of one transaction; raises ReturnNotFound."""
    place = db.for_buyer(key.by.id or 0) if key.by.kind == "buyer" else db.for_shop(key.shop_id)
    async with place.transaction() as tx:
        shop_id = key.shop_id or await _shop_of(tx, key)
        order, found = await effects.lock(tx, shop_id=shop_id, return_id=key.return_id)
        yield Work(tx, order, found, key.by, clock.now())


async def _shop_of(tx: Tx, key: Key) -> int:
    """The shop of the buyer's own return."""
    seen = await queries.return_of_buyer(tx, buyer_id=key.by.id or 0, order_id=key.order_id, return_id=key.return_id)
    if seen is None:
        raise ReturnNotFound(key.return_id)
    return seen.shop_id


async def say(db: Db, key: Key, *, words: str, files: Sequence[NewFile] = ()) -> None:
    """Add to the conversation of an open return; raises evidence's CaseClosed, NothingSaid, TooMuchSaid."""
    async with at_work(db, key) as work:
        case = await evidence.lock(work.tx, shop_id=work.order.shop_id, case_id=work.found.id)
        await evidence.say(work.tx, case, by=work.by, text=words, files=files, at=work.at)


# What the shop does


async def approve(db: Db, key: Key) -> Return:
    """Give the buyer what was asked for: money, money once the goods are back, or a replacement."""
    async with at_work(db, key) as work:
        work.need(Move.REJECT)  # what can be rejected can be approved: it waits for the seller's answer
        return await effects.approve(work.tx, work.order, work.found, outcome="approved", by=work.by, at=work.at)


async def reject(db: Db, key: Key, *, reason: str, words: str, files: Sequence[NewFile] = ()) -> Return:
    """Refuse with a reason and words for the buyer, who may contest; raises ReasonUnknown, WordsMissing."""
    if reason not in rules.REJECT_REASONS:
        raise ReasonUnknown(reason)
    if not words.strip():
        raise WordsMissing
    async with at_work(db, key) as work:
        work.need(Move.REJECT)
        await work.put_down(words, files)
        return await work.go(Move.REJECT, Changes(outcome=reason, answer=words.strip()[:WORDS_MAX]))


async def offer(db: Db, key: Key, *, percent: int, words: str = "") -> Return:
    """Offer a part of the price to a buyer who keeps the goods; raises OfferNotAllowed."""
    async with at_work(db, key) as work:
        work.need(Move.OFFER)
        least, most = book_of(work.order.policies).find("partial_refund").value
        if not least <= percent <= most or work.found.offers >= rules.OFFERS_MAX:
            raise OfferNotAllowed(percent)
        await work.put_down(words)
        return await work.go(Move.OFFER, Changes(offer_percent=percent))


async def receive(db: Db, key: Key) -> Return:
    """The parcel is back; the time to check it begins."""
    async with at_work(db, key) as work:
        return await work.go(Move.RECEIVE)


async def inspect(db: Db, key: Key, *, received: Mapping[int, int], restock: bool) -> Return:
    """What came back was counted (line id -> units) and is accepted: the money goes back, or a replacement is next.

    From RETURNING too: then the parcel has just arrived.
    """
    async with at_work(db, key) as work:
        if work.found.state is ReturnState.RETURNING:
            work.found = await work.go(Move.RECEIVE)
        if work.found.state is not ReturnState.RECEIVED:
            raise ReturnMovedOn(work.found.state, Move.REFUND)
        units = await queries.units_of(work.tx, work.found)
        counted = {line_id: max(0, min(received.get(line_id, 0), quantity)) for line_id, quantity in units.items()}
        await effects.put_on_shelf(
            work.tx, work.order, work.found, received=counted, restock=restock, at=work.at
        )  # fmt: skip
        return await effects.approve(work.tx, work.order, work.found, outcome="accepted", by=work.by, at=work.at)


# What the buyer does


async def contest(db: Db, key: Key, *, words: str, files: Sequence[NewFile] = ()) -> Return:
    """Not accept the rejection and ask again, with more words or evidence; raises WordsMissing, TooManyDisputes."""
    if not words.strip():
        raise WordsMissing
    async with at_work(db, key) as work:
        work.need(Move.CONTEST)
        if work.found.disputes >= disputes_max(work.order):
            raise TooManyDisputes
        await work.put_down(words, files)
        return await work.go(Move.CONTEST)


def disputes_max(order: Order) -> int:
    """How often a rejection may be contested."""
    return int(book_of(order.policies).find("return.resubmit").value["disputes"])


async def answer_offer(db: Db, key: Key, *, is_accepted: bool) -> Return:
    """Take the part of the price and keep the goods, or let the seller answer the request again."""
    async with at_work(db, key) as work:
        work.need(Move.DECLINE)
        if not is_accepted:
            return await work.go(Move.DECLINE)
        percent = work.found.offer_percent
        return await effects.refund(
            work.tx, work.order, work.found, outcome="offer", percent=percent, by=work.by, at=work.at
        )


async def confirm_replacement(db: Db, key: Key) -> Return:
    """The replacement arrived and is fine."""
    async with at_work(db, key) as work:
        return await work.go(Move.SETTLE)


async def withdraw(db: Db, key: Key) -> Return:
    """Take the request back."""
    async with at_work(db, key) as work:
        return await work.go(Move.WITHDRAW, Changes(outcome="withdrawn"))


# What either side does, and the operator


async def escalate(db: Db, key: Key, *, words: str, files: Sequence[NewFile] = ()) -> Return:
    """Ask the operator to decide; raises WordsMissing, and EvidenceMissing from a seller who faults what came back."""
    if not words.strip():
        raise WordsMissing
    party: Literal["buyer", "seller"] = "buyer" if key.by.kind == "buyer" else "seller"
    async with at_work(db, key) as work:
        if not rules.can_escalate(work.found, party):
            raise ReturnMovedOn(work.found.state, Move.ESCALATE)
        if work.found.state is ReturnState.RECEIVED and needs_evidence(Proof.PHOTO_OR_VIDEO, files):
            raise EvidenceMissing
        await work.put_down(words, files)
        return await work.go(Move.ESCALATE, Changes(escalated_by=party))


async def decide(
    db: Db, *, shop_id: int, return_id: int, decision: Decision, reason: str, by: Actor, percent: int | None = None
) -> Return:
    """The operator's decision, with its reason; carried out when the time to appeal is over, at once after an appeal.

    `part` gives `percent` of the price while the buyer keeps the goods. Raises WordsMissing, OfferNotAllowed.
    """
    if not reason.strip():
        raise WordsMissing
    if (decision == "part") != (percent is not None) or (percent is not None and not 1 <= percent <= 99):
        raise OfferNotAllowed(percent)
    async with at_work(db, Key.of_shop(shop_id, return_id=return_id, by=by)) as work:
        if work.found.state not in rules.WITH_OPERATOR:
            raise ReturnMovedOn(work.found.state, Move.DECIDE)
        await work.put_down(reason)
        changes = Changes(decision=decision, decision_percent=percent, decision_reason=reason.strip()[:WORDS_MAX])
        if work.found.state is ReturnState.ESCALATED:
            return await work.go(Move.DECIDE, changes)
        work.found = await queries.decide_again(work.tx, work.found, changes, at=work.at)
        return await effects.carry_out(work.tx, work.order, work.found, by=by, at=work.at)


async def appeal(db: Db, key: Key, *, words: str, files: Sequence[NewFile] = ()) -> Return:
    """The losing side asks the operator once more; raises WordsMissing."""
    if not words.strip():
        raise WordsMissing
    async with at_work(db, key) as work:
        if not rules.can_appeal(work.found, key.by.kind):
            raise ReturnMovedOn(work.found.state, Move.APPEAL)
        await work.put_down(words, files)
        return await work.go(Move.APPEAL, Changes(appealed_by=key.by.kind))


async def accept_decision(db: Db, key: Key) -> Return:
    """The losing side does not appeal: the decision is carried out at once."""
    async with at_work(db, key) as work:
        if not rules.can_appeal(work.found, key.by.kind):
            raise ReturnMovedOn(work.found.state, Move.APPEAL)
        return await effects.carry_out(work.tx, work.order, work.found, by=work.by, at=work.at)


async def at_zero(db: Db, *, shop_id: int, return_id: int, clock_kind: str) -> Return:
    """Nobody acted in time: what the clock promised happens. Raises ReturnMovedOn if somebody did."""
    async with at_work(db, Key.of_shop(shop_id, return_id=return_id, by=SYSTEM)) as work:
        waiting = rules.WAITING.get(work.found.state)
        if waiting is None or waiting.clock != clock_kind:
            raise ReturnMovedOn(work.found.state, Move.CLOSE)
        return await effects.default(work.tx, work.order, work.found, by=SYSTEM, at=work.at)
