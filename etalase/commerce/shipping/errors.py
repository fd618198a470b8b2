"""What can be refused of parcels."""

from collections.abc import Sequence


class ParcelNotFound(LookupError):
    """No such parcel for this shop."""


class NothingToShip(Exception):
    """Every unit lies in a parcel already, or none was chosen."""


class TooManyUnits(Exception):
    """More units were chosen than are left of a line (or the line is not the order's)."""

    def __init__(self, order_line_id: int, left: int) -> None:
        super().__init__(f"of line {order_line_id} {left} are left")
        self.order_line_id = order_line_id
        self.left = left


class DuplicateNumber(Exception):
    """Another parcel goes by this number; the seller may insist."""

    def __init__(self, carrier: str, number: str, *, is_own: bool) -> None:
        super().__init__(f"{carrier} {number} is in use")
        self.carrier = carrier
        self.number = number
        self.is_own = is_own


class NumberMissing(Exception):
    """A parcel with a number of the seller's own needs that number."""


class ParcelMovedOn(Exception):
    """The parcel has moved on; what was asked for is no longer possible."""

    def __init__(self, state: str) -> None:
        super().__init__(f"the parcel is {state}")
        self.state = state


class NotByHand(Exception):
    """A carrier reports about this parcel; the seller can't."""


class PlannedOtherwise(Exception):
    """The order is split over parcels, or combined with others: each planned parcel is arranged by itself."""

    def __init__(self, plan_ids: Sequence[int]) -> None:
        super().__init__(f"planned as {', '.join(map(str, plan_ids))}")
        self.plan_ids = tuple(plan_ids)


class PlanNotFound(LookupError):
    """No such planned parcel for this shop: it is arranged, or planned no longer."""


class NotCombinable(Exception):
    """These orders can't travel in one parcel; `why` is a code of `rules.WHY_NOT_COMBINED`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NothingToSplit(Exception):
    """All units would be in one parcel."""


class TooManyParcels(Exception):
    """More parcels were chosen than can be dealt with at once."""


class SlotPassed(Exception):
    """The pick-up time that was chosen has passed."""
