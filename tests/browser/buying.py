"""What a buyer does again and again."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.browsing import Visitor

_LINKS = "all => all.map(link => [link.getAttribute('href'), link.innerText])"
_shelves: dict[tuple[str, str], dict[str, str]] = {}
"""Where the products of a shop are and what their cards say, so that not every journey begins at its door."""


def _shelf(buyer: Visitor, shop: str) -> dict[str, str]:
    """In the order in which the shop put them up: the order on the page changes with what is bought."""
    known = _shelves.get((buyer.url, shop))
    if known is None:
        buyer.open(f"/s/{shop}")
        links = dict(buyer.page.locator("main a[href^='/p/']").evaluate_all(_LINKS))
        known = _shelves[buyer.url, shop] = dict(sorted(links.items(), key=lambda link: int(link[0].rsplit("/", 1)[1])))
    return known


def find_product(buyer: Visitor, shop: str, *, title: str = "", units: int = 1, skip: int = 0) -> None:
    """Open a product of the shop (the one with the title) of which so many pieces are there, and choose so many."""
    for href, words in _shelf(buyer, shop).items():
        if title not in words:
            continue
        buyer.page.goto(buyer.url + href)
        field = buyer.page.locator("main input[name=quantity]")
        if not field.count() or int(field.get_attribute("max") or 0) < units:
            continue
        if not skip:
            field.fill(str(units))
            buyer.stands_still()
            return
        skip -= 1
    pytest.fail(f"{shop} has no product {title} with {units} pieces")


def put_in_cart(buyer: Visitor, shop: str, *, units: int = 1, skip: int = 0) -> None:
    """Put pieces of a product of the shop into the cart."""
    find_product(buyer, shop, units=units, skip=skip)
    buyer.send("Add to cart")


def check_out_cart(buyer: Visitor) -> None:
    """From the cart to the checkout."""
    buyer.open("/cart")
    buyer.page.get_by_role("button", name=re.compile("^Checkout")).click()
    buyer.is_at("/checkout")


def place(buyer: Visitor, method: str = "QRIS") -> None:
    """Choose how to pay and place the order; ends at the payment service, or at the purchase for cash on delivery."""
    buyer.page.get_by_label(method, exact=True).check()
    buyer.press("Place order")
    buyer.is_at(r"/pay/|/purchases/")


def go_to_checkout(buyer: Visitor, shop: str, *, title: str = "", units: int = 1) -> None:
    """From a product of the shop to the checkout of its pieces alone."""
    find_product(buyer, shop, title=title, units=units)
    buyer.press("Buy now")
    buyer.is_at("/checkout")


def order_now(buyer: Visitor, shop: str, *, title: str = "", method: str = "QRIS", units: int = 1) -> None:
    """Buy pieces of one product at once, up to the payment."""
    go_to_checkout(buyer, shop, title=title, units=units)
    place(buyer, method)


def pay(buyer: Visitor) -> None:
    """Pay at the payment service's own page and come back."""
    buyer.press("Pay now")
    buyer.is_at(r"/purchases/\d+$")
    buyer.sees("Paid. Thank you!")


def buy(buyer: Visitor, shop: str, *, units: int = 1) -> str:
    """Buy and pay; the order's number."""
    order_now(buyer, shop, units=units)
    pay(buyer)
    return orders_shown(buyer)[0]


def orders_shown(buyer: Visitor) -> list[str]:
    """The numbers of the orders on the page."""
    cards = buyer.page.locator("article.order")
    expect(cards.first).to_be_visible()
    return [str(found).removeprefix("order-") for found in cards.evaluate_all("all => all.map(card => card.id)")]


def is_listed_under(buyer: Visitor, status: str, order: str) -> None:
    """The Order Center shows the order under the status."""
    buyer.open("/orders")
    buyer.page.get_by_label("Orders by status").get_by_role("link", name=status).click()
    card = buyer.page.locator(f"#order-{order}")
    expect(card).to_contain_text(status)
    buyer.stands_still()
