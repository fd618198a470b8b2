"""What sellers do with orders and goods, and what their buyers see of it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.browsing import Visitor
from tests.browser.buying import buy, check_out_cart, orders_shown, pay, place, put_in_cart
from tests.browser.conftest import Product
from tests.browser.selling import (
    AUTOMATIC,
    MANUAL,
    choose_own_number,
    come_to_work,
    confirm,
    is_listed_under,
    jne_number,
    open_shipping,
    ship,
    work_in,
)

pytestmark = pytest.mark.journey


def test_an_order_is_confirmed_by_hand(phone: Visitor, desk: Visitor, somebody: Callable[[], str]) -> None:
    phone.come_as(somebody())
    order = buy(phone, MANUAL[0])
    come_to_work(desk, MANUAL[1])
    is_listed_under(desk, "New", order)
    phone.open(f"/orders/{order}")
    confirm(desk, order)
    expect(phone.page.locator("#order-details")).to_contain_text("The seller confirmed the order")
    is_listed_under(desk, "Ready to Ship", order)


def test_units_are_cancelled_apart_from_the_rest(
    phone: Visitor, desk: Visitor, product: Product, somebody: Callable[[], str]
) -> None:
    phone.come_as(somebody())
    put_in_cart(phone, MANUAL[0], units=3)
    put_in_cart(phone, MANUAL[0], units=1, skip=1)
    check_out_cart(phone)
    place(phone)
    pay(phone)
    order = orders_shown(phone)[0]
    assert product.taken(order) == [3, 1]
    come_to_work(desk, MANUAL[1])
    desk.open(f"/seller/orders/{order}")
    desk.tap("Cancel order or units")
    desk.tap("Out of stock")
    desk.page.get_by_label("Only the units chosen below").check()
    units = desk.page.locator("input[name^='units-']")
    expect(units).to_have_count(2)
    many = desk.page.locator("input[name^='units-'][max='3']")
    many.fill("2")
    desk.page.get_by_label("Put the units back on sale").check()
    desk.stands_still()
    desk.press("Cancel it now")
    desk.is_at(f"/seller/orders/{order}$")
    expect(desk.page.locator("#order-details")).to_contain_text("2 cancelled")
    expect(desk.page.locator("#order-details")).to_contain_text("Refunds")
    assert product.taken(order) == [1, 1]  # both are on sale again
    price, returned = product.rows(
        "SELECT l.unit_price_minor, r.amount_minor FROM order_lines l JOIN refunds r ON r.order_id = l.order_id"
        " WHERE l.order_id = %s AND l.quantity = 3",
        int(order),
    )[0]
    assert returned == 2 * price
    phone.open(f"/orders/{order}")
    expect(phone.page.locator("#order-details")).to_contain_text("Taken off")


def test_orders_are_arranged_together_and_their_labels_printed(
    phone: Visitor, desk: Visitor, product: Product, somebody: Callable[[], str]
) -> None:
    phone.come_as(somebody())
    orders = [buy(phone, AUTOMATIC[0]) for _ in range(2)]
    come_to_work(desk, AUTOMATIC[1])
    desk.open("/seller/orders?tab=ready")
    for order in orders:
        desk.page.locator(f"input[name='order'][value='{order}']").check()
    desk.press("Arrange ticked orders")
    desk.is_at("/seller/shipping")
    desk.page.get_by_label("When the courier comes").select_option(index=1)
    desk.press("Arrange shipping for all")
    desk.sees("2 of 2 parcels arranged.")
    numbered = "SELECT count(*) FROM parcel_orders o JOIN parcels p ON p.id = o.parcel_id WHERE o.order_id = ANY(%s)"
    numbers = [int(order) for order in orders]
    product.until(lambda: product.rows(f"{numbered} AND p.booking = 'booked'", numbers)[0][0] == 2)
    desk.page.reload()
    with desk.page.expect_download() as printed:
        desk.press("Print")
    assert printed.value.suggested_filename == "labels-2.pdf"
    assert printed.value.path().read_bytes().startswith(b"%PDF-")
    assert product.rows(f"{numbered} AND p.label_printed_at IS NOT NULL AND p.pickup_from IS NOT NULL", numbers) == [
        (2,)
    ]


def test_an_order_leaves_in_two_parcels(phone: Visitor, desk: Visitor, somebody: Callable[[], str]) -> None:
    phone.come_as(somebody())
    order = buy(phone, AUTOMATIC[0], units=3)
    come_to_work(desk, AUTOMATIC[1])
    open_shipping(desk, order)
    desk.page.get_by_label("Pick-up").check()
    desk.page.locator("input[name^='units-']").fill("1")
    desk.press("Confirm shipment")
    desk.sees("Shipping is arranged.")
    expect(desk.page.locator("#parcels")).to_contain_text("1 piece")
    open_shipping(desk, order)
    desk.sees("Part of this order is already in a parcel.")
    expect(desk.page.locator("input[name^='units-']")).to_have_value("2")
    desk.page.get_by_label("Drop-off").check()
    desk.press("Confirm shipment")
    expect(desk.page.locator("#parcels article, #parcels section").get_by_role("heading", level=3)).to_have_count(2)
    phone.open(f"/orders/{order}/tracking")
    parcels = phone.page.get_by_label("Parcels of this order")
    parcels.get_by_role("link", name="Parcel 2").click()
    phone.is_at(r"\?parcel=\d+$")
    phone.sees("In this parcel")


def test_own_numbers_are_checked_and_corrected(phone: Visitor, desk: Visitor, somebody: Callable[[], str]) -> None:
    phone.come_as(somebody())
    first, second = buy(phone, AUTOMATIC[0]), buy(phone, AUTOMATIC[0])
    come_to_work(desk, AUTOMATIC[1])
    ship(desk, first, number=jne_number(first))

    open_shipping(desk, second)
    choose_own_number(desk, "12")
    desk.press("Confirm shipment")
    desk.sees("JNE numbers: 15 or 16 digits")
    choose_own_number(desk, jne_number(first))
    desk.press("Confirm shipment")
    desk.sees("Another parcel of your shop has this tracking number.")
    choose_own_number(desk, jne_number(second))
    desk.press("Confirm shipment")
    desk.sees("Shipping is arranged.")

    better = jne_number(second)[::-1]
    desk.page.get_by_text("Correct the tracking number").click()
    desk.page.locator("input[id^='number-']").fill(better[:7])
    _change_from_another_tab(desk, second)
    desk.page.keyboard.type(better[7:])  # in the same field, which nothing has closed or emptied
    desk.press("Correct")
    desk.sees("The tracking number is corrected; the former one is kept.")
    expect(desk.page.locator("#parcels")).to_contain_text(f"Former number: {jne_number(second)}")
    phone.open(f"/orders/{second}")
    expect(phone.page.get_by_role("textbox", name="tracking number")).to_have_value(better)


def _change_from_another_tab(seller: Visitor, order: str) -> None:
    """The page that is open changes by itself, while somebody works on it."""
    tab = Visitor(seller.page.context.new_page(), seller.url)
    tab.open(f"/seller/orders/{order}")
    _tell_of_a_delay(tab, "The van has a flat tire.")
    tab.page.close()
    expect(seller.page.locator("#parcels")).to_contain_text("The van has a flat tire.")


def _tell_of_a_delay(seller: Visitor, words: str) -> None:
    seller.page.get_by_text("Add a delay note").click()
    seller.page.get_by_label("What the buyer should know").fill(words)
    seller.press("Tell the buyer")
    seller.sees("The buyer has been told about the delay.")


def test_a_delay_note_reaches_the_buyer(phone: Visitor, desk: Visitor, somebody: Callable[[], str]) -> None:
    phone.come_as(somebody())
    order = buy(phone, AUTOMATIC[0])
    come_to_work(desk, AUTOMATIC[1])
    ship(desk, order, number=jne_number(order))
    phone.open(f"/orders/{order}")
    phone.stays()
    _tell_of_a_delay(desk, "The road to the market is flooded.")
    expect(phone.page.locator("#order-details")).to_contain_text("The road to the market is flooded.")
    phone.has_stayed()


def test_shops_are_switched_and_another_shops_order_does_not_exist(
    phone: Visitor, desk: Visitor, somebody: Callable[[], str]
) -> None:
    phone.come_as(somebody())
    order = buy(phone, AUTOMATIC[0])
    come_to_work(desk, AUTOMATIC[1])
    desk.open(f"/seller/orders/{order}")
    desk.has_heading("Order details")
    work_in(desk, MANUAL[1])
    desk.open(f"/seller/orders/{order}")
    expect(desk.page.locator("#order-details")).to_have_count(0)
    assert desk.page.request.get(f"{desk.url}/seller/orders/{order}").status == 404
    work_in(desk, AUTOMATIC[1])
    desk.open(f"/seller/orders/{order}")
    desk.has_heading("Order details")


def test_stock_is_adjusted_with_a_reason(phone: Visitor, desk: Visitor, somebody: Callable[[], str]) -> None:
    come_to_work(desk, AUTOMATIC[1])
    desk.open("/seller/stock")
    desk.page.locator("main a[href^='/seller/stock/']").first.click()
    desk.is_at(r"/seller/stock/\d+$")
    desk.page.get_by_label("Reason").select_option("purchase")
    desk.page.get_by_label("Quantity").fill("17")
    desk.page.locator("#field-note").fill("Invoice 2041")
    desk.page.locator("form:has(#field-quantity)").get_by_role("button", name="Save").click()
    expect(desk.page.locator("#history li", has_text="Invoice 2041")).to_contain_text("+17")
    desk.stands_still()


def test_a_new_product_with_its_picture_is_bought(
    phone: Visitor, desk: Visitor, somebody: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    picture = tmp_path_factory.mktemp("pictures") / "scarf.png"
    desk.open("/")
    desk.page.screenshot(path=picture, clip={"x": 0, "y": 0, "width": 640, "height": 640})
    come_to_work(desk, AUTOMATIC[1])
    desk.open("/seller/products/new")
    desk.page.locator("#field-title").fill("Selendang Cap Parang Biru")
    desk.page.locator("#field-category").select_option(index=1)
    desk.page.locator("#field-pictures").set_input_files(picture)
    desk.page.get_by_label("Price (Rp)").fill("145.000")
    desk.page.get_by_label("Weight (g)").fill("200")
    desk.page.get_by_label("Stock", exact=True).fill("3")
    desk.press("Save and put on sale")
    desk.sees("The product is on sale.")
    desk.tap("See it in the shop")
    desk.is_at(r"/p/\d+/\d+$")
    path = desk.page.url.removeprefix(desk.url)

    phone.come_as(somebody(), at=path)
    phone.has_heading("Selendang Cap Parang Biru")
    image = phone.page.locator("main img").first
    assert image.evaluate("async image => { await image.decode(); return image.naturalWidth }") > 0
    phone.press("Buy now")
    phone.is_at("/checkout")
    place(phone)
    pay(phone)
    phone.open(path)
    phone.sees("Only 2 left")
