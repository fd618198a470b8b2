"""Reading and writing apps, authorizations, tokens, webhooks and kept answers: one function a statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from etalase.commerce.apps.rules import AppDraft
from etalase.foundation.sql import Tx, json_value, statements_beside

statements = statements_beside(__file__)


@dataclass(frozen=True, slots=True)
class App:
    """A program of somebody's; `id` is also its service id."""

    id: int
    key: str
    owner_id: int
    name: str
    secret_salt: bytes
    redirect_urls: list[str]
    scopes: list[str]
    created_at: datetime
    secret_changed_at: datetime


@dataclass(frozen=True, slots=True)
class Door:
    """The app that knocks and what its access token stands for; without a token of this app, an app alone.

    `shops` are pairs of shop id and cipher.
    """

    app_id: int
    key: str
    app_name: str
    secret_salt: bytes
    authorization_id: int | None
    account_id: int | None
    scopes: list[str] | None
    access_expires_at: datetime | None
    is_ended: bool
    shops: list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Authorization:
    """An account's leave for an app."""

    id: int
    app_id: int
    account_id: int
    scopes: list[str]
    granted_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class AuthorizedShop:
    """A shop that an app may act for."""

    shop_id: int
    name: str
    slug: str
    cipher: str
    granted_at: datetime


@dataclass(frozen=True, slots=True)
class AppOfShop:
    """An app that may act for a shop, and who said so."""

    app_id: int
    name: str
    scopes: list[str]
    granted_at: datetime
    granted_by: str


@dataclass(frozen=True, slots=True)
class RefreshedPair:
    """The pair of tokens a refresh token belongs to."""

    id: int
    authorization_id: int
    refresh_expires_at: datetime
    refreshed_at: datetime | None
    is_ended: bool


@dataclass(frozen=True, slots=True)
class Webhook:
    """What an app is told, and where."""

    event_type: str
    address: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Repeat:
    """A call that came with an idempotency key; no answer yet while it is carried out."""

    body_hash: bytes
    answer: dict[str, Any] | None


async def add_app(
    tx: Tx, draft: AppDraft, *, app_id: int, key: str, owner_id: int, secret_salt: bytes, at: datetime
) -> None:
    await tx.run(
        statements["add_app"],
        id=app_id,
        key=key,
        owner_id=owner_id,
        name=draft.name,
        secret_salt=secret_salt,
        redirect_urls=list(draft.redirect_urls),
        scopes=list(draft.scopes),
        at=at,
    )


async def apps_of_owner(tx: Tx, owner_id: int) -> list[App]:
    return await tx.all(statements["apps_of_owner"], App, owner_id=owner_id)


async def app_of_owner(tx: Tx, *, app_id: int, owner_id: int) -> App | None:
    return await tx.maybe(statements["app_of_owner"], App, app_id=app_id, owner_id=owner_id)


async def app_by_id(tx: Tx, app_id: int) -> App | None:
    return await tx.maybe(statements["app_by_id"], App, app_id=app_id)


async def app_by_key(tx: Tx, key: str) -> App | None:
    return await tx.maybe(statements["app_by_key"], App, key=key)


async def change_app(tx: Tx, draft: AppDraft, *, app_id: int, owner_id: int) -> bool:
    """Whether there was such an app of this owner."""
    changed = await tx.run(
        statements["change_app"],
        app_id=app_id,
        owner_id=owner_id,
        name=draft.name,
        redirect_urls=list(draft.redirect_urls),
        scopes=list(draft.scopes),
    )
    return changed == 1


async def set_salt(tx: Tx, *, app_id: int, owner_id: int, secret_salt: bytes, at: datetime) -> bool:
    """Whether there was such an app of this owner."""
    done = await tx.run(statements["set_salt"], app_id=app_id, owner_id=owner_id, secret_salt=secret_salt, at=at)
    return done == 1


async def delete_app(tx: Tx, *, app_id: int, owner_id: int, at: datetime) -> bool:
    """Whether there was such an app of this owner."""
    return await tx.run(statements["delete_app"], app_id=app_id, owner_id=owner_id, at=at) == 1


async def door(tx: Tx, *, key: str, access_hash: bytes) -> Door | None:
    return await tx.maybe(statements["door"], Door, key=key, access_hash=access_hash)


async def running_authorization(tx: Tx, *, app_id: int, account_id: int) -> Authorization | None:
    return await tx.maybe(statements["running_authorization"], Authorization, app_id=app_id, account_id=account_id)


async def authorization(tx: Tx, authorization_id: int) -> Authorization:
    """The leave; raises LookupError where there is none."""
    return await tx.one(statements["authorization"], Authorization, authorization_id=authorization_id)


async def add_authorization(
    tx: Tx, *, authorization_id: int, app_id: int, account_id: int, scopes: Sequence[str], at: datetime
) -> Authorization:
    """The new leave; raises UniqueViolation on authorizations_one_running."""
    return await tx.one(
        statements["add_authorization"],
        Authorization,
        id=authorization_id,
        app_id=app_id,
        account_id=account_id,
        scopes=list(scopes),
        at=at,
    )


async def set_authorization_scopes(tx: Tx, *, authorization_id: int, scopes: Sequence[str], at: datetime) -> None:
    await tx.run(statements["set_authorization_scopes"], authorization_id=authorization_id, scopes=list(scopes), at=at)


async def end_authorization(tx: Tx, *, authorization_id: int, at: datetime) -> bool:
    """Whether it was running until now."""
    return await tx.run(statements["end_authorization"], authorization_id=authorization_id, at=at) == 1


