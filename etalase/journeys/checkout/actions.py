"""Placing orders: everything is checked again under lock, then written and committed at once, or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from etalase.commerce.accounts import queries as accounts
from etalase.commerce.accounts.queries import Address
from etalase.commerce.inventory import actions as inventory
from etalase.commerce.inventory.queries import lock_stock
from etalase.commerce.inventory.rules import StockUnits
from etalase.commerce.orders import actions as orders
from etalase.commerce.orders.facts import OrderPlaced
from etalase.commerce.orders.placing import NewOrder, insert_orders
from etalase.commerce.orders.rules import State
from etalase.commerce.payments import actions as payments
from etalase.commerce.payments import queries as payment_queries
from etalase.commerce.payments.rules import PROVIDER_OF_COD, Payment, PaymentState, Purchase
from etalase.commerce.shipping.rules import CarrierOffer
from etalase.foundation import clock
from etalase.foundation.deadlines import actions as deadlines
from etalase.foundation.deadlines import rules as due
from etalase.foundation.facts import Actor, record
from etalase.foundation.ids import new_id
from etalase.foundation.policies.rules import book_of
from etalase.foundation.sql import Db, Tx
from etalase.journeys.cart import queries as cart
from etalase.journeys.checkout import quoting, rules
from etalase.journeys.checkout.accepting import accept
from etalase.journeys.checkout.drafting import order_of
from etalase.journeys.checkout.errors import AddressMissing, CartEmpty, MethodNotAllowed, NotDeliverable, QuoteChanged
from etalase.journeys.checkout.quoting import Surroundings
from etalase.journeys.checkout.rules import COD, Checkout, Method, Quote


@dataclass(frozen=True, slots=True)
class Placed:
    """What a placement made, the same however often it is repeated."""

    purchase_id: int
    payment_id: int | None
    is_new: bool


async def place(db: Db, checkout: Checkout, *, method: Method, carriers: Sequence[CarrierOffer]) -> Placed:
    """Place one order a shop under one payment, all or nothing; a repeated placement key answers the first result.

    Raises CartEmpty, AddressMissing, NotDeliverable, MethodNotAllowed, or QuoteChanged with today's quote when price,
    stock or shipping are not what the buyer saw. Nothing is written then.
    """
    async with db.for_buyer(checkout.buyer_id).reading() as tx:
        if before := await _placed_before(tx, buyer_id=checkout.buyer_id, placement_key=checkout.placement_key):
            return before
        address = await _address_of(tx, checkout)
        around = await quoting.look_around(tx, buyer_id=checkout.buyer_id, wanted=checkout.lines)
    async with db.for_buyer(checkout.buyer_id).transaction() as tx:
        return await _place_locked(tx, checkout, address=address, around=around, method=method, carriers=carriers)


async def placed_with(db: Db, *, buyer_id: int, placement_key: str) -> Placed | None:
    """What an earlier placement with this key made, if there was one."""
    async with db.for_buyer(buyer_id).reading() as tx:
        return await _placed_before(tx, buyer_id=buyer_id, placement_key=placement_key)


async def _placed_before(tx: Tx, *, buyer_id: int, placement_key: str) -> Placed | None:
    purchase = await payment_queries.purchase_by_key(tx, buyer_id=buyer_id, placement_key=placement_key)
    if purchase is None:
        return None
    attempts = await payment_queries.payments_of_purchase(tx, buyer_id=buyer_id, purchase_id=purchase.id)
    return Placed(purchase.id, attempts[0].id if attempts else None, is_new=False)


async def _address_of(tx: Tx, checkout: Checkout) -> Address:
    if not checkout.lines:
        raise CartEmpty
    address = await accounts.address_of_buyer(tx, buyer_id=checkout.buyer_id, address_id=checkout.address_id)
    if address is None:
        raise AddressMissing
    return address


async def _place_locked(
    tx: Tx,
    checkout: Checkout,
    *,
    address: Address,
    around: Surroundings,
    method: Method,
    carriers: Sequence[CarrierOffer],
) -> Placed:
    at = clock.now()
    purchase_id = new_id()
    wanted = rules.merge(checkout.lines)
    stock = await lock_stock(tx, shop_ids=[w.shop_id for w in wanted], variant_ids=[w.variant_id for w in wanted])
    # A twin of this placement that was faster holds these rows until its commit; now it can be seen.
    if before := await _placed_before(tx, buyer_id=checkout.buyer_id, placement_key=checkout.placement_key):
        return before
    # So with what the buyer placed elsewhere at the same moment: only under the lock is it known what the limits leave.
    limits_left = await quoting.limits_left(tx, buyer_id=checkout.buyer_id, variants=around.variants)
    around = replace(around, limits_left=limits_left)
    quote = quoting.quote_from(
        around,
        wanted=checkout.lines,
        left={(s.shop_id, s.variant_id): s.available for s in stock},
        address=address,
        carriers=carriers,
        chosen=checkout.delivery,
        now=at,
    )
    _check(checkout, quote, around=around, method=method)
    new_orders = [
        order_of(checkout, shop, purchase_id, address=address, around=around, method=method) for shop in quote.shops
    ]
    purchase = _purchase_of(checkout, quote, purchase_id, method=method, at=at)
    if not await payment_queries.insert_purchase(tx, purchase):
        # The same key with another cart at the same moment: whoever committed first has the key.
        return await _first_result(tx, checkout)
    payment_id = await _write(tx, checkout, purchase, new_orders, around=around, method=method, at=at)
    return Placed(purchase_id, payment_id, is_new=True)


def _purchase_of(checkout: Checkout, quote: Quote, purchase_id: int, *, method: Method, at: datetime) -> Purchase:
    return Purchase(
        buyer_id=checkout.buyer_id,
        id=purchase_id,
        placement_key=checkout.placement_key,
        payment_method=method.code,
        currency=quote.currency,
        total_minor=quote.total_minor,
        placed_at=at,
    )


async def _first_result(tx: Tx, checkout: Checkout) -> Placed:
    before = await _placed_before(tx, buyer_id=checkout.buyer_id, placement_key=checkout.placement_key)
    if before is None:
        raise LookupError(checkout.placement_key)
    return before


def _check(checkout: Checkout, quote: Quote, *, around: Surroundings, method: Method) -> None:
    if quote.troubles:
        raise QuoteChanged(quote)
    if not quote.is_deliverable:
        raise NotDeliverable
    for shop in quote.shops:
        wanted = checkout.delivery.get(shop.shop_id)
        if wanted is not None and shop.chosen and (shop.chosen.carrier, shop.chosen.service) != wanted:
            raise QuoteChanged(quote)
    if quote.total_minor != checkout.total_seen_minor:
        raise QuoteChanged(quote)
    if method.kind == COD:
        accepts = {shop.shop_id: shop.accepts_cod for shop in around.shops.values()}
        if reason := rules.cod_refusal(quote, accepts_cod=accepts, limits=around.book.find("cod.limits").value):
            raise MethodNotAllowed(COD, reason)


async def _write(
    tx: Tx,
    checkout: Checkout,
    purchase: Purchase,
    new_orders: Sequence[NewOrder],
    *,
    around: Surroundings,
    method: Method,
    at: datetime,
) -> int:
    await payment_queries.insert_purchase_orders(
        tx,
        buyer_id=checkout.buyer_id,
        purchase_id=purchase.id,
        parts=[(o.shop_id, o.id, o.total_minor) for o in new_orders],
    )
    payment = first_payment(purchase, method=method, around=around)
    await payments.open_payment(tx, payment)
    await insert_orders(tx, new_orders, at=at)
    units = [
        StockUnits(order.shop_id, line.variant_id, line.quantity, order.id)
        for order in new_orders
        for line in order.lines
    ]
    await inventory.commit_units(tx, units, at=at)
    await record(tx, *[_placed_fact(order) for order in new_orders], by=Actor.buyer(checkout.buyer_id), at=at)
    await deadlines.start(
        tx, *[c for order in new_orders for c in _clocks(order, method=method, around=around, at=at)], at=at
    )
    await cart.remove_lines(
        tx, buyer_id=checkout.buyer_id, keys=[(line.shop_id, line.variant_id) for line in checkout.lines]
    )
    await _count_in(tx, new_orders, around=around, at=at)
    return payment.id


async def _count_in(tx: Tx, new_orders: Sequence[NewOrder], *, around: Surroundings, at: datetime) -> None:
    """Count the orders; those that nobody pays beforehand are accepted first where the shop does so by itself.

    Then it goes shop by shop, so that counters are locked in key order all the same.
    """
    if not any(_is_accepted_at_once(order, around=around) for order in new_orders):
        await orders.count(tx, [(order.shop_id, order.id, order.state, 1) for order in new_orders])
        return
    for order in new_orders:
        if _is_accepted_at_once(order, around=around):
            await accept(tx, await orders.lock(tx, shop_id=order.shop_id, order_id=order.id), at=at)
        await orders.count(tx, [(order.shop_id, order.id, order.state, 1)])


def _is_accepted_at_once(order: NewOrder, *, around: Surroundings) -> bool:
    return order.state is State.NEW and around.shops[order.shop_id].confirm_mode == "automatic"


def first_payment(purchase: Purchase, *, method: Method, around: Surroundings) -> Payment:
    """The attempt to pay that a placement begins with; cash on delivery never expires."""
    limit = due.unpaid_due(purchase.placed_at, method.kind, around.book)
    return Payment(
        buyer_id=purchase.buyer_id,
        id=new_id(),
        purchase_id=purchase.id,
        provider=PROVIDER_OF_COD if method.kind == COD else method.provider,
        method=method.code,
        state=PaymentState.PENDING,
        amount_minor=purchase.total_minor,
        currency=purchase.currency,
        provider_reference=None,
        pay_url=None,
        expires_at=limit.due_at if limit else None,
        started_at=purchase.placed_at,
        paid_at=None,
        failure="",
    )


def _clocks(order: NewOrder, *, method: Method, around: Surroundings, at: datetime) -> list[due.Clock]:
    book = book_of(order.policies)
    limit = due.unpaid_due(at, method.kind, book)
    if _is_accepted_at_once(order, around=around):
        return []  # confirming starts those of shipping
    if limit is None:
        shop, calendar = around.shops[order.shop_id], around.calendars[order.shop_id]
        limit = due.confirm_due(at, zone=shop.zone, calendar=calendar, book=book)
        return [limit.clock("confirm.deadline", shop_id=order.shop_id, order_id=order.id)]
    return [limit.clock("payment.deadline", shop_id=order.shop_id, order_id=order.id)]


def _placed_fact(order: NewOrder) -> OrderPlaced:
    first = order.lines[0]
    return OrderPlaced(
        shop_id=order.shop_id,
        subject_id=order.id,
        order_id=order.id,
        buyer_id=order.buyer_id,
        total_minor=order.total_minor,
        currency=order.currency,
        is_cod=order.is_cod,
        title=first.title,
        image_key=first.image_key,
        units=order.units,
    )
