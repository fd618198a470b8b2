"""Checkout: what it would cost, placing it once, paying."""

from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Header

from etalase.commerce.accounts import queries as accounts
from etalase.commerce.accounts.queries import Address
from etalase.commerce.catalog import queries as catalog
from etalase.commerce.ledger import queries as ledger
from etalase.commerce.orders import queries as orders
from etalase.commerce.orders.rules import State
from etalase.commerce.payments import queries as payments
from etalase.commerce.payments.methods import WALLET, MethodKind, PaymentMethod, chosen_method
from etalase.commerce.payments.rules import PROVIDER_OF_COD, PROVIDER_OF_WALLET, PaymentState, newest_attempt
from etalase.commerce.shipping.rules import DeliveryOption
from etalase.foundation import clock
from etalase.foundation.lane import LaneFull
from etalase.foundation.policies import queries as policies
from etalase.integrations.carriers.registry import all_carriers
from etalase.integrations.payment_providers import settling, starting
from etalase.integrations.payment_providers.availability import Offer, offers
from etalase.journeys.cart import queries as cart
from etalase.journeys.checkout import actions, admitting, quoting, retrying, rules
from etalase.journeys.checkout.errors import (
    AddressMissing,
    CartEmpty,
    MethodNotAllowed,
    NotDeliverable,
    PaymentNotPossible,
    QuoteChanged,
    Refusal,
)
from etalase.journeys.checkout.rules import Checkout, WantedLine
from etalase.web.api import models, order_models
from etalase.web.api.access import Buyer, BuyerDep, id_of
from etalase.web.api.problems import Problem, not_found

router = APIRouter(prefix="/api/v1", tags=["checkout"])

CURRENCY: Final = "IDR"
FULL_RETRY_AFTER: Final = timedelta(seconds=3)
PlacementKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key", min_length=8, max_length=64, pattern=r"^[\x21-\x7e]+$",
        description="Any word of yours: a repeat with the same one gets the first purchase and places nothing",
    ),
]  # fmt: skip


@router.post("/quote")
async def ask_for_quote(buyer: BuyerDep, sent: order_models.QuoteAsked) -> order_models.Quote:
    """What the chosen lines of the cart would cost now; holds nothing."""
    wanted = await _selected(buyer)
    if not wanted:
        raise Problem(409, "cart_empty", "Choose something in the cart first.")
    async with buyer.db.for_buyer(buyer.id).reading() as tx:
        address = _pick(await accounts.addresses_of_buyer(tx, buyer_id=buyer.id), sent.address_id)
        found = await quoting.quote(
            tx, buyer_id=buyer.id, wanted=wanted, address=address, carriers=all_carriers(),
            chosen=_delivery(sent.delivery), now=clock.now(), insured=_ids(sent.insured_shop_ids),
        )  # fmt: skip
    return await _told(buyer, found, address=address)


async def _selected(buyer: Buyer) -> list[WantedLine]:
    async with buyer.db.for_buyer(buyer.id).reading() as tx:
        lines = await cart.cart_of_buyer(tx, buyer_id=buyer.id)
    return [WantedLine(x.shop_id, x.variant_id, x.quantity, x.price_seen_minor) for x in lines if x.is_selected]


def _pick(known: list[Address], wanted: str | None) -> Address | None:
    if wanted is not None:
        chosen = next((one for one in known if str(one.id) == wanted), None)
        if chosen is None:
            raise not_found()
        return chosen
    return next((one for one in known if one.is_default), known[0] if known else None)


def _delivery(sent: list[order_models.Delivery]) -> dict[int, tuple[str, str]]:
    return {id_of(one.shop_id): (one.carrier, one.service) for one in sent}


def _ids(sent: list[str]) -> frozenset[int]:
    return frozenset(id_of(one) for one in sent)


async def _told(buyer: Buyer, quote: rules.Quote, *, address: Address | None) -> order_models.Quote:
    currency = quote.currency

    def money(amount_minor: int) -> models.Money:
        return models.Money(amount_minor=amount_minor, currency=currency)

    return order_models.Quote(
        address_id=str(address.id) if address else None,
        shops=[
            order_models.ShopQuote(
                shop_id=str(part.shop_id),
                lines=[
                    order_models.QuotedLine(
                        variant_id=str(line.variant.variant_id), title=line.variant.title, quantity=line.quantity,
                        price=money(line.variant.price_minor),
                    )
                    for line in part.lines
                ],
                items=money(part.items_minor),
                shipping=money(part.shipping_minor),
                insurance=money(part.insurance_minor),
                must_insure=part.must_insure,
                total=money(part.total_minor),
                delivery=[_option(part, option, currency=currency) for option in rules.delivery_choices(part)],
            )
            for part in quote.shops
        ],
        troubles=[_trouble(one) for one in quote.troubles],
        total_minor=quote.total_minor,
        currency=currency,
        is_deliverable=quote.is_deliverable,
        methods=await _methods(buyer, quote, address),
    )  # fmt: skip


