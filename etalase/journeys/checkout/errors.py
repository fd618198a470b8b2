"""What can stand in the way of placing an order."""

from etalase.journeys.checkout.rules import Quote


class Refusal(Exception):
    """A checkout that can't be placed as it is; nothing of it was written."""


class CartEmpty(Refusal):
    """Nothing was chosen to buy."""


class AddressMissing(Refusal):
    """There is no address to deliver to."""


class QuoteChanged(Refusal):
    """Price, stock or shipping differ from what the buyer saw; nothing was placed."""

    def __init__(self, quote: Quote) -> None:
        super().__init__("the quote has changed")
        self.quote = quote


class NotDeliverable(Refusal):
    """A shop can't deliver to the address in the way that was chosen."""


class MethodNotAllowed(Refusal):
    """The payment method is not available for this sum, shop or buyer."""

    def __init__(self, method: str, reason: str) -> None:
        super().__init__(f"{method}: {reason}")
        self.method = method
        self.reason = reason


class WalletTooSmall(MethodNotAllowed):
    """There is less in the wallet than is to be paid from it, or a part of it goes with no such method."""

    def __init__(self) -> None:
        super().__init__("wallet", "wallet")


class PaymentNotPossible(Exception):
    """Nothing is left to pay, or the time to pay is over."""
