"""What a shop gives back without being asked: the same return, begun by the seller and approved at once."""

from etalase.commerce.evidence import actions as evidence
from etalase.commerce.orders import actions as orders
from etalase.foundation import clock
from etalase.foundation.facts import Actor, record
from etalase.foundation.sql import Db
from etalase.journeys.returns import asking, effects, queries, rules
from etalase.journeys.returns.asking import Draft
from etalase.journeys.returns.errors import KindNotOffered, NotReturnable, ReasonUnknown
from etalase.journeys.returns.facts import ReturnGiven
from etalase.journeys.returns.rules import Kind, Return

KINDS = (Kind.REFUND_ONLY, Kind.RETURN_AND_REFUND)


async def give(db: Db, *, shop_id: int, order_id: int, draft: Draft, by: Actor) -> Return:
    """Give the money for units of the shop's own order back: at once, or when the buyer has sent them back.

    Raises OrderNotFound, NotReturnable, TooManyUnits, ReasonUnknown, KindNotOffered. A shop need not prove anything to itself.
    """
    reason = rules.REASONS.get(draft.reason)
    if reason is None:
        raise ReasonUnknown(draft.reason)
    if draft.kind not in KINDS or draft.kind not in reason.kinds:
        raise KindNotOffered(draft.kind)
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        order = await orders.lock(tx, shop_id=shop_id, order_id=order_id)
        found = await asking.eligibility(tx, order)
        if found.why_not is not None:
            raise NotReturnable(found.why_not)
        units = asking.check_units(found, draft.units)
        amount = asking.calculate(found, units, reason=draft.reason).total_minor
        case = await evidence.open_case(
            tx, shop_id=shop_id, order_id=order.id, buyer_id=order.buyer_id, kind="return", at=at
        )
        await queries.insert_return(
            tx, order, return_id=case.id, kind=draft.kind, reason=draft.reason, amount_minor=amount, units=units, at=at
        )
        await evidence.put_down(tx, case, by=by, text=draft.words, files=draft.files, at=at)
        _, made = await effects.lock(tx, shop_id=shop_id, return_id=case.id)
        fact = ReturnGiven(
            shop_id=shop_id, subject_id=made.id, order_id=order.id, buyer_id=order.buyer_id, kind=made.kind.value,
            reason_code=made.reason, amount_minor=amount, currency=order.currency,
        )  # fmt: skip
        await record(tx, fact, by=by, at=at)
        return await effects.approve(tx, order, made, outcome="given", by=by, at=at)
