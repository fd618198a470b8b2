"""The checkout page: address, delivery, payment, one press; whatever changed meanwhile is shown, never taken."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.commerce.accounts import queries as accounts
from etalase.commerce.accounts import regions
from etalase.commerce.accounts.queries import Address
from etalase.commerce.catalog import queries as catalog
from etalase.commerce.catalog.queries import Shop
from etalase.commerce.ledger import queries as ledger
from etalase.commerce.orders.insurance import EXCLUSIONS, Terms
from etalase.commerce.payments.methods import WALLET, MethodKind, PaymentMethod, chosen_method
from etalase.commerce.payments.rules import PROVIDER_OF_COD, PROVIDER_OF_WALLET
from etalase.foundation.i18n import N_
from etalase.foundation.ids import parse_id
from etalase.foundation.lane import LaneFull
from etalase.foundation.policies import queries as policies
from etalase.foundation.policies.rules import PolicyBook
from etalase.foundation.sql import Tx
from etalase.integrations.carriers.registry import all_carriers
from etalase.integrations.payment_providers import starting
from etalase.integrations.payment_providers.availability import Offer, offer_of, offers, unusable
from etalase.journeys.cart import queries as cart
from etalase.journeys.checkout import actions, admitting, quoting, rules
from etalase.journeys.checkout.admitting import Asking
from etalase.journeys.checkout.errors import CartEmpty, MethodNotAllowed, NotDeliverable, QuoteChanged, Refusal
from etalase.journeys.checkout.rules import Checkout, Quote, WantedLine
from etalase.web.request import (
    PlainVisitDep,
    SignedIn,
    Unavailable,
    Visit,
    VisitDep,
    load_badges,
    read_form,
    render,
    see_other,
    signed_in,
)

router = APIRouter()

CURRENCY = "IDR"
AMOUNT_DIGITS_MAX = 16
HIDDEN_UNLESS_SET_UP = (MethodKind.BANK_TRANSFER,)
FULL_RETRY_AFTER = timedelta(seconds=3)
GONE_TOLD_MAX = 3
DELIVERY_SHOWN = 4
"""Ways of delivery in view; the others lie behind a fold."""
TROUBLES = {
    rules.Trouble.GONE: N_("%(title)s is not for sale any more."),
    rules.Trouble.SOLD_OUT: N_("%(title)s is sold out."),
    rules.Trouble.FEWER_LEFT: N_("Of %(title)s only %(left)s are left."),
    rules.Trouble.LIMIT: N_("Of %(title)s you may buy %(left)s more."),
    rules.Trouble.PRICE: N_("The price of %(title)s has changed."),
}
METHOD_ICONS = {
    "qris": "qr-code",
    "bank": "banknote",
    "wallet": "wallet",
    "card": "credit-card",
    "store": "store",
    "cash": "hand-coins",
}
NOT_STARTED = N_("The payment service does not answer right now. Your order is safe; try again in a moment.")
METHOD_REFUSALS = {
    "shop": N_("One of the shops does not offer cash on delivery."),
    "amount": N_("Cash on delivery is not available for this sum."),
    "history": N_("Cash on delivery is closed to you for now: parcels that came to your door were not taken."),
    "region": N_("This payment method is not offered at this address."),
    "goods": N_("Something in this order can't be paid this way."),
    "closed": N_("This payment method is not available for this sum. Choose another."),
    "wallet": N_("There is not so much in your wallet any more. Look at the total again."),
    "part": N_("Cash on delivery does not go together with the wallet."),
    "not_set_up": N_("Paying online is not set up in this shop."),
    "off": N_("This payment method is not offered at the moment. Choose another."),
    "failing": N_("This payment method does not answer right now and comes back by itself. Choose another."),
}


def _city_name(code: str) -> str:
    found = regions.city(code)
    return found.name if found else code


WORDS_AND_FIGURES: Final = {
    "city_name": _city_name,
    "method_icons": METHOD_ICONS,
    "delivery_choices": rules.delivery_choices,
    "delivery_shown": DELIVERY_SHOWN,
    "exclusions": EXCLUSIONS,
}
"""What the page asks for whatever is in the cart."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the buyer has chosen on the page; survives updates, log-in and refusals."""

    placement_key: str
    address_id: int | None
    method: str
    delivery: Mapping[int, tuple[str, str]]
    notes: Mapping[int, str]
    insured: frozenset[int] = frozenset()
    uses_wallet: bool = False

    def url(self) -> str:
        """The page with these choices."""
        fields: list[tuple[str, str]] = [("placement_key", self.placement_key), ("method", self.method)]
        if self.uses_wallet:
            fields.append(("wallet", "yes"))
        if self.address_id:
            fields.append(("address", str(self.address_id)))
        fields += [(f"delivery-{shop_id}", ":".join(option)) for shop_id, option in self.delivery.items()]
        fields += [(f"insurance-{shop_id}", "yes") for shop_id in sorted(self.insured)]
        fields += [(f"note-{shop_id}", note) for shop_id, note in self.notes.items() if note]
        return "/checkout?" + urlencode(fields)


