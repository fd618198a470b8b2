"""The client of a provider, opened for the length of a block. A payment's own row says which provider that is."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Final

from pydantic import SecretStr

from etalase.integrations.payment_providers.bank_transfer.client import BankTransfer
from etalase.integrations.payment_providers.midtrans.client import MidtransPayments
from etalase.integrations.payment_providers.protocol import NotSetUp, PaymentProvider
from etalase.integrations.payment_providers.sandbox.client import SandboxPayments
from etalase.integrations.payment_providers.xendit.client import XenditPayments
from etalase.settings import Settings


def vendor_of(code: str) -> str:
    """How a provider's notifications are called in `inbound_events`."""
    return f"payments.{code}"


VENDOR: Final = vendor_of(SandboxPayments.code)


@asynccontextmanager
async def provider(settings: Settings, code: str) -> AsyncIterator[PaymentProvider]:
    """The provider's client; raises NotSetUp when it is not set up here (any more)."""
    opened = CLIENTS.get(code)
    if opened is None:
        raise NotSetUp(f"no provider is called {code!r}")
    client = opened(settings)
    try:
        yield client
    finally:
        await client.aclose()


def _sandbox(settings: Settings) -> PaymentProvider:
    if settings.payment_url is None:
        raise NotSetUp("set ETALASE_PAYMENT_URL")
    secret = settings.sandbox_secret.get_secret_value()
    return SandboxPayments(settings.payment_url, key=secret, secret=secret)


def _midtrans(settings: Settings) -> PaymentProvider:
    return MidtransPayments(
        server_key=key_of(settings.midtrans_server_key, "ETALASE_MIDTRANS_SERVER_KEY"),
        api_url=settings.midtrans_url,
        snap_url=settings.midtrans_snap_url,
    )


def _xendit(settings: Settings) -> PaymentProvider:
    token = settings.xendit_callback_token
    return XenditPayments(
        secret_key=key_of(settings.xendit_secret_key, "ETALASE_XENDIT_SECRET_KEY"),
        callback_token=token.get_secret_value() if token else "",
        api_url=settings.xendit_url,
    )


def _stripe(settings: Settings) -> PaymentProvider:
    # late: its library takes a sixth of a second and 6 MB, which only those pay who have it set up
    from etalase.integrations.payment_providers.stripe.client import StripePayments

    secret = settings.stripe_webhook_secret
    return StripePayments(
        secret_key=key_of(settings.stripe_secret_key, "ETALASE_STRIPE_SECRET_KEY"),
        webhook_secret=secret.get_secret_value() if secret else "",
        api_url=settings.stripe_url,
    )


def key_of(secret: SecretStr | None, name: str) -> str:
    """The key, or NotSetUp that says which variable is missing."""
    if secret is None:
        raise NotSetUp(f"set {name}")
    return secret.get_secret_value()


CLIENTS: Final[Mapping[str, Callable[[Settings], PaymentProvider]]] = {
    "sandbox": _sandbox,
    "midtrans": _midtrans,
    "xendit": _xendit,
    "stripe": _stripe,
    "bank_transfer": lambda _settings: BankTransfer(),
}
