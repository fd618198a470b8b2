"""What accounts refuse, in the trade's words."""

from datetime import timedelta

from etalase.commerce.accounts.rules import Problem


class AccountsError(Exception):
    """Base of every refusal of this package."""


class NotValid(AccountsError):
    """What was entered can't be used; `problems` says which field and why."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(", ".join(f"{problem.field}: {problem.code}" for problem in problems))
        self.problems = problems


class LoginRefused(AccountsError):
    """No account has this login and password; which of the two is wrong is nobody's business."""


class TooManyAttempts(AccountsError):
    """Failed too often; `wait` says how long it takes until the next attempt is looked at."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"wait {wait}")
        self.wait = wait


class ResetLinkNotValid(AccountsError):
    """The link was used, is older than an hour, was replaced, or never existed."""


class AddressNotFound(AccountsError):
    """This buyer has no such address."""


class AddressBookFull(AccountsError):
    """The buyer keeps as many addresses as one may."""


class NotAMember(AccountsError):
    """The account does not work in this shop."""
