"""How every answer looks: code, message, request_id, data; code 0 is success, whatever the HTTP status."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from starlette.responses import Response

from etalase.web.open_api.refusals import Refused

HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def new_request_id(at: datetime) -> str:
    """What a developer quotes when something went wrong; it stands in our log."""
    return f"{at:%Y%m%d%H%M%S}{secrets.token_hex(9).upper()}"


def success(request_id: str, data: Mapping[str, Any]) -> Response:
    """The answer of a call that was carried out."""
    return _response(200, {"code": 0, "message": "Success", "request_id": request_id, "data": data})


def refusal(request_id: str, refused: Refused) -> Response:
    """The answer of a call that was not."""
    told: dict[str, Any] = {"code": refused.code, "message": refused.message, "request_id": request_id}
    if refused.data:
        told["data"] = refused.data
    response = _response(refused.status, told)
    if refused.retry_after_s is not None:
        response.headers["Retry-After"] = str(refused.retry_after_s)
    return response


def _response(status: int, told: Mapping[str, Any]) -> Response:
    headers = {**HEADERS, "X-Tts-Logid": str(told["request_id"])}
    return Response(orjson.dumps(told), status, headers, media_type="application/json")