async def add_authorized_shop(
    tx: Tx, *, authorization_id: int, shop_id: int, app_id: int, cipher: str, at: datetime
) -> None:
    await tx.run(
        statements["add_authorized_shop"],
        authorization_id=authorization_id,
        shop_id=shop_id,
        app_id=app_id,
        cipher=cipher,
        at=at,
    )


async def end_app_in_shop(tx: Tx, *, shop_id: int, app_id: int, at: datetime) -> list[int]:
    """The authorizations that covered the shop until now."""
    return await tx.values(statements["end_app_in_shop"], int, shop_id=shop_id, app_id=app_id, at=at)


async def end_shops_of_app(tx: Tx, *, app_id: int, at: datetime) -> list[int]:
    """The shops that let the app act for them until now."""
    return await tx.values(statements["end_shops_of_app"], int, app_id=app_id, at=at)


async def end_authorizations_of_app(tx: Tx, *, app_id: int, at: datetime) -> None:
    await tx.run(statements["end_authorizations_of_app"], app_id=app_id, at=at)


async def end_authorizations_without_shop(tx: Tx, *, authorization_ids: Sequence[int], at: datetime) -> None:
    await tx.run(statements["end_authorizations_without_shop"], authorization_ids=list(authorization_ids), at=at)


async def shops_of_authorization(tx: Tx, authorization_id: int) -> list[AuthorizedShop]:
    return await tx.all(statements["shops_of_authorization"], AuthorizedShop, authorization_id=authorization_id)


async def shops_of_app(tx: Tx, app_id: int) -> list[AuthorizedShop]:
    return await tx.all(statements["shops_of_app"], AuthorizedShop, app_id=app_id)


async def apps_of_shop(tx: Tx, shop_id: int) -> list[AppOfShop]:
    return await tx.all(statements["apps_of_shop"], AppOfShop, shop_id=shop_id)


async def add_code(tx: Tx, *, code_hash: bytes, authorization_id: int, at: datetime, expires_at: datetime) -> None:
    await tx.run(
        statements["add_code"], hash=code_hash, authorization_id=authorization_id, at=at, expires_at=expires_at
    )


async def use_code(tx: Tx, *, code_hash: bytes, app_id: int, at: datetime) -> int | None:
    """The authorization the code stands for, or none when it can't be used."""
    return await tx.value(statements["use_code"], int, hash=code_hash, app_id=app_id, at=at)


async def add_tokens(
    tx: Tx,
    *,
    tokens_id: int,
    authorization_id: int,
    access_hash: bytes,
    access_expires_at: datetime,
    refresh_hash: bytes,
    refresh_expires_at: datetime,
    at: datetime,
) -> None:
    await tx.run(
        statements["add_tokens"],
        id=tokens_id,
        authorization_id=authorization_id,
        access_hash=access_hash,
        access_expires_at=access_expires_at,
        refresh_hash=refresh_hash,
        refresh_expires_at=refresh_expires_at,
        at=at,
    )


async def tokens_of_refresh(tx: Tx, *, refresh_hash: bytes, app_id: int) -> RefreshedPair | None:
    return await tx.maybe(statements["tokens_of_refresh"], RefreshedPair, refresh_hash=refresh_hash, app_id=app_id)


async def replace_tokens(tx: Tx, *, tokens_id: int, access_until: datetime, at: datetime) -> None:
    await tx.run(statements["replace_tokens"], id=tokens_id, access_until=access_until, at=at)


async def forget_old(tx: Tx, *, before: datetime, repeats_before: datetime) -> int:
    """Removes what opens nothing any more and answers nobody asks for again; returns how many rows."""
    return (
        await tx.run(statements["forget_old_codes"], before=before)
        + await tx.run(statements["forget_old_tokens"], before=before)
        + await tx.run(statements["forget_old_repeats"], before=repeats_before)
    )


async def webhooks(tx: Tx, *, shop_id: int, app_id: int) -> list[Webhook]:
    return await tx.all(statements["webhooks"], Webhook, shop_id=shop_id, app_id=app_id)


async def set_webhook(tx: Tx, *, shop_id: int, app_id: int, event_type: str, address: str, at: datetime) -> bool:
    """Whether anything changed."""
    changed = await tx.run(
        statements["set_webhook"], shop_id=shop_id, app_id=app_id, event_type=event_type, address=address, at=at
    )
    return changed == 1


async def remove_webhook(tx: Tx, *, shop_id: int, app_id: int, event_type: str) -> bool:
    """Whether there was one."""
    return await tx.run(statements["remove_webhook"], shop_id=shop_id, app_id=app_id, event_type=event_type) == 1


@dataclass(frozen=True, slots=True)
class RepeatKey:
    """What makes two calls one and the same."""

    shop_id: int
    app_id: int
    call: str
    key: str

    def params(self) -> dict[str, object]:
        return {"shop_id": self.shop_id, "app_id": self.app_id, "call": self.call, "key": self.key}


async def claim_repeat(tx: Tx, repeat: RepeatKey, *, body_hash: bytes, at: datetime, dead_before: datetime) -> bool:
    """Whether the caller is the one who carries the call out."""
    found = await tx.value(
        statements["claim_repeat"], str, **repeat.params(), body_hash=body_hash, at=at, dead_before=dead_before
    )
    return found is not None


async def repeat(tx: Tx, repeat: RepeatKey) -> Repeat | None:
    return await tx.maybe(statements["repeat"], Repeat, **repeat.params())


async def keep_answer(tx: Tx, repeat: RepeatKey, answer: dict[str, Any]) -> None:
    await tx.run(statements["keep_answer"], **repeat.params(), answer=json_value(answer))


async def release_repeat(tx: Tx, repeat: RepeatKey) -> None:
    await tx.run(statements["release_repeat"], **repeat.params())
