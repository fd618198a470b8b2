"""What carriers tell: kept here, applied by the worker."""

from collections.abc import Mapping

from etalase.integrations.carriers.gateway import VENDOR
from etalase.integrations.carriers.protocol import SignatureNotValid
from etalase.integrations.carriers.sandbox import signature
from etalase.settings import Settings
from etalase.web.hooks.receiving import Vendor


def check_sandbox(settings: Settings, headers: Mapping[str, str], body: bytes) -> None:
    """Return quietly, or SignatureNotValid."""
    signature.verify(settings.sandbox_secret.get_secret_value(), headers=headers, body=body)


VENDORS = {"/hooks/carriers/sandbox": Vendor(VENDOR, check_sandbox, SignatureNotValid)}
