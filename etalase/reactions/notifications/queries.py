"""What can be asked of the inbox: one typed function per statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from etalase.foundation.ids import ID_MAX
from etalase.foundation.sql import Tx, statements_beside
from etalase.reactions.notifications.rules import Audience

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
    """A notice to be written."""

    account_id: int
    id: int
    audience: Audience
    kind: str


async def order_for_notice(tx: Tx, *, shop_id: int, order_id: int) -> OrderForNotice | None:
    """The order's parties and the first thing bought."""
    return await tx.maybe(statements["order_for_notice"], OrderForNotice, shop_id=shop_id, order_id=order_id)


async def members_to_tell(tx: Tx, *, shop_id: int) -> list[int]:
    """The accounts that work in the shop."""
    return await tx.values(statements["members_to_tell"], int, shop_id=shop_id)


async def insert_notices(
    tx: Tx,
    notices: Sequence[NewNotice],
    *,
    shop_id: int,
    order_id: int | None,
    fact_id: int,
    values: dict[str, Any],
    created_at: datetime,
) -> int:
    """Write notices; returns how many were new."""
    return await tx.run(
        statements["insert_notices"],
        account_ids=[notice.account_id for notice in notices],
        ids=[notice.id for notice in notices],
        audiences=[notice.audience for notice in notices],
        kinds=[notice.kind for notice in notices],
        shop_id=shop_id,
        order_id=order_id,
        fact_id=fact_id,
        values=orjson.dumps(values).decode(),
        created_at=created_at,
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
