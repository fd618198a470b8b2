"""What can be refused of a return."""

from etalase.journeys.returns.rules import Move, NotReturnable, ReturnState

__all__ = [
    "EvidenceMissing",
    "KindNotOffered",
    "NotReturnable",
    "OfferNotAllowed",
    "ParcelAlreadyThere",
    "ReasonUnknown",
    "ReturnMovedOn",
    "ReturnNotFound",
    "TooManyDisputes",
    "WordsMissing",
]


class ReturnNotFound(LookupError):
    """No such return for this buyer, shop or operator."""


class ReturnMovedOn(Exception):
    """Somebody or some clock was faster; what was asked for is no longer possible."""

    def __init__(self, state: ReturnState, move: Move) -> None:
        super().__init__(f"a return that is {state} can't {move}")
        self.state = state
        self.move = move


class ReasonUnknown(ValueError):
    """The reason is none of those offered."""


class KindNotOffered(ValueError):
    """This reason does not lead to what was asked for."""


class EvidenceMissing(ValueError):
    """The reason needs a picture (or a video) that shows it."""


class WordsMissing(ValueError):
    """What was done needs a few words for the other side, or a number."""


class OfferNotAllowed(ValueError):
    """The share is not between those that may be offered, or too many offers were made."""


class ParcelAlreadyThere(Exception):
    """There is a parcel of this sort already; it has to be undone first."""


class TooManyDisputes(Exception):
    """The rejection can't be contested again; Etalase can still be asked to decide."""
