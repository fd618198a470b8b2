"""News reach open pages at once, and two devices count the same."""

from collections.abc import Callable, Sequence

import pytest
from playwright.sync_api import expect

from tests.browser.browsing import Visitor
from tests.browser.buying import buy
from tests.browser.conftest import Product
from tests.browser.selling import AUTOMATIC

pytestmark = pytest.mark.journey
HEARD = """
window.__heard = [];
document.addEventListener('etalase:notice', event => window.__heard.push(event.detail.title));
"""


def _notices(product: Product, login: str, *, read: bool) -> int:
    return int(
        product.rows(
            "SELECT count(*) FROM notifications n JOIN accounts a ON a.id = n.account_id"
            " WHERE a.email = %s AND (n.read_at IS NOT NULL) = %s AND n.audience = 'buyer'",
            login,
            read,
        )[0][0]
    )


def _agree(product: Product, login: str, phones: Sequence[Visitor]) -> bool:
    """Whether all phones show how much is unread now: more may come while one looks."""
    badges = [phone.page.locator("nav.bar [data-unread]") for phone in phones]
    return {badge.inner_text() for badge in badges} == {str(_notices(product, login, read=False))}


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
    phones = (phone, other_phone)
    product.until(lambda: _agree(product, login, phones))
    read = _notices(product, login, read=True)
    phone.page.get_by_role("link", name="Store Update: Order Created").first.click()
    phone.is_at(r"/orders/\d+$")
    assert _notices(product, login, read=True) == read + 1
    product.until(lambda: _agree(product, login, phones))
    phone.open("/inbox")
    phone.press("Mark all as read")
    for visitor in phones:
        expect(visitor.page.locator("nav.bar [data-unread]")).to_be_hidden()
    assert _notices(product, login, read=False) == 0
