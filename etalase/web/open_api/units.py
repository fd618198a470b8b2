"""Line items as clients know them: one for each unit of an order line, with a number of its own that follows from the line's.

Units of a line are alike. Which of them lie in which parcel is told in the order in which parcels were arranged, then
planned; cancelled ones are the last.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from etalase.commerce.orders.rules import OrderLine
from etalase.commerce.shipping.plans import Plan
from etalase.commerce.shipping.queries import Parcel
from etalase.commerce.shipping.rules import ParcelState


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit; `parcel` is where it lies, `package_id` also where it is planned to lie."""

    id: str
    line: OrderLine
    parcel: Parcel | None = None
    package_id: int | None = None
    is_cancelled: bool = False


@lru_cache(maxsize=20_000)
def unit_id(line_id: int, number: int) -> str:
    """The number of a line's unit: the first has the line's, the others one of 18 digits that follows from it."""
    if number == 0:
        return str(line_id)
    digest = hashlib.sha256(f"unit:{line_id}:{number}".encode()).digest()
    return str(10**17 + int.from_bytes(digest[:8]) % (9 * 10**17))


def units_of(
    lines: Iterable[OrderLine], parcels: Sequence[Parcel], plans: Sequence[Plan], *, rest_id: int | None
) -> list[Unit]:
    """Every unit of an order; `parcels` as the order sees them, `rest_id` names the parcel of what is in none yet."""
    going = [parcel for parcel in parcels if parcel.state is not ParcelState.CANCELLED]
    return [unit for line in lines for unit in _of_line(line, going, plans, rest_id)]


def _of_line(line: OrderLine, going: Sequence[Parcel], plans: Sequence[Plan], rest_id: int | None) -> Iterator[Unit]:
    number, ended = 0, 0
    for parcel in going:
        for _ in range(parcel.units.get(line.id, 0)):
            yield Unit(unit_id(line.id, number), line, parcel, parcel.id, is_cancelled=parcel.units_ended)
            number, ended = number + 1, ended + parcel.units_ended
    free = line.open_quantity - (number - ended)
    planned = [plan.id for plan in plans for _ in range(plan.units.get(line.order_id, {}).get(line.id, 0))]
    for at in range(max(free, 0)):
        yield Unit(unit_id(line.id, number), line, package_id=planned[at] if at < len(planned) else rest_id)
        number += 1
    for at in range(number, line.quantity):
        yield Unit(unit_id(line.id, at), line, is_cancelled=True)


class NotAUnit(LookupError):
    """No unit of these lines has the number."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number


def lines_of_units(lines: Iterable[OrderLine], ids: Collection[str]) -> dict[int, int]:
    """How many units of each line are named. Raises NotAUnit."""
    owners: Mapping[str, int] = {unit_id(line.id, number): line.id for line in lines for number in range(line.quantity)}
    found: dict[int, int] = {}
    for one in dict.fromkeys(ids):
        if one not in owners:
            raise NotAUnit(one)
        found[owners[one]] = found.get(owners[one], 0) + 1
    return found