def _option(part: rules.ShopQuote, option: DeliveryOption, *, currency: str) -> order_models.DeliveryOption:
    return order_models.DeliveryOption(
        carrier=option.carrier, service=option.service, name=f"{option.carrier_name} {option.service_name}",
        price=models.Money(amount_minor=option.price_minor, currency=currency), promised_from=option.promised_from,
        promised_until=option.promised_until, is_chosen=option == part.chosen,
    )  # fmt: skip


def _trouble(one: rules.LineTrouble) -> order_models.Trouble:
    return order_models.Trouble(
        shop_id=str(one.shop_id), variant_id=str(one.variant_id), trouble=one.trouble, title=one.title, left=one.left
    )


async def _methods(buyer: Buyer, quote: rules.Quote, address: Address | None) -> list[order_models.Method]:
    async with buyer.db.any().reading() as tx:
        book = await policies.load_book(tx)
        shops = await catalog.shops_by_id(tx, sorted(part.shop_id for part in quote.shops))
        found = await offers(tx, buyer.settings, amount_minor=quote.total_minor, currency=quote.currency, book=book)
        wallet = await ledger.totals_of_wallet(tx, owner_id=buyer.id, currency=quote.currency)
        asking = await admitting.asking_of(
            tx, book, quote, buyer_id=buyer.id, address=address, now=clock.now(),
            accepts_cod={shop.shop_id: shop.accepts_cod for shop in shops},
        )  # fmt: skip
    found.append(Offer(WALLET, PROVIDER_OF_WALLET, 0, "" if wallet["buyer_wallet"] >= quote.total_minor else "closed"))
    return [
        order_models.Method(
            code=one.method.code,
            label=one.method.name,
            kind=str(one.method.kind),
            refusal=one.refusal or admitting.refusal(str(one.method.kind), asking, book),
            fee_minor=one.fee_minor,
        )
        for one in found
    ]


async def _offer(buyer: Buyer, method: PaymentMethod, amount_minor: int) -> Offer:
    """The method as it is offered now for this sum, or Problem."""
    if method is WALLET:
        return Offer(WALLET, PROVIDER_OF_WALLET, 0, "")
    async with buyer.db.any().reading() as tx:
        book = await policies.load_book(tx)
        found = await offers(tx, buyer.settings, amount_minor=amount_minor, currency=CURRENCY, book=book)
    offer = next(one for one in found if one.method.code == method.code)
    if offer.refusal:
        raise Problem(409, "method_not_allowed", more={"reason": offer.refusal})
    return offer


@router.post("/purchases", status_code=201)
async def place(buyer: BuyerDep, sent: order_models.Placement, placement_key: PlacementKey) -> order_models.Placed:
    """Place the chosen lines, one order a shop under one payment, all or nothing; a repeat answers the first result.

    Whatever differs from what the buyer saw is refused with `quote_changed` and today's quote in `more`.
    """
    method = _method(sent.method)
    offer = await _offer(buyer, method, sent.total_seen_minor)
    asked = Checkout(
        buyer_id=buyer.id, buyer_name=buyer.name, placement_key=placement_key, address_id=id_of(sent.address_id),
        delivery=_delivery(sent.delivery), method=rules.Method(method.code, str(method.kind), offer.provider),
        wallet_minor=sent.total_seen_minor if method is WALLET else 0,
        total_seen_minor=sent.total_seen_minor, fee_seen_minor=sent.fee_seen_minor, insured=_ids(sent.insured_shop_ids),
        notes={id_of(note.shop_id): note.text.replace("\0", "") for note in sent.notes},
    )  # fmt: skip
    try:
        placed = await actions.place(buyer.request.app.state.checkout_lane, asked)
    except LaneFull:
        raise Problem(503, "busy", retry_after=FULL_RETRY_AFTER) from None
    except CartEmpty:
        before = await actions.placed_with(buyer.db, buyer_id=buyer.id, placement_key=placement_key)
        if before is None:
            raise Problem(409, "cart_empty", "Choose something in the cart first.") from None
        placed = before
    except Refusal as refusal:
        raise await _refused(buyer, refusal) from None
    pay_url = ""
    if placed.payment_id is not None and method.kind is not MethodKind.COD:
        started = await starting.start_payment(
            buyer.db, buyer.settings, buyer_id=buyer.id, payment_id=placed.payment_id
        )
        pay_url = started or ""
    purchase = await _purchase(buyer, placed.purchase_id)
    return order_models.Placed(purchase_id=purchase.id, order_ids=purchase.order_ids, pay_url=pay_url)


