"""What can be refused of a cart."""


class CartFull(Exception):
    """The cart holds as many lines as it can."""


class VariantGone(Exception):
    """The variant is not for sale."""


class NotEnough(Exception):
    """Fewer units are left than wanted."""

    def __init__(self, left: int) -> None:
        super().__init__(f"{left} left")
        self.left = left
