"""A call with an idempotency key: carried out once, answered alike as often as it comes."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import orjson

from etalase.commerce.apps import repeats
from etalase.commerce.apps.errors import KeyUsedOtherwise
from etalase.commerce.apps.queries import RepeatKey
from etalase.commerce.apps.rules import IDEMPOTENCY_KEY_CHARS_MAX
from etalase.web.open_api.call import Call
from etalase.web.open_api.refusals import REQUEST_NOT_VALID, TIMED_OUT, Refused, not_valid
from etalase.web.open_api.values import answered

LOOKS_MAX: Final = 50
LOOK_EVERY_S: Final = 0.1


async def carry_out(call: Call) -> dict[str, Any]:
    """The answer of the call's handler, or the one it gave when the same call came before. Raises Refused."""
    key = _key_of(call) if call.what.repeats else ""
    if not key:
        return answered(await call.what.handler(call))
    repeat = RepeatKey(call.shop_id, call.app.id, call.what.name, key)
    known = await _claim(call, repeat)
    if known is not None:
        return known
    try:
        answer = answered(await call.what.handler(call))
    except Exception:
        await repeats.release(call.db, repeat)
        raise
    await repeats.keep(call.db, repeat, answer)
    return answer


def _key_of(call: Call) -> str:
    key = call.query.text("idempotency_key") or str(call.body.get("idempotency_key") or "")
    if len(key) > IDEMPOTENCY_KEY_CHARS_MAX or not key.isprintable():
        raise not_valid("idempotency_key", f"have {IDEMPOTENCY_KEY_CHARS_MAX} visible characters at most")
    return key


async def _claim(call: Call, repeat: RepeatKey) -> dict[str, Any] | None:
    """None for the one who carries the call out; for others its answer, waited for while it is under way."""
    request = _fingerprint(call)
    for _ in range(LOOKS_MAX):
        try:
            claim = await repeats.claim(call.db, repeat, request=request)
        except KeyUsedOtherwise:
            raise Refused(
                REQUEST_NOT_VALID,
                "param idempotency_key came with another request before: take a new key for a new request",
            ) from None
        if claim.is_ours or claim.answer is not None:
            return claim.answer
        await asyncio.sleep(LOOK_EVERY_S)
    raise Refused(
        TIMED_OUT, "the first request with this idempotency_key is still being carried out: ask again", retry_after_s=2
    )


def _fingerprint(call: Call) -> bytes:
    """What makes two requests the same: the path's values and the body, whatever their order."""
    body: Mapping[str, Any] = {name: value for name, value in call.body.items() if name != "idempotency_key"}
    return orjson.dumps([dict(call.path), body], option=orjson.OPT_SORT_KEYS)
