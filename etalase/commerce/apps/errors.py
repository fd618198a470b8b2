"""What is refused to apps and those who make them, in the trade's words."""

from etalase.commerce.apps.rules import AppProblem


class AppsError(Exception):
    """Base of every refusal of this package."""


class AppRefused(AppsError):
    """The app can't be kept like this; `problems` says which field and why."""

    def __init__(self, *problems: AppProblem) -> None:
        super().__init__(", ".join(f"{problem.field}: {problem.code}" for problem in problems))
        self.problems = problems


class AppNotFound(AppsError):
    """There is no such app, or it is another account's."""


class NotTheOwner(AppsError):
    """Only the owner of a shop lets apps into it."""


class CodeNotValid(AppsError):
    """The code was used, is older than half an hour, is another app's, or never existed."""


class TokenNotValid(AppsError):
    """The refresh token was used, has expired, was revoked, is another app's, or never existed."""

    def __init__(self, *, is_expired: bool = False) -> None:
        super().__init__("expired" if is_expired else "not valid")
        self.is_expired = is_expired


class KeyUsedOtherwise(AppsError):
    """The idempotency key came with another request before."""
