"""What names, logins, passwords and addresses must be like, and when log-ins are slowed down."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Literal

import phonenumbers

from etalase.commerce.accounts import regions

NAME_LENGTH_MAX = 80
EMAIL_LENGTH_MAX = 254
PASSWORD_LENGTH_MIN = 10
PASSWORD_LENGTH_MAX = 200
"""Longer texts are no safer and only cost hashing time."""
RECIPIENT_LENGTH_MAX = 80
STREET_LENGTH_MIN = 5
STREET_LENGTH_MAX = 300
LANDMARK_LENGTH_MAX = 200
LABEL_LENGTH_MAX = 40
DISTRICT_LENGTH_MAX = 80
ADDRESSES_MAX = 20

SESSION_LIFETIME = timedelta(days=90)
SEEN_EVERY = timedelta(minutes=5)
RESET_LIFETIME = timedelta(hours=1)
ATTEMPTS_WINDOW = timedelta(minutes=15)
ATTEMPTS_PER_LOGIN_MAX = 10
ATTEMPTS_PER_ADDRESS_MAX = 50
RESETS_PER_LOGIN_MAX = 3

EMAIL = re.compile(r"[^\s@<>\"(),:;\\\[\]]{1,64}@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+")
RUNS = ("01234567890123456789", "98765432109876543210", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
COMMON_PASSWORDS = frozenset(
    {
        "password12",
        "password123",
        "password1234",
        "indonesia1",
        "indonesia123",
        "bismillah1",
        "bismillah123",
        "katasandi123",
    }
    | {
        "sayangku123",
        "qwerty12345",
        "qwertyuiop",
        "rahasia123",
        "iloveyou123",
        "admin12345",
        "passwordku",
        "akucintakamu",
    }
)

Role = Literal["owner", "staff"]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with which field of a form; the web folder says it in the reader's language."""

    field: str
    code: str


@dataclass(frozen=True, slots=True)
class Login:
    """What one logs in with, in its stored form: a lower-case e-mail address or an E.164 phone number."""

    email: str | None = None
    phone: str | None = None

    @property
    def value(self) -> str:
        return self.email or self.phone or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressForm:
    """An address as it was typed."""

    recipient: str
    phone: str
    province: str
    city: str
    district: str
    postal_code: str
    street: str
    label: str = ""
    landmark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewShop:
    """A shop to be opened; province and city are codes of `regions`."""

    slug: str
    name: str
    province: str
    city: str
    zone: str = "Asia/Jakarta"
    description: str = ""
    description_en: str = ""
    logo_key: str | None = None
    banner_key: str | None = None
    confirm_mode: Literal["automatic", "manual"] = "manual"
    opens_at: time = time(8)
    closes_at: time = time(17)
    carriers: Sequence[str] = ("jne", "jnt", "sicepat")
    accepts_cod: bool = True


def read_login(text: str) -> Login | None:
    """The e-mail address or phone number a person typed, or none if it is neither."""
    if "@" in text:
        email = read_email(text)
        return Login(email=email) if email else None
    phone = read_phone(text)
    return Login(phone=phone) if phone else None


def read_email(text: str) -> str | None:
    """An e-mail address in lower case, or none if it can't be one."""
    email = text.strip().lower()
    return email if len(email) <= EMAIL_LENGTH_MAX and EMAIL.fullmatch(email) else None


def read_phone(text: str) -> str | None:
    """A phone number as E.164 (+62...); numbers without a country code are Indonesian. None if it can't be one."""
    try:
        number = phonenumbers.parse(text.strip()[:40], "ID")
    except phonenumbers.NumberParseException:
        return None
    if number.extension or not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def check_registration(*, name: str, login: str, password: str) -> list[Problem]:
    """Everything that keeps a person from having this account."""
    return [*check_name(name), *_check_login(login), *check_password(password, login=login)]


def check_name(name: str) -> list[Problem]:
    """A name is some visible text of at most 80 characters."""
    if not name.strip():
        return [Problem("name", "missing")]
    if len(name.strip()) > NAME_LENGTH_MAX:
        return [Problem("name", "too_long")]
    return [] if name.strip().isprintable() else [Problem("name", "not_printable")]


