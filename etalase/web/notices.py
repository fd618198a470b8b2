"""Notices as pages show them."""

from etalase.foundation.i18n import Translator
from etalase.integrations.carriers.registry import CarrierNotKnown, carrier
from etalase.reactions.notifications import money
from etalase.reactions.notifications.queries import Notice
from etalase.reactions.notifications.rules import Text, text_of


def read_aloud(notice: Notice, translator: Translator, *, zone: str) -> Text:
    """The notice in the reader's language; carriers by their names."""
    code = notice.values.get("carrier")
    named = {"carrier": carrier_name(str(code), translator)} if code else {}
    return text_of(notice.kind, notice.values | named, translator, zone=zone)


def carrier_name(code: str, translator: Translator) -> str:
    """What the carrier is called; a code that is no longer known stands for itself."""
    try:
        return translator.gettext(carrier(code).name)
    except CarrierNotKnown:
        return code


def leads_to(notice: Notice) -> str:
    """What a buyer's notice is about."""
    app_id = notice.values.get("app_id")
    if notice.kind.startswith("app.") and app_id:
        return f"/developer/apps/{app_id}/messages"
    if notice.kind.startswith("wallet."):
        return "/wallet"
    if not notice.order_id:
        return "/orders"
    return f"/orders/{notice.order_id}" + ("#refunds" if notice.kind == "refund.account_wanted" else "")


def leads_seller_to(notice: Notice) -> str:
    """What a seller's notice is about."""
    if notice.kind in money.KINDS:
        return "/seller/finance"
    return f"/seller/orders/{notice.order_id}" if notice.order_id else "/seller/orders"


def notice_path(notice: Notice) -> str:
    """Where a notice is opened: it becomes read there and leads on to what it is about."""
    return f"/seller/inbox/{notice.id}" if notice.audience == "seller" else f"/inbox/{notice.id}"
