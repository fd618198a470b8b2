"""Paying at the payment service: what can go wrong on the way, and what comes of it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from demo.world.people import BUYERS
from tests.browser.browsing import Visitor
from tests.browser.buying import go_to_checkout, is_listed_under, order_now, orders_shown, pay
from tests.browser.conftest import Product
from tests.browser.selling import AUTOMATIC, MANUAL, come_to_work

pytestmark = pytest.mark.journey
COFFEE = "Kopi Arabika Lereng Semeru"
"""Costs enough for cash on delivery wherever it goes."""
SNACK = "Basreng Stik Pedas"
"""Costs too little for it, with what sending it to a neighbor of the shop costs."""
NEIGHBOR = next(buyer.email for buyer in reversed(BUYERS) if buyer.addresses[0].location.city_code == "3573")


def test_a_payment_that_fails_is_tried_again_with_another_method(phone: Visitor, somebody: Callable[[], str]) -> None:
    phone.come_as(somebody())
    order_now(phone, AUTOMATIC[0])
    phone.press("Payment fails")
    phone.is_at(r"/purchases/\d+$")
    phone.sees("The last try did not work.")
    phone.page.get_by_label("Pay with another method").select_option(label="GoPay")
    phone.press("Use this method")
    phone.has_heading("GoPay")
    pay(phone)
    is_listed_under(phone, "Waiting for Delivery", orders_shown(phone)[0])


def test_leaving_without_paying_keeps_the_order_unpaid_with_its_clock(
    phone: Visitor, somebody: Callable[[], str]
) -> None:
    phone.come_as(somebody())
    order_now(phone, AUTOMATIC[0])
    phone.press("Leave without paying")
    phone.is_at(r"/purchases/\d+$")
    phone.sees("Waiting for your payment")
    order = orders_shown(phone)[0]
    is_listed_under(phone, "Unpaid", order)
    phone.page.clock.install()
    phone.open(f"/orders/{order}")
    left = phone.page.locator(".deadline", has_text="Pay within").locator("time")
    before = left.inner_text()
    phone.page.clock.fast_forward("10:00")
    expect(left).not_to_have_text(before)  # it ticks
    phone.page.clock.resume()
    phone.press("Pay now")
    pay(phone)


def test_paying_twice_pays_the_order_once_and_returns_the_second(
    phone: Visitor, product: Product, somebody: Callable[[], str]
) -> None:
    phone.come_as(somebody())
    order_now(phone, AUTOMATIC[0])
    phone.press("Pay twice")
    phone.is_at(r"/purchases/\d+$")
    phone.sees("Paid. Thank you!")
    assert len(orders_shown(phone)) == 1
    purchase = int(phone.page.url.rsplit("/", 1)[1])
    paid = product.rows("SELECT amount_minor FROM payments WHERE purchase_id = %s AND state = 'paid'", purchase)
    assert len(paid) == 1
    returned = "SELECT r.amount_minor FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE p.purchase_id = %s"
    product.until(lambda: product.rows(returned, purchase) == paid)


def test_paid_although_the_browser_never_comes_back(
    phone: Visitor, other_phone: Visitor, product: Product, somebody: Callable[[], str]
) -> None:
    login = somebody()
    phone.come_as(login)
    order_now(phone, AUTOMATIC[0])
    phone.page.context.request.post(phone.page.url, form={"action": "pay"}, max_redirects=0)
    phone.page.close()  # the battery dies just then
    paid = (
        "SELECT o.id FROM orders o JOIN accounts a ON a.id = o.buyer_id WHERE a.email = %s AND o.paid_at > o.placed_at"
        " AND o.placed_at = (SELECT max(placed_at) FROM orders WHERE buyer_id = o.buyer_id)"
    )
    product.until(lambda: bool(product.rows(paid, login)))  # nobody has opened a page that asks the payment service
    other_phone.come_as(login, at="/orders")
    card = other_phone.page.locator("article.order").first
    expect(card).to_contain_text("Sekar Laras")
    expect(card).to_contain_text("Menunggu Pengiriman")


def test_cash_on_delivery(phone: Visitor, desk: Visitor, somebody: Callable[[], str]) -> None:
    phone.come_as(somebody())
    order_now(phone, MANUAL[0], title=COFFEE, method="Cash on delivery")
    phone.is_at(r"/purchases/\d+$")
    phone.sees("Pay the courier when the parcel arrives.")
    order = orders_shown(phone)[0]
    is_listed_under(phone, "Waiting for Delivery", order)
    come_to_work(desk, MANUAL[1])
    desk.open(f"/seller/orders/{order}")
    details = desk.page.locator("#order-details")
    expect(details).to_contain_text("Cash on delivery")
    expect(details).to_contain_text("To be collected by the courier")


def test_where_cash_on_delivery_is_not_offered_the_page_says_why(phone: Visitor) -> None:
    phone.come_as(NEIGHBOR)
    go_to_checkout(phone, MANUAL[0], title=SNACK)
    cash = phone.page.locator("label.choice", has_text="Cash on delivery")
    expect(cash.get_by_role("radio")).to_be_disabled()
    expect(cash).to_contain_text("Cash on delivery is not available for this sum.")
    go_to_checkout(phone, MANUAL[0], title=COFFEE)
    expect(cash.get_by_role("radio")).to_be_enabled()
    expect(cash).not_to_contain_text("not available")
