"""Buy, check the order, ship it, track it, receive it: buyer on a phone, seller at a desk, both live."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.browsing import Visitor
from tests.browser.buying import check_out_cart, pay, place, put_in_cart
from tests.browser.conftest import Product
from tests.browser.selling import SELLER, is_listed_under, work_in

pytestmark = pytest.mark.journey


@pytest.mark.slow
def test_the_main_job_from_cart_to_receipt(
    phone: Visitor, desk: Visitor, product: Product, somebody: Callable[[], str]
) -> None:
    phone.come_as(somebody())
    order = _buy_from_two_shops(phone)
    phone.open(f"/orders/{order}")
    details = phone.page.locator("#order-details")
    status = details.locator(".badge").first
    expect(status).to_have_text("Waiting for Delivery")
    phone.stays()

    _confirm_and_ship(desk, order)
    expect(details).to_contain_text("Shipping arranged")
    _copy_the_number(phone, product, order)
    product.carry(product.parcel_of(order), "collected")
    expect(status).to_have_text("In Transit")
    phone.has_stayed()

    _track(phone, product, order)
    product.carry(product.parcel_of(order), "delivered")
    _receive(phone, order)
    is_listed_under(desk, "Completed", order)


def _buy_from_two_shops(buyer: Visitor) -> str:
    """One checkout, one payment, two orders; the number of the one at Kedai Lereng, which confirms by hand."""
    put_in_cart(buyer, "sekar-laras")
    put_in_cart(buyer, "kedai-lereng", units=2)
    check_out_cart(buyer)
    place(buyer, "QRIS")
    assert not buyer.page.url.startswith(buyer.url)  # the payment service's own page
    expect(buyer.page.get_by_alt_text("QR code of this payment")).to_be_visible()
    pay(buyer)
    expect(buyer.page.locator("article.order")).to_have_count(2)
    order = buyer.page.locator("article.order", has_text="Kedai Lereng").first
    return str(order.get_attribute("id")).removeprefix("order-")


def _confirm_and_ship(seller: Visitor, order: str) -> None:
    """The seller's way of the guide: Profile, "My Store", "Orders", "Confirm Order", "Arrange Shipping"."""
    seller.come_as(SELLER)
    work_in(seller, "Kedai Lereng")
    seller.open("/profile")
    seller.page.get_by_role("link", name="My Store").click()
    seller.is_at("/seller$")
    panel = seller.page.get_by_role("navigation", name="Navigation panel")
    panel.get_by_role("link", name="Orders").click()
    seller.is_at("/seller/orders")
    seller.page.get_by_label("Orders by status").get_by_role("link", name="New").click()
    seller.tap("View Details", within=seller.page.locator(f"#order-{order}"))
    seller.is_at(f"/seller/orders/{order}$")
    expect(seller.page.locator("#order-details")).to_contain_text("on hand")  # check stock availability
    seller.press("Confirm Order")
    seller.tap("Arrange Shipping")
    seller.is_at("/shipping$")
    seller.page.get_by_label("Pick-up").check()
    seller.press("Confirm shipment")
    seller.sees("Shipping is arranged.")
    is_listed_under(seller, "In Shipping", order)


def _number(product: Product, order: str) -> str:
    number = "SELECT tracking_number FROM parcels p JOIN parcel_orders o ON o.parcel_id = p.id WHERE o.order_id = %s"
    return str(product.rows(number, int(order))[0][0])


def _copy_the_number(buyer: Visitor, product: Product, order: str) -> None:
    """The number appears once the carrier has given it, and one tap copies it."""
    copy = buyer.page.get_by_role("button", name="Copy tracking number")
    expect(copy).to_be_visible()
    copy.click()
    expect(copy).to_have_text("Copied")
    assert buyer.page.evaluate("navigator.clipboard.readText()") == _number(product, order)


def _track(buyer: Visitor, product: Product, order: str) -> None:
    """Track Shipment has the number and the status; the courier's own page opens with the number filled in."""
    buyer.open("/orders")
    buyer.tap("Track Shipment", within=buyer.page.locator(f"#order-{order}"))
    buyer.is_at("/tracking$")
    number = _number(product, order)
    expect(buyer.page.get_by_role("textbox", name="tracking number")).to_have_value(number)
    expect(buyer.page.get_by_label("Shipment status")).to_contain_text(re.compile("collected|picked up", re.IGNORECASE))
    link = buyer.page.get_by_role("link", name=re.compile("^Open the tracking page of"))
    assert number in str(link.get_attribute("href"))
    with buyer.page.context.expect_page() as opened:
        link.click()
    expect(opened.value.locator("body")).to_contain_text(number)
    opened.value.close()


def _receive(buyer: Visitor, order: str) -> None:
    """Delivered: the buyer confirms receipt, and is told first what that releases."""
    buyer.open(f"/orders/{order}")
    expect(buyer.page.locator("#order-details .badge").first).to_have_text("Received")
    total = buyer.page.locator("#order-details").get_by_text(re.compile(r"^Rp[\d,]+$")).last.inner_text()
    buyer.open(f"/orders/{order}")
    buyer.tap("Confirm receipt")
    buyer.is_at("/receipt$")
    buyer.sees("Are all items fine?")
    buyer.sees(f"Confirming releases {total} to Kedai Lereng.")
    buyer.press("Yes, everything is fine")
    buyer.sees("Thank you! The order is completed and the seller gets the money.")
    buyer.is_at(f"/orders/{order}$")
