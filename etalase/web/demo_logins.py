"""The accounts of the demo world that anybody may use; shown in demo mode only."""

from dataclasses import dataclass
from typing import Final

from etalase.foundation.i18n import N_

DEMO_PASSWORD: Final = "etalase-demo"  # noqa: S105 - printed on purpose, in demo mode only


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """One of them and what it shows (a msgid)."""

    login: str
    does: str


DEMO_LOGINS: Final = (
    DemoLogin("buyer@etalase.test", N_("Buyer")),
    DemoLogin("buyer2@etalase.test", N_("Another buyer")),
    DemoLogin("seller@etalase.test", N_("Seller with two shops")),
    DemoLogin("seller2@etalase.test", N_("Seller with one shop")),
    DemoLogin("operator@etalase.test", N_("Operator")),
)
