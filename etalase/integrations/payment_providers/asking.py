"""One way to ask a vendor over HTTP: outages and refusals told apart, numbers exact, nobody waited for longer than agreed."""

import json
from decimal import Decimal
from typing import Any, Final

import httpx

from etalase.integrations.payment_providers.protocol import PaymentRefused, ProviderUnavailable

ANSWER_WAIT_S: Final = 8.0
TRY_LATER: Final = frozenset({401, 403, 408, 425, 429})
"""Wrong keys and too many questions: the payment is not refused, we are, and until somebody mends it nobody can pay so."""


def basic_client(base_url: str, *, key: str, wait_s: float, headers: dict[str, str] | None = None) -> httpx.AsyncClient:
    """A client that says who we are by HTTP Basic: the key is the name, the password is empty."""
    return httpx.AsyncClient(
        base_url=base_url,
        timeout=wait_s,
        auth=httpx.BasicAuth(key, ""),
        headers={"Accept": "application/json", **(headers or {})},
        trust_env=False,
    )


async def ask(http: httpx.AsyncClient, verb: str, path: str, **sent: Any) -> tuple[int, dict[str, Any]]:
    """HTTP status and answer of a question that was understood; ProviderUnavailable when nobody can say."""
    try:
        response = await http.request(verb, path, **sent)
    except httpx.HTTPError as problem:
        raise ProviderUnavailable(f"{verb} {path}: {type(problem).__name__}") from problem
    if response.status_code >= 500 or response.status_code in TRY_LATER:
        raise ProviderUnavailable(f"{verb} {path}: {response.status_code}")
    return response.status_code, _decoded(response)


def _decoded(response: httpx.Response) -> dict[str, Any]:
    try:
        answer = json.loads(response.content or b"{}", parse_float=Decimal)
    except ValueError as problem:
        raise ProviderUnavailable("the answer is not JSON") from problem
    if isinstance(answer, list):
        return {"data": answer}
    if not isinstance(answer, dict):
        raise ProviderUnavailable("the answer is not an object")
    return answer


def refused(code: object, message: object = "") -> PaymentRefused:
    """A refusal in the vendor's words, cut to what a log line bears."""
    return PaymentRefused(str(code)[:60], str(message)[:200])
