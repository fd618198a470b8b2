"""The verbs of settlement: orders begin to wait, are settled when due, weeks are closed. Batchwise; every verb bears repeats."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from etalase.commerce.accounts import regions
from etalase.commerce.ledger import actions as ledger
from etalase.commerce.ledger import queries as ledger_queries
from etalase.commerce.orders import actions as orders
from etalase.commerce.orders import queries as order_queries
from etalase.commerce.orders.refunding import kept_of
from etalase.commerce.orders.rules import Order, OrderLine
from etalase.commerce.shipping import rates
from etalase.foundation import clock
from etalase.foundation.facts import RecordedFact, record
from etalase.foundation.facts.model import SYSTEM
from etalase.foundation.money import allocate
from etalase.foundation.sql import Db, Tx
from etalase.journeys.settlement import queries, rules
from etalase.journeys.settlement.facts import OrderSettled, StatementIssued
from etalase.journeys.settlement.queries import Carried, Period
from etalase.journeys.settlement.rules import Shares, SoldLine


async def await_settlement(db: Db, recorded: RecordedFact) -> None:
    """Reaction to a completed order: it begins to wait."""
    async with db.for_shop(recorded.shop_id).transaction() as tx:
        await await_settlements(tx, [recorded])


async def await_settlements(tx: Tx, recorded: Sequence[RecordedFact]) -> None:
    """The same for many completed orders at once."""
    keys = sorted({(fact.shop_id, fact.order_id) for fact in recorded if fact.order_id is not None})
    waiting = [
        {"shop_id": order.shop_id, "order_id": order.id, "currency": order.currency, "due_at": rules.release_due(order)}
        for order in await queries.completed_orders(tx, keys)
    ]
    if waiting:
        await queries.insert_waiting(tx, waiting)


async def settle_due(db: Db) -> int:
    """Settle what is due, shop by shop, in batches; returns how many orders were settled."""
    settled, at = 0, clock.now()
    async with db.any().reading() as tx:
        shops = await queries.shops_due(tx, at=at)
    for shop_id in shops:
        settled += await settle_shop(db, shop_id=shop_id)
    return settled


async def settle_shop(db: Db, *, shop_id: int) -> int:
    """Settle a batch of the shop's due orders; returns how many it were."""
    at = clock.now()
    async with db.for_shop(shop_id).transaction() as tx:
        due = await queries.orders_due(tx, shop_id=shop_id, at=at)
        locked = await orders.lock_all(tx, [(shop_id, order_id) for order_id in due])
        claimed = await queries.claim_due(tx, shop_id=shop_id, order_ids=[order.id for order in locked], at=at)
        by_currency: defaultdict[str, list[Order]] = defaultdict(list)
        for order in locked:
            if order.id in claimed:
                by_currency[order.currency].append(order)
        for currency, found in sorted(by_currency.items()):
            await _settle(tx, shop_id, found, currency=currency, at=at)
        return len(claimed)


async def _settle(tx: Tx, shop_id: int, found: Sequence[Order], *, currency: str, at: datetime) -> None:
    shares = await shares_of_orders(tx, shop_id, found)
    parts = {order_id: one.parts for order_id, one in shares.items()}
    await ledger.settle(tx, shop_id=shop_id, currency=currency, parts=parts, at=at)
    kept: Mapping[int, tuple[Shares, Mapping[str, Any]]] = {
        order.id: (shares[order.id], rules.applied(order)) for order in found
    }
    await queries.keep_shares(tx, shop_id=shop_id, shares=kept)
    await queries.keep_lines(tx, shop_id=shop_id, lines={order_id: one.lines for order_id, one in shares.items()})
    facts = [
        OrderSettled(
            shop_id=shop_id,
            subject_id=order.id,
            order_id=order.id,
            net_minor=shares[order.id].net_minor,
            currency=currency,
        )
        for order in found
    ]
    await record(tx, *facts, by=SYSTEM, at=at)