def choices_from(fields: Mapping[str, object]) -> Choices:
    """The choices in a form or an address line; anything unreadable counts as not chosen."""
    delivery, notes, insured = {}, {}, set()
    for name, value in fields.items():
        subject, _, shop = name.partition("-")
        shop_id = parse_id(shop) if shop else None
        if shop_id and subject == "delivery" and ":" in str(value):
            carrier, _, service = str(value).partition(":")
            delivery[shop_id] = (carrier, service)
        elif shop_id and subject == "note":
            notes[shop_id] = str(value)[: rules.NOTE_CHARS_MAX]
        elif shop_id and subject == "insurance" and value == "yes":
            insured.add(shop_id)
    key = str(fields.get("placement_key", ""))
    return Choices(
        placement_key=key if 8 <= len(key) <= 64 and key.isascii() else secrets.token_urlsafe(18),
        address_id=parse_id(str(fields.get("address", ""))),
        method=str(fields.get("method", ""))[:40],
        delivery=delivery,
        notes=notes,
        insured=frozenset(insured),
        uses_wallet=fields.get("wallet") == "yes",
    )


@router.get("/checkout")
async def show_checkout(request: Request, visit: VisitDep) -> Response:
    """The chosen lines with today's prices, delivery options and payment methods."""
    choices = choices_from(dict(request.query_params))
    account = signed_in(visit, back_to=choices.url() if request.query_params else "/checkout")
    return await _page(visit, account, choices)


@router.post("/checkout")
async def place_order(request: Request, visit: PlainVisitDep) -> Response:
    """Place the order, or save the choices and show the new total."""
    form = await read_form(request)
    choices = choices_from({name: str(value) for name, value in form.items()})
    account = signed_in(visit, back_to=choices.url())
    if form.get("action") != "place":
        return see_other(visit, choices.url())
    wallet_minor = max(0, seen_amount(form.get("wallet_seen", "0"))) if choices.uses_wallet else 0
    is_whole = 0 < wallet_minor == seen_amount(form.get("total_seen"))
    method = WALLET if is_whole else chosen_method(choices.method)
    address_id = choices.address_id or await _default_address(visit, account)
    if method is None or address_id is None or (method is WALLET and not is_whole):
        return await _page(visit, account, choices, status=422, refusal=N_("Choose an address and a payment method."))
    checkout = Checkout(
        buyer_id=account.id,
        buyer_name=account.name,
        placement_key=choices.placement_key,
        address_id=address_id,
        delivery=choices.delivery,
        method=rules.Method(method.code, str(method.kind), PROVIDER_OF_COD),
        total_seen_minor=seen_amount(form.get("total_seen")),
        fee_seen_minor=seen_amount(form.get("fee_seen", "0")),
        notes=choices.notes,
        insured=choices.insured,
        wallet_minor=wallet_minor,
    )
    return await _place(visit, account, choices, checkout, method)


