"""What the operator gives a seller or takes, by hand and with a reason; and sellers who come to owe something."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from etalase.commerce.ledger import actions as ledger
from etalase.commerce.orders import actions as orders
from etalase.commerce.orders.errors import OrderNotFound
from etalase.commerce.orders.rules import Order, State
from etalase.foundation import clock
from etalase.foundation.facts import Actor, record
from etalase.foundation.facts.model import SYSTEM
from etalase.foundation.i18n import N_
from etalase.foundation.ids import new_id
from etalase.foundation.policies.queries import load_book
from etalase.foundation.sql import Db, Tx
from etalase.journeys.settlement import queries
from etalase.journeys.settlement.facts import SellerInDebt, SellerMoneyAdjusted
from etalase.journeys.settlement.queries import Adjustment

CURRENCY: Final = "IDR"
REASON_CHARS: Final = (5, 300)


class AdjustmentKind(StrEnum):
    """What the operator can do to a seller's money."""

    CREDIT = "credit"
    DEBIT = "debit"
    COMPENSATION = "compensation"
    CARRIER = "carrier"
    SUBSIDY = "subsidy"


KIND_LABELS: Final[Mapping[AdjustmentKind, str]] = {
    AdjustmentKind.CREDIT: N_("Give to the seller"),
    AdjustmentKind.DEBIT: N_("Take from the seller"),
    AdjustmentKind.COMPENSATION: N_("Make good a loss, paid by the platform"),
    AdjustmentKind.CARRIER: N_("Make good a loss, owed by the carrier"),
    AdjustmentKind.SUBSIDY: N_("Pay a part of the order's price"),
}
FOR_AN_ORDER: Final = (AdjustmentKind.COMPENSATION, AdjustmentKind.CARRIER, AdjustmentKind.SUBSIDY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the operator wants; `form_key` is that of the form, so that a form sent twice acts once."""

    shop_id: int
    kind: AdjustmentKind
    amount_minor: int
    reason: str
    form_key: int
    order_id: int | None = None
    currency: str = CURRENCY


class AdjustmentRefused(ValueError):
    """It can't be done; `problems` are msgids by field."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(", ".join(problems))
        self.problems = problems


async def adjust(db: Db, wish: Wish, *, by: Actor) -> Adjustment:
    """Move the money and write down why; a repeat of the form answers the first. Raises AdjustmentRefused."""
    at, adjustment_id = clock.now(), new_id()
    async with db.for_shop(wish.shop_id).transaction() as tx:
        before = await queries.adjustment_of_form(tx, shop_id=wish.shop_id, form_key=wish.form_key)
        if before is not None:
            return before
        order = await _order(tx, wish)
        most = int((await load_book(tx)).find("adjust.maximum").value)
        problems = problems_of(wish, order, most_minor=most)
        if problems:
            raise AdjustmentRefused(problems)
        made = Adjustment(
            wish.shop_id, adjustment_id, wish.form_key, wish.kind, wish.order_id, wish.currency, wish.amount_minor,
            wish.reason.strip(), by.id or 0, at,
        )  # fmt: skip
        if not await queries.insert_adjustment(tx, made):  # the same form, sent twice at once
            return await queries.the_adjustment_of_form(tx, shop_id=wish.shop_id, form_key=wish.form_key)
        await _post(tx, made)
        fact = SellerMoneyAdjusted(
            shop_id=made.shop_id, subject_id=made.id, order_id=made.order_id, kind_of=made.kind, amount_minor=made.amount_minor,
            currency=made.currency, words=made.reason,
        )  # fmt: skip
        await record(tx, fact, by=by, at=at)
    return made


async def _order(tx: Tx, wish: Wish) -> Order | None:
    """The shop's order, locked; none if none is named. One of another shop is refused as one that does not exist."""
    if wish.order_id is None:
        return None
    try:
        return await orders.lock(tx, shop_id=wish.shop_id, order_id=wish.order_id)
    except OrderNotFound:
        raise AdjustmentRefused({"order": N_("This store has no such order.")}) from None


def problems_of(wish: Wish, order: Order | None, *, most_minor: int) -> dict[str, str]:
    """What is wrong with a wish, msgids by field; nothing if it can be done."""
    problems = {}
    if wish.amount_minor <= 0:
        problems["amount"] = N_("Enter an amount above zero.")
    elif wish.amount_minor > most_minor:
        problems["amount"] = N_("This is more than one adjustment may be.")
    elif wish.kind in FOR_AN_ORDER and order is not None and wish.amount_minor > order.total_minor:
        problems["amount"] = N_("This is more than the order cost.")
    if not REASON_CHARS[0] <= len(wish.reason.strip()) <= REASON_CHARS[1]:
        problems["reason"] = N_("Say why, in 5 to 300 characters; the seller reads it.")
    if wish.currency != (order.currency if order else CURRENCY):
        problems["amount"] = N_("This is not the currency of the order.")
    if order is None and wish.kind in FOR_AN_ORDER:
        problems["order"] = N_("Name the order that it is about.")
    elif order is not None and wish.kind is AdjustmentKind.SUBSIDY and order.state is not State.DELIVERED:
        problems["order"] = N_("A part of the price can be paid from delivery until the order is completed.")
    return problems


async def _post(tx: Tx, made: Adjustment) -> None:
    amount, at = made.amount_minor, made.made_at
    if made.kind in (AdjustmentKind.CREDIT, AdjustmentKind.DEBIT):
        signed = amount if made.kind == AdjustmentKind.CREDIT else -amount
        await ledger.adjust(
            tx, shop_id=made.shop_id, currency=made.currency, amount_minor=signed, at=at, reference_id=made.id,
            order_id=made.order_id,
        )  # fmt: skip
        return
    assert made.order_id is not None  # noqa: S101 - asked before, and held by a constraint
    if made.kind == AdjustmentKind.SUBSIDY:
        await ledger.subsidize(
            tx, shop_id=made.shop_id, order_id=made.order_id, currency=made.currency, amount_minor=amount, at=at,
            reference_id=made.id,
        )  # fmt: skip
        return
    await ledger.compensate(
        tx, shop_id=made.shop_id, order_id=made.order_id, currency=made.currency, amount_minor=amount,
        by="carrier" if made.kind == AdjustmentKind.CARRIER else "platform", to="seller", at=at, reference_id=made.id,
    )  # fmt: skip


async def note_debts(db: Db) -> int:
    """Tell sellers whose available money has fallen below nothing, once until it is above again; returns how many were told."""
    at = clock.now()
    async with db.any().transaction() as tx:
        await queries.forget_paid_debts(tx)
        owing = await queries.note_new_debts(tx, at=at)
        facts = [
            SellerInDebt(shop_id=debt.shop_id, subject_id=debt.shop_id, amount_minor=debt.amount_minor, currency=debt.currency)
            for debt in owing
        ]  # fmt: skip
        if facts:
            await record(tx, *facts, by=SYSTEM, at=at)
    return len(owing)
