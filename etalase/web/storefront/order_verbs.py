"""What the buyer does with an order: change the address, confirm receipt, extend, remind, hide, buy again."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from etalase.commerce.accounts import queries as accounts
from etalase.commerce.orders import actions, queries
from etalase.commerce.orders.errors import (
    AddressNotChangeable,
    CaseOpen,
    MoveNotAllowed,
    NotExtendable,
    OrderNotFound,
    TooSoon,
)
from etalase.commerce.orders.rules import Order, can_change_address
from etalase.foundation.i18n import N_
from etalase.foundation.ids import parse_id
from etalase.journeys.cart import actions as cart
from etalase.journeys.cart.errors import CartFull, NotEnough, VariantGone
from etalase.journeys.checkout.drafting import address_copy
from etalase.web.request import NotFound, SignedIn, Visit, VisitDep, local_path, read_form, render, see_other, signed_in
from etalase.web.storefront.order_page import order_or_404
from etalase.web.storefront.orders import STATUS_LABELS

router = APIRouter()


def id_or_404(order_id: str) -> int:
    """The number in an address."""
    number = parse_id(order_id)
    if number is None:
        raise NotFound
    return number


def moved_on(visit: Visit, order_id: str, error: MoveNotAllowed) -> Response:
    """Somebody or some clock was faster: back to the order, which says how it stands."""
    status = visit.page.translator.gettext(STATUS_LABELS[error.state])
    message = N_("That is no longer possible: the order is now “%(status)s”.")
    return see_other(visit, f"/orders/{order_id}", flash=message, kind="error", status=status)


@router.post("/orders/{order_id}/receipt")
async def confirm_receipt(visit: VisitDep, order_id: str) -> Response:
    """All items are fine: the seller is paid."""
    account = signed_in(visit, back_to=f"/orders/{order_id}")
    try:
        await actions.confirm_receipt(visit.db, buyer_id=account.id, order_id=id_or_404(order_id))
    except OrderNotFound:
        raise NotFound from None
    except CaseOpen:
        text = N_("There is an open request about this order. Settle it or take it back first.")
        return see_other(visit, f"/orders/{order_id}", flash=text, kind="error")
    except MoveNotAllowed as error:
        return moved_on(visit, order_id, error)
    return see_other(
        visit, f"/orders/{order_id}", flash=N_("Thank you! The order is completed and the seller gets the money.")
    )


@router.post("/orders/{order_id}/extension")
async def extend(visit: VisitDep, order_id: str) -> Response:
    """More time to check, once."""
    account = signed_in(visit, back_to=f"/orders/{order_id}")
    try:
        await actions.extend_receipt(visit.db, buyer_id=account.id, order_id=id_or_404(order_id))
    except OrderNotFound:
        raise NotFound from None
    except NotExtendable:
        return see_other(
            visit, f"/orders/{order_id}", flash=N_("The time can be extended only once, after delivery."), kind="error"
        )
    return see_other(visit, f"/orders/{order_id}", flash=N_("You have more time now: see the clock on the order."))


@router.post("/orders/{order_id}/reminder")
async def remind(visit: VisitDep, order_id: str) -> Response:
    """A friendly push, at most once a day."""
    account = signed_in(visit, back_to=f"/orders/{order_id}")
    try:
        await actions.remind_seller(visit.db, buyer_id=account.id, order_id=id_or_404(order_id))
    except OrderNotFound:
        raise NotFound from None
    except TooSoon:
        return see_other(
            visit,
            f"/orders/{order_id}",
            flash=N_("You have reminded the seller already; try again tomorrow."),
            kind="info",
        )
    return see_other(visit, f"/orders/{order_id}", flash=N_("The seller has been reminded."))


@router.post("/orders/{order_id}/hiding")
async def hide(visit: VisitDep, order_id: str) -> Response:
    """Take a finished order off the list."""
    account = signed_in(visit, back_to="/orders")
    try:
        await actions.hide(visit.db, buyer_id=account.id, order_id=id_or_404(order_id))
    except OrderNotFound:
        raise NotFound from None
    except MoveNotAllowed as error:
        return moved_on(visit, order_id, error)
    return see_other(visit, "/orders", flash=N_("The order is off your list."))


@router.post("/orders/{order_id}/repurchase")
async def buy_again(visit: VisitDep, order_id: str) -> Response:
    """Put what can still be bought of the order into the cart."""
    account = signed_in(visit, back_to=f"/orders/{order_id}")
    async with visit.db.for_buyer(account.id).reading() as tx:
        order = await order_or_404(tx, account=account, order_id=order_id)
        lines = await queries.lines_of(tx, shop_id=order.shop_id, order_id=order.id)
    put, gone = 0, 0
    for line in lines:
        try:
            await cart.put(
                visit.db, buyer_id=account.id, shop_id=line.shop_id, variant_id=line.variant_id, quantity=line.quantity
            )
            put += 1
        except (VariantGone, NotEnough, CartFull):
            gone += 1
    if not put:
        return see_other(
            visit, f"/orders/{order_id}", flash=N_("Nothing of this order can be bought right now."), kind="error"
        )
    message = (
        N_("In your cart. Some products of this order are not available any more.")
        if gone
        else N_("Everything is in your cart.")
    )
    return see_other(visit, "/cart", flash=message, kind="info" if gone else "success")


@router.get("/orders/{order_id}/address")
async def choose_address(visit: VisitDep, order_id: str) -> Response:
    """The address book, to choose where the order shall go instead."""
    account = signed_in(visit)
    order, known = await _order_and_addresses(visit, account, order_id)
    return render(
        visit, "storefront/orders/address.html", order=order, addresses=known, is_possible=can_change_address(order)
    )


@router.post("/orders/{order_id}/address")
async def change_address(request: Request, visit: VisitDep, order_id: str) -> Response:
    """Send the order to another address of the book, once, before it ships; shipping is not priced again."""
    account = signed_in(visit, back_to=f"/orders/{order_id}/address")
    form = await read_form(request)
    _, known = await _order_and_addresses(visit, account, order_id)
    chosen = next((address for address in known if str(address.id) == str(form.get("address", ""))), None)
    if chosen is None:
        return see_other(
            visit, local_path(f"/orders/{order_id}/address"), flash=N_("Choose an address first."), kind="error"
        )
    try:
        await actions.change_address(
            visit.db, buyer_id=account.id, order_id=id_or_404(order_id), address=address_copy(chosen)
        )
    except OrderNotFound:
        raise NotFound from None
    except AddressNotChangeable:
        return see_other(
            visit,
            f"/orders/{order_id}",
            flash=N_("The address can be changed only once, before shipping is arranged."),
            kind="error",
        )
    return see_other(
        visit, f"/orders/{order_id}", flash=N_("The new address is on the order; the seller has been told.")
    )


async def _order_and_addresses(visit: Visit, account: SignedIn, order_id: str) -> tuple[Order, list[accounts.Address]]:
    async with visit.db.for_buyer(account.id).reading() as tx:
        order = await order_or_404(tx, account=account, order_id=order_id)
        known = await accounts.addresses_of_buyer(tx, buyer_id=account.id)
    # Shipping was priced to the city of the order; another city needs another order.
    return order, [address for address in known if address.city == order.address.get("city_code")]
