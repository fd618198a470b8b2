"""What settled orders would have been charged under another rate or fee. Pure, but for `preview_fees`."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from etalase.foundation import clock
from etalase.foundation.ids import id_at
from etalase.foundation.policies import queries as policies
from etalase.foundation.policies.actions import SetPolicy
from etalase.foundation.policies.rules import BEGINNING, PolicyBook, PolicyRow, binding
from etalase.foundation.sql import Db
from etalase.journeys.replay import queries
from etalase.journeys.replay.rules import SPAN, PastLine, per_shop

FEES: Final = ("commission.rate", "fee.order", "tax.withheld")
"""Policies that say what is charged when an order is settled."""
HUNDREDTHS: Final = 10_000
STORES_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class StoreChange:
    """What a store would have been charged as things stand, and under the change."""

    shop_name: str
    before_minor: int
    after_minor: int


@dataclass(frozen=True, slots=True)
class FeeReplay:
    """What all looked at orders were charged, would be charged as things stand, and under the change."""

    orders: int
    changed: int
    charged_minor: int
    before_minor: int
    after_minor: int
    stores: Sequence[StoreChange]
    shops: int = 0
    per_shop: int = 0
    is_sample: bool = False


def replay_fees(lines: Sequence[PastLine], *, key: str, before: PolicyBook, after: PolicyBook) -> FeeReplay:
    """Charge the orders again by either book, with what they were charged of as it was."""
    by_order: defaultdict[tuple[int, int], list[PastLine]] = defaultdict(list)
    for line in lines:
        by_order[line.shop_id, line.order_id].append(line)
    stores: defaultdict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0])
    changed = charged = 0
    for found in by_order.values():
        sums = [_charge(found, key, book) for book in (before, after)]
        changed += sums[0] != sums[1]
        charged += _was_charged(found, key)
        store = stores[found[0].shop_id, found[0].shop_name]
        store[0] += sums[0]
        store[1] += sums[1]
    moved = sorted(
        (StoreChange(name, was, would) for (_, name), (was, would) in stores.items() if was != would),
        key=lambda store: -abs(store.after_minor - store.before_minor),
    )
    totals = [sum(store[index] for store in stores.values()) for index in (0, 1)]
    return FeeReplay(len(by_order), changed, charged, totals[0], totals[1], moved[:STORES_SHOWN])


def _charge(lines: Sequence[PastLine], key: str, book: PolicyBook) -> int:
    shop_id = lines[0].shop_id
    if key == "commission.rate":
        return sum(
            line.base_minor * int(book.find(key, shop_id, line.category_id, line.product_id).value) // HUNDREDTHS
            for line in lines
        )
    value = int(
        binding(book, key, shop_id=shop_id, goods={(line.category_id, line.product_id) for line in lines}).value
    )
    return value if key == "fee.order" else lines[0].order_base_minor * value // HUNDREDTHS


def _was_charged(lines: Sequence[PastLine], key: str) -> int:
    if key == "commission.rate":
        return sum(line.commission_minor for line in lines)
    return lines[0].fee_minor if key == "fee.order" else lines[0].tax_minor


async def preview_fees(db: Db, wanted: SetPolicy) -> FeeReplay:
    """What the settled orders of the last ninety days would have been charged under a new version. Writes nothing."""
    async with db.any().reading() as tx:
        book = await policies.load_book(tx)
        shops = [wanted.scope_id] if wanted.scope == "shop" else await queries.shops_to_sample(tx)
        limit = per_shop(shops)
        lines = await queries.charged_lines(
            tx, shop_ids=shops, per_shop=limit, from_id=id_at(clock.now() - SPAN, node=0)
        )  # fmt: skip
    found = replay_fees(lines, key=wanted.key, before=book, after=_with(book, wanted))
    counts: defaultdict[int, set[int]] = defaultdict(set)
    for line in lines:
        counts[line.shop_id].add(line.order_id)
    return FeeReplay(
        found.orders, found.changed, found.charged_minor, found.before_minor, found.after_minor, found.stores,
        shops=len(shops), per_shop=limit, is_sample=any(len(orders) >= limit for orders in counts.values()),
    )  # fmt: skip


def _with(book: PolicyBook, wanted: SetPolicy) -> PolicyBook:
    """The book as it would be if the new version held already."""
    place = (wanted.key, wanted.scope, wanted.scope_id)
    row = PolicyRow(wanted.scope, wanted.scope_id, wanted.key, policies.VERSION_MAX, wanted.value, BEGINNING)
    return PolicyBook({**book.index, place: (row, *book.index.get(place, ()))}, book.at)
