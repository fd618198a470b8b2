"""The guide's three ways to the orders, tap by tap, in its own words."""

import pytest
from playwright.sync_api import expect

from tests.journeys.browsing import Visitor

pytestmark = pytest.mark.journey
BUYER = "buyer@etalase.test"


def _bar(phone: Visitor, name: str) -> None:
    phone.tap(name, within=phone.page.get_by_role("navigation").last)


def test_through_the_profile_menu(phone: Visitor) -> None:
    phone.log_in(BUYER)
    profile = phone.page.get_by_role("navigation").last.get_by_role("link").last
    expect(profile).to_contain_text("Profile")
    box = profile.bounding_box()
    assert box
    assert box["x"] > 240
    assert box["y"] > 560  # the bottom right corner of 360 x 640
    profile.click()
    menu = phone.page.get_by_label("Menu", exact=True).first
    place = menu.bounding_box()
    assert place
    assert place["x"] > 290
    assert place["y"] < 120  # the top right corner
    menu.click()
    phone.page.get_by_role("link", name="Settings and Privacy").last.click()
    phone.has_heading("Settings and Privacy")
    account = phone.page.get_by_role("heading", name="Account", exact=True)
    expect(account).to_be_visible()
    phone.page.get_by_role("link", name="Orders", exact=False).last.click()
    phone.is_at(r"/orders$")
    phone.has_heading("Order Center")
    phone.stands_still()


def test_through_the_shop_menu(phone: Visitor) -> None:
    phone.log_in(BUYER)
    _bar(phone, "Shop")
    phone.page.get_by_label("Menu", exact=True).first.click()
    phone.page.get_by_role("link", name="Orders", exact=False).last.click()
    phone.is_at(r"/orders$")
    phone.has_heading("Order Center")


def test_through_the_inbox(phone: Visitor) -> None:
    phone.log_in(BUYER)
    phone.page.get_by_role("navigation").last.get_by_role("link", name="Inbox").click()
    phone.page.get_by_text("Store Update: Order Created").first.click()
    phone.is_at(r"/orders/\d+$")
    phone.has_heading("Order details")


@pytest.mark.parametrize("way", ["/profile/menu", "/shop", "/orders", "/settings"])
def test_without_scripts_the_ways_are_open_too(plain: Visitor, way: str) -> None:
    plain.log_in(BUYER, then=way)
    if way == "/shop":
        plain.page.get_by_label("Menu", exact=True).first.click()
    if way == "/profile/menu":
        plain.page.get_by_role("link", name="Settings and Privacy").last.click()
    if way != "/orders":
        plain.page.get_by_role("link", name="Orders", exact=False).last.click()
    plain.has_heading("Order Center")


def test_signed_out_the_way_goes_on_after_log_in(phone: Visitor) -> None:
    phone.open("/orders?tab=unpaid")
    phone.is_at(r"/login\?next=")
    phone.page.locator("#field-login").fill(BUYER)
    phone.page.locator("#field-password").fill("etalase-demo")
    phone.page.locator("form[action='/login'] button[type=submit]").first.click()
    phone.is_at(r"/orders\?tab=unpaid$")


STATUSES = ["Unpaid", "Waiting for Delivery", "In Transit", "Received", "Cancelled", "Returns/Refund"]


def test_every_status_of_the_guide_is_a_tab_with_its_orders(phone: Visitor) -> None:
    phone.log_in(BUYER, then="/orders")
    for status in STATUSES:
        tab = phone.page.get_by_label("Orders by status").get_by_role("link", name=status)
        counter = tab.inner_text().split()[-1]
        tab.click()
        cards = phone.page.locator("article.order")
        expect(cards.first).to_be_visible()
        assert int(counter.rstrip("+")) >= min(cards.count(), 20) > 0
        if status != "Returns/Refund":
            expect(cards.first).to_contain_text(status)
        phone.stands_still()
