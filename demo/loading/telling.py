"""What all stories of one load share: the present, the dice, the rows, and the books they are kept in."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

from demo.loading.moments import Desk, Ids
from demo.loading.rows import Rows
from etalase.commerce.ledger.rules import Account, Cause, Posting, TotalKey, moved, total_key
from etalase.commerce.orders.actions import SLOTS
from etalase.foundation.facts import Actor, Fact, RecordedFact
from etalase.foundation.policies.rules import PolicyBook, set_id

LOADED_XID = "0"
"""The transaction number of loaded facts: older than any real one, so the relay never comes by them."""
CURRENCY = "IDR"


@dataclass(frozen=True, slots=True)
class Good:
    """A variant as orders copy it; `shelf` is how many are to be left for sale at the end of the story."""

    shop_id: int
    product_id: int
    category_id: int
    variant_id: int
    title: str
    variant_name: str
    seller_sku: str
    image_key: str | None
    price_minor: int
    weight_grams: int
    handling_days: int
    shelf: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """An address of a buyer as orders keep it, with the codes that delivery is priced by."""

    copy: dict[str, str]
    province: str
    city: str


@dataclass(frozen=True, slots=True)
class Buyer:
    """Somebody who buys; the first place is home."""

    id: int
    name: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop at work."""

    shop_id: int
    slug: str
    name: str
    province: str
    city: str
    zone: str
    carriers: tuple[str, ...]
    is_automatic: bool
    members: tuple[int, ...]
    desk: Desk
    goods: tuple[Good, ...]


class Telling:
    """The books of one load."""

    def __init__(self, *, now: datetime, seed: int, ids: Ids) -> None:
        self.now, self.dice, self.ids = now, Random(seed), ids
        self.rows = Rows()
        self.facts: list[RecordedFact] = []
        self.book = PolicyBook.of((), at=now)
        self.sets: dict[UUID, Mapping[str, Any]] = {}
        self.shelves = Shelves(self)
        self.counts: Counter[tuple[int, str, int]] = Counter()
        self.totals: Counter[TotalKey] = Counter()
        self.settled: list[tuple[int, datetime, int]] = []  # shop, when, what became available
        self.numbers: set[tuple[str, str]] = set()
        self.orders: list[Any] = []
        self.operator_id = 0
        self.slip_key = ""  # a picture of a transfer slip
        self.journeys: dict[int, Any] = {}  # by parcel, for the sandbox carrier
        self.payments: list[Any] = []  # for the sandbox provider

    def set_id(self, copy: Mapping[str, Any]) -> UUID:
        """The id of a set of policies, which is written down with the rest."""
        found = set_id(copy)
        self.sets[found] = copy
        return found

    def record(self, fact: Fact, *, by: Actor, at: datetime) -> int:
        """Write a fact down."""
        recorded = RecordedFact(
            shop_id=fact.shop_id, id=self.ids.at(at), name=fact.name, subject_kind=fact.subject, subject_id=fact.subject_id,
            order_id=fact.order_id, buyer_id=fact.buyer_id, actor_kind=by.kind, actor_id=by.id, at=at, data=fact.data(),
        )  # fmt: skip
        self.facts.append(recorded)
        self.rows.add(
            "facts", shop_id=recorded.shop_id, id=recorded.id, name=recorded.name, subject_kind=recorded.subject_kind,
            subject_id=recorded.subject_id, order_id=recorded.order_id, buyer_id=recorded.buyer_id,
            actor_kind=recorded.actor_kind, actor_id=recorded.actor_id, at=at, data=recorded.data, recorded_xid=LOADED_XID,
        )  # fmt: skip
        return recorded.id

    def post(
        self, *, shop_id: int, order_id: int, taken_from: Account, put_to: Account, amount_minor: int, cause: Cause, at: datetime
    ) -> None:  # fmt: skip
        """Write a posting of an order's money down that goes from one account to another; nothing for no money."""
        entries = moved(taken_from=taken_from, put_to=put_to, amount_minor=amount_minor)
        self.write_posting(
            Posting(cause=cause, currency=CURRENCY, entries=entries, at=at, shop_id=shop_id, order_id=order_id)
        )

    def write_posting(self, posting: Posting) -> None:
        """Write a posting of the ledger down, and count it in the running totals."""
        posting_id = self.ids.at(posting.at)
        for entry in posting.entries:
            self.rows.add(
                "ledger_entries", shop_id=posting.shop_id, id=self.ids.at(posting.at), posting_id=posting_id,
                account=entry.account, owner_id=entry.owner_id, currency=posting.currency, amount_minor=entry.amount_minor,
                cause=posting.cause, order_id=posting.order_id, reference_id=posting.reference_id, at=posting.at,
            )  # fmt: skip
            key = total_key(posting, entry)
            if key is not None:
                self.totals[key] += entry.amount_minor

    def count(self, *, shop_id: int, order_id: int, state: str) -> None:
        """Count an order in the state in which its story ends."""
        self.counts[shop_id, state, (order_id >> 22) % SLOTS] += 1

    def close(self) -> None:
        """Write what is known only at the end: stock, counters and running totals."""
        self.shelves.close()
        for (shop_id, state, slot), orders in sorted(self.counts.items()):
            self.rows.add("shop_order_counts", shop_id=shop_id, state=state, slot=slot, orders=orders)
        for (shop_id, account, owner_id, currency, slot), amount_minor in sorted(self.totals.items()):
            self.rows.add(
                "ledger_totals", shop_id=shop_id, account=account, owner_id=owner_id, currency=currency, slot=slot,
                amount_minor=amount_minor,
            )  # fmt: skip