async def _place(
    visit: Visit, account: SignedIn, choices: Choices, checkout: Checkout, method: PaymentMethod
) -> Response:
    try:
        offer = await _offer(visit, method, checkout)
        if offer.refusal:
            raise MethodNotAllowed(method.code, offer.refusal)
        taken = replace(checkout, method=replace(checkout.method, provider=offer.provider))
        placed = await actions.place(visit.request.app.state.checkout_lane, taken)
    except LaneFull:
        raise Unavailable(FULL_RETRY_AFTER) from None
    except Refusal as refusal:
        return await _refused(visit, account, choices, refusal)
    if placed.payment_id is None or method.kind is MethodKind.COD:
        return see_other(visit, f"/purchases/{placed.purchase_id}", flash=N_("Order placed. Pay when it arrives."))
    pay_url = await starting.start_payment(visit.db, visit.settings, buyer_id=account.id, payment_id=placed.payment_id)
    if pay_url is None:
        return see_other(visit, f"/purchases/{placed.purchase_id}", flash=NOT_STARTED, kind="error")
    return see_other(visit, pay_url)


async def _refused(visit: Visit, account: SignedIn, choices: Choices, refusal: Refusal) -> Response:
    match refusal:
        case CartEmpty():
            return await _after_empty(visit, account, choices)
        case QuoteChanged(quote=quote) if not quote.shops:
            gone = " ".join(_trouble_texts(visit, quote, has_changed=True)[:GONE_TOLD_MAX])
            return see_other(visit, "/cart", flash=gone, kind="error")
        case QuoteChanged():
            return await _page(visit, account, choices, status=409, quote=refusal.quote)
        case MethodNotAllowed():
            return await _page(visit, account, choices, status=422, refusal=METHOD_REFUSALS[refusal.reason])
        case NotDeliverable():
            text = N_("A shop can't deliver to this address. Choose another address or remove its products.")
            return await _page(visit, account, choices, status=409, refusal=text)
    return await _page(visit, account, choices, status=422, refusal=N_("Choose an address first."))


async def _after_empty(visit: Visit, account: SignedIn, choices: Choices) -> Response:
    """An empty cart may be a second tap: then the first one's purchase is shown."""
    before = await actions.placed_with(visit.db, buyer_id=account.id, placement_key=choices.placement_key)
    if before:
        return see_other(visit, f"/purchases/{before.purchase_id}")
    return see_other(visit, "/cart", flash=N_("Your cart is empty: choose something to buy first."), kind="error")


async def _selected(visit: Visit, account: SignedIn) -> list[WantedLine]:
    async with visit.db.for_buyer(account.id).reading() as tx:
        lines = await cart.cart_of_buyer(tx, buyer_id=account.id)
    return [WantedLine(x.shop_id, x.variant_id, x.quantity, x.price_seen_minor) for x in lines if x.is_selected]


async def _default_address(visit: Visit, account: SignedIn) -> int | None:
    async with visit.db.for_buyer(account.id).reading() as tx:
        found = pick_address(await accounts.addresses_of_buyer(tx, buyer_id=account.id), None)
    return found.id if found else None


def pick_address(known: list[Address], wanted: int | None) -> Address | None:
    """The address that was chosen, else the default, else the first."""
    chosen = next((address for address in known if address.id == wanted), None)
    return chosen or next((address for address in known if address.is_default), known[0] if known else None)


async def _page(
    visit: Visit,
    account: SignedIn,
    choices: Choices,
    *,
    status: int = 200, quote: Quote | None = None, refusal: str = "",
) -> Response:  # fmt: skip
    if not (wanted := await _selected(visit, account)):
        return await _after_empty(visit, account, choices)
    if visit.request.method == "POST":
        await load_badges(visit)
    async with visit.db.for_buyer(account.id).reading() as tx:
        known = await accounts.addresses_of_buyer(tx, buyer_id=account.id)
        address = pick_address(known, choices.address_id)
        fresh = quote or await quoting.quote(
            tx, buyer_id=account.id, wanted=wanted, address=address, carriers=all_carriers(), chosen=choices.delivery,
            now=visit.page.now, insured=choices.insured,
        )  # fmt: skip
        book = await policies.load_book(tx)
        shops = {s.shop_id: s for s in await catalog.shops_by_id(tx, sorted({line.shop_id for line in wanted}))}
        payment = await _payment(tx, visit, fresh, choices=choices, address=address, shops=shops, book=book)
    return render(
        visit,
        "storefront/checkout/checkout.html",
        status=status,
        quote=fresh,
        shops=shops,
        addresses=known,
        address=address,
        choices=choices,
        troubles=_trouble_texts(visit, fresh, has_changed=quote is not None),
        refusal=visit.page.translator.gettext(refusal) if refusal else "",
        **payment,
        insurances=insurances_offered(fresh, book),
        **WORDS_AND_FIGURES,
    )


