"""What payment providers tell: kept here and applied at once, for a buyer waits; what fails is applied by the worker."""

from etalase.integrations.payment_providers import settling
from etalase.integrations.payment_providers.gateway import vendor_of
from etalase.integrations.payment_providers.hooks import HOOKS, without_cards
from etalase.integrations.payment_providers.protocol import SignatureNotValid
from etalase.integrations.payment_providers.routing import SANDBOX
from etalase.web.hooks.receiving import Vendor

VENDORS = {
    f"/hooks/payments/{code}": Vendor(
        vendor_of(code),
        hook.check,
        SignatureNotValid,
        apply_at_once=settling.APPLIERS[vendor_of(code)],
        clean=None if code == SANDBOX else without_cards,
    )
    for code, hook in HOOKS.items()
}
