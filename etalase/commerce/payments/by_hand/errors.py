"""What can stand in the way of a refund by hand."""


class RefundNotByHand(Exception):
    """The refund is not one that waits for a hand: it is on its way, done, somebody else's, or was never made."""


class AccountMissing(Exception):
    """The buyer has not said yet where the money is to go."""


class AccountNotValid(ValueError):
    """The account can't be right; `fields` says what of it."""

    def __init__(self, fields: list[str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields
