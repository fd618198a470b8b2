"""Returns that the seller begins: money back without being asked, at once or when the goods are back."""

from typing import Literal

from typing_extensions import TypedDict

from etalase.commerce.orders.errors import OrderNotFound
from etalase.journeys.cancellations.rules import TooManyUnits
from etalase.journeys.returns import asking, giving
from etalase.journeys.returns.asking import Draft
from etalase.journeys.returns.errors import KindNotOffered, NotReturnable, ReasonUnknown
from etalase.journeys.returns.rules import NOT_RETURNABLE, REASONS
from etalase.web.open_api.call import Call
from etalase.web.open_api.calls.aftersales import RETURNS, returnable
from etalase.web.open_api.calls.cancellations import SCOPE
from etalase.web.open_api.refund_view import SkuToGiveBack, units_asked
from etalase.web.open_api.refusals import (
    NOT_THIS_SELLERS,
    PARAMETER_NOT_VALID,
    REASON_DOES_NOT_FIT,
    STATUS_DOES_NOT_ALLOW,
    Refused,
)
from etalase.web.open_api.registry import api_call
from etalase.web.open_api.return_words import status_of
from etalase.web.open_api.values import ApiId, Body, amount, read_amount


class LineToGiveBack(Body):
    """A line item."""

    order_line_item_id: str


class ReturnToGive(Body):
    """For which units and why; all that can be returned, if none are named. refund_total can only say what they are worth."""

    order_id: ApiId
    return_type: Literal["REFUND", "RETURN_AND_REFUND"]
    return_reason: str
    skus: tuple[SkuToGiveBack, ...] = ()
    order_line_item_ids: tuple[str, ...] = ()
    order_line_list: tuple[LineToGiveBack, ...] = ()
    refund_total: str = ""


class ReturnMade(TypedDict):
    """The return as it stands now."""

    return_id: str
    return_status: str


@api_call(
    "POST", "/return_refund/202602/returns", "Create a return", scope=SCOPE, body=ReturnToGive, answer=ReturnMade, repeats=True,
    body_example={"order_id": "576461413038785752", "return_type": "REFUND", "return_reason": "damaged"},
    example={"return_id": "576461413038785799", "return_status": "RETURN_OR_REFUND_REQUEST_COMPLETE"},
)  # fmt: skip
async def give(call: Call) -> ReturnMade:
    """Give money back that no buyer asked for: REFUND at once, RETURN_AND_REFUND when the buyer has sent the goods back. Reasons and units:
    GET .../aftersale_eligibility."""
    told = call.read(ReturnToGive)
    draft = Draft(RETURNS[told.return_type], told.return_reason, await _units(call, told))
    try:
        made = await giving.give(call.db, shop_id=call.shop_id, order_id=told.order_id, draft=draft, by=call.by)
    except OrderNotFound as error:
        raise Refused(NOT_THIS_SELLERS, "body.order_id is no order of this shop") from error
    except NotReturnable as error:
        raise Refused(STATUS_DOES_NOT_ALLOW, NOT_RETURNABLE[error.code]) from error
    except (ReasonUnknown, KindNotOffered) as error:
        reasons = ", ".join(code for code, one in REASONS.items() if draft.kind in one.kinds)
        raise Refused(REASON_DOES_NOT_FIT, f"return_reason for {told.return_type} must be one of {reasons}") from error
    except TooManyUnits as error:
        raise Refused(PARAMETER_NOT_VALID, "more units than can be returned, or none") from error
    return {"return_id": str(made.id), "return_status": status_of(made)}


async def _units(call: Call, told: ReturnToGive) -> dict[int, int]:
    """Line id -> units, checked against the sum that the program expects to go back."""
    found = await returnable(call, told.order_id)
    named = (*told.order_line_item_ids, *(line.order_line_item_id for line in told.order_line_list))
    wanted = units_asked(found.lines, named, told.skus)
    units = dict(found.units) if wanted is None else wanted
    if told.refund_total and found.why_not is None and told.return_reason in REASONS:
        _check_total(found, units, told)
    return units


def _check_total(found: asking.Eligibility, units: dict[int, int], told: ReturnToGive) -> None:
    try:
        worth = asking.calculate(found, units, reason=told.return_reason).total_minor
    except TooManyUnits:
        return  # refused with its own words
    if read_amount(told.refund_total) != worth:
        words = f"refund_total must be {amount(worth)}, as POST .../refunds/calculate says; a part of it can be offered to buyers who ask"
        raise Refused(PARAMETER_NOT_VALID, words)
