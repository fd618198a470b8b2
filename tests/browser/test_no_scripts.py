"""Everything but live updates works in a browser that runs no scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from tests.browser.browsing import PHONE, Visitor
from tests.browser.buying import buy, is_listed_under
from tests.browser.conftest import Product, visiting
from tests.browser.selling import MANUAL, come_to_work, confirm, ship

pytestmark = pytest.mark.journey


def test_buying_and_shipping_without_scripts(
    plain: Visitor, browser: Browser, product: Product, somebody: Callable[[], str]
) -> None:
    plain.come_as(somebody())
    order = buy(plain, MANUAL[0])
    is_listed_under(plain, "Waiting for Delivery", order)
    with visiting(browser, product, PHONE | {"java_script_enabled": False}) as seller:
        come_to_work(seller, MANUAL[1])
        confirm(seller, order)
        ship(seller, order)
    plain.open(f"/orders/{order}")
    plain.sees("Shipping arranged")
    plain.tap("Track Shipment")
    plain.has_heading("Track Shipment")
    plain.stands_still()
