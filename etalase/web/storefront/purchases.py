"""One purchase: where the browser returns to after paying, what to type in to pay, and where paying is tried again."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import segno
from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.commerce.ledger import queries as ledger
from etalase.commerce.orders import queries as orders
from etalase.commerce.orders.rules import Order, State
from etalase.commerce.payments import queries
from etalase.commerce.payments.by_hand import queries as by_hand
from etalase.commerce.payments.methods import WALLET, MethodKind, chosen_method, payment_method
from etalase.commerce.payments.rules import (
    PROVIDER_OF_COD,
    PROVIDER_OF_WALLET,
    Payment,
    PaymentState,
    newest_attempt,
)
from etalase.commerce.payments.transfers import queries as transfers
from etalase.commerce.wallet.rules import CURRENCY
from etalase.foundation.i18n import N_
from etalase.foundation.ids import parse_id
from etalase.foundation.policies.queries import load_book
from etalase.integrations.payment_providers import settling, starting
from etalase.integrations.payment_providers.availability import Offer, offers
from etalase.integrations.payment_providers.routing import bank_accounts
from etalase.journeys.checkout import retrying
from etalase.journeys.checkout.admitting import refusal_of_order
from etalase.journeys.checkout.errors import MethodNotAllowed, PaymentNotPossible
from etalase.journeys.checkout.rules import Method
from etalase.web.request import NotFound, SignedIn, Visit, VisitDep, read_form, render, see_other, signed_in
from etalase.web.storefront.checkout import NOT_STARTED, seen_amount
from etalase.web.storefront.orders import card_views

router = APIRouter()

QR_TYPE = "image/svg+xml"


@dataclass(frozen=True, slots=True)
class Way:
    """Another way to pay, as the form says it: the method and the fee that the buyer sees."""

    offer: Offer

    @property
    def value(self) -> str:
        return f"{self.offer.method.code}:{self.offer.fee_minor}"


@router.get("/purchases/{purchase_id}")
async def show_purchase(visit: VisitDep, purchase_id: str) -> Response:
    """What became of the purchase. The provider is asked, for its notification may still be on the way."""
    account, number = signed_in(visit), _number(purchase_id)
    async with visit.db.for_buyer(account.id).reading() as tx:
        attempts = await queries.payments_of_purchase(tx, buyer_id=account.id, purchase_id=number)
    if attempts and attempts[0].is_top_up:
        return see_other(visit, f"/wallet/top-ups/{number}")
    if attempts and attempts[0].state is PaymentState.PENDING and attempts[0].provider != PROVIDER_OF_COD:
        await settling.ask(visit.db, attempts[0])
    async with visit.db.for_buyer(account.id).reading() as tx:
        if (purchase := await queries.purchase_of_buyer(tx, buyer_id=account.id, purchase_id=number)) is None:
            raise NotFound
        attempts = await queries.payments_of_purchase(tx, buyer_id=account.id, purchase_id=number)
        found = await orders.orders_of_purchase(tx, buyer_id=account.id, purchase_id=number)
        cards = await orders.cards_of_orders(tx, buyer_id=account.id, order_ids=[order.id for order in found])
        views = await card_views(tx, cards, visit)
        payment, owed = newest_attempt(attempts), _owed(found)
        part = _wallet_part(payment)
        ways = await _ways(visit, found, part_minor=part) if owed else []
        held = await queries.parts_held(tx, payment) if payment else 0
        proofs = await transfers.proofs_of_payments(tx, [(account.id, payment.id)]) if payment else []
        surplus = await by_hand.refunds_of_purchase(tx, buyer_id=account.id, purchase_id=number)
    return render(
        visit,
        "storefront/orders/purchase.html",
        purchase=purchase,
        payment=payment,
        method=payment_method(payment.method if payment else purchase.payment_method),
        unpaid=[order for order in found if order.state is State.UNPAID],
        to_pay_minor=_to_pay(payment, owed) or purchase.total_minor,
        held_minor=held,
        wallet_minor=part,
        instructions=_instructions(payment),
        accounts=bank_accounts(visit.settings),
        proofs=proofs,
        refunds=surplus,
        cards=views,
        ways=ways,
        chosen=next((way.value for way in ways if payment and way.offer.method.code == payment.method), ""),
    )


def _number(purchase_id: str) -> int:
    number = parse_id(purchase_id)
    if number is None:
        raise NotFound
    return number


def _owed(found: Sequence[Order]) -> int:
    """What the purchase's unpaid orders ask for together."""
    return sum(order.total_minor for order in found if order.state is State.UNPAID)


def _wallet_part(payment: Payment | None) -> int:
    """What the wallet pays beside the method: it stays so with another one."""
    return payment.wallet_minor if payment and payment.provider != PROVIDER_OF_WALLET else 0


