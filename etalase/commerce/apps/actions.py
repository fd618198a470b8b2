"""The verbs of apps: make, change, delete; let one into shops and out again; codes and tokens; what it wants to be told."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from etalase.commerce.accounts import queries as accounts
from etalase.commerce.accounts.passwords import hash_secret, new_secret
from etalase.commerce.apps import credentials, facts, queries, rules
from etalase.commerce.apps.errors import AppNotFound, AppRefused, CodeNotValid, NotTheOwner, TokenNotValid
from etalase.commerce.apps.queries import App, Authorization
from etalase.commerce.apps.rules import AppDraft
from etalase.foundation.clock import now
from etalase.foundation.facts import Actor, record
from etalase.foundation.facts.model import SYSTEM
from etalase.foundation.ids import PLATFORM, new_id
from etalase.foundation.sql import Db, Tx

KEY_ALPHABET: Final = "abcdefghijkmnpqrstuvwxyz23456789"
UNDER_WAY: Final = timedelta(minutes=5)
"""How long a former access token still opens: other processes of the app have not heard of the new one yet."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """A pair of tokens as the app gets them, once, and what they stand for."""

    access_token: str
    access_expires_at: datetime
    refresh_token: str
    refresh_expires_at: datetime
    account_id: int
    open_id: str
    scopes: list[str]
    seller_name: str


async def register_app(db: Db, draft: AppDraft, *, owner_id: int) -> App:
    """Make an app; its key and salt are new. Raises AppRefused."""
    _check(draft)
    at, app_id = now(), new_id()
    async with db.any().transaction() as tx:
        if len(await queries.apps_of_owner(tx, owner_id)) >= rules.APPS_PER_ACCOUNT_MAX:
            raise AppRefused(rules.AppProblem("name", "too_many"))
        await queries.add_app(
            tx, draft, app_id=app_id, key=new_key(), owner_id=owner_id, secret_salt=secrets.token_bytes(16), at=at
        )
        await record(tx, facts.AppRegistered(**_of(app_id)), by=Actor.seller(owner_id), at=at)
        return await _own(tx, app_id=app_id, owner_id=owner_id)


def _check(draft: AppDraft) -> None:
    problems = rules.check_app(draft)
    if problems:
        raise AppRefused(*problems)


def new_key() -> str:
    """A key nobody mistypes: 14 letters and digits that look like no other."""
    return "".join(secrets.choice(KEY_ALPHABET) for _ in range(14))


async def _own(tx: Tx, *, app_id: int, owner_id: int) -> App:
    app = await queries.app_of_owner(tx, app_id=app_id, owner_id=owner_id)
    if app is None:
        raise AppNotFound
    return app


async def change_app(db: Db, draft: AppDraft, *, app_id: int, owner_id: int) -> None:
    """Change what an app says of itself. Raises AppRefused, AppNotFound."""
    _check(draft)
    async with db.any().transaction() as tx:
        if not await queries.change_app(tx, draft, app_id=app_id, owner_id=owner_id):
            raise AppNotFound
        await record(tx, facts.AppChanged(**_of(app_id)), by=Actor.seller(owner_id), at=now())


async def change_secret(db: Db, *, app_id: int, owner_id: int) -> App:
    """Give the app another secret; the former one is worth nothing at once. Raises AppNotFound."""
    at = now()
    async with db.any().transaction() as tx:
        salt = secrets.token_bytes(16)
        if not await queries.set_salt(tx, app_id=app_id, owner_id=owner_id, secret_salt=salt, at=at):
            raise AppNotFound
        await record(tx, facts.AppSecretChanged(**_of(app_id)), by=Actor.seller(owner_id), at=at)
        return await _own(tx, app_id=app_id, owner_id=owner_id)


async def delete_app(db: Db, *, app_id: int, owner_id: int) -> None:
    """Delete an app and end every leave it has. Raises AppNotFound."""
    at, by = now(), Actor.seller(owner_id)
    async with db.any().transaction() as tx:
        if not await queries.delete_app(tx, app_id=app_id, owner_id=owner_id, at=at):
            raise AppNotFound
        shop_ids = await queries.end_shops_of_app(tx, app_id=app_id, at=at)
        await queries.end_authorizations_of_app(tx, app_id=app_id, at=at)
        ended = [_deauthorized(shop_id, app_id, "app deleted") for shop_id in sorted(set(shop_ids))]
        await record(tx, facts.AppDeleted(**_of(app_id)), *ended, by=by, at=at)


async def authorize(db: Db, app: App, *, account_id: int, shop_ids: Sequence[int]) -> str:
    """Let an app act for shops the account owns, with the scopes it has now; returns a code to be changed into tokens once.

    Raises NotTheOwner. A second consent adds shops to the first; tokens given out before then cover them, too.
    """
    at, code = now(), f"ROW_{new_secret()}"
    scopes = rules.granted(app.scopes)
    async with db.any().transaction() as tx:
        await _check_owner(tx, account_id=account_id, shop_ids=shop_ids)
        leave = await _leave(tx, app_id=app.id, account_id=account_id, scopes=scopes, at=at)
        for shop_id in sorted(set(shop_ids)):
            await queries.add_authorized_shop(
                tx, authorization_id=leave.id, shop_id=shop_id, app_id=app.id, cipher=f"ROW_{new_secret()[:28]}", at=at
            )
        await queries.add_code(
            tx, code_hash=hash_secret(code), authorization_id=leave.id, at=at, expires_at=at + rules.CODE_LIFETIME
        )
        granted = [
            facts.AppAuthorized(shop_id=shop_id, subject_id=app.id, account_id=str(account_id), scopes=scopes)
            for shop_id in sorted(set(shop_ids))
        ]
        await record(tx, *granted, by=Actor.seller(account_id), at=at)
    return code


async def _check_owner(tx: Tx, *, account_id: int, shop_ids: Sequence[int]) -> None:
    owned = {
        shop.shop_id for shop in await accounts.shops_of_account(tx, account_id=account_id) if shop.role == "owner"
    }
    if not shop_ids or not set(shop_ids) <= owned:
        raise NotTheOwner


async def _leave(tx: Tx, *, app_id: int, account_id: int, scopes: Sequence[str], at: datetime) -> Authorization:
    """The account's one running authorization of the app, with these scopes."""
    await accounts.lock_account(tx, account_id=account_id)
    found = await queries.running_authorization(tx, app_id=app_id, account_id=account_id)
    if found is None:
        return await queries.add_authorization(
            tx, authorization_id=new_id(), app_id=app_id, account_id=account_id, scopes=scopes, at=at
        )
    await queries.set_authorization_scopes(tx, authorization_id=found.id, scopes=scopes, at=at)
    return found


