"""What is wrong with a form of accounts and addresses, in words."""

from collections.abc import Iterable
from typing import Final

from etalase.commerce.accounts.rules import Problem
from etalase.foundation.i18n import N_, Translator

WORDS: Final = {
    ("name", "missing"): N_("Enter your name."),
    ("name", "too_long"): N_("A name has at most 80 characters."),
    ("name", "not_printable"): N_("The name has characters that can't be shown."),
    ("login", "missing"): N_("Enter your e-mail address or phone number."),
    ("login", "email_malformed"): N_("Enter an e-mail address such as sari@example.com."),
    ("login", "phone_malformed"): N_("Enter a phone number such as 0812 3456 7890, or an e-mail address."),
    ("login", "email_taken"): N_("There is an account with this e-mail address. Log in instead."),
    ("login", "phone_taken"): N_("There is an account with this phone number. Log in instead."),
    ("", "password_wrong"): N_("This is not your present password."),
    ("password", "too_short"): N_("Use at least 10 characters."),
    ("password", "too_long"): N_("Use at most 200 characters."),
    ("password", "too_common"): N_("This is among the first guesses. Choose another one."),
    ("password", "same_as_login"): N_("The password must differ from what you log in with."),
    ("recipient", "missing"): N_("Enter who receives the parcel."),
    ("phone", "missing"): N_("Enter a phone number such as 0812 3456 7890."),
    ("phone", "phone_malformed"): N_("Enter a phone number such as 0812 3456 7890."),
    ("province", "unknown_province"): N_("Choose the province."),
    ("city", "unknown_city"): N_("Choose the city or regency."),
    ("city", "city_elsewhere"): N_("This city is in another province."),
    ("district", "district_missing"): N_("Enter the district."),
    ("district", "unknown_district"): N_("This district is not in the city. Choose one of its districts."),
    ("postal_code", "postal_code_malformed"): N_("A postal code has five digits."),
    ("postal_code", "postal_code_elsewhere"): N_(
        "This postal code looks like one of another province. Please check it."
    ),
    ("street", "missing"): N_("Enter street and house number."),
    ("street", "too_short"): N_("Enter street and house number."),
}
OTHERWISE: Final = {
    "missing": N_("Please fill this in."),
    "too_long": N_("This is too long."),
    "too_short": N_("This is too short."),
}


def explain(problems: Iterable[Problem], translator: Translator) -> dict[str, str]:
    """The first problem of each field, in the reader's words."""
    words: dict[str, str] = {}
    for problem in problems:
        field = "password" if problem.field == "new" else problem.field
        text = WORDS.get((field, problem.code)) or WORDS.get(("", problem.code)) or OTHERWISE[problem.code]
        words.setdefault(problem.field, translator.gettext(text))
    return words
