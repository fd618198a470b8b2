"""Money of the seller: weekly statements, what is in them, how an order was shared, what is still to come."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from typing_extensions import TypedDict

from etalase.foundation.i18n import translator
from etalase.journeys.settlement import queries
from etalase.journeys.settlement.queries import END, ChargedLine, SellerStatement, StatementLine, StatementSums
from etalase.web.explained_money import rate_reason
from etalase.web.open_api import examples
from etalase.web.open_api.call import Call
from etalase.web.open_api.order_view import Whole, load_orders
from etalase.web.open_api.refusals import NOT_THIS_SELLERS, Refused
from etalase.web.open_api.registry import PAGING, Param, api_call
from etalase.web.open_api.values import amount, moment_of, seconds

SCOPE: Final = "seller.finance.info"
TIMES: Final = (
    Param("statement_time_ge", "From this moment on, unix seconds", "integer"),
    Param("statement_time_lt", "Before this moment, unix seconds", "integer"),
)


class Statement(TypedDict, total=False):
    """A week of the seller's money."""

    id: str
    statement_time: int | None
    currency: str
    revenue_amount: str
    fee_amount: str
    shipping_cost_amount: str
    adjustment_amount: str
    settlement_amount: str
    net_sales_amount: str
    payment_status: str


class StatementsFound(TypedDict, total=False):
    """A page of statements."""

    statements: list[Statement]
    next_page_token: str


class Transaction(TypedDict, total=False):
    """One thing that changed the seller's money."""

    id: str
    type: str
    order_id: str | None
    revenue_amount: str
    fee_tax_amount: str
    shipping_cost_amount: str
    settlement_amount: str
    adjustment_amount: str


class TransactionsOfStatement(TypedDict, total=False):
    """What is in a statement."""

    id: str
    create_time: int | None
    status: str
    currency: str
    payable_amount: str
    total_settlement_amount: str
    total_count: int
    transactions: list[Transaction]
    next_page_token: str


class LineFees(TypedDict, total=False):
    """What a line is charged."""

    platform_commission_amount: str


class FeeBreakdown(TypedDict, total=False):
    """The fees of a line, by kind."""

    fee: LineFees


class SkuTransaction(TypedDict, total=False):
    """A line of the order: what its commission is reckoned of, at which rate (0.0250 is 2.5%) and why, once it is settled."""

    sku_id: str
    sku_name: str
    product_name: str
    quantity: str
    revenue_amount: str
    fee_tax_amount: str
    fee_tax_breakdown: FeeBreakdown
    commission_rate: str
    commission_reason: str


class TransactionsOfOrder(TypedDict, total=False):
    """How an order was shared; nothing before it is settled."""

    order_id: str
    order_create_time: int | None
    currency: str
    revenue_amount: str
    fee_and_tax_amount: str
    shipping_cost_amount: str
    settlement_amount: str
    sku_transactions: list[SkuTransaction]


class Unsettled(TypedDict, total=False):
    """An order whose money is still to come."""

    id: str
    type: str
    status: str
    currency: str
    order_id: str
    order_create_time: int | None
    est_settlement_amount: str
    est_revenue_amount: str
    unsettled_reason: str


class UnsettledFound(TypedDict, total=False):
    """A page of what is still to come."""

    transactions: list[Unsettled]
    next_page_token: str


@api_call(
    "GET",
    "/finance/202309/statements",
    "Get statements",
    scope=SCOPE,
    query=(*TIMES, *PAGING),
    answer=StatementsFound,
    example={"statements": [examples.STATEMENT], "next_page_token": ""},
)
async def statements(call: Call) -> StatementsFound:
    """Closed weeks, the newest first: what settled orders brought, what was kept of it, what else changed."""
    page = call.page(order="newest")
    since = moment_of(call.query.integer("statement_time_ge"))
    until = moment_of(call.query.integer("statement_time_lt"))
    before = moment_of(int(page.after[0])) if page.after else END
    async with call.reading() as tx:
        found = await queries.statements_of_shop(tx, shop_id=call.shop_id, before=before or END, limit=page.limit)
        shown, token = page.cut(found, lambda one: [int(one.from_at.timestamp())])
        sums = await queries.sums_of_statements(tx, shop_id=call.shop_id, statement_ids=[one.id for one in shown])
    kept = [one for one in shown if (not since or one.until_at >= since) and (not until or one.until_at < until)]
    is_over = since is not None and len(kept) < len(shown) and bool(shown) and shown[-1].until_at < since
    return {
        "statements": [_statement(one, sums[one.id]) for one in kept],
        "next_page_token": "" if is_over else token,
    }


