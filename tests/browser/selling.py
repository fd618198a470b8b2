"""What a seller does again and again."""

from playwright.sync_api import expect

from tests.browser.browsing import Visitor

MANUAL = ("kedai-lereng", "Kedai Lereng")
AUTOMATIC = ("sekar-laras", "Sekar Laras")
SELLER = "seller@etalase.test"
"""Runs both shops; the first wants each order confirmed by hand."""


def work_in(seller: Visitor, shop: str) -> None:
    """Turn to the shop if another one is current."""
    seller.open("/seller")
    if seller.page.locator("h1", has_text=shop).count():
        return
    seller.page.locator("summary.switcher__current, summary[aria-label='Shops and account']").locator(
        "visible=true"
    ).last.click()
    seller.page.locator("a[href^='/seller/shops/']", has_text=shop).locator("visible=true").first.click()
    seller.sees(f"You work in {shop} now.")
    seller.has_heading(shop)


def come_to_work(seller: Visitor, shop: str) -> None:
    """The seller of both shops, in one of them."""
    seller.come_as(SELLER, at="/seller")
    work_in(seller, shop)


def confirm(seller: Visitor, order: str) -> None:
    """Confirm an order by hand from its page."""
    seller.open(f"/seller/orders/{order}")
    seller.press("Confirm Order")
    expect(seller.page.get_by_role("link", name="Arrange Shipping").locator("visible=true").first).to_be_visible()


def open_shipping(seller: Visitor, order: str) -> None:
    """Arrange Shipping, from the order's page."""
    seller.open(f"/seller/orders/{order}")
    seller.tap("Arrange Shipping")
    seller.is_at("/shipping$")
    seller.has_heading("Arrange Shipping")


def choose_own_number(seller: Visitor, number: str, service: str = "jne:reg") -> None:
    """The seller has a tracking number already."""
    seller.page.get_by_label("I have a tracking number").check()
    seller.page.locator("#field-carrier_service").select_option(service)
    seller.page.locator("#field-number").fill(number)


def ship(seller: Visitor, order: str, *, number: str = "") -> None:
    """Arrange shipping for all that is left: pick-up by the carrier, or with a tracking number of one's own."""
    open_shipping(seller, order)
    if number:
        choose_own_number(seller, number)
    else:
        seller.page.get_by_label("Pick-up").check()
    seller.press("Confirm shipment")
    seller.sees("Shipping is arranged.")
    seller.is_at(rf"/seller/orders/{order}$")


def jne_number(order: str) -> str:
    """A number as JNE gives them, another for each order."""
    return order[-15:].rjust(15, "1")


def is_listed_under(seller: Visitor, tab: str, order: str) -> None:
    """The list of incoming orders shows the order under the tab."""
    seller.open("/seller/orders")
    seller.page.get_by_label("Orders by status").get_by_role("link", name=tab).click()
    expect(seller.page.locator(f"#order-{order}")).to_be_visible()
    seller.stands_still()