class Shelves:
    """Every change of stock; how much there was in the beginning follows from the end."""

    def __init__(self, telling: Telling) -> None:
        self._telling = telling
        self._goods: dict[int, Good] = {}
        self._moves: defaultdict[int, list[tuple[datetime, int, int]]] = defaultdict(list)
        self.sold: defaultdict[int, int] = defaultdict(int)

    def keep(self, good: Good) -> None:
        """Begin keeping stock of a variant."""
        self._goods[good.variant_id] = good

    def move(self, good: Good, *, reason: str, units: tuple[int, int], order_id: int | None, at: datetime) -> None:
        """Change what is (on hand, committed) by so many units."""
        self._moves[good.variant_id].append((at, *units))
        if reason in ("shipment", "return"):
            self.sold[good.product_id] -= units[0]
        self._write(good, reason=reason, units=units, order_id=order_id, at=at)

    def _write(
        self, good: Good, *, reason: str, units: tuple[int, int], order_id: int | None, at: datetime, by: int | None = None
    ) -> None:  # fmt: skip
        self._telling.rows.add(
            "stock_movements", shop_id=good.shop_id, id=self._telling.ids.at(at), variant_id=good.variant_id, reason=reason,
            on_hand_change=units[0], committed_change=units[1], order_id=order_id, note="", actor_id=by, at=at,
        )  # fmt: skip

    def close(self) -> None:
        """Open each variant with as much as its story took and what is left on the shelf; somebody counts what is over."""
        for variant_id, good in self._goods.items():
            moves = sorted(self._moves[variant_id], key=lambda move: move[0])
            committed = sum(move[2] for move in moves)
            opening = good.shelf + committed - sum(move[1] for move in moves)
            over = _shortest(opening, moves)
            if opening + over:
                self._write(good, reason="opening", units=(opening + over, 0), order_id=None, at=good.created_at)
            if over:
                last = moves[-1][0]
                at = last + (self._telling.now - last) / 4
                self._write(good, reason="count", units=(-over, 0), order_id=None, at=at)
            self._telling.rows.add(
                "stock",
                shop_id=good.shop_id,
                variant_id=variant_id,
                on_hand=good.shelf + committed,
                committed=committed,
            )


def _shortest(opening: int, moves: Sequence[tuple[datetime, int, int]]) -> int:
    """How many units orders would have been short of if there had been only so many in the beginning."""
    available, least = opening, opening
    for _at, on_hand, committed in moves:
        available += on_hand - committed
        least = min(least, available)
    return max(0, -least)