def _statement(one: SellerStatement, sums: StatementSums) -> Statement:
    def money(minor: int) -> str:
        return amount(minor, one.currency)

    return {
        "id": str(one.id),
        "statement_time": seconds(one.until_at),
        "currency": one.currency,
        "revenue_amount": money(sums.revenue_minor),
        "net_sales_amount": money(sums.revenue_minor),
        "fee_amount": money(-sums.fee_minor),
        "shipping_cost_amount": money(-sums.shipping_minor),
        "adjustment_amount": money(sums.other_minor),
        "settlement_amount": money(sums.settled_minor + sums.other_minor),
        "payment_status": "PAID" if sums.paid_out_minor < 0 else "PROCESSING",
    }


@api_call(
    "GET",
    "/finance/202501/statements/{statement_id}/statement_transactions",
    "Get transactions of a statement",
    scope=SCOPE,
    query=PAGING,
    answer=TransactionsOfStatement,
    example=examples.STATEMENT_TRANSACTIONS,
)
async def transactions_of_statement(call: Call) -> TransactionsOfStatement:
    """What the statement's amount is made of, the oldest first; what was paid to the bank stands in payments and withdrawals."""
    page = call.page(order="oldest")
    async with call.reading() as tx:
        one = await queries.statement_of_shop(tx, shop_id=call.shop_id, statement_id=call.path_id("statement_id"))
        if one is None:
            raise Refused(NOT_THIS_SELLERS, "statement_id in the path is no statement of this shop")
        after = (_at(int(page.after[0])), int(page.after[1])) if page.after else (queries.BEGINNING, 0)
        found = await queries.lines_of_period(
            tx, shop_id=call.shop_id, currency=one.currency, span=(one.from_at, one.until_at), after=after, limit=page.limit,
            with_payouts=False,
        )  # fmt: skip
        sums = (await queries.sums_of_statements(tx, shop_id=call.shop_id, statement_ids=[one.id]))[one.id]
    shown, token = page.cut(found, lambda line: [_micros(line.at), line.id])
    settled = sums.settled_minor + sums.other_minor
    return {
        "id": str(one.id),
        "create_time": seconds(one.issued_at),
        "status": "SETTLED",
        "currency": one.currency,
        "payable_amount": amount(settled, one.currency),
        "total_settlement_amount": amount(settled, one.currency),
        "total_count": sums.changes,
        "transactions": [_transaction(line, one.currency) for line in shown],
        "next_page_token": token,
    }


def _micros(at: datetime) -> int:
    gone = at - queries.BEGINNING
    return gone.days * 86_400_000_000 + gone.seconds * 1_000_000 + gone.microseconds


def _at(micros: int) -> datetime:
    return queries.BEGINNING + timedelta(microseconds=micros)


def _transaction(line: StatementLine, currency: str) -> Transaction:
    told: Transaction = {
        "id": str(line.id),
        "type": "ORDER" if line.cause == "settlement" else "ADJUSTMENT",
        "order_id": str(line.order_id) if line.order_id else None,
        "settlement_amount": amount(line.amount_minor, currency),
    }
    if line.pending_minor is None:
        return {**told, "adjustment_amount": amount(line.amount_minor, currency)}
    fees = (line.commission_minor or 0) + (line.fee_minor or 0) + (line.tax_minor or 0)
    return {
        **told,
        "revenue_amount": amount(line.pending_minor, currency),
        "fee_tax_amount": amount(-fees, currency),
        "shipping_cost_amount": amount(-(line.shipping_minor or 0), currency),
    }


