"""Who gets what: checkouts decided in order of arrival, each over all its lines and shops or not at all. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from etalase.commerce.accounts.queries import Address
from etalase.commerce.orders.placing import NewOrder
from etalase.commerce.payments.methods import fee_of
from etalase.commerce.payments.rules import PROVIDER_OF_COD, PROVIDER_OF_WALLET, Payment, PaymentState, Purchase
from etalase.commerce.shipping.rules import CarrierOffer
from etalase.foundation.deadlines import rules as due
from etalase.foundation.ids import new_id
from etalase.foundation.policies.rules import book_of
from etalase.journeys.checkout import admitting, quoting
from etalase.journeys.checkout.admitting import Asking
from etalase.journeys.checkout.drafting import order_of
from etalase.journeys.checkout.errors import (
    AddressMissing,
    CartEmpty,
    MethodNotAllowed,
    NotDeliverable,
    QuoteChanged,
    Refusal,
    WalletTooSmall,
)
from etalase.journeys.checkout.quoting import Surroundings
from etalase.journeys.checkout.rules import COD, WALLET, Checkout, Key, PlacementKey, Quote, WantedLine

BY_OURSELVES = {COD: PROVIDER_OF_COD, WALLET: PROVIDER_OF_WALLET}
"""Methods that no provider is asked for."""


@dataclass(frozen=True, slots=True)
class Placement:
    """A checkout that gets everything it asked for, as it is written."""

    checkout: Checkout
    purchase: Purchase
    payment: Payment
    orders: tuple[NewOrder, ...]
    clocks: tuple[due.Clock, ...]
    bought: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A checkout whose key one before it has used: it gets that one's result."""

    key: PlacementKey


@dataclass(slots=True)
class Scene:
    """What checkouts are decided from; what one of them takes is gone for the next."""

    around: Surroundings
    carts: dict[int, list[WantedLine]]
    addresses: Mapping[tuple[int, int], Address]
    left: dict[Key, int]
    limits_left: dict[tuple[int, Key], int] = field(default_factory=dict)
    wallets: dict[int, int] = field(default_factory=dict)
    """Buyer -> what the wallet has to spend, of those who pay from it."""
    refusers: frozenset[int] = frozenset()
    """Buyers who want to pay on delivery and may not."""

    def lines_of(self, checkout: Checkout) -> Sequence[WantedLine]:
        """What the checkout is about."""
        return self.carts.get(checkout.buyer_id, []) if checkout.lines is None else checkout.lines

    def take(self, placement: Placement) -> None:
        """Let the next ones see what is left."""
        buyer_id = placement.checkout.buyer_id
        if placement.payment.wallet_minor:
            self.wallets[buyer_id] -= placement.payment.wallet_minor
        for order in placement.orders:
            for line in order.lines:
                key = (order.shop_id, line.variant_id)
                self.left[key] -= line.quantity
                if (buyer_id, key) in self.limits_left:
                    self.limits_left[buyer_id, key] -= line.quantity
        if buyer_id in self.carts:
            bought = set(placement.bought)
            self.carts[buyer_id] = [
                line for line in self.carts[buyer_id] if (line.shop_id, line.variant_id) not in bought
            ]


def decide(
    checkouts: Sequence[Checkout], scene: Scene, *, carriers: Sequence[CarrierOffer], at: datetime
) -> list[Placement | Repeat | Refusal]:
    """For each checkout what is to be written, or why not; the result is that of deciding them one after the other."""
    decided: list[Placement | Repeat | Refusal] = []
    placed: set[PlacementKey] = set()
    for checkout in checkouts:
        if checkout.key in placed:
            decided.append(Repeat(checkout.key))
            continue
        try:
            placement = _decide(checkout, scene, carriers=carriers, at=at)
        except Refusal as refusal:
            decided.append(refusal)
            continue
        scene.take(placement)
        placed.add(checkout.key)
        decided.append(placement)
    return decided


def _decide(checkout: Checkout, scene: Scene, *, carriers: Sequence[CarrierOffer], at: datetime) -> Placement:
    wanted = scene.lines_of(checkout)
    if not wanted:
        raise CartEmpty
    address = scene.addresses.get((checkout.buyer_id, checkout.address_id))
    if address is None:
        raise AddressMissing
    find_quote = partial(_quote, checkout, scene, wanted, address=address, carriers=carriers, at=at)
    quote = find_quote(is_brief=True)
    try:
        _check(checkout, quote, scene, address=address)
        _check_wallet(checkout, quote, scene)
    except QuoteChanged:
        raise QuoteChanged(find_quote()) from None  # the buyer chooses again, among everything there is
    return _placement(checkout, quote, scene.around, address=address, at=at)


def _quote(
    checkout: Checkout, scene: Scene, wanted: Sequence[WantedLine], *, address: Address,
    carriers: Sequence[CarrierOffer], at: datetime, is_brief: bool = False,
) -> Quote:  # fmt: skip
    keys = [(line.shop_id, line.variant_id) for line in wanted]
    limits = {key: scene.limits_left.get((checkout.buyer_id, key)) for key in keys}
    return quoting.quote_from(
        scene.around,
        wanted=wanted,
        left=scene.left,
        limits_left={key: units for key, units in limits.items() if units is not None},
        address=address,
        carriers=carriers,
        chosen=checkout.delivery,
        now=at,
        insured=checkout.insured,
        is_brief=is_brief,
    )


