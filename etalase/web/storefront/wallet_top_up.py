"""Putting money into the wallet, through whoever takes money for orders too."""

import secrets
from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.commerce.payments import queries as payments
from etalase.commerce.payments.by_hand import queries as by_hand
from etalase.commerce.payments.methods import MethodKind, payment_method
from etalase.commerce.payments.rules import Payment, PaymentState, Purchase
from etalase.commerce.payments.transfers import queries as transfers
from etalase.commerce.wallet import limits, queries, rules, topping_up
from etalase.commerce.wallet.errors import AmountNotAllowed, FeeChanged
from etalase.commerce.wallet.rules import CURRENCY
from etalase.foundation.i18n import N_, format_money
from etalase.foundation.ids import parse_id
from etalase.foundation.money import typed_rupiah
from etalase.foundation.policies.queries import load_book
from etalase.integrations.payment_providers import settling, starting
from etalase.integrations.payment_providers.availability import Offer, offers
from etalase.integrations.payment_providers.routing import bank_accounts
from etalase.web.request import NotFound, SignedIn, Visit, VisitDep, read_form, render, see_other, signed_in
from etalase.web.storefront.checkout import METHOD_ICONS, NOT_STARTED, seen_amount

router = APIRouter()

QUICK_MINOR = (50_000, 100_000, 250_000, 500_000)
BOUNDS = {
    "minimum": N_("Put in at least %(bound)s."),
    "maximum": N_("Put in at most %(bound)s at once."),
    "room": N_("Your wallet has room for %(bound)s more, what you have not paid yet included."),
}


@router.get("/wallet/top-up")
async def ask_amount(request: Request, visit: VisitDep) -> Response:
    """How much, and how it is paid."""
    account = signed_in(visit)
    typed = {name: request.query_params.get(name, "") for name in ("amount", "method")}
    return await _page(visit, account, typed)


async def _page(
    visit: Visit, account: SignedIn, typed: Mapping[str, str], *, status: int = 200, error: str = "", key: str = ""
) -> Response:
    amount = typed_rupiah(typed.get("amount", "")) or 0
    async with visit.db.for_buyer(account.id).reading() as tx:
        book = await load_book(tx)
        room = await limits.room_seen(tx, owner_id=account.id, currency=CURRENCY)
        room -= await queries.pending_top_ups(tx, buyer_id=account.id, currency=CURRENCY)
        bounds = book.find("wallet.top_up").value
        # Without an amount the methods are those for a small one: the bounds of each are looked at when it is sent.
        found = await offers(
            tx, visit.settings, amount_minor=amount or bounds["minimum_minor"], currency=CURRENCY, book=book
        )  # fmt: skip
        is_verified = await queries.is_verified(tx, buyer_id=account.id)
    return render(
        visit,
        "storefront/wallet/top_up.html",
        status=status,
        typed=typed,
        error=error,
        key=key or secrets.token_urlsafe(18),
        room_minor=max(0, room),
        bounds=bounds,
        is_verified=is_verified,
        verified_limit_minor=rules.limit_of(book, is_verified=True),
        quick=[amount for amount in QUICK_MINOR if amount <= room],
        ways=[way for way in found if _is_way(way)],
        icons=METHOD_ICONS,
    )


def _is_way(offer: Offer) -> bool:
    return offer.method.kind is not MethodKind.COD and offer.refusal in ("", "closed")


@router.post("/wallet/top-up")
async def begin(request: Request, visit: VisitDep) -> Response:
    """Ask for the money and go where it is paid."""
    account = signed_in(visit, back_to="/wallet/top-up")
    form = await read_form(request)
    typed = {name: str(form.get(name, "")) for name in ("amount", "method")}
    amount, key = typed_rupiah(typed["amount"]) or 0, str(form.get("key", ""))
    code, _, fee = typed["method"].partition(":")
    try:
        offer = await _offer(visit, code, amount)
        if offer is None or not 8 <= len(key) <= 64:
            return await _again(visit, account, typed, N_("Choose an amount and a payment method that takes it."))
        purchase_id, payment_id = await topping_up.begin(
            visit.db, buyer_id=account.id, amount_minor=amount, method=code, provider=offer.provider,
            fee_seen_minor=max(0, seen_amount(fee or "0")), key=key,
        )  # fmt: skip
    except AmountNotAllowed as refused:
        bound = format_money(refused.bound_minor, CURRENCY, locale=visit.page.locale)
        return await _again(visit, account, typed, BOUNDS[refused.bound], bound=bound)
    except FeeChanged:
        return await _again(visit, account, typed, N_("The fee of this method has changed. Look at it again."))
    pay_url = await starting.start_payment(visit.db, visit.settings, buyer_id=account.id, payment_id=payment_id)
    if pay_url is None:
        return see_other(visit, f"/wallet/top-ups/{purchase_id}", flash=NOT_STARTED, kind="error")
    return see_other(visit, pay_url)


