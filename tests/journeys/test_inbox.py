"""News reach open pages at once, and two devices count the same."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.browsing import Visitor
from tests.journeys.buying import buy
from tests.journeys.conftest import Product
from tests.journeys.selling import AUTOMATIC

pytestmark = pytest.mark.journey
HEARD = """
window.__heard = [];
document.addEventListener('etalase:notice', event => window.__heard.push(event.detail.title));
"""


def _unread(product: Product, login: str) -> int:
    return int(
        product.rows(
            "SELECT count(*) FROM notifications n JOIN accounts a ON a.id = n.account_id"
            " WHERE a.email = %s AND n.read_at IS NULL AND n.audience = 'buyer'",
            login,
        )[0][0]
    )


def test_news_reach_an_open_page(phone: Visitor, desk: Visitor, somebody: Callable[[], str]) -> None:
    login = somebody()
    phone.come_as(login, at="/inbox")
    phone.page.evaluate(HEARD)
    phone.stays()
    desk.come_as(login)
    buy(desk, AUTOMATIC[0])
    for title in ("Store Update: Order Created", "Payment received"):
        phone.page.wait_for_function("title => window.__heard.includes(title)", arg=title)
    phone.has_stayed()


def test_two_devices_count_the_same(
    phone: Visitor, other_phone: Visitor, product: Product, somebody: Callable[[], str]
) -> None:
    login = somebody()
    phone.come_as(login)
    buy(phone, AUTOMATIC[0])
    phone.open("/inbox")
    other_phone.come_as(login, at="/inbox")
    badges = [visitor.page.locator("nav.bar [data-unread]") for visitor in (phone, other_phone)]
    unread = _unread(product, login)
    for badge in badges:
        expect(badge).to_have_text(str(unread))
    phone.page.get_by_role("link", name="Store Update: Order Created").first.click()
    phone.is_at(r"/orders/\d+$")
    for badge in badges:
        expect(badge).to_have_text(str(unread - 1))
    phone.open("/inbox")
    phone.press("Mark all as read")
    for badge in badges:
        expect(badge).to_be_hidden()
    assert _unread(product, login) == 0
