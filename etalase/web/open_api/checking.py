"""Who asks, and may they: key, time, signature, token, scope, shop; in this order, each refusal with what to do."""

import hmac
import time
from collections.abc import Sequence
from dataclasses import dataclass

from etalase.commerce.accounts.passwords import hash_secret
from etalase.commerce.apps import credentials, queries
from etalase.commerce.apps.queries import Door
from etalase.foundation.clock import now
from etalase.foundation.sql import Db
from etalase.settings import Settings
from etalase.web.open_api import refusals, signing
from etalase.web.open_api.call import Caller, CallingApp, Query
from etalase.web.open_api.refusals import Refused
from etalase.web.open_api.registry import ApiCall

SHOWN_CHARS_MAX = 4000
DAY_OF_CONSENT = "let the seller authorize the app again"


@dataclass(frozen=True, slots=True)
class Signed:
    """What of a request is signed, and with what it was; `path` as it was asked for, and as it was meant."""

    path: str
    meant: str
    pairs: Sequence[tuple[str, str]]
    body: bytes
    token: str


async def check_caller(db: Db, settings: Settings, *, what: ApiCall, signed: Signed) -> tuple[Caller, int | None]:
    """Who asks, and for which shop (none if the call is for none). Raises Refused."""
    query = Query(signed.pairs)
    key = query.needed("app_key")
    _check_time(query.needed("timestamp"))
    sign = query.needed("sign")
    async with db.any().reading() as tx:
        door = await queries.door(tx, key=key, access_hash=hash_secret(signed.token))
    if door is None:
        raise Refused(refusals.REQUEST_NOT_VALID, f"app_key {key!r} is not known: it stands on /developer")
    _check_signature(door, settings, signed=signed, sign=sign)
    caller = _caller(door, is_told=bool(signed.token))
    if what.scope is not None and what.scope not in caller.scopes:
        raise Refused(
            refusals.SCOPE_MISSING,
            f"this call needs the scope {what.scope}, which the seller has not granted: "
            f"add it to the app on /developer, then {DAY_OF_CONSENT}",
        )
    return caller, _shop(caller, what=what, cipher=query.text("shop_cipher"))


def _check_time(timestamp: str) -> None:
    # The caller's clock is a real one: the demo's time machine does not move it.
    if not signing.is_timely(timestamp, at_s=time.time()):
        raise Refused(
            refusals.REQUEST_NOT_VALID,
            f"param timestamp must be unix seconds (10 digits) of the last 5 minutes; here it is {int(time.time())}",
        )


def _check_signature(door: Door, settings: Settings, *, signed: Signed, sign: str) -> None:
    secret = credentials.secret_of(settings.key(), app_key=door.key, salt=door.secret_salt)
    for path in {signed.path, signed.meant}:
        if signing.is_signed(secret, path=path, pairs=signed.pairs, body=signed.body, sign=sign):
            return
    message = "sign does not fit: HMAC-SHA256, in lower-case hex, of secret + path + sorted query + body + secret"
    if not settings.is_demo:
        raise Refused(refusals.SIGNATURE_NOT_VALID, message)
    text = signing.signed_text(signed.meant, signed.pairs, signed.body).decode(errors="replace")[:SHOWN_CHARS_MAX]
    raise Refused(
        refusals.SIGNATURE_NOT_VALID,
        f"{message}. Expected to be signed (sandbox): {{app_secret}}{text}{{app_secret}}",
        data={"string_to_sign": text},
    )


def _caller(door: Door, *, is_told: bool) -> Caller:
    if not is_told:
        raise Refused(refusals.ACCESS_TOKEN_NOT_VALID, "header x-tts-access-token is missing")
    if door.authorization_id is None or door.account_id is None or door.access_expires_at is None:
        raise Refused(refusals.ACCESS_TOKEN_NOT_VALID, "the access token is not one of this app's")
    if door.is_ended or not door.shops:
        raise Refused(refusals.ACCESS_TOKEN_NOT_VALID, f"the seller has revoked the access: {DAY_OF_CONSENT}")
    if door.access_expires_at <= now():
        raise Refused(
            refusals.ACCESS_TOKEN_NOT_VALID, "the access token has expired: get a new one by /api/v2/token/refresh"
        )
    app = CallingApp(door.app_id, door.key, door.app_name)
    return Caller(app, door.account_id, door.authorization_id, door.scopes or [], door.shops)


def _shop(caller: Caller, *, what: ApiCall, cipher: str) -> int | None:
    """The shop of the cipher; without one the only shop there is. Calls that need none take any cipher."""
    found = [shop_id for shop_id, known in caller.shops if hmac.compare_digest(known.encode(), cipher.encode())]
    if found:
        return found[0]
    if not what.needs_shop:
        return caller.shops[0][0] if len(caller.shops) == 1 else None
    if cipher:
        raise Refused(
            refusals.SHOP_CIPHER_NOT_VALID,
            "param shop_cipher is of no shop this access token may act for: GET /authorization/202309/shops lists them",
        )
    if len(caller.shops) > 1:
        raise Refused(
            refusals.SHOP_CIPHER_NOT_VALID,
            f"param shop_cipher is missing: this access token is for {len(caller.shops)} shops, "
            "GET /authorization/202309/shops lists them",
        )
    return caller.shops[0][0]
