"""The OpenAPI document and the reference, made from the registry."""

import inspect
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from pydantic import TypeAdapter

from etalase.web.open_api import calls, tokens
from etalase.web.open_api.refusals import MEANING, STATUS_OF
from etalase.web.open_api.registry import PARAMETER, REGISTRY, ApiCall, Fills, Param

REFS: Final = "#/components/schemas/{model}"
COMMON: Final = (
    Param("app_key", "The key of the app", is_required=True),
    Param("timestamp", "Unix seconds, at most 5 minutes old", "integer", is_required=True),
    Param("sign", "HMAC-SHA256 in lower-case hex; see the introduction", is_required=True),
)
SHOP_CIPHER: Final = Param(
    "shop_cipher", "The shop, from GET /authorization/202309/shops; may be left out where there is one"
)
REPEAT: Final = Param(
    "idempotency_key", "Any word: a repeat with the same one gets the first answer (a member of the body will do, too)"
)
INTRODUCTION: Final = (
    "The Partner Open API of TikTok Shop as this shop answers it. Any version from 202309 on is taken for every call. "
    "Signed is: app secret + path + all query parameters but sign and access_token, sorted by name, as name and value "
    "without separators + the raw body (not of uploads) + app secret; HMAC-SHA256 with the app secret as the key, lower-case "
    "hex. Code 0 is success, whatever the HTTP status. What is empty is left out; nothing is null."
)
TOKENS: Final[Mapping[str, Any]] = {
    "access_token": "ROW_...",
    "access_token_expire_in": 1764504000,
    "refresh_token": "ROW_...",
    "refresh_token_expire_in": 1795435200,
    "open_id": "_4f0c...",
    "seller_name": "Sekar Laras",
    "seller_base_region": "ID",
    "user_type": 0,
    "granted_scopes": ["seller.order.info"],
}


def all_calls() -> list[ApiCall]:
    """Every call, family by family as they are registered."""
    calls.load()
    return list(REGISTRY.values())


def about(call: ApiCall) -> str:
    """What the call does: its handler's docstring, or why it is refused."""
    return call.note if call.fills is Fills.REFUSED else inspect.getdoc(call.handler) or ""


def path_names(call: ApiCall) -> list[str]:
    """The names of the path's values."""
    return [str(name) for name in PARAMETER.findall(call.rest)]


def query_of(call: ApiCall) -> list[Param]:
    """What may stand in the query beside key, time and signature."""
    shop = [SHOP_CIPHER] if call.needs_shop else []
    return [*call.query, *([REPEAT] if call.repeats else []), *shop]


@cache
def schemas() -> tuple[Mapping[tuple[str, str], dict[str, Any]], dict[str, Any]]:
    """The schema of each call's ("answer", name) and ("body", name), and the named ones they refer to."""
    asked: list[tuple[str, Any, TypeAdapter[Any]]] = []
    for call in all_calls():
        asked.append((f"answer {call.name}", "serialization", TypeAdapter(call.answer)))
        if call.body is not None:
            asked.append((f"body {call.name}", "validation", TypeAdapter(call.body)))
    found, definitions = TypeAdapter.json_schemas(asked, ref_template=REFS)
    by_use = {tuple(key.split(" ", 1)): _without_null(schema) for (key, _mode), schema in found.items()}
    return {(use, name): schema for (use, name), schema in by_use.items()}, _without_null(definitions.get("$defs", {}))


