"""Reading and writing messages to apps: one typed function a statement."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import orjson

from etalase.commerce.orders.rules import State as OrderState
from etalase.foundation.ids import ID_MAX, new_id
from etalase.foundation.sql import Tx, json_rows, statements_beside
from etalase.reactions.webhooks.rules import AGAIN_MAX, HOLD_AFTER, STATES, Cancelled, State

statements = statements_beside(__file__)
STATUS_FIELDS: Final = ("order_status", "cancel_status", "return_status", "sc_type", "status")
"""Where messages of each kind have it."""
PAGE_SIZE = 30
Key = tuple[int, int]
"""(shop_id, order_id)"""


@dataclass(frozen=True, slots=True)
class Listener:
    """An app that wants to be told of a kind of event of a shop; `address_id` is none where nothing was sent yet."""

    shop_id: int
    app_id: int
    event_type: str
    address: str
    created_at: datetime
    says_cancelled: bool
    address_id: int | None
    scopes: list[str]


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to be written."""

    shop_id: int
    id: int
    app_id: int
    address_id: int
    event_type: str
    subject_id: int
    fact_id: int
    body: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message to be sent now by whoever holds the lease; `is_wanted`: the app still asks for it and may know it."""

    shop_id: int
    id: int
    app_id: int
    address_id: int
    event_type: str
    body: str
    attempts: int
    tried: int
    address: str
    failures: int
    app_key: str
    secret_salt: bytes
    is_wanted: bool


@dataclass(frozen=True, slots=True)
class Ending:
    """How a claimed message went."""

    state: State
    due_at: datetime
    status: int | None
    note: str
    ended_at: datetime | None
    tries: int = 1


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at telling."""

    number: int
    at: datetime
    address: str
    status: int | None
    answer: str
    error: str
    took_ms: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """How an address fares after one more failure."""

    failures: int
    failing_since: datetime
    paused_at: datetime | None


@dataclass(frozen=True, slots=True)
class AddressOfApp:
    """Where an app is told, and how that goes."""

    id: int
    address: str
    failures: int
    failing_since: datetime | None
    last_error: str
    hold_until: datetime | None
    paused_at: datetime | None
    waiting: int


@dataclass(frozen=True, slots=True)
class Message:
    """A message as its log shows it."""

    shop_id: int
    id: int
    app_id: int
    event_type: str
    subject_id: int
    body: str
    state: State
    tried: int
    status: int | None
    note: str
    due_at: datetime
    created_at: datetime
    ended_at: datetime | None
    address: str
    is_paused: bool

    @property
    def says(self) -> str:
        """The status that it tells, "" for one that tells none."""
        data = orjson.loads(self.body)["data"]
        return next((str(data[name]) for name in STATUS_FIELDS if name in data), "")


@dataclass(frozen=True, slots=True)
class AppNamed:
    """Whose app it is, and what its messages are like."""

    owner_id: int
    name: str
    says_cancelled: bool


@dataclass(frozen=True, slots=True)
class _Address:
    id: int
    app_id: int
    address: str


@dataclass(frozen=True, slots=True)
class _Decided:
    shop_id: int
    order_id: int
    id: int
    asked_by: str
    requested_at: datetime


@dataclass(frozen=True, slots=True)
class _Standing:
    shop_id: int
    order_id: int
    state: str


async def listening_shops(tx: Tx, shop_ids: Sequence[int]) -> set[int]:
    """Those of the shops of which anybody wants to be told anything."""
    return set(await tx.values(statements["listening_shops"], int, shop_ids=list(shop_ids)))


async def listeners(tx: Tx, shop_ids: Sequence[int]) -> list[Listener]:
    return await tx.all(statements["listeners"], Listener, shop_ids=list(shop_ids))


