"""What a seller may answer to a return or a request to cancel, now; and aftersales of the newest generation, which are not offered."""

from typing import Final

from typing_extensions import TypedDict

from etalase.journeys.returns import queries as returns
from etalase.journeys.returns.rules import REJECT_REASONS, Kind, Return, ReturnState
from etalase.web.open_api.call import Call
from etalase.web.open_api.calls.aftersales import Reason, reasons_of
from etalase.web.open_api.calls.cancellations import SCOPE, cancellation_of
from etalase.web.open_api.refusals import NOT_THIS_SELLERS, STATUS_DOES_NOT_ALLOW, Refused, missing, not_valid
from etalase.web.open_api.registry import Param, api_call, not_yet
from etalase.web.open_api.words import REJECT_CANCEL

OF_CANCELLATIONS: Final = ("APPROVE_REQUEST_CANCEL", "REJECT_REQUEST_CANCEL")
OF_KIND: Final = {
    Kind.REFUND_ONLY: ("APPROVE_REFUND", "REJECT_REFUND"),
    Kind.RETURN_AND_REFUND: ("APPROVE_RETURN", "REJECT_RETURN"),
    Kind.EXCHANGE: ("APPROVE_REPLACEMENT", "REJECT_REPLACEMENT"),
    Kind.RESHIP: ("APPROVE_REPLACEMENT", "REJECT_REPLACEMENT"),
}
OF_GOODS: Final = ("APPROVE_RECEIVED_PACKAGE", "REJECT_RECEIVED_PACKAGE")
ELSEWHERE: Final = ("DIRECT_REFUND", "ISSUE_EXCHANGE_REFUND", "ISSUE_REPLACEMENT_REFUND")
DECISIONS: Final = (
    *OF_CANCELLATIONS, *OF_GOODS, "APPROVE_REFUND", "REJECT_REFUND", "APPROVE_RETURN", "REJECT_RETURN", "APPROVE_REPLACEMENT",
    "REJECT_REPLACEMENT", *ELSEWHERE,
)  # fmt: skip


class Eligible(TypedDict, total=False):
    """Whether a decision can be taken now, why not, and with which reasons it can be refused."""

    decision: str
    eligible: bool
    ineligible_code: int
    ineligible_reason: str
    available_reject_reasons: list[Reason]


class DecisionEligibility(TypedDict):
    """What can be decided."""

    decisions: list[Eligible]


@api_call(
    "GET",
    "/return_refund/202601/decision_eligibility",
    "Get decision eligibility",
    scope=SCOPE,
    query=(
        Param("return_or_cancel_id", "The request that is to be answered", is_required=True),
        Param("check_decisions", "Decisions to look at; all without"),
        Param("locale", "id-ID, or en-..."),
    ),
    answer=DecisionEligibility,
    example={
        "decisions": [
            {"decision": "APPROVE_REFUND", "eligible": True},
            {
                "decision": "REJECT_REFUND",
                "eligible": True,
                "available_reject_reasons": [{"name": "as_described", "text": "The goods are as described"}],
            },
            {
                "decision": "APPROVE_RETURN",
                "eligible": False,
                "ineligible_code": STATUS_DOES_NOT_ALLOW,
                "ineligible_reason": "the request does not wait for this answer",
            },
        ]
    },
)
async def decision_eligibility(call: Call) -> DecisionEligibility:
    """Which answers a return or a request to cancel waits for now, and the reasons for refusing it."""
    ids = call.query.ids("return_or_cancel_id", most=1)
    if not ids:
        raise missing("return_or_cancel_id")
    asked = [one.upper() for one in call.query.texts("check_decisions", most=50)] or list(DECISIONS)
    if not set(asked) <= set(DECISIONS):
        raise not_valid("check_decisions", f"hold some of {', '.join(DECISIONS)}")
    async with call.reading() as tx:
        found = await returns.return_of_shop(tx, shop_id=call.shop_id, return_id=ids[0])
        request = await cancellation_of(tx, shop_id=call.shop_id, cancel_id=ids[0])
    if found is None and request is None:
        raise Refused(NOT_THIS_SELLERS, "return_or_cancel_id is no return or cancellation of this shop")
    is_waiting = request is not None and request.state == "requested"
    allowed = _allowed(found) if found else OF_CANCELLATIONS if is_waiting else ()
    reasons = reasons_of(REJECT_REASONS if found else REJECT_CANCEL, call.query.text("locale", "id"))
    return {"decisions": [_eligible(one, allowed, reasons) for one in asked]}


def _allowed(found: Return) -> tuple[str, ...]:
    if found.state is ReturnState.REQUESTED:
        return OF_KIND[found.kind]
    return OF_GOODS if found.state in (ReturnState.RECEIVED, ReturnState.RETURNING) else ()


def _eligible(decision: str, allowed: tuple[str, ...], reasons: list[Reason]) -> Eligible:
    if decision not in allowed:
        why = "it is not offered here" if decision in ELSEWHERE else "the request does not wait for this answer"
        return {
            "decision": decision,
            "eligible": False,
            "ineligible_code": STATUS_DOES_NOT_ALLOW,
            "ineligible_reason": why,
        }
    if not decision.startswith("REJECT_"):
        return {"decision": decision, "eligible": True}
    return {"decision": decision, "eligible": True, "available_reject_reasons": reasons}


for _method, _path, _summary, _because in (
    (
        "POST", "/return_refund/202405/returns/shipping_documents", "Upload a return's shipping information",
        "The way back is a parcel of its own here: the buyer takes a label or tells the number.",
    ),
    (
        "POST", "/return_refund/202603/aftersales/search", "Search aftersales requests",
        "Returns and cancellations stand in POST .../returns/search and POST .../cancellations/search.",
    ),
    (
        "POST", "/return_refund/202604/rma/search", "Search return merchandise authorizations",
        "What is sent back stands with its return in POST .../returns/search.",
    ),
    (
        "GET", "/return_refund/202606/review_decision", "Get available review decisions",
        "What can be decided stands in GET /return_refund/202601/decision_eligibility.",
    ),
    (
        "POST", "/return_refund/202609/aftersales/review", "Review aftersales requests",
        "Answer by POST .../returns/{return_id}/approve or /reject.",
    ),
):  # fmt: skip
    not_yet(_method, _path, _summary, scope=SCOPE, because=_because)