async def deauthorize(db: Db, *, app_id: int, shop_id: int, account_id: int) -> None:
    """Let an app act for a shop no longer, whoever had allowed it. Raises NotTheOwner, AppNotFound."""
    at = now()
    async with db.any().transaction() as tx:
        await _check_owner(tx, account_id=account_id, shop_ids=[shop_id])
        ended = await queries.end_app_in_shop(tx, shop_id=shop_id, app_id=app_id, at=at)
        if not ended:
            raise AppNotFound
        await queries.end_authorizations_without_shop(tx, authorization_ids=ended, at=at)
        await record(tx, _deauthorized(shop_id, app_id, "seller"), by=Actor.seller(account_id), at=at)


def _deauthorized(shop_id: int, app_id: int, reason: str) -> facts.AppDeauthorized:
    return facts.AppDeauthorized(shop_id=shop_id, subject_id=app_id, reason=reason)


async def exchange_code(db: Db, app: App, *, code: str) -> Tokens:
    """The tokens for a code, once. Raises CodeNotValid."""
    at = now()
    async with db.any().transaction() as tx:
        authorization_id = await queries.use_code(tx, code_hash=hash_secret(code), app_id=app.id, at=at)
        if authorization_id is None:
            raise CodeNotValid
        return await _issue(tx, authorization_id, grant="code", at=at)