async def address_ids(tx: Tx, wanted: Sequence[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """The ids of addresses, (app_id, address), which are written down if they are new."""
    ordered = sorted(set(wanted))
    found = await tx.all(
        statements["add_addresses"],
        _Address,
        ids=[new_id() for _ in ordered],
        app_ids=[app_id for app_id, _ in ordered],
        addresses=[address for _, address in ordered],
    )
    return {(one.app_id, one.address): one.id for one in found}


async def decided_cancellations(tx: Tx, wanted: Sequence[tuple[int, int, datetime]]) -> dict[Key, Cancelled]:
    """The cancellations decided at these moments, by (shop_id, order_id)."""
    rows = await tx.all(
        statements["decided_cancellations"],
        _Decided,
        shop_ids=[shop_id for shop_id, _, _ in wanted],
        order_ids=[order_id for _, order_id, _ in wanted],
        ats=[at for _, _, at in wanted],
    )
    return {(row.shop_id, row.order_id): Cancelled(row.id, row.asked_by, row.requested_at) for row in rows}


async def states_of_orders(tx: Tx, keys: Sequence[Key]) -> dict[Key, OrderState]:
    """Where the orders stand now."""
    rows = await tx.all(statements["states_of_orders"], _Standing, **_columns(keys))
    return {(row.shop_id, row.order_id): OrderState(row.state) for row in rows}


def _columns(keys: Sequence[Key]) -> dict[str, list[int]]:
    return {"shop_ids": [shop_id for shop_id, _ in keys], "order_ids": [order_id for _, order_id in keys]}


async def insert_messages(tx: Tx, messages: Sequence[NewMessage], *, at: datetime) -> int:
    """Write messages; returns how many were new."""
    return await tx.run(statements["insert_messages"], messages=json_rows(map(asdict, messages)), at=at)


async def has_due(tx: Tx, *, at: datetime) -> bool:
    return bool(await tx.value(statements["has_due"], bool, at=at))


async def claim_messages(
    tx: Tx, *, at: datetime, lease: int, lease_time: timedelta, at_once: int, limit: int
) -> list[Claimed]:
    """Claim messages for the caller until the lease ends: `at_once` of an address at most."""
    return await tx.all(
        statements["claim_messages"],
        Claimed,
        at=at,
        until=at + lease_time,
        lease=lease,
        at_once=at_once,
        hold_after=HOLD_AFTER,
        limit=limit,
    )


async def end_message(tx: Tx, message: Claimed, ending: Ending, *, lease: int) -> bool:
    """Whether the lease was still the caller's."""
    params = asdict(ending)
    return await tx.run(statements["end_message"], shop_id=message.shop_id, id=message.id, lease=lease, **params) == 1


async def add_attempt(tx: Tx, attempt: Attempt, *, shop_id: int, message_id: int) -> None:
    await tx.run(statements["add_attempt"], shop_id=shop_id, message_id=message_id, **asdict(attempt))


async def note_success(tx: Tx, *, address_id: int) -> None:
    await tx.run(statements["note_success"], address_id=address_id)


async def note_failure(tx: Tx, *, address_id: int, error: str, at: datetime) -> Trouble:
    return await tx.one(statements["note_failure"], Trouble, address_id=address_id, error=error, at=at)


async def hold_address(tx: Tx, *, address_id: int, until: datetime | None, paused_at: datetime | None) -> None:
    await tx.run(statements["hold_address"], address_id=address_id, until=until, paused_at=paused_at)


async def resume_address(tx: Tx, *, app_id: int, address_id: int) -> str | None:
    """The address, if it is the app's and was paused."""
    return await tx.value(statements["resume_address"], str, app_id=app_id, address_id=address_id)


async def due_at_once(tx: Tx, *, address_id: int, at: datetime) -> int:
    return await tx.run(statements["due_at_once"], address_id=address_id, at=at)


async def send_elsewhere(tx: Tx, *, shop_id: int, app_id: int, event_type: str, address_id: int, at: datetime) -> int:
    """How many messages go to the new address."""
    return await tx.run(
        statements["send_elsewhere"],
        shop_id=shop_id,
        app_id=app_id,
        event_type=event_type,
        address_id=address_id,
        at=at,
    )


async def addresses_of_app(tx: Tx, app_id: int) -> list[AddressOfApp]:
    return await tx.all(statements["addresses_of_app"], AddressOfApp, app_id=app_id)


async def messages(
    tx: Tx, *, app_id: int, shop_id: int | None = None, state: State | None = None, before: int = ID_MAX
) -> list[Message]:
    """A page and one message more of what an app was told, of one shop or all, newest first."""
    asked: Mapping[str, Any] = {
        "app_id": app_id,
        "states": [state] if state else list(STATES),
        "before": before,
        "limit": PAGE_SIZE + 1,
    }
    if shop_id is None:
        return await tx.all(statements["messages_of_app"], Message, **asked)
    return await tx.all(statements["messages_of_shop"], Message, shop_id=shop_id, **asked)


async def message(tx: Tx, *, shop_id: int, app_id: int, message_id: int) -> Message | None:
    """The message, if it is of this shop and to this app."""
    return await tx.maybe(statements["message"], Message, shop_id=shop_id, app_id=app_id, message_id=message_id)


async def attempts_of(tx: Tx, *, shop_id: int, message_id: int) -> list[Attempt]:
    return await tx.all(statements["attempts_of"], Attempt, shop_id=shop_id, message_id=message_id)


async def send_again(
    tx: Tx, *, app_id: int, shop_id: int | None, from_id: int, until_id: int, states: Sequence[str], at: datetime
) -> int:
    """How many are sent again: messages of the app between two ids, AGAIN_MAX at most."""
    return await tx.run(
        statements["send_again"],
        app_id=app_id,
        shop_id=shop_id,
        from_id=from_id,
        until_id=until_id,
        states=list(states),
        limit=AGAIN_MAX,
        at=at,
    )


async def forget_old(tx: Tx, *, before_id: int, limit: int) -> int:
    return await tx.run(statements["forget_old"], before_id=before_id, states=list(STATES), limit=limit)


async def set_spelling(tx: Tx, *, app_id: int, owner_id: int, says_cancelled: bool) -> bool:
    """Whether there was such an app of this owner."""
    params = {"app_id": app_id, "owner_id": owner_id, "says_cancelled": says_cancelled}
    return await tx.run(statements["set_spelling"], **params) == 1


async def owner_of_app(tx: Tx, app_id: int) -> AppNamed | None:
    return await tx.maybe(statements["owner_of_app"], AppNamed, app_id=app_id)
