"""Which policy holds: the most specific scope, the highest version that is valid by then. Pure."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal
from uuid import UUID

import orjson

from etalase.foundation.policies.defaults import DEFAULTS

Scope = Literal["operator", "shop", "category", "product"]
SCOPES: Final[tuple[Scope, ...]] = ("product", "category", "shop", "operator")
"""The most specific first, as policies go that say nothing else (`PolicyDefault.order`)."""
BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
LINES: Final = ".lines"
"""What follows a policy's key, in an order's copy, where its lines go by different rules."""


@dataclass(frozen=True, slots=True)
class Policy:
    """A figure that holds, and which version of its rule says so; version 0 is the product's own default."""

    key: str
    version: int
    value: Any


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """One version of a policy as it stands in its row."""

    scope: Scope
    scope_id: int
    key: str
    version: int
    value: Any
    valid_from: datetime
    set_by: int | None = None


Index = Mapping[tuple[str, str, int], Sequence[PolicyRow]]


def index_of(rows: Iterable[PolicyRow]) -> Index:
    """Versions by (key, scope, scope_id), the highest first."""
    found: dict[tuple[str, str, int], list[PolicyRow]] = {}
    for row in sorted(rows, key=lambda row: -row.version):
        found.setdefault((row.key, row.scope, row.scope_id), []).append(row)
    return found


@dataclass(frozen=True, slots=True)
class PolicyBook:
    """All policies as they hold at one moment."""

    index: Index
    at: datetime

    @classmethod
    def of(cls, rows: Iterable[PolicyRow], *, at: datetime) -> "PolicyBook":
        """A book of these rows, read at `at`."""
        return cls(index_of(rows), at)

    def find(self, key: str, shop_id: int = 0, category_id: int = 0, product_id: int = 0) -> Policy:
        """The policy that holds for what is named; an id of 0 names nothing. Raises KeyError for an unknown key."""
        default = DEFAULTS[key]
        ids = {"product": product_id, "category": category_id, "shop": shop_id, "operator": 0}
        for scope in default.order:
            row = self._valid(key, scope, ids[scope])
            if row is not None:
                return Policy(key, row.version, _whole(row.value, default.value))
        return Policy(key, 0, default.value)

    def _valid(self, key: str, scope: str, scope_id: int) -> PolicyRow | None:
        if scope != "operator" and not scope_id:
            return None
        rows = self.index.get((key, scope, scope_id))
        if not rows:  # as it is nearly always: checkouts ask often
            return None
        return next((row for row in rows if row.valid_from <= self.at), None)


def _whole(value: Any, default: Any) -> Any:
    """The value with the parts that it did not have yet when it was set."""
    return {**default, **value} if isinstance(value, dict) and isinstance(default, dict) else value


def frozen(book: PolicyBook, *, shop_id: int, goods: Iterable[tuple[int, int]] = ()) -> dict[str, Any]:
    """The policies that bind an order, as a set keeps them: key -> [version, value].

    `goods` are the (category_id, product_id) of its lines. A line's own rule binds the order only if all lines share it; lines
    that differ are bound by what covers them all, the shop's rule. Of a policy that goes by line, what each product's lines go
    by stands besides, where they differ: key.lines -> {product_id: [version, value]}.
    """
    kinds = set(goods)
    copy = dict(_DEFAULT_COPY)
    for key in {key for key, _, _ in book.index}:  # for all others the default holds, whatever the goods
        policy = binding(book, key, shop_id=shop_id, goods=kinds)
        copy[key] = [policy.version, policy.value]
        if DEFAULTS[key].by_line and len(kinds) > 1:
            copy |= _by_line(book, key, shop_id=shop_id, goods=kinds)
    return copy


def _by_line(book: PolicyBook, key: str, *, shop_id: int, goods: Iterable[tuple[int, int]]) -> dict[str, Any]:
    found = {product_id: book.find(key, shop_id, category_id, product_id) for category_id, product_id in goods}
    if len({policy.version for policy in found.values()}) == 1:
        return {}
    return {key + LINES: {str(product_id): [policy.version, policy.value] for product_id, policy in found.items()}}


def binding(book: PolicyBook, key: str, *, shop_id: int, goods: Iterable[tuple[int, int]]) -> Policy:
    """The one policy that binds an order of these goods, as `frozen` keeps it."""
    found = {
        p.version: p for p in (book.find(key, shop_id, category_id, product_id) for category_id, product_id in goods)
    }
    return next(iter(found.values())) if len(found) == 1 else book.find(key, shop_id)


_DEFAULT_COPY: Final[Mapping[str, Any]] = {key: [0, default.value] for key, default in DEFAULTS.items()}


def set_id(copy: Mapping[str, Any]) -> UUID:
    """The id of a set of policies, which follows from what it says."""
    return UUID(bytes=hashlib.sha256(orjson.dumps(copy, option=orjson.OPT_SORT_KEYS)).digest()[:16])


class _Copied(Mapping[tuple[str, str, int], Sequence[PolicyRow]]):
    """The index of an order's own copy: one version a key. Most orders are asked for one or two keys of many."""

    def __init__(self, copy: Mapping[str, Any]) -> None:
        self.copy = copy

    def __getitem__(self, place: tuple[str, str, int]) -> Sequence[PolicyRow]:
        key, scope, scope_id = place
        if scope == "operator":
            version, value = self.copy[key]
            return (PolicyRow("operator", 0, key, version, value, BEGINNING),)
        if scope != "product":
            raise KeyError(place)
        version, value = self.copy[key + LINES][str(scope_id)]
        return (PolicyRow("product", scope_id, key, version, value, BEGINNING),)

    def __iter__(self) -> Iterator[tuple[str, str, int]]:
        return iter([(key, "operator", 0) for key in self.copy if not key.endswith(LINES)])

    def __len__(self) -> int:
        return sum(1 for _ in self)


def book_of(copy: Mapping[str, Any]) -> PolicyBook:
    """The book that an order froze; for keys it lacks (they are younger than the order) the defaults hold."""
    return PolicyBook(_Copied(copy), BEGINNING)