def _to_pay(payment: Payment | None, owed: int) -> int:
    """What is to be paid: what the payment that waits asks for, its fee included, else what the orders ask for."""
    return payment.amount_minor if payment and payment.state is PaymentState.PENDING and owed else owed


def _instructions(payment: Payment | None) -> dict[str, object] | None:
    if payment is None or payment.state is not PaymentState.PENDING or payment.instructions is None:
        return None
    return dict(payment.instructions)


async def _ways(visit: Visit, found: Sequence[Order], *, part_minor: int) -> list[Way]:
    """The ways in which what the wallet does not pay can be paid now; cash on delivery is chosen at placement."""
    account, currency, owed_minor = signed_in(visit), found[0].currency, _owed(found)
    async with visit.db.for_buyer(account.id).reading() as tx:
        ways = await offers(
            tx, visit.settings, amount_minor=owed_minor - part_minor, currency=currency, book=await load_book(tx)
        )
        wallet = await ledger.totals_of_wallet(tx, owner_id=account.id, currency=currency)
    if wallet["buyer_wallet"] + part_minor >= owed_minor and currency == CURRENCY:
        ways.append(Offer(WALLET, PROVIDER_OF_WALLET, 0, ""))
    return [
        Way(offer)
        for offer in ways
        if not offer.refusal and offer.method.kind is not MethodKind.COD and _fits(str(offer.method.kind), found)
    ]


def _fits(kind: str, found: Sequence[Order]) -> bool:
    """Whether what still waits for its money can be paid in this way."""
    return not any(refusal_of_order(kind, order) for order in found if order.state is State.UNPAID)


@router.get("/purchases/{purchase_id}/qr.svg")
async def show_qr(request: Request, visit: VisitDep, purchase_id: str) -> Response:
    """The code to scan, or to save and open in a wallet."""
    account = signed_in(visit)
    async with visit.db.for_buyer(account.id).reading() as tx:
        attempts = await queries.payments_of_purchase(tx, buyer_id=account.id, purchase_id=_number(purchase_id))
    told = _instructions(attempts[0]) if attempts else None
    if told is None or not told.get("qr"):
        raise NotFound
    drawn = io.BytesIO()
    segno.make(str(told["qr"]), error="m", micro=False).save(drawn, kind="svg", scale=6, border=4, light="#fff")
    headers = {"Cache-Control": "private, no-store"}
    if request.query_params.get("save"):
        headers["Content-Disposition"] = 'attachment; filename="qris.svg"'
    return Response(drawn.getvalue(), media_type=QR_TYPE, headers=headers)


@router.post("/purchases/{purchase_id}/payment")
async def pay(request: Request, visit: VisitDep, purchase_id: str) -> Response:
    """Go on paying, or pay with another method; the orders stay as they are."""
    account = signed_in(visit, back_to=f"/purchases/{purchase_id}")
    number = _number(purchase_id)
    here = f"/purchases/{purchase_id}"
    code, has_fee, fee = str((await read_form(request)).get("method", "")).partition(":")
    try:
        payment_id = await retrying.pay_again(
            visit.db,
            buyer_id=account.id,
            purchase_id=number,
            method=await _method(visit, account, number, code),
            fee_seen_minor=seen_amount(fee) if has_fee else None,
        )
    except PaymentNotPossible:
        return see_other(visit, here, flash=N_("There is nothing left to pay here."), kind="info")
    except MethodNotAllowed as refusal:
        text = N_("The fee of this method has changed. Look at it again.")
        if refusal.reason != "fee":
            text = N_("Choose another payment method.")
        return see_other(visit, here, flash=text, kind="error")
    pay_url = await starting.start_payment(visit.db, visit.settings, buyer_id=account.id, payment_id=payment_id)
    if pay_url is None:
        return see_other(visit, here, flash=NOT_STARTED, kind="error")
    return see_other(visit, pay_url)


async def _method(visit: Visit, account: SignedIn, purchase_id: int, code: str) -> Method | None:
    """The method that the form names, as it is offered now for what is owed; none to go on with the one before."""
    method = chosen_method(code)
    if method is None:
        return None
    async with visit.db.for_buyer(account.id).reading() as tx:
        found = await orders.orders_of_purchase(tx, buyer_id=account.id, purchase_id=purchase_id)
        attempts = await queries.payments_of_purchase(tx, buyer_id=account.id, purchase_id=purchase_id)
    if not found:
        raise PaymentNotPossible
    part = _wallet_part(newest_attempt(attempts))
    ways = await _ways(visit, found, part_minor=part)
    provider = next((way.offer.provider for way in ways if way.offer.method.code == code), None)
    if provider is None and _owed(found):
        raise MethodNotAllowed(code, "closed")
    return Method(code, str(method.kind), provider or "")
