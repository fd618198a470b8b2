"""What a page costs the web process: `python tools/measure_requests.py DATABASE_URL VAR [path ...]`.

Asks the app for each page in this process, without a network, on a database that has the demo world, and prints milliseconds
of processor time per page: one after the other, and of 16 at once. The least of many rounds is told, for other programs on
the machine can only make it more. PostgreSQL's own time is not in it.
"""

import asyncio
import re
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
from fastapi import FastAPI

from etalase.settings import Settings
from etalase.web.app import create_app

ROUNDS = 30
AT_ONCE = 16
PASSWORD = "etalase-demo"  # noqa: S105 - of the demo world
PAGES = {
    "": ["/healthz", "/"],
    "buyer@etalase.test": ["/orders", "{order}", "{order}/tracking", "{product}", "/cart", "/checkout", "/inbox"],
    "seller@etalase.test": ["/seller/orders", "/seller"],
}


async def sign_in(client: httpx.AsyncClient, login: str) -> None:
    token = re.search(r'name="csrf-token" content="([^"]+)"', (await client.get("/login")).text)
    answer = await client.post(
        "/login", data={"csrf_token": token[1] if token else "", "login": login, "password": PASSWORD}
    )
    if answer.status_code != 303:
        raise SystemExit(f"could not log in as {login}")


async def links(client: httpx.AsyncClient) -> dict[str, str]:
    """An order on its way, and a product."""
    order = re.search(r'href="(/orders/\d+)"', (await client.get("/orders?tab=in_transit")).text)
    product = re.search(r'href="(/p/\d+/\d+)"', (await client.get("/")).text)
    return {"order": order[1] if order else "/orders", "product": product[1] if product else "/"}


def asking(app: FastAPI, path: str, cookies: str) -> Callable[[], Awaitable[None]]:
    """One request of the page as an ASGI server makes it."""

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, object]) -> None:
        if message.get("status", 200) != 200:
            raise SystemExit(f"{path} answered {message['status']}")

    async def ask() -> None:
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
            "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "client": ("127.0.0.1", 1),
            "server": ("localhost", 80), "headers": [(b"host", b"localhost"), (b"cookie", cookies.encode())],
        }  # fmt: skip
        await app(scope, receive, send)  # type: ignore[arg-type]

    return ask


async def least_ms(do: Callable[[], Awaitable[object]], requests: int) -> float:
    """Processor time of one request, in the best of many rounds."""
    took = []
    for _ in range(ROUNDS):
        began = time.process_time()
        await do()
        took.append((time.process_time() - began) / requests)
    return min(took) * 1000


async def measure(app: FastAPI, login: str, paths: list[str]) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://localhost") as client:
        if login:
            await sign_in(client, login)
        known = await links(client) if login.startswith("buyer") else {}
        cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    for path in paths:
        ask = asking(app, path.format(**known), cookies)

        async def in_turn(ask: Callable[[], Awaitable[None]] = ask) -> None:
            for _ in range(AT_ONCE):
                await ask()

        async def at_once(ask: Callable[[], Awaitable[None]] = ask) -> None:
            await asyncio.gather(*(ask() for _ in range(AT_ONCE)))

        await in_turn()
        alone, together = await least_ms(in_turn, AT_ONCE), await least_ms(at_once, AT_ONCE)
        sys.stdout.write(f"| `{path}` | {alone:.2f} | {together:.2f} |\n")


async def main() -> None:
    url, var, *paths = sys.argv[1:]
    app = create_app(Settings(DATABASE_URL=url, var=Path(var), mode="production", port=8000))
    sys.stdout.write("| page | alone | 16 at once |\n|---|---:|---:|\n")
    async with app.router.lifespan_context(app):
        for login, known in PAGES.items():
            await measure(app, login, [path for path in known if not paths or path in paths])


if __name__ == "__main__":
    import uvloop

    uvloop.run(main())
