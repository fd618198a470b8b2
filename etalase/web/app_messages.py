"""What the logs of messages to apps have in common, the maker's over all shops and the seller's over one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from starlette.responses import Response

from etalase.foundation.facts import Actor
from etalase.foundation.i18n import N_
from etalase.foundation.ids import ID_MAX, parse_id
from etalase.reactions.webhooks import actions, queries
from etalase.reactions.webhooks.queries import PAGE_SIZE, Attempt, Message
from etalase.reactions.webhooks.rules import AGAIN_MAX, STATES, State
from etalase.web.request import NotFound, Visit, read_form, see_other, with_query

STATE_LABELS: Final[dict[str, tuple[str, str]]] = {
    "waiting": (N_("Waiting"), "soon"),
    "sent": (N_("Sent"), "good"),
    "failed": (N_("Given up"), "bad"),
    "dropped": (N_("Not sent"), "neutral"),
}
EVENT_LABELS: Final[dict[str, str]] = {
    "ORDER_STATUS_CHANGE": N_("Status of an order"),
    "RECIPIENT_ADDRESS_UPDATE": N_("Address of an order"),
    "PACKAGE_UPDATE": N_("Packing of an order"),
    "PRODUCT_STATUS_CHANGE": N_("Status of a product"),
    "PRODUCT_CREATION": N_("New product"),
    "CANCELLATION_STATUS_CHANGE": N_("Cancellation"),
    "RETURN_STATUS_CHANGE": N_("Return"),
    "SELLER_DEAUTHORIZATION": N_("End of the authorization"),
}
MOMENT: Final = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True, slots=True)
class Log:
    """A page of a log; `more` is the address of the next one."""

    here: str
    messages: Sequence[Message]
    chips: Sequence[dict[str, Any]]
    more: str
    since: str
    until: str
    labels: dict[str, tuple[str, str]]
    events: dict[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One message with its attempts."""

    message: Message
    attempts: Sequence[Attempt]
    labels: dict[str, tuple[str, str]]


async def log_page(visit: Visit, here: str, *, app_id: int, shop_id: int | None) -> Log:
    """The page that the query asks for: `state` narrows, `before` goes on after a message."""
    query = visit.request.query_params
    asked = query.get("state")
    state = cast("State | None", asked if asked in STATES else None)
    before = parse_id(query.get("before", "")) or ID_MAX
    async with visit.db.any().reading() as tx:
        found = await queries.messages(tx, app_id=app_id, shop_id=shop_id, state=state, before=before)
    shown = found[:PAGE_SIZE]
    more = with_query(here, {"state": state, "before": shown[-1].id}) if len(found) > PAGE_SIZE else ""
    until = visit.page.now.astimezone(ZoneInfo(visit.page.zone))
    return Log(
        here=here,
        messages=shown,
        chips=_chips(visit, here, state),
        more=more,
        since=(until - timedelta(days=1)).strftime(MOMENT),
        until=(until + timedelta(minutes=1)).strftime(MOMENT),
        labels=STATE_LABELS,
        events=EVENT_LABELS,
    )


def _chips(visit: Visit, here: str, state: str | None) -> list[dict[str, Any]]:
    _ = visit.page.translator.gettext
    everything = {"label": _("All"), "href": here, "is_active": state is None}
    return [
        everything,
        *(
            {"label": _(STATE_LABELS[one][0]), "href": with_query(here, {"state": one}), "is_active": one == state}
            for one in STATES
        ),
    ]


async def entry(visit: Visit, *, app_id: int, shop_id: int, message_id: int) -> Entry:
    """The message, if it is to this app about this shop; raises NotFound."""
    async with visit.db.for_shop(shop_id).reading() as tx:
        found = await queries.message(tx, shop_id=shop_id, app_id=app_id, message_id=message_id)
        if found is None:
            raise NotFound
        attempts = await queries.attempts_of(tx, shop_id=shop_id, message_id=message_id)
    return Entry(found, attempts, STATE_LABELS)


async def send_again(
    visit: Visit, here: str, *, app_id: int, shop_id: int, message_id: int, account_id: int
) -> Response:
    """Send one message once more, and go back to it."""
    await entry(visit, app_id=app_id, shop_id=shop_id, message_id=message_id)
    by = Actor.seller(account_id)
    await actions.send_again(visit.db, app_id=app_id, shop_id=shop_id, message_id=message_id, by=by)
    return see_other(visit, here, flash=N_("The message is sent once more."))


async def send_range_again(visit: Visit, here: str, *, app_id: int, shop_id: int | None, account_id: int) -> Response:
    """Send the messages of a stretch of time once more, and go back to the log."""
    form = await read_form(visit.request)
    since, until = _moment(visit, form.get("since")), _moment(visit, form.get("until"))
    if since is None or until is None or until <= since:
        return see_other(visit, here, flash=N_("Choose from when until when."), kind="error")
    found = await actions.send_range_again(
        visit.db,
        app_id=app_id,
        shop_id=shop_id,
        since=since,
        until=until,
        only_failed=bool(form.get("only_failed")),
        by=Actor.seller(account_id),
    )
    if not found:
        return see_other(visit, here, flash=N_("There was nothing to send in that time."), kind="info")
    if found == AGAIN_MAX:
        words = N_("%(count)s messages are sent once more; there are others, press again for those.")
        return see_other(visit, here, flash=words, count=found)
    return see_other(visit, here, flash=N_("Messages that are sent once more: %(count)s."), count=found)


def _moment(visit: Visit, text: object) -> datetime | None:
    try:
        local = datetime.strptime(str(text or ""), MOMENT).replace(tzinfo=ZoneInfo(visit.page.zone))
    except ValueError:
        return None
    return local.astimezone(UTC) if 2020 <= local.year <= 2088 else None  # as far as ids reach
