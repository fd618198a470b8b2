"""Chat with buyers: known, and not there yet."""

from typing import Final

from etalase.web.open_api.registry import not_yet

SCOPE: Final = "seller.customer_service"
BECAUSE: Final = "There is no chat with buyers here yet."
CALLS: Final = (
    ("GET", "/customer_service/202309/conversations", "Get conversations"),
    ("POST", "/customer_service/202309/conversations", "Create a conversation"),
    ("GET", "/customer_service/202601/conversations/{conversation_id}", "Get a conversation"),
    ("GET", "/customer_service/202309/conversations/{conversation_id}/messages", "Get a conversation's messages"),
    ("POST", "/customer_service/202606/conversations/{conversation_id}/messages", "Send a message"),
    ("POST", "/customer_service/202309/conversations/{conversation_id}/messages/read", "Mark messages as read"),
    ("POST", "/customer_service/202309/images/upload", "Upload a picture for messages"),
    ("GET", "/customer_service/202309/agents/settings", "Get agent settings"),
    ("PUT", "/customer_service/202309/agents/settings", "Update agent settings"),
    ("GET", "/customer_service/202407/performance", "Get customer service performance"),
)

for method, path, summary in CALLS:
    not_yet(method, path, summary, scope=SCOPE, because=BECAUSE)
