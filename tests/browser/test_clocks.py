"""Promises kept by clocks, watched with the time machine; in a product of its own, for its time runs ahead."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, expect

from tests.browser.browsing import DESK, Visitor
from tests.browser.buying import buy, is_listed_under, order_now, orders_shown
from tests.browser.conftest import Product, running, visiting
from tests.browser.selling import AUTOMATIC, choose_own_number, come_to_work, open_shipping, ship
from tests.builders.catalog import picture_bytes

pytestmark = [pytest.mark.journey, pytest.mark.slow]
PRESSES_MAX = 200
OWN_COURIER = "own:own"


@pytest.fixture(scope="module")
def later() -> Iterator[Product]:
    """A product whose clock is moved."""
    with running() as started:
        yield started


@pytest.fixture
def buyer(browser: Browser, later: Product, somebody: Callable[[], str]) -> Iterator[Visitor]:
    """A buyer's phone in that product, logged in."""
    with visiting(browser, later) as visitor:
        visitor.come_as(somebody())
        yield visitor


@pytest.fixture
def seller(browser: Browser, later: Product) -> Iterator[Visitor]:
    """The seller's desk in that product."""
    with visiting(browser, later, DESK) as visitor:
        yield visitor


def _move_until(visitor: Visitor, press: str, order: str, words: str) -> int:
    """Press the button of the time machine until the order's page says so; how often it took."""
    for presses in range(PRESSES_MAX):
        visitor.open(f"/orders/{order}")
        if words in visitor.page.locator("#order-details").inner_text():
            return presses
        visitor.open("/demo/time")
        visitor.press(press)
        visitor.sees("The clock was moved.")
    pytest.fail(f"{words} does not come")


def _clocks(visitor: Visitor, path: str) -> list[tuple[str, str]]:
    """The strip of clocks on an order: what for, and until which moment (each side reads it in its own zone)."""
    visitor.open(path)
    strip = visitor.page.locator(".deadline")
    expect(strip.first).to_be_visible()
    return [
        (one.locator(".deadline__label span").first.inner_text(), str(one.locator("time").get_attribute("data-due")))
        for one in strip.all()
    ]


def test_an_unpaid_order_is_cancelled_when_its_time_is_over(buyer: Visitor, later: Product) -> None:
    order_now(buyer, AUTOMATIC[0], units=2)
    buyer.press("Leave without paying")
    order = orders_shown(buyer)[0]
    assert later.taken(order) == [2]
    assert _move_until(buyer, "To the next deadline", order, "Cancelled") >= 1
    buyer.sees("Not paid in time")
    is_listed_under(buyer, "Cancelled", order)
    assert later.taken(order) == [0]  # both are on sale again


def test_both_sides_see_the_same_clocks(buyer: Visitor, seller: Visitor) -> None:
    order = buy(buyer, AUTOMATIC[0])
    come_to_work(seller, AUTOMATIC[1])
    assert _clocks(buyer, f"/orders/{order}") == _clocks(seller, f"/seller/orders/{order}")


def test_a_delivered_order_is_extended_once_and_then_completes_by_itself(
    buyer: Visitor, seller: Visitor, later: Product
) -> None:
    order = buy(buyer, AUTOMATIC[0])
    come_to_work(seller, AUTOMATIC[1])
    ship(seller, order)
    for status in ("collected", "delivered"):
        later.carry(later.parcel_of(order), status)
    buyer.open(f"/orders/{order}")
    expect(buyer.page.locator("#order-details")).to_contain_text("Completes in")
    before = _clocks(buyer, f"/orders/{order}")
    assert before == _clocks(seller, f"/seller/orders/{order}")
    buyer.press("I need more time to check")
    buyer.sees("You have more time now: see the clock on the order.")
    assert _clocks(buyer, f"/orders/{order}") != before
    expect(buyer.page.get_by_role("button", name="I need more time to check")).to_have_count(0)
    assert _move_until(buyer, "+1 day", order, "Order completed") >= 1
    is_listed_under(buyer, "Received", order)
    seller.open("/seller/orders?tab=completed")
    expect(seller.page.locator(f"#order-{order}")).to_contain_text(re.compile("Completed"))


