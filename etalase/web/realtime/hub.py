"""The hub of one process: a queue for each open page, and one poller that asks for all of them at once.

It polls only while a page is open. What a page misses (a queue that ran full, a process that ended) it gets by connecting anew:
each connection begins with the exact numbers.
"""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import orjson
import psycopg
import psycopg_pool
from fastapi import FastAPI

from etalase.commerce.orders.queries import ChangedOrder, changed_after
from etalase.foundation.facts.recent import RecentFact, recent_order_facts
from etalase.foundation.i18n import translator
from etalase.foundation.ids import id_at, new_id
from etalase.foundation.sql import Db, Tx
from etalase.foundation.ui.rendering import page_mark
from etalase.reactions.notifications import queries
from etalase.reactions.notifications.queries import Notice, Unread
from etalase.web.notices import notice_path, read_aloud

log = logging.getLogger(__name__)

POLL_EVERY_S: Final = 0.2
COUNT_EVERY_S: Final = 1.0
AFTER_OUTAGE_S: Final = 2.0
OVERLAP: Final = timedelta(seconds=10)
"""How far back each poll looks: an id may be made this long before it is committed."""
QUEUE_MAX: Final = 64
PAGES_OF_ACCOUNT_MAX: Final = 12
PAGES_MAX: Final = 5000
NOTICES_MAX: Final = 1000
MISSED_MAX: Final = 10
MISSED_FOR_MAX: Final = timedelta(minutes=10)
"""A page that was away for longer is told no more than this of what changed."""


class TooManyPages(Exception):
    """The account, or this process, has as many open pages as it may have."""


@dataclass(eq=False, slots=True, kw_only=True)
class OpenPage:
    """One connection. None in the queue ends it."""

    account_id: int
    shop_ids: frozenset[int]
    locale: str
    zone: str
    since_id: int
    seen_at: int = 0
    """The id at which the page was rendered or last connected: orders that changed later are told when it joins."""
    queue: asyncio.Queue[bytes | None] = field(default_factory=lambda: asyncio.Queue(QUEUE_MAX))

    def send(self, event: bytes) -> None:
        """Put an event into the queue; a page that does not keep up is let go, and connects anew."""
        try:
            self.queue.put_nowait(event)
        except asyncio.QueueFull:
            self.end()

    async def next_events(self) -> list[bytes] | None:
        """Wait for what the page is told next; all that is there, to be sent at once. None: the connection ends."""
        events = [await self.queue.get()]
        while not self.queue.empty():
            events.append(self.queue.get_nowait())
        told = [event for event in events if event is not None]
        return told if len(told) == len(events) else None

    def end(self) -> None:
        while not self.queue.empty():
            self.queue.get_nowait()
        self.queue.put_nowait(None)


def event_of(name: str, data: dict[str, Any], *, event_id: int | None = None) -> bytes:
    """An event as it goes over the line; made once, however many pages are told."""
    marked = f"id: {event_id}\n" if event_id else ""
    return f"{marked}event: {name}\ndata: ".encode() + orjson.dumps(data) + b"\n\n"


