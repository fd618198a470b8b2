"""The same product at a desk, 1280 wide: quiet console, nothing moves by itself, nothing sticks out."""

from collections.abc import Callable

import pytest

from tests.browser.browsing import Visitor
from tests.browser.buying import buy, check_out_cart, find_product, put_in_cart
from tests.browser.selling import AUTOMATIC, come_to_work

pytestmark = pytest.mark.journey
BUYERS_PAGES = [
    "/",
    "/shop",
    "/search?q=batik",
    "/s/sekar-laras",
    "/orders",
    "/inbox",
    "/profile",
    "/settings",
    "/cart",
]
SELLERS_PAGES = ["/seller", "/seller/orders", "/seller/products", "/seller/products/new", "/seller/stock",
                 "/seller/settings", "/seller/inbox"]  # fmt: skip


def test_the_buyers_pages_at_a_desk(desk: Visitor, somebody: Callable[[], str]) -> None:
    desk.come_as(somebody())
    for page in BUYERS_PAGES:
        desk.open(page)
    find_product(desk, AUTOMATIC[0])
    put_in_cart(desk, AUTOMATIC[0])
    check_out_cart(desk)
    order = buy(desk, AUTOMATIC[0])
    desk.open(f"/orders/{order}")
    desk.has_heading("Order details")
    desk.open(f"/orders/{order}/tracking")


def test_the_sellers_pages_at_a_desk(desk: Visitor) -> None:
    come_to_work(desk, AUTOMATIC[1])
    for page in SELLERS_PAGES:
        desk.open(page)
        panel = desk.page.get_by_role("navigation", name="Navigation panel").bounding_box()
        assert panel
        assert panel["x"] < 300  # the guide's navigation panel is at the side
    _go_to_shipping(desk)


def _go_to_shipping(seller: Visitor) -> None:
    """From the list over an order that waits for nothing else."""
    seller.open("/seller/orders?tab=ready")
    ready = seller.page.get_by_role("link", name="Arrange Shipping")
    seller.page.locator("article.order", has=ready).locator("a.order__lines").first.click()
    seller.is_at(r"/seller/orders/\d+$")
    seller.tap("Arrange Shipping")
    seller.is_at("/shipping$")


def test_the_sellers_pages_on_a_phone(phone: Visitor) -> None:
    come_to_work(phone, AUTOMATIC[1])
    for page in SELLERS_PAGES:
        phone.open(page)
    _go_to_shipping(phone)
