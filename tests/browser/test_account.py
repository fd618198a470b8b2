"""Accounts: made with a phone number, kept safe, and a checkout that outlives its session."""

import itertools
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.browsing import Visitor
from tests.browser.buying import find_product, pay
from tests.browser.conftest import Product
from tests.browser.selling import AUTOMATIC

pytestmark = pytest.mark.journey
PASSWORD = "a short sentence is easy"
_numbers = itertools.count(1)


def _register(visitor: Visitor, login: str, *, name: str = "Sekar Ayu") -> None:
    visitor.open("/login")
    visitor.tap("Make an account")
    visitor.is_at("/register")
    visitor.page.locator("#field-name").fill(name)
    visitor.page.locator("#field-login").fill(login)
    visitor.page.locator("#field-password").fill(PASSWORD)
    visitor.press("Make an account")


def _new_phone_number() -> str:
    return f"0813990{next(_numbers):05d}"


def test_a_wrong_phone_number_is_explained_and_a_right_one_makes_an_account(phone: Visitor) -> None:
    _register(phone, "0812")
    problem = phone.page.locator("#field-login-error")
    expect(problem).to_contain_text("phone number")
    expect(phone.page.locator("#field-name")).to_have_value("Sekar Ayu")  # nothing is typed twice
    number = _new_phone_number()
    phone.page.locator("#field-login").fill(number)
    phone.page.locator("#field-password").fill(PASSWORD)
    phone.press("Make an account")
    expect(phone.page).to_have_url(f"{phone.url}/")
    phone.page.context.clear_cookies(name="session")
    phone.log_in(number, then="/profile", password=PASSWORD)
    expect(phone.page.locator("main")).to_contain_text("Sekar Ayu")


def test_a_name_with_flowers_in_it(phone: Visitor) -> None:
    _register(phone, _new_phone_number(), name="Mawar 🌹 O'Nusa <b>")
    expect(phone.page).to_have_url(f"{phone.url}/")
    phone.open("/profile")
    expect(phone.page.get_by_role("heading", name="Mawar 🌹 O'Nusa <b>", level=2)).to_be_visible()


def test_logging_out_everywhere_ends_the_other_phones_session(phone: Visitor, other_phone: Visitor) -> None:
    number = _new_phone_number()
    _register(phone, number)
    expect(phone.page).to_have_url(f"{phone.url}/")
    other_phone.log_in(number, then="/profile", password=PASSWORD)
    other_phone.has_heading("Profil")
    phone.open("/settings")
    phone.page.get_by_role("link", name="Devices").click()
    phone.has_heading("Devices")
    expect(phone.page.get_by_role("heading", name="Other devices")).to_be_visible()
    phone.stands_still()
    phone.open("/settings")
    with phone.page.expect_navigation():
        phone.page.get_by_role("button", name="Log out everywhere").click()
    for visitor in (other_phone, phone):
        visitor.open("/orders")
        visitor.is_at("/login")
    other_phone.has_heading("Masuk")


def test_a_forgotten_password_is_set_anew_by_the_mailed_link(phone: Visitor, product: Product) -> None:
    email = f"lupa.{next(_numbers)}@contoh.etalase.test"
    _register(phone, email)
    expect(phone.page).to_have_url(f"{phone.url}/")
    phone.page.context.clear_cookies(name="session")
    phone.open("/login")
    phone.tap("Forgot your password?")
    phone.page.locator("#field-email").fill(email)
    phone.press("Mail me a link")
    phone.sees("a link is on its way")
    _open_mail(phone, product, email)
    phone.tap("Open the link")
    phone.is_at("/password/reset/")
    phone.page.locator("#field-password").fill("quite another sentence")
    phone.press("Set password")
    phone.sees("Your new password is set. Log in with it.")
    phone.fill_log_in(email, password=PASSWORD)
    expect(phone.page.locator(".error-box, [role=alert]").first).to_be_visible()
    phone.fill_log_in(email, password="quite another sentence")
    expect(phone.page).to_have_url(f"{phone.url}/")


def _open_mail(visitor: Visitor, product: Product, email: str) -> None:
    """The demo's letter box, once the mail has come."""
    visitor.tap("Open the demo's mailbox")
    letter = visitor.page.get_by_text(f"To {email}")
    product.until(lambda: bool(visitor.page.reload() and letter.count()))
    expect(letter).to_be_visible()


def test_a_session_that_ends_in_the_middle_of_checkout_comes_back_to_it(
    phone: Visitor, somebody: Callable[[], str]
) -> None:
    login = somebody()
    phone.come_as(login)
    find_product(phone, AUTOMATIC[0])
    phone.press("Buy now")
    phone.is_at("/checkout")
    phone.page.get_by_label("Note to the shop").fill("Please wrap it well")
    phone.page.get_by_label("GoPay", exact=True).check()
    phone.page.context.clear_cookies(name="session")
    phone.press("Place order")
    phone.is_at(r"/login\?next=")
    phone.sees("Please log in to go on. Nothing you did before is lost.")
    phone.fill_log_in(login)
    phone.is_at(r"/checkout\?")
    expect(phone.page.get_by_label("GoPay", exact=True)).to_be_checked()
    expect(phone.page.get_by_label("Note to the shop")).to_have_value("Please wrap it well")
    phone.press("Place order")
    pay(phone)
