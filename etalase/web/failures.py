"""Pages for what went wrong, in the reader's language, without asking the database."""

import logging
import math
from datetime import timedelta
from typing import Final

import psycopg
import psycopg_pool
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ExceptionHandler

from etalase.foundation.i18n import N_
from etalase.web.badges import Badges
from etalase.web.request import (
    NotFound,
    NotSignedIn,
    Unavailable,
    Visit,
    build_visit,
    is_htmx,
    render,
    return_path,
    see_other,
    with_query,
)
from etalase.web.security import page_headers

log = logging.getLogger(__name__)
MACHINES: Final = ("/hooks/", "/regions/", "/events", "/media/", "/healthz", "/readyz")
"""Who asks here reads no pages."""
DATABASE_RETRY: Final = timedelta(seconds=5)

WORDS: Final = {
    400: (N_("We could not read that"), N_("The page sent something we do not understand. Go back and try again.")),
    403: (
        N_("We could not check this form"),
        N_("Nothing was changed. Go back, load the page again and send it once more. Cookies must be allowed."),
    ),
    404: (N_("There is nothing here"), N_("The page was moved or removed, or it is not yours to see.")),
    405: (N_("There is nothing here"), N_("The page was moved or removed, or it is not yours to see.")),
    413: (
        N_("That is too much at once"),
        N_("Texts may be 1 MB in all, pictures 12 MB. Nothing was saved. Go back and send less."),
    ),
    422: (N_("We could not read that"), N_("The page sent something we do not understand. Go back and try again.")),
    429: (N_("Too many attempts"), N_("Wait a little and try again.")),
    500: (N_("That is our mistake"), N_("Something went wrong and we have noted it. Try again in a moment.")),
    503: (N_("Very busy just now"), N_("Try again in a few seconds. What you have ordered is safe.")),
}


def failure_page(request: Request, status: int, *, retry_after: timedelta | None = None) -> Response:
    """The page for a status; to machines a line of JSON."""
    title, text = WORDS.get(status, WORDS[500 if status >= 500 else 404])
    response: Response
    if request.url.path.startswith(MACHINES):
        response = JSONResponse({"error": title}, status_code=status)
    else:
        visit = known_visit(request)
        back = return_path(request) if request.method != "GET" else ""
        response = render(
            visit, "storefront/failure.html", status=status, failure=title, advice=text, back=back, code=status
        )
    if retry_after is not None:
        response.headers["Retry-After"] = str(math.ceil(retry_after.total_seconds()))
    if status >= 500:
        response.headers.update(page_headers(request.app.state.settings))
    return response


def known_visit(request: Request) -> Visit:
    """The visit as far as it was found out; for forms refused before that, one of cookies and headers alone."""
    found: Visit | None = getattr(request.state, "visit", None)
    if found is not None:
        return found
    state = request.app.state
    return build_visit(request, state.settings, db=state.db, session=None, badges=Badges())


async def _not_found(request: Request, _: Exception) -> Response:
    return failure_page(request, 404)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it alone
    response = failure_page(request, error.status_code)
    response.headers.update(error.headers or {})
    return response


async def _log_in_first(request: Request, error: Exception) -> Response:
    assert isinstance(error, NotSignedIn)  # noqa: S101 - registered for it alone
    visit = known_visit(request)
    url = with_query("/login", {"next": error.next_path if error.next_path != "/" else ""})
    if request.method == "GET" and not is_htmx(request):
        return see_other(visit, url)
    return see_other(visit, url, flash=N_("Please log in to go on. Nothing you did before is lost."), kind="info")


async def _unavailable(request: Request, error: Exception) -> Response:
    assert isinstance(error, Unavailable)  # noqa: S101 - registered for it alone
    return failure_page(request, 503, retry_after=error.retry_after)


async def _no_database(request: Request, error: Exception) -> Response:
    log.error("the database does not answer: %s", error)
    return failure_page(request, 503, retry_after=DATABASE_RETRY)


async def _unreadable(request: Request, _: Exception) -> Response:
    return failure_page(request, 422)


async def _our_mistake(request: Request, _: Exception) -> Response:
    return failure_page(request, 500)


HANDLERS: Final[dict[type[Exception], ExceptionHandler]] = {
    NotFound: _not_found,
    NotSignedIn: _log_in_first,
    Unavailable: _unavailable,
    HTTPException: _http_error,
    RequestValidationError: _unreadable,
    psycopg_pool.PoolTimeout: _no_database,
    psycopg_pool.TooManyRequests: _no_database,
    psycopg.OperationalError: _no_database,
    Exception: _our_mistake,
}


def add_failure_pages(app: FastAPI) -> None:
    """Let every exception end in words."""
    for kind, handler in HANDLERS.items():
        app.add_exception_handler(kind, handler)
