"""What can be refused of an order."""

from etalase.commerce.orders.rules import Move, State


class OrderNotFound(LookupError):
    """No such order for this shop or buyer."""


class MoveNotAllowed(Exception):
    """The order has moved on; what was asked for is no longer possible."""

    def __init__(self, state: State, move: Move) -> None:
        super().__init__(f"an order that is {state} can't {move}")
        self.state = state
        self.move = move


class AddressNotChangeable(Exception):
    """The address was changed before, or shipping is already arranged."""


class TooSoon(Exception):
    """The seller was reminded a short while ago."""


class NotExtendable(Exception):
    """Receipt was extended before, or the order is not delivered."""


class CaseOpen(Exception):
    """Buyer and seller still disagree about the order: it can't complete."""
