"""What can be refused of payouts."""

from collections.abc import Mapping


class DetailsNotValid(ValueError):
    """The bank details can't be right; `problems` are msgids by field."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(", ".join(problems))
        self.problems = problems


class NotTheOwner(Exception):
    """Only the owner of a shop says where its money goes."""


class StepNotAllowed(Exception):
    """The account, batch or payout has moved on."""