def _method(code: str) -> PaymentMethod:
    method = chosen_method(code[:40])
    if method is None:
        raise Problem(422, "not_valid", "See errors.", errors=(("method", "unknown"),))
    return method


async def _refused(buyer: Buyer, refusal: Refusal) -> Problem:
    match refusal:
        case QuoteChanged():
            quote = await _told(buyer, refusal.quote, address=None)
            return Problem(
                409,
                "quote_changed",
                "Price, stock or shipping are not what was seen.",
                more={"quote": quote.model_dump(mode="json")},
            )
        case MethodNotAllowed():
            return Problem(409, "method_not_allowed", more={"reason": refusal.reason})
        case NotDeliverable():
            return Problem(409, "not_deliverable", "A shop can't deliver to this address.")
        case AddressMissing():
            return not_found()
    return Problem(409, "not_possible")


@router.get("/purchases/{purchase_id}")
async def purchase(buyer: BuyerDep, purchase_id: str) -> order_models.Purchase:
    """What became of the purchase; the provider is asked, for its word may still be on the way."""
    number = id_of(purchase_id)
    async with buyer.db.for_buyer(buyer.id).reading() as tx:
        attempts = await payments.payments_of_purchase(tx, buyer_id=buyer.id, purchase_id=number)
    if attempts and attempts[0].state is PaymentState.PENDING and attempts[0].provider != PROVIDER_OF_COD:
        await settling.ask(buyer.db, attempts[0])
    return await _purchase(buyer, number)


async def _purchase(buyer: Buyer, number: int) -> order_models.Purchase:
    async with buyer.db.for_buyer(buyer.id).reading() as tx:
        found = await payments.purchase_of_buyer(tx, buyer_id=buyer.id, purchase_id=number)
        attempts = await payments.payments_of_purchase(tx, buyer_id=buyer.id, purchase_id=number)
        made = await orders.orders_of_purchase(tx, buyer_id=buyer.id, purchase_id=number)
    if found is None:
        raise not_found()
    newest = newest_attempt(attempts)
    return order_models.Purchase(
        id=str(found.id),
        payment_method=newest.method if newest else found.payment_method,
        payment_state=str(attempts[0].state) if attempts else "none",
        total=models.Money(amount_minor=found.total_minor, currency=found.currency),
        placed_at=found.placed_at,
        order_ids=[str(order.id) for order in made],
    )


@router.post("/purchases/{purchase_id}/payment")
async def pay(buyer: BuyerDep, purchase_id: str, sent: order_models.PaymentAsked) -> order_models.PaymentView:
    """Where to pay: go on with the pending payment, or with another method; the orders stay as they are."""
    number = id_of(purchase_id)
    method = _method(sent.method) if sent.method is not None else None
    chosen = None
    if method is not None:
        offer = await _offer(buyer, method, await _owed(buyer, number))
        chosen = rules.Method(method.code, str(method.kind), offer.provider)
    try:
        payment_id = await retrying.pay_again(buyer.db, buyer_id=buyer.id, purchase_id=number, method=chosen)
    except PaymentNotPossible:
        await _purchase(buyer, number)
        raise Problem(409, "nothing_to_pay", "There is nothing left to pay here.") from None
    except MethodNotAllowed as refusal:
        raise Problem(409, "method_not_allowed", more={"reason": refusal.reason}) from None
    url = await starting.start_payment(buyer.db, buyer.settings, buyer_id=buyer.id, payment_id=payment_id)
    async with buyer.db.for_buyer(buyer.id).reading() as tx:
        begun = await payments.payment(tx, buyer_id=buyer.id, payment_id=payment_id)
    told = {name: str(value) for name, value in begun.instructions.items()} if begun and begun.instructions else None
    return order_models.PaymentView(pay_url=url or "", instructions=told)


async def _owed(buyer: Buyer, purchase_id: int) -> int:
    async with buyer.db.for_buyer(buyer.id).reading() as tx:
        found = await orders.orders_of_purchase(tx, buyer_id=buyer.id, purchase_id=purchase_id)
    return sum(order.total_minor for order in found if order.state is State.UNPAID)
