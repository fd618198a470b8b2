"""What wallets refuse."""

from collections.abc import Mapping
from datetime import datetime


class AmountNotAllowed(ValueError):
    """The amount is below or above a bound: `bound` is "minimum", "maximum", "room" (the wallet would be too full) or "method"."""

    def __init__(self, bound: str, bound_minor: int) -> None:
        super().__init__(f"{bound}: {bound_minor}")
        self.bound = bound
        self.bound_minor = bound_minor


class FeeChanged(Exception):
    """What the method costs is not what the buyer saw."""


class AccountRefused(ValueError):
    """The bank details can't be right, or are somebody else's; `problems` are msgids by field."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(", ".join(problems))
        self.problems = problems


class CodeNotValid(Exception):
    """It is not the code that was mailed, or that is too old, or was guessed at too often."""


class AccountMissing(Exception):
    """There is no verified bank account to withdraw to."""


class CoolingOff(Exception):
    """Nothing is withdrawn yet: the bank account or the password is new."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


class StepNotAllowed(Exception):
    """The withdrawal has moved on, or is nobody's."""
