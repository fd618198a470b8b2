"""The door of the Open API: plain ASGI in front of the pages, so that a call costs what it does and nothing around it."""

import logging
import time
from typing import Final

import psycopg
import psycopg_pool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from etalase.foundation.clock import now
from etalase.foundation.sql import Db
from etalase.settings import Settings
from etalase.web.open_api import calls, envelope, reading, tokens
from etalase.web.open_api.call import Call, Query
from etalase.web.open_api.checking import check_caller
from etalase.web.open_api.limits import Limits
from etalase.web.open_api.refusals import OUR_MISTAKE, TIMED_OUT, TOO_MANY_REQUESTS, Refused
from etalase.web.open_api.registry import find
from etalase.web.open_api.repeating import carry_out

log = logging.getLogger(__name__)

DOMAINS: Final = frozenset(
    {
        "affiliate_creator", "affiliate_partner", "affiliate_seller", "analytics", "authorization", "customer_engagement",
        "customer_service", "data_reconciliation", "event", "fbt", "finance", "fulfillment", "logistics", "open", "order", "product",
        "promotion", "return_refund", "sandbox", "seller", "supply_chain", "tool",
    }
)  # fmt: skip
"""First words of paths that are calls when a version follows; "/seller/orders" is a page."""
VERSION_DIGITS: Final = 6


class OpenApi:
    """Answers what is a call of the Open API, and hands on what is not."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self.limits = Limits(settings.api_calls_per_s)
        calls.load()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not is_call(scope["path"]):
            await self.app(scope, receive, send)
            return
        began, request_id = time.perf_counter(), envelope.new_request_id(now())
        told: dict[str, object] = {}
        response = await self._answer(scope, receive, request_id, told)
        log.info(
            "%s %s %s %.1f ms%s %s", scope["method"], scope["path"], response.status_code,
            (time.perf_counter() - began) * 1000, "".join(f" {name}={value}" for name, value in told.items()), request_id,
        )  # fmt: skip
        await response(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, request_id: str, told: dict[str, object]) -> Response:
        db: Db = scope["app"].state.db
        try:
            if tokens.is_token_call(reading.path_of(scope["path"])):
                return envelope.success(request_id, await tokens.answer(scope, db, self.settings))
            return await self._carry_out(scope, receive, db, request_id, told)
        except Refused as refused:
            told["code"] = refused.code
            return envelope.refusal(request_id, refused)
        except (psycopg_pool.PoolTimeout, psycopg_pool.TooManyRequests, psycopg.OperationalError) as trouble:
            log.error("the database does not answer: %s", trouble)
            return envelope.refusal(request_id, Refused(TIMED_OUT, "very busy just now: ask again", retry_after_s=5))
        except Exception:
            log.exception("call failed: %s %s %s", scope["method"], scope["path"], request_id)
            words = f"something went wrong on our side and we have noted it: {request_id}"
            return envelope.refusal(request_id, Refused(OUR_MISTAKE, words))

    async def _carry_out(
        self, scope: Scope, receive: Receive, db: Db, request_id: str, told: dict[str, object]
    ) -> Response:
        found = find(scope["method"], reading.path_of(scope["path"]))
        headers, pairs = Headers(scope=scope), reading.pairs_of(scope)
        body = await reading.body_of(receive, headers)
        signed = reading.signed_of(scope, pairs=pairs, headers=headers, body=body)
        caller, shop = await check_caller(db, self.settings, what=found.call, signed=signed)
        told["app"], told["shop"] = caller.app.key, shop
        wait_s = self.limits.wait_s(caller.app.id, shop or 0, found.call.name)
        if wait_s is not None:
            words = f"more than {self.settings.api_calls_per_s} requests a second of this call for this shop"
            raise Refused(TOO_MANY_REQUESTS, f"{words}: wait {wait_s} s, as Retry-After says", retry_after_s=wait_s)
        call = Call(
            what=found.call, version=found.version, path=found.values, query=Query(pairs),
            body=reading.json_of(body, headers), caller=caller, shop=shop, at=now(), request_id=request_id,
            db=db, settings=self.settings, scope=scope, raw=body,
        )  # fmt: skip
        return envelope.success(request_id, await carry_out(call))


def is_call(path: str) -> bool:
    """Whether a path is the Open API's: /<domain>/<six digits>/..., or a token call."""
    path = reading.path_of(path)
    domain, _, rest = path[1:].partition("/")
    if domain == "api":
        return tokens.is_token_call(path)
    version = rest.partition("/")[0]
    return domain in DOMAINS and len(version) == VERSION_DIGITS and version.isdigit()