async def _payment(
    tx: Tx, visit: Visit, quote: Quote, *, choices: Choices, address: Address | None, shops: Mapping[int, Shop],
    book: PolicyBook,
) -> dict[str, object]:  # fmt: skip
    """What the page says of paying: the wallet's part, and the methods for the rest with their fees."""
    account = signed_in(visit)
    wallet = await _wallet(tx, account, choices, quote)
    rest = quote.total_minor - wallet["wallet_minor"]
    found = await offers(tx, visit.settings, amount_minor=rest, currency=quote.currency, book=book)
    asking = await admitting.asking_of(
        tx, book, quote, buyer_id=account.id, address=address, now=visit.page.now,
        accepts_cod={shop_id: shop.accepts_cod for shop_id, shop in shops.items()},
        has_part=bool(wallet["wallet_minor"]),
    )  # fmt: skip
    return {"methods": methods_offered(found, asking, book), **_fees(found, choices, rest_minor=rest), **wallet}


async def _wallet(tx: Tx, account: SignedIn, choices: Choices, quote: Quote) -> dict[str, int]:
    """What the wallet has, and what it pays of this if the buyer wants that."""
    has = 0
    if quote.currency == CURRENCY:
        totals = await ledger.totals_of_wallet(tx, owner_id=account.id, currency=CURRENCY)
        has = totals["buyer_wallet"]
    return {"wallet_has_minor": has, "wallet_minor": min(has, quote.total_minor) if choices.uses_wallet else 0}


def insurances_offered(quote: Quote, book: PolicyBook) -> dict[int, Terms]:
    """The terms on which each shop's shipment can be insured."""
    return {part.shop_id: quoting.terms_of(book, part.shop_id, part.lines) for part in quote.shops}


def _trouble_texts(visit: Visit, quote: Quote, *, has_changed: bool) -> list[str]:
    translate = visit.page.translator.gettext
    if has_changed and not quote.troubles:
        return [translate(N_("The total has changed since you saw it. Please check it before you place the order."))]
    return [
        translate(TROUBLES[trouble.trouble], title=trouble.title or translate(N_("A product")), left=trouble.left)
        for trouble in quote.troubles
    ]


def methods_offered(offers: Sequence[Offer], asking: Asking, book: PolicyBook) -> list[tuple[Offer, str]]:
    """Every payment method with the reason it can't be used now, '' if it can."""
    reasons = [(offer, offer.refusal or admitting.refusal(str(offer.method.kind), asking, book)) for offer in offers]
    return [
        (offer, METHOD_REFUSALS.get(reason, ""))
        for offer, reason in reasons
        if reason != "not_set_up" or offer.method.kind not in HIDDEN_UNLESS_SET_UP
    ]


def _fees(found: Sequence[Offer], choices: Choices, *, rest_minor: int) -> dict[str, object]:
    """What the chosen method costs besides, and whether choosing another changes the total."""
    code = choices.method if rest_minor else ""
    chosen = next((one.fee_minor for one in found if one.method.code == code), 0)
    return {"fee_minor": chosen, "has_fees": any(one.fee_minor for one in found)}


async def _offer(visit: Visit, method: PaymentMethod, checkout: Checkout) -> Offer:
    """The method as it is offered for what of the sum that the buyer saw the wallet does not pay."""
    if method is WALLET:
        return Offer(WALLET, PROVIDER_OF_WALLET, 0, "")
    async with visit.db.any().reading() as tx:
        return offer_of(
            method,
            visit.settings,
            await unusable(tx),
            amount_minor=checkout.total_seen_minor - checkout.wallet_minor,
            currency=CURRENCY,
            book=await policies.load_book(tx),
        )


def seen_amount(text: object) -> int:
    """An amount that a form brings back; one that no sum has if it can't be read."""
    said = str(text)
    return int(said) if said.isascii() and said.isdigit() and len(said) < AMOUNT_DIGITS_MAX else -1
