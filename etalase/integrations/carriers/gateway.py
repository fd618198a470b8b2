"""The way to carriers that this installation has, opened for the length of a block."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from etalase.integrations.carriers.sandbox.client import SandboxCarrier
from etalase.settings import Settings

VENDOR = f"carriers.{SandboxCarrier.code}"
"""How its webhooks are called in `inbound_events`, and its reports in `tracking_events`."""


@asynccontextmanager
async def carrier_gateway(settings: Settings) -> AsyncIterator[SandboxCarrier | None]:
    """The gateway's client, or none when none is set up: shops then ship with numbers of their own."""
    if settings.carrier_url is None:
        yield None
        return
    secret = settings.sandbox_secret.get_secret_value()
    client = SandboxCarrier(settings.carrier_url, key=secret, secret=secret)
    try:
        yield client
    finally:
        await client.aclose()