def _without_null(schema: Any) -> Any:
    """What can be none in the code is left out on the wire, never null."""
    if isinstance(schema, list):
        return [_without_null(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "anyOf" in schema:
        kept = [one for one in schema["anyOf"] if one != {"type": "null"}]
        if len(kept) < len(schema["anyOf"]):
            rest = {name: one for name, one in schema.items() if name not in ("anyOf", "default")}
            return _without_null(rest | (kept[0] if len(kept) == 1 else {"anyOf": kept}))
    return {name: _without_null(one) for name, one in schema.items()}


@cache
def document() -> dict[str, Any]:
    """The whole OpenAPI document."""
    paths: dict[str, Any] = {path: {"get": _token_operation(path)} for path in (tokens.GET, tokens.REFRESH)}
    for call in all_calls():
        paths.setdefault(call.path, {})[call.method.lower()] = _operation(call)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Etalase Open API", "version": "202309", "description": INTRODUCTION},
        "paths": paths,
        "components": {
            "schemas": {**schemas()[1], "Refusal": _envelope({"type": "object"})},
            "securitySchemes": {"token": {"type": "apiKey", "in": "header", "name": "x-tts-access-token"}},
        },
    }


def _operation(call: ApiCall) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": call.name.replace(" ", "_").replace("/", "_").replace("{", "").replace("}", ""),
        "summary": call.summary,
        "description": about(call),
        "tags": [call.domain],
        "security": [{"token": [call.scope] if call.scope else []}],
        "parameters": [
            *(
                {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
                for name in path_names(call)
            ),
            *(_parameter(param) for param in (*query_of(call), *COMMON)),
        ],
        "responses": _responses(schemas()[0]["answer", call.name], call.example),
        "x-etalase": call.fills.value,
    }
    if call.body is not None or call.upload:
        told["requestBody"] = _request_body(call)
    return told


def _request_body(call: ApiCall) -> dict[str, Any]:
    if call.upload:
        return {"required": True, "content": {"multipart/form-data": {"schema": {"type": "object"}}}}
    content: dict[str, Any] = {"schema": schemas()[0]["body", call.name]}
    if call.body_example:
        content["example"] = dict(call.body_example)
    needed = bool(content["schema"].get("required") or "$ref" in content["schema"])
    return {"required": needed, "content": {"application/json": content}}


def _parameter(param: Param) -> dict[str, Any]:
    return {
        "name": param.name,
        "in": "query",
        "required": param.is_required,
        "description": param.about,
        "schema": {"type": param.kind},
    }


def _responses(data: Mapping[str, Any], example: Mapping[str, Any]) -> dict[str, Any]:
    shown = {"code": 0, "message": "Success", "request_id": "20251123140500A1B2C3D4E5F60718293A", "data": dict(example)}
    refused = {"application/json": {"schema": {"$ref": REFS.format(model="Refusal")}}}
    return {
        "200": {
            "description": "Carried out when `code` is 0; else refused by the trade, and `message` says why",
            "content": {"application/json": {"schema": _envelope(data), "example": shown}},
        },
        **{
            str(status): {
                "description": "; ".join(
                    f"{code}: {MEANING[code]}" for code, one in STATUS_OF.items() if one == status
                ),
                "content": refused,
            }
            for status in sorted(set(STATUS_OF.values()))
        },
    }


def _envelope(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["code", "message", "request_id"],
        "properties": {
            "code": {"type": "integer"},
            "message": {"type": "string"},
            "request_id": {"type": "string"},
            "data": dict(data),
        },
    }


def _token_operation(path: str) -> dict[str, Any]:
    is_get = path == tokens.GET
    params = (
        Param("app_key", "The key of the app", is_required=True),
        Param("app_secret", "Its secret", is_required=True),
        Param("auth_code", "The code, once", is_required=True)
        if is_get
        else Param("refresh_token", "The newest one; it is used up", is_required=True),
        Param("grant_type", "authorized_code" if is_get else "refresh_token", is_required=True),
    )
    return {
        "operationId": "get_token" if is_get else "refresh_token",
        "summary": "Change a code into tokens" if is_get else "Get a new pair of tokens",
        "description": "Not signed. Both expire_in are absolute unix seconds, in spite of their names.",
        "tags": ["token"],
        "parameters": [_parameter(param) for param in params],
        "responses": _responses({"type": "object"}, TOKENS),
    }


def fields_of(use: str, call: ApiCall) -> list[tuple[str, str]]:
    """The members of a body or answer, as dotted names with their kinds: orders[].line_items[].id, string."""
    schema = schemas()[0].get((use, call.name), {})
    return list(_fields(schema, "", ()))


def _fields(schema: Mapping[str, Any], prefix: str, seen: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    if name in seen:
        return
    resolved = schemas()[1].get(name, {}) if name else schema
    within = (*seen, name) if name else seen
    for key, one in resolved.get("properties", {}).items():
        told, is_list = one, one.get("type") == "array"
        if is_list:
            told = one.get("items", {})
        path = f"{prefix}{key}{'[]' if is_list else ''}"
        inner = list(_fields(told, f"{path}.", within))
        yield path, _kind(told) if not inner else "list" if is_list else "object"
        yield from inner


def _kind(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"]))
    if "const" in schema:
        return str(schema["const"])
    return str(schema.get("type", "any"))
