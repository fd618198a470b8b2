"""Every vendor's door, by its path."""

from collections.abc import Mapping
from typing import Final

from etalase.web.hooks import carriers, payments
from etalase.web.hooks.receiving import Vendor

DOORS: Final[Mapping[str, Vendor]] = carriers.VENDORS | payments.VENDORS
