"""Buy, check the order, ship it, track it, receive it: buyer on a phone, seller at a desk, both live."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.browsing import Visitor
from tests.journeys.conftest import Product

pytestmark = pytest.mark.journey


def put_in_cart(buyer: Visitor, shop: str, *, buy_now: bool = False) -> None:
    """The first product of the shop that is not sold out, in its first variant that is there."""
    buyer.open(f"/s/{shop}")
    links = [
        link.get_attribute("href")
        for link in buyer.page.locator("a.product[href^='/p/'], .product a[href^='/p/'], a[href^='/p/']").all()
    ]
    for href in links:
        buyer.open(str(href))
        button = buyer.page.get_by_role("button", name="Buy now" if buy_now else "Add to cart")
        if button.count() and button.first.is_enabled():
            button.first.click()
            return
    pytest.fail(f"{shop} sells nothing")


def check_out(buyer: Visitor, method: str) -> str:
    """From the cart to the payment; returns the purchase's address."""
    buyer.open("/cart")
    buyer.page.get_by_role("button", name=re.compile("^Checkout")).click()
    return place(buyer, method)


def place(buyer: Visitor, method: str) -> str:
    buyer.is_at("/checkout")
    buyer.page.get_by_label(method, exact=False).first.check()
    buyer.press("Place order")
    return buyer.page.url


@pytest.mark.slow
def test_the_main_job_from_cart_to_receipt(phone: Visitor, desk: Visitor, product: Product) -> None:
    buyer, seller = phone, desk
    buyer.log_in("buyer2@etalase.test")
    put_in_cart(buyer, "sekar-laras")
    put_in_cart(buyer, "kedai-lereng")
    check_out(buyer, "QRIS")
    buyer.press("Pay now")  # the payment service's own page
    buyer.is_at(r"/purchases/\d+$")
    buyer.sees("Paid. Thank you!")
    expect(buyer.page.locator("article.order")).to_have_count(2)
    order = buyer.page.locator("article.order", has_text="Sekar").first
    number = str(order.get_attribute("id")).removeprefix("order-")
    buyer.open(f"/orders/{number}")
    expect(buyer.page.locator("#order-details")).to_contain_text("Waiting for Delivery")

    # The seller's way of the guide: Profile -> My Store -> Orders.
    seller.log_in("seller@etalase.test", then="/profile")
    seller.page.get_by_role("link", name="My Store").first.click()
    work_in(seller, "Sekar")
    seller.page.get_by_role("link", name="Orders").first.click()
    seller.is_at("/seller/orders")
    seller.open(f"/seller/orders/{number}")
    if seller.page.get_by_role("button", name="Confirm Order").count():
        seller.press("Confirm Order")
    seller.open(f"/seller/orders/{number}/shipping")
    seller.page.get_by_label("pickup", exact=False).first.check()
    seller.page.get_by_role("button", name=re.compile("Confirm|Arrange")).last.click()
    seller.is_at(rf"/seller/orders/{number}")
    expect(seller.page.locator("body")).to_contain_text("In Shipping")

    # Without a reload the buyer's page follows; the number appears once the carrier has given it.
    copy = buyer.page.get_by_role("button", name=re.compile("Copy tracking number", re.IGNORECASE))
    expect(copy).to_be_visible(timeout=15_000)
    buyer.page.get_by_role("link", name="Track Shipment").first.click()
    buyer.is_at("/tracking")
    parcel = product.parcel_of(number)
    for status, words in (("collected", "In Transit"), ("delivered", "Received")):
        product.carry(parcel, status)
        buyer.open(f"/orders/{number}")
        expect(buyer.page.locator("#order-details")).to_contain_text(words, timeout=15_000)
    buyer.page.get_by_role("link", name="Confirm receipt").first.click()
    buyer.sees("Are all items fine?")
    buyer.press("Yes, everything is fine")
    buyer.sees("Thank you!")
    buyer.stands_still()
    seller.open("/seller/orders?tab=completed")
    expect(seller.page.locator(f"#order-{number}")).to_be_visible()


def work_in(seller: Visitor, shop: str) -> None:
    """Switch to the shop if another one is current."""
    current = seller.page.get_by_role("link", name=re.compile(shop))
    if current.count():
        current.first.click()
