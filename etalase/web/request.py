"""What every handler begins and ends with: who asks, in which language, and how an answer is made."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import lru_cache
from typing import Annotated, Any
from urllib.parse import urlencode, urlsplit

from fastapi import Depends
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from etalase.commerce.accounts import actions as accounts
from etalase.commerce.accounts.queries import Session, WorkShop
from etalase.commerce.accounts.rules import Role
from etalase.foundation import clock
from etalase.foundation.i18n import choose_locale, translator
from etalase.foundation.sql import Db
from etalase.foundation.ui.page import Flash, FlashKind, PageAccount, PageContext, ShopChoice
from etalase.foundation.ui.rendering import render as render_template
from etalase.settings import Settings
from etalase.web.badges import Badges, buyer_badges, seller_badges
from etalase.web.security import FORM_FIELDS, FORM_TOKEN, YEAR_S, Cookies, FormTokens, cookies_for, sign, unsign

FLASHES_MAX = 4
FORM_FIELDS_MAX = 2000
FILES_MAX = 20
DEFAULT_ZONE = "Asia/Jakarta"


class NotFound(Exception):
    """There is nothing here, or nothing for this person: the 404 page."""


class NotSignedIn(Exception):
    """The page needs an account: log in, then go on at `next_path`."""

    def __init__(self, next_path: str) -> None:
        super().__init__(next_path)
        self.next_path = next_path


class Unavailable(Exception):
    """Too much to do just now: the 503 page, with the time after which to try again."""

    def __init__(self, retry_after: timedelta = timedelta(seconds=5)) -> None:
        super().__init__(str(retry_after))
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The account behind the request."""

    id: int
    name: str
    email: str | None
    phone: str | None
    locale: str
    zone: str
    is_operator: bool
    avatar_key: str | None
    session_id: int


@dataclass(frozen=True, slots=True)
class Member:
    """The signed-in account in the shop it works in now."""

    shop_id: int
    account_id: int
    role: Role
    shop: WorkShop


@dataclass(slots=True, kw_only=True)
class Visit:
    """One request: who asks and what the answer needs. Flashes set on the way go out with the answer."""

    request: Request
    db: Db
    settings: Settings
    account: SignedIn | None
    page: PageContext
    member: Member | None = None
    cookies: Cookies
    flashes: list[Flash] = field(default_factory=list)


async def visit(request: Request) -> Visit:
    """Find out who asks; one statement for the session and its shops, and the badges of the page."""
    return await _visited(request, has_badges=not is_htmx(request))


async def plain_visit(request: Request) -> Visit:
    """As `visit`, where a page is shown only at times: its badges are left to `load_badges`."""
    return await _visited(request, has_badges=False)


async def load_badges(visit: Visit) -> None:
    """The badges of a buyer's page, after all."""
    if visit.account is not None:
        async with visit.db.any().reading() as tx:
            badges = await buyer_badges(tx, account_id=visit.account.id)
        visit.page = replace(visit.page, unread=badges.unread, cart_count=badges.cart_count)


async def _visited(request: Request, *, has_badges: bool) -> Visit:
    settings: Settings = request.app.state.settings
    db: Db = request.app.state.db
    token = cookies_for(settings).read(request.cookies, "session")
    session, badges = await _resumed(request, db, token, has_badges=has_badges) if token else (None, Badges())
    made = build_visit(request, settings, db=db, session=session, badges=badges)
    request.state.visit = made
    return made


async def _resumed(request: Request, db: Db, token: str, *, has_badges: bool) -> tuple[Session | None, Badges]:
    """The session of a cookie, and the badges of its pages, which are asked for together and shown to nobody else."""
    account_id = accounts.account_of(token)
    if account_id is None:
        return None, Badges()
    async with db.any().reading() as tx:
        resuming = accounts.resume(tx, token, address=caller_address(request))
        if not has_badges:
            return await resuming, Badges()
        if not _is_seller(request):
            session, badges = await asyncio.gather(resuming, buyer_badges(tx, account_id=account_id))
            return session, badges if session else Badges()
        session = await resuming
        member = _member(session) if session else None
        if session is None:
            return None, Badges()
        if member is None:
            return session, await buyer_badges(tx, account_id=account_id)
        return session, await seller_badges(tx, account_id=account_id, shop_id=member.shop_id)


