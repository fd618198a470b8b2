"""The raw request: its parameters, its token, its body up to a limit."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

import orjson
from starlette.datastructures import Headers
from starlette.types import Receive, Scope

from etalase.web.middleware import TooLarge, read_body
from etalase.web.open_api.checking import Signed
from etalase.web.open_api.refusals import CONTENT_TYPE_NOT_TAKEN, REQUEST_NOT_VALID, TOO_LARGE, Refused

PARAMETERS_MAX: Final = 1000
TOKEN_CHARS_MAX: Final = 200
BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
"""What some programs begin every text with; it is signed like the rest."""
BODY_LIMITS: Final = "JSON bodies may have 1 MB, uploads 12 MB"


def path_of(path: str) -> str:
    """The path that is meant: an origin written with a slash at its end makes two in front, and some programs end with one."""
    if path.startswith("//") or path.endswith("/"):
        return "/" + path.strip("/")
    return path


def is_multipart(headers: Headers) -> bool:
    """Whether the body is a form with files, which no signature covers."""
    return headers.get("content-type", "").lower().startswith("multipart/form-data")


def pairs_of(scope: Scope) -> list[tuple[str, str]]:
    """The query's parameters as they were sent, decoded. Raises Refused for more than anybody needs."""
    text = bytes(scope["query_string"]).decode("latin-1")
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=PARAMETERS_MAX)
    except ValueError:
        raise Refused(REQUEST_NOT_VALID, f"there may be {PARAMETERS_MAX} parameters at most") from None


async def body_of(receive: Receive, headers: Headers) -> bytes:
    """The whole body. Raises Refused when it is too large."""
    try:
        return await read_body(receive, headers)
    except TooLarge:
        raise Refused(TOO_LARGE, f"the body is too large: {BODY_LIMITS}") from None


def signed_of(scope: Scope, *, pairs: list[tuple[str, str]], headers: Headers, body: bytes) -> Signed:
    """What of the request the signature covers, and the token, from the header or (older clients) the query."""
    token = headers.get("x-tts-access-token") or next((value for key, value in pairs if key == "access_token"), "")
    return Signed(
        scope["path"], path_of(scope["path"]), pairs, b"" if is_multipart(headers) else body, token[:TOKEN_CHARS_MAX]
    )


def json_of(body: bytes, headers: Headers) -> dict[str, Any]:
    """The members of a JSON body: absent, empty, {} and [] all say nothing. Raises Refused for what is no object."""
    body = body.removeprefix(BYTE_ORDER_MARK)
    if not body.strip() or is_multipart(headers):
        return {}
    try:
        found = orjson.loads(body)
    except ValueError:
        raise Refused(CONTENT_TYPE_NOT_TAKEN, "the body must be JSON (content-type: application/json)") from None
    if found is None or found == []:
        return {}
    if not isinstance(found, dict):
        raise Refused(REQUEST_NOT_VALID, "the body must be a JSON object")
    return _without_zero_bytes(found)


def _without_zero_bytes(found: Mapping[str, Any]) -> dict[str, Any]:
    """No text in the database can hold them."""
    if b"\\u0000" not in (text := orjson.dumps(found)):
        return dict(found)
    cleaned: dict[str, Any] = orjson.loads(text.replace(b"\\u0000", b""))
    return cleaned
