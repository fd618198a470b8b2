"""The short way from an address to its handler.

FastAPI tries one route after the other and builds what a handler asks for anew for each request; for our pages, which ask
for the request, the visit and parts of the address, that costs more than some of them take altogether. So the routes are
put into a table once, and their handlers called directly. What the table does not have goes the long way, with the same result.
"""

import inspect
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, get_args, get_origin, get_type_hints

from fastapi import FastAPI
from fastapi.params import Depends
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import compile_path
from starlette.types import ASGIApp, ExceptionHandler, Receive, Scope, Send

from etalase.web.request import Visit, plain_visit, visit

Handler = Callable[..., Awaitable[Response]]
_PLAIN: Final = re.compile(r"\{\w+\}")


@dataclass(frozen=True, slots=True)
class Door:
    """A handler, and what it asks for by the names of its parameters."""

    handler: Handler
    pattern: re.Pattern[str]
    request: str
    visit: str
    visiting: Callable[[Request], Awaitable[Visit]]
    query: tuple[tuple[str, str], ...]

    async def answer(self, request: Request, path_params: dict[str, str]) -> Response:
        values: dict[str, Any] = dict(path_params)
        if self.visit:
            values[self.visit] = await self.visiting(request)
        if self.request:
            values[self.request] = request
        for name, default in self.query:
            values[name] = request.query_params.get(name, default)
        return await self.handler(**values)


class Directory:
    """Doors by method and address: those without parameters by the whole of it, others by its length and first part."""

    def __init__(self, app: FastAPI) -> None:
        self._exact: dict[tuple[str, str], Door] = {}
        self._others: dict[tuple[str, int, str], list[Door]] = {}
        earlier: dict[str, list[Door]] = {}
        for route in routes_of(app.routes):
            door = door_of(route)
            for method in route.methods or ():
                if door is None:
                    continue
                if "{" in route.path:
                    self._others.setdefault((method, *_shape(route.path)), []).append(door)
                    earlier.setdefault(method, []).append(door)
                elif not any(other.pattern.match(route.path) for other in earlier.get(method, ())):
                    self._exact.setdefault((method, route.path), door)

    def find(self, method: str, path: str) -> tuple[Door, dict[str, str]] | None:
        """The door of an address and what the address says, or none if it is not in the table."""
        door = self._exact.get((method, path))
        if door is not None:
            return door, {}
        for door in self._others.get((method, *_shape(path)), ()):
            match = door.pattern.match(path)
            if match:
                return door, match.groupdict()
        return None


def _shape(path: str) -> tuple[int, str]:
    parts = path.split("/", 2)
    return path.count("/"), parts[1] if len(parts) > 1 else ""


def routes_of(routes: Any) -> Iterator[APIRoute]:
    """The routes of an app and of the routers it includes, in order."""
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is not None:
            yield from routes_of(included.routes)
        elif isinstance(route, APIRoute):
            yield route


def door_of(route: APIRoute) -> Door | None:
    """The route as a door; none if it asks for anything else than request, visit, parts of the address and texts of the query."""
    signature = inspect.signature(route.endpoint)
    hints = get_type_hints(route.endpoint, include_extras=True)
    in_path = {found[1:-1] for found in re.findall(r"\{[^}]*\}", route.path)}
    if route.dependencies or not inspect.iscoroutinefunction(route.endpoint) or not _answers(hints.get("return")):
        return None
    if in_path != {found[1:-1] for found in _PLAIN.findall(route.path)} or not in_path <= set(signature.parameters):
        return None
    asked = _asked(signature, hints, in_path)
    if asked is None:
        return None
    request, visit_name, query = asked
    visiting = plain_visit if _is_visit(hints.get(visit_name), plain_visit) else visit
    return Door(route.endpoint, compile_path(route.path)[0], request, visit_name, visiting, query)


def _asked(
    signature: inspect.Signature, hints: Mapping[str, Any], in_path: set[str]
) -> tuple[str, str, tuple[tuple[str, str], ...]] | None:
    """The names of the parameters for request and visit, and the texts of the query with their defaults."""
    names = {"request": "", "visit": ""}
    query: list[tuple[str, str]] = []
    for name, parameter in signature.parameters.items():
        hint = hints.get(name)
        if hint is Request:
            names["request"] = name
        elif _is_visit(hint, visit, plain_visit):
            names["visit"] = name
        elif hint is not str:
            return None
        elif name not in in_path:
            query.append((name, parameter.default))
    if not all(isinstance(default, str) for _, default in query):
        return None
    return names["request"], names["visit"], tuple(query)


def _answers(hint: object) -> bool:
    return isinstance(hint, type) and issubclass(hint, Response)


def _is_visit(hint: object, *by: Callable[[Request], Awaitable[Visit]]) -> bool:
    if get_origin(hint) is not Annotated:
        return False
    kind, *rest = get_args(hint)
    dependencies = [one.dependency for one in rest if isinstance(one, Depends)]
    return kind is Visit and len(dependencies) == 1 and dependencies[0] in by


class ShortWay:
    """Answers what the directory knows; everything else is the app's."""

    def __init__(self, app: ASGIApp, owner: FastAPI, handlers: Mapping[type[Exception], ExceptionHandler]) -> None:
        self.app = app
        self.owner = owner
        self.handlers = {kind: handler for kind, handler in handlers.items() if kind is not Exception}
        self.directory: Directory | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._find(scope) if scope["type"] == "http" else None
        if found is None:
            await self.app(scope, receive, send)
            return
        door, scope["path_params"] = found
        request = Request(scope, receive, send)
        try:
            response = await door.answer(request, scope["path_params"])
        except Exception as problem:
            handler: Any = next((self.handlers[kind] for kind in type(problem).__mro__ if kind in self.handlers), None)
            if handler is None:
                raise
            response = await handler(request, problem)
        await response(scope, receive, send)

    def _find(self, scope: Scope) -> tuple[Door, dict[str, str]] | None:
        if scope.get("root_path"):
            return None
        if self.directory is None:
            self.directory = Directory(self.owner)
        return self.directory.find(scope["method"], scope["path"])
