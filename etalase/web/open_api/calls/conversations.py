"""Chat with buyers, which is not there yet: lists are empty, and what would write says why it can't."""

from typing import Any, Final

from typing_extensions import TypedDict

from etalase.web.open_api.call import Call
from etalase.web.open_api.registry import PAGING, Fills, api_call, not_yet

SCOPE: Final = "seller.customer_service"
BECAUSE: Final = "There is no chat with buyers here yet."
CALLS: Final = (
    ("POST", "/customer_service/202309/conversations", "Create a conversation"),
    ("GET", "/customer_service/202601/conversations/{conversation_id}", "Get a conversation"),
    ("GET", "/customer_service/202309/conversations/{conversation_id}/messages", "Get a conversation's messages"),
    ("POST", "/customer_service/202606/conversations/{conversation_id}/messages", "Send a message"),
    ("POST", "/customer_service/202309/conversations/{conversation_id}/messages/read", "Mark messages as read"),
    ("POST", "/customer_service/202309/images/upload", "Upload a picture for messages"),
    ("PUT", "/customer_service/202309/agents/settings", "Update agent settings"),
    ("GET", "/customer_service/202407/performance", "Get customer service performance"),
)


class Conversations(TypedDict, total=False):
    """The shop's conversations."""

    conversations: list[dict[str, Any]]
    next_page_token: str


class AgentSettings(TypedDict):
    """Whether buyers can write."""

    can_accept_chat: bool


class Sessions(TypedDict, total=False):
    """The shop's conversations, cut into sessions."""

    sessions: list[dict[str, Any]]
    next_page_token: str


@api_call(
    "GET", "/customer_service/202309/conversations", "Get conversations", scope=SCOPE, query=PAGING, answer=Conversations,
    fills=Fills.EMPTY, note=BECAUSE, example={"conversations": [], "next_page_token": ""},
)  # fmt: skip
async def conversations(call: Call) -> Conversations:
    """None."""
    call.page()
    return {"conversations": [], "next_page_token": ""}


@api_call(
    "GET", "/customer_service/202309/agents/settings", "Get agent settings", scope=SCOPE, answer=AgentSettings,
    fills=Fills.EMPTY, note=BECAUSE, example={"can_accept_chat": False},
)  # fmt: skip
async def agent_settings(_call: Call) -> AgentSettings:
    """Nobody can be written to."""
    return {"can_accept_chat": False}


@api_call(
    "POST", "/customer_service/202602/sessions/search", "Search sessions", scope=SCOPE, answer=Sessions,
    fills=Fills.EMPTY, note=BECAUSE, example={"sessions": [], "next_page_token": ""},
)  # fmt: skip
async def sessions(_call: Call) -> Sessions:
    """None."""
    return {"sessions": [], "next_page_token": ""}


for method, path, summary in CALLS:
    not_yet(method, path, summary, scope=SCOPE, because=BECAUSE)