def _check(checkout: Checkout, quote: Quote, scene: Scene, *, address: Address) -> None:
    if quote.troubles:
        raise QuoteChanged(quote)
    if not quote.is_deliverable:
        raise NotDeliverable
    for shop in quote.shops:
        wanted = checkout.delivery.get(shop.shop_id)
        if wanted is not None and shop.chosen and (shop.chosen.carrier, shop.chosen.service) != wanted:
            raise QuoteChanged(quote)
    if quote.total_minor != checkout.total_seen_minor or _fee(checkout, quote, scene.around) != checkout.fee_seen_minor:
        raise QuoteChanged(quote)
    accepts = {shop.shop_id: shop.accepts_cod for shop in scene.around.shops.values()}
    asking = Asking(quote, address, accepts, has_refused=checkout.buyer_id in scene.refusers)
    if reason := admitting.refusal(checkout.method.kind, asking, scene.around.book):
        raise MethodNotAllowed(checkout.method.code, reason)


def _check_wallet(checkout: Checkout, quote: Quote, scene: Scene) -> None:
    """The wallet has its part, and the rest is some other method's that can wait for it."""
    part, is_whole = checkout.wallet_minor, checkout.wallet_minor == quote.total_minor
    if part == 0 and checkout.method.kind != WALLET:
        return
    if not 0 < part <= min(quote.total_minor, scene.wallets.get(checkout.buyer_id, 0)):
        raise WalletTooSmall
    if is_whole != (checkout.method.kind == WALLET) or checkout.method.kind == COD or quote.currency != "IDR":
        raise WalletTooSmall


def _fee(checkout: Checkout, quote: Quote, around: Surroundings) -> int:
    """What the method costs besides, today; the courier takes no fee."""
    kind = checkout.method.kind
    return fee_of(
        kind, amount_minor=quote.total_minor - checkout.wallet_minor, currency=quote.currency, book=around.book
    )


def _placement(checkout: Checkout, quote: Quote, around: Surroundings, *, address: Address, at: datetime) -> Placement:
    purchase = Purchase(
        buyer_id=checkout.buyer_id,
        id=new_id(),
        placement_key=checkout.placement_key,
        payment_method=checkout.method.code,
        currency=quote.currency,
        total_minor=quote.total_minor,
        placed_at=at,
    )
    orders = tuple(order_of(checkout, shop, purchase.id, address=address, around=around, at=at) for shop in quote.shops)
    return Placement(
        checkout=checkout,
        purchase=purchase,
        payment=_first_payment(purchase, checkout, around),
        orders=orders,
        clocks=tuple(clock for order in orders for clock in _clocks(order, checkout, around, at=at)),
        bought=tuple((order.shop_id, line.variant_id) for order in orders for line in order.lines),
    )


def _first_payment(purchase: Purchase, checkout: Checkout, around: Surroundings) -> Payment:
    """The attempt to pay that a placement begins with; cash on delivery and what the wallet pays whole never expire."""
    method = checkout.method
    is_whole = method.kind == WALLET
    limit = due.unpaid_due(purchase.placed_at, method.kind, around.book)
    return Payment(
        buyer_id=purchase.buyer_id,
        id=new_id(),
        purchase_id=purchase.id,
        provider=BY_OURSELVES.get(method.kind, method.provider),
        method=method.code,
        state=PaymentState.PENDING,
        amount_minor=purchase.total_minor - (0 if is_whole else checkout.wallet_minor) + checkout.fee_seen_minor,
        wallet_minor=checkout.wallet_minor,
        fee_minor=checkout.fee_seen_minor,
        currency=purchase.currency,
        provider_reference=None,
        pay_url=None,
        expires_at=limit.due_at if limit else None,
        started_at=purchase.placed_at,
        paid_at=None,
        failure="",
    )


def _clocks(order: NewOrder, checkout: Checkout, around: Surroundings, *, at: datetime) -> list[due.Clock]:
    """What runs from the first moment: to pay, to confirm, or where the shop confirms by itself to ship."""
    book = book_of(order.policies)
    zone, calendar = around.shops[order.shop_id].zone, around.calendars[order.shop_id]
    if order.confirmed_at is not None:
        return due.shipping_clocks(
            shop_id=order.shop_id,
            order_id=order.id,
            paid_at=at,
            zone=zone,
            calendar=calendar,
            book=book,
            handling_days=int(order.delivery["handling_days"]),
        )
    if checkout.method.kind == WALLET:
        return []  # the money is set aside: it is paid in a moment, whoever crashes, and can't lapse
    limit = due.unpaid_due(at, checkout.method.kind, book)
    if limit is not None:
        return [limit.clock("payment.deadline", shop_id=order.shop_id, order_id=order.id)]
    limit = due.confirm_due(at, zone=zone, calendar=calendar, book=book)
    return [limit.clock("confirm.deadline", shop_id=order.shop_id, order_id=order.id)]
