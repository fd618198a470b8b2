"""Refusals in one shape (RFC 9457): what it is, in words, and a code that programs go by."""

import math
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

MEDIA_TYPE: Final = "application/problem+json"
TITLES: Final[Mapping[int, str]] = {
    400: "Not understood",
    401: "Not signed in",
    404: "Nothing here",
    405: "Not for this method",
    409: "Not possible now",
    413: "Too large",
    422: "Not valid",
    429: "Too many attempts",
    500: "Our mistake",
    503: "Very busy",
}


class FieldProblem(BaseModel):
    """What is wrong with one field."""

    field: str
    code: str


class ProblemBody(BaseModel):
    """Why something was not done; nothing of it was."""

    type: str = Field(examples=["about:blank"])
    title: str
    status: int
    code: str = Field(description="What programs go by, e.g. quote_changed")
    detail: str = ""
    errors: list[FieldProblem] = []
    more: dict[str, Any] = Field({}, description="What belongs to the code, e.g. today's quote of quote_changed")


class Problem(Exception):
    """Refuse the request with a status and a code."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str = "",
        *,
        errors: tuple[tuple[str, str], ...] = (),
        more: Mapping[str, Any] | None = None,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(code)
        self.status, self.code, self.detail = status, code, detail
        self.errors, self.more, self.retry_after = errors, more or {}, retry_after


def not_found() -> Problem:
    """There is nothing here, or nothing for this account."""
    return Problem(404, "not_found", "There is nothing here, or it is not yours to see.")


def response_of(problem: Problem) -> Response:
    """The problem as it is answered."""
    told = ProblemBody(
        type="about:blank",
        title=TITLES.get(problem.status, "Not done"),
        status=problem.status,
        code=problem.code,
        detail=problem.detail,
        errors=[FieldProblem(field=field, code=code) for field, code in problem.errors],
        more=dict(problem.more),
    )
    headers = {"Cache-Control": "no-store"}
    if problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if problem.retry_after is not None:
        headers["Retry-After"] = str(math.ceil(problem.retry_after.total_seconds()))
    return JSONResponse(told.model_dump(mode="json"), problem.status, headers, media_type=MEDIA_TYPE)


async def answer_problem(_request: Request, error: Exception) -> Response:
    """A refusal of ours."""
    assert isinstance(error, Problem)  # noqa: S101 - registered for it alone
    return response_of(error)


async def answer_not_valid(_request: Request, error: Exception) -> Response:
    """What was sent does not fit the shape that is documented."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it alone
    found = [(".".join(map(str, one["loc"][1:])) or "body", str(one["type"])) for one in error.errors()[:20]]
    return response_of(Problem(422, "not_valid", "See errors.", errors=tuple(found)))


async def answer_http(_request: Request, error: Exception) -> Response:
    """No such path, or not for this method."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it alone
    codes = {404: "not_found", 405: "method_not_allowed"}
    response = response_of(
        Problem(error.status_code, codes.get(error.status_code, "not_understood"), str(error.detail))
    )
    response.headers.update(error.headers or {})
    return response


async def answer_outage(_request: Request, _error: Exception) -> Response:
    """The database does not answer just now."""
    return response_of(Problem(503, "busy", "Try again in a few seconds.", retry_after=timedelta(seconds=5)))


async def answer_mistake(_request: Request, _error: Exception) -> Response:
    """Whatever it was, it is ours."""
    return response_of(Problem(500, "our_mistake", "Something went wrong and we have noted it."))