async def shares_of_orders(tx: Tx, shop_id: int, found: Sequence[Order]) -> dict[int, Shares]:
    """How these orders of a shop would be shared as they are now, by id."""
    order_ids = [order.id for order in found]
    balances = await ledger_queries.balances_of_orders(tx, shop_id=shop_id, order_ids=order_ids)
    charges = charges_of(await queries.carried(tx, shop_id=shop_id, order_ids=order_ids))
    lines: defaultdict[int, list[OrderLine]] = defaultdict(list)
    for line in await order_queries.lines_of_orders(tx, [(shop_id, order_id) for order_id in order_ids]):
        lines[line.order_id].append(line)
    return {
        order.id: rules.shares_of(
            order,
            sold(order, lines[order.id]),
            pending_minor=-balances.get(order.id, {}).get("seller_pending", 0),
            carrier_minor=charges.get(order.id, 0),
        )
        for order in found
    }


def sold(order: Order, lines: Sequence[OrderLine]) -> list[SoldLine]:
    """What commission goes by, of an order's lines."""
    kept = kept_of(order, lines)
    return [SoldLine(line.id, line.product_id, line.total_minor, kept[line.id]) for line in lines]


def charges_of(parcels: Sequence[Carried]) -> dict[int, int]:
    """What carriers take for each order, by their rates; orders that share a parcel share its price by weight."""
    charges: defaultdict[int, int] = defaultdict(int)
    for parcel in parcels:
        own, _others = allocate(
            _price(parcel), [parcel.own_grams, max(0, parcel.grams - parcel.own_grams)] if parcel.grams else [1, 0]
        )
        charges[parcel.order_id] += own
    return dict(charges)


def _price(parcel: Carried) -> int:
    kind = rates.kind_rate(parcel.kind or "standard") or rates.kind_rate("standard")
    if kind is None or regions.province(parcel.to_province or "") is None or regions.province(parcel.province) is None:
        return 0
    way = rates.route(
        regions.shipping_zone(parcel.province, parcel.city),
        regions.shipping_zone(parcel.to_province or "", parcel.to_city),
    )
    kg = rates.chargeable_kg(parcel.grams)
    return rates.price_minor(
        way, kind=kind, carrier=parcel.carrier, kg=kg, is_same_city=parcel.city == parcel.to_city
    )  # fmt: skip


async def issue_statements(db: Db) -> int:
    """Close every week that is over; returns how many statements were issued."""
    issued, at = 0, clock.now()
    while closed := await _close_next_weeks(db, at=at):  # after a pause several weeks of one seller are over
        issued += closed
    return issued


async def _close_next_weeks(db: Db, *, at: datetime) -> int:
    """One week of each seller who has one that is over."""
    issued, after = 0, 0
    while True:
        async with db.any().reading() as tx:
            periods = await queries.periods_to_close(tx, after_shop=after, before=at)
        for period in periods:
            issued += await _issue(db, period, at=at)
        if not periods:
            return issued
        after = periods[-1].shop_id


async def _issue(db: Db, period: Period, *, at: datetime) -> int:
    """The seller's week in which the first entry lies, if it is over."""
    ends = rules.week_of(period.first_at, period.zone)
    if not rules.is_over(ends[1], now=at):
        return 0
    async with db.for_shop(period.shop_id).transaction() as tx:
        sums = await queries.sum_of_period(
            tx, shop_id=period.shop_id, currency=period.currency, from_at=ends[0], until_at=ends[1]
        )
        statement_id = await queries.insert_statement(tx, period, ends=ends, sums=sums, at=at)
        if statement_id is None:
            return 0
        fact = StatementIssued(
            shop_id=period.shop_id,
            subject_id=statement_id,
            closing_minor=period.opening_minor + sums.amount_minor,
            currency=period.currency,
        )
        await record(tx, fact, by=SYSTEM, at=at)
        return 1
