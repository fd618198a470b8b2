"""Stripe: `localstripe`, a stateful fake from the registry, with the Checkout Sessions that it does not have.

A process of its own: it is an aiohttp program with one store for everything.
"""

import asyncio
import hashlib
import hmac
import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

KEY = "sk_test_etalase"


@asynccontextmanager
async def served() -> AsyncIterator[str]:
    """Its address while the block runs."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.vendors.stripe_server",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.stdin.close()
        await process.wait()


async def pay(url: str, session: str) -> dict[str, Any]:
    """A card pays on the page: Stripe's own test card, through the fake's own API. The intent as it is then."""
    async with httpx.AsyncClient(base_url=url, auth=(KEY, ""), trust_env=False) as http:
        answer = await http.post(f"/_test/pay/{session}")
        answer.raise_for_status()
        told: dict[str, Any] = answer.json()
        return told


def event(kind: str, told: dict[str, Any], *, secret: str, age_s: int = 0) -> tuple[bytes, dict[str, str]]:
    """An event's body and headers, signed as Stripe's documentation says."""
    body = json.dumps({"id": "evt_1", "object": "event", "type": kind, "data": {"object": told}}).encode()
    stamp = int(time.time()) - age_s
    digest = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return body, {"Stripe-Signature": f"t={stamp},v1={digest}"}
