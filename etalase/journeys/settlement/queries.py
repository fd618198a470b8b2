"""What can be asked of settlements and statements."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from etalase.foundation.ids import ID_MAX, new_id
from etalase.foundation.sql import Tx, json_rows, statements_beside
from etalase.journeys.settlement.rules import CompletedOrder, LineShare, SettlementState, Shares

statements = statements_beside(__file__)
BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
END: Final = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Settlement:
    """How an order is shared; amounts are nothing until it is settled."""

    shop_id: int
    order_id: int
    state: SettlementState
    currency: str
    due_at: datetime
    pending_minor: int
    base_minor: int
    commission_minor: int
    fee_minor: int
    tax_minor: int
    shipping_minor: int
    net_minor: int
    policies: dict[str, Any]
    settled_at: datetime | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", SettlementState(self.state))


@dataclass(frozen=True, slots=True)
class ChargedLine:
    """A line of a settled order with its commission; `scope` is what the rate was set for, a category has its names."""

    order_id: int
    order_line_id: int
    title: str
    variant_name: str
    variant_id: int
    quantity: int
    base_minor: int
    rate: int
    version: int
    commission_minor: int
    scope: str
    category_id_name: str | None
    category_en_name: str | None

    @property
    def percent(self) -> str:
        """The rate as people write it, without the sign: 2.5."""
        return f"{self.rate / 100:g}"


@dataclass(frozen=True, slots=True)
class Carried:
    """A parcel that a carrier took on our account: from where to where, how heavy."""

    order_id: int
    parcel_id: int
    carrier: str
    province: str
    city: str
    to_province: str | None
    to_city: str | None
    kind: str | None
    own_grams: int
    grams: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """An order whose money the shop waits for."""

    order_id: int
    due_at: datetime
    kept_minor: int
    currency: str
    buyer_name: str
    completed_at: datetime
    is_disputed: bool


@dataclass(frozen=True, slots=True)
class Period:
    """Where a seller's next statement begins."""

    shop_id: int
    currency: str
    zone: str
    first_at: datetime
    opening_minor: int


@dataclass(frozen=True, slots=True)
class PeriodSum:
    """What a period added up to."""

    amount_minor: int
    entries: int


@dataclass(frozen=True, slots=True)
class SellerStatement:
    """A week of a seller's available money; one that is not over yet has no id."""

    shop_id: int
    id: int
    currency: str
    from_at: datetime
    until_at: datetime
    opening_minor: int
    closing_minor: int
    entries: int
    issued_at: datetime | None = field(default=None)

    @property
    def last_at(self) -> datetime:
        """The last moment that belongs to it, for people who count days."""
        return self.until_at - timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class StatementLine:
    """What changed the seller's available money; the shares are those of a settled order."""

    id: int
    at: datetime
    cause: str
    order_id: int | None
    reference_id: int | None
    amount_minor: int
    pending_minor: int | None
    commission_minor: int | None
    fee_minor: int | None
    tax_minor: int | None
    shipping_minor: int | None
    reason: str | None = None
    """What the operator wrote, of an adjustment."""


async def insert_waiting(tx: Tx, rows: Sequence[Mapping[str, object]]) -> int:
    """Let orders wait: shop_id, order_id, currency, due_at; returns how many were new."""
    return await tx.run(statements["insert_waiting"], settlements=json_rows(rows))


async def completed_orders(tx: Tx, keys: Sequence[tuple[int, int]]) -> list[CompletedOrder]:
    """Of these (shop_id, order_id) those that are completed."""
    shop_ids, order_ids = [key[0] for key in keys], [key[1] for key in keys]
    return await tx.all(statements["completed_orders"], CompletedOrder, shop_ids=shop_ids, order_ids=order_ids)


async def shops_due(tx: Tx, *, at: datetime) -> list[int]:
    """Shops of which an order is due."""
    return await tx.values(statements["shops_due"], int, at=at)


