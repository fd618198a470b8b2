"""Every call of the Open API, in one table. How to add one:

1. Choose the module of its family in `calls/` (a new one gets a line in `calls/__init__.py`).
2. Describe what is sent and answered: a `Body` (values.py) for the request, a `TypedDict` (of
   typing_extensions; total=False) for the answer.
3. Write the handler under the decorator, with the path as the newest clients send it:

       class OrderSearch(Body):
           order_status: Status | None = None
           warehouse_ids: tuple[ApiId, ...] = ()

       @api_call(
           "POST", "/order/202309/orders/search", "List orders", scope="seller.order.info",
           query=(*PAGING, *SORTING), body=OrderSearch, answer=OrdersFound, example={"orders": [...]},
       )
       async def search_orders(call: Call) -> OrdersFound:
           filters, sort = call.read(OrderSearch), call.sorting("create_time", "update_time")
           page = call.page(order=sort.text)
           async with call.reading() as tx:
               rows = await queries.orders(tx, call.shop_id, after=page.after, limit=page.limit, ...)
           shown, token = page.cut(rows, lambda row: (row.created_us, row.id))
           return {"orders": [order_of(row) for row in shown], "next_page_token": token}

What the frame has done before the handler is asked: known the path (any version from 202309 on), checked signature, time,
token, scope and shop, counted the request, and read the body. What it does after: left out what is empty, put the envelope
around, kept the answer for a repeat (`repeats=True`: the call takes an `idempotency_key`).

- `call.shop_id` (`needs_shop=False`: `call.shop`, which may be none), `call.by` (the actor for actions), `call.db` (for actions), `call.reading()` (for queries), `call.at`,
  `call.version` (202309), `call.settings`, `call.app`.
- `call.path_id("order_id")`, `call.query.text|integer|texts|ids|choice|flag(name, ...)`, `call.read(Model)`,
  `await call.form()` (multipart; say `upload=True`).
- Refuse with `Refused(code, "words that say what to do")` of refusals.py. 404 for strangers' things: NOT_THIS_SELLERS.
- Ids, money and times: `str(id)`, `amount(minor, currency)`, `seconds(moment)` of values.py. None is left out by itself.
- A call that is known and not filled yet: `fills=Fills.EMPTY` with a handler that answers truthfully empty, or
  `not_yet("GET", path, summary, scope=..., because="...")`.

Examples are sent through the answer's type by a test; docs/open_api.md (`make docs`) and /developer/reference follow from
this table.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeVar

from etalase.web.open_api.refusals import (
    METHOD_NOT_ALLOWED,
    NOT_OFFERED_HERE,
    PATH_NOT_KNOWN,
    VERSION_NOT_KNOWN,
    Refused,
)
from etalase.web.open_api.values import Body

if TYPE_CHECKING:
    from etalase.web.open_api.call import Call

FIRST_VERSION: Final = 202309
PARAMETER: Final = re.compile(r"\{(\w+)\}")
VERSION: Final = re.compile(r"20[0-9]{2}(?:0[1-9]|1[0-2])")
DOCUMENTED: Final = re.compile(r"/(?P<domain>[a-z_]+)/(?P<version>20\d{4})/(?P<rest>[\w/{}]+)")

Handler = Callable[["Call"], Awaitable[Mapping[str, Any]]]
H = TypeVar("H", bound=Handler)


class Fills(StrEnum):
    """How much of a call is there."""

    FILLED = "filled"
    EMPTY = "empty"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Param:
    """A query parameter, for the reference."""

    name: str
    about: str
    kind: str = "string"
    is_required: bool = False


PAGING: Final = (
    Param("page_size", "How many at most, 1 to 100 (20 without)", "integer"),
    Param("page_token", "next_page_token of the page before"),
)
SORTING: Final = (
    Param("sort_field", "create_time or update_time"),
    Param("sort_order", "ASC or DESC"),
)


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One call: where it is, what it needs, what it takes and answers."""

    method: str
    domain: str
    version: int
    rest: str
    summary: str
    handler: Handler
    scope: str | None
    needs_shop: bool
    query: tuple[Param, ...]
    body: type[Body] | None
    answer: Any
    example: Mapping[str, Any]
    body_example: Mapping[str, Any]
    repeats: bool
    upload: bool
    fills: Fills
    note: str

    @property
    def path(self) -> str:
        """The path of the newest clients."""
        return f"/{self.domain}/{self.version}/{self.rest}"

    @property
    def name(self) -> str:
        """The call whatever its version: POST order/orders/search."""
        return f"{self.method} {self.domain}/{self.rest}"


