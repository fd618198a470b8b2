"""Returns and refunds after delivery: answered in the Seller Center."""

from typing import Any, Final

from typing_extensions import TypedDict

from etalase.web.open_api.call import Call
from etalase.web.open_api.calls.cancellations import SCOPE
from etalase.web.open_api.registry import PAGING, SORTING, Fills, api_call, not_yet

BECAUSE: Final = "Returns are answered in the Seller Center: they are not told to programs yet."
CALLS: Final = (
    ("POST", "/return_refund/202602/returns", "Create a return"),
    ("POST", "/return_refund/202309/returns/{return_id}/approve", "Approve a return"),
    ("POST", "/return_refund/202606/returns/{return_id}/reject", "Reject a return"),
    ("GET", "/return_refund/202309/returns/{return_id}/records", "Get records of a return"),
)


class ReturnsFound(TypedDict):
    """A page of returns."""

    return_orders: list[dict[str, Any]]
    next_page_token: str
    total_count: int


@api_call(
    "POST",
    "/return_refund/202602/returns/search",
    "Search returns",
    scope=SCOPE,
    query=(*PAGING, *SORTING),
    answer=ReturnsFound,
    fills=Fills.EMPTY,
    note=BECAUSE,
    example={"return_orders": [], "next_page_token": "", "total_count": 0},
)
async def search_returns(_call: Call) -> ReturnsFound:
    """None yet."""
    return {"return_orders": [], "next_page_token": "", "total_count": 0}


for method, path, summary in CALLS:
    not_yet(method, path, summary, scope=SCOPE, because=BECAUSE)
