"""Why a payment method can't be chosen for a checkout: its shops, its sums, where it goes, what it holds, who asks."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from etalase.commerce.accounts.queries import Address
from etalase.commerce.orders import queries as orders
from etalase.commerce.orders.rules import Order
from etalase.foundation.policies.rules import LINES, PolicyBook, book_of
from etalase.foundation.sql import Tx
from etalase.journeys.checkout.rules import COD, Quote

OPEN: Final = "yes"


@dataclass(frozen=True, slots=True)
class Asking:
    """A checkout as payment methods look at it.

    `has_refused`: the buyer left too many parcels at the door; `has_part`: the wallet pays some of it.
    """

    quote: Quote
    address: Address | None
    accepts_cod: Mapping[int, bool]
    has_refused: bool = False
    has_part: bool = False


def refusal(kind: str, asking: Asking, book: PolicyBook) -> str:
    """Why this kind of method can't be chosen: "part", "shop", "amount", "history", "region", "goods"; "" if it can."""
    if kind == COD and (reason := _cash_refusal(asking, book)):
        return reason
    address = asking.address
    if address and _is_closed_at(kind, {address.province, address.city}, book):
        return "region"
    return "" if all(_may_be_paid(kind, asking, book)) else "goods"


def _cash_refusal(asking: Asking, book: PolicyBook) -> str:
    limits = book.find("cod.limits").value
    if asking.has_part:
        return "part"
    if not all(asking.accepts_cod[shop.shop_id] for shop in asking.quote.shops):
        return "shop"
    if not all(limits["minimum_minor"] <= shop.total_minor <= limits["maximum_minor"] for shop in asking.quote.shops):
        return "amount"
    return "history" if asking.has_refused else ""


def refusal_of_order(kind: str, order: Order) -> str:
    """Why what is ordered already can't be paid by another method, by the policies that bind it: "region", "goods", or ""."""
    book, address = book_of(order.policies), order.address
    if _is_closed_at(kind, {address["province_code"], address["city_code"]}, book):
        return "region"
    by_line = order.policies.get("method.goods" + LINES, {}).values()
    values = [value for _, value in by_line] or [book.find("method.goods").value]
    return "" if all(value.get(kind, OPEN) == OPEN for value in values) else "goods"


def _is_closed_at(kind: str, places: set[str], book: PolicyBook) -> bool:
    closed = str(book.find("method.not_in").value.get(kind, ""))
    return bool(closed) and not places.isdisjoint(closed.split(","))


def _may_be_paid(kind: str, asking: Asking, book: PolicyBook) -> Iterable[bool]:
    for shop in asking.quote.shops:
        for line in shop.lines:
            value = book.find("method.goods", shop.shop_id, line.variant.category_id, line.variant.product_id).value
            yield value.get(kind, OPEN) == OPEN


async def asking_of(
    tx: Tx,
    book: PolicyBook,
    quote: Quote,
    *,
    buyer_id: int,
    address: Address | None,
    accepts_cod: Mapping[int, bool],
    now: datetime,
    has_part: bool = False,
) -> Asking:
    """What a page asks of payment methods; the buyer's past is read only where all shops take cash."""
    who = [buyer_id] if all(accepts_cod.values()) else []
    refusers = await who_refused(tx, book, who, now=now)
    return Asking(quote, address, accepts_cod, has_refused=buyer_id in refusers, has_part=has_part)


async def who_refused(tx: Tx, book: PolicyBook, buyer_ids: Collection[int], *, now: datetime) -> frozenset[int]:
    """Of these buyers, those to whom cash on delivery is closed. No statement for nobody."""
    if not buyer_ids:
        return frozenset()
    limits = book.find("cod.limits").value
    since = now - timedelta(days=int(limits["block_days"]))
    counts = await orders.refused_at_the_door(tx, sorted(buyer_ids), since=since)
    return frozenset(buyer_id for buyer_id, refused in counts.items() if refused >= int(limits["refusals"]))