class Hub:
    """The open pages of this process."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.pages: dict[int, set[OpenPage]] = defaultdict(set)
        self.is_closed = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._poller: asyncio.Task[None] | None = None
        self._counts: dict[int, Unread] = {}
        self._counted_at = 0.0
        self._sent: dict[int, None] = {}
        self._seen_until: str | None = None

    @property
    def size(self) -> int:
        return sum(map(len, self.pages.values()))

    async def join(self, page: OpenPage) -> None:
        """Tell the page the exact numbers and what it missed, and from now on what happens; raises TooManyPages."""
        if self.is_closed or len(self._pages_of(page.account_id)) >= PAGES_OF_ACCOUNT_MAX or self.size >= PAGES_MAX:
            raise TooManyPages
        self._loop = asyncio.get_running_loop()
        missed_after, page.since_id = page.since_id, new_id()
        self.pages[page.account_id].add(page)
        try:
            await self._tell_missed(page, missed_after)
        except BaseException:
            self.leave(page)
            raise
        if self._poller is None or self._poller.done():
            self._seen_until = None
            self._poller = asyncio.create_task(self._poll(), name="realtime")

    async def _tell_missed(self, page: OpenPage, missed_after: int) -> None:
        """The numbers as they are, and for a page that was connected before what came meanwhile."""
        missed: list[Notice] = []
        async with self.db.any().reading() as tx:
            unread = await queries.unread_of(tx, page.account_id)
            if missed_after:
                missed = await queries.new_notices(tx, [page.account_id], after_id=missed_after, limit=MISSED_MAX)
            changed = await self._changed(tx, page)
        self._counts.setdefault(page.account_id, unread)
        page.send(event_of("unread", _numbers(unread) | {"mark": str(page_mark())}))
        shops = page.shop_ids & {change.shop_id for change in changed}
        for event in [*(_order_changed(change.order_id) for change in changed), *map(_shop_changed, shops)]:
            page.send(event)
        for notice in missed:
            if notice.id < page.since_id:
                page.send(_notice_event(notice, locale=page.locale, zone=page.zone))

    async def _changed(self, tx: Tx, page: OpenPage) -> Sequence[ChangedOrder]:
        if not page.seen_at:
            return ()
        after_id = max(page.seen_at, id_at(datetime.now(UTC) - MISSED_FOR_MAX, node=0))
        return await changed_after(tx, buyer_id=page.account_id, shop_ids=list(page.shop_ids), after_id=after_id)

    def leave(self, page: OpenPage) -> None:
        """Forget a page that was closed."""
        pages = self.pages.get(page.account_id, set())
        pages.discard(page)
        if not pages:
            self.pages.pop(page.account_id, None)
            self._counts.pop(page.account_id, None)

    def close(self) -> None:
        """End every connection; may be called from a signal handler."""
        self.is_closed = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._end_all)

    def _end_all(self) -> None:
        for page in self._all_pages():
            page.end()
        if self._poller is not None:
            self._poller.cancel()

    async def _poll(self) -> None:
        while self.pages and not self.is_closed:
            wait_s = POLL_EVERY_S
            try:
                await self.poll_once()
            except (psycopg.OperationalError, psycopg_pool.PoolTimeout) as problem:
                log.warning("open pages are not up to date: %s", problem)
                wait_s = AFTER_OUTAGE_S
            except Exception:
                log.exception("open pages are not up to date")
                wait_s = AFTER_OUTAGE_S
            await asyncio.sleep(wait_s)

    async def poll_once(self) -> None:
        """Ask for what is new to any open page, and hand it out."""
        accounts = list(self.pages)
        shops = sorted({shop_id for pages in self.pages.values() for page in pages for shop_id in page.shop_ids})
        after_id = id_at(datetime.now(UTC) - OVERLAP, node=0)
        async with self.db.any().reading() as tx:
            notices = await queries.new_notices(tx, accounts, after_id=after_id, limit=NOTICES_MAX)
            self._seen_until, facts = await recent_order_facts(
                tx, buyer_ids=accounts, shop_ids=shops, seen_until=self._seen_until, after_id=after_id
            )
            fresh = self._not_sent(notices, after_id)
            counted = time.monotonic()
            if fresh or counted - self._counted_at >= COUNT_EVERY_S:
                self._tell_counts(await queries.unread_counts(tx, accounts))
                self._counted_at = counted
        self._tell_notices(fresh)
        self._tell_changes([fact for fact in facts if self._is_first(fact.id)])

    def _not_sent(self, notices: Sequence[Notice], after_id: int) -> list[Notice]:
        while self._sent and (oldest := next(iter(self._sent))) <= after_id:
            del self._sent[oldest]
        return [notice for notice in notices if self._is_first(notice.id)]

    def _is_first(self, event_id: int | None) -> bool:
        if event_id is None or event_id in self._sent:
            return False
        self._sent[event_id] = None
        return True

    def _tell_counts(self, counts: Sequence[Unread]) -> None:
        for unread in counts:
            if self._counts.get(unread.account_id) != unread:
                self._counts[unread.account_id] = unread
                event = event_of("unread", _numbers(unread))
                for page in self._pages_of(unread.account_id):
                    page.send(event)

    def _tell_notices(self, notices: Sequence[Notice]) -> None:
        for notice in notices:
            events: dict[tuple[str, str], bytes] = {}
            for page in self._pages_of(notice.account_id):
                if notice.id <= page.since_id:
                    continue
                reader = page.locale, page.zone
                if reader not in events:
                    events[reader] = _notice_event(notice, locale=page.locale, zone=page.zone)
                page.send(events[reader])

    def _tell_changes(self, facts: Sequence[RecentFact]) -> None:
        """Each page hears of each changed order once, and of each of its shops in which an order changed."""
        of_buyer: dict[int | None, set[bytes]] = defaultdict(set)
        of_shop: dict[int | None, set[bytes]] = defaultdict(set)
        for fact in facts:
            of_buyer[fact.buyer_id].add(_order_changed(fact.order_id))
            of_shop[fact.shop_id] |= {_order_changed(fact.order_id), _shop_changed(fact.shop_id)}
        for page in self._all_pages() if facts else ():
            for event in of_buyer.get(page.account_id, set()).union(*(of_shop.get(s, ()) for s in page.shop_ids)):
                page.send(event)

    def _all_pages(self) -> list[OpenPage]:
        return [page for pages in self.pages.values() for page in pages]

    def _pages_of(self, account_id: int) -> list[OpenPage]:
        return list(self.pages.get(account_id, ()))


def _numbers(unread: Unread) -> dict[str, Any]:
    return {"count": unread.buyer, "seller": unread.seller}


def _order_changed(order_id: int | None) -> bytes:
    return event_of("changed", {"subject": "order", "id": str(order_id)})


def _shop_changed(shop_id: int | None) -> bytes:
    return event_of("changed", {"subject": "orders", "id": str(shop_id)})


def _notice_event(notice: Notice, *, locale: str, zone: str) -> bytes:
    text = read_aloud(notice, translator(locale), zone=zone)
    shown = {"title": text.title, "text": text.body, "href": notice_path(notice)}
    return event_of("notice", shown, event_id=notice.id)


def hub_of(app: FastAPI) -> Hub:
    """The hub of this app's process."""
    hub: Hub | None = getattr(app.state, "realtime", None)
    if hub is None:
        hub = app.state.realtime = Hub(app.state.db)
    return hub


def close_pages(app: FastAPI) -> None:
    """End every open page's connection, as the process is about to end; may be called from a signal handler."""
    hub: Hub | None = getattr(app.state, "realtime", None)
    if hub is not None:
        hub.close()
