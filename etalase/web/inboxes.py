"""What the inbox pages of both roles have in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast
from urllib.parse import urlencode

from etalase.foundation.ids import ID_MAX, parse_id
from etalase.integrations.storage.folder import media_url
from etalase.reactions.notifications import actions, queries
from etalase.reactions.notifications.kinds import Audience, Category
from etalase.reactions.notifications.queries import PAGE_MAX, Notice
from etalase.reactions.notifications.rules import CATEGORIES, kinds_of
from etalase.web.notices import notice_path, read_aloud
from etalase.web.request import NotFound, Visit, read_form, signed_in

THUMBNAIL: Final = 160


@dataclass(frozen=True, slots=True)
class Row:
    """A notice as the list shows it."""

    id: int
    href: str
    title: str
    text: str
    at: datetime
    image: str
    is_unread: bool
    party: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A category to narrow the list to."""

    label: str
    href: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class InboxPage:
    """A page of an inbox; `more` is the address of the next one, `newest_id` what "mark all as read" goes up to."""

    rows: Sequence[Row]
    chips: Sequence[Chip]
    more: str
    newest_id: int
    has_unread: bool


async def inbox_page(visit: Visit, audience: Audience, path: str) -> InboxPage:
    """The page that the query asks for: `category` narrows, `before` goes on after a notice."""
    account = signed_in(visit)
    query = visit.request.query_params
    asked = query.get("category")
    category = cast("Category | None", asked if asked in CATEGORIES else None)
    async with visit.db.for_buyer(account.id).reading() as tx:
        notices = await queries.notices(
            tx,
            account_id=account.id,
            audience=audience,
            kinds=kinds_of(audience, category),
            before_id=parse_id(query.get("before", "")) or ID_MAX,
            limit=PAGE_MAX + 1,
        )
        unread = await queries.unread_of(tx, account.id)
    shown = notices[:PAGE_MAX]
    return InboxPage(
        rows=[_row(visit, notice) for notice in shown],
        chips=_chips(visit, path, category),
        more=_path(path, category=category, before=str(shown[-1].id)) if len(notices) > PAGE_MAX else "",
        newest_id=shown[0].id if shown else 0,
        has_unread=bool(unread.seller if audience == "seller" else unread.buyer),
    )


def _row(visit: Visit, notice: Notice) -> Row:
    text = read_aloud(notice, visit.page.translator, zone=visit.page.zone)
    return Row(
        id=notice.id,
        href=notice_path(notice),
        title=text.title,
        text=text.body,
        at=notice.created_at,
        image=media_url(notice.values.get("image_key"), THUMBNAIL),
        is_unread=notice.is_unread,
        party=str(notice.values.get("shop", "")),
    )


def _chips(visit: Visit, path: str, active: Category | None) -> list[Chip]:
    _ = visit.page.translator.gettext
    everything = Chip(_("All"), path, active is None)
    return [
        everything,
        *(Chip(_(label), _path(path, category=key), key == active) for key, label in CATEGORIES.items()),
    ]


def _path(path: str, **values: str | None) -> str:
    query = urlencode({name: value for name, value in values.items() if value})
    return f"{path}?{query}" if query else path


async def open_notice(visit: Visit, audience: Audience, notice_id: str) -> Notice:
    """The reader's own notice, read from now on; raises NotFound."""
    account, number = signed_in(visit), parse_id(notice_id)
    notice = await actions.mark_read(visit.db, account_id=account.id, notice_id=number) if number else None
    if notice is None or notice.audience != audience:
        raise NotFound
    return notice


async def read_all(visit: Visit, audience: Audience) -> None:
    """Everything up to the newest notice the reader saw is read now; what came since stays unread."""
    account = signed_in(visit)
    until_id = parse_id(str((await read_form(visit.request)).get("until", ""))) or ID_MAX
    await actions.mark_all_read(visit.db, account_id=account.id, audience=audience, until_id=until_id)
