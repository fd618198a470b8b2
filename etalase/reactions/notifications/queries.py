"""What can be asked of the inbox: one typed function per statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from etalase.foundation.ids import ID_MAX
from etalase.foundation.sql import Tx, statements_beside
from etalase.reactions.notifications.kinds import Audience

statements = statements_beside(__file__)
PAGE_MAX = 20


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as it stands in the inbox of an account."""

    account_id: int
    id: int
    audience: Audience
    shop_id: int
    order_id: int | None
    fact_id: int
    kind: str
    values: dict[str, Any]
    created_at: datetime
    read_at: datetime | None

    @property
    def is_unread(self) -> bool:
        return self.read_at is None


@dataclass(frozen=True, slots=True)
class OrderForNotice:
    """What notices say about an order."""

    shop_id: int
    order_id: int
    buyer_id: int
    buyer_name: str
    shop_name: str
    currency: str
    title: str | None
    image_key: str | None


@dataclass(frozen=True, slots=True)
class Unread:
    """Unread notices of an account in its two roles."""

    account_id: int
    buyer: int = 0
    seller: int = 0


@dataclass(frozen=True, slots=True)
class NewNotice:
    """A notice to be written; `values` are JSON."""

    account_id: int
    id: int
    audience: Audience
    kind: str
    shop_id: int
    order_id: int | None
    fact_id: int
    values: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class _Member:
    shop_id: int
    account_id: int


async def orders_for_notices(tx: Tx, keys: Sequence[tuple[int, int]]) -> dict[tuple[int, int | None], OrderForNotice]:
    """The parties of orders and the first thing bought, by (shop_id, order_id)."""
    rows = await tx.all(
        statements["orders_for_notices"],
        OrderForNotice,
        shop_ids=[shop_id for shop_id, _ in keys],
        order_ids=[order_id for _, order_id in keys],
    )
    return {(row.shop_id, row.order_id): row for row in rows}


async def members_to_tell(tx: Tx, shop_ids: Sequence[int]) -> dict[int, list[int]]:
    """The accounts that work in each shop."""
    found: dict[int, list[int]] = {}
    for row in await tx.all(statements["members_to_tell"], _Member, shop_ids=list(shop_ids)):
        found.setdefault(row.shop_id, []).append(row.account_id)
    return found


async def insert_notices(tx: Tx, notices: Sequence[NewNotice]) -> int:
    """Write notices; returns how many were new. In the order of their keys, so that two writers never wait in a circle."""
    ordered = sorted(notices, key=lambda notice: (notice.account_id, notice.audience, notice.fact_id, notice.kind))
    return await tx.run(
        statements["insert_notices"],
        account_ids=[notice.account_id for notice in ordered],
        ids=[notice.id for notice in ordered],
        audiences=[notice.audience for notice in ordered],
        kinds=[notice.kind for notice in ordered],
        shop_ids=[notice.shop_id for notice in ordered],
        order_ids=[notice.order_id for notice in ordered],
        fact_ids=[notice.fact_id for notice in ordered],
        values=[notice.values for notice in ordered],
        created_ats=[notice.created_at for notice in ordered],
    )


async def notices(
    tx: Tx, *, account_id: int, audience: Audience, kinds: Sequence[str], before_id: int = ID_MAX, limit: int = PAGE_MAX
) -> list[Notice]:
    """A page of the inbox, newest first."""
    return await tx.all(
        statements["notices"],
        Notice,
        account_id=account_id,
        audience=audience,
        kinds=list(kinds),
        before_id=before_id,
        limit=limit,
    )


async def read_notice(tx: Tx, *, account_id: int, notice_id: int, at: datetime) -> Notice | None:
    """Mark the account's notice read; none if there is no such notice."""
    return await tx.maybe(statements["read_notice"], Notice, account_id=account_id, id=notice_id, at=at)


async def read_all(tx: Tx, *, account_id: int, audience: Audience, until_id: int, at: datetime) -> int:
    """Mark everything up to `until_id` read; returns how many were unread."""
    return await tx.run(statements["read_all"], account_id=account_id, audience=audience, until_id=until_id, at=at)


async def unread_counts(tx: Tx, account_ids: Sequence[int]) -> list[Unread]:
    """The exact numbers of unread notices, one row an account."""
    return await tx.all(statements["unread_counts"], Unread, account_ids=list(account_ids))


async def unread_of(tx: Tx, account_id: int) -> Unread:
    """The exact numbers of unread notices of one account."""
    return (await unread_counts(tx, [account_id]))[0]


async def new_notices(tx: Tx, account_ids: Sequence[int], *, after_id: int, limit: int) -> list[Notice]:
    """Notices of these accounts with a later id, oldest first; of very many the newest."""
    newest = await tx.all(
        statements["new_notices"], Notice, account_ids=list(account_ids), after_id=after_id, limit=limit
    )
    return newest[::-1]
