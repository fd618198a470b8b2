"""What can be refused of a cancellation."""

from etalase.journeys.cancellations.rules import Rule


class CancelNotPossible(Exception):
    """The rule that applies now does not let the order be cancelled in this way."""

    def __init__(self, rule: Rule) -> None:
        super().__init__(rule)
        self.rule = rule


class ReasonUnknown(ValueError):
    """The reason is none of those offered."""


class RequestGone(LookupError):
    """There is no request to cancel that waits for an answer."""


class UnitsInParcel(ValueError):
    """Units that lie in a parcel can't be cancelled alone: undo the parcel first."""