VisitDep = Annotated[Visit, Depends(visit)]
PlainVisitDep = Annotated[Visit, Depends(plain_visit)]


def build_visit(request: Request, settings: Settings, *, db: Db, session: Session | None, badges: Badges) -> Visit:
    """Put a visit together from what is known; error pages do so without asking the database."""
    cookies = cookies_for(settings)
    locale = choose_locale(
        cookies.read(request.cookies, "locale"),
        session.locale if session else None,
        accept_language=request.headers.get("accept-language"),
    )
    member = _member(session) if session else None
    page = PageContext(
        locale=locale,
        translator=translator(locale),
        csrf_token=_form_token(request, settings, cookies),
        path=_path(request),
        now=clock.now(),
        zone=session.zone if session else DEFAULT_ZONE,
        account=PageAccount(session.account_id, session.name, session.name[:1].upper()) if session else None,
        unread=badges.unread,
        cart_count=badges.cart_count,
        is_demo=settings.is_demo,
        flashes=_read_flashes(request, settings, cookies),
        shops=_choices(session, member),
        orders_waiting=badges.orders_waiting,
    )
    account = _account(session) if session else None
    return Visit(request=request, db=db, settings=settings, account=account, page=page, member=member, cookies=cookies)


def _account(session: Session) -> SignedIn:
    return SignedIn(
        id=session.account_id,
        name=session.name,
        email=session.email,
        phone=session.phone,
        locale=session.locale,
        zone=session.zone,
        is_operator=session.is_operator,
        avatar_key=session.avatar_key,
        session_id=session.id,
    )


def _member(session: Session) -> Member | None:
    """The shop last worked in, else the first one by name."""
    shops = session.work_shops
    if not shops:
        return None
    shop = next((shop for shop in shops if shop.shop_id == session.shop_id), shops[0])
    return Member(shop.shop_id, session.account_id, shop.role, shop)


def _choices(session: Session | None, member: Member | None) -> tuple[ShopChoice, ...]:
    if session is None or member is None:
        return ()
    return tuple(
        ShopChoice(shop.shop_id, shop.name, f"/seller/shops/{shop.shop_id}", shop.shop_id == member.shop_id)
        for shop in session.work_shops
    )


def _is_seller(request: Request) -> bool:
    return request.url.path.startswith("/seller")


