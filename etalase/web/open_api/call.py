"""One call as its handler sees it: who acts for which shop, and what was asked."""

import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from pydantic import ValidationError
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.types import Message, Scope

from etalase.foundation.facts import Actor
from etalase.foundation.ids import parse_id
from etalase.foundation.sql import Db, Tx
from etalase.settings import Settings
from etalase.web.open_api import paging
from etalase.web.open_api.refusals import (
    CONTENT_TYPE_MISSING,
    PARAMETER_NOT_VALID,
    REQUEST_NOT_VALID,
    Refused,
    missing,
    not_valid,
)
from etalase.web.open_api.registry import ApiCall
from etalase.web.open_api.values import Body, split_list

Model = TypeVar("Model", bound=Body)
PAGE_SIZE = 20
PAGE_SIZE_MAX = 100
LIST_VALUES_MAX = 500
PROBLEMS_TOLD_MAX = 5
WHOLE = re.compile(r"-?[0-9]{1,19}")
BRACKETS = re.compile(r"\[[0-9]*\]\Z")
WORDS = {"missing": "is missing"}


class Query:
    """The parameters of the address, as the call needs them; each method names what is wrong."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            # some programs write lists as ids[]=1 or ids[0]=1
            self._values.setdefault(BRACKETS.sub("", name), []).append(
                value.replace("\0", "")
            )  # no text in the database can hold it

    def text(self, name: str, default: str = "") -> str:
        """The value, `default` where it is absent or empty."""
        return self._values.get(name, [""])[0] or default

    def needed(self, name: str) -> str:
        """The value, which has to be there."""
        found = self.text(name)
        if not found:
            raise missing(name)
        return found

    def integer(self, name: str, default: int | None = None, *, low: int = 0, high: int = 2**53) -> int | None:
        """A whole number between `low` and `high`."""
        text = self.text(name)
        if not text:
            return default
        if not WHOLE.fullmatch(text) or not low <= int(text) <= high:
            raise not_valid(name, f"be a whole number from {low} to {high}")
        return int(text)

    def texts(self, name: str, *, most: int = LIST_VALUES_MAX) -> list[str]:
        """A list: repeated, separated by commas or as a JSON list."""
        found = split_list(self._values.get(name, []))
        if len(found) > most:
            raise not_valid(name, f"hold {most} values at most")
        return found

    def ids(self, name: str, *, most: int) -> list[int]:
        """A list of ids, in the order given, each once."""
        found = [parse_id(text) for text in self.texts(name, most=most)]
        if None in found:
            raise not_valid(name, "hold ids: decimal numbers")
        return list(dict.fromkeys(one for one in found if one is not None))

    def choice(self, name: str, allowed: Sequence[str], default: str = "") -> str:
        """One of the words, in any case; `default` where it is absent."""
        text = self.text(name, default).upper()
        if text and text not in allowed:
            raise not_valid(name, f"be one of {', '.join(allowed)}")
        return text

    def flag(self, name: str) -> bool:
        """true or 1."""
        return self.text(name).lower() in ("true", "1")


@dataclass(frozen=True, slots=True)
class CallingApp:
    """The app behind the call."""

    id: int
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Caller:
    """Who acts, for whom: an app with a seller's leave for these shops (pairs of id and cipher)."""

    app: CallingApp
    account_id: int
    authorization_id: int
    scopes: Sequence[str]
    shops: Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Sort:
    """By which time a list is sorted."""

    field: str
    is_descending: bool

    @property
    def text(self) -> str:
        return f"{self.field} {'DESC' if self.is_descending else 'ASC'}"


@dataclass(slots=True, kw_only=True)
class Call:
    """One request, checked: the handler may carry it out."""

    what: ApiCall
    version: int
    path: Mapping[str, str]
    query: Query
    body: dict[str, Any]
    caller: Caller
    shop: int | None
    at: datetime
    request_id: str
    db: Db
    settings: Settings
    scope: Scope
    raw: bytes

    @property
    def app(self) -> CallingApp:
        return self.caller.app

    @property
    def shop_id(self) -> int:
        """The shop that the call is for."""
        if self.shop is None:
            raise LookupError(f"{self.what.name} is for no shop")
        return self.shop

    @property
    def by(self) -> Actor:
        """Who does it, for facts: the seller who gave the leave."""
        return Actor.seller(self.caller.account_id)

    def reading(self) -> AbstractAsyncContextManager[Tx]:
        """Single statements of the shop."""
        return self.db.for_shop(self.shop or 0).reading()

    def path_id(self, name: str) -> int:
        """An id of the path."""
        found = parse_id(self.path[name])
        if found is None:
            raise Refused(PARAMETER_NOT_VALID, f"{name} in the path must be an id: a decimal number")
        return found

    def read(self, model: type[Model]) -> Model:
        """The body as this model. Raises Refused with the fields that are missing or malformed."""
        try:
            return model.model_validate(self.body)
        except ValidationError as error:
            raise Refused(REQUEST_NOT_VALID, problems_of(error)) from None

    def page(
        self, *, order: str = "", size: int = PAGE_SIZE, size_max: int = PAGE_SIZE_MAX, in_body: bool = False
    ) -> paging.Page:
        """The page that is asked for; `order` says how the list is sorted, so that a token fits no other."""
        told = Query([(name, str(value)) for name, value in self.body.items()]) if in_body else self.query
        asked = told.integer("page_size", size, low=1, high=size_max) or size
        listed = f"{self.what.name}|{self.shop or self.caller.authorization_id}|{order}"
        return paging.page(self.settings.key(), listed, size=asked, token=told.text("page_token"))

    def sorting(self, *fields: str, default: str = "", is_descending: bool = True) -> Sort:
        """The order that is asked for by sort_field and sort_order; without, the first field, newest first."""
        words = [field.upper() for field in fields]
        field = self.query.choice("sort_field", words, (default or fields[0]).upper()).lower()
        order = self.query.choice("sort_order", ("ASC", "DESC"), "DESC" if is_descending else "ASC")
        return Sort(field, order == "DESC")

    async def form(self) -> FormData:
        """The fields and files of a multipart body."""
        request = Request(self.scope, _replay(self.raw))
        if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
            raise Refused(
                CONTENT_TYPE_MISSING, "send a multipart/form-data body; its content is not part of the signature"
            )
        return await request.form(max_files=5, max_fields=50)


def _replay(body: bytes) -> Any:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def problems_of(error: ValidationError) -> str:
    """What is wrong with a body: "param body.order_status is missing"."""
    told = []
    for problem in error.errors(include_url=False)[:PROBLEMS_TOLD_MAX]:
        where = ".".join(str(part) for part in ("body", *problem["loc"]))
        words = problem["msg"].removeprefix("Value error, ")
        told.append(f"param {where} {WORDS.get(problem['type']) or 'is not valid: ' + words[:1].lower() + words[1:]}")
    return "; ".join(told)
