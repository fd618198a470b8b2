"""The guide's three ways to the orders, tap by tap, in its own words."""

import pytest
from playwright.sync_api import expect

from tests.browser.browsing import Visitor

pytestmark = pytest.mark.journey
BUYER = "buyer@etalase.test"
STATUSES = ["Unpaid", "Waiting for Delivery", "In Transit", "Received", "Cancelled", "Returns/Refund"]


def _tap_three_lines(phone: Visitor) -> None:
    """The three-line icon in the top right corner."""
    menu = phone.page.get_by_label("Menu", exact=True).first
    place = menu.bounding_box()
    assert place
    assert place["x"] > 290
    assert place["y"] < 120
    menu.click()


def test_through_the_profile_menu(phone: Visitor) -> None:
    phone.come_as(BUYER)
    profile = phone.page.get_by_role("navigation", name="Main menu").get_by_role("link").last
    expect(profile).to_contain_text("Profile")
    box = profile.bounding_box()
    assert box
    assert box["x"] > 240
    assert box["y"] > 560  # the bottom right corner of 360 x 640
    profile.click()
    phone.is_at("/profile$")
    _tap_three_lines(phone)
    phone.tap("Settings and Privacy")
    phone.has_heading("Settings and Privacy")
    phone.stands_still()
    account = phone.page.locator("section", has=phone.page.get_by_role("heading", name="Account", exact=True))
    phone.tap("Orders", within=account)
    phone.is_at(r"/orders$")
    phone.has_heading("Order Center")


def test_through_the_shop_menu(phone: Visitor) -> None:
    phone.come_as(BUYER)
    phone.tap_bar("Shop")
    phone.is_at("/shop$")
    _tap_three_lines(phone)
    phone.tap("Orders")
    phone.is_at(r"/orders$")
    phone.has_heading("Order Center")
    expect(phone.page.locator("article.order").first).to_be_visible()


def test_through_the_inbox(phone: Visitor) -> None:
    phone.come_as(BUYER)
    phone.tap_bar("Inbox")
    phone.has_heading("Inbox")
    phone.stands_still()
    phone.page.get_by_role("link", name="Store Update: Order Created").first.click()
    phone.is_at(r"/orders/\d+$")
    phone.has_heading("Order details")


def test_the_profile_way_in_indonesian(other_phone: Visitor) -> None:
    other_phone.come_as(BUYER, at="/profile")
    other_phone.has_heading("Profil")
    other_phone.page.get_by_label("Menu", exact=True).first.click()
    other_phone.tap("Pengaturan dan Privasi")
    other_phone.has_heading("Pengaturan dan Privasi")
    other_phone.page.locator("main").get_by_role("link", name="Pesanan").click()
    other_phone.is_at(r"/orders$")
    tabs = other_phone.page.get_by_label("Pesanan menurut status")
    expect(tabs).to_contain_text("Dalam Perjalanan")
    assert other_phone.page.locator("html").get_attribute("lang") == "id"


@pytest.mark.parametrize("way", ["/profile", "/shop", "/inbox", "/settings"])
def test_without_scripts_the_ways_are_open_too(plain: Visitor, way: str) -> None:
    plain.come_as(BUYER, at=way)
    if way == "/inbox":
        plain.page.get_by_role("link", name="Store Update: Order Created").first.click()
        plain.has_heading("Order details")
        return
    if way != "/settings":
        plain.page.get_by_label("Menu", exact=True).first.click()
    plain.tap("Orders")
    plain.has_heading("Order Center")
    plain.stands_still()


def test_signed_out_the_way_goes_on_after_log_in(phone: Visitor) -> None:
    phone.open("/orders?tab=unpaid")
    phone.is_at(r"/login\?next=")
    phone.fill_log_in(BUYER)
    phone.is_at(r"/orders\?tab=unpaid$")


def test_every_status_of_the_guide_is_a_tab_with_its_orders(phone: Visitor) -> None:
    phone.come_as(BUYER, at="/orders")
    for status in STATUSES:
        tab = phone.page.get_by_label("Orders by status").get_by_role("link", name=status)
        tab.click()
        current = phone.page.get_by_label("Orders by status").locator("[aria-current]")
        expect(current).to_contain_text(status)
        counter = int(current.inner_text().split()[-1].rstrip("+"))
        cards = phone.page.locator("article.order")
        expect(cards.first).to_be_visible()
        assert cards.count() == min(counter, 20)
        if status != "Returns/Refund":
            expect(cards.first).to_contain_text(status)
        phone.stands_still()
