"""What an app wants to be told of a shop, and where."""

from typing import Literal

from typing_extensions import TypedDict

from etalase.commerce.apps import actions, queries, rules
from etalase.reactions.webhooks import actions as telling
from etalase.web.open_api.call import Call
from etalase.web.open_api.refusals import REQUEST_NOT_VALID, Refused, not_valid
from etalase.web.open_api.registry import api_call
from etalase.web.open_api.shapes import Nothing
from etalase.web.open_api.values import Body, millis


class Webhook(TypedDict, total=False):
    """An address that is told of a kind of event; times are milliseconds here."""

    event_type: str
    address: str
    create_time: int | None
    update_time: int | None


class Webhooks(TypedDict):
    """What the app is told of the shop."""

    webhooks: list[Webhook]
    total_count: int


EventType = Literal[
    "ORDER_STATUS_CHANGE",
    "REVERSE_STATUS_UPDATE",
    "RECIPIENT_ADDRESS_UPDATE",
    "PACKAGE_UPDATE",
    "PRODUCT_STATUS_CHANGE",
    "SELLER_DEAUTHORIZATION",
    "UPCOMING_AUTHORIZATION_EXPIRATION",
    "CANCELLATION_STATUS_CHANGE",
    "RETURN_STATUS_CHANGE",
    "NEW_CONVERSATION",
    "NEW_MESSAGE",
    "PRODUCT_INFORMATION_CHANGE",
    "PRODUCT_CREATION",
    "PRODUCT_CATEGORY_CHANGE",
    "NEW_MESSAGE_LISTENER",
    "INVOICE_STATUS_CHANGE",
    "PRODUCT_AUDIT_STATUS_CHANGE",
]


class WebhookToSet(Body):
    """Tell this address of that."""

    event_type: EventType
    address: str


class WebhookToRemove(Body):
    """Tell nobody of that any more."""

    event_type: EventType


@api_call(
    "GET",
    "/event/202309/webhooks",
    "Get shop webhooks",
    scope=None,
    answer=Webhooks,
    example={
        "webhooks": [
            {
                "event_type": "ORDER_STATUS_CHANGE",
                "address": "https://erp.example/hooks/orders",
                "create_time": 1763900000000,
                "update_time": 1763900000000,
            }
        ],
        "total_count": 1,
    },
)
async def webhooks(call: Call) -> Webhooks:
    """What this app is told of this shop."""
    async with call.reading() as tx:
        found = await queries.webhooks(tx, shop_id=call.shop_id, app_id=call.app.id)
    return {
        "webhooks": [
            {
                "event_type": one.event_type,
                "address": one.address,
                "create_time": millis(one.created_at),
                "update_time": millis(one.updated_at),
            }
            for one in found
        ],
        "total_count": len(found),
    }


@api_call(
    "PUT",
    "/event/202309/webhooks",
    "Update shop webhook",
    scope=None,
    body=WebhookToSet,
    body_example={"event_type": "ORDER_STATUS_CHANGE", "address": "https://erp.example/hooks/orders"},
    answer=Nothing,
)
async def set_webhook(call: Call) -> Nothing:
    """Have this app told of a kind of event at an address; a second address takes the first one's place."""
    told = call.read(WebhookToSet)
    if len(told.address) > rules.WEBHOOK_ADDRESS_CHARS_MAX:
        raise not_valid("body.address", f"have {rules.WEBHOOK_ADDRESS_CHARS_MAX} characters at most")
    if not rules.is_webhook_address(told.address, is_sandbox=call.settings.is_demo):
        kinds = "an http:// or https:// address" if call.settings.is_demo else "an https:// address"
        raise Refused(REQUEST_NOT_VALID, f"param body.address must be {kinds} without a password in it")
    await actions.set_webhook(
        call.db, shop_id=call.shop_id, app_id=call.app.id, event_type=told.event_type, address=told.address, by=call.by
    )
    await telling.set_anew(
        call.db, shop_id=call.shop_id, app_id=call.app.id, event_type=told.event_type, address=told.address, by=call.by
    )
    return {}


@api_call(
    "DELETE",
    "/event/202309/webhooks",
    "Delete webhook for an event",
    scope=None,
    body=WebhookToRemove,
    body_example={"event_type": "ORDER_STATUS_CHANGE"},
    answer=Nothing,
)
async def remove_webhook(call: Call) -> Nothing:
    """Have this app told of a kind of event no longer; it may be done twice."""
    told = call.read(WebhookToRemove)
    await actions.remove_webhook(
        call.db, shop_id=call.shop_id, app_id=call.app.id, event_type=told.event_type, by=call.by
    )
    return {}