async def orders_due(tx: Tx, *, shop_id: int, at: datetime) -> list[int]:
    """Orders of the shop that are due, at most 200, in the order in which they are locked."""
    return await tx.values(statements["orders_due"], int, shop_id=shop_id, at=at)


async def claim_due(tx: Tx, *, shop_id: int, order_ids: Sequence[int], at: datetime) -> set[int]:
    """Mark these locked orders settled; returns those that still waited."""
    return set(
        await tx.values(statements["claim_due"], int, shop_id=shop_id, order_ids=list(order_ids), at=at)
    )  # fmt: skip


async def keep_shares(tx: Tx, *, shop_id: int, shares: Mapping[int, tuple[Shares, Mapping[str, Any]]]) -> None:
    """Keep how orders (by id) were shared, and by which policies."""
    rows = [
        {
            "order_id": order_id,
            "pending_minor": one.pending_minor,
            "base_minor": one.base_minor,
            "commission_minor": one.commission_minor,
            "fee_minor": one.fee_minor,
            "tax_minor": one.tax_minor,
            "shipping_minor": one.shipping_minor,
            "net_minor": one.net_minor,
            "policies": dict(policies),
        }
        for order_id, (one, policies) in shares.items()
    ]
    await tx.run(statements["keep_shares"], shop_id=shop_id, shares=json_rows(rows))


async def keep_lines(tx: Tx, *, shop_id: int, lines: Mapping[int, Sequence[LineShare]]) -> None:
    """Keep how the commission of orders (by id) came about."""
    rows = [{"order_id": order_id, **asdict(line)} for order_id, of_order in lines.items() for line in of_order]
    await tx.run(statements["keep_lines"], shop_id=shop_id, lines=json_rows(rows))


async def lines_of_settlements(tx: Tx, *, shop_id: int, order_ids: Sequence[int]) -> dict[int, list[ChargedLine]]:
    """How the commission of settled orders came about, by order; nothing for orders settled before it was kept."""
    rows = await tx.all(statements["lines_of_settlements"], ChargedLine, shop_id=shop_id, order_ids=list(order_ids))
    found: dict[int, list[ChargedLine]] = {}
    for row in rows:
        found.setdefault(row.order_id, []).append(row)
    return found


async def carried(tx: Tx, *, shop_id: int, order_ids: Sequence[int]) -> list[Carried]:
    """Parcels of these orders that a carrier took on our account."""
    return await tx.all(statements["carried"], Carried, shop_id=shop_id, order_ids=list(order_ids))


async def settlement(tx: Tx, *, shop_id: int, order_id: int) -> Settlement | None:
    """How the order is settled; none before it is completed."""
    return await tx.maybe(statements["settlement"], Settlement, shop_id=shop_id, order_id=order_id)


async def waiting_of_shop(
    tx: Tx, *, shop_id: int, after_due: datetime = BEGINNING, after: int = 0, limit: int = 21
) -> list[Waiting]:
    """What the shop waits for, due soonest first."""
    return await tx.all(
        statements["waiting_of_shop"], Waiting, shop_id=shop_id, after_due=after_due, after=after, limit=limit
    )


async def periods_to_close(tx: Tx, *, after_shop: int, before: datetime) -> list[Period]:
    """The next sellers by shop whose statement can be issued, with entries before that moment; at most 100."""
    return await tx.all(statements["periods_to_close"], Period, shop_id=after_shop, before=before)


async def sum_of_period(
    tx: Tx, *, shop_id: int, currency: str, from_at: datetime, until_at: datetime = END
) -> PeriodSum:
    """What happened to the seller's available money in that time."""
    return await tx.one(
        statements["sum_of_period"], PeriodSum, shop_id=shop_id, currency=currency, from_at=from_at, until_at=until_at
    )


