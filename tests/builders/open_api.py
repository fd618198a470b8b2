"""An app with a seller's leave, and its requests, signed as clients sign them."""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

import httpx
from fastapi import FastAPI

from etalase.commerce.accounts.queries import Account
from etalase.commerce.apps import actions, credentials, queries, rules
from etalase.commerce.apps.actions import Tokens
from etalase.commerce.apps.queries import App
from etalase.commerce.apps.rules import AppDraft
from etalase.foundation.sql import Db
from etalase.settings import Settings
from tests.builders.accounts import MadeShop, make_account

CALLBACK = "https://erp.example/callback"


@dataclass(frozen=True, slots=True)
class MadeApp:
    """An app and its secret."""

    app: App
    secret: str

    @property
    def key(self) -> str:
        return self.app.key


async def make_app(
    db: Db, settings: Settings, *, owner: Account | None = None, scopes: Sequence[str] = tuple(rules.SCOPES)
) -> MadeApp:
    """An app with all scopes, or these."""
    owner = owner or await make_account(db, name="Dewi Developer")
    app = await actions.register_app(db, AppDraft("Gudang ERP", (CALLBACK,), tuple(scopes)), owner_id=owner.id)
    return MadeApp(app, credentials.secret_of(settings.key(), app_key=app.key, salt=app.secret_salt))


async def make_tokens(db: Db, made: MadeApp, *shops: MadeShop) -> Tokens:
    """The tokens of an app that these shops (of one owner) have let in."""
    ids = [shop.shop_id for shop in shops]
    code = await actions.authorize(db, made.app, account_id=shops[0].owner.id, shop_ids=ids)
    return await actions.exchange_code(db, made.app, code=code)


async def cipher_of(db: Db, made: MadeApp, shop: MadeShop) -> str:
    """What the shop is called in calls of this app."""
    async with db.any().reading() as tx:
        return next(one.cipher for one in await queries.shops_of_app(tx, made.app.id) if one.shop_id == shop.shop_id)


@dataclass(frozen=True, slots=True)
class Connector:
    """A program that calls the Open API; `send` says what came back, whatever the code."""

    client: httpx.AsyncClient
    key: str
    secret: str
    token: str
    cipher: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def other(self, **changes: str) -> "Connector":
        """The same with another secret, token or cipher."""
        return replace(self, **changes)  # type: ignore[arg-type]

    async def send(
        self,
        method: str,
        path: str,
        query: Sequence[tuple[str, str]] | Mapping[str, str] = (),
        body: object = None,
        *,
        timestamp: int | None = None,
        sign: str | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
    ) -> httpx.Response:
        """One signed request."""
        pairs = list(query.items()) if isinstance(query, Mapping) else list(query)
        pairs += [("app_key", self.key), ("timestamp", str(timestamp or int(time.time())))]
        pairs += [("shop_cipher", self.cipher)] if self.cipher else []
        content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        pairs.append(("sign", sign or signature(self.secret, path, pairs, content)))
        headers = {"x-tts-access-token": self.token, **self.headers}
        if content:
            headers["content-type"] = "application/json"
        url = f"{path}?{urlencode(pairs)}"
        return await self.client.request(method, url, content=content or None, headers=headers, files=files)

    async def call(self, method: str, path: str, query: Mapping[str, str] | None = None, body: object = None) -> Any:
        """The data of a call that must succeed."""
        answer = await self.send(method, path, query or {}, body)
        told = answer.json()
        assert told["code"] == 0, told
        return told["data"]

    async def code(self, method: str, path: str, query: Mapping[str, str] | None = None, body: object = None) -> int:
        """The code of a call."""
        return int((await self.send(method, path, query or {}, body)).json()["code"])


def signature(secret: str, path: str, pairs: Sequence[tuple[str, str]], body: bytes) -> str:
    """Written anew from the interface's description, so that a mistake of the server's is not repeated here."""
    text = path + "".join(f"{key}{value}" for key, value in sorted(pairs, key=lambda pair: pair[0]))
    whole = secret.encode() + text.encode() + body + secret.encode()
    return hmac.new(secret.encode(), whole, hashlib.sha256).hexdigest()


def data_of(answer: Any) -> Any:
    """The data of what a client that others wrote has parsed; its types know of no present member."""
    return answer.data


async def make_connector(
    db: Db, app: FastAPI, client: httpx.AsyncClient, *shops: MadeShop, scopes: Sequence[str] = tuple(rules.SCOPES)
) -> Connector:
    """A program with an app of its own that these shops let in; it speaks for the first of them."""
    made = await make_app(db, app.state.settings, scopes=scopes)
    tokens = await make_tokens(db, made, *shops)
    return Connector(client, made.key, made.secret, tokens.access_token, await cipher_of(db, made, shops[0]))
