"""What can be refused of a claim."""

from collections.abc import Sequence

from etalase.journeys.claims.rules import Check


class ClaimNotFound(LookupError):
    """No such claim for this buyer, shop or operator."""


class ClaimNotPossible(Exception):
    """The order can't be claimed now: it did not arrive yet, is completed, or was claimed before."""


class ClaimMoved(Exception):
    """The claim has moved on; somebody or a clock was faster."""


class ChecksMissing(ValueError):
    """The guided check is not answered."""

    def __init__(self, checks: Sequence[Check]) -> None:
        super().__init__(", ".join(checks))
        self.checks = checks


class TextTooShort(ValueError):
    """What happened has to be described."""


class ReasonUnknown(ValueError):
    """The reason is none of those that go with the decision."""


class NotTheLoser(Exception):
    """Only who lost may appeal or accept."""