REGISTRY: Final[dict[str, ApiCall]] = {}
"""Every call by its name."""
_exact: Final[dict[tuple[str, str], dict[str, ApiCall]]] = {}
_patterns: Final[dict[tuple[str, int], list[tuple[re.Pattern[str], dict[str, ApiCall]]]]] = {}


def api_call(
    method: str,
    path: str,
    summary: str,
    *,
    scope: str | None,
    answer: Any,
    needs_shop: bool = True,
    query: tuple[Param, ...] = (),
    body: type[Body] | None = None,
    example: Mapping[str, Any] | None = None,
    body_example: Mapping[str, Any] | None = None,
    repeats: bool = False,
    upload: bool = False,
    fills: Fills = Fills.FILLED,
    note: str = "",
) -> Callable[[H], H]:
    """Put the handler into the table; see the module's words."""
    found = DOCUMENTED.fullmatch(path)
    if found is None:
        raise ValueError(f"{path} is no path of the Open API")

    def register(handler: H) -> H:
        _add(
            ApiCall(
                method, found["domain"], int(found["version"]), found["rest"], summary, handler, scope, needs_shop,
                query, body, answer, example or {}, body_example or {}, repeats, upload, fills, note,
            )
        )  # fmt: skip
        return handler

    return register


def not_yet(method: str, path: str, summary: str, *, scope: str | None, because: str) -> None:
    """A call that is known and refused with NOT_OFFERED_HERE; `because` is the message."""

    @api_call(method, path, summary, scope=scope, answer=dict, fills=Fills.REFUSED, note=because)
    async def refuse(_call: "Call") -> Mapping[str, Any]:
        raise Refused(NOT_OFFERED_HERE, because)


def _add(call: ApiCall) -> None:
    if REGISTRY.setdefault(call.name, call) is not call:
        raise ValueError(f"{call.name} stands in the table twice")
    if not PARAMETER.search(call.rest):
        _exact.setdefault((call.domain, call.rest), {})[call.method] = call
        return
    pattern = re.compile(PARAMETER.sub(r"(?P<\1>[^/]+)", call.rest))
    known = _patterns.setdefault((call.domain, call.rest.count("/")), [])
    shape = PARAMETER.sub("{}", call.rest)
    for _, methods in known:
        if PARAMETER.sub("{}", next(iter(methods.values())).rest) == shape:
            methods[call.method] = call
            return
    known.append((pattern, {call.method: call}))
    known.sort(key=lambda one: len(PARAMETER.findall(next(iter(one[1].values())).rest)))


@dataclass(frozen=True, slots=True)
class Found:
    """The call of a path, with the version and the path's values."""

    call: ApiCall
    version: int
    values: Mapping[str, str]


def find(method: str, path: str) -> Found:
    """The call that is meant. Raises Refused: path not known, version not known, method not allowed."""
    _, domain, version, rest = (path.split("/", 3) + [""] * 3)[:4]
    methods, values = _methods(domain, rest)
    if methods is None or "\0" in path:
        raise Refused(PATH_NOT_KNOWN, f"there is no {path}; the calls there are stand on /developer/reference")
    if not VERSION.fullmatch(version) or int(version) < FIRST_VERSION:
        raise Refused(
            VERSION_NOT_KNOWN, f"version {version} is not known: {FIRST_VERSION} and every later month is taken"
        )
    call = methods.get("GET" if method == "HEAD" else method)  # the server leaves out what HEAD does not want
    if call is None:
        raise Refused(METHOD_NOT_ALLOWED, f"{path} does not take {method} but {', '.join(sorted(methods))}")
    return Found(call, int(version), values)


def _methods(domain: str, rest: str) -> tuple[dict[str, ApiCall] | None, Mapping[str, str]]:
    exact = _exact.get((domain, rest))
    if exact is not None:
        return exact, {}
    for pattern, methods in _patterns.get((domain, rest.count("/")), ()):
        found = pattern.fullmatch(rest)
        if found is not None:
            return methods, found.groupdict()
    return None, {}
