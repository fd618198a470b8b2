"""Codes into tokens, and old tokens into new ones: the two calls that are not signed but carry the app's secret."""

from datetime import datetime
from typing import Any, Final

from starlette.types import Scope

from etalase.commerce.apps import actions, credentials, queries
from etalase.commerce.apps.actions import Tokens
from etalase.commerce.apps.errors import CodeNotValid, TokenNotValid
from etalase.commerce.apps.queries import App
from etalase.foundation.sql import Db
from etalase.settings import Settings
from etalase.web.open_api import refusals
from etalase.web.open_api.call import Query
from etalase.web.open_api.reading import pairs_of, path_of
from etalase.web.open_api.refusals import Refused, not_valid

GET: Final = "/api/v2/token/get"
REFRESH: Final = "/api/v2/token/refresh"
SELLER: Final = 0
SECRET_CHARS_MAX: Final = 200


def is_token_call(path: str) -> bool:
    """Whether it is one of the two."""
    return path in (GET, REFRESH)


async def answer(scope: Scope, db: Db, settings: Settings) -> dict[str, Any]:
    """A pair of tokens. Raises Refused."""
    if scope["method"] != "GET":
        raise Refused(refusals.METHOD_NOT_ALLOWED, f"{scope['path']} takes GET")
    query = Query(pairs_of(scope))
    app = await _app(db, settings, query)
    if path_of(scope["path"]) == GET:
        return _told(await _exchange(db, app, query))
    return _told(await _refresh(db, app, query))


async def _app(db: Db, settings: Settings, query: Query) -> App:
    key, secret = query.needed("app_key"), query.needed("app_secret")
    async with db.any().reading() as tx:
        app = await queries.app_by_key(tx, key)
    if app is None:
        raise Refused(refusals.REQUEST_NOT_VALID, f"app_key {key!r} is not known: it stands on /developer")
    if not credentials.is_same(credentials.secret_of(settings.key(), app_key=app.key, salt=app.secret_salt), secret):
        raise Refused(refusals.ACCESS_TOKEN_NOT_VALID, "app_secret is not this app's")
    return app


async def _exchange(db: Db, app: App, query: Query) -> Tokens:
    if query.text("grant_type", "authorized_code") != "authorized_code":
        raise not_valid("grant_type", "be authorized_code")
    try:
        return await actions.exchange_code(db, app, code=query.needed("auth_code")[:SECRET_CHARS_MAX])
    except CodeNotValid:
        raise Refused(
            refusals.AUTH_CODE_NOT_VALID,
            "auth_code was used, is older than 30 minutes, or is not this app's: let the seller authorize the app again",
        ) from None


async def _refresh(db: Db, app: App, query: Query) -> Tokens:
    if query.text("grant_type", "refresh_token") != "refresh_token":
        raise not_valid("grant_type", "be refresh_token")
    try:
        return await actions.refresh(db, app, refresh_token=query.needed("refresh_token")[:SECRET_CHARS_MAX])
    except TokenNotValid as error:
        if error.is_expired:
            words = "refresh_token has expired: let the seller authorize the app again"
            raise Refused(refusals.REFRESH_TOKEN_EXPIRED, words) from None
        words = "refresh_token was used already, was revoked, or is not this app's: take the newest, or have it authorized again"
        raise Refused(refusals.NOT_AUTHORIZED, words) from None


def _told(tokens: Tokens) -> dict[str, Any]:
    return {
        "access_token": tokens.access_token,
        "access_token_expire_in": _absolute(tokens.access_expires_at),
        "refresh_token": tokens.refresh_token,
        "refresh_token_expire_in": _absolute(tokens.refresh_expires_at),
        "open_id": tokens.open_id,
        "seller_name": tokens.seller_name,
        "seller_base_region": "ID",
        "user_type": SELLER,
        "granted_scopes": list(tokens.scopes),
    }


def _absolute(moment: datetime) -> int:
    """Unix seconds of the end, in spite of what the field is called."""
    return int(moment.timestamp())
