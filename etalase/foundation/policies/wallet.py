"""The figures of wallets."""

from typing import Final

from etalase.foundation.i18n import N_
from etalase.foundation.policies.shapes import HOURS_MAX, PolicyDefault, number
from etalase.foundation.policies.values import Field, WholeNumber

_RUPIAH: Final = WholeNumber(1, 1_000_000_000)
WALLET: Final = (
    PolicyDefault(
        key="wallet.limit",
        description=N_("How much a wallet holds at most, in rupiah; a verified one has a confirmed bank account."),
        fields=(
            Field("unverified", N_("Not verified"), _RUPIAH),
            Field("verified", N_("Verified"), _RUPIAH),
        ),
        value={"unverified": 2_000_000, "verified": 20_000_000},  # Bank Indonesia's bounds for e-money
        unit="",
        source="official",
    ),
    PolicyDefault(
        key="wallet.top_up",
        description=N_("The least and the most that is put into a wallet at once, in rupiah."),
        fields=(Field("minimum_minor", N_("Least"), _RUPIAH), Field("maximum_minor", N_("Most"), _RUPIAH)),
        value={"minimum_minor": 10_000, "maximum_minor": 10_000_000},
        unit="",
        source="own",
    ),
    PolicyDefault(
        key="withdrawal.bounds",
        description=N_("The least and the most that is withdrawn from a wallet at once, in rupiah."),
        fields=(Field("minimum_minor", N_("Least"), _RUPIAH), Field("maximum_minor", N_("Most"), _RUPIAH)),
        value={"minimum_minor": 10_000, "maximum_minor": 10_000_000},
        unit="",
        source="own",
    ),
    PolicyDefault(
        key="withdrawal.fee",
        description=N_("What a withdrawal costs, in rupiah; the bank gets so much less."),
        fields=number(0, 9_000),
        value=2_500,
        unit="",
        source="own",
    ),
    PolicyDefault(
        key="withdrawal.cooling_off",
        description=N_("How long nothing is withdrawn after a new bank account or password."),
        fields=number(0, HOURS_MAX),
        value=24,
        unit="hours",
        source="own",
    ),
    PolicyDefault(
        key="withdrawal.approval",
        description=N_("How long the operator has to approve a withdrawal before the money is back in the wallet."),
        fields=number(1, HOURS_MAX),
        value=72,
        unit="hours",
        source="own",
    ),
    PolicyDefault(
        key="withdrawal.transfer",
        description=N_("How long an approved withdrawal may come back from the bank before it counts as paid."),
        fields=number(1, HOURS_MAX),
        value=72,
        unit="hours",
        source="own",
    ),
)