async def insert_statement(
    tx: Tx, period: Period, *, ends: tuple[datetime, datetime], sums: PeriodSum, at: datetime
) -> int | None:
    """Issue a statement; returns its id, or none if it was issued before."""
    statement_id = new_id()
    written = await tx.run(
        statements["insert_statement"], shop_id=period.shop_id, id=statement_id, currency=period.currency, from_at=ends[0],
        until_at=ends[1], opening_minor=period.opening_minor, closing_minor=period.opening_minor + sums.amount_minor,
        entries=sums.entries, at=at,
    )  # fmt: skip
    return statement_id if written else None


async def statements_of_shop(tx: Tx, *, shop_id: int, before: datetime = END, limit: int = 21) -> list[SellerStatement]:
    """The shop's statements, newest first."""
    return await tx.all(
        statements["statements_of_shop"], SellerStatement, shop_id=shop_id, before=before, limit=limit
    )  # fmt: skip


async def statement_of_shop(tx: Tx, *, shop_id: int, statement_id: int) -> SellerStatement | None:
    """The statement, if it is this shop's."""
    return await tx.maybe(
        statements["statement_of_shop"], SellerStatement, shop_id=shop_id, statement_id=statement_id
    )  # fmt: skip


async def lines_of_period(
    tx: Tx,
    *,
    shop_id: int,
    currency: str,
    span: tuple[datetime, datetime],
    after: tuple[datetime, int] = (BEGINNING, 0),
    limit: int = 101,
    with_payouts: bool = True,
) -> list[StatementLine]:
    """What happened in the period after a position, oldest first."""
    return await tx.all(
        statements["lines_of_period"],
        StatementLine,
        shop_id=shop_id,
        currency=currency,
        from_at=span[0],
        until_at=span[1],
        after_at=after[0],
        after=after[1],
        limit=limit,
        with_payouts=with_payouts,
    )


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What the operator gave a seller or took."""

    shop_id: int
    id: int
    form_key: int
    kind: str
    order_id: int | None
    currency: str
    amount_minor: int
    reason: str
    made_by: int
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Debt:
    """What a seller owes."""

    shop_id: int
    currency: str
    amount_minor: int


async def insert_adjustment(tx: Tx, made: Adjustment) -> bool:
    """Write it down; false if its form was sent before."""
    return await tx.run(statements["insert_adjustment"], **asdict(made)) == 1


async def adjustment_of_form(tx: Tx, *, shop_id: int, form_key: int) -> Adjustment | None:
    """What the form did, if it was sent before."""
    return await tx.maybe(statements["adjustment_of_form"], Adjustment, shop_id=shop_id, form_key=form_key)


async def the_adjustment_of_form(tx: Tx, *, shop_id: int, form_key: int) -> Adjustment:
    """What the form did; raises LookupError if it was never sent."""
    return await tx.one(statements["adjustment_of_form"], Adjustment, shop_id=shop_id, form_key=form_key)


async def latest_adjustments(tx: Tx, *, before: int = ID_MAX, limit: int = 51) -> list[Adjustment]:
    """What was given and taken over all shops, the latest first."""
    return await tx.all(statements["latest_adjustments"], Adjustment, before=before, limit=limit)


async def forget_paid_debts(tx: Tx) -> None:
    """Sellers who owe nothing any more can be told again."""
    await tx.run(statements["forget_paid_debts"])


async def note_new_debts(tx: Tx, *, at: datetime) -> list[Debt]:
    """Note sellers who owe something and were not told yet; returns them."""
    return await tx.all(statements["note_new_debts"], Debt, at=at)


@dataclass(frozen=True, slots=True)
class StatementSums:
    """What changed the seller's available money in a statement's period, by kind."""

    statement_id: int
    changes: int
    """How many there were, payouts aside."""
    revenue_minor: int
    fee_minor: int
    shipping_minor: int
    settled_minor: int
    paid_out_minor: int
    other_minor: int


async def sums_of_statements(tx: Tx, *, shop_id: int, statement_ids: Sequence[int]) -> dict[int, StatementSums]:
    """The sums of these statements, by id."""
    rows = await tx.all(
        statements["sums_of_statements"], StatementSums, shop_id=shop_id, statement_ids=list(statement_ids)
    )
    return {row.statement_id: row for row in rows}