def _check_login(login: str) -> list[Problem]:
    if not login.strip():
        return [Problem("login", "missing")]
    if read_login(login) is None:
        return [Problem("login", "email_malformed" if "@" in login else "phone_malformed")]
    return []


def check_password(password: str, *, login: str = "", field: str = "password") -> list[Problem]:
    """Length counts: at least ten characters, neither one of the first guesses nor the login itself."""
    if len(password) < PASSWORD_LENGTH_MIN:
        return [Problem(field, "too_short")]
    if len(password) > PASSWORD_LENGTH_MAX:
        return [Problem(field, "too_long")]
    plain = password.lower()
    if plain == login.strip().lower():
        return [Problem(field, "same_as_login")]
    if plain in COMMON_PASSWORDS or len(set(plain)) <= 2 or any(plain in run for run in RUNS):
        return [Problem(field, "too_common")]
    return []


def waiting_time(
    attempts: Sequence[datetime], *, now: datetime, attempts_max: int, window: timedelta = ATTEMPTS_WINDOW
) -> timedelta | None:
    """How long to wait before the next attempt counts; none if it may be made now. `attempts` in order of time, own excluded."""
    recent = [at for at in attempts if at > now - window]
    if len(recent) < attempts_max:
        return None
    return recent[-attempts_max] + window - now


def tidy_address(form: AddressForm) -> AddressForm:
    """The address without stray blanks, the phone number as E.164 where it can be read."""
    texts = {name: " ".join(getattr(form, name).split()) for name in form.__dataclass_fields__}
    tidied = replace(form, **texts)
    return replace(tidied, phone=read_phone(tidied.phone) or tidied.phone)


def check_address(form: AddressForm) -> list[Problem]:
    """Everything that keeps a courier from delivering to this (tidied) address."""
    region = regions.check_region(
        province_code=form.province, city_code=form.city, district=form.district, postal_code=form.postal_code
    )
    return [
        *_check_length("recipient", form.recipient, length_max=RECIPIENT_LENGTH_MAX),
        *([] if read_phone(form.phone) else [Problem("phone", "phone_malformed" if form.phone else "missing")]),
        *(Problem(problem.field, problem.code) for problem in region if problem.code not in WARNINGS),
        *_check_length("district", form.district, length_min=0, length_max=DISTRICT_LENGTH_MAX),
        *_check_length("street", form.street, length_min=STREET_LENGTH_MIN, length_max=STREET_LENGTH_MAX),
        *_check_length("landmark", form.landmark, length_min=0, length_max=LANDMARK_LENGTH_MAX),
        *_check_length("label", form.label, length_min=0, length_max=LABEL_LENGTH_MAX),
    ]


WARNINGS = frozenset({"postal_code_elsewhere"})
"""Codes of regions that are worth a remark and no reason to refuse: our list of beginnings may be behind the post's."""


def address_warnings(form: AddressForm) -> list[Problem]:
    """What looks odd about an address that is accepted."""
    region = regions.check_region(
        province_code=form.province, city_code=form.city, district=form.district, postal_code=form.postal_code
    )
    return [Problem(problem.field, problem.code) for problem in region if problem.code in WARNINGS]


def _check_length(field: str, text: str, *, length_max: int, length_min: int = 1) -> list[Problem]:
    if not text and length_min:
        return [Problem(field, "missing")]
    if len(text) < length_min:
        return [Problem(field, "too_short")]
    return [Problem(field, "too_long")] if len(text) > length_max else []


BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"))
ENGINES = (("CriOS", "Chrome"), ("FxiOS", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"))
DESKTOPS = (("Mac OS", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"))
UNKNOWN_DEVICE = "?"


def device_of(user_agent: str) -> str:
    """ "Chrome on Android" for the list of devices; "?" where nothing is recognized."""
    browser = next((name for mark, name in BROWSERS + ENGINES if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS + DESKTOPS if mark in user_agent), "")
    return " · ".join(part for part in (browser, system) if part) or UNKNOWN_DEVICE
