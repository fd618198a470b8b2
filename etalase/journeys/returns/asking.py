"""What the buyer may ask for: what can be returned of an order, what it would bring, and the request itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from etalase.commerce.evidence import actions as evidence
from etalase.commerce.evidence.errors import TooMuchSaid
from etalase.commerce.evidence.rules import NewFile, needs_evidence, too_many
from etalase.commerce.orders import actions as orders
from etalase.commerce.orders import queries as order_queries
from etalase.commerce.orders.refunding import Worth
from etalase.commerce.orders.rules import Order, OrderLine
from etalase.commerce.payments.queries import wish
from etalase.foundation import clock
from etalase.foundation.facts import Actor, record
from etalase.foundation.policies.rules import book_of
from etalase.foundation.sql import Db, Tx
from etalase.journeys.cancellations.rules import TooManyUnits
from etalase.journeys.returns import effects, queries, rules
from etalase.journeys.returns.errors import EvidenceMissing, KindNotOffered, NotReturnable, ReasonUnknown
from etalase.journeys.returns.facts import ReturnRequested
from etalase.journeys.returns.rules import Kind, Return


@dataclass(frozen=True, slots=True)
class Eligibility:
    """What of an order can be returned now; `why_not` (a key of NOT_RETURNABLE) if nothing can."""

    order: Order
    lines: Sequence[OrderLine]
    units: Mapping[int, int]
    why_not: str | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Draft:
    """A request as the buyer fills it in; `units` are line id -> quantity."""

    kind: Kind
    reason: str
    units: Mapping[int, int]
    words: str = ""
    files: Sequence[NewFile] = field(default_factory=tuple)
    to_wallet: bool | None = None
    """Where the buyer wants the money; none leaves what was said before."""


async def eligibility(tx: Tx, order: Order) -> Eligibility:
    """What of the order can be returned at this moment, line by line; two statements."""
    lines = await order_queries.lines_of(tx, shop_id=order.shop_id, order_id=order.id)
    asked = await queries.asked_before(tx, shop_id=order.shop_id, order_id=order.id)
    requests_max = int(book_of(order.policies).find("return.resubmit").value["requests"])
    left = rules.returnable_units(lines, {line_id: row.held for line_id, row in asked.items()})
    units = {
        line_id: quantity
        for line_id, quantity in left.items()
        if line_id not in asked or asked[line_id].requests < requests_max
    }
    why_not = rules.why_not(order, now=clock.now())
    if why_not is None and not units:
        why_not = "too_often" if left else "nothing_left"
    return Eligibility(order, lines, {} if why_not else units, why_not, rules.return_until(order))


def calculate(found: Eligibility, units: Mapping[int, int], *, reason: str) -> Worth:
    """What would go back for these units; raises ReasonUnknown and TooManyUnits."""
    check_units(found, units)
    if reason not in rules.REASONS:
        raise ReasonUnknown(reason)
    return rules.worth_of(found.order, found.lines, units, reason=reason)


def check_units(found: Eligibility, units: Mapping[int, int]) -> dict[int, int]:
    """The units that were chosen; raises TooManyUnits when there are none or more than can be returned."""
    chosen = {line_id: quantity for line_id, quantity in units.items() if quantity != 0}
    if not chosen or any(
        quantity < 0 or quantity > found.units.get(line_id, 0) for line_id, quantity in chosen.items()
    ):
        raise TooManyUnits
    return chosen


def check_draft(draft: Draft) -> None:
    """Raises ReasonUnknown, KindNotOffered, EvidenceMissing, TooMuchSaid."""
    reason = rules.REASONS.get(draft.reason)
    if reason is None:
        raise ReasonUnknown(draft.reason)
    if draft.kind not in reason.kinds:
        raise KindNotOffered(draft.kind)
    if needs_evidence(reason.proof, draft.files):
        raise EvidenceMissing(draft.reason)
    if too_many(draft.files):
        raise TooMuchSaid


async def request(db: Db, *, buyer_id: int, order_id: int, draft: Draft) -> Return:
    """Ask to return units of the buyer's own order; the seller answers, or the clock does.

    Raises OrderNotFound, NotReturnable, TooManyUnits, and what `check_draft` raises.
    """
    check_draft(draft)
    at = clock.now()
    by = Actor.buyer(buyer_id)
    async with db.for_buyer(buyer_id).transaction() as tx:
        order = await orders.lock_of_buyer(tx, buyer_id=buyer_id, order_id=order_id)
        if draft.to_wallet is not None:
            await wish(tx, buyer_id=buyer_id, order_id=order_id, to_wallet=draft.to_wallet, at=at)
        found = await eligibility(tx, order)
        if found.why_not is not None:
            raise NotReturnable(found.why_not)
        units = check_units(found, draft.units)
        amount = calculate(found, units, reason=draft.reason).total_minor
        case = await evidence.open_case(
            tx, shop_id=order.shop_id, order_id=order.id, buyer_id=buyer_id, kind="return", at=at
        )
        await queries.insert_return(
            tx, order, return_id=case.id, kind=draft.kind, reason=draft.reason, amount_minor=amount, units=units, at=at
        )
        await evidence.put_down(tx, case, by=by, text=draft.words, files=draft.files, at=at)
        return await _asked(tx, order, case.id, by=by, at=at)


async def _asked(tx: Tx, order: Order, return_id: int, *, by: Actor, at: datetime) -> Return:
    _, made = await effects.lock(tx, shop_id=order.shop_id, return_id=return_id)
    await effects.start_clock(tx, order, made, at=at)
    fact = ReturnRequested(
        shop_id=order.shop_id, subject_id=made.id, order_id=order.id, buyer_id=order.buyer_id, kind=made.kind.value,
        reason_code=made.reason, amount_minor=made.amount_minor, currency=order.currency,
    )  # fmt: skip
    await record(tx, fact, by=by, at=at)
    return made