@api_call(
    "GET",
    "/finance/202501/orders/{order_id}/statement_transactions",
    "Get transactions of an order",
    scope=SCOPE,
    answer=TransactionsOfOrder,
    example=examples.ORDER_TRANSACTIONS,
)
async def transactions_of_order(call: Call) -> TransactionsOfOrder:
    """How an order was shared when it was settled: what it brought, less fees, tax and what carriers were paid. No amounts before that."""
    order_id = call.path_id("order_id")
    async with call.reading() as tx:
        found = await load_orders(tx, shop_id=call.shop_id, order_ids=[order_id])
        if not found:
            raise Refused(NOT_THIS_SELLERS, "order_id in the path is no order of this shop")
        one = await queries.settlement(tx, shop_id=call.shop_id, order_id=order_id)
        charged = await queries.lines_of_settlements(tx, shop_id=call.shop_id, order_ids=[order_id])
    order = found[0].order
    told: TransactionsOfOrder = {
        "order_id": str(order.id),
        "order_create_time": seconds(order.placed_at),
        "currency": order.currency,
        "sku_transactions": [],
    }
    if one is None or one.settled_at is None:
        return told
    fees = one.commission_minor + one.fee_minor + one.tax_minor
    return {
        **told,
        "revenue_amount": amount(one.pending_minor, one.currency),
        "fee_and_tax_amount": amount(-fees, one.currency),
        "shipping_cost_amount": amount(-one.shipping_minor, one.currency),
        "settlement_amount": amount(one.net_minor, one.currency),
        "sku_transactions": _skus(found[0], charged.get(order_id, ())),
    }


def _skus(whole: Whole, charged: Sequence[ChargedLine]) -> list[SkuTransaction]:
    by_line = {one.order_line_id: one for one in charged}
    return [
        {
            "sku_id": str(line.variant_id),
            "sku_name": line.variant_name,
            "product_name": line.title,
            "quantity": str(line.open_quantity),
            **_commission(by_line.get(line.id), whole.order.currency),
        }
        for line in whole.lines
        if line.open_quantity
    ]


def _commission(one: ChargedLine | None, currency: str) -> SkuTransaction:
    """What the line's commission was reckoned of, at which rate and why."""
    if one is None:
        return {}
    return {
        "revenue_amount": amount(one.base_minor, currency),
        "fee_tax_amount": amount(-one.commission_minor, currency),
        "fee_tax_breakdown": {"fee": {"platform_commission_amount": amount(-one.commission_minor, currency)}},
        "commission_rate": f"{one.rate / 10_000:.4f}",
        "commission_reason": rate_reason(one, translator("en")),
    }


@api_call(
    "GET",
    "/finance/202507/orders/unsettled",
    "Get unsettled transactions",
    scope=SCOPE,
    query=PAGING,
    answer=UnsettledFound,
    example={"transactions": [examples.UNSETTLED], "next_page_token": ""},
)
async def unsettled(call: Call) -> UnsettledFound:
    """Completed orders whose money the shop waits for, those that are due first in front; fees are taken off when they are settled."""
    page = call.page(order="due")
    async with call.reading() as tx:
        after = (_at(int(page.after[0])), int(page.after[1])) if page.after else (queries.BEGINNING, 0)
        found = await queries.waiting_of_shop(
            tx, shop_id=call.shop_id, after_due=after[0], after=after[1], limit=page.limit
        )
    shown, token = page.cut(found, lambda one: [_micros(one.due_at), one.order_id])
    return {
        "transactions": [
            {
                "id": str(one.order_id),
                "type": "ORDER",
                "status": "UNSETTLED",
                "currency": one.currency,
                "order_id": str(one.order_id),
                "order_create_time": seconds(one.completed_at),
                "est_revenue_amount": amount(one.kept_minor, one.currency),
                "est_settlement_amount": amount(one.kept_minor, one.currency),
                "unsettled_reason": "DISPUTED" if one.is_disputed else "RETURN_WINDOW",
            }
            for one in shown
        ],
        "next_page_token": token,
    }