async def refresh(db: Db, app: App, *, refresh_token: str) -> Tokens:
    """A new pair for a refresh token, which is used up by it. Raises TokenNotValid."""
    at = now()
    async with db.any().transaction() as tx:
        pair = await queries.tokens_of_refresh(tx, refresh_hash=hash_secret(refresh_token), app_id=app.id)
        if pair is None or pair.refreshed_at is not None or pair.is_ended:
            raise TokenNotValid
        if pair.refresh_expires_at <= at:
            raise TokenNotValid(is_expired=True)
        await queries.replace_tokens(tx, tokens_id=pair.id, access_until=at + UNDER_WAY, at=at)
        return await _issue(tx, pair.authorization_id, grant="refresh", at=at)


async def _issue(tx: Tx, authorization_id: int, *, grant: str, at: datetime) -> Tokens:
    leave = await queries.authorization(tx, authorization_id)
    shops = await queries.shops_of_authorization(tx, authorization_id)
    tokens = Tokens(
        access_token=f"ROW_{new_secret()}",
        access_expires_at=at + rules.ACCESS_LIFETIME,
        refresh_token=f"ROW_{new_secret()}",
        refresh_expires_at=at + rules.REFRESH_LIFETIME,
        account_id=leave.account_id,
        open_id=credentials.open_id_of(app_id=leave.app_id, account_id=leave.account_id),
        scopes=leave.scopes,
        seller_name=shops[0].name if shops else "",
    )
    await queries.add_tokens(
        tx,
        tokens_id=new_id(),
        authorization_id=authorization_id,
        access_hash=hash_secret(tokens.access_token),
        access_expires_at=tokens.access_expires_at,
        refresh_hash=hash_secret(tokens.refresh_token),
        refresh_expires_at=tokens.refresh_expires_at,
        at=at,
    )
    fact = facts.TokensIssued(**_of(leave.app_id), account_id=str(leave.account_id), grant=grant)
    await record(tx, fact, by=SYSTEM, at=at)
    return tokens


async def set_webhook(db: Db, *, shop_id: int, app_id: int, event_type: str, address: str, by: Actor) -> None:
    """Tell the app of this kind of event at that address from now on; nothing happens if it is so already."""
    at = now()
    async with db.for_shop(shop_id).transaction() as tx:
        if await queries.set_webhook(tx, shop_id=shop_id, app_id=app_id, event_type=event_type, address=address, at=at):
            fact = facts.WebhookSet(shop_id=shop_id, subject_id=app_id, event_type=event_type, address=address)
            await record(tx, fact, by=by, at=at)


async def remove_webhook(db: Db, *, shop_id: int, app_id: int, event_type: str, by: Actor) -> None:
    """Tell the app of this kind of event no longer; nothing happens if nobody did."""
    async with db.for_shop(shop_id).transaction() as tx:
        if await queries.remove_webhook(tx, shop_id=shop_id, app_id=app_id, event_type=event_type):
            fact = facts.WebhookRemoved(shop_id=shop_id, subject_id=app_id, event_type=event_type)
            await record(tx, fact, by=by, at=now())


async def forget_old(db: Db) -> int:
    """Remove what opens nothing any more; returns how many rows. For the worker, once an hour or so."""
    at = now()
    async with db.any().transaction() as tx:
        return await queries.forget_old(tx, before=at - timedelta(days=1), repeats_before=at - rules.REPEATS_KEPT)


def _of(app_id: int) -> dict[str, int]:
    return {"shop_id": PLATFORM, "subject_id": app_id}
