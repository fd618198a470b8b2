"""What went to the seller's bank: each payout as a payment, and as a withdrawal, with what the bank sent back."""

from collections.abc import Sequence
from typing import Final

from typing_extensions import TypedDict

from etalase.commerce.accounts.banks import hidden
from etalase.commerce.orders.polling.queries import FAR_AHEAD, LONG_AGO
from etalase.foundation.ids import ID_MAX
from etalase.journeys.payouts import queries
from etalase.journeys.payouts.queries import Payout
from etalase.journeys.payouts.rules import PayoutState
from etalase.web.open_api import examples
from etalase.web.open_api.call import Call
from etalase.web.open_api.calls.finance import SCOPE
from etalase.web.open_api.registry import PAGING, Param, api_call
from etalase.web.open_api.values import amount, moment_of, seconds

TIMES: Final = (
    Param("create_time_ge", "From this moment on, unix seconds", "integer"),
    Param("create_time_lt", "Before this moment, unix seconds", "integer"),
)
PAYMENT_STATUS: Final = {
    PayoutState.APPROVED: "PROCESSING",
    PayoutState.PAID: "PAID",
    PayoutState.RETURNED: "FAILED",
}
WITHDRAWAL_STATUS: Final = {
    PayoutState.APPROVED: "PROCESSING",
    PayoutState.PAID: "SUCCESS",
    PayoutState.RETURNED: "FAILED",
}


class PaymentAmount(TypedDict):
    """A sum."""

    value: str
    currency: str


class Payment(TypedDict, total=False):
    """A payout to the seller's bank."""

    id: str
    create_time: int | None
    status: str
    amount: PaymentAmount
    settlement_amount: PaymentAmount
    paid_time: int
    bank_account: str


class Payments(TypedDict):
    """A page of payouts."""

    payments: list[Payment]
    next_page_token: str


class Withdrawal(TypedDict, total=False):
    """Money that went to the bank (WITHDRAW), or came back from it (REVERSE)."""

    id: str
    type: str
    amount: str
    currency: str
    status: str
    create_time: int | None


class Withdrawals(TypedDict):
    """A page of what went to the bank and came back."""

    withdrawals: list[Withdrawal]
    next_page_token: str
    total_count: int


@api_call(
    "GET", "/finance/202605/payments", "Get payments", scope=SCOPE, query=(*TIMES, *PAGING), answer=Payments,
    example={"payments": [examples.PAYMENT], "next_page_token": ""},
)  # fmt: skip
async def payments(call: Call) -> Payments:
    """What was paid to the seller's bank, the newest first; the number of the account is masked."""
    shown, token = await _payouts(call)
    return {"payments": [_payment(one) for one in shown], "next_page_token": token}


async def _payouts(call: Call) -> tuple[Sequence[Payout], str]:
    page = call.page(order="newest")
    since = moment_of(call.query.integer("create_time_ge")) or LONG_AGO
    until = moment_of(call.query.integer("create_time_lt")) or FAR_AHEAD
    before = int(page.after[0]) if page.after else ID_MAX
    async with call.reading() as tx:
        found = await queries.payouts_before(
            tx, shop_id=call.shop_id, before=before, span=(since, until), limit=page.limit
        )
    return page.cut(found, lambda one: [one.id])


def _payment(one: Payout) -> Payment:
    money: PaymentAmount = {"value": amount(one.amount_minor, one.currency), "currency": one.currency}
    return {
        "id": str(one.id),
        "create_time": seconds(one.proposed_at),
        "status": PAYMENT_STATUS[one.state],
        "amount": money,
        "settlement_amount": money,
        "paid_time": seconds(one.paid_at) or 0,
        "bank_account": hidden(one.number),
    }


@api_call(
    "GET", "/finance/202309/withdrawals", "Get withdrawals", scope=SCOPE, answer=Withdrawals,
    query=(*TIMES, *PAGING, Param("types", "WITHDRAW and REVERSE; of the others there are none")),
    example={"withdrawals": [examples.WITHDRAWAL], "next_page_token": "", "total_count": 1},
)  # fmt: skip
async def withdrawals(call: Call) -> Withdrawals:
    """What was paid out to the seller's bank (WITHDRAW) and what the bank sent back (REVERSE), the newest payout first: payouts are made for
    sellers every week, nobody has to ask for one. total_count is of the page, and one more if there are others."""
    wanted = {one.upper() for one in call.query.texts("types")}
    shown, token = await _payouts(call)
    told = [entry for one in shown for entry in _withdrawals(one) if not wanted or entry["type"] in wanted]
    return {"withdrawals": told, "next_page_token": token, "total_count": len(told) + bool(token)}


def _withdrawals(one: Payout) -> list[Withdrawal]:
    money = amount(one.amount_minor, one.currency)
    out: Withdrawal = {
        "id": str(one.id), "type": "WITHDRAW", "amount": money, "currency": one.currency,
        "status": WITHDRAWAL_STATUS[one.state], "create_time": seconds(one.proposed_at),
    }  # fmt: skip
    if one.state is not PayoutState.RETURNED:
        return [out]
    back: Withdrawal = {**out, "type": "REVERSE", "status": "SUCCESS", "create_time": seconds(one.ended_at)}
    return [out, back]