def _path(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _form_token(request: Request, settings: Settings, cookies: Cookies) -> str:
    kept: str | None = getattr(request.state, FORM_TOKEN, None)
    if kept is None:
        tokens = FormTokens(settings.key())
        found = cookies.read(request.cookies, "csrf")
        kept = found if found and tokens.is_ours(found) else tokens.new()
        setattr(request.state, FORM_TOKEN, kept)
    return kept


def _read_flashes(request: Request, settings: Settings, cookies: Cookies) -> tuple[Flash, ...]:
    found = unsign(settings.key(), "flash", cookies.read(request.cookies, "flash"))
    return tuple(Flash(kind, text) for kind, text in found) if isinstance(found, list) else ()


def signed_in(visit: Visit, *, back_to: str | None = None) -> SignedIn:
    """The account; raises NotSignedIn, which leads to the log-in page and from there to `back_to`.

    Without `back_to` that is this page, or for a form the page the form was on.
    """
    if visit.account is None:
        raise NotSignedIn(local_path(back_to) if back_to else return_path(visit.request))
    return visit.account


def member_of_shop(visit: Visit) -> Member:
    """The signed-in account in the shop it works in now; to an account that works in no shop there is nothing here."""
    signed_in(visit)
    if visit.member is None:
        raise NotFound
    return visit.member


def operator(visit: Visit) -> SignedIn:
    """The account, if it is an operator's; to others there is nothing here."""
    account = signed_in(visit)
    if not account.is_operator:
        raise NotFound
    return account


def return_path(request: Request) -> str:
    """Where to go on after logging in: a page itself, or the page a form or fragment belongs to."""
    if request.method == "GET" and not is_htmx(request):
        return local_path(_path(request))
    told = request.headers.get("hx-current-url") or request.headers.get("referer") or "/"
    parts = urlsplit(told)
    return local_path(parts.path + (f"?{parts.query}" if parts.query else ""))


def local_path(text: str | None, otherwise: str = "/") -> str:
    """A path on this site, else `otherwise`: "//evil.example", "/\\evil" and whole addresses lead nowhere."""
    if not text or len(text) > 2000 or not text.startswith("/") or text.startswith(("//", "/\\")):
        return otherwise
    if any(character.isspace() or not character.isprintable() or character == "\\" for character in text):
        return otherwise
    parts = urlsplit(text)
    return otherwise if parts.scheme or parts.netloc else text


def is_htmx(request: Request) -> bool:
    """Whether htmx asks, to put the answer into a page that is open."""
    return request.headers.get("hx-request") == "true"


async def read_form(request: Request) -> FormData:
    """The fields of the form that was sent, without the zero bytes that no text can be kept with."""
    fields: list[tuple[str, str]] | None = request.scope.get(FORM_FIELDS)
    if fields is not None:
        if len(fields) > FORM_FIELDS_MAX:
            raise HTTPException(400)
        return FormData([(name, value.replace("\0", "")) for name, value in fields])
    form = await request.form(max_files=FILES_MAX, max_fields=FORM_FIELDS_MAX)
    if not any(isinstance(value, str) and "\0" in value for _, value in form.multi_items()):
        return form
    return FormData(
        [(name, value.replace("\0", "") if isinstance(value, str) else value) for name, value in form.multi_items()]
    )


def caller_address(request: Request) -> str:
    """The network address that asks (the server has taken a proxy's word into account)."""
    return request.client.host if request.client else ""


def render(visit: Visit, template: str, /, *, status: int = 200, **values: object) -> Response:
    """A page or fragment in the reader's language."""
    response = HTMLResponse(render_template(template, visit.page, **values), status_code=status)
    if visit.page.flashes and not is_htmx(visit.request):
        visit.cookies.delete(response, "flash")
    _keep_form_token(visit, response)
    return response


def _keep_form_token(visit: Visit, response: Response) -> None:
    if visit.cookies.read(visit.request.cookies, "csrf") != visit.page.csrf_token:
        visit.cookies.set(response, "csrf", visit.page.csrf_token, max_age=YEAR_S)


def see_other(
    visit: Visit, url: str, *, flash: str | None = None, kind: FlashKind = "success", **values: object
) -> Response:
    """Go on at `url` after a form; `flash` (a msgid, filled with `values`, or a text) is shown there."""
    response: Response = RedirectResponse(url, status_code=303)
    if is_htmx(visit.request):
        response = Response(status_code=204, headers={"HX-Redirect": url})
    if flash is not None:
        shown = Flash(kind, visit.page.translator.gettext(flash, **values))
        set_flashes(visit, response, [*visit.page.flashes, shown])
    return response


def set_flashes(visit: Visit, response: Response, flashes: list[Flash]) -> None:
    """Keep messages for the next page; the newest few."""
    kept = tuple((flash.kind, flash.text) for flash in flashes[-FLASHES_MAX:])
    visit.cookies.set(response, "flash", _signed(visit.settings.key(), kept), max_age=3600)


@lru_cache(maxsize=64)
def _signed(key: str, flashes: tuple[tuple[FlashKind, str], ...]) -> str:
    """Most messages are the same for everybody."""
    return sign(key, "flash", flashes)


def with_query(path: str, values: Mapping[str, Any]) -> str:
    """The path with these parameters, those that are empty left out."""
    query = urlencode({name: value for name, value in values.items() if value not in (None, "")})
    return f"{path}?{query}" if query else path
