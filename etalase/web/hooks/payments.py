"""What payment providers tell: kept here and applied at once, for a buyer waits; what fails is applied by the worker."""

from collections.abc import Mapping

from etalase.integrations.payment_providers import settling
from etalase.integrations.payment_providers.gateway import VENDOR
from etalase.integrations.payment_providers.protocol import SignatureNotValid
from etalase.integrations.payment_providers.sandbox import signature
from etalase.settings import Settings
from etalase.web.hooks.receiving import Vendor


def check_sandbox(settings: Settings, headers: Mapping[str, str], body: bytes) -> None:
    """Return quietly, or SignatureNotValid."""
    signature.verify(settings.sandbox_secret.get_secret_value(), headers=headers, body=body)


VENDORS = {
    "/hooks/payments/sandbox": Vendor(VENDOR, check_sandbox, SignatureNotValid, apply_at_once=settling.apply_event)
}
