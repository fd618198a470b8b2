"""Who asks: the account of a bearer token, which is the session of a device like any browser's."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import Request

from etalase.commerce.accounts import actions
from etalase.commerce.accounts.actions import Caller
from etalase.foundation.ids import parse_id
from etalase.foundation.sql import Db
from etalase.settings import Settings
from etalase.web.api.problems import Problem, not_found

bearer = HTTPBearer(auto_error=False, description="The token of POST /api/v1/sessions")


@dataclass(frozen=True, slots=True)
class Asking:
    """One request of somebody or nobody."""

    request: Request

    @property
    def db(self) -> Db:
        found: Db = self.request.app.state.db
        return found

    @property
    def settings(self) -> Settings:
        found: Settings = self.request.app.state.settings
        return found


@dataclass(frozen=True, slots=True)
class Buyer(Asking):
    """One request of somebody who is signed in."""

    id: int
    name: str
    email: str | None
    phone: str | None
    locale: str
    zone: str
    session_id: int


async def anybody(request: Request) -> Asking:
    """Whoever asks."""
    return Asking(request)


async def buyer(request: Request, told: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> Buyer:
    """The account of the token; raises Problem 401."""
    if told is None:
        raise Problem(401, "token_missing", "Send the header Authorization: Bearer with the token of POST /sessions.")
    db: Db = request.app.state.db
    async with db.any().reading() as tx:
        session = await actions.resume(tx, told.credentials[:400].replace("\0", ""), address=address_of(request))
    if session is None:
        raise Problem(401, "token_not_valid", "The device was signed out, or the token is not one of ours.")
    return Buyer(
        request,
        session.account_id,
        session.name,
        session.email,
        session.phone,
        session.locale,
        session.zone,
        session.id,
    )


def address_of(request: Request) -> str:
    """The network address that asks."""
    return request.client.host if request.client else ""


def caller_of(request: Request) -> Caller:
    """Where a request to log in comes from."""
    return Caller(address_of(request), request.headers.get("user-agent", "")[:500])


def id_of(text: str) -> int:
    """An id of the path; what can't be one is nothing here."""
    found = parse_id(text)
    if found is None:
        raise not_found()
    return found


AnybodyDep = Annotated[Asking, Depends(anybody)]
BuyerDep = Annotated[Buyer, Depends(buyer)]