async def _again(
    visit: Visit, account: SignedIn, typed: Mapping[str, str], text: str, **values: str
) -> Response:  # fmt: skip
    return await _page(visit, account, typed, status=422, error=visit.page.translator.gettext(text, **values))


async def _offer(visit: Visit, code: str, amount_minor: int) -> Offer | None:
    async with visit.db.any().reading() as tx:
        found = await offers(tx, visit.settings, amount_minor=amount_minor, currency=CURRENCY, book=await load_book(tx))
    ways = (one for one in found if one.method.kind is not MethodKind.COD)
    return next((one for one in ways if one.method.code == code and not one.refusal), None)


@router.get("/wallet/top-ups/{top_up_id}")
async def show_top_up(visit: VisitDep, top_up_id: str) -> Response:
    """What became of it, or what to do to pay. The provider is asked, for its notification may still be on the way."""
    account = signed_in(visit)
    _, payment = await _top_up(visit, account, top_up_id)
    if payment.state is PaymentState.PENDING:
        await settling.ask(visit.db, payment)
    purchase, payment = await _top_up(visit, account, top_up_id)
    keys = (account.id, payment.id)
    async with visit.db.for_buyer(account.id).reading() as tx:
        held = await payments.parts_held(tx, payment)
        proofs = await transfers.proofs_of_payments(tx, [keys])
        refunds = await by_hand.refunds_of_purchase(tx, buyer_id=account.id, purchase_id=purchase.id)
    is_open = payment.state is PaymentState.PENDING
    return render(
        visit,
        "storefront/wallet/top_up_page.html",
        purchase=purchase,
        payment=payment,
        method=payment_method(payment.method),
        instructions=dict(payment.instructions) if is_open and payment.instructions else None,
        accounts=bank_accounts(visit.settings),
        held_minor=held,
        proofs=proofs,
        refunds=refunds,
    )


async def _top_up(visit: Visit, account: SignedIn, top_up_id: str) -> tuple[Purchase, Payment]:
    number = parse_id(top_up_id) or 0
    async with visit.db.for_buyer(account.id).reading() as tx:
        purchase = await payments.purchase_of_buyer(tx, buyer_id=account.id, purchase_id=number)
        attempts = await payments.payments_of_purchase(tx, buyer_id=account.id, purchase_id=number)
    if purchase is None or not attempts or not attempts[0].is_top_up:
        raise NotFound
    return purchase, attempts[0]


@router.post("/wallet/top-ups/{top_up_id}/payment")
async def pay(visit: VisitDep, top_up_id: str) -> Response:
    """Go on paying."""
    account = signed_in(visit, back_to=f"/wallet/top-ups/{top_up_id}")
    _, payment = await _top_up(visit, account, top_up_id)
    pay_url = await starting.start_payment(visit.db, visit.settings, buyer_id=account.id, payment_id=payment.id)
    here = f"/wallet/top-ups/{top_up_id}"
    return see_other(visit, pay_url) if pay_url else see_other(visit, here, flash=NOT_STARTED, kind="error")


@router.post("/wallet/top-ups/{top_up_id}/cancellation")
async def give_up(visit: VisitDep, top_up_id: str) -> Response:
    """Not after all."""
    account = signed_in(visit, back_to=f"/wallet/top-ups/{top_up_id}")
    _, payment = await _top_up(visit, account, top_up_id)
    if await topping_up.give_up(visit.db, buyer_id=account.id, payment_id=payment.id):
        return see_other(visit, "/wallet", flash=N_("The top-up is cancelled."))
    return see_other(visit, "/wallet", flash=N_("It is paid or over already."), kind="info")