def test_what_was_delivered_and_not_received_comes_back_from_a_silent_seller(
    buyer: Visitor, seller: Visitor, later: Product
) -> None:
    """FAQ 1 of the guide: the seller is asked, says nothing, customer service takes over, and the money comes back."""
    order = buy(buyer, AUTOMATIC[0])
    come_to_work(seller, AUTOMATIC[1])
    ship(seller, order)
    for status in ("collected", "delivered"):
        later.carry(later.parcel_of(order), status)
    buyer.open(f"/orders/{order}")
    buyer.page.get_by_role("link", name="I have not received it").click()
    buyer.sees("within 48 hours")
    buyer.page.get_by_label("I asked the household, neighbors and the reception: nobody has it.").check()
    buyer.page.get_by_label("No, I don't know this person").check()
    buyer.page.get_by_label("What happened?").fill("It says delivered, but nobody here has it.")
    buyer.press("Send to the seller")
    buyer.sees("Seller answers within")
    buyer.open(f"/orders/{order}")
    expect(buyer.page.locator("#order-details")).to_contain_text("Held while the claim is open")
    seller.open("/seller/claims")
    seller.sees("Marked as delivered, but not received")
    assert _move_until(buyer, "+1 day", order, "Claim closed") >= 8
    buyer.sees("Customer service took over")
    buyer.sees("Refunds")
    expect(buyer.page.locator("#order-details")).to_contain_text("Order completed")
    _picture(buyer, "faq-1-not-received")


def test_a_paid_order_is_cancelled_when_the_seller_says_nothing(
    buyer: Visitor, seller: Visitor, later: Product
) -> None:
    """FAQ 2 of the guide: it depends on the order's status; a packed one is asked for, and no answer counts as yes."""
    order = buy(buyer, AUTOMATIC[0])
    cancellation = f"/orders/{order}/cancellation"
    buyer.open(cancellation)
    buyer.sees("Cancels immediately.")
    come_to_work(seller, AUTOMATIC[1])
    open_shipping(seller, order)
    choose_own_number(seller, f"KRR{order[-6:]}", OWN_COURIER)  # nobody scans it while the clock is moved
    seller.press("Confirm shipment")
    seller.sees("Shipping is arranged.")
    buyer.open(cancellation)
    buyer.sees("The order is already packed, so the seller is asked first.")
    buyer.sees("no answer counts as yes")
    _picture(buyer, "faq-2-asking")
    buyer.page.get_by_label("I changed my mind").check()
    buyer.press("Ask the seller to cancel")
    buyer.is_at(rf"/orders/{order}$")
    buyer.sees("If the seller does not answer in time, it is cancelled and your money comes back.")
    seller.open("/seller/returns")
    expect(seller.page.locator(f"main a[href*='{order}']").first).to_be_visible()
    assert _move_until(buyer, "+1 day", order, "Cancelled by") >= 2
    buyer.sees("Refunds")
    _picture(buyer, "faq-2-cancelled")
    is_listed_under(buyer, "Cancelled", order)
    assert later.taken(order) == [0]


def test_a_refund_says_when_it_comes_and_goes_its_steps(buyer: Visitor, seller: Visitor, later: Product) -> None:
    """FAQ 4 of the guide: how long a refund takes is said before, while, and when it is on its way; a silent seller pays."""
    order = buy(buyer, AUTOMATIC[0])
    come_to_work(seller, AUTOMATIC[1])
    ship(seller, order)
    for status in ("collected", "delivered"):
        later.carry(later.parcel_of(order), status)
    buyer.open(f"/orders/{order}/returns/new")
    buyer.page.get_by_label("It arrived damaged").check()
    buyer.press("Continue")
    buyer.sees("If it were approved today")
    buyer.page.get_by_label("Refund only").check()
    photo = FilePayload(name="damaged.jpg", mimeType="image/jpeg", buffer=picture_bytes())
    buyer.page.locator("input[type=file]").set_input_files(photo)
    buyer.page.get_by_label("What happened?").fill("The lid is cracked.")
    _picture(buyer, "faq-4-asking")
    buyer.press("Send the request")
    buyer.sees("The seller is looking at your request.")
    request = buyer.page.url.removeprefix(buyer.url)
    assert _move_until(buyer, "+1 day", order, "Refunds") >= 2
    refund = buyer.page.locator("#refunds")
    expect(refund).to_contain_text("between")
    expect(refund).to_contain_text("QRIS")
    later.until(lambda: later.rows("SELECT state FROM refunds WHERE order_id = %s", int(order)) == [("done",)])
    buyer.open(request)
    buyer.sees("The seller did not answer in time.")
    buyer.sees("Confirmed")
    _picture(buyer, "faq-4-refunded")


def _picture(visitor: Visitor, name: str) -> None:
    """What the phone shows now, for whoever wants to look: in the folder that JOURNEY_PICTURES names."""
    if folder := os.environ.get("JOURNEY_PICTURES"):
        visitor.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
