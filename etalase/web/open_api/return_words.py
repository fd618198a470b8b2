"""Our words and TikTok Shop's for returns."""

from typing import Final

from etalase.journeys.returns.rules import Kind, Return, ReturnState

S = ReturnState
TYPE: Final = {
    Kind.REFUND_ONLY: "REFUND",
    Kind.RETURN_AND_REFUND: "RETURN_AND_REFUND",
    Kind.EXCHANGE: "EXCHANGE",
    Kind.RESHIP: "REPLACEMENT",
}
PREFIX: Final = {Kind.EXCHANGE: "EXCHANGE", Kind.RESHIP: "REPLACEMENT"}
STATUS: Final = {
    S.REQUESTED: "RETURN_OR_REFUND_REQUEST_PENDING",
    S.OFFERED: "AWAITING_BUYER_RESPONSE",
    S.REJECTED: "REFUND_OR_RETURN_REQUEST_REJECT",
    S.AWAITING_RETURN: "AWAITING_BUYER_SHIP",
    S.RETURNING: "BUYER_SHIPPED_ITEM",
    S.RECEIVED: "BUYER_SHIPPED_ITEM",
    S.REPLACING: "RETURN_OR_REFUND_REQUEST_SUCCESS",
    S.REPLACED: "RETURN_OR_REFUND_REQUEST_SUCCESS",
    S.ESCALATED: "REFUND_OR_RETURN_REQUEST_REJECT",
    S.DECIDED: "RETURN_OR_REFUND_REQUEST_SUCCESS",
    S.APPEALED: "RETURN_OR_REFUND_REQUEST_SUCCESS",
    S.REFUNDED: "RETURN_OR_REFUND_REQUEST_COMPLETE",
    S.SETTLED: "RETURN_OR_REFUND_REQUEST_COMPLETE",
    S.CLOSED: "RETURN_OR_REFUND_REQUEST_CANCEL",
    S.WITHDRAWN: "RETURN_OR_REFUND_REQUEST_CANCEL",
}
OF_REPLACEMENTS: Final = {S.REQUESTED: "PENDING", S.SETTLED: "COMPLETE", S.CLOSED: "CANCEL", S.WITHDRAWN: "CANCEL"}
"""States that are called otherwise where the shop sends something again."""
NEXT_ACTION: Final = {
    (S.REQUESTED, False): "SELLER_RESPOND_RETURN",
    (S.REQUESTED, True): "SELLER_RESPOND_REPLACEMENT",
    (S.RECEIVED, False): "SELLER_RESPOND_RECEIVE_PACKAGE",
    (S.RECEIVED, True): "SELLER_RESPOND_RECEIVE_PACKAGE",
}
"""What the seller has to do, by state and whether goods are replaced."""


def status_of(one: Return) -> str:
    """A return's status."""
    if one.state is S.ESCALATED and one.received_at is not None:
        return "REJECT_RECEIVE_PACKAGE"
    prefix = PREFIX.get(one.kind)
    if prefix and one.state in OF_REPLACEMENTS:
        return f"{prefix}_REQUEST_{OF_REPLACEMENTS[one.state]}"
    return STATUS[one.state]


def is_asked(decision: str) -> bool:
    """Whether a rejection is of what the buyer asks for, not of what came back."""
    return decision in ("REJECT_REFUND", "REJECT_RETURN", "REJECT_REPLACEMENT")
