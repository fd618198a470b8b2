"""The provider this installation pays through, opened for the length of a block."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from etalase.integrations.payment_providers.protocol import ProviderUnavailable
from etalase.integrations.payment_providers.sandbox.client import SandboxPayments
from etalase.settings import Settings

PROVIDER = SandboxPayments.code
VENDOR = "payments.sandbox"
"""How its notifications are called in `inbound_events`."""


@asynccontextmanager
async def provider(settings: Settings) -> AsyncIterator[SandboxPayments]:
    """The provider's client; raises ProviderUnavailable when none is set up."""
    if settings.payment_url is None:
        raise ProviderUnavailable("no payment provider is set up: set ETALASE_PAYMENT_URL")
    secret = settings.sandbox_secret.get_secret_value()
    client = SandboxPayments(settings.payment_url, key=secret, secret=secret)
    try:
        yield client
    finally:
        await client.aclose()
