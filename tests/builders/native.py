"""A native app for tests: signed in with a token, no cookies."""

from dataclasses import dataclass
from typing import Any

import httpx

from etalase.commerce.accounts.queries import Account
from tests.builders.accounts import PASSWORD


@dataclass(frozen=True)
class Native:
    """Sends JSON with its token; `ask` wants success."""

    client: httpx.AsyncClient
    token: str = ""

    async def send(
        self, method: str, path: str, body: object = None, *, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        told = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return await self.client.request(method, f"/api/v1{path}", json=body, headers=told | (headers or {}))

    async def ask(self, method: str, path: str, body: object = None, *, headers: dict[str, str] | None = None) -> Any:
        answer = await self.send(method, path, body, headers=headers)
        assert answer.is_success, answer.text
        return answer.json()

    async def code(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, str]:
        """Status and code of what must be refused, in the one shape."""
        answer = await self.send(method, path, body, headers=headers)
        assert answer.headers["content-type"] == "application/problem+json", answer.text
        told = answer.json()
        assert told["status"] == answer.status_code
        return answer.status_code, told["code"]


async def sign_in_natively(client: httpx.AsyncClient, account: Account) -> Native:
    """A device of the account."""
    made = await Native(client).ask("POST", "/sessions", {"login": account.email, "password": PASSWORD})
    return Native(client, made["token"])
